import type { HClass, HExpr } from '../hir.ts'
import { isReserved } from '../member-names.ts'
import type { ObjNode } from './slots.ts'

type SetExpr = HExpr & { kind: 'set' }

const SETS = new WeakMap<HClass, ReadonlyMap<HExpr, string>>()

/** What the constructor of a class sets on its instance by statements of its own, in order. */
function setsOf(cls: HClass): ReadonlyMap<HExpr, string> {
  const known = SETS.get(cls)
  if (known) return known
  const { construct } = cls
  const sets = construct.body().flatMap((stmt): [HExpr, string][] => {
    const e = stmt.kind === 'expr' && stmt.expr.kind === 'set' ? stmt.expr : undefined
    return e?.obj.kind === 'var' && e.obj.v === construct.thisVar ? [[e, e.name]] : []
  })
  const made = new Map(sets)
  SETS.set(cls, made)
  return made
}

/** A class after those that it extends. */
const chainOf = (cls: HClass): HClass[] => [...(cls.base ? chainOf(cls.base) : []), cls]

export const declares = ({ fields }: HClass, name: string): boolean => fields.some((field) => field.name === name)

/** The fields with a key that the class of an object declares before one of its own with a key. */
export function keysBefore({ cls }: ObjNode, name: string): readonly string[] {
  const names = cls?.fields.flatMap((field) => (field.hidden ? [] : [field.name])) ?? []
  return names.slice(0, Math.max(0, names.indexOf(name)))
}

/** Notes that a field is set which the class of the object does not declare, other than by a statement of a constructor on its instance. */
export function noteUndeclared(node: ObjNode, e: SetExpr): void {
  const { cls } = node
  if (!cls || node.loose.has(e.name) || isReserved(e.name) || declares(cls, e.name)) return
  if (!chainOf(cls).some((c) => setsOf(c).has(e))) node.loose.add(e.name)
}

/**
 * Puts the fields of instances into the order in which these get them (ECMA-262 10.1.9.2): those that their class declares, then those that
 * constructors set by statements of their own. Gives the fields back that may come in another order: instances of one class have one.
 */
export function orderFields(node: ObjNode): readonly string[] {
  const { cls, fields, loose } = node
  if (!cls || node.dict) return []
  const undeclared = new Set([...fields.keys()].filter((name) => !isReserved(name) && !declares(cls, name)))
  if (undeclared.size === 0) return []
  const ordered = new Set<string>()
  const unordered = new Set<string>()
  const isWhole = (part: HClass): boolean => part.fields.length === cls.fields.length
  const chain = chainOf(cls)
  for (const part of chain) {
    for (const name of setsOf(part).values())
      if (undeclared.has(name) && !loose.has(name)) (isWhole(part) ? ordered : unordered).add(name)
  }
  const others = undeclared.difference(ordered).difference(unordered)
  // One comes last, unless constructors of base classes may set it, before the fields of this class are there.
  if (undeclared.size > 1 || !chain.every(isWhole)) for (const name of others) unordered.add(name)
  if (unordered.size > 0) return [...unordered]
  for (const name of [...ordered, ...others]) {
    const info = fields.get(name)!
    fields.delete(name)
    fields.set(name, info)
  }
  return []
}
