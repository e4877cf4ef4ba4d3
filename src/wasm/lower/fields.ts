import type { Expr, ObjectDef, Type } from '../../ir/index.ts'
import { ANYREF, I32, type Code, type ValType } from '../encoder/index.ts'
import { pushUnset, structGet, testUnset } from '../layout/slot.ts'
import { elementKind } from '../layout/elements.ts'
import { repOf } from '../layout/values.ts'
import { box } from './boxes.ts'
import type { FuncLowering } from './func.ts'
import type { ModuleLowering } from './module.ts'
import { fromSlot, refuseUnset, toSlot } from './slots.ts'
import { pushTag, refuseUnsetTag, slotOfTag, textOfTag, UNSET_TAG } from './tags.ts'

/**
 * A field of an object: where it lies, what values it has, and the type that it is kept as. Where it is kept as a type that its values may
 * not be of (`Node` for `Node | null`), its content is the value itself, and is what an unset slot of that type holds for none. A tag
 * is the number of a text (tags.ts), -1 where the field is not set.
 */
export type Field = {
  readonly struct: number
  readonly at: number
  readonly type: Type
  readonly kept: Type
  readonly isTag: boolean
}

export function fieldOf(m: ModuleLowering, id: number, field: number): Field {
  const { struct, first, kept } = m.types.object(id)
  const def = m.module.objects[id]!.fields[field]!
  return { struct, at: first + field, type: def.type, kept: kept[field]!, isTag: m.types.isTag(def) }
}

/** All fields of a definition that has no layout of its own (see layout/typed.ts). */
export const fieldsOf = (m: ModuleLowering, id: number, def: ObjectDef): readonly Field[] =>
  def.fields.map((_, field) => fieldOf(m, id, field))

const isValue = ({ type, kept }: Field): boolean => type !== kept

/** What the content of a field is on the stack, where nothing is packed. */
export function contentType(m: ModuleLowering, { kept, isTag }: Field): ValType {
  if (isTag) return I32
  return elementKind(kept) === 'bool' ? I32 : m.types.storageType(kept)
}

/** Turns an object on the stack into the content of the field. */
export function getContent(c: Code, { struct, at, kept, isTag }: Field): void {
  if (isTag) c.gc('struct.get', struct, at)
  else structGet(c, struct, at, kept)
}

/** Sets the content of the field, on the stack behind the object. */
export function setContent(c: Code, { struct, at }: Field): void {
  c.gc('struct.set', struct, at)
}

/** Pushes what the field holds before it is set. */
export function pushUnsetContent(m: ModuleLowering, c: Code, { kept, isTag }: Field): void {
  if (isTag) c.i32(UNSET_TAG)
  else pushUnset(c, elementKind(kept), repOf(kept) === 'ref' ? m.types.structOf(kept) : undefined)
}

/** Turns the content of the field into whether it is unset. */
export function testUnsetContent(c: Code, field: Field): void {
  if (field.isTag) c.i32(UNSET_TAG).op('i32.eq')
  else if (isValue(field)) c.op('drop').i32(0)
  else testUnset(c, elementKind(field.kept))
}

/** Turns a value on the stack into the content of the field, which is no tag. */
export function toContent(m: ModuleLowering, c: Code, field: Field): void {
  if (!isValue(field)) toSlot(m, c, field.type)
}

/** Pushes the content of the field for the value of an expression. */
export function pushContent(f: FuncLowering, field: Field, value: Expr): void {
  if (field.isTag) return pushTag(f, value)
  f.value(value)
  toContent(f.m, f.c, field)
}

/** Turns the content of the field into its value; the run ends where it may be and is not set. */
export function readContent(f: FuncLowering, field: Field, isSet: boolean): void {
  if (field.isTag && !isSet) refuseUnsetTag(f)
  else if (!isSet) refuseUnset(f, field.type)
  fromContent(f.m, f.c, field)
}

/** Turns the content of the field, which is set, into its value. */
export function fromContent(m: ModuleLowering, c: Code, field: Field): void {
  if (field.isTag) c.call(textOfTag(m))
  else if (!isValue(field)) fromSlot(m, c, field.type)
}

/** Turns the content of the field into that of a slot of its type, and says what that is on the stack. */
export function contentToSlot(m: ModuleLowering, c: Code, field: Field): ValType {
  if (field.isTag) c.call(slotOfTag(m))
  if (field.isTag || !isValue(field)) return m.types.storageType(field.type)
  box(m, c, field.type)
  return ANYREF
}
