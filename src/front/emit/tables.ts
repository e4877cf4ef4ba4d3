import { BOOL, F64, type Expr, type Stmt, type TableType, type Type } from '../../ir/index.ts'
import { keyOf } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { FunctionContext } from './context.ts'
import { makePair } from './pairs.ts'
import { num, op, seq, setLocal } from './make.ts'

/** What a round over a table is given. */
export type TablePart = 'keys' | 'values' | 'entries'

/** What a loop over a map or set gives when nothing is said. */
export const usualPart = (type: TableType): TablePart => (type.kind === 'map' ? 'entries' : 'values')

/** A loop over the entries of a table from the first on; `body` is made with the part of the entry that is asked for, as a value that fits `wanted`. */
export function tableLoop(
  c: FunctionContext,
  source: Expr & { readonly type: TableType },
  part: TablePart,
  wanted: Type,
  label: number,
  body: (value: Expr) => readonly Stmt[],
): Stmt[] {
  const { span } = source
  const [table, position] = [c.local('', source.type), c.local('', F64)]
  const [tableValue, at] = [c.get(table, span), c.get(position, span)]
  const next = setLocal(position, op('table.next', [tableValue, at], F64, span))
  return [
    setLocal(table, source),
    setLocal(position, num(-1, span)),
    {
      kind: 'loop',
      label,
      test: seq([next], op('f64.ge', [at, num(0, span)], BOOL, span)),
      post: false,
      body: body(partAt(tableValue, source.type, at, part, wanted, span)),
      update: [],
      span,
    },
  ]
}

/** A part of the entry at a position, as a value that fits `wanted`. */
export function partAt(table: Expr, type: TableType, at: Expr, part: TablePart, wanted: Type, span: Span): Expr {
  const key = (): Expr => op('table.key_at', [table, at], keyOf(type), span)
  const value = (): Expr => (type.kind === 'set' ? key() : op('table.value_at', [table, at], type.value, span))
  if (part === 'keys') return key()
  return part === 'values' ? value() : makePair(key(), value(), wanted)
}
