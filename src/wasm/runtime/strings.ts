import { EXTERNREF, F64, I32 } from '../encoder/index.ts'
import { relativeIndex } from './arrays.ts'
import type { ModuleLowering } from '../lower/module.ts'

/** Helpers on the host's strings. */

/** Numbers from 0 on whose text is kept. */
const TEXTS = 1_024

/** Number::toString (6.1.6.1.20) in base 10. The host makes the text, of small numbers once. */
export function textOfNumber(m: ModuleLowering): number {
  return m.helper('text of number', [F64], [EXTERNREF], (c) => {
    const [whole, text] = [c.local(I32), c.local(EXTERNREF)]
    const { strings } = m.types
    const texts = m.filledArray(strings, TEXTS)
    c.get(0).sat('i32.trunc_sat_f64_s').tee(whole).i32(TEXTS).op('i32.lt_u')
    c.get(whole).op('f64.convert_i32_s').get(0).op('f64.eq').op('i32.and').op('i32.eqz').if()
    c.get(0).call(m.imports.service('toText')).op('return').end()
    c.globalGet(texts).get(whole).gc('array.get', strings).tee(text).op('ref.is_null').op('i32.eqz')
    c.if().get(text).op('return').end()
    c.globalGet(texts).get(whole).get(0).call(m.imports.service('toText')).tee(text).gc('array.set', strings).get(text)
  })
}

/** Code units from 0 on whose texts are kept. */
const UNITS = 256

/** The text of one code unit: `(unit) -> text`. The host makes it, by a call of its runtime, of the units of Latin-1 once. */
export function textOfUnit(m: ModuleLowering): number {
  return m.helper('text of unit', [I32], [EXTERNREF], (c) => {
    const text = c.local(EXTERNREF)
    const { strings } = m.types
    const texts = m.filledArray(strings, UNITS)
    const fromCharCode = m.imports.builtin('fromCharCode')
    c.get(0).i32(UNITS).op('i32.lt_u').mostly().if(EXTERNREF)
    c.globalGet(texts).get(0).gc('array.get', strings).tee(text).op('ref.is_null').rarely().if()
    c.globalGet(texts).get(0).get(0).call(fromCharCode).tee(text).gc('array.set', strings).end().get(text)
    c.else().get(0).call(fromCharCode).end()
  })
}

/** Whether two strings are equal: by their lengths first, which most that differ differ in. */
export function equalTexts(m: ModuleLowering): number {
  return m.helper('equal texts', [EXTERNREF, EXTERNREF], [I32], (c) => {
    const length = m.imports.builtin('length')
    c.get(0).call(length).get(1).call(length).op('i32.eq').if(I32)
    c.get(0).get(1).call(m.imports.builtin('equals')).else().i32(0).end()
  })
}

/** `slice` (22.1.3.22): both ends count from the end when they are negative. */
export function sliceText(m: ModuleLowering): number {
  return m.helper('slice text', [EXTERNREF, F64, F64], [EXTERNREF], (c) => {
    const length = c.local(I32)
    c.get(0).call(m.imports.builtin('length')).set(length)
    c.get(0).get(1).get(length).call(relativeIndex(m)).get(2).get(length).call(relativeIndex(m))
    c.call(m.imports.builtin('substring'))
  })
}

/** `substring` (22.1.3.24): what is negative or NaN is 0, and the lesser of the ends comes first. */
export function substringText(m: ModuleLowering): number {
  return m.helper('substring text', [EXTERNREF, F64, F64], [EXTERNREF], (c) => {
    const a = c.local(I32)
    const b = c.local(I32)
    const clamp = (end: number, into: number): void => {
      // NaN comes through and saturates to 0; fractions are cut off.
      c.get(end).f64(0).op('f64.max').get(0).call(m.imports.builtin('length')).op('f64.convert_i32_u').op('f64.min')
      c.sat('i32.trunc_sat_f64_u').set(into)
    }
    clamp(1, a)
    clamp(2, b)
    c.get(0)
    c.get(a).get(b).get(a).get(b).op('i32.lt_u').select(I32)
    c.get(b).get(a).get(a).get(b).op('i32.lt_u').select(I32)
    c.call(m.imports.builtin('substring'))
  })
}

/** Texts up to this length are looked through here; beyond it the host, which takes many units at once, is faster. */
const SHORT_TEXT = 48

/** Whether a text may have a unit in it: `(text, unit) -> whether`, true of a long one. */
export function mayHaveUnit(m: ModuleLowering): number {
  return m.helper('may have unit', [EXTERNREF, I32], [I32], (c) => {
    const left = c.local(I32)
    c.get(0).call(m.imports.builtin('length')).tee(left).i32(SHORT_TEXT).op('i32.gt_u').if().i32(1).op('return').end()
    // The host finds where the units lie before the loop, once.
    c.get(left).op('i32.eqz').if().i32(0).op('return').end()
    c.get(0).i32(0).call(m.imports.builtin('charCodeAt')).op('drop')
    const top = c.loop()
    c.get(0).get(left).i32(1).op('i32.sub').tee(left).call(m.imports.builtin('charCodeAt')).get(1).op('i32.eq').if()
    c.i32(1).op('return').end()
    c.get(left).brIf(top).end().i32(0)
  })
}
