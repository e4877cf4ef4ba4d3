import { EXTERNREF, I32 } from '../encoder/index.ts'
import { STRING } from '../../ir/index.ts'
import { INHERITED_NAMES } from '../../values/index.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { ArrayCode, newArray, stringsFromHost } from './arrays.ts'
import { findEntry, placeEntry } from './table-entries.ts'
import { eachEntry } from './table-room.ts'
import type { TableCode } from './tables.ts'

/** What dicts have beyond other tables: names that every object inherits, and the order of their keys. */

/** Whether a text is the name of a property that every object inherits. */
export function isInheritedName(m: ModuleLowering): number {
  return m.helper('is inherited name', [EXTERNREF], [I32], (c) => {
    const length = c.local(I32)
    c.get(0).call(m.imports.builtin('length')).set(length)
    for (const size of new Set(INHERITED_NAMES.map((name) => name.length))) {
      c.get(length).i32(size).op('i32.eq').if()
      INHERITED_NAMES.filter((name) => name.length === size).forEach((name, i) => {
        c.get(0).globalGet(m.string(name)).call(m.imports.builtin('equals'))
        if (i > 0) c.op('i32.or')
      })
      c.op('return').end()
    }
    c.i32(0)
  })
}

/** Whether a text is `__proto__`, which is no ordinary key of a dict that inherits. */
export function isProto(m: ModuleLowering): number {
  return m.helper('is proto', [EXTERNREF], [I32], (c) => {
    c.get(0).call(m.imports.builtin('length')).i32(PROTO.length).op('i32.eq').if(I32)
    c.get(0).globalGet(m.string(PROTO)).call(m.imports.builtin('equals')).else().i32(0).end()
  })
}

const PROTO = '__proto__'

/** The keys of a dict as objects list them: `(dict) -> array`. Where there are indices the host puts the keys in their order. */
export function dictKeys(t: TableCode): number {
  const { m } = t
  const elem = m.types.element(STRING)
  const a = new ArrayCode(m, elem)
  return t.forKeys('dict keys', [], [a.type], (c) => {
    const keys = c.local(a.type)
    t.field(c, 0, 'size')
    c.call(newArray(m, elem)).set(keys)
    eachEntry(t, c, (entry, to) => {
      a.storage(c, keys)
      c.get(to)
      t.keyAt(c, 0, entry)
      a.store(c)
    })
    t.field(c, 0, 'indexed')
    c.if(a.type).get(keys)
    c.gc('extern.convert_any').call(m.imports.service('sortKeys')).call(stringsFromHost(m))
    c.else().get(keys).end()
  })
}

/** A dict with its entries in the order in which objects list their keys: `(dict) -> dict`. */
export function sortedDict(t: TableCode): number {
  const keys = new ArrayCode(t.m, t.key.elem)
  return t.forType('sorted', [], [t.valType], (c) => {
    const [list, made, key] = [c.local(keys.type), c.local(t.valType), c.local(EXTERNREF)]
    const [at, entry] = [c.local(I32), c.local(I32)]
    t.make(c)
    c.set(made).get(0).call(dictKeys(t)).set(list)
    const out = c.block()
    const top = c.loop()
    c.get(at)
    keys.length(c, list)
    c.op('i32.ge_u').brIf(out)
    keys.storage(c, list)
    c.get(at)
    keys.load(c)
    c.set(key).get(made).get(key).call(placeEntry(t)).i32(-1).op('i32.xor').set(entry)
    t.field(c, made, 'values')
    c.get(entry)
    c.get(0).get(key).call(findEntry(t)).set(entry)
    t.valueAt(c, 0, entry)
    t.values!.store(c)
    c.get(at).i32(1).op('i32.add').set(at).br(top).end().end().get(made)
  })
}
