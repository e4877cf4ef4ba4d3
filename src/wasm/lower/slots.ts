import { formatType, type Type } from '../../ir/index.ts'
import { ANYREF, HEAP, I32, type Code, type ValType } from '../encoder/index.ts'
import { pushUnset, testUnset } from '../layout/slot.ts'
import { elementKind } from '../layout/elements.ts'
import { optionalOf, repOf, SENTINEL, type Optional } from '../layout/values.ts'
import { box, pushSentinel } from './boxes.ts'
import type { FuncLowering } from './func.ts'
import type { ModuleLowering } from './module.ts'

/** Values in and out of slots, and values that may be none. In slots, whatever may be none is boxed. */

/** Turns a value of the type on the stack into what a slot holds. */
export function toSlot(m: ModuleLowering, c: Code, type: Type): void {
  const rep = repOf(type)
  if (rep === 'unit') pushSentinel(c, type.kind as 'undefined' | 'null')
  else if (rep === 'i32') c.op('i64.extend_i32_u')
  else if (rep === 'opt') box(m, c, type)
}

/** Turns the content of a slot that is set into a value of the type. */
export function fromSlot(m: ModuleLowering, c: Code, type: Type): void {
  const rep = repOf(type)
  if (rep === 'unit') c.op('drop')
  else if (rep === 'i32') c.op('i32.wrap_i64')
  else if (rep === 'opt') c.call(open(m, type))
}

/** Pushes none of an optional type. */
export function pushNone(m: ModuleLowering, c: Code, { base }: Optional): void {
  pushUnset(c, elementKind(base), repOf(base) === 'ref' ? m.types.structOf(base) : undefined)
}

/** Turns a value of an optional type on the stack into whether it is none. */
export function testNone(c: Code, { base }: Optional): void {
  testUnset(c, elementKind(base))
}

/** A function from a boxed value that is of an optional type to the value: `(anyref) -> value`. */
export function open(m: ModuleLowering, type: Type): number {
  const optional = optionalOf(type)!
  const { base, none } = optional
  const valType = m.types.valType(type)!
  return m.helper(`open ${formatType(type)}`, [ANYREF], [valType], (c) => {
    const small = c.local(I32)
    if (repOf(base) === 'ref') {
      const struct = m.types.structOf(base)
      c.get(0).refOp('ref.test', struct).if(valType).get(0).refOp('ref.cast', struct).else()
      pushNone(m, c, optional)
      c.end()
      return
    }
    c.get(0).refOp('ref.test', HEAP.i31, true).if(valType)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').tee(small).i32(SENTINEL[none]).op('i32.eq').if(valType)
    pushNone(m, c, optional)
    c.else()
    if (base.kind === 'f64') c.get(small).op('f64.convert_i32_s')
    else if (base.kind === 'bool') c.get(small).i32(SENTINEL.false).op('i32.sub')
    else c.op('unreachable')
    c.end().else()
    if (base.kind === 'f64') c.get(0).refOp('ref.cast', m.types.box).gc('struct.get', m.types.box, 0)
    else if (repOf(base) === 'string') c.get(0).gc('extern.convert_any')
    else c.op('unreachable')
    c.end()
  })
}

/**
 * Turns the content of a slot of a type, unset or not, on the stack into a value of the type or undefined. Where the type itself is neither
 * undefined nor null that is what the slot holds.
 */
export function optionalFromSlot(f: FuncLowering, type: Type, result: Type): void {
  const { c, m } = f
  const optional = optionalOf(result)
  if (optional && repOf(type) !== 'opt') return
  // What may be null already, or undefined, is in a box.
  const valType = m.types.valType(result)!
  f.withLocal(ANYREF, (slot) => {
    c.tee(slot).op('ref.is_null').if(valType)
    if (optional) pushNone(m, c, optional)
    else pushSentinel(c, 'undefined')
    c.else().get(slot)
    if (optional) c.call(open(m, result))
    c.end()
  })
}

/** What the content of a slot is on the stack, where nothing is packed. */
export function stackType(f: FuncLowering, type: Type): ValType {
  return elementKind(type) === 'bool' ? I32 : f.m.types.storageType(type)
}

/** A trap where the content of a slot on the stack is that of an unset one. */
export function refuseUnset(f: FuncLowering, type: Type): void {
  const { c } = f
  const kind = elementKind(type)
  if (f.fuelLocal === undefined && (kind === 'string' || kind === 'ref')) {
    f.mark('uninitialized-field')
    c.op('ref.as_non_null')
    return
  }
  f.withLocal(stackType(f, type), (x) => {
    c.tee(x)
    testUnset(c, kind)
    c.rarely().if()
    f.trap('uninitialized-field')
    c.end().get(x)
  })
}
