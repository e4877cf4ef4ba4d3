import type { Expr } from '../../ir/index.ts'
import type { FnNode, Slot } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { coerce } from './make.ts'

/** A value out of a parameter or result that is of `any` since functions of its own kind come there, as what it is known to be. */
export function told(c: FunctionContext, x: Expr, slot: Slot): Expr {
  return x.type.kind === 'any' && c.program.types.isCut(slot) ? coerce(x, c.program.types.told(slot)) : x
}

/** What a call of a function gives. */
export const toldResult = (c: FunctionContext, call: Expr, fn: FnNode): Expr => told(c, call, fn.root().result)
