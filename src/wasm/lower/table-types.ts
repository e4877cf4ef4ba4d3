import {
  formatType,
  isTable,
  isUnion,
  keyOf,
  localsOf,
  membersOf,
  nodesOf,
  partsOf,
  type Module,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import { elementKind, type ElementKind } from '../layout/elements.ts'
import { isFamily, optionalOf } from '../layout/values.ts'

/** Types that values of the module may be of, and those of their parts. */
export function typesOf(module: Module): ReadonlySet<Type> {
  const seen = new Set<Type>()
  const note = (type: Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    if (isUnion(type)) membersOf(type).forEach(note)
    else partsOf(type).forEach(note)
  }
  for (const { fields } of module.objects) for (const field of fields) note(field.type)
  for (const { type } of module.globals) note(type)
  for (const func of module.funcs) {
    for (const local of localsOf(func)) note(local.type)
    note(func.result)
    for (const node of nodesOf(func)) if ('type' in node) note(node.type)
  }
  return seen
}

/** Types of tables among others, each once. */
function tablesOf(types: ReadonlySet<Type>): Iterable<TableType> {
  const found = new Map<string, TableType>()
  for (const type of types) if (isTable(type)) found.set(formatType(type), type)
  return found.values()
}

/** By definition of objects, those that values of one type may be of, among them itself; see layout/types.ts. */
export type Families = ReadonlyMap<number, readonly number[]>

/** Unions of objects make families of their members; those that share a member make one. */
export function findFamilies(types: ReadonlySet<Type>): Families {
  const families = new Map<number, readonly number[]>()
  for (const type of types) {
    const family = optionalOf(type)?.base ?? type
    if (!isFamily(family)) continue
    const ids = membersOf(family).flatMap((member) => (member.kind === 'object' ? [member.id] : []))
    if (ids.every((id) => families.get(id)?.includes(ids[0]!))) continue
    const united = [...new Set(ids.flatMap((id) => families.get(id) ?? [id]))].toSorted((a, b) => a - b)
    for (const id of united) families.set(id, united)
  }
  return families
}

/** Definitions of objects that may be keys of tables, with their families. */
export function findIdentified(module: Module, types: ReadonlySet<Type>, families: Families): ReadonlySet<number> {
  const found = new Set<number>()
  for (const table of tablesOf(types)) {
    const key = keyOf(table)
    if (key.kind === 'any') return new Set(module.objects.keys())
    for (const member of membersOf(key))
      if (member.kind === 'object') for (const id of families.get(member.id) ?? [member.id]) found.add(id)
  }
  return found
}

/** The kinds of elements whose arrays may carry an object. */
export function findCarriers(module: Module): ReadonlySet<ElementKind> {
  const found = new Set<ElementKind>()
  for (const func of module.funcs)
    for (const node of nodesOf(func)) {
      const carrier = node.kind === 'op' && node.op === 'ref.note' ? node.args[0]!.type : undefined
      if (carrier?.kind === 'array') found.add(elementKind(carrier.elem))
    }
  return found
}
