// UTF-8 (WHATWG Encoding 8.1): what TextEncoder and TextDecoder do. Lone surrogates are written as U+FFFD, and so is read what is no UTF-8.

/** Bytes that `text` takes. */
export function utf8_length(text: string): number {
  let count = 0
  const length = text.length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) count += 1
    else if (unit < 0x800) count += 2
    else if (utf8_is_pair(text, i)) {
      count += 4
      i++
    } else count += 3
  }
  return count
}

/** Whether a pair of surrogates begins at an index. */
function utf8_is_pair(text: string, at: number): boolean {
  const first = text.charCodeAt(at)
  const second = text.charCodeAt(at + 1)
  return first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000
}

export function utf8_write<T extends { [index: number]: number }>(out: T, text: string): T {
  let at = 0
  const length = text.length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) out[at++] = unit
    else if (unit < 0x800) {
      out[at++] = 0xc0 | (unit >> 6)
      out[at++] = 0x80 | (unit & 0x3f)
    } else if (utf8_is_pair(text, i)) {
      const point = 0x10000 + ((unit - 0xd800) << 10) + (text.charCodeAt(i + 1) - 0xdc00)
      out[at++] = 0xf0 | (point >> 18)
      out[at++] = 0x80 | ((point >> 12) & 0x3f)
      out[at++] = 0x80 | ((point >> 6) & 0x3f)
      out[at++] = 0x80 | (point & 0x3f)
      i++
    } else {
      const point = unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit
      out[at++] = 0xe0 | (point >> 12)
      out[at++] = 0x80 | ((point >> 6) & 0x3f)
      out[at++] = 0x80 | (point & 0x3f)
    }
  }
  return out
}

/** The decoder of 8.1.1, byte by byte. */
export function utf8_read<T extends { [index: number]: number; readonly length: number }>(
  bytes: T,
  fatal: boolean,
  ignoreBOM: boolean,
): string {
  const length = bytes.length
  const hasMark = length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  let out = ''
  let needed = 0
  let point = 0
  let lower = 0x80
  let upper = 0xbf
  for (let i = hasMark && !ignoreBOM ? 3 : 0; i < length; i++) {
    const byte = bytes[i]
    if (needed === 0) {
      if (byte < 0x80) out += String.fromCharCode(byte)
      else if (byte < 0xc2 || byte > 0xf4) out += utf8_replacement(fatal)
      else {
        needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
        point = byte & (0x3f >> needed)
        lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
        upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
      }
    } else if (byte < lower || byte > upper) {
      needed = 0
      out += utf8_replacement(fatal)
      // The byte may begin the next character.
      i--
    } else {
      lower = 0x80
      upper = 0xbf
      point = (point << 6) | (byte & 0x3f)
      needed--
      if (needed === 0) out += String.fromCodePoint(point)
    }
  }
  return needed > 0 ? out + utf8_replacement(fatal) : out
}

/** What Node throws for bytes that are no UTF-8. */
class InvalidEncodedData extends TypeError {
  code = 'ERR_ENCODING_INVALID_ENCODED_DATA'
}

function utf8_replacement(fatal: boolean): string {
  if (fatal) throw new InvalidEncodedData('The encoded data was not valid for encoding utf-8')
  return '\ufffd'
}
