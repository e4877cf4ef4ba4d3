import type { Type } from '../../ir/index.ts'

/**
 * How a value of a type travels in WebAssembly (docs/decisions/0012):
 *
 * - `unit`: undefined or null alone; no value at all.
 * - `f64`, `i32`, `bool` (an i32 that is 0 or 1): unboxed.
 * - `string`: a string or a bigint of the host, `externref`.
 * - `opt`: a value that may be undefined, or may be null: what the value alone is, with the content of an unset slot for none.
 * - `dyn`: a boxed value, `anyref`; see {@link SENTINEL}.
 * - `ref`: a reference to the struct of an array, tuple, object, closure or cell; of several types of objects, to what their structs have in common.
 */
export type Rep = 'unit' | 'f64' | 'i32' | 'bool' | 'string' | 'opt' | 'dyn' | 'ref'

export function repOf(type: Type): Rep {
  switch (type.kind) {
    case 'undefined':
    case 'null':
      return 'unit'
    case 'f64':
    case 'i32':
    case 'bool':
    case 'string':
      return type.kind
    case 'bigint':
      return 'string'
    case 'json':
    case 'nested':
    case 'any':
      return 'dyn'
    case 'union':
      if (isOfObjects(type.members)) return 'ref'
      return optionalOf(type) ? 'opt' : 'dyn'
    default:
      return 'ref'
  }
}

const isOfObjects = (members: readonly Type[]): boolean => members.every(({ kind }) => kind === 'object')

/** Whether a type is a union of several types of objects and nothing else. */
export const isFamily = (type: Type): boolean => type.kind === 'union' && isOfObjects(type.members)

/** A union of one value that is undefined or null and one type that is neither, or several types of objects. */
export type Optional = { readonly none: 'undefined' | 'null'; readonly base: Type }

const OPTIONALS = new WeakMap<Type, Optional | null>()

/** What a type is if its representation is `opt`. */
export function optionalOf(type: Type): Optional | undefined {
  if (type.kind !== 'union') return undefined
  const known = OPTIONALS.get(type)
  if (known !== undefined) return known ?? undefined
  const found = splitOptional(type.members)
  OPTIONALS.set(type, found ?? null)
  return found
}

function splitOptional(members: readonly Type[]): Optional | undefined {
  const nones = members.filter(({ kind }) => kind === 'undefined' || kind === 'null')
  const rest = members.filter((member) => !nones.includes(member))
  if (nones.length !== 1 || (rest.length !== 1 && !isOfObjects(rest))) return undefined
  return {
    none: nones[0]!.kind as Optional['none'],
    base: rest.length === 1 ? rest[0]! : { kind: 'union', members: rest },
  }
}

/**
 * Boxed values that are no objects are small integers (`i31ref`). The lowest four stand for the values that
 * are no numbers, all others for themselves. Numbers that are no small integers, and -0, are in a box of their own.
 */
export const SENTINEL = {
  undefined: -(2 ** 30),
  null: -(2 ** 30) + 1,
  false: -(2 ** 30) + 2,
  true: -(2 ** 30) + 3,
} as const

/** The least number that is boxed as a small integer, and the greatest. */
export const SMALL_MIN = SENTINEL.true + 1
export const SMALL_MAX = 2 ** 30 - 1

/**
 * What a place for f64 holds while it is unset: a signalling NaN, which no operation gives. Arithmetic makes a quiet one of it, so that its
 * operands need no test for unset where an unset one counts as NaN.
 */
export const HOLE_BITS = 0x7ff4_5e7f_5e7f_5e7fn
/** And one for bool. */
export const HOLE_BOOL = 2
/** And one for i32. An i32 is kept in 64 bits, the upper half zero: what no i32 is then can be told by an instruction with a short operand. */
export const HOLE_I32 = -1n
