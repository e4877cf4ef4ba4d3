import { STRING } from '../../ir/index.ts'
import { EXTERNREF, F64, HEAP, I32, refNull, type Code, type ValType } from '../encoder/index.ts'
import { pushUnset, testUnset } from '../layout/slot.ts'
import type { Element } from '../layout/elements.ts'
import { ARRAY_DATA, ARRAY_LENGTH } from '../layout/struct-fields.ts'
import { pushSentinel } from '../lower/boxes.ts'
import { allocateSized } from '../lower/charges.ts'
import { callFromHelper, markHelper, type ModuleLowering } from '../lower/module.ts'

/**
 * Arrays: helpers that work on what elements are kept as, so that all references share one. An array is a length and a
 * storage that may be longer; behind the length the storage is unset, so that a read beyond the length finds nothing.
 */

type ArrayBody = (c: Code, a: ArrayCode, marks: Parameters<Parameters<ModuleLowering['helper']>[3]>[1]) => void

/** Instructions on arrays of one kind. */
export class ArrayCode {
  readonly elem: Element
  readonly struct: number
  readonly data: number
  readonly #isCarrier: boolean

  constructor(m: ModuleLowering, elem: Element) {
    this.elem = elem
    this.#isCarrier = m.types.isCarrier(elem)
    const { struct, data } = m.types.array(elem)
    this.struct = struct
    this.data = data
  }

  /** What an element is on the stack. */
  get slot(): ValType {
    return this.elem.slot
  }

  get type(): ValType {
    return refNull(this.struct)
  }

  get dataType(): ValType {
    return refNull(this.data)
  }

  /** An array of the length and the storage on the stack. */
  make(c: Code): void {
    if (this.#isCarrier) c.refNull(HEAP.any, true)
    c.gc('struct.new', this.struct)
  }

  length(c: Code, array: number): void {
    c.get(array).gc('struct.get', this.struct, ARRAY_LENGTH)
  }

  storage(c: Code, array: number): void {
    c.get(array).gc('struct.get', this.struct, ARRAY_DATA)
  }

  /** Sets the length to what `push` pushes. */
  setLength(c: Code, array: number, push: () => void): void {
    c.get(array)
    push()
    c.gc('struct.set', this.struct, ARRAY_LENGTH)
  }

  load(c: Code): void {
    c.gc(this.elem.kind === 'bool' ? 'array.get_u' : 'array.get', this.data)
  }

  store(c: Code): void {
    c.gc('array.set', this.data)
  }

  copy(c: Code): void {
    c.gc('array.copy', this.data, this.data)
  }

  unset(c: Code): void {
    pushUnset(c, this.elem.kind, this.elem.struct)
  }

  isUnset(c: Code): void {
    testUnset(c, this.elem.kind)
  }
}

/** A helper for arrays of one kind. */
export function arrayHelper(
  m: ModuleLowering,
  elem: Element,
  name: string,
  params: (a: ArrayCode) => readonly ValType[],
  results: (a: ArrayCode) => readonly ValType[],
  body: ArrayBody,
): number {
  const a = new ArrayCode(m, elem)
  return m.helper(`array ${name} ${elem.name}`, params(a), results(a), (c, marks) => body(c, a, marks))
}

/** A new array of a length with storage of just that, all unset: `(length) -> array`. */
export function newArray(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'new',
    () => [I32],
    (a) => [a.type],
    (c, a) => {
      c.get(0)
      a.unset(c)
      c.get(0).gc('array.new', a.data)
      a.make(c)
    },
  )
}

/** How many elements a list has room for when it gets its first one, since most lists stay short; and then, before it grows in proportion. */
const SHORT_ROOM = 4
const LONG_ROOM = 16

/** Makes the storage at least so long: `(array, capacity)`. */
export function reserve(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'reserve',
    (a) => [a.type, I32],
    () => [],
    (c, a) => {
      const old = c.local(a.dataType)
      const fresh = c.local(a.dataType)
      const room = c.local(I32)
      a.storage(c, 0)
      c.tee(old).gc('array.len').tee(room).get(1).op('i32.ge_u').if().op('return').end()
      c.get(room).i32(SHORT_ROOM).op('i32.le_u').if(I32)
      c.i32(LONG_ROOM).i32(SHORT_ROOM).get(room).select(I32)
      c.else().get(room).get(room).i32(1).op('i32.shr_u').op('i32.add').i32(LONG_ROOM).op('i32.add').end()
      c.set(room)
      c.get(room).get(1).get(room).get(1).op('i32.gt_u').select(I32).set(room)
      a.unset(c)
      c.get(room).gc('array.new', a.data).set(fresh)
      c.get(fresh).i32(0).get(old).i32(0)
      a.length(c, 0)
      a.copy(c)
      c.get(0).get(fresh).op('ref.as_non_null').gc('struct.set', a.struct, ARRAY_DATA)
    },
  )
}

/** `(array, element)`. */
export function pushElement(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'push',
    (a) => [a.type, a.slot],
    () => [],
    (c, a) => {
      const length = c.local(I32)
      a.length(c, 0)
      c.tee(length)
      a.storage(c, 0)
      c.gc('array.len').op('i32.ge_u').rarely().if()
      c.get(0).get(length).i32(1).op('i32.add')
      m.callApart(c, reserve(m, elem))
      c.end()
      a.storage(c, 0)
      c.get(length).get(1)
      a.store(c)
      a.setLength(c, 0, () => c.get(length).i32(1).op('i32.add'))
    },
  )
}

/** Sets the element at a number that is no index of an element yet: `(array, number, element)`. */
export function setBeyond(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'set beyond',
    (a) => [a.type, F64, a.slot],
    () => [],
    (c, a, marks) => {
      const at = c.local(I32)
      const trapIf = (): void => {
        c.rarely().if()
        markHelper(c, marks, 'index-out-of-bounds')
        c.op('unreachable').end()
      }
      c.get(1).sat('i32.trunc_sat_f64_u').tee(at).op('f64.convert_i32_u').get(1).op('f64.ne')
      trapIf()
      c.get(at).op('i64.extend_i32_u').i64(1n).op('i64.add')
      a.length(c, 0)
      c.op('i64.extend_i32_u').op('i64.sub').i64(8n).op('i64.mul')
      if (m.options.charges) callFromHelper(m, c, marks, allocateSized(m))
      else c.op('drop')
      // 2^32-1 is a length and no index: it is charged for, and refused.
      c.get(at).i32(-1).op('i32.eq')
      trapIf()
      c.get(0).get(at).i32(1).op('i32.add').call(reserve(m, elem))
      a.storage(c, 0)
      c.get(at).get(2)
      a.store(c)
      a.setLength(c, 0, () => c.get(at).i32(1).op('i32.add'))
    },
  )
}

/** A new length: what is cut off becomes unset: `(array, length)`. */
export function resize(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'resize',
    (a) => [a.type, I32],
    () => [],
    (c, a) => {
      const length = c.local(I32)
      a.length(c, 0)
      c.tee(length).get(1).op('i32.gt_u').if()
      a.storage(c, 0)
      c.get(1)
      a.unset(c)
      c.get(length).get(1).op('i32.sub').gc('array.fill', a.data)
      c.else().get(0).get(1).call(reserve(m, elem)).end()
      a.setLength(c, 0, () => c.get(1))
    },
  )
}

/** Takes the last element, or unset when there is none: `(array) -> element`. */
export const popElement = (m: ModuleLowering, elem: Element): number => takeElement(m, elem, 'pop')

/** Takes the first element, or unset when there is none: `(array) -> element`. */
export const shiftElement = (m: ModuleLowering, elem: Element): number => takeElement(m, elem, 'shift')

function takeElement(m: ModuleLowering, elem: Element, from: 'pop' | 'shift'): number {
  return arrayHelper(
    m,
    elem,
    from,
    (a) => [a.type],
    (a) => [a.slot],
    (c, a) => {
      const last = c.local(I32)
      const element = c.local(elem.slot)
      a.length(c, 0)
      c.op('i32.eqz').if()
      a.unset(c)
      c.op('return').end()
      a.length(c, 0)
      c.i32(1).op('i32.sub').set(last)
      a.storage(c, 0)
      if (from === 'pop') c.get(last)
      else c.i32(0)
      a.load(c)
      c.set(element)
      if (from === 'shift') {
        a.storage(c, 0)
        c.i32(0)
        a.storage(c, 0)
        c.i32(1).get(last)
        a.copy(c)
      }
      a.storage(c, 0)
      c.get(last)
      a.unset(c)
      a.store(c)
      a.setLength(c, 0, () => c.get(last))
      c.get(element)
    },
  )
}

/** A start or end as the library counts them: from the end when negative, within the length: `(number, length) -> index`. */
export function relativeIndex(m: ModuleLowering): number {
  return m.helper('relative index', [F64, I32], [I32], (c) => {
    const length = c.local(F64)
    const whole = c.local(F64)
    c.get(1).op('f64.convert_i32_u').set(length)
    c.get(0).op('f64.trunc').tee(whole).f64(0).op('f64.lt').if(F64)
    c.get(length).get(whole).op('f64.add').f64(0).op('f64.max')
    c.else().get(whole).get(length).op('f64.min').end()
    // NaN comes through and saturates to 0, as it should.
    c.sat('i32.trunc_sat_f64_u')
  })
}

/** A list of strings of the host as an array: `(list) -> array`. */
export function stringsFromHost(m: ModuleLowering): number {
  const elem = m.types.element(STRING)
  return m.helper('strings from host', [EXTERNREF], [refNull(m.types.array(elem).struct)], (c) => {
    const a = new ArrayCode(m, elem)
    const count = c.local(I32)
    const array = c.local(a.type)
    const i = c.local(I32)
    c.get(0).call(m.imports.service('openList')).tee(count).call(newArray(m, elem)).set(array)
    const out = c.block()
    const top = c.loop()
    c.get(i).get(count).op('i32.ge_u').brIf(out)
    a.storage(c, array)
    c.get(i).call(m.imports.service('takeValue'))
    a.store(c)
    c.get(i).i32(1).op('i32.add').set(i).br(top)
    c.end().end()
    c.get(array)
  })
}

/**
 * The elements as iteration gives them: unset ones become undefined where the type admits that, and are a trap elsewhere:
 * `(array, start, count)`, over the storage of an array in place.
 */
export function iterateHoles(m: ModuleLowering, elem: Element, admitsUndefined: boolean): number {
  const name = admitsUndefined ? 'fill holes' : 'refuse holes'
  return arrayHelper(
    m,
    elem,
    name,
    (a) => [a.type, I32, I32],
    () => [],
    (c, a, marks) => {
      const i = c.local(I32)
      const out = c.block()
      const top = c.loop()
      c.get(i).get(2).op('i32.ge_u').brIf(out)
      a.storage(c, 0)
      c.get(1).get(i).op('i32.add')
      a.load(c)
      a.isUnset(c)
      c.if()
      if (admitsUndefined) {
        a.storage(c, 0)
        c.get(1).get(i).op('i32.add')
        pushSentinel(c, 'undefined')
        a.store(c)
      } else {
        markHelper(c, marks, 'index-out-of-bounds')
        c.op('unreachable')
      }
      c.end()
      c.get(i).i32(1).op('i32.add').set(i).br(top)
      c.end().end()
    },
  )
}
