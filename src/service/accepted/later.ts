import type { Code } from '../../base/index.ts'
import type { Problem } from '../http/problem.ts'
import type { Later } from './dispatcher.ts'

const WAIT_MS = 200

/** Refusals that pass: no free worker, too many executions at once, a quota that fills again. */
const PASSING: ReadonlySet<Code> = new Set(['ANRF5005', 'ANRF5011', 'ANRF5025'])

/** How what was refused waits to be tried again; undefined for a refusal that stays. */
export function laterOf({ code, violatedPolicies = [] }: Problem): Later | undefined {
  if (code === undefined || !PASSING.has(code)) return undefined
  // What one program may have says nothing of the other programs of the same principal.
  const isOfProgram = code === 'ANRF5025' || violatedPolicies.includes('program-concurrency')
  return { waitMs: WAIT_MS, keeps: isOfProgram ? 'job' : 'line' }
}
