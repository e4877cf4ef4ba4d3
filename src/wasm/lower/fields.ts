import type { ObjectDef, Type } from '../../ir/index.ts'
import { ANYREF, I32, type Code, type ValType } from '../encoder/index.ts'
import { pushUnset, structGet, testUnset } from '../layout/slot.ts'
import { elementKind } from '../layout/elements.ts'
import { repOf } from '../layout/values.ts'
import { box } from './boxes.ts'
import type { ModuleLowering } from './module.ts'
import { fromSlot, toSlot } from './slots.ts'

/**
 * A field of an object: where it lies, what values it has, and the type that it is kept as. Where it is kept as a type that its values may
 * not be of (`Node` for `Node | null`), its content is the value itself, and is what an unset slot of that type holds for none.
 */
export type Field = { readonly struct: number; readonly at: number; readonly type: Type; readonly kept: Type }

export function fieldOf(m: ModuleLowering, id: number, field: number): Field {
  const { struct, first, kept } = m.types.object(id)
  return { struct, at: first + field, type: m.module.objects[id]!.fields[field]!.type, kept: kept[field]! }
}

/** All fields of a definition that has no layout of its own (see layout/typed.ts). */
export const fieldsOf = (m: ModuleLowering, id: number, def: ObjectDef): readonly Field[] =>
  def.fields.map((_, field) => fieldOf(m, id, field))

const isValue = ({ type, kept }: Field): boolean => type !== kept

/** What the content of a field is on the stack, where nothing is packed. */
export function contentType(m: ModuleLowering, { kept }: Field): ValType {
  return elementKind(kept) === 'bool' ? I32 : m.types.storageType(kept)
}

/** Turns an object on the stack into the content of the field. */
export function getContent(c: Code, { struct, at, kept }: Field): void {
  structGet(c, struct, at, kept)
}

/** Sets the content of the field, on the stack behind the object. */
export function setContent(c: Code, { struct, at }: Field): void {
  c.gc('struct.set', struct, at)
}

/** Pushes what the field holds before it is set. */
export function pushUnsetContent(m: ModuleLowering, c: Code, { kept }: Field): void {
  pushUnset(c, elementKind(kept), repOf(kept) === 'ref' ? m.types.structOf(kept) : undefined)
}

/** Turns the content of the field into whether it is unset. */
export function testUnsetContent(c: Code, field: Field): void {
  if (isValue(field)) c.op('drop').i32(0)
  else testUnset(c, elementKind(field.kept))
}

/** Turns a value on the stack into the content of the field. */
export function toContent(m: ModuleLowering, c: Code, field: Field): void {
  if (!isValue(field)) toSlot(m, c, field.type)
}

/** Turns the content of the field, which is set, into its value. */
export function fromContent(m: ModuleLowering, c: Code, field: Field): void {
  if (!isValue(field)) fromSlot(m, c, field.type)
}

/** Turns the content of the field into that of a slot of its type, and says what that is on the stack. */
export function contentToSlot(m: ModuleLowering, c: Code, field: Field): ValType {
  if (!isValue(field)) return m.types.storageType(field.type)
  box(m, c, field.type)
  return ANYREF
}
