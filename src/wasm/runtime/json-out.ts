import { EXTERNREF, F64, I32, I64, type Code } from '../encoder/index.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { putDigits } from './digits.ts'
import { code, step, unitsType } from './json-text.ts'

/**
 * Text that is written unit by unit, in an array that grows. What writes says {@link WRITTEN}, or {@link FAILED}: the text is longer than compiled code
 * makes it, and the host does all of it.
 */

export const FAILED = 0
export const WRITTEN = 1

/** Returns that it failed, unless what is on the stack says otherwise. */
export function orFail(c: Code): void {
  c.op('i32.eqz').if().i32(FAILED).op('return').end()
}

/** Makes room for so many units: `(count) -> whether there is`. */
function roomFor(m: ModuleLowering): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json room', [I32], [I32], (c) => {
    c.globalGet(jsonLength).get(0).op('i32.add').tee(0)
    c.globalGet(jsonUnits).gc('array.len').op('i32.le_u').mostly().if().i32(WRITTEN).op('return').end().get(0)
    m.callApart(c, moreRoom(m))
  })
}

/** Takes a longer array for the text: `(length) -> whether there is one`. */
function moreRoom(m: ModuleLowering): number {
  const { units } = m.imports
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json more room', [I32], [I32], (c) => {
    const fresh = c.local(unitsType(m))
    c.get(0).call(m.imports.service('roomForText')).tee(0).op('i32.eqz').rarely().if().i32(FAILED).op('return').end()
    c.get(0).gc('array.new_default', units).tee(fresh).i32(0).globalGet(jsonUnits).i32(0).globalGet(jsonLength)
    c.gc('array.copy', units, units).get(fresh).op('ref.as_non_null').globalSet(jsonUnits).i32(WRITTEN)
  })
}

/** Sets the unit behind the text to what `push` pushes; there is room. */
function put(m: ModuleLowering, c: Code, push: () => void): void {
  const { jsonUnits, jsonLength } = m.global
  c.globalGet(jsonUnits).globalGet(jsonLength)
  push()
  c.gc('array.set', m.imports.units).globalGet(jsonLength).i32(1).op('i32.add').globalSet(jsonLength)
}

/** Writes a unit: `(unit) -> whether`. */
export function writeUnit(m: ModuleLowering): number {
  return m.helper('json unit', [I32], [I32], (c) => {
    c.i32(1).call(roomFor(m))
    orFail(c)
    put(m, c, () => c.get(0))
    c.i32(WRITTEN)
  })
}

/** Writes a comma, unless what is before is an open bracket: `() -> whether`. */
export function writeComma(m: ModuleLowering): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json comma', [], [I32], (c) => {
    const last = c.local(I32)
    c.globalGet(jsonUnits).globalGet(jsonLength).i32(1).op('i32.sub').gc('array.get_u', m.imports.units).set(last)
    c.get(last).i32(code('[')).op('i32.eq').get(last).i32(code('{')).op('i32.eq').op('i32.or')
    c.if().i32(WRITTEN).op('return').end().i32(code(',')).call(writeUnit(m))
  })
}

/** Writes text as it is: `(text) -> whether`. */
export function writeText(m: ModuleLowering): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json text', [EXTERNREF], [I32], (c) => {
    c.get(0).call(m.imports.builtin('length')).call(roomFor(m))
    orFail(c)
    c.globalGet(jsonLength)
    c.get(0).globalGet(jsonUnits).globalGet(jsonLength).call(m.imports.builtin('intoCharCodeArray'))
    c.op('i32.add').globalSet(jsonLength).i32(WRITTEN)
  })
}

/** Writes a word: `() -> whether`. */
export function writeWord(m: ModuleLowering, word: 'null' | 'true' | 'false'): number {
  return m.helper(`json ${word}`, [], [I32], (c) => {
    c.i32(word.length).call(roomFor(m))
    orFail(c)
    for (const unit of word) put(m, c, () => c.i32(code(unit)))
    c.i32(WRITTEN)
  })
}

/** Writes the name of a property and what stands between it and its value: `(name) -> whether`. */
export function writeName(m: ModuleLowering): number {
  return m.helper('json name of', [EXTERNREF], [I32], (c) => {
    c.get(0).call(writeQuoted(m))
    orFail(c)
    c.i32(1).call(roomFor(m))
    orFail(c)
    put(m, c, () => c.i32(code(':')))
    c.i32(WRITTEN)
  })
}

/** Writes text in quotes (25.5.2.2): `(text) -> whether`. Most has nothing to escape, and stays as it was copied. */
export function writeQuoted(m: ModuleLowering): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json quoted', [EXTERNREF], [I32], (c) => {
    const [at, end, next] = [c.local(I32), c.local(I32), c.local(I32)]
    const out = c.local(unitsType(m))
    c.get(0).call(m.imports.builtin('length')).tee(end).i32(2).op('i32.add').call(roomFor(m))
    orFail(c)
    put(m, c, () => c.i32(code('"')))
    c.get(0).globalGet(jsonUnits).tee(out).globalGet(jsonLength).tee(at).call(m.imports.builtin('intoCharCodeArray'))
    c.get(at).op('i32.add').set(end)
    const done = c.block()
    const top = c.loop()
    c.get(at).get(end).op('i32.ge_u').brIf(done)
    c.get(out).get(at).gc('array.get_u', m.imports.units).set(next)
    step(c, at)
    // Small letters first, which most units are.
    c.get(next).i32(code('a')).op('i32.sub').i32(26).op('i32.lt_u').brIf(top)
    c.get(next).call(isPlain(m)).brIf(top)
    c.get(0)
    m.callApart(c, writeEscaped(m))
    c.op('return').end().end()
    c.get(end).globalSet(jsonLength)
    put(m, c, () => c.i32(code('"')))
    c.i32(WRITTEN)
  })
}

/** Whether a unit stands for itself wherever it is. */
function isPlain(m: ModuleLowering): number {
  return m.helper('json is plain', [I32], [I32], (c) => {
    c.get(0).i32(code(' ')).op('i32.ge_u').get(0).i32(code('"')).op('i32.ne').op('i32.and')
    c.get(0)
      .i32(code('\\'))
      .op('i32.ne')
      .op('i32.and')
      .get(0)
      .i32(SURROGATES)
      .op('i32.sub')
      .i32(2 * HALF)
      .op('i32.ge_u')
    c.op('i32.and')
  })
}

/** Units that are surrogates: those that come first in a pair, then as many that come second. */
const SURROGATES = 0xd800
const HALF = 0x400

/** Writes text with escapes, and the quote behind it: `(text) -> whether`. */
function writeEscaped(m: ModuleLowering): number {
  return m.helper('json escaped', [EXTERNREF], [I32], (c) => {
    const [at, length, next] = [c.local(I32), c.local(I32), c.local(I32)]
    c.get(0).call(m.imports.builtin('length')).tee(length).i32(6).op('i32.mul').i32(1).op('i32.add').call(roomFor(m))
    orFail(c)
    const out = c.block()
    const top = c.loop()
    c.get(at).get(length).op('i32.ge_u').brIf(out)
    c.get(0).get(at).call(m.imports.builtin('charCodeAt')).tee(next).call(isPlain(m))
    c.get(0).get(at).get(length).get(next).call(isPaired(m)).op('i32.or').if()
    put(m, c, () => c.get(next))
    c.else().get(next).call(putEscape(m)).end()
    step(c, at)
    c.br(top).end().end()
    put(m, c, () => c.i32(code('"')))
    c.i32(WRITTEN)
  })
}

/** Whether a unit of a text is a surrogate with its other half beside it: `(text, at, length, unit)`. */
function isPaired(m: ModuleLowering): number {
  return m.helper('json is paired', [EXTERNREF, I32, I32, I32], [I32], (c) => {
    const isHalf = (unit: () => void, first: number): void => {
      unit()
      c.i32(first).op('i32.sub').i32(HALF).op('i32.lt_u')
    }
    const beside = (by: number): void =>
      void c.get(0).get(1).i32(by).op('i32.add').call(m.imports.builtin('charCodeAt'))
    isHalf(() => c.get(3), SURROGATES)
    c.if()
    c.get(1).i32(1).op('i32.add').get(2).op('i32.ge_u').if().i32(0).op('return').end()
    isHalf(() => beside(1), SURROGATES + HALF)
    c.op('return').end()
    isHalf(() => c.get(3), SURROGATES + HALF)
    c.get(1).i32(0).op('i32.ne').op('i32.and').op('i32.eqz').if().i32(0).op('return').end()
    isHalf(() => beside(-1), SURROGATES)
  })
}

const SHORT = { '"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' }

/** Puts the escape of a unit, for which there is room: `(unit)`. */
function putEscape(m: ModuleLowering): number {
  return m.helper('json escape of', [I32], [], (c) => {
    const [left, digit] = [c.local(I32), c.local(I32)]
    put(m, c, () => c.i32(code('\\')))
    for (const [unit, name] of Object.entries(SHORT)) {
      c.get(0).i32(code(unit)).op('i32.eq').if()
      put(m, c, () => c.i32(code(name)))
      c.op('return').end()
    }
    put(m, c, () => c.i32(code('u')))
    c.i32(16).set(left)
    const top = c.loop()
    c.get(left).i32(4).op('i32.sub').set(left)
    c.get(0).get(left).op('i32.shr_u').i32(15).op('i32.and').set(digit)
    put(m, c, () => {
      c.get(digit)
        .i32(code('0'))
        .op('i32.add')
        .get(digit)
        .i32(code('a') - 10)
        .op('i32.add')
      c.get(digit).i32(10).op('i32.lt_u').select(I32)
    })
    c.get(left).brIf(top).end()
  })
}

/** Writes a number (25.5.2.1): `(number) -> whether`. */
export function writeNumber(m: ModuleLowering): number {
  return m.helper('json number of', [F64], [I32], (c) => {
    const [scale, power, whole] = [c.local(I32), c.local(F64), c.local(F64)]
    c.get(0).get(0).op('f64.sub').f64(0).op('f64.ne').if()
    m.callApart(c, writeWord(m, 'null'))
    c.op('return').end()
    c.f64(1).set(power)
    const top = c.loop()
    // Numbers of up to 15 digits are the only ones of so few digits that round to the same double, hence the shortest.
    c.get(0).op('f64.abs').get(power).op('f64.mul').op('f64.nearest').tee(whole).f64(1e15).op('f64.le').if()
    c.get(whole).get(power).op('f64.div').get(0).op('f64.abs').op('f64.eq').if()
    c.get(whole)
      .sat('i64.trunc_sat_f64_s')
      .get(scale)
      .get(0)
      .f64(0)
      .op('f64.lt')
      .call(writeDigits(m))
      .op('return')
      .end()
    c.get(power).f64(10).op('f64.mul').set(power).get(scale).i32(1).op('i32.add').tee(scale)
    c.i32(FRACTION_MAX).op('i32.le_u').brIf(top).end().end()
    c.get(0).call(m.imports.service('toText'))
    m.callApart(c, writeText(m))
  })
}

/** Digits behind the point that compiled code looks for; less than a millionth is written with an exponent. */
const FRACTION_MAX = 6

/** Writes digits, so many of them behind the point, and a sign: `(digits, scale, isNegative) -> whether`. */
function writeDigits(m: ModuleLowering): number {
  const { jsonUnits, jsonLength } = m.global
  return m.helper('json digits of', [I64, I32, I32], [I32], (c) => {
    const [count, at, rest] = [c.local(I32), c.local(I32), c.local(I64)]
    c.get(0).set(rest)
    const counting = c.loop()
    step(c, count)
    c.get(rest).i64(10n).op('i64.div_u').tee(rest).op('i64.eqz').op('i32.eqz').brIf(counting).end()
    // A zero stands before the point.
    c.get(count).get(1).i32(1).op('i32.add').get(count).get(1).op('i32.gt_u').select(I32).set(count)
    c.get(count).i32(2).op('i32.add').call(roomFor(m))
    orFail(c)
    c.get(2).if()
    put(m, c, () => c.i32(code('-')))
    c.end()
    c.globalGet(jsonLength)
      .get(count)
      .op('i32.add')
      .get(1)
      .i32(0)
      .op('i32.ne')
      .op('i32.add')
      .tee(at)
      .globalSet(jsonLength)
    c.globalGet(jsonUnits).get(at).get(0).get(1).call(putDigits(m)).op('drop').i32(WRITTEN)
  })
}
