import type { Module, ObjectDef } from '../ir/index.ts'

/** Marks a slot, cell or global that was not set yet. Never seen by a program. */
export const UNSET: unique symbol = Symbol('unset')

/**
 * The order in which the keys of an object were set. Orders of one layout form a tree that
 * objects share, so that the order of an object is one pointer, and setting the same fields in
 * the same order leads to the same node.
 */
export class KeyOrder {
  /** By field: 1 when it is present. */
  readonly has: Uint8Array
  readonly #parent: KeyOrder | undefined
  readonly #field: number
  readonly #next = new Map<number, KeyOrder>()
  /** The next field as it was last time; nearly always it is the same again. */
  #usualField = -1
  #usual: KeyOrder | undefined
  #fields: readonly number[] | undefined

  constructor(count: number, parent?: KeyOrder, field = -1) {
    this.has = parent ? parent.has.slice() : new Uint8Array(count)
    if (parent) this.has[field] = 1
    this.#parent = parent
    this.#field = field
  }

  /** The order after `field`, absent so far, was set. */
  with(field: number): KeyOrder {
    if (this.#usualField === field && this.#usual) return this.#usual
    let next = this.#next.get(field)
    if (next === undefined) this.#next.set(field, (next = new KeyOrder(this.has.length, this, field)))
    this.#usualField = field
    this.#usual = next
    return next
  }

  /** Field indices, first set first. */
  get fields(): readonly number[] {
    if (this.#fields === undefined) {
      const list: number[] = []
      let at: KeyOrder | undefined = this as KeyOrder
      for (; at && at.#field >= 0; at = at.#parent) list.push(at.#field)
      this.#fields = list.reverse()
    }
    return this.#fields
  }
}

/**
 * Where the fields of an object are. Fields of type f64 that are always present once set lie in
 * an array of doubles, which keeps stores from allocating; all others in an array of host values.
 */
type Places = {
  /** By field: 1 when it lies in `nums`. */
  readonly isNumber: Uint8Array
  /** By field: its index in `nums` or `refs`. */
  readonly slotOf: Int32Array
  readonly blankNums: readonly number[]
  readonly blankRefs: readonly unknown[]
}

/** What follows from a definition is worked out once: a small run takes less time than that. */
const placesByDef = new WeakMap<ObjectDef, Places>()

function placesOf(def: ObjectDef): Places {
  const known = placesByDef.get(def)
  if (known) return known
  const isNumber = new Uint8Array(def.fields.length)
  const slotOf = new Int32Array(def.fields.length)
  const counts = [0, 0]
  def.fields.forEach((field, i) => {
    const number = field.type.kind === 'f64' && field.optional !== true ? 1 : 0
    isNumber[i] = number
    slotOf[i] = counts[number]++
  })
  const blankNums = Array.from({ length: counts[1] }, () => NaN)
  const blankRefs = Array.from({ length: counts[0] }, () => UNSET)
  const places = { isNumber, slotOf, blankNums, blankRefs }
  placesByDef.set(def, places)
  return places
}

/** A definition as one run knows it: the places of its fields, and the orders in which the run has set them. */
export class Layout implements Places {
  readonly id: number
  readonly def: ObjectDef
  readonly isNumber: Uint8Array
  readonly slotOf: Int32Array
  readonly blankNums: readonly number[]
  readonly blankRefs: readonly unknown[]
  readonly root: KeyOrder

  constructor(id: number, def: ObjectDef) {
    const { isNumber, slotOf, blankNums, blankRefs } = placesOf(def)
    this.id = id
    this.def = def
    this.isNumber = isNumber
    this.slotOf = slotOf
    this.blankNums = blankNums
    this.blankRefs = blankRefs
    this.root = new KeyOrder(def.fields.length)
  }
}

/** The layouts of all definitions of a module, fresh: runs share nothing that they change. */
export function buildLayouts(module: Module): readonly Layout[] {
  return module.objects.map((def, id) => new Layout(id, def))
}
