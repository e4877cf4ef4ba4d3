/** The candidate that is written most like `name`, if one is close enough to be meant. */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates]
  const longer = name.length >= 3 ? all.find((c) => c.startsWith(name)) : undefined
  if (longer) return longer
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of all) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least)
    if (distance >= least) continue
    least = distance
    best = candidate
  }
  return best
}

/**
 * Insertions, deletions and changes of one letter, and swaps of two neighbours, between two words (optimal string alignment);
 * `limit` when there are that many or more.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beyond: readonly number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (beyond[j - 2] as number) + 1 : Infinity
      row.push(Math.min(change, swap, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    beyond = above
    above = row
  }
  return Math.min(limit, above[b.length] as number)
}
