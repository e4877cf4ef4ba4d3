import {
  arrayOf,
  BOOL,
  dictOf,
  F64,
  isTable,
  keyOf,
  mapOf,
  membersOf,
  optional,
  setOf,
  STRING,
  UNDEFINED,
  unionOf,
  type TableType,
  type Type,
} from '../../src/ir/index.ts'
import type { TABLE_RULES } from '../../src/ir/check/table-rules.ts'
import type { Chooser, Ruled } from './generate-ruled.ts'

/** A type of tables, mostly one that a local has. */
function anyTable(g: Chooser, kinds: readonly TableType['kind'][], wantedKey?: Type): TableType {
  const kind = g.random.pick(kinds)
  const key = wantedKey ?? g.random.pick([STRING, F64, F64, g.value(1)])
  const fresh = (): Type =>
    kind === 'map' ? mapOf(key, g.value(1)) : kind === 'set' ? setOf(key) : dictOf(g.random.pick([F64, g.value(1)]))
  const type = wantedKey ? fresh() : g.ofLocals(kind, fresh)
  return isTable(type) ? type : dictOf(F64)
}

const ALL = ['map', 'set', 'dict'] as const
const VALUED = ['map', 'dict'] as const

function onKey(kinds: readonly TableType['kind'][], type: Type): Ruled {
  return (g) => {
    const table = anyTable(g, kinds)
    return { imm: [], args: [table, keyOf(table)], type }
  }
}

const withoutUndefined = (type: Type): Type | undefined => {
  const left = membersOf(type).filter((m) => m.kind !== 'undefined')
  return left.length > 0 ? unionOf(left) : undefined
}

/** How operations on tables are applied. */
export const RULED_TABLES: { readonly [K in keyof typeof TABLE_RULES]: Ruled } = {
  'table.new': (g, wanted) => {
    const type = wanted ?? anyTable(g, ALL)
    return isTable(type) ? { imm: [type], args: [], type } : undefined
  },
  'table.size': (g) => ({ imm: [], args: [anyTable(g, ALL)], type: F64 }),
  'table.has': onKey(ALL, BOOL),
  'table.get': (g, wanted) => {
    const value = wanted && withoutUndefined(wanted)
    if (wanted && (!value || value.kind === 'cell' || value.kind === 'i32')) return undefined
    const made = anyTable(g, VALUED)
    const table: TableType = value ? dictOf(value) : made
    if (table.kind === 'set' || table.value.kind === 'i32') return undefined
    return { imm: [], args: [table, keyOf(table)], type: optional(table.value) }
  },
  'table.set': (g) => {
    const table = anyTable(g, VALUED)
    return table.kind === 'set' ? undefined : { imm: [], args: [table, keyOf(table), table.value], type: UNDEFINED }
  },
  'table.add': onKey(['set'], UNDEFINED),
  'table.delete': onKey(ALL, BOOL),
  'table.clear': (g) => ({ imm: [], args: [anyTable(g, ALL)], type: UNDEFINED }),
  'table.next': (g) => ({ imm: [], args: [anyTable(g, ALL), F64], type: F64 }),
  'table.key_at': (g, wanted) => {
    if (wanted?.kind === 'cell') return undefined
    const table = anyTable(g, wanted ? ['map', 'set'] : ALL, wanted)
    return { imm: [], args: [table, F64], type: keyOf(table) }
  },
  'table.value_at': (g, wanted) => {
    if (wanted?.kind === 'cell') return undefined
    const table: TableType = wanted ? dictOf(wanted) : anyTable(g, VALUED)
    return table.kind === 'set' ? undefined : { imm: [], args: [table, F64], type: table.value }
  },
  'dict.bare': (_, wanted) => {
    const type = wanted ?? dictOf(F64)
    return type.kind === 'dict' ? { imm: [type], args: [], type } : undefined
  },
  'dict.in': (g) => ({ imm: [], args: [anyTable(g, ['dict']), STRING], type: BOOL }),
  'dict.keys': (g) => ({ imm: [], args: [anyTable(g, ['dict'])], type: arrayOf(STRING) }),
}
