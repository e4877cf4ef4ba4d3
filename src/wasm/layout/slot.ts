import type { Type } from '../../ir/index.ts'
import { HEAP, type Code } from '../encoder/index.ts'
import { elementKind, type ElementKind } from './elements.ts'
import { HOLE_BITS, HOLE_BOOL, HOLE_I32 } from './values.ts'

/**
 * Slots are places that may be unset: elements of arrays, fields, cells, globals. Unset is a value that the
 * type itself does not have, so that presence needs no room of its own.
 */

/** Pushes what an unset slot holds. */
export function pushUnset(c: Code, kind: ElementKind, heapType?: number): void {
  switch (kind) {
    case 'f64':
      c.f64Bits(HOLE_BITS)
      return
    case 'bool':
      c.i32(HOLE_BOOL)
      return
    case 'i32':
      c.i64(HOLE_I32)
      return
    case 'string':
      c.refNull(HEAP.extern, true)
      return
    case 'ref':
      if (heapType === undefined) c.refNull(HEAP.any, true)
      else c.refNull(heapType)
  }
}

/** Turns the content of a slot on the stack into whether it is unset. */
export function testUnset(c: Code, kind: ElementKind): void {
  switch (kind) {
    case 'f64':
      c.op('i64.reinterpret_f64').i64(HOLE_BITS).op('i64.eq')
      return
    case 'bool':
      c.i32(HOLE_BOOL).op('i32.eq')
      return
    case 'i32':
      c.i64(HOLE_I32).op('i64.eq')
      return
    default:
      c.op('ref.is_null')
  }
}

/** Reading from a packed field needs to say how it is extended. */
export function structGet(c: Code, struct: number, field: number, type: Type): void {
  c.gc(elementKind(type) === 'bool' ? 'struct.get_u' : 'struct.get', struct, field)
}
