import { formatType, keyOf, type TableType, type Type } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, HEAP, I32, refNull, type Code } from '../encoder/index.ts'
import { TABLE_DATA, TABLE_HOST } from '../layout/types.ts'
import { optionalOf, repOf, SMALL_MIN } from '../layout/values.ts'
import { box, unboxNumber, unboxWith } from '../lower/boxes.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { open } from '../lower/slots.ts'
import { carrierOf, tableService } from '../lower/table-imports.ts'
import { ArrayCode } from './arrays.ts'

/**
 * Tables: the host finds the slot of a key and keeps the order (host/tables.ts), the values lie in a storage like that of
 * arrays, by slot. A set has no values.
 */

/** The value type of a map or dict. */
export function valueOf(type: TableType): Type | undefined {
  return type.kind === 'set' ? undefined : type.value
}

/** Turns a key on the stack into what goes to the host. */
export function keyToHost(m: ModuleLowering, c: Code, type: Type): void {
  const carrier = carrierOf(type)
  if (carrier === 'ref') c.gc('extern.convert_any')
  if (carrier !== 'box') return
  box(m, c, type)
  c.call(unboxedKey(m))
}

/** A boxed value as the host's value: `(anyref) -> externref`. */
function unboxedKey(m: ModuleLowering): number {
  return m.helper('key to host', [ANYREF], [EXTERNREF], (c) => {
    const small = c.local(I32)
    c.get(0).refOp('ref.test', HEAP.i31, true).if(EXTERNREF)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').tee(small).i32(SMALL_MIN).op('i32.lt_s').if(EXTERNREF)
    c.get(small).call(m.imports.operation('key of word'))
    c.else().get(small).op('f64.convert_i32_s').call(m.imports.operation('key of number')).end()
    c.else()
    c.get(0).refOp('ref.test', m.types.box).if(EXTERNREF)
    c.get(0).refOp('ref.cast', m.types.box).gc('struct.get', m.types.box, 0).call(m.imports.operation('key of number'))
    c.else().get(0).gc('extern.convert_any').end().end()
  })
}

/** Turns a key from the host on the stack into a value of the type. */
export function keyFromHost(m: ModuleLowering, c: Code, type: Type): void {
  const carrier = carrierOf(type)
  if (carrier === 'ref') c.gc('any.convert_extern').refOp('ref.cast', m.types.structOf(type))
  if (carrier !== 'box') return
  c.call(boxedKey(m))
  if (optionalOf(type)) c.call(open(m, type))
  else if (repOf(type) === 'unit') c.op('drop')
  else if (type.kind === 'i32') c.call(unboxNumber(m)).sat('i32.trunc_sat_f64_s')
  else if (repOf(type) !== 'dyn') c.call(unboxWith(m, type) as number)
}

/** A value of the host as a boxed one: `(externref) -> anyref`. */
function boxedKey(m: ModuleLowering): number {
  return m.helper('key from host', [EXTERNREF], [ANYREF], (c) => {
    const kind = c.local(I32)
    c.get(0).call(m.imports.operation('kind of key')).tee(kind).op('i32.eqz').if(ANYREF)
    c.get(0).gc('any.convert_extern').else()
    c.get(kind).i32(1).op('i32.eq').if(ANYREF)
    c.get(0).call(m.imports.operation('number of key'))
    box(m, c, { kind: 'f64' })
    c.else().get(kind).gc('ref.i31').end().end()
  })
}

/** Instructions on tables of one type. */
export class TableCode {
  readonly type: TableType
  readonly struct: number
  readonly data: ArrayCode | undefined
  readonly #m: ModuleLowering

  constructor(m: ModuleLowering, type: TableType) {
    this.#m = m
    this.type = type
    this.struct = m.types.structOf(type)
    const value = valueOf(type)
    this.data = value && new ArrayCode(m, m.types.element(value))
  }

  /** Pushes the host's half of the table in a local. */
  host(c: Code, table: number): void {
    c.get(table).gc('struct.get', this.struct, TABLE_HOST)
  }

  storage(c: Code, table: number): void {
    c.get(table).gc('struct.get', this.struct, TABLE_DATA)
  }

  service(name: Parameters<typeof tableService>[1]): number {
    return tableService(this.#m.imports, name, keyOf(this.type))
  }

  /** The service for keys of a dict, which are names of properties, or of any other table. */
  property(name: 'table find' | 'table place'): number {
    return this.service(this.type.kind === 'dict' ? `${name} property` : name)
  }

  /** A new table: `() -> table`. */
  make(c: Code, bare = false): void {
    if (bare) c.call(this.service('dict bare'))
    else c.i32(['map', 'set', 'dict'].indexOf(this.type.kind)).call(this.service('table new'))
    if (this.data) {
      this.data.unset(c)
      c.i32(0).gc('array.new', this.data.data)
    }
    c.gc('struct.new', this.struct)
  }

  /** Empties the storage. */
  reset(c: Code, table: number): void {
    const { data } = this
    if (!data) return
    c.get(table)
    data.unset(c)
    c.i32(0).gc('array.new', data.data).gc('struct.set', this.struct, TABLE_DATA)
  }

  /** Makes room for a slot: `(table, slot)`. */
  reserve(): number {
    const data = this.data!
    return this.#m.helper(`reserve ${formatType(this.type)}`, [refNull(this.struct), I32], [], (c) => {
      const old = c.local(data.dataType)
      const fresh = c.local(data.dataType)
      this.storage(c, 0)
      c.tee(old).gc('array.len').get(1).op('i32.gt_u').if().op('return').end()
      data.unset(c)
      c.get(1).get(1).i32(1).op('i32.shr_u').op('i32.add').i32(8).op('i32.add').gc('array.new', data.data).set(fresh)
      c.get(fresh).i32(0).get(old).i32(0).get(old).gc('array.len')
      data.copy(c)
      c.get(0).get(fresh).op('ref.as_non_null').gc('struct.set', this.struct, TABLE_DATA)
    })
  }

  /** Takes what was in a slot away: `(table, slot)`, where the slot may be -1. */
  release(): number {
    const data = this.data!
    return this.#m.helper(`release ${formatType(this.type)}`, [refNull(this.struct), I32], [], (c) => {
      c.get(1).i32(0).op('i32.ge_s').if()
      this.storage(c, 0)
      c.get(1)
      data.unset(c)
      data.store(c)
      c.end()
    })
  }
}
