import { getterName, hasAccessor, propertyOf, setterName } from '../member-names.ts'
import type { HExpr } from '../hir.ts'
import { UNDEF } from '../kinds.ts'
import type { Analysis } from './analysis.ts'
import { applySlot } from './calls.ts'
import type { Instance } from './instance.ts'
import { Slot, type ObjNode } from './slots.ts'

/** Reads a field, or what an accessor of a literal under its name gives. */
export function readThrough(
  a: Analysis,
  inst: Instance,
  e: HExpr & { kind: 'get' | 'method' },
  node: ObjNode,
  out: Slot,
  read: () => void,
): void {
  if (!a.program.accessors.has(e.name)) return read()
  a.solver.watchObj(node, () => {
    const own = node.root()
    const getter = own.fields.get(getterName(e.name))
    if (getter) applySlot(a, inst, e, getter.slot, { args: [], self: own }, out)
    else if (hasAccessor(own, e.name)) a.solver.addKinds(out, UNDEF)
    if (own.fields.has(e.name) || !hasAccessor(own, e.name)) read()
  })
}

/** Stores in a field, or gives the value to an accessor of a literal under its name. */
export function writeThrough(
  a: Analysis,
  inst: Instance,
  e: HExpr & { kind: 'set' },
  node: ObjNode,
  write: () => void,
): void {
  if (!a.program.accessors.has(e.name)) return write()
  const nothing = inst.once(e, 'nothing', () => new Slot())
  a.solver.watchObj(node, () => {
    const own = node.root()
    const setter = own.fields.get(setterName(e.name))
    if (setter) applySlot(a, inst, e, setter.slot, { args: [{ kind: 'item', value: e.value }], self: own }, nothing)
    if (own.fields.has(e.name) || !hasAccessor(own, e.name)) write()
  })
}

/** A copy of an object has what a getter gives as a field; of a property that has only a setter, undefined (ECMA-262 7.3.26). */
export function copyThrough(a: Analysis, inst: Instance, at: HExpr, from: ObjNode, name: string, to: Slot): void {
  const getter = from.fields.get(getterName(propertyOf(name)))
  if (!getter || getter.optional) a.solver.addKinds(to, UNDEF)
  const known = inst.once(at, 'copied getters', () => new Map<Slot, Set<Slot>>())
  const into = known.get(to.root()) ?? new Set<Slot>()
  if (!getter || into.has(getter.slot.root())) return
  known.set(to.root(), into.add(getter.slot.root()))
  applySlot(a, inst, at, getter.slot, { args: [], self: from }, to)
}

/** What a call of a member of a literal calls: what a getter gives, or what a field holds. */
export function gotSlot(inst: Instance, e: HExpr & { kind: 'method' }, node: ObjNode): Slot {
  const all = inst.once(e, 'got', () => new Map<ObjNode, Slot>())
  for (const [of, slot] of all) if (of.root() === node.root()) return slot
  const slot = new Slot()
  all.set(node.root(), slot)
  return slot
}
