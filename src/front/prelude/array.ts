// Members of Array that call back or loop, as ECMA-262 23.1.3 words them. They are compiled with each
// program that uses them; the receiver is the first parameter. An element is read when the walk gets to
// it, a length once where the standard reads it once, and `i in self` skips holes where it skips them.

type Callback<T, R> = (value: T, index: number, array: T[]) => R
type Folder<T, U> = (sum: U, value: T, index: number, array: T[]) => U

export function array_forEach<T>(self: T[], callback: Callback<T, unknown>): void {
  const length = self.length
  for (let i = 0; i < length; i++) if (i in self) callback(self[i], i, self)
}

export function array_map<T, U>(self: T[], callback: Callback<T, U>): U[] {
  const length = self.length
  const out: U[] = []
  for (let i = 0; i < length; i++) {
    if (i in self) out.push(callback(self[i], i, self))
    else out.length = i + 1
  }
  return out
}

export function array_filter<T>(self: T[], test: Callback<T, unknown>): T[] {
  const length = self.length
  const out: T[] = []
  for (let i = 0; i < length; i++) {
    if (i in self) {
      const value = self[i]
      if (test(value, i, self)) out.push(value)
    }
  }
  return out
}

export function array_some<T>(self: T[], test: Callback<T, unknown>): boolean {
  const length = self.length
  for (let i = 0; i < length; i++) if (i in self && test(self[i], i, self)) return true
  return false
}

export function array_every<T>(self: T[], test: Callback<T, unknown>): boolean {
  const length = self.length
  for (let i = 0; i < length; i++) if (i in self && !test(self[i], i, self)) return false
  return true
}

export function array_find<T>(self: T[], test: Callback<T, unknown>): T | undefined {
  const length = self.length
  for (let i = 0; i < length; i++) {
    const value = self[i]
    if (test(value, i, self)) return value
  }
  return undefined
}

export function array_findIndex<T>(self: T[], test: Callback<T, unknown>): number {
  const length = self.length
  for (let i = 0; i < length; i++) if (test(self[i], i, self)) return i
  return -1
}

export function array_findLast<T>(self: T[], test: Callback<T, unknown>): T | undefined {
  for (let i = self.length - 1; i >= 0; i--) {
    const value = self[i]
    if (test(value, i, self)) return value
  }
  return undefined
}

export function array_findLastIndex<T>(self: T[], test: Callback<T, unknown>): number {
  for (let i = self.length - 1; i >= 0; i--) if (test(self[i], i, self)) return i
  return -1
}

export function array_reduce_initial<T, U>(self: T[], callback: Folder<T, U>, initial: U): U {
  const length = self.length
  let sum = initial
  for (let i = 0; i < length; i++) if (i in self) sum = callback(sum, self[i], i, self)
  return sum
}

export function array_reduce_first<T>(self: T[], callback: Folder<T, T>): T {
  const length = self.length
  let first = 0
  while (first < length && !(first in self)) first++
  if (first >= length) throw new TypeError('Reduce of empty array with no initial value')
  let sum = self[first]
  for (let i = first + 1; i < length; i++) if (i in self) sum = callback(sum, self[i], i, self)
  return sum
}

export function array_reduceRight_initial<T, U>(self: T[], callback: Folder<T, U>, initial: U): U {
  let sum = initial
  for (let i = self.length - 1; i >= 0; i--) if (i in self) sum = callback(sum, self[i], i, self)
  return sum
}

export function array_reduceRight_first<T>(self: T[], callback: Folder<T, T>): T {
  let last = self.length - 1
  while (last >= 0 && !(last in self)) last--
  if (last < 0) throw new TypeError('Reduce of empty array with no initial value')
  let sum = self[last]
  for (let i = last - 1; i >= 0; i--) if (i in self) sum = callback(sum, self[i], i, self)
  return sum
}

export function array_flatMap<T, U>(self: T[], callback: Callback<T, U | U[]>): U[] {
  const length = self.length
  const out: U[] = []
  for (let i = 0; i < length; i++) {
    if (i in self) {
      const part = callback(self[i], i, self)
      if (Array.isArray(part)) {
        const count = part.length
        for (let j = 0; j < count; j++) if (j in part) out.push(part[j])
      } else out.push(part)
    }
  }
  return out
}

/** What the arguments of concat add, given as an array of them. */
export function array_concat_items<T>(items: (T | T[])[]): T[] {
  const out: T[] = []
  for (const item of items) {
    if (Array.isArray(item)) {
      const count = item.length
      for (let j = 0; j < count; j++) {
        if (j in item) out.push(item[j])
        else out.length++
      }
    } else out.push(item)
  }
  return out
}

/** flat(): one level. */
export function array_flat<T>(self: (T | T[])[]): T[] {
  const length = self.length
  const out: T[] = []
  for (let i = 0; i < length; i++) {
    if (i in self) {
      const part = self[i]
      if (Array.isArray(part)) {
        const count = part.length
        for (let j = 0; j < count; j++) if (j in part) out.push(part[j])
      } else out.push(part)
    }
  }
  return out
}

/** flat(0): a copy without the holes. */
export function array_flat_none<T>(self: T[]): T[] {
  const length = self.length
  const out: T[] = []
  for (let i = 0; i < length; i++) if (i in self) out.push(self[i])
  return out
}

type Nested<T> = (T | Nested<T>)[]

/** flat(Infinity): all levels. */
export function array_flat_all<T>(self: Nested<T>): T[] {
  const out: T[] = []
  array_flatten(out, self)
  return out
}

export function array_flatten<T>(out: T[], self: Nested<T>): void {
  const length = self.length
  for (let i = 0; i < length; i++) {
    if (i in self) {
      const part = self[i]
      if (Array.isArray(part)) array_flatten(out, part)
      else out.push(part)
    }
  }
}

/** flat(depth): the levels that a number says, which NaN does for none. */
export function array_flat_depth<T>(self: Nested<T>, depth: number = 1): Nested<T> {
  const out: Nested<T> = []
  array_flatten_to(out, self, Math.trunc(depth))
  return out
}

export function array_flatten_to<T>(out: Nested<T>, self: Nested<T>, depth: number): void {
  const length = self.length
  for (let i = 0; i < length; i++) {
    if (i in self) {
      const part = self[i]
      if (depth > 0 && Array.isArray(part)) array_flatten_to(out, part, depth - 1)
      else out.push(part)
    }
  }
}

export function array_toReversed<T>(self: T[]): T[] {
  const out: T[] = []
  for (let i = self.length - 1; i >= 0; i--) out.push(self[i])
  return out
}

export function array_with<T>(self: T[], index: number, value: T): T[] {
  const length = self.length
  const relative = Math.trunc(index) || 0
  const at = relative < 0 ? length + relative : relative
  if (at < 0 || at >= length) throw new RangeError(`Invalid index : ${index}`)
  const out: T[] = []
  for (let i = 0; i < length; i++) out.push(i === at ? value : self[i])
  return out
}

/** The elements as they are read: undefined where there is a hole. */
export function array_read<T>(self: T[]): T[] {
  const out: T[] = []
  for (let i = 0; i < self.length; i++) out.push(self[i])
  return out
}

/** What `[...self.entries()]` gives. */
export function array_entries<T>(self: T[]): [number, T][] {
  const out: [number, T][] = []
  for (let i = 0; i < self.length; i++) out.push([i, self[i]])
  return out
}

/** What `[...self.keys()]` gives. */
export function array_keys<T>(self: T[]): number[] {
  const out: number[] = []
  const length = self.length
  for (let i = 0; i < length; i++) out.push(i)
  return out
}

/** What `[...self.values()]` gives. */
export function array_values<T>(self: T[]): T[] {
  return [...self]
}

/** `Array.from(source, callback)`: walks like for-of, so elements that the callback appends are seen. */
export function array_from_map<T, U>(source: T[], callback: (value: T, index: number) => U): U[] {
  const out: U[] = []
  for (let i = 0; i < source.length; i++) out.push(callback(source[i], i))
  return out
}

/** `Array.from({ length }, callback)`. */
export function array_from_length<U>(length: number, callback: (value: undefined, index: number) => U): U[] {
  const count = array_count(length)
  const out: U[] = []
  for (let i = 0; i < count; i++) out.push(callback(undefined, i))
  return out
}

/** `Array.from({ length })`. */
export function array_from_length_only(length: number): undefined[] {
  const count = array_count(length)
  const out: undefined[] = []
  for (let i = 0; i < count; i++) out.push(undefined)
  return out
}

/** ToLength (7.1.20), and the limit of ArrayCreate (10.4.2.2). */
function array_count(length: number): number {
  if (!(length > 0)) return 0
  if (length >= 4294967296) throw new RangeError('Invalid array length')
  return Math.floor(length)
}

/** Whether some index at or after `from` is a hole: what `includes(undefined, from)` asks of an array whose elements are never undefined. */
export function array_hasHole<T>(self: T[], from: number): boolean {
  const start = from !== from ? 0 : Math.trunc(from)
  for (let i = Math.max(0, start < 0 ? self.length + start : start); i < self.length; i++) if (!(i in self)) return true
  return false
}
