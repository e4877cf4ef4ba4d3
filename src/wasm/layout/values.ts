import type { Type } from '../../ir/index.ts'

/**
 * How a value of a type travels in WebAssembly (docs/decisions/0012):
 *
 * - `unit`: undefined or null alone; no value at all.
 * - `f64`, `i32`, `bool` (an i32 that is 0 or 1): unboxed.
 * - `string`: a string of the host, `externref`.
 * - `dyn`: a boxed value, `anyref`; see {@link SENTINEL}.
 * - `ref`: a reference to the struct of an array, tuple, object, closure or cell.
 */
export type Rep = 'unit' | 'f64' | 'i32' | 'bool' | 'string' | 'dyn' | 'ref'

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
    case 'any':
    case 'union':
      return 'dyn'
    default:
      return 'ref'
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
 * What a place for f64 holds while it is unset: a NaN that no operation gives. Hardware makes NaNs without a
 * payload, and hands on those of its operands.
 */
export const HOLE_BITS = 0x7ff8_5e7f_5e7f_5e7fn
/** And one for bool and for i32, which is kept in 64 bits. */
export const HOLE_BOOL = 2
export const HOLE_I32 = 1n << 40n
