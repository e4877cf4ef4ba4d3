import { product, quoted, spread } from './product.ts'

const TEXTS = [
  '',
  'abc',
  'a1b22c333',
  'Hello World hello',
  'x=1, y=22; z',
  '2024-05-06',
  'foo.bar@site.com',
  'aaa',
  'a\nb\r\nc',
  'a😀b',
  'ÀÉ straße',
  '"quoted \\" text"',
]
const PATTERNS = [
  '/\\d+/',
  '/[a-z]+/i',
  '/(\\w)(\\d)?/',
  '/^(\\d{4})-(\\d\\d)-(\\d\\d)$/',
  '/\\b\\w/',
  '/(a|ab)(c|bcd)?/',
  '/(?:a*)*/',
  '/(a*?)b/',
  '/a(?=b)|b(?!c)/',
  '/(?<=\\d)\\D/',
  '/(?<![a-z])[a-z]/',
  '/(.)\\1/',
  '/^./m',
  '/.$/s',
  '/[^\\s]+/',
  '/\\p{Lu}/u',
  '/./u',
  '/[\\u{1F600}]/u',
  '/h(?:e)l{2}o/i',
  '/"(?:[^"\\\\]|\\\\.)*"/',
  '/(?<name>[a-z]+)(?<digits>\\d*)/',
  '/x{0}|b/',
  '/a{2,}/',
  '/[\\w.]+@[\\w.]+/',
  '/s+|ß/iu',
  '/[[a-z]--[aeiou]]/v',
]
const REPLACEMENTS = ['-', '[$&]', '$1$1', "$'|$`", '$$', '$2,$1', '$<name>']

const withG = (pattern: string): string => `${pattern}g`

/** Assertions about regular expressions (22.2) and the members of strings that take them. */
export function regexpExpressions(): string[] {
  const pairs = product(PATTERNS, TEXTS) as [string, string][]
  const some = (count: number, form: (pattern: string, text: string) => string): string[] =>
    spread(pairs, count).map(([pattern, text]) => form(pattern, quoted(text)))
  return [
    ...some(100, (p, t) => `${p}.exec(${t})`),
    ...some(60, (p, t) => `[${p}.test(${t}), ${t}.search(${p}), ${p}.exec(${t})?.index]`),
    ...some(70, (p, t) => `${t}.match(${withG(p)})`),
    ...some(60, (p, t) => `${t}.split(${p})`),
    ...some(40, (p, t) => `[...${t}.matchAll(${withG(p)})].map((m) => [m.index, m[0]])`),
    ...some(40, (p, t) => `${t}.replace(${withG(p)}, (m) => '<' + m.length + '>')`),
    ...spread(product(PATTERNS, TEXTS.slice(1), REPLACEMENTS), 80).map(
      ([p, t, r], i) => `${quoted(t!)}.replace(${i % 2 === 0 ? p : withG(p!)}, ${quoted(r!)})`,
    ),
    ...PATTERNS.flatMap((p) => [`${p}.source`, `String(${withG(p)})`]),
  ]
}
