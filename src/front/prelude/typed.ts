// Typed arrays (ECMA-262 23.2), and the classes of ArrayBuffer and DataView. The classes stand for what is made by operations of the IR; their members
// are the functions below, with the receiver first. Elements of a typed array are all there, and their number stays.

export class Int8Array {}
export class Uint8Array {}
export class Uint8ClampedArray {}
export class Int16Array {}
export class Uint16Array {}
export class Int32Array {}
export class Uint32Array {}
export class Float32Array {}
export class Float64Array {}
export class DataView {}
export class ArrayBuffer {}

/** Any typed array; what a function is given decides which. */
export type Typed = {
  [index: number]: number
  readonly length: number
  readonly byteLength: number
  readonly byteOffset: number
}

/** A new typed array of the same class. */
declare function typedLike<T>(of: T, length: number): T
/** A typed array over elements of another: from an index, so many. */
declare function typedWindow<T>(of: T, start: number, length: number): T
declare function typedFill(self: Typed, value: number, start: number, end: number): void
/** Copies elements of `from`, of the same class, from an index on to another in `to`, as many as both have. */
declare function typedCopy(to: Typed, from: Typed, at: number, start: number): void
/** Whether `typedCopy` may copy from one to the other. */
declare function typedSame(to: Typed, from: Typed): boolean

type Callback<T, R> = (value: number, index: number, array: T) => R
type Folder<T, U> = (sum: U, value: number, index: number, array: T) => U

/** A relative index (ToIntegerOrInfinity, from the end when negative) within a length. */
export function typed_position(index: number, length: number): number {
  // Neither NaN nor -0.
  const whole = Math.trunc(index) || 0
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length)
}

/** ToIndex (7.1.22) as far as it does not throw: what is no number is 0, fractions are cut off. */
export function typed_index(value: number): number {
  const whole = Math.trunc(value)
  return whole !== whole ? 0 : whole + 0
}

// Construction (23.2.5).

export function typed_from_list<T extends Typed>(self: T, list: number[]): T {
  const length = self.length
  for (let i = 0; i < length; i++) self[i] = +list[i]
  return self
}

export function typed_from_typed<T extends Typed>(self: T, source: Typed): T {
  typed_set_typed(self, source, 0)
  return self
}

export function typed_from_map<T extends Typed, V>(
  self: T,
  list: V[],
  callback: (value: V, index: number) => number,
): T {
  const length = self.length
  for (let i = 0; i < length; i++) self[i] = callback(list[i], i)
  return self
}

/** How many elements a view of a buffer has that begins at an offset and ends with the buffer (23.2.5.1.3). */
export function typed_rest(byteLength: number, offset: number, size: number, name: string): number {
  typed_check_offset(offset, size, name)
  if (byteLength % size !== 0) throw new RangeError(`byte length of ${name} should be a multiple of ${size}`)
  if (offset > byteLength) throw new RangeError(`Start offset ${offset} is outside the bounds of the buffer`)
  return (byteLength - offset) / size
}

/** The same for one that has so many. */
export function typed_part(byteLength: number, offset: number, size: number, name: string, length: number): number {
  typed_check_offset(offset, size, name)
  if (length < 0 || offset + length * size > byteLength) throw new RangeError(`Invalid typed array length: ${length}`)
  return length
}

function typed_check_offset(offset: number, size: number, name: string): void {
  if (offset < 0) throw new RangeError(`Start offset ${offset} is outside the bounds of the buffer`)
  if (offset % size !== 0) throw new RangeError(`start offset of ${name} should be a multiple of ${size}`)
}

// Methods (23.2.3).

export function typed_at<T extends Typed>(self: T, index: number): number | undefined {
  const whole = typed_index(index)
  const at = whole < 0 ? self.length + whole : whole
  return at >= 0 && at < self.length ? self[at] : undefined
}

export function typed_fill<T extends Typed>(self: T, value: number, start: number, end: number): T {
  const from = typed_position(start, self.length)
  const to = typed_position(end, self.length)
  if (from < to) typedFill(self, value, from, to)
  return self
}

export function typed_slice<T extends Typed>(self: T, start: number, end: number): T {
  const from = typed_position(start, self.length)
  const to = typed_position(end, self.length)
  const out = typedLike(self, Math.max(to - from, 0))
  if (from < to) typedCopy(out, self, 0, from)
  return out
}

export function typed_subarray<T extends Typed>(self: T, start: number, end: number): T {
  const from = typed_position(start, self.length)
  const to = typed_position(end, self.length)
  return typedWindow(self, from, Math.max(to - from, 0))
}

export function typed_copyWithin<T extends Typed>(self: T, target: number, start: number, end: number): T {
  const length = self.length
  const to = typed_position(target, length)
  const from = typed_position(start, length)
  const count = Math.min(typed_position(end, length) - from, length - to)
  if (from < to) for (let i = count - 1; i >= 0; i--) self[to + i] = self[from + i]
  else for (let i = 0; i < count; i++) self[to + i] = self[from + i]
  return self
}

export function typed_set_list(self: Typed, list: number[], offset: number): void {
  const at = typed_index(offset)
  if (at < 0 || at + list.length > self.length) throw new RangeError('offset is out of bounds')
  const length = list.length
  for (let i = 0; i < length; i++) self[at + i] = +list[i]
}

export function typed_set_typed(self: Typed, source: Typed, offset: number): void {
  const at = typed_index(offset)
  const length = source.length
  if (at < 0 || at + length > self.length) throw new RangeError('offset is out of bounds')
  if (typedSame(self, source)) return typedCopy(self, source, at, 0)
  // Both may lie in one buffer, so that all is read before any is written.
  const values: number[] = []
  for (let i = 0; i < length; i++) values.push(source[i])
  for (let i = 0; i < length; i++) self[at + i] = values[i]
}

export function typed_reverse<T extends Typed>(self: T): T {
  let low = 0
  let high = self.length - 1
  while (low < high) {
    const value = self[low]
    self[low] = self[high]
    self[high] = value
    low++
    high--
  }
  return self
}

export function typed_toReversed<T extends Typed>(self: T): T {
  return typed_reverse(typed_slice(self, 0, self.length))
}

export function typed_with<T extends Typed>(self: T, index: number, value: number): T {
  const whole = typed_index(index)
  const at = whole < 0 ? self.length + whole : whole
  if (!(at >= 0 && at < self.length)) throw new RangeError('Invalid typed array index')
  const out = typed_slice(self, 0, self.length)
  out[at] = value
  return out
}

export function typed_indexOf<T extends Typed>(self: T, value: number, from: number): number {
  const length = self.length
  for (let i = typed_position(from, length); i < length; i++) if (self[i] === value) return i
  return -1
}

export function typed_lastIndexOf<T extends Typed>(self: T, value: number, from: number): number {
  const length = self.length
  const whole = typed_index(from)
  for (let i = whole < 0 ? length + whole : Math.min(whole, length - 1); i >= 0; i--) if (self[i] === value) return i
  return -1
}

export function typed_includes<T extends Typed>(self: T, value: number, from: number): boolean {
  const length = self.length
  for (let i = typed_position(from, length); i < length; i++) {
    const element = self[i]
    if (element === value || (element !== element && value !== value)) return true
  }
  return false
}

export function typed_join<T extends Typed>(self: T, separator: string): string {
  return typed_values(self).join(separator)
}

/** The elements as an array. */
export function typed_values<T extends Typed>(self: T): number[] {
  const out: number[] = []
  const length = self.length
  for (let i = 0; i < length; i++) out.push(self[i])
  return out
}

export function typed_forEach<T extends Typed>(self: T, callback: Callback<T, unknown>): void {
  const length = self.length
  for (let i = 0; i < length; i++) callback(self[i], i, self)
}

export function typed_map<T extends Typed>(self: T, callback: Callback<T, number>): T {
  const length = self.length
  const out = typedLike(self, length)
  for (let i = 0; i < length; i++) out[i] = callback(self[i], i, self)
  return out
}

export function typed_filter<T extends Typed>(self: T, callback: Callback<T, unknown>): T {
  const length = self.length
  const kept: number[] = []
  for (let i = 0; i < length; i++) {
    const value = self[i]
    if (callback(value, i, self)) kept.push(value)
  }
  return typed_from_list(typedLike(self, kept.length), kept)
}

export function typed_some<T extends Typed>(self: T, callback: Callback<T, unknown>): boolean {
  const length = self.length
  for (let i = 0; i < length; i++) if (callback(self[i], i, self)) return true
  return false
}

export function typed_every<T extends Typed>(self: T, callback: Callback<T, unknown>): boolean {
  const length = self.length
  for (let i = 0; i < length; i++) if (!callback(self[i], i, self)) return false
  return true
}

export function typed_find<T extends Typed>(self: T, callback: Callback<T, unknown>): number | undefined {
  const length = self.length
  for (let i = 0; i < length; i++) {
    const value = self[i]
    if (callback(value, i, self)) return value
  }
  return undefined
}

export function typed_findIndex<T extends Typed>(self: T, callback: Callback<T, unknown>): number {
  const length = self.length
  for (let i = 0; i < length; i++) if (callback(self[i], i, self)) return i
  return -1
}

export function typed_findLast<T extends Typed>(self: T, callback: Callback<T, unknown>): number | undefined {
  for (let i = self.length - 1; i >= 0; i--) {
    const value = self[i]
    if (callback(value, i, self)) return value
  }
  return undefined
}

export function typed_findLastIndex<T extends Typed>(self: T, callback: Callback<T, unknown>): number {
  for (let i = self.length - 1; i >= 0; i--) if (callback(self[i], i, self)) return i
  return -1
}

export function typed_reduce_initial<T extends Typed, U>(self: T, callback: Folder<T, U>, initial: U): U {
  const length = self.length
  let sum = initial
  for (let i = 0; i < length; i++) sum = callback(sum, self[i], i, self)
  return sum
}

export function typed_reduce_first<T extends Typed>(self: T, callback: Folder<T, number>): number {
  const length = self.length
  if (length === 0) throw new TypeError('Reduce of empty array with no initial value')
  let sum = self[0]
  for (let i = 1; i < length; i++) sum = callback(sum, self[i], i, self)
  return sum
}

export function typed_reduceRight_initial<T extends Typed, U>(self: T, callback: Folder<T, U>, initial: U): U {
  let sum = initial
  for (let i = self.length - 1; i >= 0; i--) sum = callback(sum, self[i], i, self)
  return sum
}

export function typed_reduceRight_first<T extends Typed>(self: T, callback: Folder<T, number>): number {
  const last = self.length - 1
  if (last < 0) throw new TypeError('Reduce of empty array with no initial value')
  let sum = self[last]
  for (let i = last - 1; i >= 0; i--) sum = callback(sum, self[i], i, self)
  return sum
}

export function typed_entries<T extends Typed>(self: T): [number, number][] {
  const out: [number, number][] = []
  const length = self.length
  for (let i = 0; i < length; i++) out.push([i, self[i]])
  return out
}

export function typed_keys<T extends Typed>(self: T): number[] {
  const out: number[] = []
  const length = self.length
  for (let i = 0; i < length; i++) out.push(i)
  return out
}

export function* typed_values_iterator<T extends Typed>(self: T): Generator<number> {
  for (let i = 0; i < self.length; i++) yield self[i]
}

export function* typed_keys_iterator<T extends Typed>(self: T): Generator<number> {
  for (let i = 0; i < self.length; i++) yield i
}

export function* typed_entries_iterator<T extends Typed>(self: T): Generator<[number, number]> {
  for (let i = 0; i < self.length; i++) yield [i, self[i]]
}
