import type { Module } from '../ir/index.ts'
import type { Extent } from './extent.ts'
import { Limited, Trapped } from './failure.ts'
import { hostFunction } from './host-function.ts'
import { hostLibrary } from './host-library.ts'
import { hostPromise, isPromise, reject, resolve, unwatched } from './host-promise.ts'
import { UNSET } from './layout.ts'
import { noteOf } from './note.ts'
import { dictKeys, Table } from './table.ts'
import { BufferInstance, hostTyped, TypedInstance, type Elements } from './typed.ts'
import { Closure, descriptionOf, ErrorInstance, Instance, readField, timeOf, visibleFields } from './value.ts'

/** Levels of nesting that a value may have which is shown in full. */
const LEVELS_MAX = 2000

/** Constructors of the built-in kinds of errors: Node's inspect looks at the constructor. */
const BUILT_IN: { readonly [kind: string]: ErrorConstructor } = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/**
 * A value of the program as a plain value of the host that prints as the program's value would
 * in Node: records as plain objects, class instances as objects of a class of that name, Errors
 * without a stack (`[Error: message]`). What is not shown is left out. `at`: its place in the call.
 */
export function toHost(value: unknown, module: Module, { levels, elements, hidden }: Extent, at: number): unknown {
  const depthMax = Math.min(levels, LEVELS_MAX)
  const converter = new Converter(module, { depthMax, elementsMax: elements, hidden: hidden.includes(at), tags: true })
  const plain = converter.convert(value, 0)
  if (converter.deeper && levels > LEVELS_MAX) throw new Limited('depth', 'a value is nested too deeply to be shown')
  return plain
}

/** Lets the host show values. What it fails to show (a bigint by `%j`, an object without a prototype by `%d`) ends the run. */
export function showing(show: () => void): void {
  try {
    show()
  } catch (error) {
    if (error instanceof TypeError) throw new Trapped('type-mismatch')
    throw error
  }
}

/** A value of the program in full as a plain value of the host for its JSON.stringify, down to `depthMax` levels; what lies deeper is left out. */
export function toHostDeep(
  value: unknown,
  module: Module,
  depthMax: number,
): { readonly value: unknown; readonly deeper: boolean } {
  const converter = new Converter(module, { depthMax, elementsMax: Infinity, hidden: false, tags: false })
  const converted = converter.convert(value, 0)
  return { value: converted, deeper: converter.deeper }
}

type Shown = {
  readonly depthMax: number
  readonly elementsMax: number
  /** Properties that are not enumerable are shown, which the values of the host have others of. */
  readonly hidden: boolean
  /** Classes have their tags, which the host would take for their names where it says what is in a cycle. */
  readonly tags: boolean
}

class Converter {
  readonly #module: Module
  /** Objects met, so that cycles and shared parts print as such. */
  readonly #known = new Map<unknown, unknown>()

  readonly #shown: Shown
  /** Something was left out because it lies too deep. */
  deeper = false

  constructor(module: Module, shown: Shown) {
    this.#module = module
    this.#shown = shown
  }

  convert(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (this.#shown.hidden && hasOthers(value)) throw new Trapped('type-mismatch')
    const known = this.#known.get(value)
    if (known !== undefined) return known
    if (value instanceof Closure) return this.#function(value, depth)
    if (Array.isArray(value)) return this.#array(value, depth)
    if (value instanceof ErrorInstance) return this.#error(value, depth)
    if (value instanceof TypedInstance) return this.#typed(value)
    if (value instanceof BufferInstance) return this.#buffer(value)
    if (value instanceof Table) return value.kind === 'dict' ? this.#dict(value, depth) : this.#table(value, depth)
    return value instanceof Instance ? this.#object(value, depth) : value
  }

  #reaches(depth: number): boolean {
    if (depth <= this.#shown.depthMax) return true
    this.deeper = true
    return false
  }

  #array(list: readonly unknown[], depth: number): unknown[] {
    const result: unknown[] = []
    this.#known.set(list, result)
    // Holes print as groups, so that more elements may be needed to fill the hundred.
    let left = this.#shown.elementsMax
    if (this.#reaches(depth))
      for (let i = 0; i < list.length && left > 0; i++)
        if (Object.hasOwn(list, i)) {
          result[i] = this.convert(list[i], depth + 1)
          left--
        }
    result.length = list.length
    const note = noteOf(list)
    if (note && this.#reaches(depth)) this.#fields(note, result, depth)
    return result
  }

  #typed(typed: TypedInstance): Elements | DataView {
    const result = hostTyped(typed, typed.buffer && this.#buffer(typed.buffer))
    this.#known.set(typed, result)
    return result
  }

  #buffer(buffer: BufferInstance): ArrayBuffer {
    const known = this.#known.get(buffer)
    if (known instanceof ArrayBuffer) return known
    const result = buffer.bytes.slice(0)
    this.#known.set(buffer, result)
    return result
  }

  #table(table: Table, depth: number): Map<unknown, unknown> | Set<unknown> {
    const result = table.kind === 'map' ? new Map() : new Set()
    this.#known.set(table, result)
    let left = this.#shown.elementsMax
    if (!this.#reaches(depth)) return result
    for (const [key, value] of table.entries()) {
      if (left-- <= 0) {
        fillUp(result, table.size)
        break
      }
      const plain = this.convert(key, depth + 1)
      if (result instanceof Map) result.set(plain, this.convert(value, depth + 1))
      else result.add(plain)
    }
    return result
  }

  #dict(dict: Table, depth: number): object {
    const result = dict.bare ? (Object.create(null) as object) : {}
    this.#known.set(dict, result)
    if (this.#reaches(depth))
      for (const key of dictKeys(dict)) define(result, key, this.convert(dict.get(key), depth + 1))
    return result
  }

  #object(object: Instance, depth: number): object | symbol {
    const { def } = object.layout
    if (def.role === 'regexp') return this.#regexp(object)
    if (def.role === 'date') return this.#date(object)
    if (def.role === 'symbol') return this.#symbol(object)
    if (isPromise(def)) return this.#promise(object, depth)
    const known = hostLibrary(object)
    if (known) {
      this.#known.set(object, known)
      return known
    }
    const result: object =
      def.role === 'class' ? Object.create(prototypeOf(def.name, (this.#shown.tags && def.tag) || def.name)) : {}
    this.#known.set(object, result)
    if (this.#reaches(depth)) this.#fields(object, result, depth)
    return result
  }

  #fields(object: Instance, into: object, depth: number): void {
    const { fields } = object.layout.def
    for (const field of visibleFields(object)) {
      const { name } = fields[field]
      if (isAccessor(name)) defineAccessor(into, name)
      else define(into, name, this.convert(readField(object, field), depth + 1))
    }
    this.#symbols(object, into, depth)
  }

  /** What symbols of the program name comes behind what has a key. */
  #symbols(object: Instance, into: object, depth: number): void {
    for (const [field, { name, hidden }] of object.layout.def.fields.entries()) {
      const found = hidden ? SYMBOL_FIELD.exec(name) : null
      const value = found ? readField(object, field) : UNSET
      if (value !== UNSET) define(into, Symbol(found![1]), this.convert(value, depth + 1))
    }
  }

  /** The host prints its own regular expressions by source and flags; this one is never matched with anything. */
  #regexp(object: Instance): RegExp {
    const { fields } = object.layout.def
    const result = new RegExp('')
    for (const name of ['source', 'flags']) {
      const value = readField(
        object,
        fields.findIndex((field) => field.name === `#${name}`),
      )
      Object.defineProperty(result, name, { value: typeof value === 'string' ? value : '' })
    }
    this.#known.set(object, result)
    return result
  }

  #date(object: Instance): Date {
    const result = new Date(timeOf(object))
    this.#known.set(object, result)
    return result
  }

  #symbol(object: Instance): symbol {
    const result = Symbol(descriptionOf(object))
    this.#known.set(object, result)
    return result
  }

  #promise(object: Instance, depth: number): Promise<unknown> {
    const made = hostPromise(object)
    this.#known.set(object, made.promise)
    if (!this.#reaches(depth)) return unwatched(made)
    if (made.value) resolve(made, this.convert(made.value(), depth + 1))
    else if (made.reason) reject(made, this.convert(made.reason(), depth + 1))
    return unwatched(made)
  }

  #error(error: ErrorInstance, depth: number): Error {
    const { kind, message, name } = error
    const { name: className } = error.layout.def
    const result = kind === 'AggregateError' ? new AggregateError([], message) : new (BUILT_IN[kind] ?? Error)(message)
    if (className !== 'Error') Object.setPrototypeOf(result, errorPrototype(className, result))
    this.#known.set(error, result)
    Object.defineProperty(result, 'stack', { get: () => firstLine(error), enumerable: false })
    const { fields } = error.layout.def
    const shown = this.#reaches(depth) ? visibleFields(error) : []
    const isKey = shown.some((field) => fields[field].name === 'name')
    if (name !== kind && !isKey) Object.defineProperty(result, 'name', { value: name, enumerable: false })
    for (const field of shown) define(result, fields[field].name, this.convert(readField(error, field), depth + 1))
    if (depth > this.#shown.depthMax) return result
    this.#symbols(error, result, depth)
    for (const name of ['cause', 'errors']) {
      const hidden = fields.findIndex((field) => field.name === name && field.hidden)
      const value = hidden < 0 ? UNSET : readField(error, hidden)
      if (value !== UNSET)
        Object.defineProperty(result, name, { value: this.convert(value, depth + 1), enumerable: false })
    }
    return result
  }

  #function(closure: Closure, depth: number): unknown {
    const result = hostFunction(this.#module.funcs[closure.func])
    this.#known.set(closure, result)
    const note = noteOf(closure)
    if (note && this.#reaches(depth)) this.#fields(note, result, depth)
    return result
  }
}

/** By their traces, of which each error has its own. */
const FIRST_LINES = new WeakMap<object, string>()

/** V8 writes the first line of a stack when this is first asked for, as showing an error does: what changes later is not in it. */
function firstLine(error: ErrorInstance): string {
  const { trace } = error
  if (typeof trace !== 'object' || trace === null) return String(error)
  const known = FIRST_LINES.get(trace)
  if (known !== undefined) return known
  const line = labelled(error) ?? String(error)
  FIRST_LINES.set(trace, line)
  return line
}

/** Some errors of the library are shown with their code, which is no part of their name. No class of a program is named as a built-in kind. */
function labelled(error: ErrorInstance): string | undefined {
  const { name, fields } = error.layout.def
  const at = Object.hasOwn(BUILT_IN, name) ? fields.findIndex((field) => field.hidden && field.name === '#label') : -1
  return at < 0 ? undefined : `${String(readField(error, at))}: ${error.message}`
}

/** The prototype of a class of errors: the host's inspect looks for the name of the constructor and whether the error is an instance of it. */
function errorPrototype(className: string, error: Error): object {
  const base = error.constructor as ErrorConstructor
  return { [className]: class extends base {} }[className]!.prototype
}

/** What symbols name is kept in hidden fields, by the description of the symbol. */
const SYMBOL_FIELD = /^@@symbol \S+(?: ([^]*))?$/

/** Accessors of literals are fields with names of their own, which the front end gives. */
export const isAccessor = (name: string): boolean => /^@@[gs]et /.test(name)

/** The host only shows that there is an accessor. */
function defineAccessor(object: object, name: string): void {
  const kind = name.slice(2, 5) as 'get' | 'set'
  Object.defineProperty(object, name.slice(6), { [kind]: () => undefined, enumerable: true, configurable: true })
}

/** Whether the value of the host has other hidden properties than that of the program. */
function hasOthers(value: object): boolean {
  if (value instanceof Closure) return true
  return value instanceof Instance && !PLAIN_ROLES.has(value.layout.def.role) && !isPromise(value.layout.def)
}

const PLAIN_ROLES: ReadonlySet<string> = new Set(['record', 'date', 'symbol'])

/** Not an assignment, since `__proto__` would not become a key by it. */
function define(object: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Gives a table as many entries as the program's has, of which only the number is printed. */
function fillUp(table: Map<unknown, unknown> | Set<unknown>, size: number): void {
  while (table.size < size) {
    if (table instanceof Map) table.set(Symbol('more'), undefined)
    else table.add(Symbol('more'))
  }
}

function prototypeOf(name: string, tag: string): object {
  const prototype = {}
  // The host's inspect takes the name of the class from here, and asks whether it made the object.
  function constructor(): void {}
  constructor.prototype = prototype
  Object.defineProperty(constructor, 'name', { value: name })
  // And the host's JSON.stringify from here, when it says what is in a cycle; inspect shows it where it is no name.
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag })
  return Object.defineProperty(prototype, 'constructor', { value: constructor })
}
