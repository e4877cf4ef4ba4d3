import { labelOf, type Artifact } from '../../registry/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import { problem, problemOfDiagnostics, type Problem } from '../http/problem.ts'
import { describeArtifact, findArtifact } from './artifacts.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** `POST /artifacts/{id}/signatures` */
export const signArtifact = (call: Call): Answer => attach(call, 'sign')

/** `POST /artifacts/{id}/referrers` */
export const attestArtifact = (call: Call): Answer => attach(call, 'attest')

async function attach(call: Call, how: 'sign' | 'attest'): Answer {
  const found = await findExact(call)
  if ('problem' in found) return found
  const attached = await call.services.registry[how](found, call.body, known(call.principal).id)
  if ('diagnostics' in attached) return { problem: problemOfDiagnostics(attached.diagnostics) }
  const { artifact, digest, predicateType, isNew } = attached
  return { status: isNew ? 201 : 200, body: { digest, predicateType, artifact: describeArtifact(artifact) } }
}

/** `GET /artifacts/{id}/referrers` */
export async function getReferrers(call: Call<unknown, { type?: string }>): Answer {
  const artifact = await findArtifact(call, 'id')
  if ('problem' in artifact) return artifact
  return { status: 200, body: { referrers: await call.services.registry.referrers(artifact, call.query.type) } }
}

/** `POST /artifacts/{id}/yank` */
export async function yankArtifact(call: Call<{ readonly reason: string }>): Answer {
  const artifact = await findExact(call)
  if ('problem' in artifact) return artifact
  const yanked = await call.services.registry.yank(artifact, known(call.principal).id, call.body.reason)
  if (!yanked) return conflict(`${labelOf(artifact)} is yanked already`)
  return { status: 200, body: describeArtifact(yanked) }
}

/** `DELETE /artifacts/{id}/yank` */
export async function unyankArtifact(call: Call): Answer {
  const artifact = await findExact(call)
  if ('problem' in artifact) return artifact
  const back = await call.services.registry.unyank(artifact, known(call.principal).id)
  if (!back) return conflict(`${labelOf(artifact)} is not yanked`)
  return { status: 200, body: describeArtifact(back) }
}

/** `GET /artifacts/{id}/dependents` */
export async function getDependents(call: Call): Answer {
  const artifact = await findArtifact(call, 'id')
  if ('problem' in artifact) return artifact
  const dependents = await call.services.registry.dependents(artifact)
  return { status: 200, body: { dependents } }
}

/** `GET /artifacts/{id}/diff/{other}` */
export async function getDiff(call: Call): Answer {
  const [before, after] = [await findArtifact(call, 'id'), await findArtifact(call, 'other')]
  if ('problem' in before) return before
  if ('problem' in after) return after
  const diff = await call.services.registry.diff(before, after)
  if ('diagnostics' in diff) return { problem: problemOfDiagnostics(diff.diagnostics) }
  return { status: 200, body: { before: before.id, after: after.id, ...diff } }
}

/** `POST /artifacts/{id}/approval` */
export async function approveArtifact(call: Call<{ readonly approved: boolean; readonly note?: string }>): Answer {
  const artifact = await findExact(call)
  if ('problem' in artifact) return artifact
  const { approved, note = '' } = call.body
  const decided = await call.services.registry.decide(artifact, { approved, note, by: known(call.principal).id })
  if (!('refused' in decided)) return { status: 200, body: describeArtifact(decided.artifact) }
  if (decided.refused === 'decided') return conflict(`${labelOf(artifact)} waits for no approval`)
  return { problem: problem('ANRF5051', `${known(call.principal).id} published ${labelOf(artifact)}`) }
}

/** Whoever changes something names it exactly: what a name stands for may change meanwhile. */
async function findExact(call: Call): Promise<Artifact | { readonly problem: Problem }> {
  const artifact = await findArtifact(call, 'id')
  const reference = known(call.params['id'])
  if ('problem' in artifact || reference === artifact.id || reference === labelOf(artifact)) return artifact
  return { problem: problem('ANRF5003', `name the version exactly, as ${labelOf(artifact)}, not ${reference}`) }
}

const conflict = (detail: string): { readonly problem: Problem } => ({ problem: problem('ANRF5006', detail) })
