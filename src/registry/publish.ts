import { diagnostic, type Diagnostic } from '../base/index.ts'
import { recordEvent } from '../audit/index.ts'
import { encodeDocument, isProgramName, isProgramVersion, openDocument, type Opened } from '../document/index.ts'
import { checkScopes } from '../effects/index.ts'
import type { Query } from '../store/index.ts'
import { baselineOf, type Baseline } from './approval.ts'
import type { Artifact } from './artifact.ts'
import { checkAttestations, isSignature, type CheckedAttestation } from './attestations/check.ts'
import { addAttestations, ATTESTATIONS_MAX } from './attestations/store.ts'
import { insertCalls } from './calls.ts'
import type { RegistryContext } from './context.ts'
import { signersOf } from './load.ts'
import { findById } from './rows.ts'
import { insertTerms, termsOf } from './search.ts'
import { missingSignatures, ruleFor } from './trust.ts'

/** What is published: the document in either form, and what goes with it. */
export type Publication = {
  readonly tenant: string
  readonly bytes: Uint8Array
  /** Sigstore bundles with signatures and other statements about the document. */
  readonly attestations?: readonly unknown[]
  /** A text in Markdown for readers. */
  readonly readme?: string
  readonly publishedBy: string
}

export type PublishResult =
  /** `isNew` is false when the same document was there already. */
  | { readonly artifact: Artifact; readonly isNew: boolean; readonly warnings: readonly Diagnostic[] }
  | { readonly refused: 'invalid' | 'conflict'; readonly diagnostics: readonly Diagnostic[] }

/** Bytes of a README. */
const README_BYTES_MAX = 1 << 20

/** How often a publication is tried that others overtake. */
const ATTEMPTS_MAX = 10

type Checked = {
  readonly publication: Publication
  readonly opened: Opened
  readonly attestations: readonly CheckedAttestation[]
  readonly encoded: Uint8Array
  readonly blob: string
  readonly readme: string | undefined
}

/** Checks all of a publication before anything of it is taken. */
export async function publish(context: RegistryContext, publication: Publication): Promise<PublishResult> {
  const { store, trust } = context
  const opened = openDocument(publication.bytes)
  if ('diagnostics' in opened) return invalid(opened.diagnostics)
  const unread = checkScopes(opened.document.security.capabilities)
  if (unread.length > 0) return invalid(unread)
  const attestations = checkAttestations(publication.attestations ?? [], opened.id, trust.keys, '/attestations')
  if ('diagnostics' in attestations) return invalid(attestations.diagnostics)
  if (Buffer.byteLength(publication.readme ?? '') > README_BYTES_MAX)
    return invalid([diagnostic('ANRF3008', { message: `the README is larger than ${README_BYTES_MAX} bytes` })])
  const unsigned = await refuseUnsigned(context, publication, opened, attestations)
  if (unsigned) return invalid([unsigned])
  // One encoding whatever form came, so that equal documents are equal bytes.
  const encoded = encodeDocument(opened.document)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    // Blobs are durable before their row, and looked at again with it: a sweep may have come between.
    const blob = await store.blobs.put(encoded)
    const readme = publication.readme === undefined ? undefined : await store.blobs.put(Buffer.from(publication.readme))
    const baseline = await baselineOf(context, publication.tenant, opened)
    const checked: Checked = { publication, opened, attestations, encoded, blob, readme }
    const kept = await store.sql.tx((query) => insert(context, query, checked, baseline)).catch(refusedBy)
    if (kept !== 'overtaken') return kept
  }
  throw new Error(`a publication of ${opened.id} was overtaken ${ATTEMPTS_MAX} times`)
}

/** Ends a transaction so that nothing of it happened. */
class Refused extends Error {
  readonly result: PublishResult

  constructor(result: PublishResult) {
    super('the publication is refused')
    this.result = result
  }
}

function refusedBy(error: unknown): PublishResult {
  if (error instanceof Refused) return error.result
  throw error
}

const invalid = (diagnostics: readonly Diagnostic[]): PublishResult => ({ refused: 'invalid', diagnostics })

/** The first signature that a rule asks for comes with the document; the others may come later, and until then it does not run. */
async function refuseUnsigned(
  { store, trust }: RegistryContext,
  { tenant }: Publication,
  opened: Opened,
  given: readonly CheckedAttestation[],
): Promise<Diagnostic | undefined> {
  const { name } = nameOf(opened)
  const rule = ruleFor(trust, name)
  if (!rule || rule.count === 0) return undefined
  const present = await findById(store.sql, tenant, opened.id)
  const signers = [
    ...(present ? await signersOf(store, trust, present) : []),
    ...given.filter(isSignature).flatMap(({ signedBy }) => signedBy),
  ]
  const first = { keys: trust.keys, rules: [{ ...rule, count: 1 }] }
  const missing = missingSignatures(first, name, [...new Set(signers)])
  return missing === undefined ? undefined : diagnostic('ANRF3003', { message: missing })
}

/** A version stands for one document for ever, so a name counts only together with a version. */
function nameOf({ document }: Opened): { name: string | undefined; version: string | undefined } {
  const { name = '', version = '' } = document.metadata
  const isNamed = isProgramName(name) && isProgramVersion(version)
  return isNamed ? { name, version } : { name: undefined, version: undefined }
}

async function insert(
  context: RegistryContext,
  query: Query,
  checked: Checked,
  baseline: Baseline,
): Promise<PublishResult | 'overtaken'> {
  const { publication, opened, blob, readme } = checked
  const { tenant } = publication
  const { blobs } = context.store
  if (!blobs.has(blob) || (readme !== undefined && !blobs.has(readme)) || !(await baseline.isStill(query)))
    return 'overtaken'
  const present = await findById({ query }, tenant, opened.id)
  if (!present) await insertNew(query, checked, baseline)
  else if (present.readme === undefined && readme !== undefined) {
    await query('update artifact set readme = ? where tenant = ? and id = ?', [readme, tenant, opened.id])
  } else if (readme !== undefined && present.readme !== readme) throw new Refused(conflictOf('README', present))
  const added = await addAttestations(query, { tenant, id: opened.id }, checked.attestations, publication.publishedBy)
  if ('full' in added) {
    const message = `an artifact has at most ${ATTESTATIONS_MAX} statements about it`
    throw new Refused(invalid([diagnostic('ANRF5050', { message })]))
  }
  const artifact = await findById({ query }, tenant, opened.id)
  if (!artifact) throw new Error('a row that was just written is not there')
  const isChanged = !present || added.added > 0 || present.readme !== artifact.readme
  if (isChanged) await record(query, artifact, publication, added.added)
  return { artifact, isNew: !present, warnings: [...opened.warnings, ...baseline.warnings] }
}

async function insertNew(query: Query, checked: Checked, baseline: Baseline): Promise<void> {
  const { publication, opened, encoded, blob, readme } = checked
  const { tenant, publishedBy } = publication
  const { name, version } = nameOf(opened)
  const about = [tenant, opened.id, name ?? null, version ?? null, blob, encoded.length, readme ?? null]
  const { widens = null } = baseline
  const inserted = await query(
    `insert into artifact (tenant, id, name, version, blob, size_bytes, readme, published_at, published_by, approval, widens)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id`,
    [...about, new Date().toISOString(), publishedBy, widens === null ? null : 'waiting', widens],
  )
  if (inserted.length === 0) throw new Refused(conflictOf('document', { name, version }))
  await insertTerms(query, { tenant, id: opened.id }, termsOf(opened, publication.readme ?? ''))
  await insertCalls(query, { tenant, id: opened.id }, opened)
}

function conflictOf(what: string, { name, version }: Pick<Artifact, 'name' | 'version'>): PublishResult {
  const message = `${name}@${version} is published already, and has another ${what}`
  const hint = 'Published versions are immutable: publish this program under a new version.'
  return { refused: 'conflict', diagnostics: [diagnostic('ANRF5006', { message, hint })] }
}

function record(query: Query, artifact: Artifact, { publishedBy }: Publication, added: number): Promise<void> {
  const { tenant, id, name, version, approval } = artifact
  const details = { name, version, attestations: added, ...(approval && { approval: approval.state }) }
  return recordEvent(query, {
    action: 'artifacts.publish',
    tenant,
    principal: publishedBy,
    subject: id,
    outcome: 'done',
    details,
  })
}
