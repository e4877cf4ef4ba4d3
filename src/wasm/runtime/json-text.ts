import { EXTERNREF, F64, I32, I64, refNull, type Code, type ValType } from '../encoder/index.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { addUnit, finishText } from './keys.ts'

/**
 * Reading JSON text (25.5.1, RFC 8259) from an array of its code units, behind which there is a 0. What reads takes the index of the next unit and gives the index
 * behind what it read, or {@link BAD}: the host says then what is wrong.
 */

/** The index that is given where the text is no JSON, or deeper than a value may be. */
export const BAD = -1

export const unitsType = (m: ModuleLowering): ValType => refNull(m.imports.units)

/** Pushes the unit at an index in a local of the array in local 0. */
export function unit(m: ModuleLowering, c: Code, at: number): void {
  c.get(0).get(at).gc('array.get_u', m.imports.units)
}

export const code = (character: string): number => character.charCodeAt(0)

/** Adds to an index in a local. */
export function step(c: Code, at: number, by = 1): void {
  c.get(at).i32(by).op('i32.add').set(at)
}

/** Pushes whether the unit in a local is a digit. */
export function isDigit(c: Code, of: number): void {
  c.get(of).i32(code('0')).op('i32.sub').i32(10).op('i32.lt_u')
}

/** Skips white space: `(units, at) -> at`. */
export function skipSpace(m: ModuleLowering): number {
  return m.helper('json space', [unitsType(m), I32], [I32], (c) => {
    const next = c.local(I32)
    const top = c.loop()
    unit(m, c, 1)
    c.tee(next).i32(code(' ')).op('i32.gt_u').if().get(1).op('return').end()
    ;[' ', '\n', '\r', '\t'].forEach((space, i) => {
      c.get(next).i32(code(space)).op('i32.eq')
      if (i > 0) c.op('i32.or')
    })
    c.if()
    step(c, 1)
    c.br(top).end().end().get(1)
  })
}

/** The end of a string that begins before `at`: `(units, at) -> at`, at its quote; as its complement where there are escapes; {@link UNENDED} without an end. */
export function endOfString(m: ModuleLowering): number {
  return m.helper('json string end', [unitsType(m), I32], [I32], (c) => {
    const [next, escapes] = [c.local(I32), c.local(I32)]
    const top = c.loop()
    unit(m, c, 1)
    c.tee(next).i32(code('"')).op('i32.eq').if().get(1).get(escapes).op('i32.xor').op('return').end()
    c.get(next).i32(code(' ')).op('i32.lt_u').if().i32(UNENDED).op('return').end()
    c.get(next).i32(code('\\')).op('i32.eq').if().i32(-1).set(escapes)
    // What is escaped may be a quote; whether it may be escaped at all is seen later.
    step(c, 1)
    unit(m, c, 1)
    c.i32(code(' ')).op('i32.lt_u').if().i32(UNENDED).op('return').end().end()
    step(c, 1)
    c.br(top).end().op('unreachable')
  })
}

export const UNENDED = 2 ** 31 - 1

/** The string of some units: `(units, from, to) -> string`. */
export function textOf(m: ModuleLowering): number {
  return m.imports.builtin('fromCharCodeArray')
}

/** A string with escapes: `(units, from, to) -> string`, null when one of them is none. */
export function unescape(m: ModuleLowering): number {
  const { units } = m.imports
  return m.helper('json unescape', [unitsType(m), I32, I32], [EXTERNREF], (c) => {
    const [out, next, length] = [c.local(unitsType(m)), c.local(I32), c.local(I32)]
    c.get(2).get(1).op('i32.sub').gc('array.new_default', units).set(out)
    const done = c.block()
    const top = c.loop()
    c.get(1).get(2).op('i32.ge_u').brIf(done)
    unit(m, c, 1)
    c.tee(next).i32(code('\\')).op('i32.eq').if()
    step(c, 1)
    unit(m, c, 1)
    c.tee(next).i32(code('u')).op('i32.eq').if()
    c.get(0).get(1).get(2).call(fourDigits(m)).tee(next).i32(0).op('i32.lt_s').if()
    c.refNull(EXTERN_HEAP, true).op('return').end()
    step(c, 1, 4)
    c.else()
    c.get(next).call(escaped(m)).tee(next).op('i32.eqz').if().refNull(EXTERN_HEAP, true).op('return').end()
    c.end().end()
    c.get(out).get(length).get(next).gc('array.set', units)
    step(c, length)
    step(c, 1)
    c.br(top).end().end()
    c.get(out).i32(0).get(length).call(textOf(m))
  })
}

const EXTERN_HEAP = 0x6f

/** What a unit behind a backslash stands for; 0 for what may not stand there. */
function escaped(m: ModuleLowering): number {
  return m.helper('json escape', [I32], [I32], (c) => {
    for (const [name, value] of Object.entries({
      '"': '"',
      '\\': '\\',
      '/': '/',
      b: '\b',
      f: '\f',
      n: '\n',
      r: '\r',
      t: '\t',
    }))
      c.get(0).i32(code(name)).op('i32.eq').if().i32(code(value)).op('return').end()
    c.i32(0)
  })
}

/** The number of the four hexadecimal digits behind `at`, before `end`: `(units, at, end) -> number`, negative when there are none. */
function fourDigits(m: ModuleLowering): number {
  return m.helper('json digits', [unitsType(m), I32, I32], [I32], (c) => {
    const [next, sum, left] = [c.local(I32), c.local(I32), c.local(I32)]
    c.i32(4).set(left)
    const top = c.loop()
    step(c, 1)
    c.get(1).get(2).op('i32.ge_u').if().i32(-1).op('return').end()
    unit(m, c, 1)
    c.set(next)
    isDigit(c, next)
    c.if(I32).get(next).i32(code('0')).op('i32.sub').else()
    c.get(next).i32(0x20).op('i32.or').i32(code('a')).op('i32.sub').tee(next).i32(6).op('i32.ge_u')
    c.if().i32(-1).op('return').end().get(next).i32(10).op('i32.add').end()
    c.get(sum).i32(4).op('i32.shl').op('i32.or').set(sum)
    c.get(left).i32(1).op('i32.sub').tee(left).brIf(top).end()
    c.get(sum)
  })
}

/** The digits from `at` on: `(units, at, sum) -> (sum, at)`, added to a sum of digits before them. Beyond 18 digits the sum means nothing. */
function digits(m: ModuleLowering): number {
  return m.helper('json number digits', [unitsType(m), I32, I64], [I64, I32], (c) => {
    const next = c.local(I32)
    const out = c.block()
    const top = c.loop()
    unit(m, c, 1)
    c.set(next)
    isDigit(c, next)
    c.op('i32.eqz').brIf(out)
    c.get(2).i64(10n).op('i64.mul').get(next).i32(code('0')).op('i32.sub').op('i64.extend_i32_u').op('i64.add').set(2)
    step(c, 1)
    c.br(top).end().end().get(2).get(1)
  })
}

/**
 * A number: `(units, at) -> (number, at)`. Up to 15 digits and a power of ten up to 22 are both exact as doubles, so that one rounding gives what the text means
 * (Clinger, How to Read Floating Point Numbers Accurately, 1990); all else the host reads.
 */
export function readNumber(m: ModuleLowering): number {
  return m.helper('json number', [unitsType(m), I32], [F64, I32], (c) => {
    const [start, first, at, scale] = [c.local(I32), c.local(I32), c.local(I32), c.local(I32)]
    const [sum, count, value] = [c.local(I64), c.local(I32), c.local(F64)]
    const bad = (): void => void c.if().f64(0).i32(BAD).op('return').end()
    const more = (): void => void c.get(0).get(at).get(sum).call(digits(m)).set(at).set(sum)
    const at0 = (character: string): void => {
      unit(m, c, at)
      c.i32(code(character)).op('i32.eq')
    }
    c.get(1).tee(start).set(at)
    at0('-')
    c.if()
    step(c, at)
    c.end().get(at).set(first)
    more()
    c.get(at).get(first).op('i32.sub').tee(count).op('i32.eqz')
    bad()
    // No number of more than one digit begins with 0.
    c.get(0)
      .get(first)
      .gc('array.get_u', m.imports.units)
      .i32(code('0'))
      .op('i32.eq')
      .get(count)
      .i32(1)
      .op('i32.gt_u')
      .op('i32.and')
    bad()
    at0('.')
    c.if()
    step(c, at)
    c.get(at).set(first)
    more()
    c.get(first).get(at).op('i32.sub').tee(scale).op('i32.eqz')
    bad()
    c.get(count).get(scale).op('i32.sub').set(count).end()
    unit(m, c, at)
    c.i32(0x20).op('i32.or').i32(code('e')).op('i32.eq').if()
    c.get(0).get(at).call(exponent(m)).set(at).set(first)
    c.get(at).i32(0).op('i32.lt_s')
    bad()
    c.get(scale).get(first).op('i32.add').set(scale).end()
    c.get(count).i32(15).op('i32.gt_u').get(scale).i32(22).op('i32.add').i32(44).op('i32.gt_u').op('i32.or').if()
    c.get(0).get(start).get(at).call(textOf(m)).call(m.imports.service('toNumber')).get(at).op('return').end()
    c.get(sum).op('f64.convert_i64_s').get(scale).call(scaled(m)).set(value)
    c.get(0).get(start).gc('array.get_u', m.imports.units).i32(code('-')).op('i32.eq').if(F64)
    c.get(value).op('f64.neg').else().get(value).end().get(at)
  })
}

/** The exponent at an `e`: `(units, at) -> (exponent, at)`; a great one is 10000. */
function exponent(m: ModuleLowering): number {
  return m.helper('json exponent', [unitsType(m), I32], [I32, I32], (c) => {
    const [next, first, size, isNegative] = [c.local(I32), c.local(I32), c.local(I32), c.local(I32)]
    const sum = c.local(I64)
    step(c, 1)
    unit(m, c, 1)
    c.tee(next).i32(code('-')).op('i32.eq').tee(isNegative).get(next).i32(code('+')).op('i32.eq').op('i32.or').if()
    step(c, 1)
    c.end().get(1).set(first)
    c.get(0).get(1).i64(0n).call(digits(m)).set(1).set(sum)
    c.get(1).get(first).op('i32.eq').if().i32(0).i32(BAD).op('return').end()
    // So many digits are a great exponent, or zeros: the host reads what is behind them.
    c.i32(10_000)
      .get(sum)
      .op('i32.wrap_i64')
      .get(sum)
      .i64(10_000n)
      .op('i64.ge_s')
      .get(1)
      .get(first)
      .op('i32.sub')
      .i32(9)
    c.op('i32.gt_u').op('i32.or').select(I32).set(size)
    c.i32(0).get(size).op('i32.sub').get(size).get(isNegative).select(I32).get(1)
  })
}

/** A number times a power of ten of at most 22, either way: `(number, exponent) -> number`. */
function scaled(m: ModuleLowering): number {
  return m.helper('json scaled', [F64, I32], [F64], (c) => {
    const [power, left] = [c.local(F64), c.local(I32)]
    c.get(1).op('i32.eqz').if().get(0).op('return').end()
    c.f64(1).set(power)
    c.i32(0).get(1).op('i32.sub').get(1).get(1).i32(0).op('i32.lt_s').select(I32).set(left)
    const top = c.loop()
    c.get(power).f64(10).op('f64.mul').set(power)
    c.get(left).i32(1).op('i32.sub').tee(left).brIf(top).end()
    c.get(1).i32(0).op('i32.lt_s').if(F64).get(0).get(power).op('f64.div').else().get(0).get(power).op('f64.mul').end()
  })
}

/** Names of properties come again and again: so many are kept, by their hashes. */
const NAMES = 256

/** A name without escapes: `(units, from, to) -> (string, hash)`, where that is the hash of the string as a key. */
export function readName(m: ModuleLowering): number {
  const { units } = m.imports
  return m.helper('json name', [unitsType(m), I32, I32], [EXTERNREF, I32], (c) => {
    const { ints, strings, texts } = m.types
    const [names, hashes, copies] = [strings, ints, texts].map((type) => m.filledArray(type, NAMES)) as [
      number,
      number,
      number,
    ]
    const [sum, at, length, hash, place] = [c.local(I64), c.local(I32), c.local(I32), c.local(I32), c.local(I32)]
    const [name, copy] = [c.local(EXTERNREF), c.local(unitsType(m))]
    c.get(1).set(at)
    const out = c.block()
    const top = c.loop()
    c.get(at).get(2).op('i32.ge_u').brIf(out)
    addUnit(m, c, sum, () => unit(m, c, at))
    step(c, at)
    c.br(top).end().end()
    c.get(2).get(1).op('i32.sub').set(length)
    finishText(m, c, sum, length)
    c.tee(hash).i32(24).op('i32.shr_u').set(place)
    c.globalGet(hashes).get(place).gc('array.get', ints).get(hash).op('i32.eq').if()
    c.globalGet(copies).get(place).gc('array.get', texts).get(0).get(1).get(length).call(isCopy(m))
    c.if().globalGet(names).get(place).gc('array.get', strings).get(hash).op('return').end().end()
    c.get(0).get(1).get(2).call(textOf(m)).set(name)
    c.get(length)
      .gc('array.new_default', units)
      .tee(copy)
      .i32(0)
      .get(0)
      .get(1)
      .get(length)
      .gc('array.copy', units, units)
    c.globalGet(copies).get(place).get(copy).gc('array.set', texts)
    c.globalGet(names).get(place).get(name).gc('array.set', strings)
    c.globalGet(hashes).get(place).get(hash).gc('array.set', ints)
    c.get(name).get(hash)
  })
}

/** Whether an array is a copy of so many units: `(copy, units, from, length)`. */
function isCopy(m: ModuleLowering): number {
  const { units } = m.imports
  return m.helper('json is copy', [unitsType(m), unitsType(m), I32, I32], [I32], (c) => {
    const at = c.local(I32)
    c.get(0).gc('array.len').get(3).op('i32.ne').if().i32(0).op('return').end()
    const out = c.block()
    const top = c.loop()
    c.get(at).get(3).op('i32.ge_u').brIf(out)
    c.get(0).get(at).gc('array.get_u', units).get(1).get(2).get(at).op('i32.add').gc('array.get_u', units)
    c.op('i32.ne').if().i32(0).op('return').end()
    step(c, at)
    c.br(top).end().end().i32(1)
  })
}
