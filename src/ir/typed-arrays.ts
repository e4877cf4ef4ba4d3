import type { ObjectDef } from './module.ts'

/** How an element lies in memory: its bytes, how it is read from them, and what integers it may be (`lo` to `hi`; none: it is a float). */
export type ElementType = {
  readonly size: 1 | 2 | 4 | 8
  readonly lo: number
  readonly hi: number
  readonly whole: boolean
}

const integer = (size: 1 | 2 | 4, signed: boolean): ElementType => {
  const values = 2 ** (8 * size)
  return { size, lo: signed ? -values / 2 : 0, hi: (signed ? values / 2 : values) - 1, whole: true }
}
const float = (size: 4 | 8): ElementType => ({ size, lo: -Infinity, hi: Infinity, whole: false })

/** The typed arrays by the names of their constructors (ECMA-262 23.2, table 71). A DataView (25.3) has bytes. */
export const TYPED_ARRAYS = {
  Int8Array: integer(1, true),
  Uint8Array: integer(1, false),
  Uint8ClampedArray: integer(1, false),
  Int16Array: integer(2, true),
  Uint16Array: integer(2, false),
  Int32Array: integer(4, true),
  Uint32Array: integer(4, false),
  Float32Array: float(4),
  Float64Array: float(8),
  DataView: integer(1, false),
} as const satisfies Record<string, ElementType>

export type TypedName = keyof typeof TYPED_ARRAYS

export function isTypedName(name: string): name is TypedName {
  return Object.hasOwn(TYPED_ARRAYS, name)
}

/** The element type of the typed arrays of a definition, or of a name. */
export function elementTypeOf(of: ObjectDef | string): ElementType {
  const name = typeof of === 'string' ? of : of.name
  if (!isTypedName(name)) throw new Error(`${name} is no typed array`)
  return TYPED_ARRAYS[name]
}

/**
 * Where the elements are. `own`: in a storage of its own, which no other array shares. `window`: in a part of a storage whose other
 * users are of the same definition. `view`: in the bytes of an ArrayBuffer that the program sees.
 */
export type TypedStorage = 'own' | 'window' | 'view'

/** By storage, the fields that say where in it the elements are: `#offset` in elements or bytes, `#length` in elements, `#buffer`. */
const FIELDS: Readonly<Record<TypedStorage, readonly string[]>> = {
  own: [],
  window: ['#offset', '#length'],
  view: ['#offset', '#length', '#buffer'],
}

/** The storage that the fields of a definition stand for. */
export function storageOf({ fields }: ObjectDef): TypedStorage {
  return fields.length === 0 ? 'own' : fields.length === 2 ? 'window' : 'view'
}

/** Whether a definition with the role `typed` is as it must be: see {@link TypedStorage}. */
export function isTypedObject(def: ObjectDef, objects: readonly ObjectDef[]): boolean {
  const names = FIELDS[storageOf(def)]
  return (
    isTypedName(def.name) &&
    def.fields.length === names.length &&
    def.fields.every(({ name, type, hidden }, i) => {
      const isBuffer = type.kind === 'object' && objects[type.id]?.role === 'buffer'
      return hidden === true && name === names[i] && (i < 2 ? type.kind === 'f64' : isBuffer)
    }) &&
    (def.name !== 'DataView' || storageOf(def) === 'view')
  )
}

/** A typed array takes fewer bytes than this; one that would take more ends the run, as memory does. */
export const TYPED_BYTES_MAX = 2 ** 30 - 1
