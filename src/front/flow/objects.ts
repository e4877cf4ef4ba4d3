import { isAccessorName } from '../member-names.ts'
import type { HExpr, HProp } from '../hir.ts'
import { STR } from '../kinds.ts'
import type { Analysis } from './analysis.ts'
import { visit } from './expressions.ts'
import type { Instance } from './instance.ts'
import type { ObjNode, Slot } from './slots.ts'

/** The fields of a literal. */
export function visitObject(a: Analysis, inst: Instance, e: HExpr & { kind: 'object' }, out: Slot): void {
  const node = inst.newObject(e, 'object', e.brand)
  const names = new Set(e.props.flatMap((p) => (p.kind === 'field' ? [p.name] : [])))
  if (e.brand === undefined) a.solver.addSite(node, names)
  // Who reads the object looks for accessors first.
  for (const name of names) if (isAccessorName(name)) a.solver.field(node, name)
  a.solver.addObj(out, node)
  for (const prop of e.props) visitProp(a, inst, prop, node, names)
}

function visitProp(a: Analysis, inst: Instance, prop: HProp, node: ObjNode, names: Set<string>): void {
  if (prop.kind === 'computed') {
    visit(a, inst, prop.key)
    a.solver.makeDict(node)
  }
  const value = visit(a, inst, prop.value)
  if (prop.kind === 'computed') return a.solver.edge(value, a.solver.field(node, '').slot)
  if (prop.kind === 'field') return a.solver.edge(value, a.solver.field(node, prop.name).slot)
  const seen = new Set<ObjNode>()
  a.solver.watch(value, () => {
    copyElements(a, value, node)
    for (const obj of value.root().objs) {
      if (seen.has(obj.root())) continue
      seen.add(obj.root())
      a.solver.watchObj(obj, () => copyFields(a, obj.root(), node, names, prop.except))
    }
  })
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

/** A spread copies each field that is not left out; where it may be absent there, it may be absent here. */
function copyFields(a: Analysis, from: ObjNode, to: ObjNode, names: Set<string>, except: readonly string[]): void {
  if (from === to.root()) return
  if (from.dict) {
    a.solver.makeDict(to)
    // The values are copied: what else the new object holds is not in the old one.
    return a.solver.edge(from.dict.slot, a.solver.field(to, '').slot)
  }
  for (const [name, info] of from.fields) {
    if (except.includes(name) || isHidden(from, name)) continue
    if (!info.optional) names.add(name)
    const target = a.solver.field(to, name)
    // The values are copied: what else the new object holds under the name is not in the old one.
    a.solver.edge(info.slot, target.slot)
    if (info.optional && !names.has(name)) a.solver.makeOptional(to, name)
    a.solver.edge(info.read, target.read)
  }
}

/** Whether a field is no enumerable property. */
function isHidden(obj: ObjNode, name: string): boolean {
  return obj.isError || (obj.cls?.fields.some((f) => f.name === name && f.hidden) ?? false)
}
