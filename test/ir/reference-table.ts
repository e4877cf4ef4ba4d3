import { Trap } from './reference-values.ts'

type Entry = { readonly key: unknown; value: unknown; readonly position: number }

/** A table as plain as can be: a list of entries, found by looking at each. */
export class RefTable {
  readonly kind: 'map' | 'set' | 'dict'
  readonly bare: boolean
  entries: Entry[] = []
  #positions = 0

  constructor(kind: RefTable['kind'], bare = false) {
    this.kind = kind
    this.bare = bare
  }

  /** Keys are equal by SameValueZero (7.2.12). */
  find(key: unknown): Entry | undefined {
    return this.entries.find((entry) => entry.key === key || (Number.isNaN(entry.key) && Number.isNaN(key)))
  }

  get(key: unknown): unknown {
    const entry = this.find(key)
    if (!entry && this.kind === 'dict' && !this.bare && (key as string) in {}) throw new Trap('inherited-property')
    return entry?.value
  }

  set(key: unknown, value: unknown): void {
    if (this.kind === 'dict' && !this.bare && key === '__proto__') throw new Trap('inherited-property')
    this.put(key, value)
  }

  put(key: unknown, value: unknown): void {
    const entry = this.find(key)
    if (entry) entry.value = value
    else this.entries.push({ key: key === 0 ? 0 : key, value, position: this.#positions++ })
  }

  delete(key: unknown): boolean {
    const entry = this.find(key)
    this.entries = this.entries.filter((other) => other !== entry)
    return entry !== undefined
  }

  next(position: number): number {
    return this.entries.find((entry) => entry.position > position)?.position ?? -1
  }

  at(position: number): Entry {
    const entry = this.entries.find((one) => one.position === position)
    if (!entry) throw new Trap('index-out-of-bounds')
    return entry
  }

  /** A plain object of the host with the entries of a dict, whose keys it orders. */
  toObject(valueOf: (value: unknown) => unknown): object {
    const object = (this.bare ? Object.create(null) : {}) as object
    for (const { key, value } of this.entries)
      Object.defineProperty(object, key as string, {
        value: valueOf(value),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    return object
  }
}
