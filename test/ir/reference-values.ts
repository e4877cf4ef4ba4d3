import type { Encoded, LimitName, TrapName } from '../../src/base/index.ts'
import { bigintLength, type Module } from '../../src/ir/index.ts'
import { RefTable } from './reference-table.ts'
import { bytesOf } from './reference-typed.ts'

/** The absence of a value: of a global, a cell or a local that was not set. */
export const UNSET: unique symbol = Symbol('unset')

/** An object: its fields by number, in the order in which they were set. */
export class Instance {
  readonly id: number
  readonly fields = new Map<number, unknown>()
  /** Built-in kind of an Error. */
  readonly errorKind: string | undefined
  /** Its definition has the role `symbol`. */
  isSymbol = false
  /** What its text says that it is. */
  tag = 'Object'

  constructor(id: number, errorKind?: string) {
    this.id = id
    this.errorKind = errorKind
  }
}

/** An ArrayBuffer: its bytes. */
export class RefBuffer extends Instance {
  readonly bytes: number[]

  constructor(id: number, bytes: number[]) {
    super(id)
    this.bytes = bytes
  }
}

/** A typed array or DataView over bytes. */
export class RefTyped extends Instance {
  readonly name: string
  readonly buffer: RefBuffer
  readonly offset: number
  readonly length: number

  constructor(id: number, name: string, buffer: RefBuffer, offset: number, length: number) {
    super(id)
    this.name = name
    this.buffer = buffer
    // These are integers, of which -0 is none.
    this.offset = offset + 0
    this.length = length + 0
  }
}

export class Closure {
  readonly func: number
  readonly captures: readonly unknown[]

  constructor(func: number, captures: readonly unknown[]) {
    this.func = func
    this.captures = captures
  }
}

export class Cell {
  value: unknown = UNSET
}

/** What the program threw. */
export class Thrown {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

export class Trap {
  readonly trap: TrapName

  constructor(trap: TrapName) {
    this.trap = trap
  }
}

export class Limit {
  readonly limit: LimitName

  constructor(limit: LimitName) {
    this.limit = limit
  }
}

/** Control on its way to a label or out of the function. */
export class Jump {
  readonly kind: 'break' | 'continue' | 'return'
  readonly label: number
  readonly value: unknown

  constructor(kind: Jump['kind'], label: number, value: unknown) {
    this.kind = kind
    this.label = label
    this.value = value
  }
}

export function makeError(kind: string, message: string, def = 0): Instance {
  const error = new Instance(def, kind)
  error.fields.set(0, kind)
  error.fields.set(1, message)
  return error
}

export function lengthOf(value: unknown): number {
  if (typeof value === 'bigint') return bigintLength(value)
  if (value instanceof RefTyped) return value.length
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0
}

/** ToString, as `dyn.to_string` has it. */
export function textOf(value: unknown, around: readonly unknown[] = []): string {
  if (value instanceof Closure || (value instanceof Instance && value.isSymbol)) throw new Trap('type-mismatch')
  if (Array.isArray(value)) return joined(value, ',', around)
  if (value instanceof RefTable && value.bare) throw new Trap('type-mismatch')
  if (value instanceof RefTable)
    return { map: '[object Map]', set: '[object Set]', dict: '[object Object]' }[value.kind]
  if (!(value instanceof Instance)) return String(value)
  const bytes = bytesOf(value)
  if (bytes)
    return value instanceof RefTyped && bytes.name !== 'DataView' ? bytes.elements.join() : `[object ${bytes.name}]`
  if (value.errorKind === undefined) return `[object ${value.tag}]`
  const [name, message] = [value.fields.get(0) as string, value.fields.get(1) as string]
  return [name, message].filter((part) => part !== '').join(': ')
}

/** The tag of objects of the library, which have only hidden fields: a name with `[...]` in it, or of an iterator, or one of three. */
export function tagOfDefinition({ role, name, fields }: Module['objects'][number]): string {
  if (role !== 'class' || fields.some((field) => field.hidden !== true)) return 'Object'
  const inBrackets = name.startsWith('Object [') && name.endsWith(']')
  if (inBrackets) return name.slice('Object ['.length, -1)
  const [first = '', second, ...rest] = name.split(' ')
  if (second === 'Iterator' && rest.length === 0 && /^\w+$/.test(first)) return name
  return ['Promise', 'TextEncoder', 'TextDecoder'].includes(name) ? name : 'Object'
}

/** Array.prototype.join; an array inside itself gives nothing. */
export function joined(list: readonly unknown[], separator: string, around: readonly unknown[] = []): string {
  if (around.includes(list)) return ''
  const parts = Array.from(list, (value) =>
    value === undefined || value === null ? '' : textOf(value, [...around, list]),
  )
  return parts.join(separator)
}

/**
 * Numbers of the present fields that are not hidden, in the order of their keys. spec: types#the-order-of-keys. Instances
 * of classes and errors have those first that are certain, in the order of the class, which gives them all before its constructor's body runs.
 */
export function keysOf(module: Module, object: Instance): number[] {
  const { fields, role } = module.objects[object.id]!
  const set = [...object.fields.keys()].filter((i) => !fields[i]!.hidden)
  const last = role === 'record' ? -1 : fields.findLastIndex(({ hidden, optional }) => !hidden && !optional)
  const shown = [...set.filter((i) => i <= last).sort((a, b) => a - b), ...set.filter((i) => i > last)]
  const isIndex = (i: number): boolean => {
    const { name } = fields[i]!
    return String(Number(name) >>> 0) === name && name !== '4294967295'
  }
  const first = shown.filter(isIndex).sort((a, b) => Number(fields[a]!.name) - Number(fields[b]!.name))
  return [...first, ...shown.filter((i) => !isIndex(i))]
}

/** A value as the host has it: what it holds, who is whom, and the names of classes. */
export function hostOf(module: Module, value: unknown, known = new Map<unknown, unknown>()): unknown {
  if (value instanceof Closure) return () => undefined
  if (known.has(value)) return known.get(value)
  if (value instanceof RefTable) return hostTable(module, value, known)
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length)
    known.set(value, list)
    value.forEach((element, i) => (list[i] = hostOf(module, element, known)))
    return list
  }
  if (!(value instanceof Instance)) return value
  const bytes = bytesOf(value)
  if (bytes) return hostBytes(value, bytes)
  const { role, name, fields } = module.objects[value.id]!
  if (role === 'date') return new Date(value.fields.get(0) as number)
  if (role === 'symbol') return Symbol(value.fields.get(0) as string | undefined)
  // A function that is the value of a property has the name of the property.
  const named = { [name]: function () {} }
  const made = (role !== 'class' && role !== 'error' ? {} : Reflect.construct(named[name]!, [])) as object
  known.set(value, made)
  for (const i of keysOf(module, value)) {
    const of = hostOf(module, value.fields.get(i), known)
    Object.defineProperty(made, fields[i]!.name, { value: of, enumerable: true })
  }
  return made
}

/** Typed arrays have their elements as JSON and equality see them; the others nothing. */
function hostBytes(value: Instance, { name, elements }: NonNullable<ReturnType<typeof bytesOf>>): object {
  const bytes = Uint8Array.from(value instanceof RefTyped ? value.buffer.bytes : elements)
  if (value instanceof RefBuffer) return bytes.buffer
  if (name === 'DataView' && value instanceof RefTyped) return new DataView(bytes.buffer, value.offset, value.length)
  const made = (globalThis as unknown as Record<string, { from(list: readonly number[]): object }>)[name]!
  return made.from(elements)
}

function hostTable(module: Module, table: RefTable, known: Map<unknown, unknown>): object {
  const on = (value: unknown): unknown => hostOf(module, value, known)
  if (table.kind === 'dict') {
    const made = (table.bare ? Object.create(null) : {}) as object
    known.set(table, made)
    return Object.assign(made, table.toObject(on))
  }
  const made = table.kind === 'map' ? new Map() : new Set()
  known.set(table, made)
  for (const { key, value } of table.entries)
    if (made instanceof Map) made.set(on(key), on(value))
    else made.add(on(key))
  return made
}

/** A value as `Encoded` in base/encoded.ts says. */
export function encodeReference(module: Module, value: unknown, around: readonly unknown[] = []): Encoded {
  if (value === undefined) return { $: 'undefined' }
  if (typeof value === 'number')
    return Object.is(value, -0) ? { $: '-0' } : Number.isFinite(value) ? value : { $: String(value) }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
  if (value instanceof Closure) return { $: 'function' }
  const outer = around.lastIndexOf(value)
  if (outer >= 0) return { $: 'ref', v: around.length - 1 - outer }
  if (around.length > 200) return { $: 'deep' }
  const on = (inner: unknown): Encoded => encodeReference(module, inner, [...around, value])
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, i) => (i in value ? on(value[i]) : { $: 'hole' }))
  if (value instanceof RefTable) {
    const tag = value.kind === 'map' ? 'Map' : 'Set'
    if (value.kind !== 'dict')
      return { $: tag, v: value.entries.map((e) => (tag === 'Map' ? [on(e.key), on(e.value)] : on(e.key))) }
    const plain = value.toObject(on) as { readonly [key: string]: Encoded }
    return Object.hasOwn(plain, '$') ? { $: 'obj', v: plain } : plain
  }
  if (!(value instanceof Instance)) throw new Error('this is no value')
  if (value.errorKind !== undefined)
    return { $: 'Error', name: value.fields.get(0) as string, message: value.fields.get(1) as string }
  const bytes = bytesOf(value)
  if (bytes) return { $: bytes.name, v: bytes.elements.map(on) }
  const { role, name, fields } = module.objects[value.id]!
  if (role === 'symbol') return { $: 'symbol', v: String(value.fields.get(0)) }
  const entries = keysOf(module, value).map((i) => [fields[i]!.name, on(value.fields.get(i))] as const)
  const plain = Object.fromEntries(entries)
  if (role === 'class') return { $: 'class', n: name, v: plain }
  return '$' in plain ? { $: 'obj', v: plain } : plain
}
