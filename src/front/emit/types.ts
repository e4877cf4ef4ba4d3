import {
  THROWN,
  ANY,
  arrayOf,
  BIGINT,
  BOOL,
  dictOf,
  ERROR_OBJECT,
  F64,
  funcOf,
  JSON_VALUE,
  mapOf,
  NULL,
  objectOf,
  setOf,
  STRING,
  tupleOf,
  isUnion,
  membersOf,
  SELF,
  UNDEFINED,
  unionOf,
  type Field,
  type ObjectDef,
  type Type,
} from '../../ir/index.ts'
import type { HClass } from '../hir.ts'
import * as K from '../kinds.ts'
import { isPrivateName, isSymbolName, OWN_NAME, privateName, shownName } from '../member-names.ts'
import type { Cuts } from '../flow/function-cycles.ts'
import type { Nest } from '../flow/nesting.ts'
import { isHiddenField } from '../flow/key-order.ts'
import { ObjNode, passedParams, type ArrNode, type FnNode, type Slot, type TableNode } from '../flow/slots.ts'

type Pending = { readonly node: ObjNode; readonly id: number }

/** The IR types of slots, and the object definitions they need. */
export class TypeTable {
  readonly #ids = new Map<ObjNode, number>()
  readonly #nodes: (ObjNode | undefined)[] = []
  readonly #defs: (ObjectDef | null)[] = []
  readonly #pending: Pending[] = []
  #open = new Set<ArrNode | FnNode | TableNode | ObjNode>()
  readonly #types = new Map<Slot, Type>()
  /** Types that contain themselves other than through an object, in a way that no type of the IR has. */
  recursive = false
  readonly #recursive: ReadonlySet<Slot>

  /** Places that are of a nested union, the types of the nests that are known, and the nest whose type is being made. */
  readonly #nests: ReadonlyMap<Slot, Nest>
  readonly #nested = new Map<Nest, Type>()
  #within: Nest | undefined

  /** Parameters and results of the type `any`, see {@link functionCycles}. */
  readonly #cut: ReadonlySet<Slot>
  /** The objects that `this` comes in where the functions that it holds are called on it. */
  #holder: ObjNode | null = null
  readonly #wrappers: ReadonlyMap<Slot, ObjNode>

  /** `plain`: what built-in errors are, which have the first definition. */
  constructor(plain: ObjNode, recursive: ReadonlySet<Slot>, { cut, wrapped }: Cuts, nests: ReadonlyMap<Slot, Nest>) {
    this.#recursive = recursive
    this.#nests = nests
    this.#cut = cut
    this.#wrappers = new Map([...wrapped].map((slot) => [slot, wrapperOf(slot)]))
    this.idOf(plain)
  }

  /** The object that `this` of a function comes in, if it does. */
  wrapper({ self }: FnNode): ObjNode | undefined {
    return self ? this.#wrappers.get(self.root()) : undefined
  }

  /** The object in which what a slot holds is thrown. */
  holder(slot: Slot): ObjNode {
    return (this.#holder ??= holderOf(slot))
  }

  /** The type of what a slot holds; `undefined` where nothing ever comes. */
  of(slot: Slot): Type {
    const root = slot.root()
    const known = this.#types.get(root)
    if (known) return known
    if (this.#cut.has(root)) return ANY
    const nest = this.#nests.get(root)
    if (nest) return nest === this.#within ? SELF : this.#typeOfNest(nest)
    const type = this.told(root)
    if (this.#open.size === 0 && !this.#within) this.#types.set(root, type)
    return type
  }

  /** The nested union of all that is held in the places of a nest. */
  #typeOfNest(nest: Nest): Type {
    const known = this.#nested.get(nest)
    if (known) return known
    const outer = [this.#open, this.#within] as const
    this.#open = new Set()
    this.#within = nest
    const held = unionOf([...nest.slots].map((slot) => this.told(slot)))
    const members = membersOf(isUnion(held) ? held : unionOf([held, UNDEFINED]))
    ;[this.#open, this.#within] = outer
    const kinds = members.map(({ kind }) => (kind === 'tuple' ? 'array' : kind))
    const isApart = (['array', 'func', 'map', 'set', 'dict'] as const).every(
      (kind) => kinds.filter((k) => k === kind).length <= 1,
    )
    if (!isApart) this.recursive = true
    const type: Type = isApart ? { kind: 'nested', members } : ANY
    this.#nested.set(nest, type)
    return type
  }

  /** Whether a place is of a wider type than what it is known to hold: `any` as parameter or result, or a nested union. */
  isWidened(slot: Slot): boolean {
    return this.#cut.has(slot.root()) || this.#nests.has(slot.root())
  }

  /** The type of what a slot holds, also where the place itself is of a wider one. */
  told(slot: Slot): Type {
    const { arr, fn, kinds, map, objs, set } = slot.root()
    if (kinds & K.ANY) return ANY
    const members: Type[] = []
    if (kinds & K.NUM) members.push(F64)
    if (kinds & K.STR) members.push(STRING)
    if (kinds & K.BIG) members.push(BIGINT)
    if (kinds & K.BOOL) members.push(BOOL)
    if (kinds & K.NULL) members.push(NULL)
    if (kinds & K.UNDEF) members.push(UNDEFINED)
    if (arr) members.push(this.array(arr))
    if (fn) members.push(this.func(fn))
    if (map) members.push(this.table(map, 'map'))
    if (set) members.push(this.table(set, 'set'))
    for (const obj of objs) members.push(this.object(obj))
    return members.length === 0 ? UNDEFINED : unionOf(members)
  }

  array(arr: ArrNode): Type {
    const node = arr.root()
    return this.#guard(node, () =>
      node.tuple ? tupleOf(node.tuple.map((slot) => this.of(slot))) : arrayOf(this.content(node.elem)),
    )
  }

  table(table: TableNode, kind: 'map' | 'set'): Type {
    const node = table.root()
    return this.#guard(node, () =>
      kind === 'map' ? mapOf(this.of(node.key), this.of(node.value)) : setOf(this.of(node.key)),
    )
  }

  func(fn: FnNode): Type {
    const node = fn.root()
    return this.#guard(node, () => funcOf(this.params(node), this.of(node.result)))
  }

  /** Parameter types of a function in calling order: `this` where it is passed first, the rest parameter as one array at the end. */
  params(fn: FnNode): Type[] {
    const node = fn.root()
    const wrapper = this.wrapper(node)
    const self = wrapper ? [this.object(wrapper)] : node.self ? [this.of(node.self)] : []
    const params = [...self, ...passedParams(node).map((slot) => this.of(slot))]
    return node.rest ? [...params, arrayOf(this.content(node.rest.elem))] : params
  }

  /** The content of an array or dictionary that may be within itself is of `json`, see {@link recursiveContents}. */
  content(slot: Slot): Type {
    return this.#recursive.has(slot.root()) ? JSON_VALUE : this.of(slot)
  }

  #guard(node: ArrNode | FnNode | TableNode | ObjNode, build: () => Type): Type {
    if (this.#open.has(node)) {
      this.recursive = true
      return ANY
    }
    this.#open.add(node)
    const type = build()
    this.#open.delete(node)
    return type
  }

  object(obj: ObjNode): Type {
    const { dict } = obj.root()
    return dict ? this.#guard(obj.root(), () => dictOf(this.content(dict.slot))) : objectOf(this.idOf(obj))
  }

  idOf(obj: ObjNode): number {
    const node = obj.root()
    const known = this.#ids.get(node)
    if (known !== undefined) return known
    const id = this.#defs.length
    this.#defs.push(null)
    this.#ids.set(node, id)
    this.#nodes[id] = node
    this.#pending.push({ node, id })
    return id
  }

  /** The class whose instances have this definition, if it is one of the program. */
  classOf(id: number): HClass | null {
    return this.#nodes[id]?.cls ?? null
  }

  /** Whether objects of a definition are errors. */
  isError(id: number): boolean {
    return (this.#nodes[id]?.cls?.error ?? null) !== null
  }

  /** Whether values of a type are symbols. */
  isSymbol(type: Type): boolean {
    return type.kind === 'object' && this.#nodes[type.id]?.cls?.isSymbol === true
  }

  /** The node that a definition was made for. */
  nodeOf(id: number): ObjNode | undefined {
    return this.#nodes[id]
  }

  /** Index of a field in the definition of its object. */
  fieldIndex(obj: ObjNode, name: string): number {
    return [...obj.root().fields.keys()].indexOf(name)
  }

  /** All definitions; call when no further type will be asked for. */
  definitions(): ObjectDef[] {
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) this.#defs[next.id] = this.#define(next.node)
    return this.#defs.map((def) => def ?? ERROR_OBJECT)
  }

  #define(node: ObjNode): ObjectDef {
    const fields = [...node.fields].map(([name, info]): Field => ({
      name: nameIn(node, name),
      type: this.of(info.slot),
      ...(info.optional ? { optional: true } : {}),
      ...(isHiddenField(node, name) || isPrivateName(name) || isSymbolName(name) ? { hidden: true } : {}),
    }))
    if (node.cls?.bytes) return this.#defineBytes(node, node.cls.bytes)
    if (node.brand !== null)
      return { role: 'class', name: node.brand, fields: fields.map((field) => ({ ...field, hidden: true })) }
    if (!node.cls) return { role: 'record', name: '', fields }
    if (node.cls.isRegExp)
      return { role: 'regexp', name: 'RegExp', fields: fields.map((field) => ({ ...field, hidden: true })) }
    if (node.cls.isDate)
      return { role: 'date', name: 'Date', fields: fields.map((field) => ({ ...field, hidden: true })) }
    if (node.cls.isSymbol) return { role: 'symbol', name: 'Symbol', fields }
    if (node.cls.error !== null) return { role: 'error', name: shownClass(node.cls), fields }
    const name = shownClass(node.cls)
    const { tag } = node.cls
    return { role: 'class', name, ...(tag && tag !== name && { tag }), fields }
  }

  /** Where the elements of typed arrays are follows from what the program does with them. */
  #defineBytes(node: ObjNode, name: string): ObjectDef {
    if (name === 'ArrayBuffer') return { role: 'buffer', name, fields: [] }
    const buffer = node.fields.get(privateName('#buffer'))?.slot
    const number = (field: string): Field => ({ name: field, type: F64, hidden: true })
    const window = [number('#offset'), number('#length')]
    if (buffer && buffer.root().objs.length > 0)
      return { role: 'typed', name, fields: [...window, { name: '#buffer', type: this.of(buffer), hidden: true }] }
    return { role: 'typed', name, fields: node.fields.has(privateName('#window')) ? window : [] }
  }
}

/** Instances are shown by the name of the first class that has one. */
const shownClass = ({ name, base, error }: HClass): string => name || (base ? shownClass(base) : (error ?? ''))

function wrapperOf(slot: Slot): ObjNode {
  const node = new ObjNode(null)
  node.fields.set('this', { slot, read: slot, optional: false })
  return node
}

function holderOf(slot: Slot): ObjNode {
  const node = new ObjNode(null)
  node.fields.set(privateName(THROWN), { slot, read: slot, optional: false })
  return node
}

/** The key of the name of an error is called as the name itself, which is hidden. A private member is `#name` in the IR too, unless its object has a key that is written so, or another of that name. */
function nameIn({ fields }: ObjNode, name: string): string {
  if (name === OWN_NAME) return 'name'
  if (!isPrivateName(name)) return name
  const text = shownName(name)
  const isAmong = [...fields.keys()].some((other) => other !== name && shownName(other) === text)
  return isAmong ? name : text
}
