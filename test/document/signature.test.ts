import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  buildDocument,
  encodePreAuthentication,
  generateSigningKey,
  signDocument,
  trustedKeyOf,
  verifySignature,
  type SignatureBundle,
  type TrustedKey,
} from '../../src/document/index.ts'
import { sampleParts } from './sample.ts'

const document = buildDocument(sampleParts())
const key = generateSigningKey()
const other = generateSigningKey()
const bundle = signDocument(document, key)

/** The bundle with another envelope, as an attacker may write it. */
function forge(envelope: Partial<SignatureBundle['dsseEnvelope']>): unknown {
  return { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, ...envelope } }
}

function forgePayload(edit: (statement: Record<string, unknown>) => void): unknown {
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as Record<string, unknown>
  edit(statement)
  return forge({ payload: Buffer.from(JSON.stringify(statement)).toString('base64') })
}

function problem(signature: unknown, trustedKeys = [key]): string {
  const verified = verifySignature(signature, document.anrfId, trustedKeys)
  assert.ok('diagnostics' in verified, 'the signature was accepted')
  const [first, ...more] = verified.diagnostics
  assert.deepEqual(more, [])
  assert.equal(first?.code, 'ANRF3003')
  return first.message
}

const signers = (signature: unknown, trustedKeys: readonly TrustedKey[]): string[] => {
  const verified = verifySignature(signature, document.anrfId, trustedKeys)
  return 'keys' in verified ? verified.keys.map(({ keyId }) => keyId) : []
}

test('the pre-authentication encoding is that of the DSSE v1 test vector', () => {
  const encoded = encodePreAuthentication('http://example.com/HelloWorld', Buffer.from('hello world'))
  assert.equal(encoded.toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  // Lengths count bytes, not characters.
  assert.equal(encodePreAuthentication('é', Buffer.from('ü')).toString(), 'DSSEv1 2 é 2 ü')
})

test('a signature says by which trusted keys it is', () => {
  assert.deepEqual(signers(bundle, [other, key]), [key.keyId])
  const throughJson: unknown = JSON.parse(JSON.stringify(bundle))
  assert.deepEqual(signers(throughJson, [key]), [key.keyId])
})

test('an envelope may hold signatures by several keys, and one key counts once', () => {
  const [mine] = bundle.dsseEnvelope.signatures
  const [theirs] = signDocument(document, other).dsseEnvelope.signatures
  const both = forge({ signatures: [mine!, mine!, theirs!] })
  assert.deepEqual(signers(both, [key, other]), [key.keyId, other.keyId])
  assert.deepEqual(signers(both, [other]), [other.keyId])
})

test('signing twice gives the same bundle: a signature adds nothing that differs by time or place', () => {
  assert.deepEqual(signDocument(document, key), bundle)
})

test('the statement is in-toto v1 about the digest of the document', () => {
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as Record<string, unknown>
  assert.equal(statement['_type'], 'https://in-toto.io/Statement/v1')
  assert.deepEqual(statement['subject'], [{ name: 'order-total@1.2.0', digest: { sha256: document.anrfId.slice(7) } }])
})

test('a wrong key, no key, an altered payload and an altered signature are refused', () => {
  assert.match(problem(bundle, [other]), /not by a trusted key/)
  assert.match(problem(bundle, []), /no trusted key/)
  assert.match(problem(forgePayload((s) => (s['predicate'] = {}))), /not by a trusted key/)
  const sig = Buffer.from(bundle.dsseEnvelope.signatures[0]?.sig ?? '', 'base64')
  sig.writeUInt8(sig.readUInt8(5) ^ 1, 5)
  assert.match(
    problem(forge({ signatures: [{ keyid: key.keyId, sig: sig.toString('base64') }] })),
    /not by a trusted key/,
  )
  assert.match(problem(forge({ signatures: [{ keyid: key.keyId, sig: '' }] })), /not by a trusted key/)
})

test('a valid signature of another document is refused', () => {
  const another = buildDocument({ ...sampleParts(), version: '9.9.9' })
  assert.match(problem(signDocument(another, key)), /another document/)
})

test('a trusted key does not vouch for what it signed for other purposes', () => {
  assert.match(problem(forge({ payloadType: 'text/plain' })), /not of type/)
})

test('garbage in place of a bundle is refused, never thrown at', () => {
  const garbage: readonly unknown[] = [
    null,
    0,
    '',
    [],
    {},
    { mediaType: bundle.mediaType },
    { ...bundle, dsseEnvelope: 1 },
    { ...bundle, mediaType: 'x' },
    forge({ payload: '*' }),
    forge({ signatures: [] }),
    { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures: {} } },
    { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures: [null] } },
    { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures: [{ sig: 1 }] } },
    forge({ signatures: Array.from({ length: 17 }, () => ({ keyid: '', sig: 'AAAA' })) }),
    forge({ signatures: [{ keyid: '', sig: 'A'.repeat(1000) }] }),
    forge({ payload: 'A'.repeat(2 ** 21) }),
  ]
  for (const signature of garbage) problem(signature)
})

test('an identity that is none is never signed for', () => {
  assert.ok('diagnostics' in verifySignature(bundle, document.anrfId.slice(7), [key]))
})

test('keys are read from PEM, and only Ed25519 keys', () => {
  assert.deepEqual(trustedKeyOf(key.publicKey), { keyId: key.keyId, publicKey: key.publicKey })
  assert.deepEqual(trustedKeyOf(key.privateKey), { keyId: key.keyId, publicKey: key.publicKey })
  assert.equal(trustedKeyOf('nonsense'), undefined)
})
