import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { known, type Flow, type Step } from './flow.ts'
import type { Verdict, Verifier, VerifySubject } from './verifier.ts'

/** Step 4: every configured verifier may refuse the execution. */
export const verifyBefore: Step = async (flow) => {
  await verify(flow, (verifier, subject) => verifier.before?.(subject))
  return undefined
}

/** Asks the verifiers in order; the first that refuses gives the execution the outcome `refused`. */
export async function verify(
  flow: Flow,
  ask: (verifier: Verifier, subject: VerifySubject) => Promise<Verdict> | undefined,
): Promise<void> {
  const subject = { loaded: known(flow.loaded), entry: known(flow.entry), args: known(flow.args) }
  for (const verifier of flow.call.services.config.verifiers) {
    const diagnostics = await refusalOf(flow, verifier, ask(verifier, subject))
    if (!diagnostics) continue
    flow.outcome = { kind: 'refused', diagnostics }
    return
  }
}

async function refusalOf(
  flow: Flow,
  { name }: Verifier,
  verdict: Promise<Verdict> | undefined,
): Promise<readonly Diagnostic[] | undefined> {
  try {
    const given = await verdict
    return given && !given.ok ? given.diagnostics : undefined
  } catch (error) {
    // Fail closed: what could not be verified does not run.
    flow.call.log.error({ err: error, verifier: name }, 'a verifier failed')
    return [diagnostic('ANRF5010', { message: `the verifier ${name} failed` })]
  }
}
