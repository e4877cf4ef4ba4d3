import type { CharSet } from './char-set.ts'
import { has } from './char-set.ts'
import type { Folding } from './case-folding.ts'
import type { Flags } from './node.ts'

/**
 * Instructions of the matcher, with their operands. Forward ones read the character at the position, those with BACK the one
 * before it; WIDE ones read code points. What is called a register is a capture position, a counter or a mark.
 */
export const OP = {
  /** The pattern has matched. */
  ACCEPT: 0,
  /** unit */
  CHAR: 1,
  CHAR_BACK: 2,
  /** set */
  SET: 3,
  SET_BACK: 4,
  WIDE_SET: 5,
  WIDE_SET_BACK: 6,
  /** string: all its units, forward. */
  TEXT: 7,
  /** target */
  JUMP: 8,
  /** target: goes on, and at the target if that fails. */
  FORK: 9,
  /** target: goes on at the target, and here if that fails. */
  FORK_LATER: 10,
  /** register: notes the position. */
  SAVE: 11,
  /** register, register: unsets those from the first, before the second. */
  RESET: 12,
  /** set, min, max, follow: as many characters as there are; gives back one after the other. With a unit `follow`, only where that comes next. With -2, none. */
  SPAN: 13,
  WIDE_SPAN: 14,
  /** set, min, max: as few as will do. */
  SPAN_LAZY: 15,
  WIDE_SPAN_LAZY: 16,
  /** register: 0. */
  CLEAR: 17,
  /** register, min, max, lazy, exit: the head of a counted loop. */
  LOOP: 18,
  /** register, head: the end of a round. */
  NEXT: 19,
  /** register, counter or -1, min: fails when a round beyond the least number has matched nothing. */
  MOVED: 20,
  START: 21,
  START_LINE: 22,
  END: 23,
  END_LINE: 24,
  /** set, negative */
  BOUNDARY: 25,
  /** reference */
  REFERENCE: 26,
  REFERENCE_BACK: 27,
  /** negative, after: tries what follows up to LOOKED without moving. */
  LOOK: 28,
  LOOKED: 29,
} as const

/** What a set of characters is tested with: a table for the first of them, ranges for the rest. */
export type SetTest = { readonly low: Uint8Array; readonly ranges: CharSet }

export const LOW = 256

export function setTest(set: CharSet): SetTest {
  const low = new Uint8Array(LOW)
  for (let code = 0; code < LOW; code++) low[code] = has(set, code) ? 1 : 0
  return { low, ranges: set }
}

export type Reference = { readonly groups: readonly number[]; readonly folding: Folding; readonly wide: boolean }

/** A pattern made ready to be matched. */
export type Program = {
  readonly code: Int32Array
  readonly sets: readonly SetTest[]
  readonly texts: readonly string[]
  readonly references: readonly Reference[]
  readonly registers: number
  readonly flags: Flags
  readonly groupCount: number
  readonly names: ReadonlyMap<number, string>
  /** Every match begins at the start of the text. */
  readonly anchored: boolean
  /** Every match begins with this text. */
  readonly prefix: string
  /** The code units that a match can begin with; null when it can be empty, or nothing is known. */
  readonly first: SetTest | null
}
