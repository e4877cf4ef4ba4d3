import { admits, UNDEFINED, type Expr, type Type } from '../../../ir/index.ts'
import { EXTERNREF, I32 } from '../../encoder/index.ts'
import { structGet } from '../../layout/slot.ts'
import { fromSlot, toSlot } from '../slots.ts'
import type { Element } from '../../layout/elements.ts'
import { ARRAY_LENGTH } from '../../layout/struct-fields.ts'
import { ArrayCode, newArray, popElement, pushElement, resize, shiftElement } from '../../runtime/arrays.ts'
import {
  appendArray,
  concatArrays,
  copyWithin,
  fillArray,
  prependArray,
  reverseArray,
  sliceArray,
  spliceArray,
} from '../../runtime/bulk.ts'
import { joinTexts } from '../../runtime/join-texts.ts'
import { findElement, findLastElement } from '../../runtime/search.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { pushListLength } from '../own-lists.ts'
import { pushOptional } from './element.ts'
import { elementOf, inLocals, onStack, typeOf, type Lower } from './combine.ts'

/** Elements that one instruction takes; more are stored one by one. The host has a bound for it. */
const FIXED_MAX = 1000

const arrayNew: Lower = (f, e) => {
  const { c, m } = f
  const elem = e.imm[0] as Type
  const a = new ArrayCode(m, m.types.element(elem))
  const push = (arg: Expr): void => {
    f.value(arg)
    toSlot(f.m, c, elem)
  }
  if (e.args.length > FIXED_MAX) return longArray(f, e, a, push)
  c.i32(e.args.length)
  e.args.forEach(push)
  if (e.args.length === 0) c.globalGet(m.emptyArray(a.data))
  else c.gc('array.new_fixed', a.data, e.args.length)
  f.at(e.span)
  f.allocate(32 + 8 * e.args.length)
  a.make(c)
}

function longArray(f: FuncLowering, e: OpExpr, a: ArrayCode, push: (arg: Expr) => void): void {
  const { c, m } = f
  f.withLocal(a.type, (array) => {
    c.i32(e.args.length).call(newArray(m, a.elem)).set(array)
    e.args.forEach((arg, i) => {
      a.storage(c, array)
      c.i32(i)
      push(arg)
      a.store(c)
    })
    f.at(e.span)
    f.allocate(32 + 8 * e.args.length)
    c.get(array)
  })
}

/** Refuses what is no length of an array, and pushes it as one. */
function pushLength(f: FuncLowering, number: number): void {
  const { c } = f
  const whole = c.borrow(I32)
  c.get(number).sat('i32.trunc_sat_f64_u').tee(whole).op('f64.convert_i32_u').get(number).op('f64.ne').rarely().if()
  f.fail('raiseArrayLength')
  c.end().get(whole)
  c.release(I32, whole)
}

const holes: Lower = inLocals((f, [n], e) => {
  pushLength(f, n!)
  f.call(newArray(f.m, f.m.types.element(e.imm[0] as Type)))
})

const setLength: Lower = inLocals((f, [list, n], e) => {
  f.c.get(list!)
  pushLength(f, n!)
  f.call(resize(f.m, f.m.types.element(elementOf(e))))
})

const push: Lower = (f, e) => {
  const { c, m } = f
  const elem = elementOf(e)
  const kept = m.types.element(elem)
  const type = m.types.valType(typeOf(e, 0))!
  f.withLocal(type, (list) => {
    f.value(e.args[0]!)
    c.set(list)
    f.value(e.args[1]!)
    toSlot(f.m, c, elem)
    f.at(e.span)
    f.withLocal(kept.slot, (element) => {
      c.set(element)
      f.allocate(8)
      c.get(list).get(element)
      f.call(pushElement(m, kept))
    })
    c.get(list)
      .gc('struct.get', m.types.structOf(typeOf(e, 0)), ARRAY_LENGTH)
      .op('f64.convert_i32_u')
  })
}

/** `pop` and `shift`: the element, undefined when there is none. */
const take = (helper: typeof popElement): Lower =>
  inLocals((f, [list], e) => {
    const elem = elementOf(e)
    const a = new ArrayCode(f.m, f.m.types.element(elem))
    f.c.get(list!)
    f.call(helper(f.m, a.elem))
    f.withLocal(a.slot, (element) => {
      f.c.set(element)
      pushOptional(f, elem, e.type, element)
    })
  })

const takesUndefined = (e: OpExpr): boolean => admits(elementOf(e), UNDEFINED)

/** Adds the elements of a second array in front or behind; the new length. */
const extend = (helper: typeof appendArray): Lower =>
  inLocals((f, [list, more], e) => {
    const { c, m } = f
    c.get(list!).get(more!)
    f.call(helper(m, m.types.element(elementOf(e)), takesUndefined(e)))
    c.get(list!)
      .gc('struct.get', m.types.structOf(typeOf(e, 0)), ARRAY_LENGTH)
      .op('f64.convert_i32_u')
  })

/** An operation that is one helper for arrays of the kind. */
const whole = (helper: (m: FuncLowering['m'], elem: Element) => number): Lower =>
  onStack((_c, f, e) => f.call(helper(f.m, f.m.types.element(elementOf(e)))))

/** An operation that changes its first operand and gives it back. */
const inPlace = (helper: typeof reverseArray): Lower =>
  inLocals((f, operands, e) => {
    const { c, m } = f
    const elem = elementOf(e)
    operands.forEach((operand, i) => {
      if (operand >= 0) c.get(operand)
      if (e.op === 'array.fill' && i === 1) toSlot(f.m, c, elem)
    })
    f.call(helper(m, m.types.element(elem)))
    c.get(operands[0]!)
  })

const search = (helper: (f: FuncLowering, elem: Type) => number, asBool = false): Lower =>
  inLocals((f, [list, value, from], e) => {
    const { c } = f
    const elem = elementOf(e)
    c.get(list!)
    if (value! >= 0) c.get(value!)
    toSlot(f.m, c, elem)
    c.get(from!)
    f.call(helper(f, elem))
    if (asBool) c.i32(0).op('i32.ge_s')
    else c.op('f64.convert_i32_s')
  })

const join: Lower = onStack((c, f, e) => {
  if (elementOf(e).kind === 'string') return f.call(joinTexts(f.m))
  f.withLocal(EXTERNREF, (separator) => {
    c.set(separator).gc('extern.convert_any').get(separator)
    f.service('join')
  })
})

const splice: Lower = onStack((_c, f, e) =>
  f.call(spliceArray(f.m, f.m.types.element(elementOf(e)), takesUndefined(e))),
)

const tupleNew: Lower = (f, e) => {
  const { c, m } = f
  const type = e.imm[0] as Extract<Type, { kind: 'tuple' }>
  e.args.forEach((arg, i) => {
    f.value(arg)
    toSlot(f.m, c, type.elems[i]!)
  })
  f.at(e.span)
  f.allocate(32 + 8 * e.args.length)
  c.gc('struct.new', m.types.structOf(type))
}

const tupleGet: Lower = onStack((c, f, e) => {
  structGet(c, f.m.types.structOf(typeOf(e, 0)), e.imm[0] as number, e.type)
  fromSlot(f.m, c, e.type)
})

const tupleSet: Lower = onStack((c, f, e) => {
  toSlot(f.m, c, typeOf(e, 1))
  c.gc('struct.set', f.m.types.structOf(typeOf(e, 0)), e.imm[0] as number)
})

const hypot: Lower = onStack((c, f) => {
  c.gc('extern.convert_any')
  f.service('hypot')
})

/** Lists as a whole, and tuples; their elements are in `element.ts`. */
export const ARRAY_OPS = {
  'array.new': arrayNew,
  'array.holes': holes,
  'array.length': ((f, e) => {
    pushListLength(f, e.args[0]!)
    f.c.op('f64.convert_i32_u')
  }) as Lower,
  'array.set_length': setLength,
  'array.push': push,
  'array.append': extend(appendArray),
  'array.pop': take(popElement),
  'array.shift': take(shiftElement),
  'array.prepend': extend(prependArray),
  'array.slice': whole(sliceArray),
  'array.concat': whole(concatArrays),
  'array.splice': splice,
  'array.reverse': inPlace(reverseArray),
  'array.fill': inPlace(fillArray),
  'array.copy_within': inPlace(copyWithin),
  'array.index_of': search((f, elem) => findElement(f.m, elem, 'strict', false)),
  'array.last_index_of': search((f, elem) => findLastElement(f.m, elem)),
  'array.includes': search((f, elem) => findElement(f.m, elem, 'same', admits(elem, UNDEFINED)), true),
  'array.join': join,
  'tuple.new': tupleNew,
  'tuple.get': tupleGet,
  'tuple.set': tupleSet,
  'math.hypot': hypot,
}
