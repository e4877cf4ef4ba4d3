import { diagnostic, sha256Hex, type Diagnostic } from '../../base/index.ts'
import { canonicalJson, isAbout, SIGNATURE_TYPE, verifyStatement, type TrustedKey } from '../../document/index.ts'
import { checkPredicate } from './predicates.ts'

/** A statement about a document that was checked: by a trusted key, about this document, and of the form of its type. */
export type CheckedAttestation = {
  readonly predicateType: string
  /** The bundle as canonical JSON: equal bundles are equal text. */
  readonly bundle: string
  /** The trusted keys that signed it. */
  readonly signedBy: readonly TrustedKey[]
}

/** Bytes of one bundle. */
const BUNDLE_BYTES_MAX = 1 << 20

export const isSignature = ({ predicateType }: { readonly predicateType: string }): boolean =>
  predicateType === SIGNATURE_TYPE

/** The digest by which an attestation is told from others. */
export const attestationDigest = (bundle: string): string => `sha256:${sha256Hex(bundle)}`

/** Checks a bundle, which may be anything, for the document `id`; `pointer` is where it stands in what was sent. */
export function checkAttestation(
  given: unknown,
  id: string,
  trusted: readonly TrustedKey[],
  pointer: string,
): CheckedAttestation | { readonly diagnostics: readonly Diagnostic[] } {
  const verified = verifyStatement(given, undefined, trusted)
  if ('problem' in verified) return refuse('ANRF3003', verified.problem, `${pointer}${verified.at}`)
  const { statement, keys: signedBy } = verified
  const at = `${pointer}/dsseEnvelope/payload`
  if (!isAbout(statement, id.slice('sha256:'.length)))
    return refuse('ANRF3003', 'the signed statement is about another document', at)
  const problem = checkPredicate(statement.predicateType, statement.predicate)
  if (problem !== undefined) return refuse('ANRF5050', problem, at)
  const bundle = canonicalJson(given)
  if (Buffer.byteLength(bundle) > BUNDLE_BYTES_MAX)
    return refuse('ANRF5050', `the bundle is larger than ${BUNDLE_BYTES_MAX} bytes`, pointer)
  return { predicateType: statement.predicateType, bundle, signedBy }
}

/** Checks several bundles; all that is wrong is told together. */
export function checkAttestations(
  given: readonly unknown[],
  id: string,
  trusted: readonly TrustedKey[],
  pointer: string,
): readonly CheckedAttestation[] | { readonly diagnostics: readonly Diagnostic[] } {
  const checked = given.map((one, i) => checkAttestation(one, id, trusted, `${pointer}/${i}`))
  const diagnostics = checked.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if (diagnostics.length > 0) return { diagnostics }
  return checked.flatMap((one) => ('diagnostics' in one ? [] : [one]))
}

function refuse(
  code: 'ANRF3003' | 'ANRF5050',
  message: string,
  pointer: string,
): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [diagnostic(code, { message, pointer })] }
}
