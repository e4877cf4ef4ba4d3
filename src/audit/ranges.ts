import type { Range } from './entry.ts'

/** Adds a sequence behind all that are in the list. */
export function addTo(ranges: [number, number][], sequence: number): void {
  const last = ranges.at(-1)
  if (last && last[1] === sequence - 1) last[1] = sequence
  else ranges.push([sequence, sequence])
}

/** All that is in any of the ranges, ascending and without overlap. */
export function union(ranges: readonly Range[]): readonly Range[] {
  const merged: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = merged.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** What is in `these` and not in `those`, both ascending and without overlap. */
export function without(these: readonly Range[], those: readonly Range[]): readonly Range[] {
  const left: Range[] = []
  let at = 0
  for (const [start, last] of these) {
    let first = start
    while (at < those.length && those[at]![1] < first) at++
    for (let i = at; i < those.length && those[i]![0] <= last; i++) {
      if (those[i]![0] > first) left.push([first, those[i]![0] - 1])
      first = Math.max(first, those[i]![1] + 1)
    }
    if (first <= last) left.push([first, last])
  }
  return left
}

export const countIn = (ranges: readonly Range[]): number => ranges.reduce((n, [a, b]) => n + b - a + 1, 0)

export const rangesText = (ranges: readonly Range[]): string =>
  ranges.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`)).join(', ')
