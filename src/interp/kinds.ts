import type { Type } from '../ir/index.ts'

/**
 * How a value sits in a register. The banks are typed so that no f64 is ever boxed by a move:
 * `F` a Float64Array, `I` an Int32Array (i32, and bool as 0 or 1), `R` an array of host values.
 */
export const KIND = { f64: 0, i32: 1, ref: 2, bool: 3 } as const

export type Kind = (typeof KIND)[keyof typeof KIND]

/** Number of a bank: 0 `F`, 1 `I`, 2 `R`. */
export type Bank = 0 | 1 | 2

export function kindOf(type: Type): Kind {
  switch (type.kind) {
    case 'f64':
      return KIND.f64
    case 'i32':
      return KIND.i32
    case 'bool':
      return KIND.bool
    default:
      return KIND.ref
  }
}

export function bankOf(kind: Kind): Bank {
  return kind === KIND.bool ? 1 : kind
}
