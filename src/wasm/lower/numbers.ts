import type { Expr } from '../../ir/index.ts'
import { F64, I32, type Code } from '../encoder/index.ts'
import { lengthOnStack } from '../runtime/typed.ts'
import type { FuncLowering } from './func.ts'
import { pushListLength } from './own-lists.ts'

/** Whether an f64 expression is an i32 inside: what makes it f64 can be left out where an integer will do. */
export function isInteger(e: Expr): boolean {
  if (e.kind === 'const') return typeof e.value === 'number' && Object.is(e.value | 0, e.value)
  return (
    e.kind === 'op' && ['f64.from_i32', 'array.length', 'string.length', 'typed.length', 'f64.from_bool'].includes(e.op)
  )
}

/** Pushes the i32 of an expression for which {@link isInteger} holds. */
export function integer(f: FuncLowering, e: Expr): void {
  const { c } = f
  if (e.kind === 'const') {
    c.i32(e.value as number)
    return
  }
  if (e.kind !== 'op') throw new Error('not an integer')
  const [operand] = e.args
  if (e.op === 'array.length') return f.inside(e.span, () => pushListLength(f, operand!))
  f.inside(e.span, () => f.value(operand!))
  if (e.op === 'string.length') c.call(f.m.imports.builtin('length'))
  else if (e.op === 'typed.length') lengthOnStack(f.m, c, operand!.type)
}

/**
 * Pushes an index as an i32 that is to be compared unsigned: what is no integer from 0 to 2^31-1 is negative, or becomes so.
 */
export function index(f: FuncLowering, e: Expr): void {
  if (isInteger(e)) return integer(f, e)
  f.value(e)
  numberToIndex(f.c)
}

/**
 * What rounds a number to an integer when it is added: the last bit of a double from 2^52 to 2^53 is worth 1, so the low bits of
 * the sum are the integer. Half as much again lets it be negative. Two instructions where conversions that saturate are ten.
 */
const ROUNDER = 1.5 * 2 ** 52
const ROUNDER_BITS = 0x4338_0000_0000_0000n

/** Sets `whole` to the i32 that a number in a local is, and pushes whether it is one at all; -0 is 0. */
export function testWhole(c: Code, number: number, whole: number): void {
  c.get(number).f64(ROUNDER).op('f64.add').op('i64.reinterpret_f64').op('i32.wrap_i64').tee(whole)
  c.op('f64.convert_i32_s').get(number).op('f64.eq')
}

/** The same for integers of 64 bits, as far as 2^51. */
export function testWholeLong(c: Code, number: number, whole: number): void {
  c.get(number).f64(ROUNDER).op('f64.add').op('i64.reinterpret_f64').i64(ROUNDER_BITS).op('i64.sub').tee(whole)
  c.op('f64.convert_i64_s').get(number).op('f64.eq')
}

/** Turns a number on the stack into an index, -1 when it is none. -0 is the index 0. */
export function numberToIndex(c: Code): void {
  const number = c.borrow(F64)
  const whole = c.borrow(I32)
  c.set(number)
  testWhole(c, number, whole)
  // A branch, which is predicted, where a selection would wait for the comparison.
  c.op('i32.eqz').rarely().if().i32(-1).set(whole).end().get(whole)
  c.release(F64, number).release(I32, whole)
}

/** Pushes an index that was made an integer first (7.1.5 ToIntegerOrInfinity): NaN is 0, fractions are cut off. */
export function position(f: FuncLowering, e: Expr): void {
  if (isInteger(e)) return integer(f, e)
  f.value(e)
  const number = f.c.borrow(F64)
  f.c.tee(number).op('f64.trunc').f64(0).get(number).get(number).op('f64.eq').select(F64)
  f.c.release(F64, number)
  numberToIndex(f.c)
}
