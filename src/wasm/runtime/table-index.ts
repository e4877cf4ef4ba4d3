import { I32, refNull, type Code, type Label } from '../encoder/index.ts'
import type { ModuleLowering } from '../lower/module.ts'

/**
 * The index of a table: by place, the number of an entry plus one. An entry lies at the place that the high bits of its hash say, or, where that
 * is taken, at the next one that was free.
 */

/** Places to look at one after the other, in locals. */
export type Places = { readonly index: number; readonly mask: number; readonly at: number }

/** Opens a loop over the places of an index that has some, from that of a hash in a local on. */
export function openPlaces(c: Code, { index, mask, at }: Places, hash: number): Label {
  c.get(index).gc('array.len').i32(1).op('i32.sub').set(mask)
  place(c, mask, hash)
  c.set(at)
  return c.loop()
}

/** Pushes the place of a hash in a local: as many of its high bits as the mask has bits. */
function place(c: Code, mask: number, hash: number): void {
  c.get(hash).get(mask).op('i32.clz').op('i32.shr_u')
}

/** Goes on with the next place, and closes the loop. */
export function nextPlace(c: Code, { mask, at }: Places, top: Label): void {
  step(c, mask, at)
  c.set(at).br(top).end()
}

function step(c: Code, mask: number, at: number): void {
  c.get(at).i32(1).op('i32.add').get(mask).op('i32.and')
}

/** `(index, entry, hash)`: the index has room, or no places at all. */
export function addToIndex(m: ModuleLowering): number {
  const { ints } = m.types
  return m.helper('index add', [refNull(ints), I32, I32], [], (c) => {
    const places = { index: 0, mask: c.local(I32), at: c.local(I32) }
    c.get(0).gc('array.len').op('i32.eqz').if().op('return').end()
    const top = openPlaces(c, places, 2)
    c.get(0).get(places.at).gc('array.get', ints).op('i32.eqz').if()
    c.get(0).get(places.at).get(1).i32(1).op('i32.add').gc('array.set', ints).op('return').end()
    nextPlace(c, places, top)
    c.op('unreachable')
  })
}

/**
 * Frees the place of an entry: `(index, entry, hashes)`. What lies behind moves up where it was kept from its own place by what is gone now, so that
 * no search meets what is not there any more (Knuth, The Art of Computer Programming 3, 6.4, Algorithm R).
 */
export function takeFromIndex(m: ModuleLowering): number {
  const { ints } = m.types
  return m.helper('index take', [refNull(ints), I32, refNull(ints)], [], (c) => {
    const places = { index: 0, mask: c.local(I32), at: c.local(I32) }
    const [hash, free, entry, home] = [c.local(I32), c.local(I32), c.local(I32), c.local(I32)]
    const { mask, at } = places
    c.get(0).gc('array.len').op('i32.eqz').if().op('return').end()
    c.get(2).get(1).gc('array.get', ints).set(hash)
    const found = c.block()
    const top = openPlaces(c, places, hash)
    c.get(0).get(at).gc('array.get', ints).i32(1).op('i32.sub').get(1).op('i32.eq').brIf(found)
    nextPlace(c, places, top)
    c.end()
    c.get(at).set(free)
    const out = c.block()
    const each = c.loop()
    step(c, mask, at)
    c.tee(at).set(at)
    c.get(0).get(at).gc('array.get', ints).tee(entry).op('i32.eqz').brIf(out)
    c.get(2).get(entry).i32(1).op('i32.sub').gc('array.get', ints).set(hash)
    place(c, mask, hash)
    c.set(home)
    // It stays when its own place lies behind the free one, on the way round from there to where it is.
    c.get(at).get(home).op('i32.sub').get(mask).op('i32.and')
    c.get(at).get(free).op('i32.sub').get(mask).op('i32.and').op('i32.lt_u').brIf(each)
    c.get(0).get(free).get(entry).gc('array.set', ints).get(at).set(free).br(each)
    c.end().end()
    c.get(0).get(free).i32(0).gc('array.set', ints)
  })
}
