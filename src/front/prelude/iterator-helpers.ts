// Helpers of iterators (ECMA-262 27.1.4). Those that give an iterator do nothing before it is asked.

type Callback<T, R> = (value: T, index: number) => R

/** IteratorClose (7.4.11). */
declare function close<T>(self: Iterable<T>): void

export function* iterator_map<T, U>(self: Iterable<T>, callback: Callback<T, U>): Generator<U> {
  let index = 0
  for (const value of self) {
    yield callback(value, index)
    index++
  }
}

export function* iterator_filter<T>(self: Iterable<T>, callback: Callback<T, unknown>): Generator<T> {
  let index = 0
  for (const value of self) {
    if (callback(value, index)) yield value
    index++
  }
}

export function* iterator_flatMap<T, U>(self: Iterable<T>, callback: Callback<T, Iterable<U>>): Generator<U> {
  let index = 0
  for (const value of self) {
    const inner = callback(value, index)
    if (typeof inner !== 'object' || inner === null)
      throw new TypeError('Iterator.prototype.flatMap called on non-object')
    for (const item of inner) yield item
    index++
  }
}

export function iterator_take<T>(self: Iterable<T>, limit: number): Generator<T> {
  return iterator_taking(self, iterator_count(self, limit))
}

function* iterator_taking<T>(self: Iterable<T>, count: number): Generator<T> {
  if (count === 0) {
    close(self)
    return
  }
  let left = count
  for (const value of self) {
    yield value
    left--
    if (left === 0) break
  }
}

export function iterator_drop<T>(self: Iterable<T>, limit: number): Generator<T> {
  return iterator_dropping(self, iterator_count(self, limit))
}

function* iterator_dropping<T>(self: Iterable<T>, count: number): Generator<T> {
  let left = count
  for (const value of self) {
    if (left > 0) left--
    else yield value
  }
}

function iterator_count<T>(self: Iterable<T>, limit: number): number {
  const count = Math.trunc(limit)
  if (count >= 0) return count
  close(self)
  throw new RangeError(`${limit} must be positive`)
}

export function iterator_forEach<T>(self: Iterable<T>, callback: Callback<T, unknown>): void {
  let index = 0
  for (const value of self) {
    callback(value, index)
    index++
  }
}

export function iterator_some<T>(self: Iterable<T>, callback: Callback<T, unknown>): boolean {
  let index = 0
  for (const value of self) {
    if (callback(value, index)) return true
    index++
  }
  return false
}

export function iterator_every<T>(self: Iterable<T>, callback: Callback<T, unknown>): boolean {
  let index = 0
  for (const value of self) {
    if (!callback(value, index)) return false
    index++
  }
  return true
}

export function iterator_find<T>(self: Iterable<T>, callback: Callback<T, unknown>): T | undefined {
  let index = 0
  for (const value of self) {
    if (callback(value, index)) return value
    index++
  }
  return undefined
}

export function iterator_reduce_initial<T, U>(
  self: Iterable<T>,
  callback: (sum: U, value: T, index: number) => U,
  initial: U,
): U {
  let sum = initial
  let index = 0
  for (const value of self) {
    sum = callback(sum, value, index)
    index++
  }
  return sum
}

export function iterator_reduce_first<T>(self: Iterable<T>, callback: (sum: T, value: T, index: number) => T): T {
  const sums: T[] = []
  let index = 0
  for (const value of self) {
    if (index === 0) sums.push(value)
    else sums[0] = callback(sums[0], value, index)
    index++
  }
  if (index === 0) throw new TypeError('Reduce of a done iterator with no initial value')
  return sums[0]
}
