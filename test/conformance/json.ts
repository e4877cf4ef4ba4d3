import { product, quoted, spread } from './product.ts'

const VALUES = [
  'null',
  'true',
  '0',
  '-0',
  '1.5e300',
  'NaN',
  'Infinity',
  "''",
  "'a\"b\\\\c\\n\\u2028\\u0007'",
  "'\\ud83d'",
  "'😀é'",
  'undefined',
  '[]',
  '[1, null, undefined, NaN]',
  "['a', ['b', []]]",
  '{}',
  '{ a: 1, b: undefined, c: null }',
  "{ b: 1, a: { c: [true, { d: '' }] } }",
  "{ '2': 'two', '1': 'one', x: 0 }",
  '[{ id: 1 }, { id: 2, name: "x" }]',
]
const GAPS = ['', ', null, 2', ", null, '--'", ', null, 0', ", null, '\\t'"]
const TEXTS = [
  'null',
  ' [1, 2 , 3]\n',
  '{"a":{"b":[{"c":null}]}}',
  '"\\u00e9\\n\\"\\/"',
  '-0',
  '1E5',
  '0.1',
  '{"b":1,"a":2,"1":3}',
  '{"a":1,"a":2}',
  'true',
  '[[],{}]',
  '"😀"',
  '123456789012345678901234567890',
  '[1,]',
  '{a:1}',
  '01',
  "'a'",
  '',
  '{"a":1',
  'nul',
  '"\n"',
  '[1] 2',
  '+1',
  'NaN',
]

/** Assertions about JSON (25.5). What cannot be parsed is the message of its SyntaxError. */
export function jsonExpressions(): string[] {
  return [
    ...product(VALUES, GAPS).map(([value, gap]) => `JSON.stringify(${value}${gap})`),
    ...TEXTS.map((text) => `JSON.stringify(JSON.parse(${quoted(text)}))`),
    ...spread(VALUES, 14).map((value) => `JSON.stringify([${value}, { x: ${value} }])`),
  ]
}
