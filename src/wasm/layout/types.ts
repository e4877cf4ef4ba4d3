import {
  formatType,
  F64 as FLOAT,
  keepsKeyOrder,
  keyOf,
  type Module,
  STRING,
  type ObjectDef,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import {
  ANYREF,
  EXTERNREF,
  F64,
  I32,
  refNull,
  refTo,
  type FieldType,
  type ModuleWriter,
  type ValType,
} from '../encoder/index.ts'
import { mayBeTag } from '../../passes/index.ts'
import { elementKind, SLOT, STORAGE, type Element, type ElementKind } from './elements.ts'
import type { LayoutFacts } from './facts.ts'
import { commonFields, type Parent } from './families.ts'
import { keptAs, tableKey, type TABLE } from './tables.ts'
import { fieldsOfBytes, LANES, type Lane } from './typed.ts'
import { optionalOf, repOf } from './values.ts'

/** An array: a struct of its length and its storage, which may be longer; behind the length all is unset. */
export type ArrayTypes = { readonly struct: number; readonly data: number }

export type ContainerType = Extract<Type, { kind: 'array' | 'tuple' }> | TableType
type TupleType = Extract<Type, { kind: 'tuple' }>

/** The struct of arrays, tuples or tables of a type. */
export type Container = { readonly struct: number; readonly type: ContainerType }

/**
 * Where the fields of an object lie in its struct. Objects that may be keys of tables have their identity first; then those that
 * keep the order of their keys have its number.
 */
export type ObjectLayout = {
  readonly struct: number
  /** By field, the type that it is kept as; see lower/fields.ts. */
  readonly kept: readonly Type[]
  readonly hasIdentity: boolean
  readonly order: number | undefined
  readonly first: number
}

/** The struct that tables with keys of one kind share, the storage of these keys, and the struct of each type. */
export type TableHead = { readonly struct: number; readonly keys: ArrayTypes }

/**
 * The types of a module, made when first asked for. A value of IR type `union`, `any` is `anyref`; every other
 * reference is `(ref null $struct)`, so that locals need no first value; null itself never is a value.
 */
export class TypeTable {
  readonly #writer: ModuleWriter
  readonly #module: Module
  readonly box: number
  readonly closure: number
  /** What every object that may be a key begins with: {@link IDENTITY}. */
  readonly identified: number
  /** An array of i32, and one of such arrays; one of arrays of code units. */
  readonly ints: number
  readonly lists: number
  readonly texts: number
  readonly #arrays = new Map<string, ArrayTypes>()
  readonly #containers: Container[] = []
  readonly #tuples = new Map<string, number>()
  readonly #objects = new Map<number, ObjectLayout>()
  readonly #signatures = new Map<string, { readonly code: number; readonly struct: number }>()
  readonly #cells = new Map<string, number>()
  readonly #heads = new Map<string, TableHead>()
  readonly #tables = new Map<string, number>()
  readonly #identified: ReadonlySet<number>
  readonly #setFields: readonly ReadonlySet<number>[]
  readonly #lanes = new Map<Lane, number>()
  /** By definition, the definitions of its family, and by family what they have in common. */
  readonly #families: ReadonlyMap<number, readonly number[]>
  readonly #carriers: ReadonlySet<ElementKind>
  readonly #tags: ReadonlySet<string>
  readonly #parents = new Map<readonly number[], Parent>()
  /** By definition, all fields of its struct. */
  readonly #fields = new Map<number, readonly FieldType[]>()

  constructor(writer: ModuleWriter, module: Module, facts: LayoutFacts) {
    const { units, identified, setFields, families, carriers, tags } = facts
    this.#writer = writer
    this.#module = module
    this.#identified = identified
    this.#setFields = setFields
    this.#families = families
    this.#carriers = carriers
    this.#tags = tags
    this.identified = writer.addType({ kind: 'struct', open: true, fields: [mutable(I32)] })
    this.ints = writer.addType({ kind: 'array', elem: mutable(I32) })
    this.lists = writer.addType({ kind: 'array', elem: mutable(refNull(this.ints)) })
    this.texts = writer.addType({ kind: 'array', elem: mutable(refNull(units)) })
    this.box = writer.addType({ kind: 'struct', fields: [{ type: F64, mutable: false }] })
    this.closure = writer.addType({ kind: 'struct', open: true, fields: [{ type: I32, mutable: false }] })
  }

  /** The type of a value on the stack or in a local; nothing for `unit`. */
  valType(type: Type): ValType | undefined {
    switch (repOf(type)) {
      case 'unit':
        return undefined
      case 'f64':
        return F64
      case 'i32':
      case 'bool':
        return I32
      case 'string':
        return EXTERNREF
      case 'opt':
        return this.valType(optionalOf(type)!.base)
      case 'dyn':
        return ANYREF
      case 'ref':
        return refNull(this.structOf(type))
    }
  }

  /** The types of several values, without those of `unit`. */
  valTypes(types: readonly Type[]): ValType[] {
    return types.flatMap((type) => {
      const valType = this.valType(type)
      return valType ? [valType] : []
    })
  }

  /** The type in which a field, cell or global keeps a value, or that it is unset. */
  storageType(type: Type): ValType {
    const kind = elementKind(type)
    return repOf(type) === 'ref' ? refNull(this.structOf(type)) : STORAGE[kind]
  }

  /** The struct of a type whose representation is `ref`. */
  structOf(type: Type): number {
    switch (type.kind) {
      case 'array':
        return this.array(this.element(type.elem)).struct
      case 'tuple':
        return this.#tuple(type)
      case 'object':
        return this.object(type.id).struct
      case 'union':
        return this.parentOf((type.members[0] as Extract<Type, { kind: 'object' }>).id)!.struct
      case 'func':
        return this.signature(type).struct
      case 'cell':
        return this.#cell(type.of)
      case 'map':
      case 'set':
      case 'dict':
        return this.#table(type)
      default:
        throw new Error(`${type.kind} is no reference`)
    }
  }

  /** The elements of an array of that type. References of one struct are kept as such, so that reading one needs no cast. */
  element(type: Type): Element {
    const kind = elementKind(type)
    if (repOf(type) !== 'ref')
      return { name: kind, type, kind, storage: STORAGE[kind], slot: SLOT[kind], struct: undefined }
    const struct = this.structOf(type)
    return { name: `ref ${struct}`, type, kind, storage: refNull(struct), slot: refNull(struct), struct }
  }

  array(elem: Element): ArrayTypes {
    const known = this.#arrays.get(elem.name)
    if (known) return known
    const data = this.#writer.addType({ kind: 'array', elem: mutable(elem.storage) })
    const note = this.isCarrier(elem) ? [mutable(ANYREF)] : []
    const struct = this.#writer.addType({ kind: 'struct', fields: [mutable(I32), mutable(refTo(data)), ...note] })
    const made = { struct, data }
    this.#arrays.set(elem.name, made)
    this.#containers.push({ struct, type: { kind: 'array', elem: elem.type } })
    return made
  }

  /** Whether arrays of such elements have a field for the object that they carry. Of other arrays the host knows it. */
  isCarrier({ kind, struct }: Element): boolean {
    return struct === undefined && this.#carriers.has(kind)
  }

  #tuple(type: TupleType): number {
    const key = formatType(type)
    const known = this.#tuples.get(key)
    if (known !== undefined) return known
    const struct = this.#writer.reserveType()
    this.#tuples.set(key, struct)
    this.#containers.push({ struct, type })
    this.#writer.setType(struct, {
      kind: 'struct',
      fields: type.elems.map((elem) => mutable(this.storageType(elem))),
    })
    return struct
  }

  object(id: number): ObjectLayout {
    const known = this.#objects.get(id)
    if (known) return known
    const parent = this.parentOf(id)?.struct ?? (this.#identified.has(id) ? this.identified : undefined)
    // A family makes the structs of all its members.
    const made = this.#objects.get(id)
    if (made) return made
    const def = this.#module.objects[id]!
    const hasIdentity = this.#identified.has(id)
    const before = hasIdentity ? 1 : 0
    const order = keepsKeyOrder(def) ? before : undefined
    const first = order === undefined ? before : order + 1
    const kept = def.fields.map((_, field) => this.#keptType(id, field))
    const layout = { struct: this.#writer.reserveType(), kept, hasIdentity, order, first }
    this.#objects.set(id, layout)
    const fields = this.#fieldsOf(def, kept)
    for (let i = 0; i < first; i++) fields.unshift(mutable(I32))
    this.#fields.set(id, fields)
    this.#writer.setType(layout.struct, { kind: 'struct', fields, ...(parent !== undefined && { parent }) })
    return layout
  }

  /** What the structs of a family have in common: the fields that lie at the same place in all of them. */
  parentOf(id: number): Parent | undefined {
    const members = this.#families.get(id)
    if (!members) return undefined
    const known = this.#parents.get(members)
    if (known) return known
    const parent = { struct: this.#writer.reserveType(), fieldCount: 0 }
    this.#parents.set(members, parent)
    for (const member of members) this.object(member)
    const fields = commonFields(members.map((member) => this.#fields.get(member)!))
    parent.fieldCount = fields.length
    const above = this.#identified.has(id) && { parent: this.identified }
    this.#writer.setType(parent.struct, { kind: 'struct', open: true, fields, ...above })
    return parent
  }

  /**
   * A field that is always set and may be none is kept as what it is besides: what an unset slot of that type holds is none. So reading
   * `next: Node | null` takes no more than reading a `Node`.
   */
  #keptType(id: number, field: number): Type {
    const { role, fields } = this.#module.objects[id]!
    const { type, optional } = fields[field]!
    const isSet = (role === 'class' || role === 'record') && optional !== true && this.#setFields[id]!.has(field)
    return (isSet && optionalOf(type)?.base) || type
  }

  /** Whether a field is kept as a tag (passes/tags.ts), -1 where it is not set. */
  isTag(field: ObjectDef['fields'][number]): boolean {
    return this.#tags.has(field.name) && mayBeTag(field)
  }

  #fieldsOf(def: ObjectDef, kept: readonly Type[]): FieldType[] {
    if (def.role === 'typed' || def.role === 'buffer') return fieldsOfBytes(this, def)
    const fields = kept.map((type, i) => mutable(this.isTag(def.fields[i]!) ? I32 : this.storageType(type)))
    if (def.role === 'error') fields.push(mutable(I32), mutable(EXTERNREF))
    return fields
  }

  /** The arrays that hold elements of typed arrays. */
  lanes(lane: Lane): number {
    const known = this.#lanes.get(lane)
    if (known !== undefined) return known
    const made = this.#writer.addType({ kind: 'array', elem: mutable(LANES[lane]) })
    this.#lanes.set(lane, made)
    return made
  }

  /** The code type of closures of a func type, and their struct without captures. */
  signature(type: Extract<Type, { kind: 'func' }>): { readonly code: number; readonly struct: number } {
    const key = formatType(type)
    const known = this.#signatures.get(key)
    if (known) return known
    const struct = this.#writer.reserveType()
    const code = this.#writer.reserveType()
    const made = { code, struct }
    this.#signatures.set(key, made)
    this.#writer.setType(code, {
      kind: 'func',
      params: [refNull(this.closure), I32, ...this.valTypes(type.params)],
      results: this.valTypes([type.result]),
    })
    this.#writer.setType(struct, {
      kind: 'struct',
      open: true,
      parent: this.closure,
      fields: [
        { type: I32, mutable: false },
        { type: refNull(code), mutable: false },
      ],
    })
    return made
  }

  /** The struct of closures of one function, with its captures. */
  closureStruct(type: Extract<Type, { kind: 'func' }>, captures: readonly Type[]): number {
    const { code, struct } = this.signature(type)
    const own: FieldType[] = this.valTypes(captures).map((valType) => ({ type: valType, mutable: false }))
    return this.#writer.addType({
      kind: 'struct',
      parent: struct,
      fields: [{ type: I32, mutable: false }, { type: refNull(code), mutable: false }, ...own],
    })
  }

  #cell(content: Type): number {
    const key = formatType(content)
    const known = this.#cells.get(key)
    if (known !== undefined) return known
    const struct = this.#writer.reserveType()
    this.#cells.set(key, struct)
    this.#writer.setType(struct, { kind: 'struct', fields: [mutable(this.storageType(content))] })
    return struct
  }

  #table(type: TableType): number {
    const key = tableKey(type)
    const known = this.#tables.get(key)
    if (known !== undefined) return known
    const head = this.head(this.element(keptAs(keyOf(type))))
    // A key that has such a table has made it by now.
    const made = this.#tables.get(key)
    if (made !== undefined) return made
    const struct = this.#writer.reserveType()
    this.#tables.set(key, struct)
    this.#containers.push({ struct, type })
    const values = type.kind === 'set' ? [] : [refTo(this.array(this.element(type.value)).data)]
    const fields = [...this.#headFields(head.keys), ...values.map(mutable)]
    this.#writer.setType(struct, { kind: 'struct', parent: head.struct, fields })
    return struct
  }

  /** What tables have in common whose keys are kept as such elements. */
  head(keys: Element): TableHead {
    const known = this.#heads.get(keys.name)
    if (known) return known
    const array = this.array(keys)
    const struct = this.#writer.addType({ kind: 'struct', open: true, fields: this.#headFields(array) })
    const made = { struct, keys: array }
    this.#heads.set(keys.name, made)
    return made
  }

  #headFields(keys: ArrayTypes): FieldType[] {
    const types: { readonly [K in Exclude<keyof typeof TABLE, 'values'>]: ValType } = {
      index: refTo(this.ints),
      hashes: refTo(this.ints),
      keys: refTo(keys.data),
      size: I32,
      used: I32,
      head: I32,
      next: F64,
      positions: refNull(this.positions),
      found: I32,
      bare: I32,
      indexed: I32,
    }
    return Object.values(types).map(mutable)
  }

  /** An array of f64, as positions are kept in. */
  get positions(): number {
    return this.array(this.element(FLOAT)).data
  }

  /** An array of strings. */
  get strings(): number {
    return this.array(this.element(STRING)).data
  }

  /** What has been made so far of what the host can meet: arrays and tuples, and objects. */
  get containers(): readonly Container[] {
    return this.#containers
  }

  get objects(): ReadonlyMap<number, ObjectLayout> {
    return this.#objects
  }
}

const mutable = (type: ValType): FieldType => ({ type, mutable: true })
