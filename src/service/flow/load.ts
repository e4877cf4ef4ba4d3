import { problem, type Problem } from '../http/problem.ts'
import { known, type Step } from './flow.ts'

/** Step 2: finds the document by digest, version or name; the registry checks digest, signature and schema. */
export const load: Step = async (flow) => {
  const { registry } = flow.call.services
  const artifact = await registry.resolve(known(flow.call.principal).tenant, flow.reference)
  if (!artifact) return notFound(flow.reference)
  const loaded = await registry.load(artifact)
  // What was published was valid then: it is refused now when a key lost its trust, or a newer version is stricter.
  if ('diagnostics' in loaded) {
    const more = { diagnostics: loaded.diagnostics, anrfId: artifact.id }
    return problem('ANRF3001', `${artifact.id} may not be run here any more`, more)
  }
  flow.loaded = loaded
  return undefined
}

/** A name may have versions for which it does not stand; which these are is not told to whoever may only execute. */
export function notFound(reference: string): Problem {
  const isExact = reference.startsWith('sha256:')
  const hint = isExact
    ? ''
    : ', or none that may be named so: versions may be yanked, wait for an approval, or lack signatures'
  return problem('ANRF5003', `there is no artifact ${JSON.stringify(reference)}${hint}`)
}
