import { findDuplicate } from './json-duplicate.ts'

/** Nesting that ANRF reads and writes: deeper text is refused before a recursive reader meets it. */
const JSON_DEPTH_MAX = 500

/** The value of a JSON text (RFC 8259), or why there is none; `pointer` (RFC 6901) says where, if one place is wrong. */
type JsonResult = { readonly ok: true; readonly value: unknown } | JsonRefusal
export type JsonRefusal = {
  readonly ok: false
  readonly reason: 'syntax' | 'depth' | 'duplicate'
  readonly message: string
  readonly pointer?: string
}

/** Making one takes longer than reading a small text. */
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads untrusted JSON text in UTF-8. Depth is bounded before parsing, because code that walks the
 * value later may recurse. A member that is given twice is refused: which of the two counts is said nowhere, so that
 * another reader of the same text may take the other one (RFC 8259, section 4; RFC 7493, section 2.3). Never throws.
 */
export function readJson(bytes: Uint8Array, depthMax: number = JSON_DEPTH_MAX): JsonResult {
  const { isTooDeep, members } = survey(bytes, depthMax)
  if (isTooDeep) return { ok: false, reason: 'depth', message: `the text nests deeper than ${depthMax}` }
  try {
    const text = STRICT_UTF8.decode(bytes)
    const value = JSON.parse(text) as unknown
    return countMembers(value) === members ? { ok: true, value } : refuseDuplicate(text)
  } catch (error) {
    return { ok: false, reason: 'syntax', message: error instanceof SyntaxError ? error.message : 'not UTF-8 text' }
  }
}

function refuseDuplicate(text: string): JsonRefusal {
  const { name, pointer } = findDuplicate(text)
  const message = `the member ${JSON.stringify(name)} is given twice, at ${JSON.stringify(pointer)}`
  return { ok: false, reason: 'duplicate', message, pointer }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** What can be seen without building anything: in text that is JSON every member has one colon outside of strings. */
function survey(bytes: Uint8Array, depthMax: number): { readonly isTooDeep: boolean; readonly members: number } {
  let [depth, members] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    } else if (byte === COLON) members++
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > depthMax) return { isTooDeep: true, members }
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return { isTooDeep: false, members }
}

/** The members of all objects of a value: fewer than its text has where one was given twice. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  const open: object[] = [value]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const values: readonly unknown[] = Array.isArray(one) ? one : Object.values(one)
    if (!Array.isArray(one)) count += values.length
    for (const inner of values) if (typeof inner === 'object' && inner !== null) open.push(inner)
  }
  return count
}
