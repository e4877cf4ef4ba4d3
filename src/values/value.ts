import { lateKeysFrom } from '../ir/index.ts'
import { Trapped } from './failure.ts'
import { tagOf } from './tag.ts'
import { UNSET, type KeyOrder, type Layout } from './layout.ts'
import { isArrayIndex } from './table.ts'

/**
 * Run-time values that are no host values of the same kind. Numbers, strings, booleans, null,
 * undefined, arrays and tuples are those of the host.
 */

/** An object of the program: a record, a class instance or an Error. */
export class Instance {
  readonly layout: Layout
  order: KeyOrder
  readonly nums: number[]
  readonly refs: unknown[]

  constructor(layout: Layout, order: KeyOrder, nums: number[], refs: unknown[]) {
    this.layout = layout
    this.order = order
    this.nums = nums
    this.refs = refs
  }

  /** What ToString makes of it; of a symbol nothing. */
  toString(): string {
    if (this.layout.def.role === 'symbol') throw new Trapped('type-mismatch')
    return `[object ${tagOf(this.layout.def)}]`
  }
}

// Objects without fields of a kind share these, which are never written.
const NO_NUMS: number[] = []
const NO_REFS: unknown[] = []

export function freshNums(layout: Layout): number[] {
  return layout.blankNums.length === 0 ? NO_NUMS : layout.blankNums.slice()
}

export function freshRefs(layout: Layout): unknown[] {
  return layout.blankRefs.length === 0 ? NO_REFS : layout.blankRefs.slice()
}

/** An error of the program. `kind` is the built-in kind it was made as, `trace` where, in the way of the engine that made it. */
export class ErrorInstance extends Instance {
  readonly kind: string
  readonly trace: unknown

  constructor(layout: Layout, kind: string, message: string, trace: unknown) {
    super(layout, layout.root.with(0).with(1), freshNums(layout), freshRefs(layout))
    this.refs[0] = kind
    this.refs[1] = message
    this.kind = kind
    this.trace = trace
  }

  get name(): string {
    return this.refs[0] as string
  }

  get message(): string {
    return this.refs[1] as string
  }

  /** Error.prototype.toString (20.5.3.4). */
  override toString(): string {
    if (this.name === '') return this.message
    return this.message === '' ? this.name : `${this.name}: ${this.message}`
  }
}

/** A function value: the index of its function and the values of its captures as host values. */
export class Closure {
  readonly func: number
  readonly captures: readonly unknown[]

  constructor(func: number, captures: readonly unknown[]) {
    this.func = func
    this.captures = captures
  }

  /** Node gives the source text, which the IR does not have. */
  toString(): string {
    throw new Trapped('type-mismatch')
  }
}

/** A variable that closures share. A cell of f64 is a {@link NumberCell}. */
export class Cell {
  value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

export class NumberCell {
  value: number
  ready: boolean

  constructor(value: number, ready: boolean) {
    this.value = value
    this.ready = ready
  }
}

/** A new object with the given fields set, in that order. `order` is the one these fields give. */
export function newInstance(
  layout: Layout,
  order: KeyOrder,
  fields: readonly number[],
  values: readonly unknown[],
): Instance {
  const nums = freshNums(layout)
  const refs = freshRefs(layout)
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]
    if (layout.isNumber[field] === 1) nums[layout.slotOf[field]] = values[i] as number
    else refs[layout.slotOf[field]] = values[i]
  }
  return new Instance(layout, order, nums, refs)
}

/** The order that setting `fields` one after the other gives. */
export function orderOf(layout: Layout, fields: readonly number[]): KeyOrder {
  let order = layout.root
  for (const field of fields) order = order.with(field)
  return order
}

/** The value of a field as a host value, or {@link UNSET}. */
export function readField(object: Instance, field: number): unknown {
  if (object.order.has[field] === 0) return UNSET
  const slot = object.layout.slotOf[field]
  return object.layout.isNumber[field] === 1 ? object.nums[slot] : object.refs[slot]
}

/** Sets a field; an absent one becomes the last key. */
export function writeField(object: Instance, field: number, value: unknown): void {
  if (object.order.has[field] === 0) object.order = object.order.with(field)
  const slot = object.layout.slotOf[field]
  if (object.layout.isNumber[field] === 1) object.nums[slot] = value as number
  else object.refs[slot] = value
}

/**
 * Present fields that are not hidden, as OrdinaryOwnPropertyKeys (10.1.11.1) orders them: array indices ascending, then as
 * set. Instances of classes get their fields in the order of the class, before the constructor's body runs (7.3.32), and those that it
 * does not declare later.
 */
export function visibleFields(object: Instance): readonly number[] {
  const { def } = object.layout
  const { fields } = def
  const visible = object.order.fields.filter((f) => fields[f].hidden !== true)
  const late = lateKeysFrom(def)
  if (late > 0) visible.sort((a, b) => Math.min(a, late) - Math.min(b, late))
  if (!visible.some((f) => isArrayIndex(fields[f].name))) return visible
  const indices = visible.filter((f) => isArrayIndex(fields[f].name))
  indices.sort((a, b) => Number(fields[a].name) - Number(fields[b].name))
  return [...indices, ...visible.filter((f) => !isArrayIndex(fields[f].name))]
}

/** An empty array whose elements the host keeps as doubles, so that one kind of array passes each array instruction. */
export function newNumberArray(): number[] {
  const list = [0.5]
  list.length = 0
  return list
}

/** An empty array for elements of any other type. */
export function newRefArray(): unknown[] {
  const list: unknown[] = [null]
  list.length = 0
  return list
}

/** The time of a date, NaN for an invalid one. */
/** The text that a symbol shows. */
export function descriptionOf(symbol: Instance): string | undefined {
  const text = readField(symbol, 0)
  return text === UNSET ? undefined : (text as string | undefined)
}

export function timeOf(date: Instance): number {
  return readField(date, 0) as number
}
