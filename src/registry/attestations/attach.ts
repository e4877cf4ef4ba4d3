import { recordEvent } from '../../audit/index.ts'
import { diagnostic, type Diagnostic } from '../../base/index.ts'
import type { Artifact } from '../artifact.ts'
import type { RegistryContext } from '../context.ts'
import { findById } from '../rows.ts'
import { attestationDigest, checkAttestation, isSignature, type CheckedAttestation } from './check.ts'
import { addAttestations, ATTESTATIONS_MAX } from './store.ts'

export type AttachResult =
  | { readonly artifact: Artifact; readonly digest: string; readonly predicateType: string; readonly isNew: boolean }
  | { readonly diagnostics: readonly Diagnostic[] }

/** Adds a statement about an artifact that came later than it; with `onlySignature` nothing but a signature. */
export async function attach(
  { store, trust }: RegistryContext,
  artifact: Artifact,
  bundle: unknown,
  by: string,
  onlySignature: boolean,
): Promise<AttachResult> {
  const checked = checkAttestation(bundle, artifact.id, trust.keys, '')
  if ('diagnostics' in checked) return checked
  if (onlySignature && !isSignature(checked)) {
    const message = `the statement is no signature, but of type ${checked.predicateType}`
    return refuse(message, 'Other statements go to the referrers of the artifact.')
  }
  return store.sql.tx(async (query) => {
    const { tenant, id } = artifact
    const added = await addAttestations(query, artifact, [checked], by)
    if ('full' in added) return refuse(`an artifact has at most ${ATTESTATIONS_MAX} statements about it`)
    const isNew = added.added > 0
    const action = isSignature(checked) ? 'artifacts.sign' : 'artifacts.attest'
    const details = {
      predicateType: checked.predicateType,
      digest: attestationDigest(checked.bundle),
      keys: keysOf(checked),
    }
    if (isNew) await recordEvent(query, { action, tenant, principal: by, subject: id, outcome: 'done', details })
    const { digest } = details
    return {
      artifact: (await findById({ query }, tenant, id)) ?? artifact,
      digest,
      predicateType: checked.predicateType,
      isNew,
    }
  })
}

const keysOf = ({ signedBy }: CheckedAttestation): readonly string[] => signedBy.map(({ keyId }) => keyId)

function refuse(message: string, hint?: string): AttachResult {
  return { diagnostics: [diagnostic('ANRF5050', { message, ...(hint !== undefined && { hint }) })] }
}
