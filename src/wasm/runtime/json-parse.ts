import { dictOf, JSON_VALUE, type TableType } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, I32, type Code, type Label } from '../encoder/index.ts'
import { box, pushSentinel } from '../lower/boxes.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { ArrayCode, newArray, pushElement } from './arrays.ts'
import { sortedDict } from './dicts.ts'
import {
  BAD,
  code,
  endOfString,
  isDigit,
  readName,
  readNumber,
  skipSpace,
  step,
  textOf,
  UNENDED,
  unescape,
  unit,
  unitsType,
} from './json-text.ts'
import { placeHashed } from './table-entries.ts'
import { TableCode } from './tables.ts'

/** Values of JSON text, as values of `json`: objects become dicts. */

const DICT = dictOf(JSON_VALUE) as TableType

/** Levels that compiled code reads; what lies deeper is for the host to judge. */
const DEPTH_MAX = 1_000

/** Reads a text: `(string) -> value`, null where the host has to say what is wrong. */
export function parseText(m: ModuleLowering): number {
  const { units } = m.imports
  return m.helper('json parse', [EXTERNREF], [ANYREF], (c) => {
    const [text, at, value] = [c.local(unitsType(m)), c.local(I32), c.local(ANYREF)]
    c.get(0).call(m.imports.builtin('length')).i32(1).op('i32.add').gc('array.new_default', units).set(text)
    c.get(0).get(text).i32(0).call(m.imports.builtin('intoCharCodeArray')).op('drop')
    c.get(text).get(text).i32(0).call(skipSpace(m)).i32(0)
    m.callApart(c, readValue(m))
    c.set(at).set(value)
    c.get(at).i32(0).op('i32.ge_s').if()
    c.get(text).get(text).get(at).call(skipSpace(m)).tee(at)
    c.gc('array.get_u', units)
    c.get(at).get(text).gc('array.len').i32(1).op('i32.sub').op('i32.ne').op('i32.or').op('i32.eqz')
    c.if().get(value).op('return').end().end()
    nothing(c)
  })
}

function nothing(c: Code): void {
  c.refNull(0x6e, true)
}

function giveBad(c: Code): void {
  nothing(c)
  c.i32(BAD).op('return')
}

/** A value: `(units, at, depth) -> (value, at)`. */
function readValue(m: ModuleLowering): number {
  return m.helper('json value', [unitsType(m), I32, I32], [ANYREF, I32], (c) => {
    const next = c.local(I32)
    const is = (character: string): void => void c.get(next).i32(code(character)).op('i32.eq').if()
    unit(m, c, 1)
    c.set(next)
    is('"')
    c.get(0).get(1)
    m.callApart(c, readString(m))
    c.set(1).gc('any.convert_extern').get(1).op('return').end()
    is('{')
    c.get(0).get(1).get(2).call(readObject(m)).op('return').end()
    is('[')
    c.get(0).get(1).get(2).call(readArray(m)).op('return').end()
    isDigit(c, next)
    c.get(next).i32(code('-')).op('i32.eq').op('i32.or').if()
    c.get(0).get(1).call(readNumber(m)).set(1)
    box(m, c, { kind: 'f64' })
    c.get(1).op('return').end()
    for (const word of ['true', 'false', 'null'] as const) readWord(m, c, word)
    nothing(c)
    c.i32(BAD)
  })
}

/** Returns the value of a word when it is the one at the index. */
function readWord(m: ModuleLowering, c: Code, word: 'true' | 'false' | 'null'): void {
  const at = c.borrow(I32)
  const out = c.block()
  c.get(1).set(at)
  for (const character of word) {
    unit(m, c, at)
    c.i32(code(character)).op('i32.ne').brIf(out)
    step(c, at)
  }
  pushSentinel(c, word)
  c.get(at).op('return').end().release(I32, at)
}

/** A string that begins at `at`: `(units, at) -> (string, at)`. */
function readString(m: ModuleLowering): number {
  return m.helper('json string', [unitsType(m), I32], [EXTERNREF, I32], (c) => {
    const [end, text] = [c.local(I32), c.local(EXTERNREF)]
    step(c, 1)
    c.get(0).get(1).call(endOfString(m)).tee(end).i32(UNENDED).op('i32.eq').if().get(text).i32(BAD).op('return').end()
    c.get(end).i32(0).op('i32.ge_s').if()
    c.get(0).get(1).get(end).call(textOf(m)).get(end).i32(1).op('i32.add').op('return').end()
    c.get(0).get(1).get(end).i32(-1).op('i32.xor').tee(end)
    m.callApart(c, unescape(m))
    c.tee(text)
    c.get(end).i32(1).op('i32.add').i32(BAD).get(text).op('ref.is_null').op('i32.eqz').select(I32)
  })
}

/** Opens what is between brackets: gives up where it is too deep, and returns what `empty` pushes where there is nothing in it. */
function openBrackets(m: ModuleLowering, c: Code, close: string, made: number): Label {
  c.get(2).i32(DEPTH_MAX).op('i32.gt_u').if()
  giveBad(c)
  c.end()
  c.get(0).get(1).i32(1).op('i32.add').call(skipSpace(m)).set(1)
  unit(m, c, 1)
  c.i32(code(close)).op('i32.eq').if().get(made).get(1).i32(1).op('i32.add').op('return').end()
  return c.loop()
}

/** Goes on behind a comma, returns behind the bracket, and gives up at anything else. */
function closeBrackets(m: ModuleLowering, c: Code, close: string, made: number, top: Label, finish: () => void): void {
  const next = c.local(I32)
  c.get(0).get(1).call(skipSpace(m)).set(1)
  unit(m, c, 1)
  c.set(next)
  step(c, 1)
  c.get(next).i32(code(',')).op('i32.eq').if()
  c.get(0).get(1).call(skipSpace(m)).set(1).br(top).end().end()
  c.get(next).i32(code(close)).op('i32.eq').if()
  finish()
  c.get(made).get(1).op('return').end()
  nothing(c)
  c.i32(BAD)
}

function readArray(m: ModuleLowering): number {
  return m.helper('json array', [unitsType(m), I32, I32], [ANYREF, I32], (c) => {
    const elem = m.types.element(JSON_VALUE)
    const a = new ArrayCode(m, elem)
    const [made, value] = [c.local(a.type), c.local(ANYREF)]
    c.i32(0).call(newArray(m, elem)).set(made)
    const top = openBrackets(m, c, ']', made)
    readInto(m, c, value)
    c.get(made).get(value).call(pushElement(m, elem))
    closeBrackets(m, c, ']', made, top, () => undefined)
  })
}

/** Reads a value into a local, or gives up. */
function readInto(m: ModuleLowering, c: Code, value: number): void {
  c.get(0).get(1).get(2).i32(1).op('i32.add')
  m.callApart(c, readValue(m))
  c.set(1).set(value)
  giveUpIfBad(c)
}

function giveUpIfBad(c: Code): void {
  c.get(1).i32(0).op('i32.lt_s').if()
  giveBad(c)
  c.end()
}

function readObject(m: ModuleLowering): number {
  const t = new TableCode(m, DICT)
  return m.helper('json object', [unitsType(m), I32, I32], [ANYREF, I32], (c) => {
    const [made, value, name] = [c.local(t.valType), c.local(ANYREF), c.local(EXTERNREF)]
    const [end, hash, entry] = [c.local(I32), c.local(I32), c.local(I32)]
    t.make(c)
    c.set(made)
    const top = openBrackets(m, c, '}', made)
    unit(m, c, 1)
    c.i32(code('"')).op('i32.ne').if()
    giveBad(c)
    c.end()
    step(c, 1)
    readNameInto(m, c, { name, hash, end })
    c.get(0).get(1).call(skipSpace(m)).set(1)
    unit(m, c, 1)
    c.i32(code(':')).op('i32.ne').if()
    giveBad(c)
    c.end()
    c.get(0).get(1).i32(1).op('i32.add').call(skipSpace(m)).set(1)
    readInto(m, c, value)
    c.get(made).get(name).get(hash).call(placeHashed(t)).tee(entry)
    c.get(entry).i32(-1).op('i32.xor').get(entry).i32(0).op('i32.ge_s').select(I32).set(entry)
    t.field(c, made, 'values')
    c.get(entry).get(value)
    t.values!.store(c)
    closeBrackets(m, c, '}', made, top, () => {
      t.field(c, made, 'indexed')
      c.if().get(made).call(sortedDict(t)).set(made).end()
    })
  })
}

type Name = { readonly name: number; readonly hash: number; readonly end: number }

/** Reads the name of a property into locals, from behind its quote. */
function readNameInto(m: ModuleLowering, c: Code, { name, hash, end }: Name): void {
  const t = new TableCode(m, DICT)
  c.get(0).get(1).call(endOfString(m)).tee(end).i32(0).op('i32.ge_s').if()
  // What has no end is given by the greatest number.
  c.get(end).i32(UNENDED).op('i32.eq').if()
  giveBad(c)
  c.end()
  c.get(0).get(1).get(end).call(readName(m)).set(hash).set(name)
  c.get(end).i32(1).op('i32.add').set(1)
  c.else()
  c.get(0).get(1).i32(1).op('i32.sub')
  m.callApart(c, readString(m))
  c.set(1).set(name)
  giveUpIfBad(c)
  c.get(name).call(t.key.hash()).set(hash)
  c.end()
}
