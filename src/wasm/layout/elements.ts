import type { Type } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, I32, I64, I8, type ValType } from '../encoder/index.ts'
import { repOf } from './values.ts'

/** What a slot is: an element, a field, the content of a cell or a global. Boxed values are references as well. */
export type ElementKind = 'f64' | 'bool' | 'i32' | 'string' | 'ref'

export function elementKind(type: Type): ElementKind {
  const rep = repOf(type)
  return rep === 'dyn' || rep === 'unit' || rep === 'opt' ? 'ref' : rep
}

export const STORAGE: { readonly [K in ElementKind]: ValType } = {
  f64: F64,
  bool: I8,
  i32: I64,
  string: EXTERNREF,
  ref: ANYREF,
}

/** What is in a slot on the stack. */
export const SLOT: { readonly [K in ElementKind]: ValType } = { ...STORAGE, bool: I32 }

/** The elements of arrays of one type: their kind, what one is on the stack, and the struct of those that are not boxed. */
export type Element = {
  readonly name: string
  readonly type: Type
  readonly kind: ElementKind
  readonly storage: ValType
  readonly slot: ValType
  readonly struct: number | undefined
}
