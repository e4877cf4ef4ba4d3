import { elementTypeOf, TYPED_BYTES_MAX, type Expr } from '../../ir/index.ts'
import { ANY_NUMBER, between, I32_MAX, I32_MIN, type Range } from './range.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

/** Reads of typed arrays: what they are as an i32, which for a missing element is 0 or a trap as well. */
const AS_I32 = { 'typed.get': 'typed.get_i32', 'typed.get_nan': 'typed.bits' } as const

/** The operation that gives the low 32 bits of what an operation reads from a typed array of integers. */
export function integerRead({ op, imm }: OpExpr): 'typed.get_i32' | 'typed.bits' | undefined {
  if (op !== 'typed.get' && op !== 'typed.get_nan') return undefined
  return elementTypeOf(imm[0] as string).whole ? AS_I32[op] : undefined
}

/** What an operation on a typed array may give; `isInside`: its index is known to be that of an element. */
export function rangeOfTyped({ op, imm }: OpExpr, isInside: () => boolean): Range | undefined {
  if (op === 'typed.length') return between(0, TYPED_BYTES_MAX)
  if (!['typed.get', 'typed.get_nan', 'typed.get_i32', 'typed.bits'].includes(op)) return undefined
  const { lo, hi, whole } = elementTypeOf(imm[0] as string)
  if (!whole) return ANY_NUMBER
  if (op === 'typed.get_i32' || op === 'typed.bits')
    return hi > I32_MAX ? between(I32_MIN, I32_MAX) : between(Math.min(lo, 0), hi)
  return between(lo, hi, { nan: op === 'typed.get_nan' && !isInside() })
}

/** Whether an operation stores the low bits of a number in a typed array, whatever else the number is. */
export function storesBits({ op, imm }: OpExpr): boolean {
  return op === 'typed.set' && imm[0] !== 'Uint8ClampedArray' && elementTypeOf(imm[0] as string).whole
}
