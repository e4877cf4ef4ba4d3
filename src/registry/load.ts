import { diagnostic, type Diagnostic } from '../base/index.ts'
import { openDocument, SIGNATURE_TYPE, verifySignature, type TrustedKey } from '../document/index.ts'
import { StoreError, type Store } from '../store/index.ts'
import { labelOf, type Artifact } from './artifact.ts'
import { listAttestations } from './attestations/store.ts'
import type { Loaded, RegistryContext, Unloaded } from './context.ts'
import { missingSignatures, ruleFor, type Trust } from './trust.ts'

/** Reads an artifact and checks digest, schema, rules and signatures again; what was checked is kept in memory. */
export async function load(context: RegistryContext, artifact: Artifact): Promise<Loaded | Unloaded> {
  const { tenant, id, signatureCount } = artifact
  const loaded = await context.loaded.get(`${tenant}/${id}/${signatureCount}`, () => loadAnew(context, artifact))
  // What may change without a new signature is that of the row which was just read.
  return 'diagnostics' in loaded ? loaded : { ...loaded, artifact }
}

async function loadAnew({ store, trust }: RegistryContext, artifact: Artifact): Promise<Loaded | Unloaded> {
  const opened = openDocument(await readBlob(store, artifact, artifact.blob), { expectedId: artifact.id })
  if ('diagnostics' in opened) return opened
  const signedBy = await signersOf(store, trust, artifact)
  const refusal = refusalOf(trust, artifact, signedBy)
  return refusal ? { diagnostics: [refusal] } : { artifact, opened, signedBy }
}

/** The trusted keys whose signatures of an artifact are valid now. */
export async function signersOf(store: Store, trust: Trust, artifact: Artifact): Promise<readonly TrustedKey[]> {
  if (artifact.signatureCount === 0) return []
  const signatures = await listAttestations(store.sql, artifact, SIGNATURE_TYPE)
  const signers = new Set<TrustedKey>()
  for (const { bundle } of signatures) {
    const verified = verifySignature(bundle, artifact.id, trust.keys)
    if ('keys' in verified) for (const key of verified.keys) signers.add(key)
  }
  return [...signers]
}

/** Why an artifact with these signers may not run here, if so. */
function refusalOf(trust: Trust, artifact: Artifact, signers: readonly TrustedKey[]): Diagnostic | undefined {
  const missing = missingSignatures(trust, artifact.name, signers)
  if (missing !== undefined) return diagnostic('ANRF3003', { message: `${labelOf(artifact)}: ${missing}` })
  // Somebody stood for it who is not believed here, or no longer.
  if (artifact.signatureCount > 0 && signers.length === 0)
    return diagnostic('ANRF3003', { message: `${labelOf(artifact)} is signed, but by no trusted key` })
  return undefined
}

/** Whether a rule asks for more signatures than an artifact has; cheap where no rule asks for any. */
export async function isSignedEnough({ store, trust }: RegistryContext, artifact: Artifact): Promise<boolean> {
  const count = ruleFor(trust, artifact.name)?.count ?? 0
  if (count === 0) return true
  return missingSignatures(trust, artifact.name, await signersOf(store, trust, artifact)) === undefined
}

/** A blob of an artifact; its bytes are checked against their digest at every read. */
export async function readBlob(store: Store, { id }: Artifact, digest: string): Promise<Uint8Array> {
  const bytes = await store.blobs.get(digest)
  if (!bytes) throw new StoreError('corrupt', `the bytes ${digest} of ${id} are missing`)
  return bytes
}
