import { diagnostic, type Diagnostic } from '../base/index.ts'
import type { Document } from './document.ts'
import { signEnvelope, verifyEnvelope, type Envelope, type SigningKey, type TrustedKey } from './dsse.ts'
import { canonicalJson, documentId, isDocumentId } from './identity.ts'

const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
const PREDICATE_TYPE = 'urn:anrf:predicate:document:v1'

/** What a hostile bundle may make the reader do: one Ed25519 verification per signature and key. */
const SIGNATURES_MAX = 16
const PAYLOAD_CHARACTERS_MAX = 1 << 20

/** The signature of a document, in the shape of a Sigstore bundle; travels beside the document. */
export type SignatureBundle = {
  readonly mediaType: typeof BUNDLE_TYPE
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } }
  readonly dsseEnvelope: Envelope
}

/** Signs an in-toto Statement v1 whose subject is the identity of the document. Same document and key, same bundle. */
export function signDocument(document: Document, key: SigningKey): SignatureBundle {
  const { name = '', version = '' } = document.metadata
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: `${name}@${version}`, digest: { sha256: documentId(document).slice('sha256:'.length) } }],
    predicateType: PREDICATE_TYPE,
    predicate: { name, version },
  }
  return {
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint: key.keyId } },
    dsseEnvelope: signEnvelope(PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), key),
  }
}

/**
 * Checks that a bundle, which may be anything, holds a signature by a trusted key over a
 * statement about the document `id`; the key, or ANRF3003 with what is wrong.
 */
export function verifySignature(
  bundle: unknown,
  id: string,
  trusted: readonly TrustedKey[],
): { readonly key: TrustedKey } | { readonly diagnostics: readonly Diagnostic[] } {
  const refuse = (message: string, pointer = ''): { readonly diagnostics: readonly Diagnostic[] } => ({
    diagnostics: [diagnostic('ANRF3003', { message, pointer })],
  })
  if (trusted.length === 0) return refuse('there is no trusted key to check the signature with')
  const envelope = readEnvelope(bundle)
  if (typeof envelope === 'string') return refuse(envelope, '/dsseEnvelope')
  const key = verifyEnvelope(envelope, trusted)
  if (!key) return refuse('the signature is not by a trusted key over this payload', '/dsseEnvelope/signatures')
  const problem = checkStatement(Buffer.from(envelope.payload, 'base64').toString('utf8'), id)
  return problem === undefined ? { key } : refuse(problem, '/dsseEnvelope/payload')
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

/** What is wrong with a signed statement about `id`, if anything. The signer vouched for its form, not for its subject. */
function checkStatement(text: string, id: string): string | undefined {
  const statement = parseJson(text)
  if (member(statement, '_type') !== STATEMENT_TYPE) return 'the payload is not an in-toto Statement v1'
  if (member(statement, 'predicateType') !== PREDICATE_TYPE) return `the statement is not of type ${PREDICATE_TYPE}`
  const subjects = member(statement, 'subject')
  const digests = Array.isArray(subjects) ? subjects.map((subject) => member(member(subject, 'digest'), 'sha256')) : []
  const signed = isDocumentId(id) && digests.includes(id.slice('sha256:'.length))
  return signed ? undefined : 'the signed statement is about another document'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
}
