import type { Span } from '../../base/index.ts'
import type { Type } from '../../ir/index.ts'
import { hasAccessors, isPrivateName, isSymbolName, privateName, TAG } from '../member-names.ts'
import type { ArrNode, FnNode, ObjNode, Slot, TableNode } from '../flow/slots.ts'
import { someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'

/** What Node shows of some values and nothing here could: functions of generators, and fields named by symbols. */
type Opaque =
  | 'a class'
  | 'a function with properties'
  | 'a function that is named by a computed key'
  | 'a generator or an async function'
  | 'a promise'
  | 'an object with an accessor'
  | 'an object with a field that is named by a symbol'
  | 'a format of Intl'
  | 'an iterator'
  | 'a regular expression'
  | 'a timer'
  | 'a weak collection'
  | 'a URLSearchParams'
  | 'an instance of a class that extends Map or Set'
  | 'a coder of text'

/** Looks for the first value inside what a slot holds that cannot be shown as Node shows it. */
class Search {
  readonly #seen = new Set<ArrNode | ObjNode | TableNode>()
  /** Iterators can be printed but not given out. */
  readonly #givenOut: boolean

  constructor(givenOut: boolean) {
    this.#givenOut = givenOut
  }

  slot(slot: Slot): Opaque | undefined {
    const { arr, fn, map, set, objs } = slot.root()
    // Whoever is given a function is told no more than that.
    const shown = fn && !this.#givenOut ? functionIn(fn) : undefined
    if (shown) return shown
    const inside = [map, set].flatMap((table) => (table ? [table.root()] : []))
    return (
      (arr && this.#array(arr.root())) ??
      this.#first(inside, (table) => this.#table(table)) ??
      this.#first(objs, (obj) => this.#object(obj.root()))
    )
  }

  #table(node: TableNode): Opaque | undefined {
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    return this.slot(node.key) ?? this.slot(node.value)
  }

  #array(node: ArrNode): Opaque | undefined {
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    return this.#first(node.tuple ?? [node.elem], (slot) => this.slot(slot))
  }

  #object(node: ObjNode): Opaque | undefined {
    if (node.brand === 'Promise') return 'a promise'
    if (node.cls && FORMATS.has(node.cls.name) && node.fields.has(privateName('#locales'))) return 'a format of Intl'
    if (node.cls && WEAK.has(node.cls.name) && hasHidden(node)) return 'a weak collection'
    if (node.cls?.extended) return 'an instance of a class that extends Map or Set'
    if (node.cls?.name === 'URLSearchParams' && node.fields.has(privateName('#names'))) return 'a URLSearchParams'
    if (node.brand === 'Timeout') return 'a timer'
    if (node.brand === 'TextEncoder' || node.brand === 'TextDecoder') return 'a coder of text'
    if (node.brand !== null && NAMED_ITERATORS.has(node.brand)) return 'an iterator'
    if (node.brand !== null) return this.#givenOut ? 'an iterator' : undefined
    if (node.cls?.isRegExp) return this.#givenOut ? 'a regular expression' : undefined
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    if (this.#givenOut && hasAccessors(node)) return 'an object with an accessor'
    if (hasSymbols(node) || (!this.#givenOut && node.cls?.getters.has(TAG)))
      return 'an object with a field that is named by a symbol'
    const seen = [...node.fields].filter(([name]) => !isPrivateName(name))
    return this.#first(seen, ([, info]) => this.slot(info.slot))
  }

  #first<T>(list: readonly T[], look: (one: T) => Opaque | undefined): Opaque | undefined {
    for (const one of list) {
      const found = look(one)
      if (found) return found
    }
    return undefined
  }
}

/** Iterators of which Node prints what is left. */
const NAMED_ITERATORS: ReadonlySet<string> = new Set(['Map Iterator', 'Set Iterator', 'URLSearchParams Iterator'])

/** Classes of the prelude that Node names otherwise. */
const FORMATS: ReadonlySet<string> = new Set(['DateTimeFormat', 'NumberFormat'])

/** Those of the prelude have nothing but their entries, under names of their own. */
const WEAK: ReadonlySet<string> = new Set(['WeakMap', 'WeakSet'])
const hasHidden = ({ fields }: ObjNode): boolean =>
  fields.has(privateName('#entries')) || fields.has(privateName('#members'))

/** What of the functions that may be printed Node shows and nothing here could. */
function functionIn(fn: FnNode): Opaque | undefined {
  if (resumes(fn)) return 'a generator or an async function'
  if (fn.root().note) return 'a function with properties'
  const funcs = [...fn.root().instances].map((inst) => inst.func)
  if (funcs.some((func) => func.makes)) return 'a class'
  return funcs.some((func) => func.namedLate) ? 'a function that is named by a computed key' : undefined
}

const resumes = (fn: FnNode): boolean => [...fn.root().instances].some((inst) => inst.func.resumed !== undefined)

/** What keeps a value from being printed, or given out as the result of an entry. */
export const opaqueIn = (slot: Slot, givenOut: boolean): Opaque | undefined => new Search(givenOut).slot(slot)

/** Refuses to print what Node would print otherwise. */
export function refuseOpaque(c: FunctionContext, slot: Slot, span: Span): void {
  const what = opaqueIn(slot, false)
  if (what) c.report('ANRF1101', span, `${what} cannot be printed`, 'Leave it out of the value.', 'opaque value')
}

/** Refuses to list the keys of typed arrays, which are indices, and those of buffers. */
export function refuseBytesKeys(c: FunctionContext, span: Span): void {
  const hint = 'Go through its elements: `for (const value of array)`, or copy it by `slice()`.'
  c.report('ANRF1101', span, 'the keys of a typed array or buffer', hint, 'keys of a typed array')
}

/** Whether objects have fields that the program names by symbols. */
export const hasSymbols = (node: ObjNode): boolean => [...node.fields.keys()].some(isSymbolName)

/** Refuses to copy an object whose fields are not all copied here. */
export function refuseSymbols(c: FunctionContext, node: ObjNode | undefined, span: Span): void {
  if (node?.root().cls?.bytes) refuseBytesKeys(c, span)
  const what =
    node &&
    (hasAccessors(node.root()) ? 'an accessor' : hasSymbols(node.root()) ? 'a field that is named by a symbol' : '')
  if (what)
    c.report(
      'ANRF1101',
      span,
      `a copy of an object with ${what}`,
      'Write a class, whose methods are not copied.',
      'symbol field',
    )
}

/** Refuses what would list the keys of an object whose accessors are none of its fields here. */
export function refuseAccessors(c: FunctionContext, node: ObjNode | undefined, span: Span): void {
  if (node && hasAccessors(node.root()))
    c.report(
      'ANRF1101',
      span,
      'the keys of an object with an accessor',
      'Name the properties that are meant, or write a class.',
      'keys of accessors',
    )
}

/** Refuses what would read all properties of a value, where some of them are what an accessor gives. */
export function refuseAccessorsIn(c: FunctionContext, type: Type, span: Span): void {
  if (someObject(c, type, hasAccessors))
    c.report(
      'ANRF1101',
      span,
      'the properties of a value that has an object with an accessor in it',
      'Make a record of what you need, or write a class.',
      'keys of accessors',
    )
}
