import { formatType, keyOf, type TableType, type Type } from '../../ir/index.ts'
import { refNull, type Code, type ValType } from '../encoder/index.ts'
import { TABLE } from '../layout/tables.ts'
import type { HelperBody, ModuleLowering } from '../lower/module.ts'
import { ArrayCode } from './arrays.ts'
import { KeyCode } from './keys.ts'

type Field = keyof typeof TABLE

/** The value type of a map or dict. */
export function valueOf(type: TableType): Type | undefined {
  return type.kind === 'set' ? undefined : type.value
}

/**
 * Instructions on tables of one type; see {@link TABLE} for how they are laid out. Whatever looks only at keys is one helper for all
 * tables whose keys are kept alike.
 */
export class TableCode {
  readonly m: ModuleLowering
  readonly type: TableType
  readonly key: KeyCode
  /** The storage of the keys, and that of the values. */
  readonly keys: ArrayCode
  readonly values: ArrayCode | undefined
  readonly struct: number
  readonly head: number

  constructor(m: ModuleLowering, type: TableType) {
    this.m = m
    this.type = type
    this.key = new KeyCode(m, keyOf(type))
    this.struct = m.types.structOf(type)
    this.head = m.types.head(this.key.elem).struct
    this.keys = new ArrayCode(m, this.key.elem)
    const value = valueOf(type)
    this.values = value && new ArrayCode(m, m.types.element(value))
  }

  get valType(): ValType {
    return refNull(this.struct)
  }

  /** A helper for all tables with such keys; its first parameter is the table. */
  forKeys(name: string, params: readonly ValType[], results: readonly ValType[], body: HelperBody): number {
    const { kind, elem } = this.key
    return this.m.helper(`table ${name}, ${kind} ${elem.name}`, [refNull(this.head), ...params], results, body)
  }

  /** A helper for tables of the type. */
  forType(name: string, params: readonly ValType[], results: readonly ValType[], body: HelperBody): number {
    return this.m.helper(`table ${name}, ${formatType(this.type)}`, [this.valType, ...params], results, body)
  }

  field(c: Code, table: number, field: Field): void {
    c.get(table).gc('struct.get', this.#structOf(field), TABLE[field])
  }

  /** Sets a field to what `push` pushes. */
  setField(c: Code, table: number, field: Field, push: () => void): void {
    c.get(table)
    push()
    c.gc('struct.set', this.#structOf(field), TABLE[field])
  }

  #structOf(field: Field): number {
    return field === 'values' ? this.struct : this.head
  }

  /** Adds to a field that is an i32. */
  addTo(c: Code, table: number, field: 'size' | 'used' | 'head', amount: number): void {
    this.setField(c, table, field, () => {
      this.field(c, table, field)
      c.i32(amount).op('i32.add')
    })
  }

  /** Pushes the hash of an entry. */
  hashAt(c: Code, table: number, entry: number): void {
    this.field(c, table, 'hashes')
    c.get(entry).gc('array.get', this.m.types.ints)
  }

  keyAt(c: Code, table: number, entry: number): void {
    this.field(c, table, 'keys')
    c.get(entry)
    this.keys.load(c)
  }

  valueAt(c: Code, table: number, entry: number): void {
    this.field(c, table, 'values')
    c.get(entry)
    this.values!.load(c)
  }

  /** Pushes a new table. */
  make(c: Code, bare = false): void {
    const { m } = this
    const none = m.emptyArray(m.types.ints)
    c.globalGet(none).globalGet(none).globalGet(m.emptyArray(this.keys.data)).i32(0).i32(0).i32(0).f64(0)
    c.refNull(m.types.positions)
      .i32(-1)
      .i32(bare ? 1 : 0)
      .i32(0)
    if (this.values) c.globalGet(m.emptyArray(this.values.data))
    c.gc('struct.new', this.struct)
  }
}
