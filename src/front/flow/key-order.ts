import type { HClass, HExpr } from '../hir.ts'
import { isReserved, isUserSymbol, OWN_NAME } from '../member-names.ts'
import { isBuiltInError } from './built-in-errors.ts'
import { areErrors, type ObjNode } from './slots.ts'

type SetExpr = HExpr & { kind: 'set' }

const SETS = new WeakMap<HClass, ReadonlyMap<HExpr, string>>()

/** What the constructor of a class sets on its instance by statements of its own, in order. */
function setsOf(cls: HClass): ReadonlyMap<HExpr, string> {
  const known = SETS.get(cls)
  if (known) return known
  const { construct } = cls
  const sets = construct.body().flatMap((stmt): [HExpr, string][] => {
    const e = stmt.kind === 'expr' && stmt.expr.kind === 'set' ? stmt.expr : undefined
    return e?.obj.kind === 'var' && e.obj.v === construct.thisVar ? [[e, keyOf(cls, e.name)]] : []
  })
  const made = new Map(sets)
  SETS.set(cls, made)
  return made
}

/** The field that has the key of a property: that of the name of an error is not where the name itself is. */
export const keyOf = ({ error }: HClass, name: string): string => (error !== null && name === 'name' ? OWN_NAME : name)

/** Whether a field has a key that is listed. */
const hasKey = (name: string): boolean => !isReserved(name) || name === OWN_NAME

/** A class after those that it extends. */
const chainOf = (cls: HClass): HClass[] => [...(cls.base ? chainOf(cls.base) : []), cls]

export const declares = ({ fields }: HClass, name: string): boolean => fields.some((field) => field.name === name)

/** The fields with a key that the class of an object declares before one of its own with a key. */
export function keysBefore({ cls }: ObjNode, name: string): readonly string[] {
  const names = cls?.fields.flatMap((field) => (field.hidden ? [] : [field.name])) ?? []
  return names.slice(0, Math.max(0, names.indexOf(name)))
}

/** What constructors of an instance set by statements of their own and nothing else sets: it is there when they have run. */
const isSetByConstructors = ({ cls, loose }: ObjNode, name: string): boolean =>
  cls !== null &&
  !loose.has(name) &&
  chainOf(cls).some((part) =>
    setsOf(part)
      .values()
      .some((set) => set === name),
  )

/** Whether instances may lack a field for good: one that their class does not declare and that is not simply set by a constructor. */
export const mayLackField = (node: ObjNode, name: string): boolean =>
  isOpen(node) && (hasKey(name) || isUserSymbol(name)) && !declares(node.cls!, name) && !isSetByConstructors(node, name)

/** Instances of classes of the program, and errors; other objects of the library have the fields that it gives them. */
const isOpen = ({ cls }: ObjNode): boolean => cls !== null && !isClosed(cls) && cls.bytes === null

/** Whether instances have the fields of their class alone. */
export const isClosed = ({ isDate, isRegExp, isSymbol }: HClass): boolean => isDate || isRegExp || isSymbol

/** Whether a class of the chain declares fields of its own, so that they are not there yet while the constructor of its base class runs. */
const declaresAll = (part: HClass, { cls }: ObjNode): boolean => part.fields.length === cls?.fields.length

/**
 * The keys that an instance must have before a field may become the next one: instances of one class have their keys in one order up to
 * the last that all of them have (spec/types.md).
 */
export function keysDue(node: ObjNode, name: string): readonly string[] {
  const { cls, fields } = node
  if (!cls || fields.get(name)?.optional !== true) return []
  const isOptional = (field: string): boolean => fields.get(field)?.optional === true
  if (declares(cls, name)) return keysBefore(node, name).filter(isOptional)
  const certain = [...fields.keys()].filter(
    (field) => !isOptional(field) && hasKey(field) && !isHiddenField(node, field),
  )
  const isMade = chainOf(cls).every((part) => declaresAll(part, node)) && certain.every((field) => declares(cls, field))
  return isMade ? [] : certain
}

/** Notes that a field is set which the class of the object does not declare, other than by a statement of a constructor on its instance. */
export function noteUndeclared(node: ObjNode, e: SetExpr): void {
  const { cls } = node
  if (!cls || !isOpen(node)) return
  const key = keyOf(cls, e.name)
  if (node.loose.has(key) || !(hasKey(key) || isUserSymbol(key)) || declares(cls, key)) return
  if (!chainOf(cls).some((c) => setsOf(c).has(e))) node.loose.add(key)
}

/** Whether a class declares a field that is no key. */
export const isHiddenField = ({ cls }: ObjNode, name: string): boolean =>
  cls?.fields.some((field) => field.name === name && field.hidden) ?? false

/**
 * Puts the fields of instances into the order in which these get them (ECMA-262 10.1.9.2): those that their class declares, those that
 * constructors set by statements of their own, and those that are set at any time, which are listed as they come. Gives the fields back of
 * which constructors set some in another order.
 */
export function orderFields(node: ObjNode): readonly string[] {
  const { cls, fields, loose } = node
  if (!cls || node.dict) return []
  const undeclared = new Set([...fields.keys()].filter((name) => hasKey(name) && !declares(cls, name)))
  const ordered = new Set<string>()
  const unordered = new Set<string>()
  const mixed = new Set<string>()
  for (const part of chainOf(cls)) {
    const kind = declaresAll(part, node) ? ordered : unordered
    for (const name of setsOf(part).values()) if (undeclared.has(name)) (loose.has(name) ? mixed : kind).add(name)
  }
  if (ordered.size > 0) for (const name of mixed) unordered.add(name)
  if (unordered.size > 0) return [...unordered]
  for (const name of [...ordered, ...undeclared.difference(ordered)]) {
    const info = fields.get(name)!
    fields.delete(name)
    fields.set(name, info)
  }
  return []
}

/** Notes that the cause of an error is set that may have one from its options. Those of a built-in kind are apart that have one. */
export function noteCause(node: ObjNode, name: string): void {
  node.recaused ||= name === 'cause' && areErrors(node) && !isBuiltInError(node) && isHiddenField(node, name)
}
