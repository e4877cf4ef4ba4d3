import { isTable, keyOf, opRow, type Expr, type TableType, type Type } from '../../../ir/index.ts'
import { F64, I32 } from '../../encoder/index.ts'
import { stringsFromHost } from '../../runtime/arrays.ts'
import { NO_SLOT, repOf } from '../../layout/values.ts'
import { keyFromHost, keyToHost, TableCode, valueOf } from '../../runtime/tables.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { fromSlot, optionalFromSlot, toSlot } from '../slots.ts'
import { onStack, type Lower } from './combine.ts'

function tableOf(e: OpExpr): TableType {
  const { type } = e.args[0]!
  if (!isTable(type)) throw new Error(`${e.op} of ${type.kind}`)
  return type
}

/** Evaluates the table into a local; `body` finds the code for its type. */
function withTable(f: FuncLowering, e: OpExpr, body: (t: TableCode, table: number) => void): void {
  const t = new TableCode(f.m, tableOf(e))
  f.withLocal(f.m.types.valType(t.type)!, (table) => {
    f.value(e.args[0]!)
    f.c.set(table)
    body(t, table)
  })
}

/** Pushes the host's half of the table and the key, which is evaluated after the table. */
function pushKey(f: FuncLowering, t: TableCode, table: number, key: Expr): void {
  t.host(f.c, table)
  f.value(key)
  keyToHost(f.m, f.c, keyOf(t.type))
}

/** Calls what may end the run, for the operation. */
function ask(f: FuncLowering, e: OpExpr, service: number): void {
  f.at(e.span)
  f.call(service)
}

const make: Lower = onStack((c, f, e) => new TableCode(f.m, e.imm[0] as TableType).make(c))

const makeBare: Lower = onStack((c, f, e) => new TableCode(f.m, e.imm[0] as TableType).make(c, true))

const size: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    t.host(f.c, table)
    ask(f, e, t.service('table size'))
  })

const has: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    pushKey(f, t, table, e.args[1]!)
    ask(f, e, t.service('table has'))
  })

const isIn: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    pushKey(f, t, table, e.args[1]!)
    ask(f, e, t.service('dict in'))
  })

const get: Lower = (f, e) => {
  const { c } = f
  withTable(f, e, (t, table) => {
    const data = t.data!
    pushKey(f, t, table, e.args[1]!)
    ask(f, e, t.property('table find'))
    f.withLocal(I32, (slot) => {
      c.tee(slot).i32(0).op('i32.lt_s').if(data.slot)
      data.unset(c)
      c.else()
      t.storage(c, table)
      c.get(slot)
      data.load(c)
      c.end()
    })
    if (repOf(e.type) === 'unit') c.op('drop')
    else optionalFromSlot(f, valueOf(t.type)!, e.type)
  })
}

/** Notes in a local the slot for a key, and charges a new entry. Host and key are on the stack. */
function place(f: FuncLowering, e: OpExpr, t: TableCode, slot: number): void {
  const { c } = f
  ask(f, e, t.property('table place'))
  c.tee(slot).i32(0).op('i32.lt_s').if()
  c.get(slot).i32(-1).op('i32.xor').set(slot)
  f.allocate(opRow(e.op).bytes!.per!)
  if (t.type.kind === 'dict') {
    c.get(slot).i32(NO_SLOT).op('i32.eq').if()
    f.trap('inherited-property')
    c.end()
  }
  c.end()
}

const set: Lower = (f, e) => {
  const { c, m } = f
  const [, key, value] = e.args as readonly [Expr, Expr, Expr]
  withTable(f, e, (t, table) => {
    const data = t.data!
    pushKey(f, t, table, key)
    const type: Type = value.type
    const content = c.borrow(data.slot)
    f.value(value)
    toSlot(m, c, type)
    c.set(content)
    f.withLocal(I32, (slot) => {
      place(f, e, t, slot)
      c.get(table).get(slot).call(t.reserve())
      t.storage(c, table)
      c.get(slot).get(content)
      data.store(c)
    })
    c.release(data.slot, content)
  })
}

const add: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    pushKey(f, t, table, e.args[1]!)
    f.withLocal(I32, (slot) => place(f, e, t, slot))
  })

const remove: Lower = (f, e) => {
  const { c } = f
  withTable(f, e, (t, table) => {
    pushKey(f, t, table, e.args[1]!)
    ask(f, e, t.service('table remove'))
    f.withLocal(I32, (slot) => {
      c.set(slot)
      if (t.data) c.get(table).get(slot).call(t.release())
      c.get(slot).i32(0).op('i32.ge_s')
    })
  })
}

const clear: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    t.host(f.c, table)
    ask(f, e, t.service('table clear'))
    t.reset(f.c, table)
  })

/** Pushes the host's half of the table and the position. */
function pushPosition(f: FuncLowering, e: OpExpr, t: TableCode, table: number): void {
  t.host(f.c, table)
  f.value(e.args[1]!)
}

const next: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    pushPosition(f, e, t, table)
    ask(f, e, t.service('table next'))
  })

const keyAt: Lower = (f, e) =>
  withTable(f, e, (t, table) => {
    pushPosition(f, e, t, table)
    ask(f, e, t.service('table key at'))
    keyFromHost(f.m, f.c, e.type)
  })

const valueAt: Lower = (f, e) => {
  const { c } = f
  withTable(f, e, (t, table) => {
    const position = c.borrow(F64)
    f.value(e.args[1]!)
    c.set(position)
    t.storage(c, table)
    t.host(c, table)
    c.get(position)
    ask(f, e, t.service('table slot at'))
    t.data!.load(c)
    if (t.data!.elem.kind === 'ref' && t.data!.elem.struct !== undefined) c.op('ref.as_non_null')
    fromSlot(f.m, c, e.type)
    c.release(F64, position)
  })
}

const keys: Lower = onStack((c, f, e) => {
  const t = new TableCode(f.m, tableOf(e))
  c.gc('struct.get', t.struct, 0)
  f.call(t.service('table keys'))
  c.call(stringsFromHost(f.m))
})

/** Maps, sets and dicts. */
export const TABLE_OPS = {
  'table.new': make,
  'table.size': size,
  'table.has': has,
  'table.get': get,
  'table.set': set,
  'table.add': add,
  'table.delete': remove,
  'table.clear': clear,
  'table.next': next,
  'table.key_at': keyAt,
  'table.value_at': valueAt,
  'dict.bare': makeBare,
  'dict.in': isIn,
  'dict.keys': keys,
} satisfies Record<string, Lower>
