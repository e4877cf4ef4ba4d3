import { product, spread } from './product.ts'

const KINDS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
]
/** Numbers at which the conversions to elements (ECMA-262 table 71) differ. */
const NUMBERS = [
  '0',
  '-0',
  '0.5',
  '1.5',
  '2.5',
  '-0.5',
  '-1',
  '127.9',
  '128',
  '-129',
  '255.5',
  '256',
  '32768',
  '-32769',
  '65535.99',
  '65536',
  '2 ** 31',
  '-(2 ** 31) - 1',
  '2 ** 32',
  '2 ** 32 + 0.5',
  '-(2 ** 53)',
  '2 ** 63 + 2048',
  '1e20',
  '16777217',
  '1.1',
  '5e-324',
  '1e-45',
  '3.4028235677973366e38',
  '1.7976931348623157e308',
  'NaN',
  'Infinity',
  '-Infinity',
]
const METHODS = [
  'slice(1, -1)',
  'slice(-2)',
  'subarray(1, 3)',
  'subarray(-3, -1).byteOffset',
  'fill(7, 1, 3)',
  'fill(-1, -2)',
  'copyWithin(0, 2)',
  'copyWithin(1, 0, 3)',
  'copyWithin(-2, -3, -1)',
  'reverse()',
  'sort()',
  'toSorted((a, b) => b - a)',
  'with(-1, 300)',
  'at(-5)',
  'indexOf(2)',
  'lastIndexOf(2, -2)',
  'includes(NaN)',
  'join("|")',
  'map((x, i) => x * i)',
  'filter((x) => x > 1)',
  'reduce((a, b) => a * 2 + b)',
  'findLastIndex((x) => x === 2)',
  'byteLength',
]
const LISTS = ['[3, 2, 1, 2, 5]', '[]', '[NaN, -0, 2.5, 300]']
const VALUES = ['0', '-1', '1.5', '300', '65537.7', '1e40', 'NaN', '-0']
const SETTERS = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64']
const LENGTHS = [
  '',
  '0',
  '3',
  '-1',
  '1.9',
  '"2"',
  '"x"',
  'null',
  'undefined',
  'true',
  'NaN',
  '2 ** 53',
  '[1, 2]',
  '[[3]]',
  'new Set([4])',
  'Infinity',
]

/** What a value is once it is an element; what methods give; how the same bytes look from two sides; how many elements there are. */
export function bytesExpressions(): readonly string[] {
  const conversions = product(KINDS, NUMBERS).map(([kind, x]) => `new ${kind}([${x}])[0]`)
  const methods = product(KINDS, METHODS, LISTS).map(([kind, method, list]) => `new ${kind}(${list}).${method}`)
  const casts = product(KINDS, KINDS).map(
    ([from, to]) => `[...new ${to}(new ${from}([1.5, -2, 300, 70000, -0, 4, 5, 6]).buffer)]`,
  )
  const views = product(SETTERS, VALUES, ['true', 'false']).map(
    ([type, value, little]) =>
      `((v) => { v.set${type}(1, ${value}, ${little}); return [...new Uint8Array(v.buffer)] })(new DataView(new ArrayBuffer(10)))`,
  )
  const made = product(KINDS, LENGTHS).map(
    ([kind, length]) => `((x: any) => [...new ${kind}(x)])(${length === '' ? 'undefined' : length})`,
  )
  return [...conversions, ...spread(methods, 360), ...casts, ...views, ...made]
}
