/** The edit distances of n pairs of words, by a table of two rows. */
const WORDS = [
  'kitten',
  'sitting',
  'saturday',
  'sunday',
  'levenshtein',
  'einstein',
  'distance',
  'instance',
  'rosettacode',
]

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost))
    }
    row = next
  }
  return row[b.length]!
}

export function run(n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const a = WORDS[i % WORDS.length]!
    const b = WORDS[(i * 7 + 3) % WORDS.length]!
    sum = (sum * 17 + distance(a, b)) % 1_000_003
  }
  return sum
}
