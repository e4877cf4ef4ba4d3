import { typed_index, typed_position, type ArrayBuffer, type DataView, type Typed } from './typed.ts'

// What buffers and views of them do, in terms of operations of the IR.

declare function typedCopy(to: Typed, from: Typed, at: number, start: number): void
declare function bufferLike(of: ArrayBuffer, length: number): ArrayBuffer
declare function bufferLength(of: ArrayBuffer): number
/** All bytes of a buffer. */
declare function bufferBytes(of: ArrayBuffer): Typed
declare function byteAt(view: DataView, index: number): number
declare function setByte(view: DataView, index: number, value: number): void
declare function viewLength(view: DataView): number
declare function lowBits(value: number): number
declare function highBits(value: number): number
declare function fromBits(low: number, high: number): number
declare function singleBits(value: number): number
declare function fromSingleBits(bits: number): number

// ArrayBuffer (25.1.6).

export function buffer_slice(self: ArrayBuffer, start: number, end: number): ArrayBuffer {
  const length = bufferLength(self)
  const from = typed_position(start, length)
  const to = typed_position(end, length)
  const out = bufferLike(self, Math.max(to - from, 0))
  if (from < to) typedCopy(bufferBytes(out), bufferBytes(self), 0, from)
  return out
}

// DataView (25.3). Bytes are put together one by one.

/** What DataView takes of a buffer: an offset, and the length from there on. */
export function view_offset(byteLength: number, offset: number): number {
  if (offset < 0 || offset > byteLength)
    throw new RangeError(`Start offset ${offset} is outside the bounds of the buffer`)
  return offset
}

export function view_length(byteLength: number, offset: number, length: number): number {
  if (length < 0 || offset + length > byteLength) throw new RangeError(`Invalid DataView length ${length}`)
  return length
}

/** Where so many bytes begin that must all be there (25.3.1.1). */
function view_place(view: DataView, index: number, size: number): number {
  const at = typed_index(index)
  if (at < 0 || at + size > viewLength(view)) throw new RangeError('Offset is outside the bounds of the DataView')
  return at
}

/** The integer that bytes are, unsigned. */
function view_read(view: DataView, at: number, size: number, littleEndian: boolean): number {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + byteAt(view, littleEndian ? at + size - 1 - i : at + i)
  return value
}

function view_write(view: DataView, at: number, size: number, value: number, littleEndian: boolean): void {
  let bits = value
  for (let i = 0; i < size; i++) {
    setByte(view, littleEndian ? at + i : at + size - 1 - i, bits & 255)
    bits = bits >>> 8
  }
}

export function view_getUint8(self: DataView, index: number): number {
  return byteAt(self, view_place(self, index, 1))
}

export function view_getInt8(self: DataView, index: number): number {
  return (view_getUint8(self, index) << 24) >> 24
}

export function view_getUint16(self: DataView, index: number, littleEndian: boolean): number {
  return view_read(self, view_place(self, index, 2), 2, littleEndian)
}

export function view_getInt16(self: DataView, index: number, littleEndian: boolean): number {
  return (view_getUint16(self, index, littleEndian) << 16) >> 16
}

export function view_getUint32(self: DataView, index: number, littleEndian: boolean): number {
  return view_read(self, view_place(self, index, 4), 4, littleEndian)
}

export function view_getInt32(self: DataView, index: number, littleEndian: boolean): number {
  return view_getUint32(self, index, littleEndian) | 0
}

export function view_getFloat32(self: DataView, index: number, littleEndian: boolean): number {
  return fromSingleBits(view_getUint32(self, index, littleEndian))
}

export function view_getFloat64(self: DataView, index: number, littleEndian: boolean): number {
  const at = view_place(self, index, 8)
  const first = view_read(self, at, 4, littleEndian)
  const second = view_read(self, at + 4, 4, littleEndian)
  return littleEndian ? fromBits(first, second) : fromBits(second, first)
}

export function view_getBigUint64(self: DataView, index: number, littleEndian: boolean): bigint {
  const at = view_place(self, index, 8)
  const first = BigInt(view_read(self, at, 4, littleEndian))
  const second = BigInt(view_read(self, at + 4, 4, littleEndian))
  return littleEndian ? (second << 32n) | first : (first << 32n) | second
}

export function view_getBigInt64(self: DataView, index: number, littleEndian: boolean): bigint {
  return BigInt.asIntN(64, view_getBigUint64(self, index, littleEndian))
}

export function view_setInt8(self: DataView, index: number, value: number): void {
  view_put(self, index, 1, value, false)
}

export function view_setUint8(self: DataView, index: number, value: number): void {
  view_put(self, index, 1, value, false)
}

export function view_setInt16(self: DataView, index: number, value: number, littleEndian: boolean): void {
  view_put(self, index, 2, value, littleEndian)
}

export function view_setUint16(self: DataView, index: number, value: number, littleEndian: boolean): void {
  view_put(self, index, 2, value, littleEndian)
}

export function view_setInt32(self: DataView, index: number, value: number, littleEndian: boolean): void {
  view_put(self, index, 4, value, littleEndian)
}

export function view_setUint32(self: DataView, index: number, value: number, littleEndian: boolean): void {
  view_put(self, index, 4, value, littleEndian)
}

export function view_setFloat32(self: DataView, index: number, value: number, littleEndian: boolean): void {
  view_put(self, index, 4, singleBits(value), littleEndian)
}

export function view_setFloat64(self: DataView, index: number, value: number, littleEndian: boolean): void {
  const at = view_place(self, index, 8)
  view_write(self, littleEndian ? at : at + 4, 4, lowBits(value), littleEndian)
  view_write(self, littleEndian ? at + 4 : at, 4, highBits(value), littleEndian)
}

export function view_setBigInt64<T>(self: DataView, index: number, value: T, littleEndian: boolean): void {
  view_setBigUint64(self, index, value, littleEndian)
}

export function view_setBigUint64<T>(self: DataView, index: number, value: T, littleEndian: boolean): void {
  const place = typed_index(index)
  const bits = BigInt.asUintN(64, view_bigint(value))
  const at = view_place(self, place, 8)
  view_write(self, littleEndian ? at : at + 4, 4, Number(bits & 0xffff_ffffn), littleEndian)
  view_write(self, littleEndian ? at + 4 : at, 4, Number(bits >> 32n), littleEndian)
}

/** ToBigInt (7.1.13). */
function view_bigint<T>(value: T): bigint {
  if (typeof value === 'bigint' || typeof value === 'string' || typeof value === 'boolean') return BigInt(value)
  throw new TypeError(`Cannot convert ${String(value)} to a BigInt`)
}

function view_put(self: DataView, index: number, size: number, value: number, littleEndian: boolean): void {
  view_write(self, view_place(self, index, size), size, value, littleEndian)
}
