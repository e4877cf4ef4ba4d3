import {
  isTable,
  keepsKeyOrder,
  keyOf,
  storageOf,
  type Module,
  type ObjectDef,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import {
  BufferInstance,
  Closure,
  elementsOver,
  ErrorInstance,
  Instance,
  newNumberArray,
  newRefArray,
  newTyped,
  setNote,
  Table,
  TypedInstance,
  UNSET,
  writeField,
  type Layout,
} from '../../values/index.ts'
import type { KeyOrders } from '../layout/key-orders.ts'
import { elementKind } from '../layout/elements.ts'
import { errorKindAt, errorTraceAt } from '../layout/struct-fields.ts'
import type { ContainerType } from '../layout/types.ts'
import { keptAs } from '../layout/tables.ts'
import { repOf, SENTINEL, SMALL_MIN } from '../layout/values.ts'
import { PART } from '../lower/boundary.ts'

/** What lifting needs to know of the instance that values come from. */
export type LiftSource = {
  readonly module: Module
  readonly layouts: readonly Layout[]
  readonly orders: KeyOrders
  readonly containers: readonly ContainerType[]
  readonly errorKinds: readonly string[]
  /** The objects that arrays carry. */
  readonly notes: WeakMap<object, object>
  /** Parts that `explode` has given; taken out by whoever asked for them. */
  parts: unknown[]
  explode(value: unknown): number
}

/** A container whose parts are still to be lifted. */
type Pending = { readonly fill: () => void; readonly depth: number }

/**
 * Makes values of compiled code values of the host: objects as instances, keeping what is the same object the same.
 * Goes level by level, so that each object is met at its least depth; what lies deeper than `depthMax` is left empty.
 */
export class Lifter {
  readonly #source: LiftSource
  readonly #depthMax: number
  readonly #known = new Map<unknown, unknown>()
  readonly #pending: Pending[] = []

  constructor(source: LiftSource, depthMax = Infinity) {
    this.#source = source
    this.#depthMax = depthMax
  }

  /** A value as it stands in a slot or on the stack of the type. */
  lift(value: unknown, type: Type): unknown {
    const lifted = this.#value(value, type, 0)
    // The list grows while it is gone through.
    for (let next = 0; next < this.#pending.length; next++) this.#pending[next]!.fill()
    this.#pending.length = 0
    return lifted
  }

  #value(value: unknown, type: Type, depth: number): unknown {
    switch (repOf(type)) {
      case 'unit':
        return type.kind === 'null' ? null : undefined
      case 'bool':
        return value === 1
      case 'f64':
      case 'i32':
      case 'string':
        return value
      default:
        return this.#boxed(value, depth)
    }
  }

  #boxed(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return unboxScalar(value)
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const { source, parts, part } = this.#explode(value)
    if (part === PART.box) return parts[0]
    const lifted = this.#container(part, parts, depth, source)
    this.#known.set(value, lifted)
    const note = source.notes.get(value)
    if (note) this.#later(depth, () => setNote(lifted as object, this.#boxed(note, depth + 1) as Instance))
    return lifted
  }

  #explode(value: unknown): { readonly source: LiftSource; readonly parts: readonly unknown[]; readonly part: number } {
    const source = this.#source
    const outer = source.parts
    source.parts = []
    const part = source.explode(value)
    const { parts } = source
    source.parts = outer
    return { source, parts, part }
  }

  #container(part: number, parts: readonly unknown[], depth: number, source: LiftSource): unknown {
    if (part === PART.closure) return new Closure(parts[0] as number, [])
    const id = part - PART.objects
    const def = source.module.objects[id]
    if (def) return this.#object(id, def, parts, depth)
    const type = source.containers[id - source.module.objects.length]!
    if (type.kind === 'array') return this.#array(type.elem, parts, depth)
    if (isTable(type)) return this.#table(type, parts, depth)
    const list: unknown[] = []
    this.#later(depth, () => type.elems.forEach((elem, i) => list.push(this.#value(parts[i], elem, depth + 1))))
    return list
  }

  #later(depth: number, fill: () => void): void {
    if (depth <= this.#depthMax) this.#pending.push({ fill, depth })
  }

  #array(elem: Type, parts: readonly unknown[], depth: number): unknown[] {
    const kind = elementKind(elem)
    const list: unknown[] = kind === 'f64' ? newNumberArray() : newRefArray()
    const isBoxed = kind === 'ref'
    this.#later(depth, () => {
      for (const part of parts) {
        if (part === UNSET) list.length++
        else list.push(kind === 'bool' ? part === 1 : isBoxed ? this.#boxed(part, depth + 1) : part)
      }
    })
    return list
  }

  /** Whether it inherits nothing, then keys and values by turns. */
  #table(type: TableType, parts: readonly unknown[], depth: number): Table {
    const table = new Table(type.kind, parts[0] === 1)
    const key = keptAs(keyOf(type))
    this.#later(depth, () => {
      if (type.kind === 'set')
        for (const part of parts.slice(1)) table.set(this.#value(part, key, depth + 1), undefined)
      else
        for (let i = 1; i < parts.length; i += 2)
          table.set(this.#value(parts[i], key, depth + 1), this.#value(parts[i + 1], type.value, depth + 1))
    })
    return table
  }

  #object(id: number, def: ObjectDef, parts: readonly unknown[], depth: number): Instance {
    const layout = this.#source.layouts[id]!
    if (def.role === 'error') return this.#error(layout, parts, depth)
    if (def.role === 'typed') return this.#typed(layout, parts, depth)
    if (def.role === 'buffer') return new BufferInstance(layout, Uint8Array.from(parts as number[]).buffer)
    const object = new Instance(layout, layout.root, [...layout.blankNums], [...layout.blankRefs])
    this.#later(depth, () => this.#fill(object, parts, depth))
    return object
  }

  /** Its elements, or its buffer, the offset in it and the number of elements. */
  #typed(layout: Layout, parts: readonly unknown[], depth: number): TypedInstance {
    if (storageOf(layout.def) === 'view') {
      const buffer = this.#boxed(parts[0], depth) as BufferInstance
      const [, offset, length] = parts as readonly [unknown, number, number]
      return new TypedInstance(layout, elementsOver(layout.def, buffer.bytes, offset, length), buffer)
    }
    const typed = newTyped(layout, parts.length, this.#source.layouts)
    typed.elements.set(parts as number[])
    return typed
  }

  /** The number of its key order if it keeps one, its fields, its kind and its trace. */
  #error(layout: Layout, parts: readonly unknown[], depth: number): ErrorInstance {
    const { def } = layout
    const first = keepsKeyOrder(def) ? 1 : 0
    const [name, message] = parts.slice(first)
    const [kind, trace] = [parts[first + errorKindAt(def)], parts[first + errorTraceAt(def)]]
    const error = new ErrorInstance(layout, this.#source.errorKinds[kind as number]!, message as string, trace)
    this.#later(depth, () => this.#fill(error, parts, depth))
    error.refs[0] = name
    return error
  }

  /** Sets the fields that are there: in the order of the keys, with the number of which the parts begin, or in that of the definition. */
  #fill(object: Instance, parts: readonly unknown[], depth: number): void {
    const { def } = object.layout
    const isOrdered = keepsKeyOrder(def)
    const keys = isOrdered ? this.#source.orders.fields(parts[0] as number) : []
    for (const field of new Set([...keys, ...def.fields.keys()])) {
      const part = parts[isOrdered ? field + 1 : field]
      if (part !== UNSET) writeField(object, field, this.#value(part, def.fields[field]!.type, depth + 1))
    }
  }
}

/** A boxed value that is no object: a sentinel, a small integer, or a string. */
export function unboxScalar(value: unknown): unknown {
  if (typeof value !== 'number' || value >= SMALL_MIN) return value
  if (value === SENTINEL.undefined) return undefined
  return value === SENTINEL.null ? null : value === SENTINEL.true
}
