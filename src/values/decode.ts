import type { Encoded } from '../base/index.ts'
import { membersOf, type ObjectDef, type TableType, type Type } from '../ir/index.ts'
import type { Layout } from './layout.ts'
import { Table } from './table.ts'
import { newTyped, type TypedInstance } from './typed.ts'
import { newInstance, newNumberArray, newRefArray, orderOf } from './value.ts'

/**
 * The run-time value of an argument. `encoded` was checked against `type` before (engine/check-inputs.ts);
 * what does not fit nevertheless is a defect and throws.
 */
export function decodeArgument(encoded: Encoded | undefined, type: Type, layouts: readonly Layout[]): unknown {
  if (encoded === undefined || encoded === null) return encoded
  switch (type.kind) {
    case 'array':
      return decodeArray(encoded as readonly Encoded[], type.elem, layouts)
    case 'tuple':
      return type.elems.map((elem, i) => decodeArgument((encoded as readonly Encoded[])[i], elem, layouts))
    case 'object':
      if (layouts[type.id].def.role === 'typed')
        return decodeTyped(encoded as { v: readonly Encoded[] }, layouts[type.id], layouts)
      return decodeObject(encoded as { readonly [key: string]: Encoded }, layouts[type.id], layouts)
    case 'map':
    case 'set':
    case 'dict':
      return decodeTable(encoded, type, layouts)
    case 'json':
    case 'nested':
    case 'union':
      return decodeMember(encoded, membersOf(type), layouts)
    case 'any':
      return Array.isArray(encoded) ? decodeArray(encoded, type, layouts) : decodeScalar(encoded)
    default:
      return decodeScalar(encoded)
  }
}

function decodeScalar(encoded: Encoded): unknown {
  if (typeof encoded !== 'object' || encoded === null) return encoded
  const tag = (encoded as { readonly $?: Encoded }).$
  switch (tag) {
    case 'undefined':
      return undefined
    case 'bigint':
      return BigInt((encoded as { readonly v: string }).v)
    case '-0':
      return -0
    case 'NaN':
    case 'Infinity':
    case '-Infinity':
      return Number(tag)
    default:
      throw new Error(`argument is tagged ${String(tag)}`)
  }
}

function decodeArray(list: readonly Encoded[], elem: Type, layouts: readonly Layout[]): unknown[] {
  const result: unknown[] = elem.kind === 'f64' ? newNumberArray() : newRefArray()
  for (const item of list) {
    if (isTag(item, 'hole')) result.length++
    else result.push(decodeArgument(item, elem, layouts))
  }
  return result
}

function decodeObject(
  encoded: { readonly [key: string]: Encoded },
  layout: Layout,
  layouts: readonly Layout[],
): unknown {
  const plain = (fieldsOf(encoded) ?? encoded) as { readonly [key: string]: Encoded }
  const fields = new Map(layout.def.fields.map((field, i) => [field.name, i]))
  const present = Object.keys(plain).flatMap((key) => fields.get(key) ?? [])
  const values = present.map((i) =>
    decodeArgument(plain[layout.def.fields[i].name], layout.def.fields[i].type, layouts),
  )
  return newInstance(layout, orderOf(layout, present), present, values)
}

function decodeTyped(
  { v }: { readonly v: readonly Encoded[] },
  layout: Layout,
  layouts: readonly Layout[],
): TypedInstance {
  const typed = newTyped(layout, v.length, layouts)
  v.forEach((item, i) => (typed.elements[i] = decodeScalar(item) as number))
  return typed
}

/** Members of a union are told apart by the kind of the JSON value; one of them is an array or tuple at most. */
function decodeMember(encoded: Encoded, members: readonly Type[], layouts: readonly Layout[]): unknown {
  if (Array.isArray(encoded)) {
    const list = members.find((m) => m.kind === 'array' || m.kind === 'tuple') ?? members.find((m) => m.kind === 'any')
    if (list) return decodeArgument(encoded, list, layouts)
  }
  const typed = members.find((m) => m.kind === 'object' && isTypedAs(encoded, layouts[m.id].def))
  if (typed) return decodeArgument(encoded, typed, layouts)
  const fields = fieldsOf(encoded)
  const table = members.find((m) => m.kind === tableKind(encoded))
  if (table) return decodeArgument(encoded, table, layouts)
  const ids = members.flatMap((m) => (m.kind === 'object' ? m.id : []))
  const id = fields && chooseRecord(fields, ids, (i) => layouts[i].def)
  return id === undefined ? decodeScalar(encoded) : decodeArgument(encoded, { kind: 'object', id }, layouts)
}

/** Whether a JSON value stands for typed arrays of a definition. Any other object may have the name of a tag without being meant. */
export const isTypedAs = (value: unknown, { role, name }: ObjectDef): boolean => role === 'typed' && isTag(value, name)

function decodeTable(encoded: Encoded, type: TableType, layouts: readonly Layout[]): Table {
  const table = new Table(type.kind)
  if (type.kind === 'dict')
    for (const [key, value] of Object.entries(fieldsOf(encoded) ?? {}))
      table.set(key, decodeArgument(value as Encoded, type.value, layouts))
  else
    for (const item of (encoded as { readonly v: readonly Encoded[] }).v) {
      const [key, value] = (type.kind === 'map' ? item : [item]) as readonly Encoded[]
      const keyType = type.kind === 'map' ? type.key : type.elem
      table.set(
        decodeArgument(key, keyType, layouts),
        type.kind === 'map' ? decodeArgument(value, type.value, layouts) : undefined,
      )
    }
  return table
}

/** The kind of table that a JSON value stands for; a plain object is a dict where the type has one. */
export function tableKind(value: unknown): TableType['kind'] | undefined {
  if (fieldsOf(value)) return 'dict'
  if (typeof value !== 'object' || value === null || !Array.isArray((value as { v?: unknown }).v)) return undefined
  const tag = (value as { readonly $?: unknown }).$
  return tag === 'Map' ? 'map' : tag === 'Set' ? 'set' : undefined
}

type Fields = { readonly [key: string]: unknown }

/** The fields that a JSON value gives for a record, if it is an object that stands for one. */
export function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const fields = value as Fields
  if (!Object.hasOwn(fields, '$')) return fields
  const inner = fields.v
  const tagged = fields.$ === 'obj' && typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  return tagged ? (inner as Fields) : undefined
}

/**
 * Which of several records an object is meant to be: the first whose fields fit best as far as a
 * look at keys and scalars tells. Checking and decoding both choose by this.
 */
export function chooseRecord(
  fields: Fields,
  ids: readonly number[],
  defOf: (id: number) => ObjectDef,
): number | undefined {
  if (ids.length < 2) return ids[0]
  const misfits = ids.map((id) => countMisfits(fields, defOf(id)))
  return ids[misfits.indexOf(Math.min(...misfits))]
}

function countMisfits(fields: Fields, def: ObjectDef): number {
  let misfits = 0
  const known = new Set(def.fields.map((field) => field.name))
  for (const key of Object.keys(fields)) if (!known.has(key)) misfits++
  for (const { name, type, optional } of def.fields) {
    if (!Object.hasOwn(fields, name)) misfits += optional === true ? 0 : 1
    else if (!mayBe(fields[name], type)) misfits++
  }
  return misfits
}

/** Whether a JSON value may be of a type, by a look at its outside. */
function mayBe(value: unknown, type: Type): boolean {
  switch (type.kind) {
    case 'f64':
      return typeof value === 'number' || (typeof value === 'object' && value !== null && '$' in value)
    case 'string':
      return typeof value === 'string'
    case 'bigint':
      return isTag(value, 'bigint')
    case 'bool':
      return typeof value === 'boolean'
    case 'null':
      return value === null
    case 'array':
    case 'tuple':
      return Array.isArray(value)
    case 'object':
      return fieldsOf(value) !== undefined
    case 'map':
    case 'set':
    case 'dict':
      return tableKind(value) === type.kind
    case 'union':
    case 'nested':
      return membersOf(type).some((member) => mayBe(value, member))
    default:
      return true
  }
}

/** Whether a JSON value is tagged so, see `Encoded`. */
export function isTag(value: unknown, tag: string): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && (value as { $?: unknown }).$ === tag
}
