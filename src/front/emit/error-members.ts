import { REFUSALS } from '../../base/index.ts'
import type { Expr } from '../../ir/index.ts'
import type { FunctionContext } from './context.ts'
import { undef } from './make.ts'

/** What Node gives errors besides name and message. */
export const ERROR_MEMBERS: ReadonlySet<string> = new Set(['stack', ...Object.getOwnPropertyNames(Object.prototype)])

export function refuseErrorMember(c: FunctionContext, obj: Expr, name: string): Expr {
  c.report('ANRF1102', obj.span, `property \`${name}\` of an Error`, REFUSALS.stack.hint, `Error.${name}`)
  return undef(obj.span)
}
