import { isPrivateName, isReserved } from '../member-names.ts'
import { ANY, NUM, STR, UNDEF } from '../kinds.ts'
import type { HExpr } from '../hir.ts'
import { visit } from './expressions.ts'
import type { Instance } from './instance.ts'
import { isTypedArray } from './bytes.ts'
import type { Analysis } from './analysis.ts'
import type { ObjNode, Slot } from './slots.ts'
import { declares, isClosed, isHiddenField } from './key-order.ts'
import { noteWrites } from './writes.ts'

/** A key that is deleted, or asked for by a computed name, makes dictionaries of records. */
export function visitMembership(a: Analysis, obj: Slot, e: HExpr & { kind: 'in' | 'delete' }): void {
  if (e.kind === 'in') collapseWhere(a, obj)
  else {
    noteWrites(a, obj)
    noteHoles(a, obj)
  }
  if (e.kind === 'delete' || !isConstantName(e.key)) dictWhere(a, obj)
}

/** Some of the lists lose elements, or are made without. */
export function noteHoles(a: Analysis, slot: Slot): void {
  a.solver.watch(slot, () => {
    const { arr } = slot.root()
    if (arr) a.solver.addKinds(arr.root().holes, UNDEF)
  })
}

/** Functions of the prelude that go through places without an element too (ECMA-262 23.1.3.12.1). */
const SEES_HOLES = /^array_find/

/** The index of a tuple element, when the key is a constant. */
export function constantIndex(key: HExpr): number | null {
  if (key.kind === 'narrow') return constantIndex(key.x)
  return key.kind === 'const' && typeof key.value === 'number' && Number.isInteger(key.value) && key.value >= 0
    ? key.value
    : null
}

/**
 * Whether a computed key may be meant to be `length`: that of a text, or of a list among other values. Where there are lists alone, a key that
 * is a text is taken to be an index, as in a loop over the keys, and elements are not given another kind for it.
 */
export function mayMeasure(obj: Slot, key: Slot): boolean {
  const { kinds, arr, objs } = obj.root()
  return (key.root().kinds & STR) !== 0 && ((kinds & STR) !== 0 || (arr !== null && objs.length > 0))
}

export function visitIndex(a: Analysis, inst: Instance, e: HExpr & { kind: 'index' }, out: Slot): void {
  const [obj, key] = [visit(a, inst, e.obj), visit(a, inst, e.key)]
  const index = constantIndex(e.key)
  const measure = (): void => {
    if (mayMeasure(obj, key)) a.solver.addKinds(out, NUM)
  }
  for (const slot of [obj, key]) a.solver.watch(slot, measure)
  const watched = new Set<Slot>()
  const tables = new Set<ObjNode>()
  const look = (): void => {
    const { kinds, arr, objs } = obj.root()
    if (kinds & STR) a.solver.addKinds(out, e.miss === 'trap' ? STR : STR | UNDEF)
    for (const node of [...objs]) {
      if (node.root().cls?.bytes === undefined || node.root().cls?.bytes === null) readAnyField(a, node, out, tables)
      else a.solver.addKinds(out, e.miss === 'undefined' ? NUM | UNDEF : NUM)
    }
    if (kinds & ANY) a.solver.addKinds(out, ANY)
    if (!arr) return
    const slot = index === null ? null : (arr.root().tuple?.[index] ?? null)
    if (slot) {
      a.solver.edge(slot, out)
      arr.root().watchers.push(look)
      return
    }
    a.solver.collapse(arr)
    const { elem } = arr.root()
    a.solver.edge(elem, out)
    if (SEES_HOLES.test(inst.func.name)) a.solver.edge(arr.root().holes, out)
    if (e.miss === 'undefined') a.solver.addKinds(out, UNDEF)
    if (e.miss !== 'number' || watched.has(elem.root())) return
    watched.add(elem.root())
    // Arithmetic reads a missing number as NaN without a box; with any other element it needs the undefined.
    a.solver.watch(elem, () => elem.root().kinds & ~NUM && a.solver.addKinds(out, UNDEF))
  }
  a.solver.watch(obj, look)
}

/** The index that a property is of in arrays, strings and typed arrays, where its name is one. */
export function indexOfName(name: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : null
}

/** `obj[0]` or `{ 0: first }` of what its type says is a record, and may be a list all the same. */
export function visitNamedElement(a: Analysis, index: number, obj: Slot, out: Slot): void {
  const look = (): void => {
    const { kinds, arr, objs } = obj.root()
    if (kinds & STR) a.solver.addKinds(out, STR | UNDEF)
    if (objs.some((node) => isTypedArray(node.root()))) a.solver.addKinds(out, NUM | UNDEF)
    if (!arr) return
    const { tuple } = arr.root()
    if (!tuple) return a.solver.edge(arr.root().elem, out)
    arr.root().watchers.push(look)
    if (tuple[index]) a.solver.edge(tuple[index], out)
  }
  a.solver.watch(obj, look)
}

/** A field whose name is computed may be any of them, or none. */
function readAnyField(a: Analysis, node: ObjNode, out: Slot, seen: Set<ObjNode>): void {
  if (seen.has(node.root())) return
  seen.add(node.root())
  a.solver.addKinds(out, UNDEF)
  if (node.root().sites.some(({ names }) => names.size === 0)) a.solver.makeDict(node)
  a.solver.watchObj(node, () => {
    if (node.root().dict) a.solver.edge(a.solver.field(node, '').read, out)
    for (const [name, info] of node.root().fields) if (!isPrivateName(name)) a.solver.edge(info.read, out)
  })
}

/** Whether a computed name may be that of a field to store in: one that the class of the object declares, or that the program names. */
export const isStorable = (node: ObjNode, name: string): boolean => !isReserved(name) && !isHiddenField(node, name)

/** Instances that are stored in under computed names have room for what the program writes as texts and keys. */
function addKeys(a: Analysis, node: ObjNode): void {
  const { cls } = node
  if (!cls || cls.error !== null || cls.bytes || isClosed(cls)) return
  const isMember = (name: string): boolean => [cls.methods, cls.getters, cls.setters].some((part) => part.has(name))
  for (const name of a.program.texts()) {
    if (declares(cls, name) || isMember(name)) continue
    node.loose.add(name)
    a.solver.makeOptional(node, name)
  }
}

/** A value that is stored under a computed name may come to any field of an instance. */
export function storeAnyField(a: Analysis, node: ObjNode, value: Slot, seen: Set<ObjNode>): void {
  if (seen.has(node.root())) return
  seen.add(node.root())
  a.solver.makeKeyed(node)
  addKeys(a, node.root())
  a.solver.watchObj(node, () => {
    for (const [name, info] of node.root().fields) if (isStorable(node.root(), name)) a.solver.edge(value, info.slot)
  })
}

export function visitSetIndex(a: Analysis, e: HExpr & { kind: 'setIndex' }, obj: Slot, value: Slot): void {
  const index = constantIndex(e.key)
  const instances = new Set<ObjNode>()
  a.solver.watch(obj, () => {
    const { arr, objs } = obj.root()
    for (const node of [...objs]) {
      if (node.root().cls) storeAnyField(a, node, value, instances)
      a.solver.makeDict(node)
      if (node.root().dict) a.solver.edge(value, a.solver.field(node, '').slot)
    }
    if (!arr) return
    const slot = index === null ? null : (arr.root().tuple?.[index] ?? null)
    if (slot) return a.solver.edge(value, slot)
    a.solver.collapse(arr)
    if (index) a.solver.addKinds(arr.root().holes, UNDEF)
    a.solver.edge(value, arr.root().elem)
  })
}

/** Whether a key is known when the program is compiled. */
export const isConstantName = (key: HExpr): boolean => key.kind === 'const' && typeof key.value === 'string'

/** Records whose keys are computed. */
export function dictWhere(a: Analysis, slot: Slot): void {
  a.solver.watch(slot, () => {
    for (const node of [...slot.root().objs]) a.solver.makeDict(node)
  })
}

export function collapseWhere(a: Analysis, slot: Slot): void {
  a.solver.watch(slot, () => {
    const { arr } = slot.root()
    if (arr) a.solver.collapse(arr)
  })
}
