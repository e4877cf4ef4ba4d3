/**
 * What an f64 or i32 expression may be: a number from `lo` to `hi`, each finite one an integer when `whole`; also -0 when
 * `minusZero`, which needs 0 between the bounds; also NaN when `nan`. `lo > hi` when it is no number at all.
 */
export type Range = {
  readonly lo: number
  readonly hi: number
  readonly whole: boolean
  readonly nan: boolean
  readonly minusZero: boolean
}

export const I32_MIN = -(2 ** 31)
export const I32_MAX = 2 ** 31 - 1
export const U32_MAX = 2 ** 32 - 1

/** A sum or product of integers that is found to be no more than this is exact: one that was rounded is at least 2^53. */
export const EXACT_MAX = 2 ** 53 - 1

/**
 * An array has fewer than 2^30 elements: at 8 bytes each (spec/ops.md, costs) that is four times the ceiling of live memory,
 * at which a run ends before (spec: fuel#memory); engines see to it where elements are smaller.
 */
export const ARRAY_MAX = 2 ** 30 - 1

const whatever = { whole: false, nan: true, minusZero: true }

/** Any f64. */
export const ANY_NUMBER: Range = { lo: -Infinity, hi: Infinity, ...whatever }

export const ONLY_NAN: Range = { lo: Infinity, hi: -Infinity, whole: true, nan: true, minusZero: false }

/** Nothing: what cannot be evaluated. */
export const NOTHING: Range = { ...ONLY_NAN, nan: false }

/** The numbers between two bounds; `more` says whether fractions, NaN and -0 are among them, which they are not by default. */
export function between(lo: number, hi: number, more: Partial<Omit<Range, 'lo' | 'hi'>> = {}): Range {
  const { whole = true, nan = false, minusZero = false } = more
  // Adding 0 makes 0 of -0.
  const [low, high] = whole ? [Math.ceil(lo) + 0, Math.floor(hi) + 0] : [lo + 0, hi + 0]
  if (!(low <= high)) return nan ? ONLY_NAN : NOTHING
  return { lo: low, hi: high, whole, nan, minusZero: minusZero && low <= 0 && high >= 0 }
}

export const ANY_I32 = between(I32_MIN, I32_MAX)

/** The range of one number. */
export function only(value: number): Range {
  if (Number.isNaN(value)) return ONLY_NAN
  return between(value, value, {
    whole: !Number.isFinite(value) || Number.isInteger(value),
    minusZero: Object.is(value, -0),
  })
}

export function isNumberless(range: Range): boolean {
  return range.lo > range.hi
}

/** Whether there is nothing that it may be. */
export function isNothing(range: Range): boolean {
  return isNumberless(range) && !range.nan
}

/** Whether every value is an i32, to the bit. */
export function isI32(range: Range): boolean {
  return isIntegerIn(range, I32_MIN, I32_MAX) && !range.minusZero
}

/** Whether every value is an integer between the bounds; -0 counts as 0. */
export function isIntegerIn({ lo, hi, whole, nan }: Range, min: number, max: number): boolean {
  return whole && !nan && lo >= min && hi <= max
}

export function hasZero({ lo, hi }: Range): boolean {
  return lo <= 0 && hi >= 0
}

/** What is in either. */
export function join(a: Range, b: Range): Range {
  if (a === b) return a
  const lo = Math.min(a.lo, b.lo)
  const hi = Math.max(a.hi, b.hi)
  return {
    lo,
    hi,
    whole: a.whole && b.whole,
    nan: a.nan || b.nan,
    minusZero: a.minusZero || b.minusZero,
  }
}

/** What is left of a range between two bounds, NaN included. */
export function clip(range: Range, lo: number, hi: number): Range {
  if (range.lo >= lo && range.hi <= hi) return range
  return between(Math.max(range.lo, lo), Math.min(range.hi, hi), range)
}

/** What is in both. */
export function meet(a: Range, b: Range): Range {
  const whole = a.whole || b.whole
  const more = { whole, nan: a.nan && b.nan, minusZero: a.minusZero && b.minusZero }
  return between(Math.max(a.lo, b.lo), Math.min(a.hi, b.hi), more)
}

/** Whether everything in `a` is in `b`. */
export function isWithin(a: Range, b: Range): boolean {
  if (a === b) return true
  if ((a.nan && !b.nan) || (a.minusZero && !b.minusZero)) return false
  return isNumberless(a) || (a.lo >= b.lo && a.hi <= b.hi && (a.whole || !b.whole))
}

/** Bounds at which growing ranges stop for a while, so that they stop growing at all. */
const STOPS = [0, I32_MAX, U32_MAX, EXACT_MAX]

/** What is in either, with bounds that grew taken to the next stop, or at once to infinity when it `isLast`. */
export function widen(old: Range, next: Range, isLast: boolean): Range {
  const joined = join(old, next)
  if (isNumberless(old)) return joined
  const above = (x: number): number => (isLast ? undefined : STOPS.find((stop) => stop >= x)) ?? Infinity
  const below = (x: number): number => (x >= 0 ? 0 : -above(-x - 1) - 1)
  return {
    ...joined,
    lo: joined.lo < old.lo ? below(joined.lo) : joined.lo,
    hi: joined.hi > old.hi ? above(joined.hi) : joined.hi,
  }
}
