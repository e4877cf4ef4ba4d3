// What classes extend by `extends Map` and `extends Set`: objects that hold a table, and have its members on their prototype
// (ECMA-262 24.1 and 24.2). A program cannot tell the table from internal slots of the object itself.

/** Throws where an entry is no object. */
declare function requireEntry(entry: unknown): void
/** Throws where a callback is no function. */
declare function requireFunction(callback: unknown): void

export class ExtendedMap<K, V> {
  readonly #data = new Map<K, V>()

  /** Entries are set by the method `set`, which a class may override (24.1.1.2). */
  constructor(entries?: Iterable<readonly [K, V]> | null) {
    if (entries !== undefined && entries !== null)
      for (const entry of entries) {
        if (!(entry instanceof Array)) requireEntry(entry)
        const value = entry[1]
        this.set(entry[0], value ?? value)
      }
  }

  get size(): number {
    return this.#data.size
  }

  get [Symbol.toStringTag](): string {
    return 'Map'
  }

  get(key: K): V | undefined {
    return this.#data.get(key)
  }

  has(key: K): boolean {
    return this.#data.has(key)
  }

  set(key: K, value: V): this {
    this.#data.set(key, value)
    return this
  }

  delete(key: K): boolean {
    return this.#data.delete(key)
  }

  clear(): void {
    this.#data.clear()
  }

  forEach(callback: (value: V, key: K, map: this) => unknown): void {
    requireFunction(callback)
    for (const [key, value] of this.#data) callback(value, key, this)
  }

  keys(): Iterable<K> {
    return this.#data.keys()
  }

  values(): Iterable<V> {
    return this.#data.values()
  }

  entries(): Iterable<[K, V]> {
    return this.#data.entries()
  }

  [Symbol.iterator](): Iterable<[K, V]> {
    return this.#data.entries()
  }
}

export class ExtendedSet<T> {
  readonly #data = new Set<T>()

  /** Values are added by the method `add`, which a class may override (24.2.2.1). */
  constructor(values?: Iterable<T> | null) {
    if (values !== undefined && values !== null) for (const value of values) this.add(value)
  }

  get size(): number {
    return this.#data.size
  }

  get [Symbol.toStringTag](): string {
    return 'Set'
  }

  has(value: T): boolean {
    return this.#data.has(value)
  }

  add(value: T): this {
    this.#data.add(value)
    return this
  }

  delete(value: T): boolean {
    return this.#data.delete(value)
  }

  clear(): void {
    this.#data.clear()
  }

  forEach(callback: (value: T, again: T, set: this) => unknown): void {
    requireFunction(callback)
    for (const value of this.#data) callback(value, value, this)
  }

  keys(): Iterable<T> {
    return this.#data.values()
  }

  values(): Iterable<T> {
    return this.#data.values()
  }

  entries(): Iterable<[T, T]> {
    return this.#data.entries()
  }

  union(other: Set<T>): Set<T> {
    return this.#data.union(other)
  }

  intersection(other: Set<T>): Set<T> {
    return this.#data.intersection(other)
  }

  difference(other: Set<T>): Set<T> {
    return this.#data.difference(other)
  }

  symmetricDifference(other: Set<T>): Set<T> {
    return this.#data.symmetricDifference(other)
  }

  isSubsetOf(other: Set<T>): boolean {
    return this.#data.isSubsetOf(other)
  }

  isSupersetOf(other: Set<T>): boolean {
    return this.#data.isSupersetOf(other)
  }

  isDisjointFrom(other: Set<T>): boolean {
    return this.#data.isDisjointFrom(other)
  }

  [Symbol.iterator](): Iterable<T> {
    return this.#data.values()
  }
}
