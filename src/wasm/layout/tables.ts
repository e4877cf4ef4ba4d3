import { ANY, formatType, keyOf, type TableType, type Type } from '../../ir/index.ts'
import { repOf } from './values.ts'

/**
 * Maps, sets and dicts (docs/decisions/0021): entries lie one behind the other in the order in which they were added, in arrays of
 * hashes, keys and values. An entry that was taken out leaves a hash of 0. The index has, at the place that the high bits of a hash
 * say or behind it, the number of the entry plus one; tables of few entries have none and are searched from the first to the last.
 */
export const TABLE = {
  /** By place, the number of an entry plus one; 0 is free. Its length is a power of two, or 0. */
  index: 0,
  /** By entry, the hash of its key; 0 for one that was taken out. */
  hashes: 1,
  keys: 2,
  /** Entries that are in the table. */
  size: 3,
  /** Entries that there is something of in the arrays, among them those that were taken out. */
  used: 4,
  /** No entry before this one is in the table. */
  head: 5,
  /** The position of the entry that is added next. */
  next: 6,
  /** By entry, its position; null while each is one more than that of the entry before. */
  positions: 7,
  /** The entry that was found last, by its position or by its key where that is text; it or the one behind it is likely sought next. */
  found: 8,
  /** Whether a dict inherits nothing. */
  bare: 9,
  /** Whether there was a key in a dict that begins with a digit: its keys may be listed in another order. */
  indexed: 10,
  /** In maps and dicts. */
  values: 11,
} as const

/** Entries of the smallest table that has any, and of the greatest without an index. */
export const TABLE_MIN = 4
export const UNINDEXED_MAX = 8

/** The field of the identity of an object that may be a key: its hash, 0 until it is asked for. */
export const IDENTITY = 0

/** How keys are kept and compared. */
export type KeyKind = 'number' | 'text' | 'reference' | 'boxed'

export function keyKind(type: Type): KeyKind {
  if (type.kind === 'f64') return 'number'
  if (type.kind === 'string') return 'text'
  return repOf(type) === 'ref' ? 'reference' : 'boxed'
}

/** The type as an element of which a key is kept. */
export function keptAs(type: Type): Type {
  return keyKind(type) === 'boxed' ? ANY : type
}

/** Tables that differ in boxed values only are of one struct: their values tell what they are. */
export function tableKey(type: TableType): string {
  if (type.kind === 'set' || repOf(type.value) !== 'dyn') return formatType(type)
  return `${type.kind} of ${formatType(keyOf(type))}`
}
