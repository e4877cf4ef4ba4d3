import { F64, I32, type Code } from '../encoder/index.ts'
import type { Element } from '../layout/elements.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { arrayHelper, iterateHoles, newArray, relativeIndex, reserve, resize, type ArrayCode } from './arrays.ts'

/** Operations that move many elements at once. Storage is copied as a whole, so holes stay holes. */

/** Copies `count` elements between storages; all four are pushed by the caller's functions. */
function copyElements(
  c: Code,
  a: ArrayCode,
  to: number,
  at: () => void,
  from: number,
  start: () => void,
  count: () => void,
): void {
  a.storage(c, to)
  at()
  a.storage(c, from)
  start()
  count()
  a.copy(c)
}

/** `(array, more)`: appends what iteration of `more` gives. */
export function appendArray(m: ModuleLowering, elem: Element, admitsUndefined: boolean): number {
  const name = admitsUndefined ? 'append with holes' : 'append'
  return arrayHelper(
    m,
    elem,
    name,
    (a) => [a.type, a.type],
    () => [],
    (c, a) => {
      const length = c.local(I32)
      const count = c.local(I32)
      a.length(c, 0)
      c.set(length)
      a.length(c, 1)
      c.set(count)
      if (!admitsUndefined)
        c.get(1)
          .i32(0)
          .get(count)
          .call(iterateHoles(m, elem, false))
      c.get(0).get(length).get(count).op('i32.add').call(reserve(m, elem))
      copyElements(
        c,
        a,
        0,
        () => c.get(length),
        1,
        () => c.i32(0),
        () => c.get(count),
      )
      a.setLength(c, 0, () => c.get(length).get(count).op('i32.add'))
      if (admitsUndefined)
        c.get(0)
          .get(length)
          .get(count)
          .call(iterateHoles(m, elem, true))
    },
  )
}

/** `(array, start, end) -> array`: the elements between two indices. */
function copyRange(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'copy range',
    (a) => [a.type, I32, I32],
    (a) => [a.type],
    (c, a) => {
      const made = c.local(a.type)
      const count = c.local(I32)
      c.get(2).get(1).op('i32.sub').i32(0).get(2).get(1).op('i32.gt_s').select(I32).tee(count)
      c.call(newArray(m, elem)).set(made)
      copyElements(
        c,
        a,
        made,
        () => c.i32(0),
        0,
        () => c.get(1),
        () => c.get(count),
      )
      c.get(made)
    },
  )
}

/** `(array, start, end) -> array` with the numbers of `slice`. */
export function sliceArray(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'slice',
    (a) => [a.type, F64, F64],
    (a) => [a.type],
    (c, a) => {
      const relative = relativeIndex(m)
      c.get(0).get(1)
      a.length(c, 0)
      c.call(relative).get(2)
      a.length(c, 0)
      c.call(relative).call(copyRange(m, elem))
    },
  )
}

/** `(array, array) -> array`. */
export function concatArrays(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'concat',
    (a) => [a.type, a.type],
    (a) => [a.type],
    (c, a) => {
      const made = c.local(a.type)
      a.length(c, 0)
      a.length(c, 1)
      c.op('i32.add').call(newArray(m, elem)).set(made)
      copyElements(
        c,
        a,
        made,
        () => c.i32(0),
        0,
        () => c.i32(0),
        () => a.length(c, 0),
      )
      copyElements(
        c,
        a,
        made,
        () => a.length(c, 0),
        1,
        () => c.i32(0),
        () => a.length(c, 1),
      )
      c.get(made)
    },
  )
}

/**
 * `(array, from, count, items) -> removed`: what all of prepend and splice come down to; indices are within the array.
 * Items are copied first, since they may be the array itself.
 */
function replaceRange(m: ModuleLowering, elem: Element, admitsUndefined: boolean): number {
  const name = admitsUndefined ? 'replace with holes' : 'replace'
  return arrayHelper(
    m,
    elem,
    name,
    (a) => [a.type, I32, I32, a.type],
    (a) => [a.type],
    (c, a) => {
      const removed = c.local(a.type)
      const items = c.local(a.type)
      const added = c.local(I32)
      const tail = c.local(I32)
      a.length(c, 3)
      c.set(added)
      if (!admitsUndefined)
        c.get(3)
          .i32(0)
          .get(added)
          .call(iterateHoles(m, elem, false))
      c.get(3).i32(0).get(added).call(copyRange(m, elem)).set(items)
      if (admitsUndefined)
        c.get(items)
          .i32(0)
          .get(added)
          .call(iterateHoles(m, elem, true))
      c.get(0).get(1).get(1).get(2).op('i32.add').call(copyRange(m, elem)).set(removed)
      a.length(c, 0)
      c.get(1).op('i32.sub').get(2).op('i32.sub').set(tail)
      const after = (): void => void c.get(1).get(added).op('i32.add')
      // Longer before the tail moves, shorter after.
      c.get(0)
      after()
      c.get(tail).op('i32.add').call(reserve(m, elem))
      copyElements(
        c,
        a,
        0,
        after,
        0,
        () => c.get(1).get(2).op('i32.add'),
        () => c.get(tail),
      )
      copyElements(
        c,
        a,
        0,
        () => c.get(1),
        items,
        () => c.i32(0),
        () => c.get(added),
      )
      c.get(0)
      after()
      c.get(tail).op('i32.add').call(resize(m, elem))
      c.get(removed)
    },
  )
}

/** `(array, more)`: unshift with what iteration of `more` gives. */
export function prependArray(m: ModuleLowering, elem: Element, admitsUndefined: boolean): number {
  return arrayHelper(
    m,
    elem,
    `prepend ${admitsUndefined}`,
    (a) => [a.type, a.type],
    () => [],
    (c) => {
      c.get(0)
        .i32(0)
        .i32(0)
        .get(1)
        .call(replaceRange(m, elem, admitsUndefined))
        .op('drop')
    },
  )
}

/** `(array, start, count, items) -> removed`. */
export function spliceArray(m: ModuleLowering, elem: Element, admitsUndefined: boolean): number {
  const name = `splice ${admitsUndefined}`
  return arrayHelper(
    m,
    elem,
    name,
    (a) => [a.type, F64, F64, a.type],
    (a) => [a.type],
    (c, a) => {
      const from = c.local(I32)
      const rest = c.local(F64)
      c.get(0).get(1)
      a.length(c, 0)
      c.call(relativeIndex(m)).tee(from)
      a.length(c, 0)
      c.get(from).op('i32.sub').op('f64.convert_i32_u').set(rest)
      // The count is an integer from 0 to what is left; NaN saturates to 0.
      c.get(2).op('f64.trunc').f64(0).op('f64.max').get(rest).op('f64.min').sat('i32.trunc_sat_f64_u')
      c.get(3).call(replaceRange(m, elem, admitsUndefined))
    },
  )
}

/** `(array)`: reverses in place. */
export function reverseArray(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'reverse',
    (a) => [a.type],
    () => [],
    (c, a) => {
      const low = c.local(I32)
      const high = c.local(I32)
      const element = c.local(elem.slot)
      a.length(c, 0)
      c.i32(1).op('i32.sub').set(high)
      const out = c.block()
      const top = c.loop()
      c.get(low).get(high).op('i32.ge_s').brIf(out)
      const at = (i: number): void => {
        a.storage(c, 0)
        c.get(i)
      }
      at(low)
      a.load(c)
      c.set(element)
      at(low)
      at(high)
      a.load(c)
      a.store(c)
      at(high)
      c.get(element)
      a.store(c)
      c.get(low).i32(1).op('i32.add').set(low).get(high).i32(1).op('i32.sub').set(high).br(top)
      c.end().end()
    },
  )
}

/** `(array, element, start, end)` with the numbers of `fill`. */
export function fillArray(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'fill',
    (a) => [a.type, a.slot, F64, F64],
    () => [],
    (c, a) => {
      const from = c.local(I32)
      const to = c.local(I32)
      const relative = relativeIndex(m)
      c.get(2)
      a.length(c, 0)
      c.call(relative).set(from).get(3)
      a.length(c, 0)
      c.call(relative).tee(to).get(from).op('i32.gt_s').if()
      a.storage(c, 0)
      c.get(from).get(1).get(to).get(from).op('i32.sub').gc('array.fill', a.data).end()
    },
  )
}

/** `(array, target, start, end)` with the numbers of `copyWithin`. */
export function copyWithin(m: ModuleLowering, elem: Element): number {
  return arrayHelper(
    m,
    elem,
    'copy within',
    (a) => [a.type, F64, F64, F64],
    () => [],
    (c, a) => {
      const to = c.local(I32)
      const from = c.local(I32)
      const count = c.local(I32)
      const room = c.local(I32)
      const relative = (number: number): void => {
        c.get(number)
        a.length(c, 0)
        c.call(relativeIndex(m))
      }
      relative(1)
      c.set(to)
      relative(2)
      c.set(from)
      relative(3)
      c.get(from).op('i32.sub').set(count)
      a.length(c, 0)
      c.get(to).op('i32.sub').set(room)
      c.get(count).get(room).get(count).get(room).op('i32.lt_s').select(I32).tee(count)
      c.i32(0).op('i32.gt_s').if()
      copyElements(
        c,
        a,
        0,
        () => c.get(to),
        0,
        () => c.get(from),
        () => c.get(count),
      )
      c.end()
    },
  )
}
