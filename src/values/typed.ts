import { elementTypeOf, storageOf, TYPED_ARRAYS, type ObjectDef, type TypedName } from '../ir/index.ts'
import type { Layout } from './layout.ts'
import { Instance } from './value.ts'

/** The host's typed arrays, which hold the elements; those of a DataView are its bytes. */
export type Elements =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint8ClampedArray<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

type Constructor = new (buffer: ArrayBuffer, offset?: number, length?: number) => Elements

const CONSTRUCTORS: { readonly [K in TypedName]: Constructor } = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  DataView: Uint8Array,
}

/** Elements of the definition over bytes of a buffer: all of it, or so many from an offset in bytes on. */
export function elementsOver(def: ObjectDef, buffer: ArrayBuffer, offset?: number, length?: number): Elements {
  return new CONSTRUCTORS[def.name as TypedName](buffer, offset, length)
}

/** An ArrayBuffer. */
export class BufferInstance extends Instance {
  readonly bytes: ArrayBuffer

  constructor(layout: Layout, bytes: ArrayBuffer) {
    super(layout, layout.root, [], [])
    this.bytes = bytes
  }

  override toString(): string {
    return '[object ArrayBuffer]'
  }
}

/** A typed array or DataView; `buffer` where the program may see it. */
export class TypedInstance extends Instance {
  readonly elements: Elements
  readonly buffer: BufferInstance | undefined

  constructor(layout: Layout, elements: Elements, buffer?: BufferInstance) {
    super(layout, layout.root, [], [])
    this.elements = elements
    this.buffer = buffer
  }

  override toString(): string {
    return this.layout.def.name === 'DataView' ? '[object DataView]' : this.elements.join()
  }
}

/** A typed array of so many zeros, in a buffer of its own. */
export function newTyped(layout: Layout, length: number, layouts: readonly Layout[]): TypedInstance {
  const bytes = new ArrayBuffer(length * elementTypeOf(layout.def).size)
  const shown = layout.def.fields[2]?.type
  const buffer = shown?.kind === 'object' ? new BufferInstance(layouts[shown.id]!, bytes) : undefined
  return new TypedInstance(layout, elementsOver(layout.def, bytes), buffer)
}

/** What the host prints and writes as the program's value: a copy, or a view of the copy of its buffer. */
export function hostTyped(
  { layout: { def }, elements }: TypedInstance,
  buffer: ArrayBuffer | undefined,
): Elements | DataView {
  if (def.name === 'DataView' && buffer) return new DataView(buffer, elements.byteOffset, elements.byteLength)
  return buffer ? elementsOver(def, buffer, elements.byteOffset, elements.length) : elements.slice()
}

/** Whether the program sees the bytes of a float's elements, of which NaN must always be the same. */
export const showsBits = ({ layout: { def } }: TypedInstance): boolean =>
  storageOf(def) === 'view' && !TYPED_ARRAYS[def.name as TypedName].whole

/** Stores NaN by its one bit pattern: of what the host computes, engines differ in it. */
export function storeNaN(elements: Elements, index: number): void {
  const { BYTES_PER_ELEMENT: size, buffer, byteOffset } = elements
  const bytes = new Uint8Array(buffer, byteOffset + index * size, size)
  bytes.fill(0)
  if (size === 8) bytes.set([0xf8, 0x7f], 6)
  else bytes.set([0xc0, 0x7f], 2)
}
