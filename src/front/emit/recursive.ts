import type { Analysis } from '../flow/analysis.ts'
import type { ProgramContext } from './context.ts'

/** Refuses a program with a type that the IR has not, and says what keeps it from being `json` (flow/recursion.ts). */
export function refuseRecursive(analysis: Analysis, report: ProgramContext['report']): void {
  const others = [...analysis.unlikeJson].join(', ')
  const apart =
    others &&
    `Values that are nested to any depth are numbers, texts, booleans, null, arrays and records: keep ${others} out of them. `
  report('ANRF1101', analysis.program.init.span, {
    message: `a type that contains itself other than through an object${others && `, with ${others} in it`}`,
    hint: `${apart}Give the nested values a name: an interface with a field for the children.`,
    feature: 'recursive array type',
  })
}
