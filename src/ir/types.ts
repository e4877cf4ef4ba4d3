/**
 * Types of the IR. A type says how a value is represented as well as what it may be:
 *
 * - `bool`, `i32`, `f64` are unboxed scalars; everything else is a reference.
 * - `string` is an immutable sequence of UTF-16 code units.
 * - `bigint` is an integer of any size.
 * - `array` is growable, mutable, may have holes, and has identity; `tuple` has a fixed length.
 * - `object` is an instance of {@link ObjectDef} `id`: a record, a class instance or an Error.
 * - `func` is a closure. `cell` is a heap box for one variable that closures share and change.
 * - `map`, `set` and `dict` are hash tables that keep the order of insertion, and have identity; a `dict` is an object
 *   whose keys are computed, which are strings.
 * - `union` is a boxed value of one of its members, told apart at run time; nullable and optional
 *   values are unions with `null` and `undefined`. `json` is the union of what JSON can hold and undefined, in
 *   which arrays and dicts are of `json` again. `any` is the union of everything.
 * - `nested` is a union whose members may contain it again, where they have `self`: lists in lists. Nothing else has `self`.
 *
 * spec: types
 */
export type Type =
  | { readonly kind: 'undefined' | 'null' | 'bool' | 'i32' | 'f64' | 'string' | 'bigint' | 'json' | 'any' | 'self' }
  | { readonly kind: 'array'; readonly elem: Type }
  | { readonly kind: 'tuple'; readonly elems: readonly Type[] }
  | { readonly kind: 'object'; readonly id: number }
  | { readonly kind: 'func'; readonly params: readonly Type[]; readonly result: Type }
  | { readonly kind: 'cell'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'set'; readonly elem: Type }
  | { readonly kind: 'dict'; readonly value: Type }
  | { readonly kind: 'union'; readonly members: readonly Type[] }
  | NestedType

/** A union within which `self` is the union itself. */
export type NestedType = { readonly kind: 'nested'; readonly members: readonly Type[] }

export const UNDEFINED: Type = { kind: 'undefined' }
export const NULL: Type = { kind: 'null' }
export const BOOL: Type = { kind: 'bool' }
export const I32: Type = { kind: 'i32' }
export const F64: Type = { kind: 'f64' }
export const STRING: Type = { kind: 'string' }
export const BIGINT: Type = { kind: 'bigint' }
export const JSON_VALUE: Type = { kind: 'json' }
export const ANY: Type = { kind: 'any' }
export const SELF: Type = { kind: 'self' }

export const arrayOf = (elem: Type): Type => ({ kind: 'array', elem })
export const tupleOf = (elems: readonly Type[]): Type => ({ kind: 'tuple', elems })
export const objectOf = (id: number): Type => ({ kind: 'object', id })
export const funcOf = (params: readonly Type[], result: Type): Type => ({ kind: 'func', params, result })
export const cellOf = (of: Type): Type => ({ kind: 'cell', of })
export const mapOf = (key: Type, value: Type): TableType => ({ kind: 'map', key, value })
export const setOf = (elem: Type): TableType => ({ kind: 'set', elem })
export const dictOf = (value: Type): TableType => ({ kind: 'dict', value })

/** A hash table. */
export type TableType = Extract<Type, { kind: 'map' | 'set' | 'dict' }>

export function isTable(type: Type): type is TableType {
  return type.kind === 'map' || type.kind === 'set' || type.kind === 'dict'
}

/** The type of the keys of a table. */
export function keyOf(type: TableType): Type {
  return type.kind === 'map' ? type.key : type.kind === 'set' ? type.elem : STRING
}

/** The text form of a type, also its identity: two types are equal when their texts are. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case 'array':
      return `array<${formatType(type.elem)}>`
    case 'tuple':
      return `tuple<${type.elems.map(formatType).join(', ')}>`
    case 'object':
      return `object ${type.id}`
    case 'func':
      return `func<(${type.params.map(formatType).join(', ')}) -> ${formatType(type.result)}>`
    case 'cell':
      return `cell<${formatType(type.of)}>`
    case 'map':
      return `map<${formatType(type.key)}, ${formatType(type.value)}>`
    case 'set':
      return `set<${formatType(type.elem)}>`
    case 'dict':
      return `dict<${formatType(type.value)}>`
    case 'union':
    case 'nested':
      return `${type.kind}<${type.members.map(formatType).join(' | ')}>`
    default:
      return type.kind
  }
}

/** Whether two types are equal, part by part. Types of a decoded module are shared, so this is mostly one comparison. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true
  switch (a.kind) {
    case 'array':
      return b.kind === 'array' && sameType(a.elem, b.elem)
    case 'tuple':
      return b.kind === 'tuple' && sameTypes(a.elems, b.elems)
    case 'object':
      return b.kind === 'object' && a.id === b.id
    case 'func':
      return b.kind === 'func' && sameTypes(a.params, b.params) && sameType(a.result, b.result)
    case 'cell':
      return b.kind === 'cell' && sameType(a.of, b.of)
    case 'map':
      return b.kind === 'map' && sameType(a.key, b.key) && sameType(a.value, b.value)
    case 'set':
      return b.kind === 'set' && sameType(a.elem, b.elem)
    case 'dict':
      return b.kind === 'dict' && sameType(a.value, b.value)
    case 'union':
    case 'nested':
      return b.kind === a.kind && sameTypes(a.members, b.members)
    default:
      return a.kind === b.kind
  }
}

function sameTypes(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((type, i) => sameType(type, b[i]!))
}

/** The types directly inside a type. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'array':
      return [type.elem]
    case 'tuple':
      return type.elems
    case 'cell':
      return [type.of]
    case 'func':
      return [...type.params, type.result]
    case 'map':
      return [type.key, type.value]
    case 'set':
      return [type.elem]
    case 'dict':
      return [type.value]
    case 'union':
    case 'nested':
      return type.members
    default:
      return []
  }
}

/** Whether values of the type carry their kind with them (unions, also nested ones, `json` and `any`). */
export function isBoxed(type: Type): boolean {
  return isUnion(type) || type.kind === 'any'
}

/** Whether a boxed value is one of several known types. */
export function isUnion(type: Type): boolean {
  return type.kind === 'union' || type.kind === 'json' || type.kind === 'nested'
}

/** What `json` is, in the order of unions. */
const JSON_MEMBERS: readonly Type[] = [arrayOf(JSON_VALUE), BOOL, dictOf(JSON_VALUE), F64, NULL, STRING, UNDEFINED]

/** The members of a union, in which a nested one is written out once; any other type is its own only member. */
export function membersOf(type: Type): readonly Type[] {
  if (type.kind === 'json') return JSON_MEMBERS
  if (type.kind === 'nested') return unfold(type)
  return type.kind === 'union' ? type.members : [type]
}

/** The members as they are written, where a nested union says `self`: what looks into all parts of a type comes to an end with them. */
export function writtenMembers(type: Type): readonly Type[] {
  return type.kind === 'nested' ? type.members : membersOf(type)
}

const UNFOLDED = new WeakMap<Type, readonly Type[]>()

/** The members of a nested union with the union for `self`; made once, so that what they contain is the same type. */
function unfold(nested: NestedType): readonly Type[] {
  const known = UNFOLDED.get(nested)
  if (known) return known
  const made = nested.members.map((member) => mapParts(member, (part) => putSelf(part, nested)))
  UNFOLDED.set(nested, made)
  return made
}

/** A type with another for `self`; within a nested union `self` is that. */
function putSelf(type: Type, self: Type): Type {
  if (type.kind === 'self') return self
  return type.kind === 'nested' ? type : mapParts(type, (part) => putSelf(part, self))
}

/** A type of the same kind whose parts are what `change` makes of them; the same where none changes. */
function mapParts(type: Type, change: (part: Type) => Type): Type {
  const parts = partsOf(type)
  const changed = parts.map(change)
  if (changed.every((part, i) => part === parts[i])) return type
  switch (type.kind) {
    case 'array':
      return arrayOf(changed[0]!)
    case 'tuple':
      return tupleOf(changed)
    case 'cell':
      return cellOf(changed[0]!)
    case 'func':
      return funcOf(changed.slice(0, -1), changed.at(-1)!)
    case 'map':
      return mapOf(changed[0]!, changed[1]!)
    case 'set':
      return setOf(changed[0]!)
    case 'dict':
      return dictOf(changed[0]!)
    case 'union':
      return { kind: 'union', members: changed }
    default:
      return type
  }
}

/** Whether a value of `type` may be a value of the (non-union) `member`. */
export function admits(type: Type, member: Type): boolean {
  return type.kind === 'any' || membersOf(type).some((m) => sameType(m, member))
}

/** Whether every value of `from` is a value of `to`. Containers are invariant, since they are mutable and shared. */
export function isSubtype(from: Type, to: Type): boolean {
  if (from === to || to.kind === 'any') return true
  if (from.kind === 'any') return false
  const texts = memberTexts(to)
  for (const text of memberTexts(from)) if (!texts.has(text)) return false
  return true
}

/** Texts of the members of a type, made once for each type: large unions are common and compared often. */
function memberTexts(type: Type): ReadonlySet<string> {
  const known = MEMBER_TEXTS.get(type)
  if (known) return known
  const texts = new Set(membersOf(type).map(formatType))
  MEMBER_TEXTS.set(type, texts)
  return texts
}

const MEMBER_TEXTS = new WeakMap<Type, ReadonlySet<string>>()

/**
 * The smallest type that holds the values of all `types`: members flattened, without repeats,
 * in the order of their texts, so that equal unions have equal texts. `any` absorbs all, and the members of `json`, or of a nested union, together are it.
 */
export function unionOf(types: readonly Type[]): Type {
  const members = new Map<string, Type>()
  for (const type of types) {
    if (type.kind === 'any') return ANY
    for (const member of membersOf(type)) members.set(formatType(member), member)
  }
  const sorted = [...members.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, t]) => t)
  if (sorted.length === 1 && sorted[0]) return sorted[0]
  return foldedOf(sorted) ?? { kind: 'union', members: sorted }
}

/** `json` or the nested union of which these are all members. */
function foldedOf(members: readonly Type[]): Type | undefined {
  const within = members.flatMap(partsOf).filter(({ kind }) => kind === 'json' || kind === 'nested')
  return within.find((type) => {
    const all = membersOf(type)
    return all.length === members.length && all.every((member, i) => sameType(member, members[i]!))
  })
}

const OPTIONALS = new WeakMap<Type, Type>()

/** `T?` of the operation table: `type` or undefined. */
export function optional(type: Type): Type {
  const known = OPTIONALS.get(type)
  if (known) return known
  const made = unionOf([type, UNDEFINED])
  OPTIONALS.set(type, made)
  return made
}

/** The type without null and undefined; `undefined` when nothing is left. */
export function nonNullish(type: Type): Type | undefined {
  const left = membersOf(type).filter((m) => m.kind !== 'null' && m.kind !== 'undefined')
  if (left.length === membersOf(type).length) return type
  return left.length > 1 ? unionOf(left) : left[0]
}
