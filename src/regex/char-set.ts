/**
 * A set of code points as sorted, disjoint ranges that do not touch: `[first, last, first, last, ...]`, both ends included.
 */
export type CharSet = readonly number[]

const CODE_POINT_MAX = 0x10ffff

export const EMPTY: CharSet = []
export const EVERYTHING: CharSet = [0, CODE_POINT_MAX]

/** The set of ranges that come in any order and may overlap. */
export function setOf(ranges: readonly (readonly [first: number, last: number])[]): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const set: number[] = []
  for (const [first, last] of sorted) {
    const end = set.length - 1
    if (end > 0 && first <= set[end]! + 1) set[end] = Math.max(set[end]!, last)
    else set.push(first, last)
  }
  return set
}

/** The ranges of a set. */
export function rangesOf(set: CharSet): (readonly [first: number, last: number])[] {
  const ranges: (readonly [number, number])[] = []
  for (let i = 0; i < set.length; i += 2) ranges.push([set[i]!, set[i + 1]!])
  return ranges
}

export function union(...sets: readonly CharSet[]): CharSet {
  return setOf(sets.flatMap(rangesOf))
}

export function complement(set: CharSet): CharSet {
  const result: number[] = []
  let next = 0
  for (const [first, last] of rangesOf(set)) {
    if (first > next) result.push(next, first - 1)
    next = last + 1
  }
  if (next <= CODE_POINT_MAX) result.push(next, CODE_POINT_MAX)
  return result
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  return complement(union(complement(a), complement(b)))
}

export function difference(a: CharSet, b: CharSet): CharSet {
  return intersection(a, complement(b))
}

/** Whether a set has a code point. */
export function has(set: CharSet, code: number): boolean {
  let low = 0
  let high = set.length >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (code > set[2 * middle + 1]!) low = middle + 1
    else high = middle
  }
  return 2 * low < set.length && code >= set[2 * low]!
}

/** Digits, white space (with line ends) and word characters (22.2.2.9); the letters that fold to word characters are added by who asks. */
export const DIGITS: CharSet = setOf([[0x30, 0x39]])
export const WORD: CharSet = setOf([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
])
export const SPACE: CharSet = setOf([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
])
export const LINE_ENDS: CharSet = setOf([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
])
