import { isTable, opRow, TABLE_SIZE_MAX, type Expr, type TableType, type Type } from '../../../ir/index.ts'
import { I32 } from '../../encoder/index.ts'
import { repOf } from '../../layout/values.ts'
import { dictKeys, isInheritedName, isProto } from '../../runtime/dicts.ts'
import { clearTable, findEntry, findNextEntry, placeEntry, removeEntry } from '../../runtime/table-entries.ts'
import { entryAt, nextPosition } from '../../runtime/table-order.ts'
import { TableCode, valueOf } from '../../runtime/tables.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { fromSlot, optionalFromSlot, toSlot } from '../slots.ts'
import { onStack, type Lower } from './combine.ts'

function tableOf(e: OpExpr): TableType {
  const { type } = e.args[0]!
  if (!isTable(type)) throw new Error(`${e.op} of ${type.kind}`)
  return type
}

/** A helper on the operands, which cannot fail. */
const byHelper = (of: (t: TableCode) => number): Lower =>
  onStack((c, f, e) => void c.call(of(new TableCode(f.m, tableOf(e)))))

const make: Lower = onStack((c, f, e) => new TableCode(f.m, e.imm[0] as TableType).make(c))

const makeBare: Lower = onStack((c, f, e) => new TableCode(f.m, e.imm[0] as TableType).make(c, true))

const size: Lower = (f, e) => {
  const t = new TableCode(f.m, tableOf(e))
  withTable(f, e, t, (table) => t.field(f.c, table, 'size'))
  f.c.op('f64.convert_i32_u')
}

/** Evaluates the table into a local. */
function withTable(f: FuncLowering, e: OpExpr, t: TableCode, body: (table: number) => void): void {
  f.withLocal(t.valType, (table) => {
    f.value(e.args[0]!)
    f.c.set(table)
    body(table)
  })
}

/** Evaluates the table and then the key into locals. */
function withKey(f: FuncLowering, e: OpExpr, t: TableCode, body: (table: number, key: number) => void): void {
  withTable(f, e, t, (table) => {
    f.withLocal(t.key.valType, (key) => {
      f.value(e.args[1]!)
      t.key.keep(f.c)
      f.c.set(key)
      f.at(e.span)
      body(table, key)
    })
  })
}

/** A helper on the table and a key. */
const byKey =
  (of: (t: TableCode) => number): Lower =>
  (f, e) => {
    const t = new TableCode(f.m, tableOf(e))
    withKey(f, e, t, (table, key) => f.c.get(table).get(key).call(of(t)))
  }

const has: Lower = (f, e) => {
  byKey(findEntry)(f, e)
  f.c.i32(0).op('i32.ge_s')
}

/** Pushes whether a dict that inherits inherits a name. */
function inherits(f: FuncLowering, t: TableCode, table: number, key: number): void {
  t.field(f.c, table, 'bare')
  f.c.op('i32.eqz').if(I32).get(key).call(isInheritedName(f.m)).else().i32(0).end()
}

const isIn: Lower = (f, e) => {
  const { c } = f
  const t = new TableCode(f.m, tableOf(e))
  withKey(f, e, t, (table, key) => {
    c.get(table).get(key).call(findEntry(t)).i32(0).op('i32.ge_s').if(I32).i32(1).else()
    inherits(f, t, table, key)
    c.end()
  })
}

const get: Lower = (f, e) => {
  const { c } = f
  const t = new TableCode(f.m, tableOf(e))
  const values = t.values!
  withKey(f, e, t, (table, key) => {
    f.withLocal(I32, (entry) => {
      const find = t.type.kind === 'dict' ? findNextEntry(t) : findEntry(t)
      c.get(table).get(key).call(find).tee(entry).i32(0).op('i32.lt_s').if(values.slot)
      if (t.type.kind === 'dict') {
        inherits(f, t, table, key)
        c.rarely().if()
        f.trap('inherited-property')
        c.end()
      }
      values.unset(c)
      c.else()
      t.valueAt(c, table, entry)
      c.end()
    })
  })
  if (repOf(e.type) === 'unit') c.op('drop')
  else optionalFromSlot(f, valueOf(t.type)!, e.type)
}

/** A trap where a dict that inherits is to get a key that is none for it; charged for as any other. */
function refuseProto(f: FuncLowering, e: OpExpr, t: TableCode, table: number, key: number): void {
  const { c } = f
  c.get(key).call(isProto(f.m)).if()
  t.field(c, table, 'bare')
  c.op('i32.eqz').if()
  c.get(table).get(key).call(findEntry(t)).i32(0).op('i32.lt_s').if()
  f.allocate(opRow(e.op).bytes!.per!)
  c.end()
  f.trap('inherited-property')
  c.end().end()
}

/** Pushes the entry of a key, and charges for it when it is new. */
function place(f: FuncLowering, e: OpExpr, t: TableCode, table: number, key: number): void {
  const { c } = f
  f.at(e.span)
  if (t.type.kind === 'dict') refuseProto(f, e, t, table, key)
  f.withLocal(I32, (entry) => {
    c.get(table).get(key).call(placeEntry(t)).tee(entry).i32(0).op('i32.lt_s').if()
    c.get(entry).i32(-1).op('i32.xor').set(entry)
    f.allocate(opRow(e.op).bytes!.per!)
    t.field(c, table, 'size')
    c.i32(TABLE_SIZE_MAX).op('i32.gt_u').rarely().if()
    f.fail('failMemory')
    c.end().end().get(entry)
  })
}

const set: Lower = (f, e) => {
  const { c, m } = f
  const t = new TableCode(m, tableOf(e))
  const values = t.values!
  const value = e.args[2] as Expr
  withKey(f, e, t, (table, key) => {
    const content = c.borrow(values.slot)
    f.value(value)
    toSlot(m, c, value.type)
    c.set(content)
    f.withLocal(I32, (entry) => {
      place(f, e, t, table, key)
      c.set(entry)
      t.field(c, table, 'values')
      c.get(entry).get(content)
      values.store(c)
    })
    c.release(values.slot, content)
  })
}

const add: Lower = (f, e) => {
  const t = new TableCode(f.m, tableOf(e))
  withKey(f, e, t, (table, key) => {
    place(f, e, t, table, key)
    f.c.op('drop')
  })
}

/** Pushes what is at a position, of the entry that `part` finds in locals. */
function atPosition(f: FuncLowering, e: OpExpr, t: TableCode, part: (table: number, entry: number) => void): void {
  const { c } = f
  withTable(f, e, t, (table) => {
    f.withLocal(I32, (entry) => {
      c.get(table)
      f.value(e.args[1]!)
      f.at(e.span)
      c.call(entryAt(t)).tee(entry).i32(0).op('i32.lt_s').rarely().if()
      f.trap('index-out-of-bounds')
      c.end()
      part(table, entry)
    })
  })
}

const keyAt: Lower = (f, e) => {
  const t = new TableCode(f.m, tableOf(e))
  atPosition(f, e, t, (table, entry) => t.keyAt(f.c, table, entry))
  t.key.give(f.c)
}

const valueAt: Lower = (f, e) => {
  const { c } = f
  const t = new TableCode(f.m, tableOf(e))
  atPosition(f, e, t, (table, entry) => t.valueAt(c, table, entry))
  if (isTyped(t.type)) c.op('ref.as_non_null')
  fromSlot(f.m, c, e.type)
}

/** Whether the values of a table are references of one struct. */
const isTyped = (type: TableType): boolean => repOf(valueOf(type) as Type) === 'ref'

/** Maps, sets and dicts. */
export const TABLE_OPS = {
  'table.new': make,
  'table.size': size,
  'table.has': has,
  'table.get': get,
  'table.set': set,
  'table.add': add,
  'table.delete': byKey(removeEntry),
  'table.clear': byHelper(clearTable),
  'table.next': byHelper(nextPosition),
  'table.key_at': keyAt,
  'table.value_at': valueAt,
  'dict.bare': makeBare,
  'dict.in': isIn,
  'dict.keys': byHelper(dictKeys),
} satisfies Record<string, Lower>
