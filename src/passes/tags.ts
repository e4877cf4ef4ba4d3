import { nodesOf, partsOf, type Expr, type Module, type ObjectDef, type Type } from '../ir/index.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>
type FieldDef = ObjectDef['fields'][number]

/** Fields that tell kinds of objects apart, by their names, and the numbers of the texts that they hold. */
export type Tags = { readonly names: ReadonlySet<string>; readonly numbers: ReadonlyMap<string, number> }

/** Longer texts are no tags: comparing those takes more than one unit of fuel. */
export const TAG_MAX = 64

/**
 * The names of fields that hold nothing but constants of the program, and are compared with some: `kind: 'circle'`. A name is one for all
 * definitions that have such a field, so that members of a union agree in it, and copies need not be looked at.
 *
 * requires: a checked module
 * ensures: every value that is stored in a field of such a name ({@link mayBeTag}) is a constant, or read from one; linear in the size of the module
 */
export function findTags(module: Module): Tags {
  const found = new Map<string, Set<string>>()
  const others = new Set<string>()
  const compared = new Set<string>()
  const store = (name: string, value: Expr): void => {
    for (const stored of endsOf(value)) {
      if (readName(module, stored) === name) continue
      if (!isTag(stored)) return void others.add(name)
      found.set(name, (found.get(name) ?? new Set()).add(stored.value as string))
    }
  }
  for (const name of givenNames(module)) others.add(name)
  for (const func of module.funcs)
    for (const node of nodesOf(func)) {
      if (node.kind === 'switch') noteRead(node.subject)
      if (node.kind !== 'op') continue
      if (node.op === 'string.eq' || node.op === 'dyn.eq') node.args.forEach(noteRead)
      for (const [field, value] of storesOf(module, node)) if (mayBeTag(field)) store(field.name, value)
      if (node.op === 'object.assign') for (const name of mixedNames(module, node)) others.add(name)
    }
  const names = new Set([...found.keys()].filter((name) => compared.has(name) && !others.has(name)))
  const texts = new Set([...names].flatMap((name) => [...found.get(name)!]))
  return { names, numbers: new Map([...texts].map((text, i) => [text, i])) }

  function noteRead(e: Expr): void {
    for (const read of endsOf(e)) {
      const name = readName(module, read)
      if (name !== undefined) compared.add(name)
    }
  }
}

/** Whether a field may hold a tag, by its type: a text that is never left out. */
export const mayBeTag = ({ type, optional }: FieldDef): boolean => type.kind === 'string' && optional !== true

const isTag = (e: Expr): e is Extract<Expr, { kind: 'const' }> =>
  e.kind === 'const' && typeof e.value === 'string' && e.value.length > 0 && e.value.length <= TAG_MAX

/** What the value of an expression may come from: the ends of choices, out of boxes. */
function endsOf(e: Expr): readonly Expr[] {
  if (e.kind === 'cond') return [...endsOf(e.then), ...endsOf(e.else)]
  if (e.kind === 'seq') return endsOf(e.value)
  return e.kind === 'op' && e.op === 'dyn.box' ? endsOf(e.args[0]!) : [e]
}

/** The name of the field that an expression reads, where that may hold a tag. */
function readName(module: Module, e: Expr): string | undefined {
  if (e.kind !== 'op' || e.op !== 'object.get') return undefined
  const field = fieldAt(module, e.imm[0] as number, e.imm[1] as number)
  return mayBeTag(field) ? field.name : undefined
}

const fieldAt = (module: Module, id: number, field: number): FieldDef => module.objects[id]!.fields[field]!

/** The fields that an operation stores in, with the values. */
function storesOf(module: Module, { op, imm, args }: OpExpr): (readonly [FieldDef, Expr])[] {
  const [id, at] = imm as readonly [number, number | readonly number[]]
  if (op === 'object.set') return [[fieldAt(module, id, at as number), args[1]!]]
  if (op !== 'object.new') return []
  return (at as readonly number[]).map((field, i) => [fieldAt(module, id, field), args[i]!])
}

/** Names of fields that are copied from others than such that may hold tags. */
function mixedNames(module: Module, { imm }: OpExpr): string[] {
  const [to, from] = imm.slice(0, 2).map((id) => module.objects[id as number]!.fields)
  return to!.flatMap((field) => {
    const source = from!.find(({ name }) => name === field.name)
    return mayBeTag(field) && source && !mayBeTag(source) ? [field.name] : []
  })
}

/** Names of fields of objects that are not made by the program: arguments of entries, and errors. */
function givenNames(module: Module): Set<string> {
  const names = new Set<string>()
  const seen = new Set<number>()
  const left: Type[] = module.entries.flatMap(({ params }) => params.map(({ type }) => type))
  module.objects.forEach(({ role }, id) => {
    if (role !== 'class' && role !== 'record') left.push({ kind: 'object', id })
  })
  for (let type = left.pop(); type; type = left.pop()) {
    if (type.kind !== 'object') {
      left.push(...partsOf(type))
      continue
    }
    if (seen.has(type.id)) continue
    seen.add(type.id)
    for (const field of module.objects[type.id]!.fields) {
      names.add(field.name)
      left.push(field.type)
    }
  }
  return names
}
