import type { Encoded } from '../base/index.ts'
import { formatType, membersOf, type Module, type Type } from '../ir/index.ts'

/** A JSON Schema (2020-12) as plain JSON. */
export type JsonSchema = { readonly [key: string]: Encoded }

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** The schema of the inputs of an entry: an object keyed by parameter name. Throws when there is no such entry. */
export function inputSchema(module: Module, entryName: string): JsonSchema {
  const entry = module.entries.find(({ name }) => name === entryName)
  if (!entry) throw new Error(`no entry ${entryName}`)
  const writer = new SchemaWriter(module)
  const properties = entry.params.map(({ name, type }) => [name, writer.of(type)] as const)
  const required = entry.params.filter(({ optional }) => !optional).map(({ name }) => name)
  return {
    $schema: DIALECT,
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
    ...writer.definitions(),
  }
}

/** The schema of the values of a type. Numbers that JSON cannot hold are tagged, see `Encoded`; the schema leaves that out. */
export function typeSchema(module: Module, type: Type): JsonSchema {
  const writer = new SchemaWriter(module)
  return { $schema: DIALECT, ...writer.of(type), ...writer.definitions() }
}

class SchemaWriter {
  readonly #module: Module
  /** Schemas of objects by definition, since they may be recursive. */
  readonly #objects = new Map<number, JsonSchema>()
  /** Those of nested unions by their text. */
  readonly #nested = new Map<string, { readonly name: string; schema: JsonSchema }>()

  constructor(module: Module) {
    this.#module = module
  }

  definitions(): JsonSchema {
    if (this.#objects.size + this.#nested.size === 0) return {}
    const ids = [...this.#objects.keys()].sort((a, b) => a - b)
    const objects = ids.map((id) => [`object${id}`, this.#objects.get(id)!] as const)
    const nested = [...this.#nested.values()].map(({ name, schema }) => [name, schema] as const)
    return { $defs: Object.fromEntries([...objects, ...nested]) }
  }

  of(type: Type): JsonSchema {
    switch (type.kind) {
      case 'f64':
        return { type: 'number' }
      case 'i32':
        return { type: 'integer' }
      case 'bool':
        return { type: 'boolean' }
      case 'bigint':
        return {
          type: 'object',
          properties: { $: { const: 'bigint' }, v: { type: 'string', pattern: '^(0|-?[1-9][0-9]*)$' } },
          required: ['$', 'v'],
        }
      case 'string':
      case 'null':
        return { type: type.kind }
      case 'array':
        return { type: 'array', items: this.of(type.elem) }
      case 'tuple':
        return {
          type: 'array',
          prefixItems: type.elems.map((t) => this.of(t)),
          items: false,
          minItems: type.elems.length,
        }
      case 'object':
        return this.#object(type.id)
      case 'dict':
        return { type: 'object', additionalProperties: this.of(type.value) }
      case 'map':
        return tagged('Map', {
          type: 'array',
          prefixItems: [this.of(type.key), this.of(type.value)],
          items: false,
          minItems: 2,
        })
      case 'set':
        return tagged('Set', this.of(type.elem))
      case 'union':
        return this.#union(type.members)
      case 'nested':
        return this.#nestedUnion(type)
      case 'undefined':
        return { type: 'object', properties: { $: { const: 'undefined' } }, required: ['$'] }
      default:
        return {}
    }
  }

  #union(members: readonly Type[]): JsonSchema {
    const given = members.filter((m) => m.kind !== 'undefined').map((m) => this.of(m))
    return given.length === 1 && given[0] ? given[0] : { anyOf: given }
  }

  #nestedUnion(type: Type): JsonSchema {
    const text = formatType(type)
    const known = this.#nested.get(text)
    const kept = known ?? { name: `nested${this.#nested.size}`, schema: {} }
    if (!known) {
      this.#nested.set(text, kept)
      kept.schema = this.#union(membersOf(type))
    }
    return { $ref: `#/$defs/${kept.name}` }
  }

  #object(id: number): JsonSchema {
    const { role, name } = this.#module.objects[id]
    if (role === 'typed') return tagged(name, { type: 'number' })
    const reference = { $ref: `#/$defs/object${id}` }
    if (this.#objects.has(id)) return reference
    this.#objects.set(id, {})
    const def = this.#module.objects[id]
    this.#objects.set(id, {
      ...(def.name !== '' && { title: def.name }),
      type: 'object',
      properties: Object.fromEntries(def.fields.map(({ name, type }) => [name, this.of(type)])),
      required: def.fields.filter(({ optional }) => optional !== true).map(({ name }) => name),
      additionalProperties: false,
    })
    return reference
  }
}

/** A Map or Set, see `Encoded`. */
function tagged(tag: string, item: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { $: { const: tag }, v: { type: 'array', items: item } },
    required: ['$', 'v'],
  }
}
