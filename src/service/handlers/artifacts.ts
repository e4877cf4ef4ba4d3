import { readJson } from '../../base/index.ts'
import { documentJson, limitsOf, type Document } from '../../document/index.ts'
import { inputSchema } from '../../engine/index.ts'
import { ATTESTATIONS_MAX, labelOf, type Artifact, type Loaded } from '../../registry/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import { verifyDocument } from '../verification/documents.ts'
import { notFound } from '../flow/load.ts'
import { notJson, problem, problemOfDiagnostics, type Problem } from '../http/problem.ts'

type Refused = { readonly problem: Problem }

/** `POST /artifacts`: the document in either form, or an envelope of document and signature. */
export async function publishArtifact(call: Call<Buffer>): Promise<Reply | Refused> {
  const publication = readPublication(call)
  if ('problem' in publication) return publication
  const { tenant, id: publishedBy } = known(call.principal)
  const result = await call.services.registry.publish({ ...publication, tenant, publishedBy })
  if ('refused' in result) return { problem: problemOfDiagnostics(result.diagnostics) }
  const { artifact, isNew, warnings } = result
  const body = { ...describeArtifact(artifact), warnings }
  return { status: isNew ? 201 : 200, body, headers: { location: `/artifacts/${artifact.id}` } }
}

type Envelope = { readonly bytes: Uint8Array; readonly attestations?: readonly unknown[]; readonly readme?: string }

/** JSON with a member `document` is the envelope `{document, signature?, attestations?, readme?}`; a document has no such member. */
function readPublication(call: Call<Buffer>): Envelope | Refused {
  if (!call.contentType.startsWith('application/json')) return { bytes: call.body }
  const json = readJson(call.body)
  if (!json.ok) return { problem: notJson('the body', json) }
  const { value } = json
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'document')) return { bytes: call.body }
  const { document, signature, attestations = [], readme, ...rest } = value as Record<string, unknown>
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) return misread(`the envelope has an unknown member ${unknown}`)
  if (!Array.isArray(attestations) || attestations.length > ATTESTATIONS_MAX)
    return misread(`attestations are a list of at most ${ATTESTATIONS_MAX} bundles`)
  if (readme !== undefined && typeof readme !== 'string') return misread('the README is a text')
  const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document), encodingOf(document))
  const all = signature === undefined ? attestations : [signature, ...(attestations as unknown[])]
  return { bytes, attestations: all, ...(readme !== undefined && { readme }) }
}

const misread = (detail: string): Refused => ({ problem: problem('ANRF5004', detail) })

const encodingOf = (document: unknown): BufferEncoding => (typeof document === 'string' ? 'base64' : 'utf8')

type ListQuery = {
  readonly name?: string
  readonly q?: string
  readonly tag?: string
  readonly capability?: string
  readonly after?: string
  readonly limit?: string
}

/** `GET /artifacts`: a list, or a search. */
export async function listArtifacts(call: Call<unknown, ListQuery>): Promise<Reply | Refused> {
  const limit = Number(call.query.limit ?? 100)
  const { name, after, q: text, tag, capability } = call.query
  if (text !== undefined || tag !== undefined || capability !== undefined) {
    if (name !== undefined || after !== undefined) return misread('a search takes no `name` and no `after`')
    const { tenant } = known(call.principal)
    const best = await call.services.registry.search(tenant, { text, tag, capability }, limit)
    return { status: 200, body: { artifacts: best.map(describeArtifact) } }
  }
  const query = {
    tenant: known(call.principal).tenant,
    limit,
    ...(name === undefined ? {} : { name }),
    ...(after === undefined ? {} : { after }),
  }
  const found = await call.services.registry.list(query)
  const last = found.at(-1)
  const body = {
    artifacts: found.map(describeArtifact),
    ...(last && found.length === limit ? { next: last.id } : {}),
  }
  return { status: 200, body }
}

/** `GET /artifacts/{id}` */
export async function getArtifact(call: Call): Promise<Reply | Refused> {
  const loaded = await loadArtifact(call)
  if ('problem' in loaded) return loaded
  const { artifact, opened, signedBy } = loaded
  const { document, module } = opened
  const body = {
    ...describeArtifact(artifact),
    description: document.intent.description,
    tags: document.intent.tags,
    constraints: constraintsOf(document),
    entries: module.entries.map(({ name }) => ({ name, inputs: inputSchema(module, name) })),
    capabilities: document.security.capabilities.map(({ name }) => name),
    limits: limitsOf(document.security),
    verification: await verifyDocument(call.services, loaded),
    hasReadme: artifact.readme !== undefined,
    signedBy: signedBy.map(({ keyId, name }) => ({ keyId, name })),
    attestations: artifact.attestationCount,
  }
  return { status: 200, body }
}

/** `POST /verify/{anrfId}`: asks the verifiers anew, whatever they said before. */
export async function verifyArtifact(call: Call): Promise<Reply | Refused> {
  const loaded = await loadArtifact(call, 'anrfId')
  if ('problem' in loaded) return loaded
  const { id, name, version } = loaded.artifact
  const report = await verifyDocument(call.services, loaded, { isAnew: true })
  return { status: 200, body: { anrfId: id, name, version, ...report } }
}

function constraintsOf({ intent }: Document): readonly object[] {
  return intent.constraints.map(({ type, description, formalSpec }) => ({
    type,
    description,
    ...(formalSpec !== '' && { formalSpec }),
  }))
}

/** `GET /artifacts/{id}/document` */
export async function getDocument(call: Call<unknown, { form?: string }>): Promise<Reply | Refused> {
  const loaded = await loadArtifact(call)
  if ('problem' in loaded) return loaded
  if (call.query.form === 'json') return { status: 200, body: documentJson(loaded.opened.document) }
  const headers = { 'content-type': 'application/octet-stream' }
  return { status: 200, body: Buffer.from(await call.services.registry.read(loaded.artifact)), headers }
}

/** `GET /artifacts/{id}/readme` */
export async function getReadme(call: Call): Promise<Reply | Refused> {
  const found = await findArtifact(call, 'id')
  if ('problem' in found) return found
  const bytes = await call.services.registry.readme(found)
  if (!bytes) return { problem: problem('ANRF5003', `${labelOf(found)} has no README`) }
  return { status: 200, body: Buffer.from(bytes), headers: { 'content-type': 'text/markdown; charset=utf-8' } }
}

async function loadArtifact(call: Call, param: 'id' | 'anrfId' = 'id'): Promise<Loaded | Refused> {
  const artifact = await findArtifact(call, param)
  if ('problem' in artifact) return artifact
  const loaded = await call.services.registry.load(artifact)
  return 'diagnostics' in loaded ? { problem: problemOfDiagnostics(loaded.diagnostics) } : loaded
}

/** The artifact of the caller's tenant that a parameter of the path stands for. */
export async function findArtifact(
  { services, params, principal }: Call,
  param: 'id' | 'anrfId' | 'other',
): Promise<Artifact | Refused> {
  const reference = known(params[param])
  const artifact = await services.registry.resolve(known(principal).tenant, reference)
  return artifact ?? { problem: notFound(reference) }
}

export function describeArtifact(artifact: Artifact): object {
  const { id, name, version, sizeBytes, publishedAt, publishedBy, signatureCount, yanked, approval } = artifact
  const isSigned = signatureCount > 0
  return { id, name, version, sizeBytes, isSigned, publishedAt, publishedBy, yanked, approval }
}
