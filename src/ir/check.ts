import { diagnostic, locate, NO_SPAN, type Diagnostic, type Span } from '../base/index.ts'
import { BOUNDS } from './bounds.ts'
import { checkFunc } from './check/func.ts'
import { checkDeclarations } from './check/module.ts'
import type { Fault } from './check/rules.ts'
import { TypeJudge } from './check/well-formed.ts'
import type { Module } from './module.ts'

/**
 * Checks every rule of spec/checking.md and returns one ANRF2003 for each place that breaks one,
 * the name of the rule first in its message; no diagnostics mean that engines may trust the
 * module. Modules are untrusted: this is a security boundary. Never throws, works in time
 * bounded by the size of the module.
 */
export function checkModule(module: Module): Diagnostic[] {
  const found: Diagnostic[] = []
  const report = (fault: Fault, span: Span, where?: string): void => {
    if (found.length >= BOUNDS.diagnostics) return
    const location = locate(module.files, span)
    const message = `${fault.rule}: ${fault.message}${where === undefined ? '' : ` (in ${where})`}`
    found.push(diagnostic('ANRF2003', { message, ...(location && { location }) }))
  }
  const judge = new TypeJudge(module.objects.length)
  checkDeclarations(module, judge, (fault, where) => report(fault, NO_SPAN, where))
  // What the declarations say is the ground on which bodies are checked.
  if (found.length > 0) return found
  for (const [i, func] of module.funcs.entries())
    checkFunc(module, func, judge, (fault, span) => report(fault, span, `function ${i} ${func.name}`))
  return found
}
