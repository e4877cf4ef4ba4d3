import { product, spread } from './product.ts'

const LISTS = ['[3, 1, 2]', '[1]', '[5, 4, 3, 2, 1, 0]', '[NaN, 0, -0, 1]', '[10, 9, 8, 1]', '[1.5, -1.5, 2.5]']
const WORDS = ["['b', 'a', 'c']", "['B', 'a', 'C', 'aa', '']", "['x']"]
const CALLBACKS = [
  'map((x) => x * 2)',
  'filter((x) => x > 1)',
  'find((x) => x > 1)',
  'findIndex((x) => x > 1)',
  'findLast((x) => x < 3)',
  'findLastIndex((x) => x < 3)',
  'some((x) => x === 2)',
  'every((x) => x > 0)',
  'reduce((a, b) => a + b)',
  'reduce((a, b) => a - b, 100)',
  'reduceRight((a, b) => a - b)',
  'flatMap((x) => [x, x])',
  'map((x, i) => x + i).filter((x) => x % 2 === 0)',
  'map(String)',
  'map((x, i, all) => all.length - i)',
]
const INDEXED = [
  'slice',
  'at',
  'with',
  'splice',
  'toSpliced',
  'indexOf',
  'lastIndexOf',
  'includes',
  'fill',
  'copyWithin',
]
const INDEXES = ['0', '1', '-1', '2', '-2', '1.9']
const PLAIN = [
  'sort()',
  'sort((a, b) => a - b)',
  'sort((a, b) => b - a)',
  'toSorted()',
  'reverse()',
  'toReversed()',
  'join()',
  "join('-')",
  'length',
  'concat([7, 8])',
  'concat(7)',
  'slice()',
  'pop()',
  'shift()',
  'push(9)',
  'unshift(9, 8)',
  'toString()',
  'entries().next().value',
  'keys().next().value',
]
const WORD_FORMS = [
  'sort()',
  'map((w) => w.length)',
  "filter((w) => w < 'b')",
  'join()',
  'toSorted((a, b) => b.localeCompare(a))',
  "indexOf('a')",
  "includes('a')",
  'reduce((a, b) => a + b)',
  'map((w, i) => w + i)',
  "concat('z', ['y'])",
]
const WHOLE = [
  '[...[1, 2], ...[3]]',
  '[[1, 2], [3, [4]]].flat()',
  '[[1], [2, 3]].flat().length',
  'Array.from({ length: 4 }, (_, i) => i * i)',
  "Array.from('a😀b')",
  'Array.of(7, 8)',
  'new Array(3).fill(0)',
  'Array.isArray([1])',
  "Array.isArray('a')",
  '[3, 1, 2].sort().concat([0]).sort().join()',
  "[1, 'a', true, null].map((x) => typeof x)",
  '[1, 2, 3].map((x) => ({ x })).map(({ x }) => x + 1)',
  '[[2, "b"], [1, "a"]].map(([n, s]) => `${s}${n}`)',
  '[1, 2, 3, 4].reduce((sum, x, i) => sum + x * i, 0)',
  'Object.entries({ a: 1, b: 2 }).map(([k, v]) => k + v)',
]

/** Assertions about arrays (23.1.3). */
export function arrayExpressions(): string[] {
  return [
    ...product(LISTS, CALLBACKS).map(([list, f]) => `${list}.${f}`),
    ...product(LISTS, PLAIN).map(([list, f]) => `${list}.${f}`),
    ...spread(product(LISTS, INDEXED, INDEXES), 110).map(([list, f, i]) => `${list}.${f}(${argumentsOf(f!, i!)})`),
    ...product(WORDS, WORD_FORMS).map(([list, f]) => `${list}.${f}`),
    ...WHOLE,
  ]
}

function argumentsOf(method: string, index: string): string {
  if (method === 'with' || method === 'fill') return method === 'with' ? `${index}, 7` : `7, ${index}`
  return method.endsWith('plice') ? `${index}, 1, 7, 8` : index
}
