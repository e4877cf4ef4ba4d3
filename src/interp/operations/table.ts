import type { TableType } from '../../ir/index.ts'
import { dictKeys, getEntry, hasProperty, setEntry, Table } from '../../values/index.ts'
import type { Operation, Site } from '../operation.ts'

/** Maps, sets and dicts. */
export const TABLE_OPERATIONS = {
  'table.new': ((_a: never, _b: never, _c: never, _d: never, site: Site) =>
    new Table((site.imm[0] as TableType).kind)) as Operation,
  'table.size': ((table: Table) => table.size) as Operation,
  'table.has': ((table: Table, key: unknown) => table.has(key)) as Operation,
  'table.get': getEntry as Operation,
  'table.set': setEntry as Operation,
  'table.add': ((table: Table, key: unknown) => table.set(key, undefined)) as Operation,
  'table.delete': ((table: Table, key: unknown) => table.delete(key) !== undefined) as Operation,
  'table.clear': ((table: Table) => table.clear()) as Operation,
  'table.next': ((table: Table, position: number) => table.next(position)) as Operation,
  'table.key_at': ((table: Table, position: number) => table.keyAt(position)) as Operation,
  'table.value_at': ((table: Table, position: number) => table.valueAt(position)) as Operation,
  'dict.bare': (() => new Table('dict', true)) as Operation,
  'dict.in': hasProperty as Operation,
  'dict.keys': dictKeys as Operation,
} satisfies Record<string, Operation>
