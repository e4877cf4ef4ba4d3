import { text, type OpRow } from './row.ts'

type S = string

const MEMBERS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const

type Settable = Exclude<(typeof MEMBERS)[number], 'origin'>

/** None of them has a line break, which the parser takes away or encodes. */
const membersOf = (url: URL | null): S => (url ? MEMBERS.map((name) => url[name]).join('\n') : '')

function change(href: S, name: S, value: S): S {
  const url = URL.parse(href)
  if (!url || name === 'origin' || !MEMBERS.some((other) => other === name)) return ''
  if (name === 'href') return membersOf(URL.parse(value))
  url[name as Settable] = value
  return membersOf(url)
}

const URLS = { fuel: { base: 50, per: 1 / 8, of: 'both' } } as const

/** URLs (WHATWG URL), with the names of hosts by the tables of Unicode that Node has. Codes 576-583. */
export const URL_OPS = {
  'url.parse': text(
    576,
    '(string, string) -> string',
    `The members of a URL that a text is, beside a base that is one, or \`''\`: ${MEMBERS.join(', ')}, each a line; \`''\` where the text is none`,
    (url: S, base: S) => membersOf(URL.parse(url, base === '' ? undefined : base)),
    URLS,
  ),
  'url.change': text(
    577,
    '(string, string, string) -> string',
    "The same of a URL of which a member is set to a text; `''` where that gives no URL",
    change,
    URLS,
  ),
} as const satisfies Record<string, OpRow>
