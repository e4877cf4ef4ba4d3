import { EffectFailure } from './failure.ts'

/** The text of bytes that are UTF-8, with a byte order mark if there is one; undefined when they are not. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The bytes of base64 text (RFC 4648 section 4). Throws a failure that says what is none. */
export function decodeBase64(text: string, what: string): Buffer {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64')
  throw new EffectFailure('arguments', `${what} is no base64`)
}
