// Weak collections (ECMA-262 24.3, 24.4). No program can see whether what they hold was collected, so they hold on to it.

import { symbol_key_for, type Symbol } from './symbol.ts'

/** Throws where an entry is no object. */
declare function requireEntry(entry: unknown): void

/** Objects, and symbols that no text gives (CanBeHeldWeakly, 9.14). */
function require_object(key: unknown, message: string): void {
  if (typeof key === 'symbol' && symbol_key_for(key as unknown as Symbol) === undefined) return
  if ((typeof key !== 'object' && typeof key !== 'function') || key === null) throw new TypeError(message)
}

export class WeakMap<K, V> {
  readonly #entries = new Map<K, V>()

  toString(): string {
    return '[object WeakMap]'
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  set(key: K, value: V): this {
    require_object(key, 'Invalid value used as weak map key')
    this.#entries.set(key, value)
    return this
  }

  delete(key: K): boolean {
    return this.#entries.delete(key)
  }
}

export class WeakSet<K> {
  readonly #members = new Set<K>()

  toString(): string {
    return '[object WeakSet]'
  }

  has(key: K): boolean {
    return this.#members.has(key)
  }

  add(key: K): this {
    require_object(key, 'Invalid value used in weak set')
    this.#members.add(key)
    return this
  }

  delete(key: K): boolean {
    return this.#members.delete(key)
  }
}

export function weak_map<K, V>(): WeakMap<K, V> {
  return new WeakMap<K, V>()
}

export function weak_map_of<K, V>(entries: Iterable<readonly [K, V]>): WeakMap<K, V> {
  const made = new WeakMap<K, V>()
  if (entries === undefined || entries === null) return made
  for (const entry of entries) {
    if (!(entry instanceof Array)) requireEntry(entry)
    made.set(entry[0], entry[1])
  }
  return made
}

export function weak_set<K>(): WeakSet<K> {
  return new WeakSet<K>()
}

export function weak_set_of<K>(keys: Iterable<K>): WeakSet<K> {
  const made = new WeakSet<K>()
  if (keys === undefined || keys === null) return made
  for (const key of keys) made.add(key)
  return made
}
