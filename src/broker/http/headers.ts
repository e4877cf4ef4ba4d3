import { EffectFailure } from '../failure.ts'

export type Header = readonly [name: string, value: string]

const CONNECTION = 'the connection belongs to the broker'
const OTHER_METHOD = 'servers would take it for another method than was granted'
const OTHER_PATH = 'servers would take it for another path than was granted'
const OTHER_CLIENT = 'it speaks for another client or host'

/** Headers that a program may not set, with the reason. */
const RESERVED: Readonly<Record<string, string>> = {
  host: 'it follows from the URL',
  'accept-encoding': 'the broker decodes what comes',
  connection: CONNECTION,
  'content-length': CONNECTION,
  expect: CONNECTION,
  'http2-settings': CONNECTION,
  'keep-alive': CONNECTION,
  te: CONNECTION,
  trailer: CONNECTION,
  'transfer-encoding': CONNECTION,
  upgrade: CONNECTION,
  via: OTHER_CLIENT,
  forwarded: OTHER_CLIENT,
  'x-real-ip': OTHER_CLIENT,
  'x-http-method': OTHER_METHOD,
  'x-http-method-override': OTHER_METHOD,
  'x-method-override': OTHER_METHOD,
  'x-original-url': OTHER_PATH,
  'x-rewrite-url': OTHER_PATH,
}
const RESERVED_PREFIXES: readonly (readonly [string, string])[] = [
  ['proxy-', CONNECTION],
  ['x-forwarded-', OTHER_CLIENT],
]

const HEADERS_BYTES_MAX = 32 * 2 ** 10
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 section 5.5, with what Latin-1 has above ASCII. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** The headers of a program. Throws the failure of one that is malformed or reserved. */
export function checkHeaders(headers: readonly Header[]): readonly Header[] {
  let bytes = 0
  for (const [name, value] of headers) {
    const shown = JSON.stringify(name.slice(0, 100))
    if (!TOKEN.test(name)) throw wrong(`${shown} is no name of a header`)
    if (!VALUE.test(value)) throw wrong(`the value of the header ${shown} has letters that no header can have`)
    const reason = reservedBecause(name)
    if (reason !== undefined) throw wrong(`the header ${shown} may not be set: ${reason}`)
    bytes += name.length + value.length + 4
  }
  if (bytes > HEADERS_BYTES_MAX) throw wrong(`headers have at most ${HEADERS_BYTES_MAX} bytes together`)
  return headers
}

function reservedBecause(name: string): string | undefined {
  // Servers that speak CGI cannot tell `_` from `-`.
  const known = name.toLowerCase().replaceAll('_', '-')
  if (Object.hasOwn(RESERVED, known)) return RESERVED[known]
  return RESERVED_PREFIXES.find(([prefix]) => known.startsWith(prefix))?.[1]
}

const wrong = (why: string): EffectFailure => new EffectFailure('arguments', `http.fetch: ${why}`)

/** The values of a header, in the order in which they came. */
export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

/** `headers`, and of `defaults` those that are not among them. */
export function withDefaults(headers: readonly Header[], defaults: readonly Header[]): readonly Header[] {
  return [...headers, ...defaults.filter(([name]) => valuesOf(headers, name).length === 0)]
}
