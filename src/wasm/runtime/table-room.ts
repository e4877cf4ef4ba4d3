import { F64, I32, refNull, type Code } from '../encoder/index.ts'
import { TABLE_MIN, UNINDEXED_MAX } from '../layout/tables.ts'
import { addToIndex } from './table-index.ts'
import type { TableCode } from './tables.ts'

/**
 * Makes room for at least one more entry: `(table)`. Entries move together into arrays with half as much again free, at least; so every entry
 * is moved a bounded number of times, however many are taken out and added.
 */
export function makeRoom(t: TableCode): number {
  return t.forType('make room', [], [], (c) => {
    const capacity = c.local(I32)
    c.get(0).call(keepPositions(t))
    capacityFor(t, c, capacity)
    if (t.values) c.get(0).get(capacity).call(moveValues(t))
    c.get(0).get(capacity).call(moveKeys(t))
  })
}

/** The least power of two that leaves room for half as many entries again. */
function capacityFor(t: TableCode, c: Code, capacity: number): void {
  const wanted = c.local(I32)
  t.field(c, 0, 'size')
  c.tee(wanted).i32(1).op('i32.shr_u').get(wanted).op('i32.add').set(wanted)
  c.get(wanted)
    .i32(TABLE_MIN - 1)
    .get(wanted)
    .i32(TABLE_MIN - 1)
    .op('i32.gt_u')
    .select(I32)
    .set(wanted)
  c.i32(1).i32(32).get(wanted).op('i32.clz').op('i32.sub').op('i32.shl').set(capacity)
}

/** Where entries that were taken out lie between others, the rest will not be one behind the other any more: `(table)`. */
function keepPositions(t: TableCode): number {
  const { positions } = t.m.types
  return t.forKeys('keep positions', [], [], (c) => {
    const [entry, position] = [c.local(I32), c.local(F64)]
    const list = c.local(refNull(positions))
    t.field(c, 0, 'positions')
    c.op('ref.is_null').op('i32.eqz')
    t.field(c, 0, 'size')
    t.field(c, 0, 'used')
    t.field(c, 0, 'head')
    c.op('i32.sub').op('i32.eq').op('i32.or').if().op('return').end()
    t.field(c, 0, 'used')
    c.gc('array.new_default', positions).set(list)
    t.field(c, 0, 'next')
    t.field(c, 0, 'used')
    c.op('f64.convert_i32_u').op('f64.sub').set(position)
    const out = c.block()
    const top = c.loop()
    c.get(entry)
    t.field(c, 0, 'used')
    c.op('i32.ge_u').brIf(out)
    c.get(list).get(entry).get(position).gc('array.set', positions)
    c.get(position).f64(1).op('f64.add').set(position).get(entry).i32(1).op('i32.add').set(entry).br(top)
    c.end().end()
    t.setField(c, 0, 'positions', () => c.get(list))
  })
}

/** A loop over the entries that are in the table; `to` counts them. */
export function eachEntry(t: TableCode, c: Code, body: (entry: number, to: number) => void): void {
  const [entry, to] = [c.local(I32), c.local(I32)]
  t.field(c, 0, 'head')
  c.set(entry)
  const out = c.block()
  const top = c.loop()
  c.get(entry)
  t.field(c, 0, 'used')
  c.op('i32.ge_u').brIf(out)
  t.hashAt(c, 0, entry)
  c.if()
  body(entry, to)
  c.get(to).i32(1).op('i32.add').set(to).end()
  c.get(entry).i32(1).op('i32.add').set(entry).br(top)
  c.end().end()
}

/** Moves the values; hashes and places of the entries are as they were: `(table, capacity)`. */
function moveValues(t: TableCode): number {
  const values = t.values!
  return t.forType('move values', [I32], [], (c) => {
    const fresh = c.local(values.dataType)
    values.unset(c)
    c.get(1).gc('array.new', values.data).set(fresh)
    eachEntry(t, c, (entry, to) => {
      c.get(fresh).get(to)
      t.valueAt(c, 0, entry)
      values.store(c)
    })
    t.setField(c, 0, 'values', () => c.get(fresh).op('ref.as_non_null'))
  })
}

/** Moves all else, and makes the index anew: `(table, capacity)`. */
function moveKeys(t: TableCode): number {
  const { ints, positions } = t.m.types
  return t.forKeys('move keys', [I32], [], (c) => {
    const [index, hashes] = [c.local(refNull(ints)), c.local(refNull(ints))]
    const [keys, places] = [c.local(t.keys.dataType), c.local(refNull(positions))]
    c.get(1).i32(1).op('i32.shl').i32(0).get(1).i32(UNINDEXED_MAX).op('i32.gt_u').select(I32)
    c.gc('array.new_default', ints).set(index)
    c.get(1).gc('array.new_default', ints).set(hashes)
    c.get(1).gc('array.new_default', t.keys.data).set(keys)
    t.field(c, 0, 'positions')
    c.op('ref.is_null').op('i32.eqz').if().get(1).gc('array.new_default', positions).set(places).end()
    eachEntry(t, c, (entry, to) => {
      c.get(hashes).get(to)
      t.hashAt(c, 0, entry)
      c.gc('array.set', ints).get(keys).get(to)
      t.keyAt(c, 0, entry)
      t.keys.store(c)
      c.get(places).op('ref.is_null').op('i32.eqz').if().get(places).get(to)
      t.field(c, 0, 'positions')
      c.get(entry).gc('array.get', positions).gc('array.set', positions).end()
      c.get(index).get(to)
      t.hashAt(c, 0, entry)
      c.call(addToIndex(t.m))
    })
    const set = (field: 'index' | 'hashes' | 'keys', local: number): void =>
      t.setField(c, 0, field, () => c.get(local).op('ref.as_non_null'))
    set('index', index)
    set('hashes', hashes)
    set('keys', keys)
    t.setField(c, 0, 'positions', () => c.get(places))
    t.setField(c, 0, 'used', () => t.field(c, 0, 'size'))
    t.setField(c, 0, 'head', () => c.i32(0))
    t.setField(c, 0, 'found', () => c.i32(-1))
  })
}
