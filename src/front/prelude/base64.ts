// Base64 as browsers have it (HTML 8.3): each character of the text is a byte.

import { DOMException } from './dom-exception.ts'

export function base64_encode(text: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const length = text.length
  let out = ''
  for (let i = 0; i < length; i += 3) {
    const [a, b, c] = [base64_byte(text, i), base64_byte(text, i + 1), base64_byte(text, i + 2)]
    out += digits.charAt(a >> 2) + digits.charAt(((a & 3) << 4) | (b >> 4))
    out += i + 1 < length ? digits.charAt(((b & 15) << 2) | (c >> 6)) : '='
    out += i + 2 < length ? digits.charAt(c & 63) : '='
  }
  return out
}

/** The byte at an index, 0 beyond the end. */
function base64_byte(text: string, at: number): number {
  if (at >= text.length) return 0
  const unit = text.charCodeAt(at)
  if (unit > 255) throw new DOMException('Invalid character', 'InvalidCharacterError')
  return unit
}

/** forgiving-base64 decode (Infra 8): white space is left out, and so may be the padding. */
export function base64_decode(text: string): string {
  let digits = ''
  for (const char of text) if (!' \t\n\f\r'.includes(char)) digits += char
  if (digits.length % 4 === 0) digits = digits.slice(0, digits.length - base64_padding(digits))
  let out = ''
  let bits = 0
  let count = 0
  for (let i = 0; i < digits.length; i++) {
    bits = ((bits << 6) | base64_digit(digits.charCodeAt(i))) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    out += String.fromCharCode((bits >> count) & 255)
  }
  if (digits.length % 4 === 1)
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError')
  return out
}

function base64_padding(digits: string): number {
  return digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
}

function base64_digit(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit - 65
  if (unit >= 97 && unit <= 122) return unit - 71
  if (unit >= 48 && unit <= 57) return unit + 4
  if (unit === 43) return 62
  if (unit === 47) return 63
  throw new DOMException('Invalid character', 'InvalidCharacterError')
}
