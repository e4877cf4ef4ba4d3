import { bigintLength, type Cost, type OpRow } from '../ir/index.ts'
import { Table, TypedInstance } from '../values/index.ts'
import type { Charges } from './operation.ts'

/**
 * Sizes and charges of operations. spec: fuel
 * A charge is `base + per * size`, rounded up to a whole number, each charge by itself. What is
 * sized by the result is charged after the operation, everything else before it. The length of
 * an operand that is neither string, array nor bigint is 0; `number0` is 0 unless it is a valid length.
 */
export function chargeOf(
  cost: Cost | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  count: number,
  result: unknown,
): number {
  if (cost === undefined) return 0
  const base = cost.base ?? 0
  if (cost.per === undefined) return base
  return Math.ceil(base + cost.per * sizeOf(cost.of, a, b, c, d, count, result))
}

/** The parts of a row's costs that are charged before the work, or after it; `scale` is what one of its `storage` is, in bytes. */
export function chargesOf(row: OpRow, after: boolean, scale: number): Charges | undefined {
  const when = (cost: Cost | undefined): Cost | undefined => {
    if ((cost?.of === 'result') !== after) return undefined
    return cost?.of === 'storage' ? { ...cost, per: (cost.per ?? 0) * scale } : cost
  }
  const charges = { fuel: when(row.fuel), bytes: when(row.bytes) }
  return charges.fuel || charges.bytes ? charges : undefined
}

function sizeOf(
  of: Cost['of'],
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  count: number,
  result: unknown,
): number {
  switch (of) {
    case undefined:
      return 0
    case 'result':
      return lengthOf(result)
    case 'arg0':
      return lengthOf(a)
    case 'arg1':
      return lengthOf(b)
    case 'arg2':
      return lengthOf(c)
    case 'both':
      return lengthOf(a) + lengthOf(b) + lengthOf(c) + lengthOf(d)
    case 'product':
      return lengthOf(a) * lengthOf(b)
    case 'less':
      return Math.min(lengthOf(a), lengthOf(b))
    case 'count':
      return count
    case 'number0':
    case 'storage':
      return isLength(a) ? a : 0
    case 'growth':
      return Math.max(0, growthOf(a, b, c))
    case 'entry':
      return a instanceof Table && !a.has(b) ? 1 : 0
  }
}

function lengthOf(value: unknown): number {
  if (typeof value === 'bigint') return bigintLength(value)
  if (value instanceof TypedInstance) return value.elements.length
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0
}

/** Whether a value is a length that an array may have (7.1.20 ToLength, bounded as in 10.4.2.4). */
export function isLength(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value
}

/** `array.set` (with a value in third place) lengthens to the index and one, `array.set_length` to the number. */
function growthOf(list: unknown, number: unknown, value: unknown): number {
  if (!isLength(number)) return 0
  return number + (value === NO_OPERAND ? 0 : 1) - lengthOf(list)
}

/** Stands in the place of an operand that an operation does not have. */
export const NO_OPERAND: unique symbol = Symbol('no operand')
