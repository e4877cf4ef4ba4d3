import type { Expr, Stmt } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { setLocal } from '../emit/make.ts'
import type { Slot } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import { newVar } from '../make-hir.ts'

/** A value in a variable of its own, as an argument that rows can look at; `slot` is what the analysis knows of it. */
export function holdArgument(
  c: FunctionContext,
  x: Expr,
  slot: Slot,
): { readonly body: readonly Stmt[]; readonly item: HArg } {
  const { span, type } = x
  const v = newVar(c.inst.func, 'held', span)
  const local = c.local('held', type)
  c.bind(v, local, type, false)
  const value: HExpr = { kind: 'var', v, span }
  c.inst.exprs.set(value, slot)
  return { body: [setLocal(local, x)], item: { kind: 'item', value } }
}
