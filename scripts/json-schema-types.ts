/** A JSON Schema as far as the routes of the service use it. */
export type JsonSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly required?: readonly string[]
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly description?: string
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** The TypeScript type of the values that a schema accepts, or of more of them where TypeScript cannot say it. */
export function typeOf(schema: JsonSchema): string {
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(part).join(' | ')
  if (schema.allOf) return schema.allOf.map(part).join(' & ')
  if (schema.type === 'array') return arrayType(schema)
  if (schema.type === 'object') return objectType(schema)
  return PLAIN[schema.type ?? ''] ?? 'unknown'
}

function arrayType({ items }: JsonSchema): string {
  if (Array.isArray(items)) return `readonly [${items.map((item: JsonSchema) => typeOf(item)).join(', ')}]`
  return `readonly ${items ? part(items as JsonSchema) : 'unknown'}[]`
}

/** A type as part of another one. */
function part(schema: JsonSchema): string {
  const type = typeOf(schema)
  return /^\{[^]*\}$|^[\w"]+$/.test(type) && !/\} [|&] \{/.test(type) ? type : `(${type})`
}

function objectType({ properties, required = [], patternProperties, additionalProperties }: JsonSchema): string {
  if (properties) {
    const members = Object.entries(properties).map(([name, schema]) => {
      const text = schema.description === undefined ? '' : `/** ${schema.description.replaceAll('*/', '*\\/')} */ `
      return text + memberOf(name, typeOf(schema), required.includes(name))
    })
    return `{ ${members.join('; ')} }`
  }
  const [other] = Object.values(patternProperties ?? {})
  const values = other ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  return `{ readonly [name: string]: ${values ? typeOf(values) : 'unknown'} }`
}

/** A member of an object type. One that may be absent may be `undefined` too: JSON has no such value. */
export function memberOf(name: string, type: string, isRequired: boolean): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
  return `readonly ${key}${isRequired ? '' : '?'}: ${type}${isRequired ? '' : ' | undefined'}`
}
