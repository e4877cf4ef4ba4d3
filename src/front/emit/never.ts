import type { Expr } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { trapHere } from './keys.ts'
import { then } from './make.ts'

/** Whether no value was found that an expression may have, such as a call of what only throws: nothing was analysed for it. */
export const neverComes = (c: FunctionContext, x: HExpr): boolean => c.inst.slot(x).root().kinds === 0

/** What is made of such an expression, which throws; if it comes to an end after all, the run ends. */
export const afterNever = (x: Expr, result: Expr): Expr => then(x, trapHere(x.span, result))
