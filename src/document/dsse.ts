import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'

/** A DSSE v1 envelope (github.com/secure-systems-lab/dsse): a payload and signatures over its type and bytes. */
export type Envelope = {
  /** Base64. */
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

/** An Ed25519 key pair as text; `keyId` is `sha256:` and the digest of the public key in DER (SPKI). */
export type SigningKey = { readonly keyId: string; readonly publicKey: string; readonly privateKey: string }

/** A public key that is trusted, PEM (SPKI); `name` is what people and rules call it. */
export type TrustedKey = { readonly keyId: string; readonly publicKey: string; readonly name?: string }

/** Makes a key pair, both halves in PEM (SPKI, PKCS#8). The private half must be kept secret. */
export function generateSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
}

/** The trusted half of a key in PEM, public or private; undefined when the text is no Ed25519 key. */
export function trustedKeyOf(pem: string): TrustedKey | undefined {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') return undefined
    return { keyId: keyIdOf(key), publicKey: key.export({ type: 'spki', format: 'pem' }) }
  } catch {
    return undefined
  }
}

/** PAE(type, body) of DSSE v1: "DSSEv1" and both with their length in bytes, separated by spaces. */
export function encodePreAuthentication(type: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.byteLength} `), body])
}

/** Signs a payload. Ed25519 is deterministic: the same payload and key give the same envelope. */
export function signEnvelope(payloadType: string, payload: Uint8Array, key: SigningKey): Envelope {
  const signature = sign(undefined, encodePreAuthentication(payloadType, payload), createPrivateKey(key.privateKey))
  const signatures = [{ keyid: key.keyId, sig: signature.toString('base64') }]
  return { payload: Buffer.from(payload).toString('base64'), payloadType, signatures }
}

/**
 * The trusted keys by which signatures of the envelope are valid. As the protocol asks, `keyid` is a
 * hint that is not trusted: every trusted key is tried.
 */
export function verifyEnvelope(envelope: Envelope, trusted: readonly TrustedKey[]): readonly TrustedKey[] {
  const message = encodePreAuthentication(envelope.payloadType, Buffer.from(envelope.payload, 'base64'))
  return trusted.filter((key) => {
    const publicKey = createPublicKey(key.publicKey)
    if (publicKey.asymmetricKeyType !== 'ed25519') return false
    return envelope.signatures.some(({ sig }) => verify(undefined, message, publicKey, Buffer.from(sig, 'base64')))
  })
}

function keyIdOf(publicKey: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`
}
