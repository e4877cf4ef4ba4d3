import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far the clock of the sender may be from ours: what is sent again later is turned away. */
const SKEW_SECONDS_MAX = 300

/** Checks a webhook (Standard Webhooks) by the exact bytes of its body; throws when it is not by who has the secret, or is old. */
export function verifyWebhook(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  secret: string,
  now = Math.floor(Date.now() / 1000),
): unknown {
  const [id, seconds, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  )
  if (!(Math.abs(now - Number(seconds)) <= SKEW_SECONDS_MAX)) throw new Error('the timestamp is too old or too new')
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest()
  const isSigned = signatures!.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64')
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!isSigned) throw new Error('the signature is not by this secret')
  return JSON.parse(body)
}
