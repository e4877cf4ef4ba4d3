import { F64, I32, type Code } from '../encoder/index.ts'
import { testWhole } from '../lower/numbers.ts'
import type { TableCode } from './tables.ts'

/**
 * Entries by their positions, which grow and are never used again. As long as no entry between others was taken out when room was made, the position
 * of each is that of the first plus its number; later on positions are kept, and sought by halves.
 */

/** The least position of an entry beyond a position, -1 when there is none: `(table, position) -> position`. */
export function nextPosition(t: TableCode): number {
  return t.forKeys('next', [F64], [F64], (c) => {
    const [entry, from] = [c.local(I32), c.local(F64)]
    t.field(c, 0, 'positions')
    c.op('ref.is_null').if()
    distance(t, c)
    c.set(from)
    testWhole(c, from, entry)
    c.if().get(entry).i32(1).op('i32.add').tee(entry)
    t.field(c, 0, 'used')
    c.op('i32.lt_u').if()
    t.hashAt(c, 0, entry)
    c.if().get(1).f64(1).op('f64.add').op('return').end().end().end().end()
    c.get(0).get(1).call(seekNext(t))
  })
}

/** The same, where the next entry is not the next one of the arrays. */
function seekNext(t: TableCode): number {
  return t.forKeys('seek next', [F64], [F64], (c) => {
    const [entry, isKept] = [c.local(I32), c.local(I32)]
    t.field(c, 0, 'positions')
    c.op('ref.is_null').op('i32.eqz').tee(isKept).if(I32)
    c.get(0).get(1).call(after(t))
    c.else()
    // Of a NaN nothing is greater; what is beyond the entries comes to lie just behind them.
    t.field(c, 0, 'used')
    distance(t, c)
    c.op('f64.floor')
    t.field(c, 0, 'used')
    c.op('f64.convert_i32_u').op('f64.min').sat('i32.trunc_sat_f64_s').i32(1).op('i32.add')
    c.get(1).get(1).op('f64.ne').select(I32).end()
    c.set(entry)
    c.get(entry)
    t.field(c, 0, 'head')
    c.get(entry)
    t.field(c, 0, 'head')
    c.op('i32.gt_s').select(I32).set(entry)
    const top = c.loop()
    c.get(entry)
    t.field(c, 0, 'used')
    c.op('i32.ge_s').if().f64(-1).op('return').end()
    t.hashAt(c, 0, entry)
    c.op('i32.eqz').if().get(entry).i32(1).op('i32.add').set(entry).br(top).end().end()
    c.get(isKept).if(F64)
    t.setField(c, 0, 'found', () => c.get(entry))
    positionAt(t, c, entry)
    c.else().get(entry).op('f64.convert_i32_u')
    base(t, c)
    c.op('f64.add').end()
  })
}

/** Pushes the position of the first entry of the arrays, where positions are not kept. */
function base(t: TableCode, c: Code): void {
  t.field(c, 0, 'next')
  t.field(c, 0, 'used')
  c.op('f64.convert_i32_u').op('f64.sub')
}

/** Pushes how far the position in local 1 is from the first. */
function distance(t: TableCode, c: Code): void {
  c.get(1)
  base(t, c)
  c.op('f64.sub')
}

function positionAt(t: TableCode, c: Code, entry: number): void {
  t.field(c, 0, 'positions')
  c.get(entry).gc('array.get', t.m.types.positions)
}

/** The first entry, in the table or not, whose position is greater: `(table, position) -> entry`. */
function after(t: TableCode): number {
  return t.forKeys('after', [F64], [I32], (c) => {
    const [low, high, middle] = [c.local(I32), c.local(I32), c.local(I32)]
    t.field(c, 0, 'used')
    c.set(high)
    t.field(c, 0, 'found')
    c.get(high).op('i32.lt_u').if()
    t.field(c, 0, 'found')
    c.set(middle)
    positionAt(t, c, middle)
    c.get(1).op('f64.eq').if().get(middle).i32(1).op('i32.add').op('return').end().end()
    const out = c.block()
    const top = c.loop()
    c.get(low).get(high).op('i32.ge_u').brIf(out)
    c.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').set(middle)
    positionAt(t, c, middle)
    c.get(1).op('f64.gt').if().get(middle).set(high).else().get(middle).i32(1).op('i32.add').set(low).end()
    c.br(top).end().end().get(low)
  })
}

/** The entry at a position, -1 when there is none: `(table, position) -> entry`. */
export function entryAt(t: TableCode): number {
  return t.forKeys('at', [F64], [I32], (c) => {
    const [entry, from] = [c.local(I32), c.local(F64)]
    t.field(c, 0, 'positions')
    c.op('ref.is_null').if()
    distance(t, c)
    c.set(from)
    testWhole(c, from, entry)
    c.op('i32.eqz').if().i32(-1).op('return').end()
    c.else()
    c.get(0).get(1).call(after(t)).i32(1).op('i32.sub').tee(entry).i32(0).op('i32.lt_s').if().i32(-1).op('return').end()
    positionAt(t, c, entry)
    c.get(1).op('f64.ne').if().i32(-1).op('return').end().end()
    c.get(entry)
    t.field(c, 0, 'used')
    c.op('i32.ge_u').if().i32(-1).op('return').end()
    t.hashAt(c, 0, entry)
    c.op('i32.eqz').if().i32(-1).op('return').end()
    c.get(entry)
  })
}
