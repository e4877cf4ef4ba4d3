import { TABLE_SIZE_MAX } from '../ir/index.ts'
import { Limited, Trapped } from './failure.ts'

/** An entry of a table. `value` is the value itself, or whatever an engine finds its own value by. */
type Entry<V> = { readonly key: unknown; value: V; readonly position: number; live: boolean }

/** Properties that every object inherits (20.1.3, B.2.2): a dict that lacks one of these names has no answer of its own. */
export const INHERITED_NAMES: readonly string[] = Object.getOwnPropertyNames(Object.prototype)
const INHERITED: ReadonlySet<unknown> = new Set(INHERITED_NAMES)

function isInherited(key: unknown): boolean {
  return INHERITED.has(key)
}

/** Entries taken out that stay in the order until there are as many others. */
const DEAD_MIN = 16

/** Keys of a dictionary that ToPrimitive would ask for a function (ECMA-262 7.1.1.1). */
const CONVERSIONS = ['toString', 'valueOf'] as const

/**
 * A hash table that keeps the order of insertion: a Map, a Set or an object with computed keys (spec: types#tables). Keys are
 * host values that the host's Map tells apart as programs do. Entries have positions that are never used again, so that a loop over
 * a table that changes sees what 24.1.3.5 says it sees.
 */
export class Table<V = unknown> {
  readonly kind: 'map' | 'set' | 'dict'
  /** A dict that inherits nothing. */
  readonly bare: boolean
  readonly #index = new Map<unknown, Entry<V>>()
  /** Entries by their position, among them some that were taken out. */
  #order: Entry<V>[] = []
  /** Index in the order before which no entry is live. */
  #head = 0
  /** Index of the entry that was found last. */
  #found = 0
  #positions = 0

  constructor(kind: Table['kind'], bare = false) {
    this.kind = kind
    this.bare = bare
  }

  get size(): number {
    return this.#index.size
  }

  has(key: unknown): boolean {
    return this.#index.has(key)
  }

  get(key: unknown): V | undefined {
    return this.#index.get(key)?.value
  }

  /** Sets the value of a key; a new one comes last. Throws {@link Limited} when there are too many. */
  set(key: unknown, value: V): void {
    const known = this.#index.get(key)
    if (known) known.value = value
    else this.#append(key === 0 ? 0 : key, value)
  }

  #append(key: unknown, value: V): void {
    if (this.#index.size === TABLE_SIZE_MAX) throw new Limited('memory', 'out of memory')
    const entry = { key, value, position: this.#positions++, live: true }
    this.#index.set(key, entry)
    this.#order.push(entry)
  }

  /** Takes an entry out: its value, if there was one. */
  delete(key: unknown): { readonly value: V } | undefined {
    const entry = this.#index.get(key)
    if (!entry) return undefined
    this.#index.delete(key)
    entry.live = false
    if (this.#order[this.#head] === entry) this.#head++
    const dead = this.#order.length - this.#index.size
    if (dead > DEAD_MIN && dead > this.#index.size) this.#compact()
    return entry
  }

  #compact(): void {
    this.#order = this.#order.filter((entry) => entry.live)
    this.#head = 0
    this.#found = 0
  }

  clear(): void {
    this.#index.clear()
    this.#order = []
    this.#head = 0
    this.#found = 0
  }

  /** The least position of an entry beyond `position`, -1 when there is none. */
  next(position: number): number {
    let at = this.#after(position)
    while (at < this.#order.length && !this.#order[at].live) at++
    if (at >= this.#order.length) return -1
    this.#found = at
    return this.#order[at].position
  }

  /** The key of the entry at a position. Throws {@link Trapped} when there is none. */
  keyAt(position: number): unknown {
    return this.#at(position).key
  }

  valueAt(position: number): V {
    return this.#at(position).value
  }

  #at(position: number): Entry<V> {
    const hint = this.#order[this.#found]
    if (hint?.position === position && hint.live) return hint
    const entry = this.#order[this.#after(position) - 1]
    if (entry?.position !== position || !entry.live) throw new Trapped('index-out-of-bounds')
    return entry
  }

  /** Index of the first entry in the order whose position is greater, live or not; the head at least. */
  #after(position: number): number {
    if (this.#order[this.#found]?.position === position) return this.#found + 1
    let low = this.#head
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#order[middle].position > position) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Keys in the order of insertion. */
  *keys(): Iterable<unknown> {
    for (const entry of this.#order) if (entry.live) yield entry.key
  }

  *entries(): Iterable<readonly [key: unknown, value: V]> {
    for (const entry of this.#order) if (entry.live) yield [entry.key, entry.value]
  }

  /** What ToString makes of it. */
  toString(): string {
    // Node has a TypeError for the first, and calls what the other holds there, which is known only now.
    if (this.bare || (this.kind === 'dict' && CONVERSIONS.some((name) => this.has(name))))
      throw new Trapped('type-mismatch')
    return this.kind === 'dict' ? '[object Object]' : this.kind === 'map' ? '[object Map]' : '[object Set]'
  }
}

/** The value of a map or dict at a key. Throws {@link Trapped} where an object would answer with a property it inherits. */
export function getEntry<V>(table: Table<V>, key: unknown): V | undefined {
  const value = table.get(key)
  if (value === undefined && inherits(table) && isInherited(key) && !table.has(key)) throw inherited()
  return value
}

export function setEntry<V>(table: Table<V>, key: unknown, value: V): void {
  if (key === '__proto__' && inherits(table)) throw inherited()
  table.set(key, value)
}

/** Whether a table has what Object.prototype has. */
const inherits = (table: Table): boolean => table.kind === 'dict' && !table.bare

const inherited = (): Trapped => new Trapped('inherited-property')

/** Whether a dict has a key, or inherits a property of that name (13.10.1). */
export function hasProperty(dict: Table, key: unknown): boolean {
  return dict.has(key) || (inherits(dict) && isInherited(key))
}

/** Keys of a dict in the order of objects (10.1.11.1): array indices ascending, then the others as they were added. */
export function dictKeys(dict: Table): string[] {
  return sortKeys(dict.keys() as Iterable<string>)
}

/** Property names in the order in which an object lists them that were added in theirs. */
export function sortKeys(keys: Iterable<string>): string[] {
  const indices: string[] = []
  const others: string[] = []
  for (const key of keys) (isArrayIndex(key) ? indices : others).push(key)
  if (indices.length === 0) return others
  return [...indices.sort((a, b) => Number(a) - Number(b)), ...others]
}

/** Whether a property name is that of an array element (10.4.2). */
export function isArrayIndex(name: string): boolean {
  const first = name.charCodeAt(0)
  if (!(first >= 48 && first <= 57) || name.length > 10) return false
  const n = Number(name)
  return n >>> 0 === n && n !== 0xffffffff && String(n) === name
}
