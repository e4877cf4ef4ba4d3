import { isBoxed, type Type } from '../../ir/index.ts'
import { F64, HEAP, I32, type Code } from '../encoder/index.ts'
import { elementKind } from '../layout/elements.ts'
import { isFamily } from '../layout/values.ts'
import { equalBoxes, isNumber, pushSentinel, unboxNumber } from '../lower/boxes.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { arrayHelper, relativeIndex, type ArrayCode } from './arrays.ts'

/** What a search compares by: strict equality, or SameValueZero, where NaN is NaN and a hole undefined. */
type Comparison = 'strict' | 'same'

const isComparedInBox = (elem: Type): boolean => isBoxed(elem) && !isFamily(elem)

/** How two elements compare: by what the type is, boxed values apart from plain references. */
function comparisonName(elem: Type): string {
  return elementKind(elem) === 'ref'
    ? isComparedInBox(elem)
      ? 'boxed'
      : elem.kind === 'undefined' || elem.kind === 'null'
        ? 'unit'
        : 'reference'
    : elem.kind
}

/** Pushes whether an element in a local, which is set, equals the value that is sought. */
function pushEqual(m: ModuleLowering, c: Code, elem: Type, element: number, value: number, by: Comparison): void {
  const kind = elementKind(elem)
  c.get(element).get(value)
  if (kind === 'f64') {
    c.op('f64.eq')
    if (by === 'same') {
      c.get(element).get(element).op('f64.ne').get(value).get(value).op('f64.ne').op('i32.and').op('i32.or')
    }
  } else if (kind === 'bool') c.op('i32.eq')
  else if (kind === 'i32') c.op('i64.eq')
  else if (elem.kind === 'bigint') c.call(m.imports.service('sameBigint'))
  else if (kind === 'string') c.call(m.imports.builtin('equals'))
  else if (!isComparedInBox(elem)) {
    const same = (): void => {
      if (m.types.element(elem).struct === undefined) c.refOp('ref.cast', HEAP.eq, true)
    }
    c.op('drop').op('drop').get(element)
    same()
    c.get(value)
    same()
    c.op('ref.eq')
  } else {
    c.call(equalBoxes(m))
    if (by === 'same') {
      c.get(element).call(isNumber(m)).get(value).call(isNumber(m)).op('i32.and').if(I32)
      bothNaN(m, c, element, value)
      c.else().i32(0).end().op('i32.or')
    }
  }
}

function bothNaN(m: ModuleLowering, c: Code, a: number, b: number): void {
  const isNaN = (x: number): void => {
    c.get(x).call(unboxNumber(m)).get(x).call(unboxNumber(m)).op('f64.ne')
  }
  isNaN(a)
  isNaN(b)
  c.op('i32.and')
}

/** Loads the element at `i` into a local, and pushes whether it counts as present. */
function loadElement(
  c: Code,
  a: ArrayCode,
  i: number,
  element: number,
  by: Comparison,
  admitsUndefined: boolean,
): void {
  a.storage(c, 0)
  c.get(i)
  a.load(c)
  c.tee(element)
  a.isUnset(c)
  if (by === 'strict' || !admitsUndefined) {
    c.op('i32.eqz')
    return
  }
  c.if()
  pushSentinel(c, 'undefined')
  c.set(element).end().i32(1)
}

/** `(array, value, from) -> index` of the first equal element, -1 when there is none. */
export function findElement(m: ModuleLowering, elem: Type, by: Comparison, admitsUndefined: boolean): number {
  const name = `find ${by} ${comparisonName(elem)} ${admitsUndefined}`
  return arrayHelper(
    m,
    m.types.element(elem),
    name,
    (a) => [a.type, a.slot, F64],
    () => [I32],
    (c, a) => {
      const i = c.local(I32)
      const element = c.local(a.slot)
      c.get(2)
      a.length(c, 0)
      c.call(relativeIndex(m)).set(i)
      const out = c.block()
      const top = c.loop()
      c.get(i)
      a.length(c, 0)
      c.op('i32.ge_s').brIf(out)
      loadElement(c, a, i, element, by, admitsUndefined)
      c.if()
      pushEqual(m, c, elem, element, 1, by)
      c.if().get(i).op('return').end().end()
      c.get(i).i32(1).op('i32.add').set(i).br(top)
      c.end().end().i32(-1)
    },
  )
}

/** `(array, value, from) -> index` of the last equal element up to `from`, -1 when there is none. */
export function findLastElement(m: ModuleLowering, elem: Type): number {
  const name = `find last ${comparisonName(elem)}`
  return arrayHelper(
    m,
    m.types.element(elem),
    name,
    (a) => [a.type, a.slot, F64],
    () => [I32],
    (c, a) => {
      const i = c.local(I32)
      const start = c.local(F64)
      const element = c.local(a.slot)
      // ToIntegerOrInfinity, from the end when negative, at most the last index (23.1.3.20).
      c.get(2).op('f64.trunc').f64(0).get(2).get(2).op('f64.eq').select(F64).tee(start)
      c.f64(0).op('f64.lt').if(F64)
      c.get(start)
      a.length(c, 0)
      c.op('f64.convert_i32_u').op('f64.add').else().get(start).end()
      a.length(c, 0)
      c.i32(1)
        .op('i32.sub')
        .op('f64.convert_i32_s')
        .op('f64.min')
        .f64(-1)
        .op('f64.max')
        .sat('i32.trunc_sat_f64_s')
        .set(i)
      const out = c.block()
      const top = c.loop()
      c.get(i).i32(0).op('i32.lt_s').brIf(out)
      loadElement(c, a, i, element, 'strict', false)
      c.if()
      pushEqual(m, c, elem, element, 1, 'strict')
      c.if().get(i).op('return').end().end()
      c.get(i).i32(1).op('i32.sub').set(i).br(top)
      c.end().end().i32(-1)
    },
  )
}
