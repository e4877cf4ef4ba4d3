import { EXTERNREF, I32, refNull, type Code } from '../encoder/index.ts'
import { addToIndex, nextPlace, openPlaces, takeFromIndex } from './table-index.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { makeRoom } from './table-room.ts'
import type { TableCode } from './tables.ts'

/** Finding, adding and taking out entries by their keys. */

/** `(table, key) -> entry`, -1 when there is none. */
export function findEntry(t: TableCode): number {
  return t.forKeys('find', [t.key.valType], [I32], (c) => {
    t.field(c, 0, 'size')
    c.op('i32.eqz').if().i32(-1).op('return').end()
    c.get(0).get(1).get(1).call(t.key.hash()).call(findHashed(t))
    if (t.key.kind !== 'text') return
    const entry = c.local(I32)
    c.tee(entry).i32(0).op('i32.ge_s').if()
    noteFound(t, c, entry)
    c.end().get(entry)
  })
}

/** As {@link findEntry} of text, but the entry behind the one that was found last is looked at first: keys are often asked for in their order. */
export function findNextEntry(t: TableCode): number {
  return t.forKeys('find next', [t.key.valType], [I32], (c) => {
    const entry = c.local(I32)
    t.field(c, 0, 'found')
    c.i32(1).op('i32.add').set(entry)
    returnIfGuessed(t, c, entry)
    c.get(0).get(1).call(findEntry(t))
  })
}

/** Returns an entry when there is one of that number with the key in local 1, which is text: much faster to say where both are the same string of the host. */
function returnIfGuessed(t: TableCode, c: Code, entry: number): void {
  const length = t.m.imports.builtin('length')
  c.get(entry)
  t.field(c, 0, 'used')
  c.op('i32.lt_u').if()
  t.hashAt(c, 0, entry)
  c.if()
  t.keyAt(c, 0, entry)
  c.call(length).get(1).call(length).op('i32.eq').if()
  t.keyAt(c, 0, entry)
  c.get(1)
  t.key.same(c)
  c.if()
  noteFound(t, c, entry)
  c.get(entry).op('return').end().end().end().end()
}

/** Notes the entry that was found last. */
function noteFound(t: TableCode, c: Code, entry: number): void {
  t.setField(c, 0, 'found', () => c.get(entry))
}

/** `(table, key, hash) -> entry`, -1 when there is none. */
function findHashed(t: TableCode): number {
  return t.forKeys('find hashed', [t.key.valType, I32], [I32], (c) => {
    const { ints } = t.m.types
    const places = { index: c.local(refNull(ints)), mask: c.local(I32), at: c.local(I32) }
    const entry = c.local(I32)
    t.field(c, 0, 'index')
    c.tee(places.index).gc('array.len').if()
    const top = openPlaces(c, places, 2)
    c.get(places.index).get(places.at).gc('array.get', ints).i32(1).op('i32.sub').tee(entry).i32(0).op('i32.lt_s')
    c.if().i32(-1).op('return').end()
    returnIfSame(t, c, entry)
    nextPlace(c, places, top)
    c.end()
    const out = c.block()
    const each = c.loop()
    c.get(entry)
    t.field(c, 0, 'used')
    c.op('i32.ge_u').brIf(out)
    returnIfSame(t, c, entry)
    c.get(entry).i32(1).op('i32.add').set(entry).br(each)
    c.end().end().i32(-1)
  })
}

function returnIfSame(t: TableCode, c: Code, entry: number): void {
  t.hashAt(c, 0, entry)
  c.get(2).op('i32.eq').if()
  t.keyAt(c, 0, entry)
  c.get(1)
  t.key.same(c)
  c.if().get(entry).op('return').end().end()
}

/** The entry of a key, as its complement when it was added: `(table, key) -> entry`. Its value is for the caller to set. */
export function placeEntry(t: TableCode): number {
  return t.forType('place', [t.key.valType], [I32], (c) => {
    if (t.key.kind === 'text') {
      // What is set was often asked for just before.
      const entry = c.local(I32)
      t.field(c, 0, 'found')
      c.set(entry)
      returnIfGuessed(t, c, entry)
    }
    c.get(0).get(1).get(1).call(t.key.hash()).call(placeHashed(t))
  })
}

/** As {@link placeEntry}, with a hash that is known: `(table, key, hash) -> entry`. */
export function placeHashed(t: TableCode): number {
  return t.forType('place hashed', [t.key.valType, I32], [I32], (c) => {
    const entry = c.local(I32)
    c.get(0).get(1).get(2).call(findHashed(t)).tee(entry)
    c.i32(0).op('i32.ge_s').if().get(entry).op('return').end()
    t.field(c, 0, 'used')
    t.field(c, 0, 'hashes')
    c.gc('array.len').op('i32.eq').rarely().if().get(0)
    t.m.callApart(c, makeRoom(t))
    c.end()
    if (t.type.kind === 'dict') {
      c.get(1).call(mayBeIndex(t.m)).if()
      t.setField(c, 0, 'indexed', () => c.i32(1))
      c.end()
    }
    c.get(0).get(1).get(2).call(append(t)).i32(-1).op('i32.xor')
  })
}

/** Whether a text begins with a digit. */
function mayBeIndex(m: ModuleLowering): number {
  return m.helper('may be index', [EXTERNREF], [I32], (c) => {
    c.get(0).call(m.imports.builtin('length')).op('i32.eqz').if().i32(0).op('return').end()
    c.get(0).i32(0).call(m.imports.builtin('charCodeAt')).i32(48).op('i32.sub').i32(10).op('i32.lt_u')
  })
}

/** Appends an entry that there is room for: `(table, key, hash) -> entry`. */
function append(t: TableCode): number {
  return t.forKeys('append', [t.key.valType, I32], [I32], (c) => {
    const entry = c.local(I32)
    t.field(c, 0, 'used')
    c.set(entry)
    t.field(c, 0, 'hashes')
    c.get(entry).get(2).gc('array.set', t.m.types.ints)
    t.field(c, 0, 'keys')
    c.get(entry).get(1)
    t.keys.store(c)
    t.field(c, 0, 'positions')
    c.op('ref.is_null').op('i32.eqz').if()
    t.field(c, 0, 'positions')
    c.get(entry)
    t.field(c, 0, 'next')
    c.gc('array.set', t.m.types.positions).end()
    t.setField(c, 0, 'next', () => {
      t.field(c, 0, 'next')
      c.f64(1).op('f64.add')
    })
    t.addTo(c, 0, 'used', 1)
    t.addTo(c, 0, 'size', 1)
    t.field(c, 0, 'index')
    c.get(entry).get(2).call(addToIndex(t.m)).get(entry)
  })
}

/** Takes the entry with a key out: `(table, key) -> whether there was one`. */
export function removeEntry(t: TableCode): number {
  return t.forType('remove', [t.key.valType], [I32], (c) => {
    const entry = c.local(I32)
    c.get(0).get(1).call(findEntry(t)).tee(entry).i32(0).op('i32.lt_s').if().i32(0).op('return').end()
    t.field(c, 0, 'index')
    c.get(entry)
    t.field(c, 0, 'hashes')
    c.call(takeFromIndex(t.m))
    t.field(c, 0, 'hashes')
    c.get(entry).i32(0).gc('array.set', t.m.types.ints)
    t.field(c, 0, 'keys')
    c.get(entry)
    t.keys.unset(c)
    t.keys.store(c)
    if (t.values) {
      t.field(c, 0, 'values')
      c.get(entry)
      t.values.unset(c)
      t.values.store(c)
    }
    t.addTo(c, 0, 'size', -1)
    c.get(0).call(skipDead(t)).i32(1)
  })
}

/** Moves the head behind what was taken out; where nothing is left the arrays are used from their beginning: `(table)`. */
function skipDead(t: TableCode): number {
  return t.forKeys('skip dead', [], [], (c) => {
    const head = c.local(I32)
    t.field(c, 0, 'size')
    c.op('i32.eqz').if()
    reset(t, c)
    c.op('return').end()
    t.field(c, 0, 'head')
    c.set(head)
    const top = c.loop()
    t.hashAt(c, 0, head)
    c.op('i32.eqz').if().get(head).i32(1).op('i32.add').set(head).br(top).end().end()
    t.setField(c, 0, 'head', () => c.get(head))
  })
}

/** Positions go on where they were. */
function reset(t: TableCode, c: Code): void {
  for (const field of ['used', 'head'] as const) t.setField(c, 0, field, () => c.i32(0))
  t.setField(c, 0, 'found', () => c.i32(-1))
  t.setField(c, 0, 'positions', () => c.refNull(t.m.types.positions))
}

/** Takes all entries out, and lets go of the arrays: `(table)`. */
export function clearTable(t: TableCode): number {
  return t.forType('clear', [], [], (c) => {
    const { m } = t
    for (const field of ['index', 'hashes'] as const)
      t.setField(c, 0, field, () => c.globalGet(m.emptyArray(m.types.ints)))
    t.setField(c, 0, 'keys', () => c.globalGet(m.emptyArray(t.keys.data)))
    if (t.values) t.setField(c, 0, 'values', () => c.globalGet(m.emptyArray(t.values!.data)))
    t.setField(c, 0, 'size', () => c.i32(0))
    reset(t, c)
  })
}
