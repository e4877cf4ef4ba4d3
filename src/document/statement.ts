import { readJson } from '../base/index.ts'
import { signEnvelope, verifyEnvelope, type Envelope, type SigningKey, type TrustedKey } from './dsse.ts'
import { canonicalJson } from './identity.ts'

const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'

/** What a hostile bundle may make the reader do: one Ed25519 verification per signature and key. */
const SIGNATURES_MAX = 16
const PAYLOAD_CHARACTERS_MAX = 1 << 20

/** A signed statement, in the shape of a Sigstore bundle. */
export type SignatureBundle = {
  readonly mediaType: typeof BUNDLE_TYPE
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } }
  readonly dsseEnvelope: Envelope
}

/** A claim about something that is named by its SHA-256 (in-toto Attestation Framework, Statement v1). */
export type Statement = {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicateType: string
  readonly predicate: unknown
}

/** Signs a statement as a DSSE envelope. Same statement and key, same bundle. */
export function signStatement({ subject, predicateType, predicate }: Statement, key: SigningKey): SignatureBundle {
  const payload = Buffer.from(canonicalJson({ _type: STATEMENT_TYPE, subject, predicateType, predicate }))
  return {
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint: key.keyId } },
    dsseEnvelope: signEnvelope(PAYLOAD_TYPE, payload, key),
  }
}

/** What keeps a bundle from being a signed statement of the type that is expected; `at` points into the bundle. */
export type Unsigned = { readonly problem: string; readonly at: string }

/** The statement of a bundle, which may be anything, of the given type or of any, and the trusted keys that signed it. */
export function verifyStatement(
  bundle: unknown,
  predicateType: string | undefined,
  trusted: readonly TrustedKey[],
): { readonly statement: Statement; readonly keys: readonly TrustedKey[] } | Unsigned {
  const refuse = (problem: string, at: string): Unsigned => ({ problem, at })
  if (trusted.length === 0) return refuse('there is no trusted key to check the signature with', '')
  const envelope = readEnvelope(bundle)
  if (typeof envelope === 'string') return refuse(envelope, '/dsseEnvelope')
  const keys = verifyEnvelope(envelope, trusted)
  if (keys.length === 0)
    return refuse('the signature is not by a trusted key over this payload', '/dsseEnvelope/signatures')
  const statement = readStatement(Buffer.from(envelope.payload, 'base64'), predicateType)
  return typeof statement === 'string' ? refuse(statement, '/dsseEnvelope/payload') : { statement, keys }
}

/** What a bundle, which may be anything, says that it is; nothing of it is checked but its form. */
export function readUnverified(bundle: unknown): { readonly statement: Statement } | Unsigned {
  const envelope = readEnvelope(bundle)
  if (typeof envelope === 'string') return { problem: envelope, at: '/dsseEnvelope' }
  const statement = readStatement(Buffer.from(envelope.payload, 'base64'), undefined)
  return typeof statement === 'string' ? { problem: statement, at: '/dsseEnvelope/payload' } : { statement }
}

/** Whether a statement is about what has this digest (64 hex digits). */
export function isAbout({ subject }: Statement, sha256: string): boolean {
  return subject.some(({ digest }) => digest.sha256 === sha256)
}

/** The envelope of a bundle, or what keeps the value from being one. */
function readEnvelope(bundle: unknown): Envelope | string {
  if (member(bundle, 'mediaType') !== BUNDLE_TYPE) return `the bundle is not of media type ${BUNDLE_TYPE}`
  const envelope = member(bundle, 'dsseEnvelope')
  const payload = member(envelope, 'payload')
  const signatures = member(envelope, 'signatures')
  if (member(envelope, 'payloadType') !== PAYLOAD_TYPE) return `the payload is not of type ${PAYLOAD_TYPE}`
  if (!isBase64(payload) || payload.length > PAYLOAD_CHARACTERS_MAX)
    return 'the payload is not base64 of a fitting size'
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > SIGNATURES_MAX)
    return `the envelope has not 1 to ${SIGNATURES_MAX} signatures`
  // The key id is a hint that nothing relies on, so it is not read.
  const read = signatures.map((signature) => ({ keyid: '', sig: member(signature, 'sig') }))
  const whole = read.filter((s): s is { keyid: string; sig: string } => isBase64(s.sig) && s.sig.length <= 128)
  return whole.length < read.length
    ? 'a signature is not base64'
    : { payload, payloadType: PAYLOAD_TYPE, signatures: whole }
}

function readStatement(bytes: Uint8Array, expected: string | undefined): Statement | string {
  const json = readJson(bytes)
  const statement = json.ok ? json.value : undefined
  if (member(statement, '_type') !== STATEMENT_TYPE) return 'the payload is not an in-toto Statement v1'
  const predicateType = member(statement, 'predicateType')
  if (expected !== undefined && predicateType !== expected) return `the statement is not of type ${expected}`
  if (typeof predicateType !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*:\S{1,250}$/.test(predicateType))
    return 'the type of the predicate is not a URI'
  const subjects = member(statement, 'subject')
  const subject = (Array.isArray(subjects) ? subjects : []).flatMap((one: unknown) => {
    const [name, sha256] = [member(one, 'name'), member(member(one, 'digest'), 'sha256')]
    return typeof sha256 === 'string' ? [{ name: typeof name === 'string' ? name : '', digest: { sha256 } }] : []
  })
  return { subject, predicateType, predicate: member(statement, 'predicate') }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
}
