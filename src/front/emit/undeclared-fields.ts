import type { Analysis } from '../flow/analysis.ts'
import { orderFields } from '../flow/key-order.ts'
import type { ProgramContext } from './context.ts'

/** Puts the fields of classes into order, and refuses those that constructors set in an order that is not known. */
export function refuseUnordered(analysis: Analysis, report: ProgramContext['report']): void {
  for (const node of analysis.classes.all()) {
    const names = orderFields(node)
    if (names.length === 0) continue
    const { name, span } = node.cls!
    const said = names.map((field) => `\`${field}\``).join(', ')
    report('ANRF1101', span, {
      message: `fields of a ${name} that it does not declare, in an order that is not known (${said})`,
      hint: 'Declare them in the class: `name?: string`.',
      feature: 'undeclared fields',
    })
  }
}
