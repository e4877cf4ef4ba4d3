import { pure, type OpRow } from './row.ts'

type B = bigint
type N = number

const SIZED = { fuel: { base: 1, per: 1 / 16, of: 'result' }, bytes: { base: 16, per: 8, of: 'result' } } as const
const PRODUCT = { fuel: { base: 1, per: 1 / 64, of: 'product' }, bytes: { base: 16, per: 8, of: 'result' } } as const
const RANGE = { throws: ['RangeError'] } as const
const ROW = '(bigint, bigint) -> bigint'

/** Operations on integers of any size. Lengths are in digits of 64 bits. Codes 480-511. */
export const BIGINT_OPS = {
  'bigint.from_number': pure(480, '(f64) -> bigint', 'BigInt of a number (21.2.1.1.1)', (x: N) => BigInt(x), {
    ...SIZED,
    ...RANGE,
  }),
  'bigint.from_string': pure(481, '(string) -> bigint', 'BigInt of a text (7.1.14)', (s: string) => BigInt(s), {
    fuel: { base: 1, per: 1, of: 'arg0' },
    bytes: { base: 16, per: 1, of: 'arg0' },
    throws: ['SyntaxError', 'RangeError'],
  }),
  'bigint.add': pure(482, ROW, 'sum (6.1.6.2.7)', (a: B, b: B) => a + b, { ...SIZED, ...RANGE }),
  'bigint.sub': pure(483, ROW, 'difference', (a: B, b: B) => a - b, { ...SIZED, ...RANGE }),
  'bigint.mul': pure(484, ROW, 'product', (a: B, b: B) => a * b, { ...PRODUCT, ...RANGE }),
  'bigint.div': pure(485, ROW, 'quotient towards 0 (6.1.6.2.5)', (a: B, b: B) => a / b, { ...PRODUCT, ...RANGE }),
  'bigint.rem': pure(486, ROW, 'remainder with the sign of the dividend', (a: B, b: B) => a % b, {
    ...PRODUCT,
    ...RANGE,
  }),
  'bigint.pow': pure(487, ROW, 'power (6.1.6.2.3)', (a: B, b: B) => a ** b, {
    fuel: { base: 1, per: 4, of: 'result' },
    bytes: { base: 16, per: 8, of: 'result' },
    ...RANGE,
  }),
  'bigint.and': pure(488, ROW, 'bitwise and in two’s complement', (a: B, b: B) => a & b, SIZED),
  'bigint.or': pure(489, ROW, 'bitwise or', (a: B, b: B) => a | b, SIZED),
  'bigint.xor': pure(490, ROW, 'bitwise exclusive or', (a: B, b: B) => a ^ b, SIZED),
  'bigint.shl': pure(491, ROW, 'shift left; right by a negative count', (a: B, b: B) => a << b, { ...SIZED, ...RANGE }),
  'bigint.shr': pure(492, ROW, 'shift right, rounding down; left by a negative count', (a: B, b: B) => a >> b, {
    ...SIZED,
    ...RANGE,
  }),
  'bigint.neg': pure(493, '(bigint) -> bigint', 'negation', (a: B) => -a, SIZED),
  'bigint.not': pure(494, '(bigint) -> bigint', 'bitwise complement', (a: B) => ~a, { ...SIZED, ...RANGE }),
  'bigint.lt': pure(495, '(bigint, bigint) -> bool', 'less', (a: B, b: B) => a < b, {
    fuel: { per: 1 / 16, of: 'less' },
  }),
  'bigint.le': pure(496, '(bigint, bigint) -> bool', 'less or equal', (a: B, b: B) => a <= b, {
    fuel: { per: 1 / 16, of: 'less' },
  }),
  'bigint.eq': pure(497, '(bigint, bigint) -> bool', 'equality', (a: B, b: B) => a === b, {
    fuel: { per: 1 / 16, of: 'less' },
  }),
  'bigint.compare': pure(
    498,
    '(bigint, f64) -> f64',
    'order of an integer and a number by value: -1, 0, 1, and NaN for NaN (6.1.6.2.12)',
    (a: B, b: N) => (a < b ? -1 : a > b ? 1 : b === b ? 0 : NaN),
    { fuel: { per: 1 / 16, of: 'arg0' } },
  ),
  'bigint.to_number': pure(499, '(bigint) -> f64', 'the nearest number (21.2.1.1)', (a: B) => Number(a), {
    fuel: { per: 1 / 16, of: 'arg0' },
  }),
  'bigint.to_string': pure(500, '(bigint, f64) -> string', 'toString(radix)', (a: B, r: N) => a.toString(r), {
    fuel: { base: 1, per: 1 / 4, of: 'result' },
    bytes: { base: 16, per: 2, of: 'result' },
    ...RANGE,
  }),
  'bigint.truthy': pure(501, '(bigint) -> bool', 'false for 0', (a: B) => a !== 0n),
  'bigint.as_int': pure(502, '(f64, bigint) -> bigint', 'BigInt.asIntN', (n: N, a: B) => BigInt.asIntN(n, a), {
    ...SIZED,
    ...RANGE,
  }),
  'bigint.as_uint': pure(503, '(f64, bigint) -> bigint', 'BigInt.asUintN', (n: N, a: B) => BigInt.asUintN(n, a), {
    ...SIZED,
    ...RANGE,
  }),
  'bigint.compare_text': pure(
    504,
    '(bigint, string) -> f64',
    'order of an integer and a text that is read as one: -1, 0, 1, and NaN where it is none (7.2.12)',
    (a: B, s: string) => compareText(a, s),
    { fuel: { base: 1, per: 1, of: 'arg1' } },
  ),
} as const satisfies Record<string, OpRow>

function compareText(a: bigint, s: string): number {
  try {
    const b = BigInt(s)
    return a < b ? -1 : a > b ? 1 : 0
  } catch {
    return NaN
  }
}

const WORD_BITS = 64
const HEX_DIGITS_PER_WORD = WORD_BITS / 4
/** The least integers that need more than 0, 1, 2 ... words; what is longer than all of these is rare. */
const POWERS = Array.from({ length: 65 }, (_, words) => 1n << BigInt(WORD_BITS * words))
const NEGATED = POWERS.map((power) => -power)

/** The length of an integer in digits of 64 bits, at least 1: what its size is charged by. */
export function bigintLength(x: bigint): number {
  if (BigInt.asIntN(WORD_BITS, x) === x) return 1
  const isNegative = x < 0n
  const bounds = isNegative ? NEGATED : POWERS
  const fits = (words: number): boolean => (isNegative ? x > bounds[words]! : x < bounds[words]!)
  let [least, most] = [1, bounds.length - 1]
  if (!fits(most)) return Math.ceil((isNegative ? -x : x).toString(16).length / HEX_DIGITS_PER_WORD)
  while (least < most) {
    const middle = (least + most) >> 1
    if (fits(middle)) most = middle
    else least = middle + 1
  }
  return least
}

/** V8 refuses longer integers. */
export const BIGINT_BITS_MAX = 2 ** 30
