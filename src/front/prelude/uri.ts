// URIs (ECMA-262 19.2.6): characters as the hexadecimal codes of their bytes in UTF-8.

export function uri_encode(text: string): string {
  return uri_encode_except(text, "-_.!~*'();/?:@&=+$,#")
}

export function uri_encode_component(text: string): string {
  return uri_encode_except(text, "-_.!~*'()")
}

export function uri_decode(text: string): string {
  return uri_decode_except(text, ';/?:@&=+$,#')
}

export function uri_decode_component(text: string): string {
  return uri_decode_except(text, '')
}

/** Encode (19.2.6.5): letters, digits and what is kept stay as they are. */
function uri_encode_except(text: string, kept: string): string {
  const length = text.length
  let out = ''
  let done = 0
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (uri_is_alphanumeric(unit) || kept.includes(text.charAt(i))) continue
    out += text.slice(done, i)
    if (unit < 0x80) out += uri_byte(unit)
    else if (unit < 0x800) out += uri_byte(0xc0 | (unit >> 6)) + uri_byte(0x80 | (unit & 0x3f))
    else if (unit >= 0xd800 && unit < 0xe000) {
      out += uri_pair(unit, text.charCodeAt(i + 1))
      i++
    } else out += uri_byte(0xe0 | (unit >> 12)) + uri_byte(0x80 | ((unit >> 6) & 0x3f)) + uri_byte(0x80 | (unit & 0x3f))
    done = i + 1
  }
  return out + text.slice(done)
}

export function uri_is_alphanumeric(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57)
}

/** A pair of surrogates. The second is NaN at the end of the text. */
function uri_pair(first: number, second: number): string {
  if (first >= 0xdc00 || !(second >= 0xdc00 && second < 0xe000)) throw new URIError('URI malformed')
  const point = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
  return (
    uri_byte(0xf0 | (point >> 18)) +
    uri_byte(0x80 | ((point >> 12) & 0x3f)) +
    uri_byte(0x80 | ((point >> 6) & 0x3f)) +
    uri_byte(0x80 | (point & 0x3f))
  )
}

export function uri_byte(byte: number): string {
  const digits = '0123456789ABCDEF'
  return '%' + digits.charAt(byte >> 4) + digits.charAt(byte & 15)
}

/** Decode (19.2.6.6): codes of characters that are kept stay as they are. */
function uri_decode_except(text: string, kept: string): string {
  let out = ''
  let done = 0
  let at = text.indexOf('%')
  while (at >= 0) {
    out += text.slice(done, at)
    const first = uri_byte_at(text, at)
    const count = uri_bytes(first)
    const read = uri_read(text, at, first, count)
    done = at + 3 * count
    out += count === 1 && kept.includes(read) ? text.slice(at, done) : read
    at = text.indexOf('%', done)
  }
  return out + text.slice(done)
}

/** Bytes of the character that begins with a byte. */
function uri_bytes(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) throw new URIError('URI malformed')
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/** The character of `count` bytes, of which there is no shorter form. */
function uri_read(text: string, at: number, first: number, count: number): string {
  if (count === 1) return String.fromCharCode(first)
  let point = first & (0x7f >> count)
  for (let i = 1; i < count; i++) {
    const byte = uri_byte_at(text, at + 3 * i)
    if ((byte & 0xc0) !== 0x80) throw new URIError('URI malformed')
    point = (point << 6) | (byte & 0x3f)
  }
  const isShorter = count === 3 ? point < 0x800 : point < (count === 4 ? 0x10000 : 0x80)
  if (isShorter || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw new URIError('URI malformed')
  return String.fromCodePoint(point)
}

/** The byte of `%XX` at an index. */
function uri_byte_at(text: string, at: number): number {
  const high = uri_digit(text.charCodeAt(at + 1))
  const low = uri_digit(text.charCodeAt(at + 2))
  if (text.charCodeAt(at) !== 37 || high < 0 || low < 0) throw new URIError('URI malformed')
  return (high << 4) | low
}

export function uri_digit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  if (unit >= 65 && unit <= 70) return unit - 55
  return unit >= 97 && unit <= 102 ? unit - 87 : -1
}
