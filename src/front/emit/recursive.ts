import type { Span } from '../../base/index.ts'
import type { Analysis } from '../flow/analysis.ts'
import { isUnlike } from '../flow/recursion.ts'
import type { HVar } from '../hir.ts'
import type { ProgramContext } from './context.ts'

/** Refuses a program with a type that the IR has not, and says what keeps it from being `json` (flow/recursion.ts), and where that is held. */
export function refuseRecursive(
  analysis: Analysis,
  report: ProgramContext['report'],
  isPrelude: (span: Span) => boolean,
): void {
  const others = [...analysis.unlikeJson.names].join(', ')
  const holder = others ? firstHolder(analysis, isPrelude) : undefined
  const apart =
    others &&
    `Values that are nested to any depth are numbers, texts, booleans, null, arrays and records: keep ${others} out of ${holder ? `\`${holder.name}\`` : 'them'}. `
  report('ANRF1101', holder?.span ?? analysis.program.init.span, {
    message: `a type that contains itself other than through an object${others && `, with ${others} in it`}`,
    hint: `${apart}Give the nested values a name: an interface with a field for the children.`,
    feature: 'recursive array type',
  })
}

/** The first variable of the program that holds both nested values and what keeps them from being `json`. */
function firstHolder(analysis: Analysis, isPrelude: (span: Span) => boolean): HVar | undefined {
  return analysis.instances
    .flatMap(({ vars }) => [...vars])
    .filter(([v, slot]) => !isPrelude(v.span) && isUnlike(slot, analysis.unlikeJson))
    .map(([v]) => v)
    .sort((a, b) => a.span.file - b.span.file || a.span.start - b.span.start)[0]
}
