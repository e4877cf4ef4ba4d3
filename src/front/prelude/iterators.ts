// Iterators and generators (ECMA-262 27.1, 27.5). A generator is an object whose fields begin with #: the compiler makes
// it, with the state where its code goes on (-2 while it runs, -1 when it has ended) and the function that runs its code.

type Generating<T, R, N> = {
  '#state': number
  '#resume': <S>(self: S, mode: number, sent: N | undefined) => boolean
  '#yielded': T
  '#returned': R
  '#thrown': unknown
}

/** Runs a generator to its next yield or its end; whether it has ended. */
export function generator_run<T, R, N>(self: Generating<T, R | undefined, N>, mode: number, sent: N): boolean {
  const state = self['#state']
  if (state >= 0) return self['#resume'](self, mode, sent)
  if (state !== -1) throw new TypeError('Generator is already running')
  self['#returned'] = undefined
  return true
}

export function generator_next<T, R, N>(self: Generating<T, R, N>, sent: N): { value: T | R; done: boolean } {
  if (generator_run(self, 0, sent)) return { value: self['#returned'], done: true }
  return { value: self['#yielded'], done: false }
}

/** `return(value)`, as far as the next yield or the end; whether it has ended. */
export function generator_return_into<T, R, N>(self: Generating<T, R, N>, value: R): boolean {
  const state = self['#state']
  if (state === -2) throw new TypeError('Generator is already running')
  self['#returned'] = value
  if (state > 0) return self['#resume'](self, 2, undefined)
  self['#state'] = -1
  return true
}

export function generator_return<T, R, N>(self: Generating<T, R, N>, value: R): { value: T | R; done: boolean } {
  if (generator_return_into(self, value)) return { value: self['#returned'], done: true }
  return { value: self['#yielded'], done: false }
}

/** `return()` where nobody looks at what comes. */
export function generator_close<T, R, N>(self: Generating<T, R | undefined, N>): void {
  generator_return_into(self, undefined)
}

/** `throw(error)`, as far as the next yield or the end; whether it has ended. */
export function generator_throw_into<T, R, N>(self: Generating<T, R, N>, error: unknown): boolean {
  const state = self['#state']
  if (state === -2) throw new TypeError('Generator is already running')
  if (state <= 0) {
    self['#state'] = -1
    throw error
  }
  self['#thrown'] = error
  return self['#resume'](self, 1, undefined)
}

export function generator_throw<T, R, N>(self: Generating<T, R, N>, error: unknown): { value: T | R; done: boolean } {
  if (generator_throw_into(self, error)) return { value: self['#returned'], done: true }
  return { value: self['#yielded'], done: false }
}

export function generator_self<T>(self: T): T {
  return self
}

/** What spreading an iterable gives. */
export function iterable_list<T>(source: Iterable<T>): T[] {
  const out: T[] = []
  for (const value of source) out.push(value)
  return out
}

// Iterators of arrays and strings are live: they look at the array in each step (23.1.5).

export function* array_values_iterator<T>(self: T[]): Generator<T> {
  for (let i = 0; i < self.length; i++) yield self[i]
}

export function* array_keys_iterator<T>(self: T[]): Generator<number> {
  for (let i = 0; i < self.length; i++) yield i
}

export function* array_entries_iterator<T>(self: T[]): Generator<[number, T]> {
  for (let i = 0; i < self.length; i++) yield [i, self[i]]
}

export function* string_iterator(self: string): Generator<string> {
  const chars = [...self]
  for (let i = 0; i < chars.length; i++) yield chars[i]
}

/** The first `count` elements of an iterable, or all if there are fewer. */
export function iterable_take<T>(source: Iterable<T>, count: number): T[] {
  const out: T[] = []
  if (count === 0) return out
  for (const value of source) if (out.push(value) === count) break
  return out
}

/** `Array.from(iterable, callback)`. */
export function iterable_map<T, U>(source: Iterable<T>, callback: (value: T, index: number) => U): U[] {
  const out: U[] = []
  for (const value of source) out.push(callback(value, out.length))
  return out
}

// Iterators of maps and sets see what is added meanwhile, and nothing that was deleted (24.1.5, 24.2.6).

export function* map_entries_iterator<K, V>(self: Map<K, V>): Generator<[K, V]> {
  for (const entry of self) yield entry
}

export function* map_keys_iterator<K, V>(self: Map<K, V>): Generator<K> {
  for (const entry of self) yield entry[0]
}

export function* map_values_iterator<K, V>(self: Map<K, V>): Generator<V> {
  for (const entry of self) yield entry[1]
}

export function* set_values_iterator<T>(self: Set<T>): Generator<T> {
  for (const value of self) yield value
}

export function* set_entries_iterator<T>(self: Set<T>): Generator<[T, T]> {
  for (const value of self) yield [value, value]
}
