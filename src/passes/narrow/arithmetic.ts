import { opRow, STRING_LENGTH_MAX, type OpName, type Type } from '../../ir/index.ts'
import {
  ANY_I32,
  ANY_NUMBER,
  ARRAY_MAX,
  between,
  hasZero,
  I32_MAX,
  I32_MIN,
  isIntegerIn,
  isNumberless,
  join,
  NOTHING,
  only,
  ONLY_NAN,
  U32_MAX,
  type Range,
} from './range.ts'

type Meaning = (a: Range, b: Range) => Range

const isNegative = (a: Range): boolean => a.lo < 0 || a.minusZero
const mayBeInfinite = (a: Range): boolean => a.lo === -Infinity || a.hi === Infinity
const size = (a: Range): number => Math.max(-a.lo, a.hi)

/** Rounding keeps the order of numbers, so bounds of sums, products and quotients are those of the bounds. */
function add(a: Range, b: Range): Range {
  const nan = (a.lo === -Infinity && b.hi === Infinity) || (a.hi === Infinity && b.lo === -Infinity)
  const lo = a.lo + b.lo
  const hi = a.hi + b.hi
  return between(Number.isNaN(lo) ? -Infinity : lo, Number.isNaN(hi) ? Infinity : hi, {
    whole: a.whole && b.whole,
    nan: nan || a.nan || b.nan,
    minusZero: a.minusZero && b.minusZero,
  })
}

function negate(a: Range): Range {
  return between(-a.hi, -a.lo, { ...a, minusZero: hasZero(a) })
}

/** 0 - 0 is 0, and so is 0 - -0; only -0 - 0 is -0. */
function subtract(a: Range, b: Range): Range {
  return add(a, negate({ ...b, minusZero: false }))
}

function multiply(a: Range, b: Range): Range {
  const nan = (mayBeInfinite(a) && hasZero(b)) || (mayBeInfinite(b) && hasZero(a))
  const whole = a.whole && b.whole
  // A zero and what has the other sign, which may be a zero as well.
  const zero =
    (hasZero(a) && isNegative(b)) ||
    (hasZero(b) && isNegative(a)) ||
    (a.minusZero && b.hi >= 0) ||
    (b.minusZero && a.hi >= 0)
  // What is too small is 0 with a sign.
  const small = !whole && (isNegative(a) || isNegative(b))
  const corners = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi].map((x) => (Number.isNaN(x) ? 0 : x))
  const more = { whole, nan: nan || a.nan || b.nan, minusZero: zero || small }
  return between(Math.min(...corners), Math.max(...corners), more)
}

/** Only by what is positive; fractions are not told from integers. */
function divide(a: Range, b: Range): Range {
  if (!(b.lo > 0) || mayBeInfinite(a)) return ANY_NUMBER
  const corners = [a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi]
  const more = { whole: false, nan: a.nan || b.nan, minusZero: isNegative(a) }
  return between(Math.min(...corners), Math.max(...corners), more)
}

/** The result has the sign of the dividend and is no further from 0 than it; nearer to 0 than the divisor. */
function remainder(a: Range, b: Range): Range {
  const whole = a.whole && b.whole
  const most = Math.min(size(a), size(b) - (whole && size(b) < Infinity ? 1 : 0))
  return between(a.lo < 0 ? -most : 0, a.hi > 0 ? most : 0, {
    whole,
    nan: a.nan || b.nan || mayBeInfinite(a) || hasZero(b),
    minusZero: isNegative(a),
  })
}

const pick =
  (choose: (...values: number[]) => number): Meaning =>
  (a, b) =>
    between(choose(a.lo, b.lo), choose(a.hi, b.hi), {
      whole: a.whole && b.whole,
      nan: a.nan || b.nan,
      minusZero: a.minusZero || b.minusZero,
    })

/** Functions that give integers and keep the order of numbers; the zero that some of them make of negative fractions is -0. */
const rounded =
  (round: (x: number) => number): Meaning =>
  (a) =>
    a.whole
      ? a
      : between(round(a.lo), round(a.hi), { nan: a.nan, minusZero: a.minusZero || (a.lo < 0 && round !== Math.floor) })

function absolute(a: Range): Range {
  return between(hasZero(a) ? 0 : Math.min(Math.abs(a.lo), Math.abs(a.hi)), size(a), { ...a, minusZero: false })
}

/** Keeps a result of i32 arithmetic that did not wrap. */
function wrapped(exact: Range): Range {
  return isIntegerIn(exact, I32_MIN, I32_MAX) ? { ...exact, minusZero: false } : ANY_I32
}

function toI32(a: Range): Range {
  const number = isNumberless(a) ? only(0) : wrapped({ ...rounded(Math.trunc)(a, a), nan: false })
  return a.nan ? join(number, only(0)) : number
}

function toUnsigned(a: Range): Range {
  return a.lo >= 0 ? a : between(0, U32_MAX)
}

const isZero = (a: Range): boolean => a.lo === 0 && a.hi === 0
/** All bits below the highest one that is set. */
const filled = (x: number): number => 2 ** (32 - Math.clz32(x)) - 1

function and(a: Range, b: Range): Range {
  const most = Math.min(a.lo >= 0 ? a.hi : Infinity, b.lo >= 0 ? b.hi : Infinity)
  return most < Infinity ? between(0, most) : ANY_I32
}

function or(a: Range, b: Range): Range {
  if (isZero(a) || isZero(b)) return isZero(a) ? b : a
  return a.lo >= 0 && b.lo >= 0 ? between(Math.max(a.lo, b.lo), filled(a.hi | b.hi)) : ANY_I32
}

function xor(a: Range, b: Range): Range {
  if (isZero(a) || isZero(b)) return isZero(a) ? b : a
  return a.lo >= 0 && b.lo >= 0 ? between(0, filled(a.hi | b.hi)) : ANY_I32
}

/** The low five bits of a number of bits that is known. */
const shiftOf = (b: Range): number | undefined => (b.lo === b.hi ? b.lo & 31 : undefined)

function shiftLeft(a: Range, b: Range): Range {
  const by = shiftOf(b)
  return by === undefined ? ANY_I32 : wrapped(between(a.lo * 2 ** by, a.hi * 2 ** by))
}

function shiftRight(a: Range, b: Range): Range {
  const by = shiftOf(b)
  if (by !== undefined) return between(a.lo >> by, a.hi >> by)
  return between(Math.min(a.lo, 0), Math.max(a.hi, a.lo < 0 ? -1 : 0))
}

function shiftRightUnsigned(a: Range, b: Range): Range {
  const by = shiftOf(b)
  if (by === 0) return a
  if (a.lo >= 0) return by === undefined ? between(0, a.hi) : between(a.lo >>> by, a.hi >>> by)
  return by === undefined ? ANY_I32 : between(0, U32_MAX >>> by)
}

const LENGTH: Meaning = () => between(0, ARRAY_MAX)
const PLACE: Meaning = () => between(-1, ARRAY_MAX - 1)

/** Ranges of results by those of the operands; operations that are not here may give anything of their type. */
const MEANINGS: { readonly [K in OpName]?: Meaning } = {
  'f64.add': add,
  'f64.sub': subtract,
  'f64.mul': multiply,
  'f64.div': divide,
  'f64.rem': remainder,
  'f64.neg': negate,
  'f64.min': pick(Math.min),
  'f64.max': pick(Math.max),
  'f64.to_i32': toI32,
  'f64.from_i32': (a) => a,
  'f64.from_u32': toUnsigned,
  'f64.from_bool': () => between(0, 1),
  'i32.and': and,
  'i32.or': or,
  'i32.xor': xor,
  'i32.not': (a) => between(~a.hi, ~a.lo),
  'i32.shl': shiftLeft,
  'i32.shr': shiftRight,
  'i32.ushr': shiftRightUnsigned,
  'i32.add': (a, b) => wrapped(add(a, b)),
  'i32.sub': (a, b) => wrapped(subtract(a, b)),
  'i32.mul': (a, b) => wrapped(multiply(a, b)),
  'i32.rem_u': (a, b) => (a.lo >= 0 && b.lo > 0 ? remainder(a, b) : ANY_I32),
  'math.abs': absolute,
  'math.floor': rounded(Math.floor),
  'math.ceil': rounded(Math.ceil),
  'math.trunc': rounded(Math.trunc),
  'math.round': rounded(Math.round),
  'math.sign': (a) => between(-1, 1, { nan: a.nan, minusZero: a.minusZero }),
  'math.imul': (a, b) => wrapped(multiply(toI32(a), toI32(b))),
  'math.clz32': () => between(0, 32),
  'array.length': LENGTH,
  'array.push': LENGTH,
  'array.append': LENGTH,
  'array.prepend': LENGTH,
  'array.index_of': PLACE,
  'array.last_index_of': PLACE,
  'string.length': () => between(0, STRING_LENGTH_MAX),
  'string.index_of': () => between(-1, STRING_LENGTH_MAX),
  'string.last_index_of': () => between(-1, STRING_LENGTH_MAX),
  'string.code_at': () => between(0, 0xffff, { nan: true }),
  'string.locale_compare': () => between(-1, 1),
}

/** Operations that make NaN of NaN. No number among the operands means none in the result. */
const ARITHMETIC: ReadonlySet<OpName> = new Set(
  (Object.keys(MEANINGS) as OpName[]).filter(
    (op) => /^\((f64, )?f64\) -> f64$/.test(opRow(op).sig) && op !== 'math.imul' && op !== 'math.clz32',
  ),
)

/** What an operation of type f64 or i32 may give; `args` are the ranges of its operands, anything for those that are no numbers. */
export function rangeOfOp(op: OpName, type: Type, args: readonly Range[]): Range {
  const [a = NOTHING, b = a] = args
  if (ARITHMETIC.has(op) && (isNumberless(a) || isNumberless(b))) return ONLY_NAN
  return MEANINGS[op]?.(a, b) ?? (type.kind === 'i32' ? ANY_I32 : ANY_NUMBER)
}
