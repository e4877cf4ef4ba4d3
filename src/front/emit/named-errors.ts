import type { Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import { someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'

/**
 * Refuses a look at the keys of errors whose name or message the program sets: whether these are keys then depends on
 * what the error had before.
 */
export function refuseNamedErrors(c: FunctionContext, type: Type, span: Span): void {
  if (!someObject(c, type, (node) => node.named)) return
  const hint = 'Make a record of what you need: `{ name: error.name, message: error.message }`.'
  c.report('ANRF1101', span, 'the keys of an error whose name or message is set', hint, 'keys of an error')
}
