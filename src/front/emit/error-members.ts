import { REFUSALS } from '../../base/index.ts'
import { STRING, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from './context.ts'
import { op, then, undef } from './make.ts'

/** What Node gives errors besides name and message. */
export const ERROR_MEMBERS: ReadonlySet<string> = new Set(['stack', ...Object.getOwnPropertyNames(Object.prototype)])

/** The name or message of an error of no class of the program; other properties are undefined. */
export function getErrorField(obj: Expr, name: string): Expr {
  const index = ['name', 'message'].indexOf(name)
  return index < 0 ? then(obj, undef(obj.span)) : op('object.get', [obj], STRING, obj.span, [0, index])
}

export function refuseErrorMember(c: FunctionContext, obj: Expr, name: string): Expr {
  c.report('ANRF1102', obj.span, `property \`${name}\` of an Error`, REFUSALS.stack.hint, `Error.${name}`)
  return undef(obj.span)
}
