import type { Encoded } from '../../src/base/index.ts'
import { isTable, keyOf, membersOf, type Module, type TableType, type Type } from '../../src/ir/index.ts'
import { RefTable } from './reference-table.ts'
import { Closure, Instance, textOf, Trap } from './reference-values.ts'

/** An argument as the reference has it. `encoded` was checked to be of the type, which has at most one record in a union. */
export function decodeReference(module: Module, encoded: Encoded, type: Type): unknown {
  if (Array.isArray(encoded)) return decodeList(module, encoded, type)
  if (typeof encoded !== 'object' || encoded === null) return encoded
  const { $: tag, v: inner } = encoded as { $?: Encoded; v?: Encoded }
  const table = membersOf(type).find((m) => m.kind === kindOfTable(tag))
  if (table && isTable(table)) return decodeTable(module, tag === undefined ? encoded : inner!, table)
  if (tag === 'undefined') return undefined
  if (tag === 'bigint') return BigInt(inner as string)
  if (tag !== undefined && tag !== 'obj') return Number(tag)
  const object = membersOf(type).find((m) => m.kind === 'object')
  if (object?.kind !== 'object') throw new Error('an object where the type has none')
  const made = new Instance(object.id)
  const { fields } = module.objects[object.id]!
  for (const [key, value] of Object.entries((tag === 'obj' ? inner : encoded) as object)) {
    const at = fields.findIndex(({ name }) => name === key)
    made.fields.set(at, decodeReference(module, value as Encoded, fields[at]!.type))
  }
  return made
}

const kindOfTable = (tag: Encoded | undefined): string =>
  tag === undefined || tag === 'obj' ? 'dict' : tag === 'Map' ? 'map' : tag === 'Set' ? 'set' : 'none'

function decodeTable(module: Module, items: Encoded, type: TableType): RefTable {
  const table = new RefTable(type.kind)
  const on = (value: Encoded, of: Type): unknown => decodeReference(module, value, of)
  if (type.kind === 'dict')
    for (const [key, value] of Object.entries(items as object)) table.put(key, on(value, type.value))
  else
    for (const item of items as readonly Encoded[]) {
      const [key, value] = (type.kind === 'map' ? item : [item, null]) as readonly [Encoded, Encoded]
      table.put(on(key, keyOf(type)), type.kind === 'map' ? on(value, type.value) : undefined)
    }
  return table
}

function decodeList(module: Module, encoded: readonly Encoded[], type: Type): unknown[] {
  const list = type.kind === 'any' ? type : membersOf(type).find((m) => m.kind === 'array' || m.kind === 'tuple')
  const made: unknown[] = new Array<unknown>(encoded.length)
  encoded.forEach((value, i) => {
    if (typeof value === 'object' && value !== null && (value as { $?: Encoded }).$ === 'hole') return
    const elem = list?.kind === 'array' ? list.elem : list?.kind === 'tuple' ? list.elems[i]! : type
    made[i] = decodeReference(module, value, elem)
  })
  return made
}

/** What a record holds that is there for it to be thrown, or the value itself. spec: module#throw */
export function thrownIn(module: Module, value: unknown): unknown {
  if (!(value instanceof Instance)) return value
  const { role, fields } = module.objects[value.id]!
  return role === 'record' && fields[0]?.name === '#thrown' ? value.fields.get(0) : value
}

/** A thrown value as people see it: name and message where it has such properties, else its type and text. */
export function describeReference(module: Module, value: unknown): { name: string; message: string } {
  const property = (wanted: string): unknown => {
    if (!(value instanceof Instance)) return undefined
    return value.fields.get(module.objects[value.id]!.fields.findIndex(({ name }) => name === wanted))
  }
  const kind = (of: unknown): string => (of instanceof Closure ? 'function' : typeof of)
  const text = (of: unknown): string => {
    try {
      return textOf(of)
    } catch (error) {
      if (error instanceof Trap) return kind(value)
      throw error
    }
  }
  const name = property('name')
  return { name: name === undefined ? kind(value) : text(name), message: text(property('message') ?? value) }
}
