import type { Module } from '../../ir/index.ts'

/**
 * The orders in which keys of records were set, by number, so that a record keeps its order in 32 bits. Orders of
 * one definition form a tree: setting a field that was absent leads to a child. Numbers are made while a
 * module is compiled and while it runs, and mean the same in all runs of it.
 */
export class KeyOrders {
  readonly #fields: (readonly number[])[]
  readonly #next: Map<number, number>[]
  readonly #objects: number

  private constructor(fields: readonly (readonly number[])[], next: readonly Map<number, number>[], objects: number) {
    this.#fields = [...fields]
    this.#next = next.map((map) => new Map(map))
    this.#objects = objects
  }

  /** The orders of objects without fields, one for each definition. */
  static of(module: Module): KeyOrders {
    const blank = module.objects.map(() => [])
    return new KeyOrders(
      blank,
      blank.map(() => new Map<number, number>()),
      blank.length,
    )
  }

  /** The same orders, to which one run may add its own. */
  fork(): KeyOrders {
    return new KeyOrders(this.#fields, this.#next, this.#objects)
  }

  /** The order after a field that was absent has been set. */
  with(order: number, field: number): number {
    const known = this.#next[order]!.get(field)
    if (known !== undefined) return known
    const made = this.#add([...this.#fields[order]!, field])
    this.#next[order]!.set(field, made)
    return made
  }

  /** The order that setting `fields` one after the other gives. An object without fields has its own number as its order. */
  after(object: number, fields: readonly number[]): number {
    return fields.reduce((order, field) => this.with(order, field), object)
  }

  /** Fields in the order in which they were set. */
  fields(order: number): readonly number[] {
    return this.#fields[order]!
  }

  #add(fields: readonly number[]): number {
    this.#next.push(new Map())
    return this.#fields.push(fields) - 1
  }
}
