import { shownName } from '../member-names.ts'
import type { Span } from '../../base/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'

/** What is stored in an object under the name of a method of its class would be called in place of the method, which calls do not look for. */
export function refuseMethods(
  c: FunctionContext,
  into: ObjNode | undefined,
  names: Iterable<string>,
  span: Span,
): void {
  for (const name of names)
    if (into?.cls?.methods.has(name))
      c.report(
        'ANRF1101',
        span,
        `assignment to \`${shownName(name)}\`, a method of ${into.cls.name}`,
        `Make it a field that holds a function: \`${shownName(name)} = () => ...\`.`,
        'assignment to a method',
      )
}
