import {
  formatType,
  isTable,
  keyOf,
  localsOf,
  membersOf,
  nodesOf,
  partsOf,
  type Module,
  type TableType,
  type Type,
} from '../../ir/index.ts'

/** Types of tables that values of the module may be of, each once. */
export function tablesOf(module: Module): readonly TableType[] {
  const found = new Map<string, TableType>()
  const seen = new Set<Type>()
  const note = (type: Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    if (isTable(type)) found.set(formatType(type), type)
    if (type.kind === 'json') membersOf(type).forEach(note)
    else partsOf(type).forEach(note)
  }
  for (const { fields } of module.objects) for (const field of fields) note(field.type)
  for (const { type } of module.globals) note(type)
  for (const func of module.funcs) {
    for (const local of localsOf(func)) note(local.type)
    note(func.result)
    for (const node of nodesOf(func)) if ('type' in node) note(node.type)
  }
  return [...found.values()]
}

/** Definitions of objects that may be keys of tables. */
export function findIdentified(module: Module, tables: readonly TableType[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const table of tables) {
    const key = keyOf(table)
    if (key.kind === 'any') return new Set(module.objects.keys())
    for (const member of key.kind === 'union' ? membersOf(key) : [key])
      if (member.kind === 'object') found.add(member.id)
  }
  return found
}
