import { known, type Step } from './flow.ts'
import { verify } from './verify-before.ts'

/** Step 7: every configured verifier may refuse the result, which then stays here. */
export const verifyAfter: Step = async (flow) => {
  const report = known(flow.report)
  await verify(flow, 'after', (verifier, subject) => verifier.after?.(subject, report))
  return undefined
}
