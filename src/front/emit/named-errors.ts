import type { Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import { someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'

const isAnyError = (_node: ObjNode): boolean => true

/** Whether JSON.stringify looks at the keys of an object, and does not ask it. */
export const isWrittenByKeys = (node: ObjNode): boolean => !node.cls?.methods.has('toJSON')

/**
 * Refuses a look at the keys of errors whose name or message the program sets: whether these are keys then depends on
 * what the error had before. `asked`: of which errors the keys are looked at.
 */
export function refuseNamedErrors(c: FunctionContext, type: Type, span: Span, asked = isAnyError): void {
  if (!someObject(c, type, (node) => node.named && asked(node))) return
  const hint = 'Make a record of what you need: `{ name: error.name, message: error.message }`.'
  c.report('ANRF1101', span, 'the keys of an error whose name or message is set', hint, 'keys of an error')
}
