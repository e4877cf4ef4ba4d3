import { create } from '@bufbuild/protobuf'
import type { Module, ObjectDef, Type } from '../../ir/index.ts'
import { formatType, isUnion, keyOf, membersOf } from '../../ir/index.ts'
import { wellFormed } from '../names.ts'
import { TypeDefSchema, TypeFieldSchema, type TypeDef } from '../schema/gen/anrf_pb.ts'

const PRIMITIVES: Readonly<Record<string, string>> = { f64: 'number', bool: 'boolean' }

/**
 * The TypeDefs of a program. Asking for the id of a type adds it and everything it is made of;
 * ids are numbered in the order of asking, so the same program gives the same ids.
 */
export class TypeTable {
  readonly defs: TypeDef[] = []
  readonly #ids = new Map<string, string>()
  readonly #module: Module
  readonly #newId: (prefix: string, name: string) => string

  constructor(module: Module, newId: (prefix: string, name: string) => string) {
    this.#module = module
    this.#newId = newId
  }

  /** The id of a type. A cell is how closures share a variable; its type is that of the variable. */
  idOf(type: Type): string {
    if (type.kind === 'cell') return this.idOf(type.of)
    const key = formatType(type)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#newId('type', this.#idName(type))
    this.#ids.set(key, id)
    // The definition takes its place before those of its parts, which may refer back to it.
    const def = create(TypeDefSchema, { typeId: id, name: wellFormed(this.#nameOf(type)) })
    this.defs.push(def)
    this.#fill(def, type)
    return id
  }

  #fill(def: TypeDef, type: Type): void {
    def.typeKind = 'primitive'
    if (type.kind === 'array') {
      def.typeKind = 'array'
      def.properties['element_type'] = this.idOf(type.elem)
    } else if (type.kind === 'tuple') {
      def.typeKind = 'struct'
      this.#addFields(
        def,
        type.elems.map((t, i) => ({ name: String(i), type: t })),
      )
    } else if (type.kind === 'func') {
      def.typeKind = 'function'
      this.#addFields(
        def,
        type.params.map((t, i) => ({ name: `p${i}`, type: t })),
      )
      def.properties['return_type'] = this.idOf(type.result)
    } else if (isUnion(type) && type.kind !== 'json') {
      def.typeKind = 'union'
      this.#addFields(
        def,
        membersOf(type).map((t) => ({ name: this.#nameOf(t), type: t })),
      )
    } else if (type.kind === 'map' || type.kind === 'set' || type.kind === 'dict') {
      def.typeKind = 'struct'
      def.properties['role'] = type.kind
      if (type.kind !== 'dict') def.properties['key_type'] = this.idOf(keyOf(type))
      if (type.kind !== 'set') def.properties['value_type'] = this.idOf(type.value)
    } else if (type.kind === 'object') {
      def.typeKind = 'struct'
      const object = this.#object(type.id)
      def.properties['role'] = object.role
      this.#addFields(def, object.fields)
    }
  }

  #addFields(
    def: TypeDef,
    fields: readonly { name: string; type: Type; optional?: boolean; hidden?: boolean }[],
  ): void {
    const taken = new Set<string>()
    for (const [i, field] of fields.entries()) {
      // Two members of a union may have one name: classes of different files, objects without a name.
      const plain = wellFormed(field.name)
      const name = taken.has(plain) ? `${plain} #${i}` : plain
      taken.add(name)
      const properties: Record<string, string> = field.hidden === true ? { hidden: 'true' } : {}
      const optional = field.optional ?? false
      def.fields.push(create(TypeFieldSchema, { name, typeId: this.idOf(field.type), optional, properties }))
    }
  }

  #idName(type: Type): string {
    if (type.kind === 'object') return this.#object(type.id).name
    return PRIMITIVES[type.kind] ?? type.kind
  }

  /** As TypeScript writes it, with the names of classes; no deeper than a few levels, the fields say the rest. */
  #nameOf(type: Type, depth = 0): string {
    const name = (t: Type): string => (depth > 3 ? '…' : this.#nameOf(t, depth + 1))
    switch (type.kind) {
      case 'array':
        return type.elem.kind === 'union' || type.elem.kind === 'nested' || type.elem.kind === 'func'
          ? `(${name(type.elem)})[]`
          : `${name(type.elem)}[]`
      case 'tuple':
        return `[${type.elems.map(name).join(', ')}]`
      case 'func':
        return `(${type.params.map((p, i) => `p${i}: ${name(p)}`).join(', ')}) => ${name(type.result)}`
      case 'map':
        return `Map<${name(type.key)}, ${name(type.value)}>`
      case 'set':
        return `Set<${name(type.elem)}>`
      case 'dict':
        return `Record<string, ${name(type.value)}>`
      case 'union':
      case 'nested':
        return type.members.map((m) => (m.kind === 'func' ? `(${name(m)})` : name(m))).join(' | ')
      case 'cell':
        return name(type.of)
      case 'object':
        return this.#object(type.id).name || 'object'
      default:
        return PRIMITIVES[type.kind] ?? type.kind
    }
  }

  #object(id: number): ObjectDef {
    const object = this.#module.objects[id]
    if (!object) throw new Error(`the module has no object definition ${id}`)
    return object
  }
}
