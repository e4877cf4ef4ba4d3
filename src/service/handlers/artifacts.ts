import { readJson } from '../../base/index.ts'
import { documentJson, limitsOf, type Document } from '../../document/index.ts'
import { inputSchema } from '../../engine/index.ts'
import type { Artifact, Loaded } from '../../registry/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import { verifyDocument } from '../verification.ts'
import { problem, problemOfDiagnostics, type Problem } from '../problem.ts'

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

/** JSON with a member `document` is the envelope `{document, signature?}`; a document itself has no such member. */
function readPublication(call: Call<Buffer>): { bytes: Uint8Array; signature?: unknown } | Refused {
  if (!call.contentType.startsWith('application/json')) return { bytes: call.body }
  const json = readJson(call.body)
  if (!json.ok) return { problem: problem('ANRF4004', `the body is not JSON: ${json.message}`) }
  const { value } = json
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'document')) return { bytes: call.body }
  const { document, signature, ...rest } = value as { document: unknown; signature?: unknown }
  const unknown = Object.keys(rest)
  if (unknown.length > 0) return { problem: problem('ANRF5004', `the envelope has an unknown member ${unknown[0]}`) }
  const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document), encodingOf(document))
  return signature === undefined ? { bytes } : { bytes, signature }
}

const encodingOf = (document: unknown): BufferEncoding => (typeof document === 'string' ? 'base64' : 'utf8')

/** `GET /artifacts` */
export async function listArtifacts(
  call: Call<unknown, { name?: string; after?: string; limit?: string }>,
): Promise<Reply> {
  const limit = Number(call.query.limit ?? 100)
  const { name, after } = call.query
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
  const { document, module } = loaded.opened
  const body = {
    ...describeArtifact(loaded.artifact),
    description: descriptionOf(document),
    entries: module.entries.map(({ name }) => ({ name, inputs: inputSchema(module, name) })),
    capabilities: document.security.capabilities.map(({ name }) => name),
    limits: limitsOf(document.security),
    verification: await verifyDocument(call.services, loaded),
  }
  return { status: 200, body }
}

/** `POST /verify/{anrfId}`: asks the verifiers anew, whatever they said before. */
export async function verifyArtifact(call: Call): Promise<Reply | Refused> {
  const loaded = await loadArtifact(call, known(call.params['anrfId']))
  if ('problem' in loaded) return loaded
  const { id, name, version } = loaded.artifact
  const report = await verifyDocument(call.services, loaded, { isAnew: true })
  return { status: 200, body: { anrfId: id, name, version, ...report } }
}

/** `GET /artifacts/{id}/document` */
export async function getDocument(call: Call<unknown, { form?: string }>): Promise<Reply | Refused> {
  const loaded = await loadArtifact(call)
  if ('problem' in loaded) return loaded
  if (call.query.form === 'json') return { status: 200, body: documentJson(loaded.opened.document) }
  const headers = { 'content-type': 'application/octet-stream' }
  return { status: 200, body: Buffer.from(await call.services.registry.read(loaded.artifact)), headers }
}

async function loadArtifact(
  { services, params, principal }: Call,
  reference = known(params['id']),
): Promise<Loaded | Refused> {
  const artifact = await services.registry.resolve(known(principal).tenant, reference)
  if (!artifact) return { problem: problem('ANRF5003', `there is no artifact ${JSON.stringify(reference)}`) }
  const loaded = await services.registry.load(artifact)
  return 'diagnostics' in loaded ? { problem: problemOfDiagnostics(loaded.diagnostics) } : loaded
}

function describeArtifact(artifact: Artifact): object {
  const { id, name, version, sizeBytes, publishedAt, publishedBy, signature } = artifact
  return { id, name, version, sizeBytes, isSigned: signature !== undefined, publishedAt, publishedBy }
}

function descriptionOf(document: Document): string {
  return document.intent.description
}
