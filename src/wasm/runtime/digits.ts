import { EXTERNREF, F64, I32, I64, refNull } from '../encoder/index.ts'
import type { ModuleLowering } from '../lower/module.ts'

/** Numbers as decimal digits. */

const ZERO = 0x30
const POINT = 0x2e
const MINUS = 0x2d

/**
 * Writes a number's digits into units, so many of them behind a point, and one before it at least: backwards from where they end,
 * `(units, end, number, scale) -> start`.
 */
export function putDigits(m: ModuleLowering): number {
  const { units } = m.imports
  return m.helper('put digits', [refNull(units), I32, I64, I32], [I32], (c) => {
    const put = (push: () => void): void => {
      c.get(0).get(1).i32(1).op('i32.sub').tee(1)
      push()
      c.gc('array.set', units)
    }
    const top = c.loop()
    put(() => void c.get(2).i64(10n).op('i64.rem_u').op('i32.wrap_i64').i32(ZERO).op('i32.add'))
    c.get(2).i64(10n).op('i64.div_u').set(2)
    c.get(3).i32(1).op('i32.sub').tee(3).op('i32.eqz').if()
    put(() => void c.i32(POINT))
    c.end()
    c.get(2).op('i64.eqz').op('i32.eqz').get(3).i32(0).op('i32.ge_s').op('i32.or').brIf(top).end().get(1)
  })
}

/** The most digits behind the point that compiled code makes by itself. */
export const FIXED_DIGITS_MAX = 6

/** Below this a product is off by less than a ten-thousandth. */
const EXACT_MAX = 2 ** 40

/** How far from an integer a product may be so that no other can be the nearest; the host decides what is halfway between two. */
const NEAR = 0.499

/** The sign, thirteen digits and the point fit. */
const FIXED_ROOM = 16

/** `toFixed` (21.1.3.3) with a number of digits that is known. */
export function fixedText(m: ModuleLowering, digits: number): number {
  return m.helper(`fixed text ${digits}`, [F64], [EXTERNREF], (c) => {
    const [product, whole, start] = [c.local(F64), c.local(F64), c.local(I32)]
    const units = m.filledArray(m.imports.units, FIXED_ROOM)
    c.get(0)
      .op('f64.abs')
      .f64(10 ** digits)
      .op('f64.mul')
      .tee(product)
      .f64(EXACT_MAX)
      .op('f64.lt')
    c.get(product).get(product).op('f64.nearest').tee(whole).op('f64.sub').op('f64.abs').f64(NEAR).op('f64.lt')
    c.op('i32.and').op('i32.eqz').if().get(0).f64(digits).call(m.imports.operation('f64.to_fixed')).op('return').end()
    c.globalGet(units).i32(FIXED_ROOM).get(whole).sat('i64.trunc_sat_f64_s').i32(digits).call(putDigits(m)).set(start)
    c.get(0).f64(0).op('f64.lt').if()
    c.globalGet(units).get(start).i32(1).op('i32.sub').tee(start).i32(MINUS).gc('array.set', m.imports.units).end()
    c.globalGet(units).get(start).i32(FIXED_ROOM).call(m.imports.builtin('fromCharCodeArray'))
  })
}
