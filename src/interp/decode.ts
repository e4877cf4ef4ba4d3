import type { Encoded } from '../base/index.ts'
import type { Type } from '../ir/index.ts'
import type { Layout } from './layout.ts'
import { newInstance, newNumberArray, newRefArray, orderOf } from './values.ts'

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
      return decodeObject(encoded as { readonly [key: string]: Encoded }, layouts[type.id], layouts)
    case 'union':
      return decodeMember(encoded, type.members, layouts)
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
  const plain = encoded.$ === 'obj' ? (encoded.v as { readonly [key: string]: Encoded }) : encoded
  const fields = new Map(layout.def.fields.map((field, i) => [field.name, i]))
  const present = Object.keys(plain).flatMap((key) => fields.get(key) ?? [])
  const values = present.map((i) =>
    decodeArgument(plain[layout.def.fields[i].name], layout.def.fields[i].type, layouts),
  )
  return newInstance(layout, orderOf(layout, present), present, values)
}

/** Members of a union are told apart by the kind of the JSON value; one of them is an array, tuple or record at most. */
function decodeMember(encoded: Encoded, members: readonly Type[], layouts: readonly Layout[]): unknown {
  if (Array.isArray(encoded)) {
    const list = members.find((m) => m.kind === 'array' || m.kind === 'tuple')
    if (list) return decodeArgument(encoded, list, layouts)
  } else if (typeof encoded === 'object' && encoded !== null && isPlainObject(encoded)) {
    const objects = members.filter((m) => m.kind === 'object')
    const fitting = objects.find((m) => hasFieldsOf(encoded, layouts[m.id])) ?? objects[0]
    if (fitting) return decodeArgument(encoded, fitting, layouts)
  }
  return decodeScalar(encoded)
}

function hasFieldsOf(encoded: object, layout: Layout): boolean {
  const plain = isTag(encoded as Encoded, 'obj') ? (encoded as { readonly v: object }).v : encoded
  return layout.def.fields.every((field) => field.optional === true || Object.hasOwn(plain, field.name))
}

function isPlainObject(encoded: object): boolean {
  return !Object.hasOwn(encoded, '$') || (encoded as { readonly $: Encoded }).$ === 'obj'
}

function isTag(encoded: Encoded, tag: string): boolean {
  return (
    typeof encoded === 'object' && encoded !== null && !Array.isArray(encoded) && (encoded as { $?: Encoded }).$ === tag
  )
}
