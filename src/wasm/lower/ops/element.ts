import type { Expr, Type } from '../../../ir/index.ts'
import { F64, I32 } from '../../encoder/index.ts'
import { ArrayCode, setBeyond } from '../../runtime/arrays.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { index, integer, isInteger, numberToIndex } from '../numbers.ts'
import { loadOwnList, ownListOf } from '../own-lists.ts'
import { fromSlot, optionalFromSlot, toSlot } from '../slots.ts'
import { elementOf, type Lower } from './combine.ts'

/** Evaluates an array and an index of it, then pushes its storage and the index. */
function pushPlace(f: FuncLowering, list: Expr, at: Expr): ArrayCode {
  const { c, m } = f
  const own = ownListOf(f, list)
  if (own) {
    f.withLocal(I32, (i) => {
      index(f, at)
      c.set(i).get(own.storage).get(i)
    })
    return own.array
  }
  const a = new ArrayCode(m, m.types.element((list.type as Extract<Type, { kind: 'array' }>).elem))
  const array = c.borrow(a.type)
  const i = c.borrow(I32)
  f.value(list)
  c.set(array)
  index(f, at)
  c.set(i)
  a.storage(c, array)
  c.get(i)
  c.release(a.type, array).release(I32, i)
  return a
}

/** Storage and index on the stack, the element in a local: its content, or unset where there is no storage either. */
function loadChecked(f: FuncLowering, list: Expr, at: Expr, element: number): ArrayCode {
  const { c } = f
  const a = pushPlace(f, list, at)
  const i = c.borrow(I32)
  const data = c.borrow(a.dataType)
  c.set(i).set(data)
  // The comparison that the host would make by itself before it loads.
  c.get(i).get(data).gc('array.len').op('i32.lt_u').mostly().if(a.slot).get(data).get(i)
  a.load(c)
  c.else()
  a.unset(c)
  c.end()
  c.set(element)
  c.release(I32, i).release(a.dataType, data)
  return a
}

const get: Lower = (f, e) => {
  const { c } = f
  const elem = elementOf(e)
  if (f.fuelLocal !== undefined) return getAsked(f, e, elem)
  const a = pushPlace(f, e.args[0]!, e.args[1]!)
  f.at(e.span)
  f.mark('index-out-of-bounds')
  a.load(c)
  if (a.elem.kind === 'string' || a.elem.kind === 'ref') {
    f.mark('index-out-of-bounds')
    c.op('ref.as_non_null')
  } else {
    f.withLocal(a.slot, (x) => {
      c.tee(x)
      a.isUnset(c)
      c.rarely().if()
      f.trap('index-out-of-bounds')
      c.end().get(x)
    })
  }
  fromSlot(f.m, c, elem)
}

/** The same without a trap of the host, before which fuel had to be put back. */
function getAsked(f: FuncLowering, e: OpExpr, elem: Type): void {
  const { c, m } = f
  const a = pushPlace(f, e.args[0]!, e.args[1]!)
  const [i, data, element] = [c.borrow(I32), c.borrow(a.dataType), c.borrow(a.slot)]
  const trap = (): void => {
    c.rarely().if()
    f.at(e.span)
    f.trap('index-out-of-bounds')
    c.end()
  }
  // The comparison that the host makes before it loads, as it makes it, so that it makes it once.
  c.set(i).set(data).get(i).get(data).gc('array.len').op('i32.lt_u').op('i32.eqz')
  trap()
  c.get(data).get(i)
  a.load(c)
  c.tee(element)
  a.isUnset(c)
  trap()
  c.get(element)
  if (a.elem.kind === 'ref') c.op('ref.as_non_null')
  fromSlot(m, c, elem)
  c.release(I32, i).release(a.dataType, data).release(a.slot, element)
}

const getOptional: Lower = (f, e) => {
  const elem = elementOf(e)
  f.withLocal(f.m.types.element(elem).slot, (element) => {
    loadChecked(f, e.args[0]!, e.args[1]!, element)
    pushOptional(f, elem, e.type, element)
  })
}

/** Pushes an element in a local, set or not, as `T?`; of undefined itself there is nothing to push. */
export function pushOptional(f: FuncLowering, elem: Type, result: Type, element: number): void {
  if (!f.m.types.valType(result)) return
  f.c.get(element)
  optionalFromSlot(f, elem, result)
}

const getNumber: Lower = (f, e) => {
  const { c } = f
  f.withLocal(F64, (x) => {
    const a = loadChecked(f, e.args[0]!, e.args[1]!, x)
    c.get(x)
    a.isUnset(c)
    c.if(F64).f64(NaN).else().get(x).end()
  })
}

/** Pushes a number for an operation to which one NaN is as good as another: an element that is missing need not be told from others. */
export function numberOrUnset(f: FuncLowering, e: Expr): void {
  f.inside(e.span, () => {
    if (e.kind === 'seq') {
      f.statements(e.body)
      numberOrUnset(f, e.value)
    } else if (e.kind === 'op' && e.op === 'array.get_nan')
      f.withLocal(F64, (x) => {
        loadChecked(f, e.args[0]!, e.args[1]!, x)
        f.c.get(x)
      })
    else f.value(e)
  })
}

const has: Lower = (f, e) => {
  f.withLocal(f.m.types.element(elementOf(e)).slot, (element) => {
    const a = loadChecked(f, e.args[0]!, e.args[1]!, element)
    f.c.get(element)
    a.isUnset(f.c)
    f.c.op('i32.eqz')
  })
}

/** Within the length an element is stored in place and costs nothing; beyond it a helper charges and makes room. */
const set: Lower = (f, e) => {
  const { c, m } = f
  const [list, at, value] = e.args as readonly [Expr, Expr, Expr]
  const elem = elementOf(e)
  const a = new ArrayCode(m, m.types.element(elem))
  const array = c.borrow(a.type)
  const whole = isInteger(at)
  const number = c.borrow(whole ? I32 : F64)
  const i = c.borrow(I32)
  const element = c.borrow(a.slot)
  const own = ownListOf(f, list)
  f.value(list)
  c.set(array)
  if (whole) integer(f, at)
  else f.value(at)
  c.set(number)
  f.value(value)
  toSlot(f.m, c, elem)
  c.set(element)
  f.at(e.span)
  c.get(number)
  if (!whole) numberToIndex(c)
  c.tee(i)
  if (own) c.get(own.length)
  else a.length(c, array)
  c.op('i32.lt_u').mostly().if()
  if (own) c.get(own.storage)
  else a.storage(c, array)
  // The storage is as long as the array at least, so that the host has nothing to refuse.
  c.get(i).get(element)
  a.store(c)
  c.else().get(array).get(number)
  if (whole) c.op('f64.convert_i32_s')
  c.get(element)
  m.callApart(c, setBeyond(m, a.elem), () => f.markCall())
  if (list.kind === 'local') loadOwnList(f, list.local)
  c.end()
  c.release(a.type, array)
    .release(whole ? I32 : F64, number)
    .release(I32, i)
    .release(a.slot, element)
}

/** Elements of lists, one by one. */
export const ELEMENT_OPS = {
  'array.get': get,
  'array.get_opt': getOptional,
  'array.get_nan': getNumber,
  'array.set': set,
  'array.has': has,
}
