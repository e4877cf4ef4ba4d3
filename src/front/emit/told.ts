import { sameType, type Expr } from '../../ir/index.ts'
import type { FnNode, Slot } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { coerce } from './make.ts'

/** A value out of a place whose type is wider, as its functions or contents come there again, as what it is known to be. */
export function told(c: FunctionContext, x: Expr, slot: Slot): Expr {
  const { types } = c.program
  return types.isWidened(slot) && sameType(x.type, types.of(slot)) ? coerce(x, types.told(slot)) : x
}

/** What a call of a function gives. */
export const toldResult = (c: FunctionContext, call: Expr, fn: FnNode): Expr => told(c, call, fn.root().result)
