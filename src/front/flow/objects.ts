import { isAccessorName, isPrivateName, propertyOf } from '../member-names.ts'
import type { HExpr, HProp } from '../hir.ts'
import { OBJ, STR } from '../kinds.ts'
import type { Analysis } from './analysis.ts'
import { isBuiltInError, isErrorText } from './built-in-errors.ts'
import { isClosed, isHiddenField } from './key-order.ts'
import { copyThrough } from './accessors.ts'
import { noteOwnConversions } from './conversions.ts'
import { visit } from './expressions.ts'
import type { Instance } from './instance.ts'
import { areErrors, lacks, type KeySet, type ObjNode, type Slot } from './slots.ts'

/** The names that each object of a literal has, as far as they are known: its own, and those that its spreads are certain to copy. */
type Names = {
  readonly own: ReadonlySet<string>
  /** Of each spread, once something is known of what it copies. */
  readonly copied: Map<HProp, Set<string>>
  readonly spreads: number
  /** All of them. */
  readonly all: KeySet
}

/** The fields of a literal. */
export function visitObject(a: Analysis, inst: Instance, e: HExpr & { kind: 'object' }, out: Slot): void {
  const node = inst.newObject(e, 'object', e.brand)
  const own = new Set(e.props.flatMap((p) => (p.kind === 'field' ? [p.name] : [])))
  const spreads = e.props.filter((p) => p.kind === 'spread').length
  const names: Names = { own, copied: new Map(), spreads, all: { names: new Set(own), isOpen: spreads > 0 } }
  if (e.brand === undefined) a.solver.addSite(node, names.all)
  // Who reads the object looks for accessors first, and operators for a value of its own.
  for (const name of own) if (isAccessorName(name) || name === 'valueOf') a.solver.field(node, name)
  noteOwnConversions(a, node)
  a.solver.addObj(out, node)
  for (const prop of e.props) visitProp(a, inst, prop, node, names)
}

function visitProp(a: Analysis, inst: Instance, prop: HProp, node: ObjNode, names: Names): void {
  if (prop.kind === 'computed') {
    visit(a, inst, prop.key)
    a.solver.makeDict(node)
  }
  const value = visit(a, inst, prop.value)
  if (prop.kind === 'computed') return a.solver.edge(value, a.solver.field(node, '').slot)
  if (prop.kind === 'field') return a.solver.edge(value, a.solver.field(node, prop.name).slot)
  const settle = (): void => {
    if (value.root().kinds !== 0) settleNames(a, node, names, prop, certainNames(value, prop.except))
  }
  const seen = new Set<ObjNode>()
  a.solver.watch(value, () => {
    copyElements(a, value, node)
    settle()
    for (const obj of value.root().objs) {
      if (seen.has(obj.root())) continue
      seen.add(obj.root())
      a.solver.watchObj(obj, () => {
        settle()
        copyFields(a, { inst, at: prop.value }, obj.root(), node, names.all, prop.except)
      })
    }
  })
}

/** The names that whatever is spread has; where it may be no object, as in `...(test && { name })`, there are none. */
function certainNames(from: Slot, except: readonly string[]): Set<string> {
  const { kinds, objs } = from.root()
  if (kinds & ~OBJ) return new Set()
  const [first, ...others] = objs.map((obj) => namesOf(obj.root(), except))
  return others.reduce((all, more) => all.intersection(more), first ?? new Set<string>())
}

function namesOf(obj: ObjNode, except: readonly string[]): Set<string> {
  if (obj.dict) return new Set()
  const there = [...obj.fields].filter(
    ([name, info]) => !info.optional && !except.includes(propertyOf(name)) && !isHiddenField(obj, name),
  )
  return new Set(there.map(([name]) => propertyOf(name)))
}

/** What a spread was certain to copy may turn out to be absent when more comes. */
function settleNames(
  a: Analysis,
  node: ObjNode,
  { own, copied, spreads, all }: Names,
  prop: HProp,
  certain: Set<string>,
): void {
  const before = copied.get(prop) ?? new Set()
  copied.set(prop, certain)
  for (const name of certain) all.names.add(name)
  for (const name of before.difference(certain)) {
    if (own.has(name) || copied.values().some((other) => other.has(name))) continue
    all.names.delete(name)
    a.solver.makeOptional(node, name)
  }
  if (copied.size === spreads) a.solver.closeSite(node, all)
}

/** The elements of an array and the units of a string are fields by their index. */
function copyElements(a: Analysis, from: Slot, to: ObjNode): void {
  const { arr, kinds } = from.root()
  if (!arr && !(kinds & STR)) return
  a.solver.makeDict(to)
  const { slot } = a.solver.field(to, '')
  if (kinds & STR) a.solver.addKinds(slot, STR)
  if (!arr) return
  a.solver.collapse(arr)
  a.solver.edge(arr.root().elem, slot)
}

/** Where a copy is made. */
type Copy = { readonly inst: Instance; readonly at: HExpr }

/** A spread copies each field that is not left out; where nothing is certain to set it, it may be absent. */
function copyFields(
  a: Analysis,
  { inst, at }: Copy,
  from: ObjNode,
  to: ObjNode,
  keys: KeySet,
  except: readonly string[],
): void {
  if (from === to.root()) return
  if (from.dict) {
    a.solver.makeDict(to)
    // The values are copied: what else the new object holds is not in the old one.
    return a.solver.edge(from.dict.slot, a.solver.field(to, '').slot)
  }
  for (const [name, info] of from.fields) {
    const property = propertyOf(name)
    if (except.includes(property) || isHiddenField(from, name) || !mayGain(to, property)) continue
    const target = a.solver.field(to, property)
    if (isAccessorName(name)) {
      copyThrough(a, inst, at, from, name, target.slot)
      if (lacks(keys, property)) a.solver.makeOptional(to, property)
      continue
    }
    // The values are copied: what else the new object holds under the name is not in the old one.
    a.solver.edge(info.slot, target.slot)
    if (lacks(keys, property)) a.solver.makeOptional(to, property)
    a.solver.edge(info.read, target.read)
  }
}

/**
 * Whether an object may have a field of a name that is stored in it. Dates, regular expressions and the like have those of their classes
 * alone: what is stored in another ends the run, or is refused. Name and message of errors are kept apart.
 */
export function mayGain(node: ObjNode, name: string): boolean {
  const { brand, cls } = node.root()
  if (areErrors(node) && isErrorText(name)) return false
  if (isBuiltInError(node.root()) && (name === 'stack' || name in Object.prototype)) return false
  if (cls?.bytes) return false
  return (brand === null && !(cls && isClosed(cls))) || isPrivateName(name) || cls?.getters.has(name) === true
}
