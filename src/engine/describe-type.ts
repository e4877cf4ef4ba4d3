import { membersOf, type Module, type ObjectDef, type Type } from '../ir/index.ts'

/** Objects in objects that are written out. */
const NESTING_MAX = 2

/** A type as TypeScript writes it, for people. Records without a name are written out. */
export function describeType(module: Module, type: Type, nesting = 0): string {
  const inner = (t: Type): string => describeType(module, t, nesting)
  switch (type.kind) {
    case 'f64':
    case 'i32':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'array': {
      const elem = inner(type.elem)
      return membersOf(type.elem).length > 1 || type.elem.kind === 'func' ? `(${elem})[]` : `${elem}[]`
    }
    case 'tuple':
      return `[${type.elems.map(inner).join(', ')}]`
    case 'object':
      return describeObject(module, module.objects[type.id], nesting)
    case 'func':
      return `(${type.params.map((t, i) => `${String.fromCharCode(97 + (i % 26))}: ${inner(t)}`).join(', ')}) => ${inner(type.result)}`
    case 'cell':
      return inner(type.of)
    case 'map':
      return `Map<${inner(type.key)}, ${inner(type.value)}>`
    case 'set':
      return `Set<${inner(type.elem)}>`
    case 'dict':
      return `Record<string, ${inner(type.value)}>`
    case 'json':
      return 'any'
    case 'union':
    case 'nested':
      return type.members.map(inner).join(' | ')
    default:
      return type.kind
  }
}

function describeObject(module: Module, def: ObjectDef, nesting: number): string {
  if (/^[A-Za-z_$][\w$]*$/.test(def.name)) return def.name
  if (nesting >= NESTING_MAX) return '{ ... }'
  const fields = def.fields.map(
    ({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${describeType(module, type, nesting + 1)}`,
  )
  return `{ ${fields.join('; ')} }`
}

/** A JSON value as people say it, cut short. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${shorten(JSON.stringify(value))}`
    case 'number':
      return `the number ${value}`
    case 'boolean':
      return String(value)
    case 'undefined':
      return 'undefined'
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
      return describeKeys(Object.keys(value))
    default:
      return `a ${typeof value}`
  }
}

function describeKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'an empty object'
  return `an object with ${shorten(keys.slice(0, 8).join(', '))}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
