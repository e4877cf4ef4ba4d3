import type { Expr } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { fail } from './convert.ts'
import { emit } from './expressions.ts'
import { effect, seq, then, undef } from './make.ts'
import { notCallable } from '../source-text.ts'

/** A call of a method that its receiver has not, as in code for a kind of value that never comes: a TypeError after the arguments. */
export function callMissing(c: FunctionContext, self: Expr, e: HExpr & { kind: 'method' }): Expr {
  const args = e.args.map((arg) => effect(emit(c, arg.value)))
  return then(seq([effect(self), ...args], fail(c, notCallable(e), undef(e.span))), undef(e.span))
}
