import { createHmac } from 'node:crypto'

/** Bytes of a secret (Standard Webhooks, "Signature scheme": between 24 and 64). */
const BYTES_MIN = 24
const BYTES_MAX = 64
const FORM = /^whsec_([A-Za-z0-9+/]+={0,2})$/

/** The key of a secret of the form `whsec_BASE64`, or what is wrong with it; never its value. */
export function readWebhookSecret(text: string): Buffer | string {
  const [, base64] = FORM.exec(text) ?? []
  if (base64 === undefined) return 'a secret has the form whsec_BASE64'
  const key = Buffer.from(base64, 'base64')
  const isWhole = key.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '')
  return isWhole && key.length >= BYTES_MIN && key.length <= BYTES_MAX
    ? key
    : `a secret has from ${BYTES_MIN} to ${BYTES_MAX} bytes in base64`
}

/**
 * The headers that sign a body (Standard Webhooks 1.0): HMAC-SHA-256 over id, time and body, once with each key, so that a
 * receiver may still know the old one while the secret is changed.
 * @param seconds since 1970; what a receiver compares with its own clock to turn away what is sent again later
 */
export function signatureHeaders(
  keys: readonly Uint8Array[],
  id: string,
  seconds: number,
  body: string,
): readonly (readonly [string, string])[] {
  const signatures = keys.map((key) => createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64'))
  return [
    ['webhook-id', id],
    ['webhook-timestamp', String(seconds)],
    ['webhook-signature', signatures.map((signature) => `v1,${signature}`).join(' ')],
  ]
}
