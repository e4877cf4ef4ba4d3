import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { timeVerifier, verifyDocument, type VerificationReport } from '../verification/documents.ts'
import { known, type Flow, type Step } from './flow.ts'
import type { Verdict, Verifier, VerifySubject } from './verifier.ts'

/** Step 4: every verifier may refuse the document, and then the execution. */
export const verifyBefore: Step = async (flow) => {
  const report = await verifyDocument(flow.call.services, known(flow.loaded))
  const diagnostics = refusalIn(report)
  flow.verification = report.status === 'verified' ? 'verified' : 'declined'
  if (diagnostics.length > 0) flow.outcome = { kind: 'refused', diagnostics }
  else await verify(flow, 'before', (verifier, subject) => verifier.before?.(subject))
  return undefined
}

/** Why a document is not run: what failed, and what was declined that must not be. */
function refusalIn({ results }: VerificationReport): readonly Diagnostic[] {
  return results.flatMap(({ verifier, status, required, findings }) => {
    if (status === 'verified' || (status === 'declined' && !required)) return []
    const why = status === 'failed' ? 'refused the document' : 'cannot verify the document, and is required'
    return findings.length > 0 ? findings : [diagnostic('ANRF5010', { message: `the verifier ${verifier} ${why}` })]
  })
}

/** Asks the verifiers in order; the first that refuses gives the execution the outcome `refused`. */
export async function verify(
  flow: Flow,
  stage: 'before' | 'after',
  ask: (verifier: Verifier, subject: VerifySubject) => Promise<Verdict> | undefined,
): Promise<void> {
  const { services } = flow.call
  const subject = { loaded: known(flow.loaded), entry: known(flow.entry), args: known(flow.args) }
  for (const verifier of services.verifiers) {
    if (!verifier[stage]) continue
    const asked = async (): Promise<Verdict> => known(await ask(verifier, subject))
    const verdict = timeVerifier(services, verifier, stage, asked, ({ ok }) => (ok ? 'ok' : 'refused'))
    const diagnostics = await refusalOf(flow, verifier, verdict)
    if (!diagnostics) continue
    flow.outcome = { kind: 'refused', diagnostics }
    flow.verification = 'failed'
    return
  }
}

async function refusalOf(
  flow: Flow,
  { name }: Verifier,
  verdict: Promise<Verdict>,
): Promise<readonly Diagnostic[] | undefined> {
  try {
    const given = await verdict
    return given.ok ? undefined : given.diagnostics
  } catch (error) {
    // Fail closed: what could not be verified does not run.
    flow.call.log.error({ err: error, verifier: name }, 'a verifier failed')
    return [diagnostic('ANRF5010', { message: `the verifier ${name} failed` })]
  }
}
