import type { CharSet } from './char-set.ts'
import type { Folding } from './case-folding.ts'

/**
 * A parsed pattern (22.2.1). Case is already gone: characters that are equal under the flag i are members of the same
 * set, so that only back references have to fold while they match.
 */
export type Node =
  | { readonly kind: 'empty' }
  /** One character of a set: a code unit, or a code point in unicode mode. */
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Node }
  | {
      readonly kind: 'repeat'
      readonly min: number
      readonly max: number
      readonly greedy: boolean
      readonly body: Node
      /** The groups inside are numbered from `from`, before `to`. */
      readonly from: number
      readonly to: number
    }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly body: Node }
  | { readonly kind: 'start' | 'end'; readonly multiline: boolean }
  | { readonly kind: 'boundary'; readonly negative: boolean; readonly word: CharSet }
  /** The text of the last group among those with a number in `groups` that took part; all groups of one name. */
  | { readonly kind: 'reference'; readonly groups: readonly number[]; readonly folding: Folding }

export const EMPTY_NODE: Node = { kind: 'empty' }

export type Flags = {
  readonly global: boolean
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly sticky: boolean
  /** u or v: characters are code points. */
  readonly unicode: boolean
  /** v: classes have operations, and strings as members. */
  readonly sets: boolean
}

export type Pattern = {
  readonly body: Node
  /** Groups with a number, the whole match not counted. */
  readonly groupCount: number
  /** The name of each group from 1 on, where it has one. */
  readonly names: ReadonlyMap<number, string>
}
