import { recordEvent, type AuditEvent } from '../audit/index.ts'
import { diagnostic, type Diagnostic } from '../base/index.ts'
import {
  encodeDocument,
  isProgramName,
  isProgramVersion,
  openDocument,
  type Opened,
  type TrustedKey,
} from '../document/index.ts'
import { isDuplicate, StoreError, type Query, type Store } from '../store/index.ts'
import { artifactOf, type Artifact, type ArtifactRow } from './artifact.ts'
import { createCache } from './cache.ts'
import { newestVersion, parseReference } from './versions.ts'

type RegistryOptions = {
  readonly store: Store
  /** Keys whose signatures count. */
  readonly trustedKeys?: readonly TrustedKey[]
  /** Whether documents without a signature are refused. */
  readonly signatureRequired?: boolean
  /** Told of every load whether it was in memory. */
  readonly onLoad?: (isKnown: boolean) => void
}

/** What is published: the document in either form, with its signature bundle if there is one. */
type Publication = {
  readonly tenant: string
  readonly bytes: Uint8Array
  readonly signature?: unknown
  readonly publishedBy: string
}

export type PublishResult =
  /** `isNew` is false when the same document was there already. */
  | { readonly artifact: Artifact; readonly isNew: boolean; readonly warnings: readonly Diagnostic[] }
  | { readonly refused: 'invalid' | 'conflict'; readonly diagnostics: readonly Diagnostic[] }

/** A document that was found, read and checked, ready to run. */
export type Loaded = { readonly artifact: Artifact; readonly opened: Opened }

type ArtifactQuery = {
  readonly tenant: string
  readonly name?: string
  readonly after?: string
  readonly limit: number
}

/** Names, versions and digests over the store. Failures of the store are thrown as `StoreError`. */
export type Registry = {
  publish(publication: Publication): Promise<PublishResult>
  /** The artifact of `sha256:...`, `name@1.2.0` or a bare name (its newest version). */
  resolve(tenant: string, reference: string): Promise<Artifact | undefined>
  /** Reads an artifact and checks digest, schema, rules and signature again; what was checked is kept in memory. */
  load(artifact: Artifact): Promise<Loaded | { readonly diagnostics: readonly Diagnostic[] }>
  /** Artifacts in the order of their ids, those after the id `after`. */
  list(query: ArtifactQuery): Promise<readonly Artifact[]>
  /** The stored bytes of the document, in protobuf form. */
  read(artifact: Artifact): Promise<Uint8Array>
}

const LOADED_MAX = 256

export function createRegistry(options: RegistryOptions): Registry {
  const { sql } = options.store
  const loaded = createCache<Awaited<ReturnType<Registry['load']>>>(
    LOADED_MAX,
    (value) => !('diagnostics' in value),
    options.onLoad,
  )
  const rows = (where: string, params: readonly (string | number)[]): Promise<readonly ArtifactRow[]> =>
    sql.query<ArtifactRow>(`select * from artifact ${where}`, params)

  async function resolve(tenant: string, reference: string): Promise<Artifact | undefined> {
    const asked = parseReference(reference)
    if (asked.kind === 'id') return first(await rows('where tenant = ? and id = ?', [tenant, asked.id]))
    if (asked.kind === 'version')
      return first(await rows('where tenant = ? and name = ? and version = ?', [tenant, asked.name, asked.version]))
    const named = await sql.query<{ version: string }>('select version from artifact where tenant = ? and name = ?', [
      tenant,
      asked.name,
    ])
    const version = newestVersion(named.map((row) => row.version))
    return version === undefined
      ? undefined
      : first(await rows('where tenant = ? and name = ? and version = ?', [tenant, asked.name, version]))
  }

  return {
    publish: (publication) => publish(options, publication),
    resolve,
    load: (artifact) => loaded.get(`${artifact.tenant}/${artifact.id}`, () => load(options, artifact)),
    list: async ({ tenant, name, after = '', limit }) => {
      const found = await (name === undefined
        ? rows('where tenant = ? and id > ? order by id limit ?', [tenant, after, limit])
        : rows('where tenant = ? and name = ? and id > ? order by id limit ?', [tenant, name, after, limit]))
      return found.map(artifactOf)
    },
    read: (artifact) => readBlob(options.store, artifact),
  }
}

const first = (rows: readonly ArtifactRow[]): Artifact | undefined => rows[0] && artifactOf(rows[0])

async function publish(
  options: RegistryOptions,
  { tenant, bytes, signature, publishedBy }: Publication,
): Promise<PublishResult> {
  const opened = openDocument(bytes, { ...trustOf(options), ...(signature === undefined ? {} : { signature }) })
  if ('diagnostics' in opened) return { refused: 'invalid', diagnostics: opened.diagnostics }
  // One encoding whatever form came, so that equal documents are equal bytes. The blob is durable before its row.
  const encoded = encodeDocument(opened.document)
  const blob = await options.store.blobs.put(encoded)
  const artifact: Artifact = {
    tenant,
    id: opened.id,
    ...nameOf(opened),
    blob,
    sizeBytes: encoded.length,
    signature: signature === undefined ? undefined : JSON.stringify(signature),
    publishedAt: new Date().toISOString(),
    publishedBy,
  }
  const kept = await insert(options.store, artifact)
  if (!kept) return conflict(artifact)
  return { artifact: kept, isNew: kept === artifact, warnings: opened.warnings }
}

/** A version stands for one document for ever, so a name counts only together with a version. */
function nameOf({ document }: Opened): { name: string | undefined; version: string | undefined } {
  const { name = '', version = '' } = document.metadata
  const isNamed = isProgramName(name) && isProgramVersion(version)
  return isNamed ? { name, version } : { name: undefined, version: undefined }
}

/** The artifact that the store holds now under this id; undefined when its version is another document's. */
async function insert(store: Store, artifact: Artifact): Promise<Artifact | undefined> {
  const { tenant, id, name, version, blob, sizeBytes, signature, publishedAt, publishedBy } = artifact
  return store.sql.tx(async (query) => {
    const present = first(await query<ArtifactRow>('select * from artifact where tenant = ? and id = ?', [tenant, id]))
    if (present) return signature === undefined ? present : addSignature(query, present, signature, publishedBy)
    try {
      await query(
        `insert into artifact (tenant, id, name, version, blob, size_bytes, signature, published_at, published_by)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [tenant, id, name ?? null, version ?? null, blob, sizeBytes, signature ?? null, publishedAt, publishedBy],
      )
      await recordEvent(query, publicationOf(artifact, publishedBy))
      return artifact
    } catch (error) {
      if (isDuplicate(error)) return undefined
      throw error
    }
  })
}

/** A signature may come later than its document, which it does not change; the first one stays. */
async function addSignature(query: Query, present: Artifact, signature: string, by: string): Promise<Artifact> {
  if (present.signature !== undefined) return present
  await query('update artifact set signature = ? where tenant = ? and id = ? and signature is null', [
    signature,
    present.tenant,
    present.id,
  ])
  const signed = { ...present, signature }
  await recordEvent(query, publicationOf(signed, by))
  return signed
}

/** What is told of a publication: of a document, or of a signature of one that was there. */
function publicationOf({ tenant, id, name, version, signature }: Artifact, principal: string): AuditEvent {
  const details = { name, version, isSigned: signature !== undefined }
  return { action: 'artifacts.publish', tenant, principal, subject: id, outcome: 'done', details }
}

function conflict({ name, version }: Artifact): PublishResult {
  const message = `${name}@${version} is published already, and is another document`
  const hint = 'Published versions are immutable: publish this program under a new version.'
  return { refused: 'conflict', diagnostics: [diagnostic('ANRF5006', { message, hint })] }
}

async function load(options: RegistryOptions, artifact: Artifact): ReturnType<Registry['load']> {
  const bytes = await readBlob(options.store, artifact)
  const signature = artifact.signature === undefined ? {} : { signature: JSON.parse(artifact.signature) as unknown }
  const opened = openDocument(bytes, { ...trustOf(options), ...signature, expectedId: artifact.id })
  return 'diagnostics' in opened ? opened : { artifact, opened }
}

function trustOf({ trustedKeys = [], signatureRequired = false }: RegistryOptions): {
  trustedKeys: readonly TrustedKey[]
  signatureRequired: boolean
} {
  return { trustedKeys, signatureRequired }
}

async function readBlob(store: Store, artifact: Artifact): Promise<Uint8Array> {
  const bytes = await store.blobs.get(artifact.blob)
  if (!bytes) throw new StoreError('corrupt', `the bytes of ${artifact.id} are missing`)
  return bytes
}
