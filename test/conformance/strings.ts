import { product, quoted, spread } from './product.ts'

const TEXTS = [
  '',
  'a',
  'abc',
  'Hello, World',
  ' \t padded \n',
  'ÀÉÎ straße',
  'a😀b',
  '\ud83d',
  'aXbXc',
  'banana',
  '12,5',
  'ﬁ İı',
]
const INDEXES = ['0', '1', '-1', '2.7', '100', '-100', 'NaN', 'Infinity']
const NEEDLES = ['', 'a', 'b', 'an', 'X', '😀', ' ', 'zz']

const ONE_TEXT = ['includes', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'split', 'concat', 'localeCompare']
const ONE_INDEX = ['at', 'charAt', 'charCodeAt', 'codePointAt', 'slice', 'substring', 'substr', 'padStart', 'padEnd']
const PLAIN = [
  'trim()',
  'trimStart()',
  'trimEnd()',
  'toUpperCase()',
  'toLowerCase()',
  'length',
  'isWellFormed()',
  'toWellFormed()',
  "normalize('NFD')",
  "normalize('NFKC')",
]
const REPLACEMENTS = ['', '-', '$&', '$$', '$`', "$'", '$1', '<$&>']

/** Assertions about strings (22.1.3). */
export function stringExpressions(): string[] {
  return [
    ...spread(product(TEXTS, ONE_TEXT, NEEDLES), 130).map(([t, f, n]) => `${quoted(t!)}.${f}(${quoted(n!)})`),
    ...spread(product(TEXTS, ONE_INDEX, INDEXES), 110).map(([t, f, i]) => `${quoted(t!)}.${f}(${small(f!, i!)})`),
    ...spread(product(TEXTS, ['slice', 'substring'], INDEXES, INDEXES), 50).map(
      ([t, f, a, b]) => `${quoted(t!)}.${f}(${a}, ${b})`,
    ),
    ...product(TEXTS, PLAIN).map(([t, f]) => `${quoted(t!)}.${f}`),
    ...spread(product(['replace', 'replaceAll'], TEXTS, NEEDLES, REPLACEMENTS), 60).map(
      ([f, t, n, r]) => `${quoted(t!)}.${f}(${quoted(n!)}, ${quoted(r!)})`,
    ),
    ...TEXTS.flatMap((t) => [
      `[...${quoted(t)}]`,
      `${quoted(t)}.repeat(2)`,
      `${quoted(t)} < 'b'`,
      `${quoted(t)}.split('').reverse().join('')`,
    ]),
  ]
}

/** Padding to infinity is an error of its own. */
const small = (method: string, index: string): string =>
  method.startsWith('pad') && index === 'Infinity' ? '5' : index
