import type { JsonSchema } from './tool.ts'

type SchemaObject = Exclude<JsonSchema, boolean>

/** A type that says nothing: what a schema permits and types cannot say. */
const UNKNOWN = 'unknown'

/**
 * Writes the types of JSON Schemas (2020-12) as TypeScript. A type may permit more than its schema, never less: values are
 * checked against the schema itself.
 */
export class TypeWriter {
  /** Declarations of named types, in the order in which they were met. */
  readonly declarations: string[] = []
  readonly #names = new Set<string>()
  readonly #references = new Map<unknown, string>()
  #root: JsonSchema = true

  /** Declares a type of this name for a whole schema; references in it (`#/...`) are its own. */
  declare(name: string, schema: JsonSchema): void {
    this.#root = schema
    this.#references.clear()
    this.#references.set(schema, name)
    this.#names.add(name)
    const at = this.declarations.length
    const object = objectOf(schema)
    const text = object
      ? `export interface ${name} ${this.#membersOf(object, name)}`
      : `export type ${name} = ${this.#typeOf(schema, name)}`
    this.declarations.splice(at, 0, text)
  }

  /** `name` is what a type is called that needs a name. */
  #typeOf(schema: JsonSchema, name: string): string {
    if (typeof schema === 'boolean') return UNKNOWN
    if (typeof schema['$ref'] === 'string') return this.#referenceOf(schema['$ref'])
    if ('const' in schema) return literalOf(schema['const'])
    if (Array.isArray(schema['enum'])) return unionOf(schema['enum'].map(literalOf))
    const choices = schema['anyOf'] ?? schema['oneOf']
    if (isSchemas(choices)) return unionOf(choices.map((choice, i) => this.#typeOf(choice, `${name}${i + 1}`)))
    const { type } = schema
    if (Array.isArray(type)) return unionOf(type.map((one) => this.#typeOf({ ...schema, type: one as unknown }, name)))
    if (type === 'string' || type === 'boolean' || type === 'null') return type
    if (type === 'number' || type === 'integer') return 'number'
    if (type === 'array' || (type === undefined && ('items' in schema || 'prefixItems' in schema)))
      return this.#arrayOf(schema, name)
    return this.#objectOrUnknown(schema, name)
  }

  #objectOrUnknown(schema: SchemaObject, name: string): string {
    const object = objectOf(schema)
    if (object) return this.#named(object, name)
    if (schema['type'] !== 'object') return UNKNOWN
    const values = schema['additionalProperties']
    return `Record<string, ${isSchema(values) ? this.#typeOf(values, `${name}Value`) : UNKNOWN}>`
  }

  #named(schema: SchemaObject, wanted: string): string {
    const name = this.#freshName(wanted)
    const at = this.declarations.length
    this.declarations.splice(at, 0, `export interface ${name} ${this.#membersOf(schema, name)}`)
    return name
  }

  #freshName(wanted: string): string {
    let name = wanted
    for (let n = 2; this.#names.has(name); n++) name = `${wanted}${n}`
    this.#names.add(name)
    return name
  }

  #membersOf(schema: SchemaObject, name: string): string {
    const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
    const members = Object.entries(schema['properties'] as Record<string, JsonSchema>).flatMap(([key, member]) => {
      // No object of the language can have it.
      if (key === '__proto__') return []
      const shown = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)
      const type = this.#typeOf(member, `${name}${pascalCase(key)}`)
      return [...commentOf(member, '  '), `  ${shown}${required.includes(key) ? '' : '?'}: ${type}`]
    })
    return ['{', ...members, '}'].join('\n')
  }

  #arrayOf(schema: SchemaObject, name: string): string {
    const { prefixItems, items, minItems } = schema
    if (isSchemas(prefixItems) && items === false && minItems === prefixItems.length)
      return `[${prefixItems.map((item, i) => this.#typeOf(item, `${name}${i + 1}`)).join(', ')}]`
    if (prefixItems !== undefined || !isSchema(items)) return `${UNKNOWN}[]`
    const item = this.#typeOf(items, `${name}Item`)
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`
  }

  #referenceOf(reference: string): string {
    const target = lookUp(this.#root, reference)
    if (target === undefined) return UNKNOWN
    const known = this.#references.get(target)
    if (known !== undefined) return known
    const name = this.#freshName(pascalCase(reference.split('/').at(-1)!))
    this.#references.set(target, name)
    const object = objectOf(target)
    const text = object
      ? `export interface ${name} ${this.#membersOf(object, name)}`
      : `export type ${name} = ${this.#typeOf(target, name)}`
    this.declarations.push(text)
    return name
  }
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
const isSchemas = (value: unknown): value is readonly JsonSchema[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema)

/** A schema of objects with members that are known, which becomes an interface. */
function objectOf(schema: JsonSchema): SchemaObject | undefined {
  if (typeof schema === 'boolean' || (schema['type'] ?? 'object') !== 'object') return undefined
  if (['$ref', 'anyOf', 'oneOf', 'enum', 'const'].some((keyword) => keyword in schema)) return undefined
  const { properties } = schema
  return typeof properties === 'object' && properties !== null && Object.values(properties).every(isSchema)
    ? schema
    : undefined
}

function literalOf(value: unknown): string {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)
    ? JSON.stringify(value)
    : UNKNOWN
}

function unionOf(types: readonly string[]): string {
  return types.includes(UNKNOWN) ? UNKNOWN : [...new Set(types)].join(' | ')
}

/** The schema at `#/$defs/name` (RFC 6901 in a URI fragment). */
function lookUp(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!/^#(\/|$)/.test(reference)) return undefined
  let at: unknown = root
  for (const part of reference.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Readonly<Record<string, unknown>>)[key]
  }
  return isSchema(at) ? at : undefined
}

export function pascalCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(name) ? name : `T${name}`
}

/** The description of a schema as a comment, which it cannot leave. */
export function commentOf(schema: JsonSchema, indent: string): string[] {
  const text = typeof schema === 'object' ? schema['description'] : undefined
  if (typeof text !== 'string' || text.trim() === '') return []
  return [`${indent}/** ${text.trim().replaceAll(/\s+/g, ' ').replaceAll('*/', '*\\/')} */`]
}
