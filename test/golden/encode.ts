import type { Encoded } from '../../src/base/index.ts'

/** Constructors of typed arrays. */
const isTypedName = (name: string): boolean => /^(Uint8Clamped|(Big)?(Int|Uint|Float)\d+)Array$/.test(name)

const DEPTH_MAX = 200

/** A JavaScript value of the oracle process in the tagged JSON form that `src/base/encoded.ts` describes. */
export function encodeValue(value: unknown, enclosing: readonly object[] = []): Encoded {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return encodeNumber(value)
    case 'undefined':
    case 'function':
      return { $: typeof value }
    case 'bigint':
      return { $: 'bigint', v: String(value) }
    case 'symbol':
      return { $: 'symbol', v: String(value.description) }
    case 'object':
      return value === null ? null : encodeObject(value, enclosing)
  }
}

function encodeNumber(value: number): Encoded {
  if (Object.is(value, -0)) return { $: '-0' }
  return Number.isFinite(value) ? value : { $: String(value) }
}

function encodeObject(value: object, enclosing: readonly object[]): Encoded {
  const at = enclosing.indexOf(value)
  if (at >= 0) return { $: 'ref', v: enclosing.length - 1 - at }
  if (enclosing.length > DEPTH_MAX) return { $: 'deep' }
  const inside = [...enclosing, value]
  if (Array.isArray(value)) return encodeArray(value, inside)
  if (value instanceof Map) return { $: 'Map', v: [...value].map((pair) => pair.map((x) => encodeValue(x, inside))) }
  if (value instanceof Set) return { $: 'Set', v: [...value].map((x) => encodeValue(x, inside)) }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return encodeBytes(value)
  if (value instanceof Date) return { $: 'Date', v: encodeValue(value.getTime()) }
  if (value instanceof Error) return { $: 'Error', name: value.name, message: value.message }
  const fields = Object.fromEntries(Object.entries(value).map(([key, x]) => [key, encodeValue(x, inside)]))
  const name = classOf(value)
  if (name !== 'Object') return { $: 'class', n: name, v: fields }
  return '$' in fields ? { $: 'obj', v: fields } : fields
}

/** The name of the first class of a value that has one, as console.log shows it; empty where the value is of classes without a name alone. */
function classOf(value: object): string {
  const own = (Object.getPrototypeOf(value) as object | null)?.constructor
  if (!own || own === Object) return 'Object'
  for (let of: unknown = own; typeof of === 'function' && of !== Function.prototype; of = Object.getPrototypeOf(of))
    if (of.name !== '') return of.name
  return ''
}

function encodeArray(value: readonly unknown[], inside: readonly object[]): Encoded {
  // A hole is told from an element that is undefined, so the loop goes by index and not by iterator.
  const items: Encoded[] = []
  for (let i = 0; i < value.length; i++) items.push(i in value ? encodeValue(value[i], inside) : { $: 'hole' })
  return items
}

const SPECIAL: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
  undefined,
}

/** The value that `encoded` stands for. Throws on tags that arguments cannot have (functions, classes). */
export function decodeValue(encoded: Encoded): unknown {
  if (isList(encoded)) return decodeArray(encoded)
  if (encoded === null || typeof encoded !== 'object') return encoded
  const tag = encoded['$']
  if (tag === undefined) return decodeFields(encoded)
  if (tag === 'obj') return decodeFields(encoded['v'] as { readonly [key: string]: Encoded })
  if (typeof tag === 'string' && tag in SPECIAL) return SPECIAL[tag]
  if (tag === 'Map' || tag === 'Set') return decodeTable(tag, encoded['v'] as readonly Encoded[])
  if (typeof tag === 'string' && isTypedName(tag)) return decodeTyped(tag, encoded['v'] as readonly Encoded[])
  if (tag === 'bigint') return BigInt(encoded['v'] as string)
  throw new Error(`an argument cannot be tagged ${JSON.stringify(tag)}`)
}

type Listed = { from(list: readonly unknown[]): unknown }

/** A typed array by the name of its constructor. */
function decodeTyped(name: string, items: readonly Encoded[]): unknown {
  return (globalThis as unknown as Record<string, Listed>)[name]!.from(items.map((item) => decodeValue(item)))
}

function decodeTable(tag: 'Map' | 'Set', items: readonly Encoded[]): unknown {
  const values = items.map((item) => decodeValue(item))
  return tag === 'Map' ? new Map(values as [unknown, unknown][]) : new Set(values)
}

const isList = (encoded: Encoded): encoded is readonly Encoded[] => Array.isArray(encoded)

const decodeFields = (fields: { readonly [key: string]: Encoded }): unknown =>
  Object.fromEntries(Object.entries(fields).map(([key, x]) => [key, decodeValue(x)]))

function decodeArray(items: readonly Encoded[]): unknown[] {
  const array = new Array<unknown>(items.length)
  items.forEach((item, i) => {
    const isHole = item !== null && typeof item === 'object' && !isList(item) && item['$'] === 'hole'
    if (!isHole) array[i] = decodeValue(item)
  })
  return array
}

/** Typed arrays by their elements, DataView and ArrayBuffer by their bytes. */
function encodeBytes(value: ArrayBufferView | ArrayBuffer): Encoded {
  const isBuffer = value instanceof ArrayBuffer
  const elements =
    value instanceof DataView || isBuffer
      ? new Uint8Array(isBuffer ? value : value.buffer, isBuffer ? 0 : value.byteOffset, value.byteLength)
      : (value as unknown as Iterable<number>)
  return { $: value.constructor.name, v: Array.from(elements, encodeValue) }
}
