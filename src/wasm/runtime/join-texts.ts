import { STRING } from '../../ir/index.ts'
import { EXTERNREF, I32, I64, refNull, type Code } from '../encoder/index.ts'
import { callFromHelper, type ModuleLowering } from '../lower/module.ts'
import { ArrayCode } from './arrays.ts'

/** Units of text that are joined without asking whether memory allows it, and those that compiled code joins; more is for the host. */
const UNASKED_MAX = 2 ** 16
const JOINED_MAX = 2 ** 26

/** `join` (23.1.3.18) of strings, of which some may be unset: `(array, separator) -> string`. */
export function joinTexts(m: ModuleLowering): number {
  const { units } = m.imports
  const a = new ArrayCode(m, m.types.element(STRING))
  const length = m.imports.builtin('length')
  return m.helper('join texts', [a.type, EXTERNREF], [EXTERNREF], (c, marks) => {
    const [sum, out, at] = [c.local(I64), c.local(refNull(units)), c.local(I32)]
    const addLength = (text: number): void =>
      void c.get(sum).get(text).call(length).op('i64.extend_i32_u').op('i64.add').set(sum)
    eachText(c, a, (text) => {
      addLength(1)
      c.get(text).op('ref.is_null').op('i32.eqz').if()
      addLength(text)
      c.end()
    })
    c.get(sum).i64(BigInt(JOINED_MAX)).op('i64.ge_s').if()
    c.get(0).gc('extern.convert_any').get(1)
    callFromHelper(m, c, marks, m.imports.service('join'))
    c.op('return').end()
    c.get(sum)
      .i64(BigInt(UNASKED_MAX + 1))
      .op('i64.ge_s')
      .if()
      .get(sum)
      .op('f64.convert_i64_s')
      .f64(2)
      .op('f64.mul')
    callFromHelper(m, c, marks, m.imports.service('requireMemory'))
    c.end().get(sum).op('i32.wrap_i64').gc('array.new_default', units).set(out)
    const write = (text: number): void => {
      c.get(text).get(out).get(at).call(m.imports.builtin('intoCharCodeArray')).get(at).op('i32.add').set(at)
    }
    eachText(c, a, (text, i) => {
      c.get(i).if()
      write(1)
      c.end().get(text).op('ref.is_null').op('i32.eqz').if()
      write(text)
      c.end()
    })
    c.get(out).i32(0).get(at).call(m.imports.builtin('fromCharCodeArray'))
  })
}

/** A loop over the elements of the array in local 0. */
function eachText(c: Code, a: ArrayCode, body: (text: number, i: number) => void): void {
  const [i, text] = [c.local(I32), c.local(EXTERNREF)]
  const out = c.block()
  const top = c.loop()
  c.get(i)
  a.length(c, 0)
  c.op('i32.ge_u').brIf(out)
  a.storage(c, 0)
  c.get(i)
  a.load(c)
  c.set(text)
  body(text, i)
  c.get(i).i32(1).op('i32.add').set(i).br(top)
  c.end().end()
}
