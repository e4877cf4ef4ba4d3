import { REFUSALS, type Span } from '../../base/index.ts'
import type { Type } from '../../ir/index.ts'
import { hasAccessors, isPrivateName, isSymbolName, isUserSymbol, privateName, shownName } from '../member-names.ts'
import type { Instance } from '../flow/instance.ts'
import type { HClass, HFunc } from '../hir.ts'
import type { ArrNode, FnNode, ObjNode, Slot, TableNode } from '../flow/slots.ts'
import { nameOf } from './bound-names.ts'
import { someObject } from './contents.ts'
import type { FunctionContext, ProgramContext } from './context.ts'

/** What Node shows of some values and nothing here could: functions of generators, and fields named by symbols. */
type Opaque =
  | 'a bound function whose name is not known'
  | 'a class that extends one with a name of its own'
  | 'a class with static fields'
  | 'a function of the library that has properties'
  | 'a function that is named by a computed key'
  | 'a symbol'
  | 'a promise'
  | 'an object with an accessor'
  | 'an instance whose tag is computed'
  | 'an object with a field that is named by a symbol'
  | 'a format of Intl'
  | 'an error whose cause is set, and may come from its options'
  | 'an instance of a class that is named as one of the library'
  | 'a URL'
  | 'an abort controller'
  | 'an abort signal'
  | 'an event'
  | 'an iterator'
  | 'a regular expression'
  | 'a timer'
  | 'a weak collection'
  | 'a URLSearchParams'
  | 'an instance of a class that extends Map or Set'
  | 'a coder of text'

/** Looks for the first value inside what a slot holds that cannot be shown as Node shows it. */
class Search {
  readonly #seen = new Set<ArrNode | FnNode | ObjNode | TableNode>()
  /** The functions that were found. */
  readonly functions = new Set<HFunc>()
  /** Iterators can be printed but not given out. */
  readonly #givenOut: boolean
  readonly #isOfPrelude: ProgramContext['isOfPrelude']

  constructor(program: ProgramContext, givenOut: boolean) {
    this.#givenOut = givenOut
    this.#isOfPrelude = (span) => program.isOfPrelude(span)
  }

  slot(slot: Slot): Opaque | undefined {
    const { arr, fn, map, set, objs } = slot.root()
    const inside = [map, set].flatMap((table) => (table ? [table.root()] : []))
    return (
      // Whoever is given a function is told no more than that.
      (fn && !this.#givenOut ? this.#function(fn.root()) : undefined) ??
      (arr && this.#array(arr.root())) ??
      this.#first(inside, (table) => this.#table(table)) ??
      this.#first(objs, (obj) => this.#object(obj.root()))
    )
  }

  #function(node: FnNode): Opaque | undefined {
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    const instances = [...node.instances]
    const funcs = instances.map((inst) => inst.func)
    for (const func of funcs) this.functions.add(func)
    return this.#first(instances, unshown) ?? (node.note && this.#object(node.note.root())) ?? undefined
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
    if (node.brand === 'Promise') return this.#givenOut ? 'a promise' : this.#promise(node)
    if (node.cls && Object.hasOwn(UNSHOWN, node.cls.name) && this.#isOfPrelude(node.cls.span))
      return UNSHOWN[node.cls.name]
    if (node.cls && isNamedAsLibrary(node.cls, node)) return this.#named(node.cls)
    if (node.cls?.extended) return 'an instance of a class that extends Map or Set'
    if (node.brand === 'Timeout') return 'a timer'
    if (node.brand === 'TextEncoder' || node.brand === 'TextDecoder')
      return this.#givenOut ? 'a coder of text' : undefined
    if (node.brand !== null && NAMED_ITERATORS.has(node.brand)) return 'an iterator'
    if (node.brand !== null) return this.#givenOut ? 'an iterator' : undefined
    if (node.cls?.isRegExp) return this.#givenOut ? 'a regular expression' : undefined
    if (node.cls?.isSymbol) return this.#givenOut ? 'a symbol' : undefined
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    if (this.#givenOut && hasAccessors(node)) return 'an object with an accessor'
    if (
      [...node.fields].some(([name, { slot }]) => isSymbolName(name) && !isUserSymbol(name) && slot.root().kinds !== 0)
    )
      return 'an object with a field that is named by a symbol'
    if (!this.#givenOut && node.cls?.tag === null) return 'an instance whose tag is computed'
    if (node.recaused && !this.#givenOut) return 'an error whose cause is set, and may come from its options'
    const seen = [...node.fields].filter(([name]) => !isPrivateName(name))
    return this.#first([...(node.dict ? [node.dict] : []), ...seen.map(([, info]) => info)], (info) =>
      this.slot(info.slot),
    )
  }

  /** The host shows its own objects for those of the library. */
  #named(cls: HClass): Opaque | undefined {
    if (!this.#isOfPrelude(cls.span)) return 'an instance of a class that is named as one of the library'
    return this.#givenOut ? LIBRARY[cls.name]?.what : undefined
  }

  /** Node shows what it came to. */
  #promise(node: ObjNode): Opaque | undefined {
    if (this.#seen.has(node)) return undefined
    this.#seen.add(node)
    const settled = ['#value', '#reason'].flatMap((name) => node.fields.get(privateName(name)) ?? [])
    return this.#first(settled, ({ slot }) => this.slot(slot))
  }

  #first<T>(list: readonly T[], look: (one: T) => Opaque | undefined): Opaque | undefined {
    for (const one of list) {
      const found = look(one)
      if (found) return found
    }
    return undefined
  }
}

/** What of a function the module does not say. */
function unshown(inst: Instance): Opaque | undefined {
  const { binds, makes, namedLate, hasProperties } = inst.func
  if (binds && nameOf(inst) === undefined) return 'a bound function whose name is not known'
  if (namedLate) return 'a function that is named by a computed key'
  if (hasProperties) return 'a function of the library that has properties'
  if (typeof makes !== 'object') return undefined
  if (makes.base?.statics.has('name')) return 'a class that extends one with a name of its own'
  return makes.hasStaticFields ? 'a class with static fields' : undefined
}

/** Iterators of which Node prints what is left. */
const NAMED_ITERATORS: ReadonlySet<string> = new Set(['Map Iterator', 'Set Iterator', 'URLSearchParams Iterator'])

/** Classes of the prelude whose instances Node shows as it makes them. */
const UNSHOWN: { readonly [name: string]: Opaque } = {
  AbortController: 'an abort controller',
  AbortEvent: 'an event',
  AbortSignal: 'an abort signal',
  URL: 'a URL',
}

/** Classes whose instances the host makes for those of the library, by a private field that these have, if any: see `MADE` of values. */
const LIBRARY: { readonly [name: string]: { readonly field: string | null; readonly what: Opaque } } = {
  DateTimeFormat: { field: '#locales', what: 'a format of Intl' },
  NumberFormat: { field: '#locales', what: 'a format of Intl' },
  Promise: { field: '#status', what: 'a promise' },
  TextDecoder: { field: '#fatal', what: 'a coder of text' },
  TextEncoder: { field: null, what: 'a coder of text' },
  URLSearchParams: { field: '#names', what: 'a URLSearchParams' },
  WeakMap: { field: '#entries', what: 'a weak collection' },
  WeakSet: { field: '#members', what: 'a weak collection' },
}

function isNamedAsLibrary({ name }: HClass, { fields }: ObjNode): boolean {
  const row = Object.hasOwn(LIBRARY, name) ? LIBRARY[name] : undefined
  return (
    row !== undefined &&
    (row.field === null || [...fields.keys()].some((field) => isPrivateName(field) && shownName(field) === row.field))
  )
}

/** What keeps a value from being given out as the result of an entry. */
export const opaqueIn = (program: ProgramContext, slot: Slot): Opaque | undefined =>
  new Search(program, true).slot(slot)

/** Refuses to print what Node would print otherwise. */
export function refuseOpaque(c: FunctionContext, slot: Slot, span: Span): void {
  const search = new Search(c.program, false)
  const what = search.slot(slot)
  for (const func of search.functions) c.program.shown.add(func)
  if (what) c.report('ANRF1101', span, `${what} cannot be printed`, 'Leave it out of the value.', 'opaque value')
}

/** Refuses to list the keys of typed arrays, which are indices, and those of buffers. */
export function refuseBytesKeys(c: FunctionContext, span: Span): void {
  const hint = 'Go through its elements: `for (const value of array)`, or copy it by `slice()`.'
  c.report('ANRF1101', span, 'the keys of a typed array or buffer', hint, 'keys of a typed array')
}

/** Whether objects have fields that the program names by symbols. */
export const hasSymbols = (node: ObjNode): boolean => [...node.fields.keys()].some(isSymbolName)

/** Refuses what a symbol names in a dictionary, whose keys are texts. */
export function refuseSymbolKey(c: FunctionContext, name: string, span: Span): void {
  if (!isSymbolName(name)) return
  const what = `${shownName(name)} as a key of an object whose keys are computed or deleted`
  c.report('ANRF1101', span, what, REFUSALS.symbols.hint, 'symbol as a key')
}

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
