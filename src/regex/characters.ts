import { canonicalOf } from './case-folding.ts'
import { has } from './char-set.ts'
import { LOW, type Reference, type SetTest } from './program.ts'

/**
 * The code point at an index, which must be in the text; -1 between the halves of a pair. Searches look there too, as those of V8
 * do, though nothing but assertions can hold there.
 */
export function codePointAt(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  if ((unit & 0xf800) !== 0xd800) return unit
  if (unit >= 0xdc00) return splitsPair(text, index) ? -1 : unit
  const trail = text.charCodeAt(index + 1)
  return (trail & 0xfc00) === 0xdc00 ? ((unit & 0x3ff) << 10) + (trail & 0x3ff) + 0x10000 : unit
}

/** The code point that ends before an index, which must not be the start of the text; -1 between the halves of a pair. */
export function codePointBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1)
  if ((unit & 0xf800) !== 0xd800) return unit
  if (unit < 0xdc00) return splitsPair(text, index) ? -1 : unit
  const lead = index < 2 ? 0 : text.charCodeAt(index - 2)
  return (lead & 0xfc00) === 0xd800 ? ((lead & 0x3ff) << 10) + (unit & 0x3ff) + 0x10000 : unit
}

export const widthOf = (code: number): number => (code > 0xffff ? 2 : 1)

export function inSet(set: SetTest, code: number): boolean {
  return code < LOW ? set.low[code] === 1 : has(set.ranges, code)
}

/** Whether an index is between the halves of a surrogate pair. */
export function splitsPair(text: string, index: number): boolean {
  return (
    index > 0 &&
    index < text.length &&
    (text.charCodeAt(index) & 0xfc00) === 0xdc00 &&
    (text.charCodeAt(index - 1) & 0xfc00) === 0xd800
  )
}

export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029
}

/** Whether the words on the two sides of an index differ. */
export function isBoundary(text: string, index: number, word: SetTest): boolean {
  const before = index > 0 && inSet(word, text.charCodeAt(index - 1))
  const after = index < text.length && inSet(word, text.charCodeAt(index))
  return before !== after
}

/** The group that a reference means now: the one that took part; -1 when there is none. */
export function groupOf(reference: Reference, registers: Int32Array): number {
  const { groups } = reference
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!
    if (registers[2 * group]! >= 0 && registers[2 * group + 1]! >= 0) return group
  }
  return -1
}

/** Whether two parts of a text of one length are the same, but for case where that does not count. */
export function sameText(text: string, a: number, b: number, length: number, reference: Reference): boolean {
  const { folding } = reference
  for (let i = 0; i < length; i++) {
    const x = text.charCodeAt(a + i)
    const y = text.charCodeAt(b + i)
    if (x === y) continue
    if (folding === 'none') return false
    if (!reference.wide) {
      if (canonicalOf(x, folding) !== canonicalOf(y, folding)) return false
    } else if (!sameCodePoint(text, a + i, b + i, reference)) return false
  }
  return true
}

/** Units differ, so the characters that they belong to must be equal. */
function sameCodePoint(text: string, a: number, b: number, { folding }: Reference): boolean {
  const [i, j] = [splitsPair(text, a) ? a - 1 : a, splitsPair(text, b) ? b - 1 : b]
  if (i - a !== j - b) return false
  return canonicalOf(codePointAt(text, i), folding) === canonicalOf(codePointAt(text, j), folding)
}
