import type { Immediate, Module } from '../module.ts'
import {
  arrayOf,
  BOOL,
  F64,
  formatType,
  isTable,
  keyOf,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  type TableType,
  type Type,
} from '../types.ts'
import { fault, isFault, type Fault } from './rules.ts'

type Site = { readonly module: Module; readonly imm: readonly Immediate[]; readonly args: readonly Type[] }
type TableRule = { readonly text: string; readonly type: (site: Site) => Type | Fault }
type Valued = Extract<TableType, { readonly value: Type }>

/** The table that the first operand is, when it is of one of the kinds. */
function tableIn(site: Site, ...kinds: TableType['kind'][]): TableType | Fault {
  const table = site.args[0]!
  return isTable(table) && kinds.includes(table.kind)
    ? table
    : fault('operands', `operand 1 is of type ${formatType(table)}, not a ${kinds.join(' or ')}`)
}

/** A rule whose operands are a table of some kind and then what `operands` says of it. */
function onTable<T extends TableType>(
  text: string,
  kinds: readonly T['kind'][],
  operands: (table: T) => readonly Type[],
  result: (table: T) => Type,
): TableRule {
  const type = (site: Site): Type | Fault => {
    const table = tableIn(site, ...kinds)
    if (isFault(table)) return table
    const wanted = operands(table as T)
    const at = wanted.findIndex((type, i) => !sameType(type, site.args[i + 1]!))
    if (at < 0) return result(table as T)
    const [given, expected] = [formatType(site.args[at + 1]!), formatType(wanted[at]!)]
    return fault('operands', `operand ${at + 2} is of type ${given}, not ${expected}`)
  }
  return { text, type }
}

const ALL = ['map', 'set', 'dict'] as const
const VALUED = ['map', 'dict'] as const

/** Rules of the operations on tables. */
export const TABLE_RULES = {
  'table.new': {
    text: 'the immediate a map, set or dict, which is the result',
    type: ({ imm }: Site): Type | Fault => {
      const type = imm[0] as Type
      return isTable(type) ? type : fault('immediate', `${formatType(type)} is no table`)
    },
  },
  'dict.bare': {
    text: 'the immediate a dict, which is the result',
    type: ({ imm }: Site): Type | Fault => {
      const type = imm[0] as Type
      return type.kind === 'dict' ? type : fault('immediate', `${formatType(type)} is no dict`)
    },
  },
  'table.size': onTable(
    'operand a table',
    ALL,
    () => [],
    () => F64,
  ),
  'table.has': onTable(
    'operands a table and a key of it',
    ALL,
    (table) => [keyOf(table)],
    () => BOOL,
  ),
  'table.get': onTable<Valued>(
    'operands a map or dict and a key of it, result its values or undefined',
    VALUED,
    (table) => [keyOf(table)],
    (table) => optional(table.value),
  ),
  'table.set': onTable<Valued>(
    'operands a map or dict, a key and a value of it',
    VALUED,
    (table) => [keyOf(table), table.value],
    () => UNDEFINED,
  ),
  'table.add': onTable(
    'operands a set and a key of it',
    ['set'],
    (table) => [keyOf(table)],
    () => UNDEFINED,
  ),
  'table.delete': onTable(
    'operands a table and a key of it',
    ALL,
    (table) => [keyOf(table)],
    () => BOOL,
  ),
  'table.clear': onTable(
    'operand a table',
    ALL,
    () => [],
    () => UNDEFINED,
  ),
  'table.next': onTable(
    'operands a table and a position',
    ALL,
    () => [F64],
    () => F64,
  ),
  'table.key_at': onTable('operands a table and a position, result a key of it', ALL, () => [F64], keyOf),
  'table.value_at': onTable<Valued>(
    'operands a map or dict and a position, result a value of it',
    VALUED,
    () => [F64],
    (table) => table.value,
  ),
  'dict.in': onTable(
    'operands a dict and a string',
    ['dict'],
    () => [STRING],
    () => BOOL,
  ),
  'dict.keys': onTable(
    'operand a dict',
    ['dict'],
    () => [],
    () => arrayOf(STRING),
  ),
} as const satisfies Record<string, TableRule>
