import { getterName, hasAccessor, setterName } from '../member-names.ts'
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
  e: HExpr & { kind: 'get' },
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
