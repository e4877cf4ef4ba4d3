import { nodesOf, partsOf, type Expr, type Module, type Node, type ObjectDef, type Type } from '../ir/index.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>
type FieldDef = ObjectDef['fields'][number]

/**
 * Fields that tell kinds of objects apart, by their names; the numbers of the texts that they hold; and of parameters that they are set
 * from ({@link paramKey}), the texts that those may be.
 */
export type Tags = {
  readonly names: ReadonlySet<string>
  readonly numbers: ReadonlyMap<string, number>
  readonly params: ReadonlyMap<string, readonly string[]>
}

/** Longer texts are no tags: comparing those takes more than one unit of fuel. */
export const TAG_MAX = 64

export const paramKey = (func: number, param: number): string => `${func} ${param}`

/**
 * The names of fields that hold nothing but constants of the program, and are compared with some: `kind: 'circle'`. A name is one for all
 * definitions that have such a field, so that members of a union agree in it, and copies need not be looked at. Constants also come by way of
 * parameters that are never set, of functions that are only ever called by their names.
 *
 * requires: a checked module
 * ensures: every value that is stored in a field of such a name ({@link mayBeTag}) is a constant, read from one, or a parameter that is one
 * of its texts; linear in the size of the module
 */
export function findTags(module: Module): Tags {
  const places = new Places(module)
  for (const [index, func] of module.funcs.entries()) for (const node of nodesOf(func)) places.look(index, node)
  return places.settle()
}

/** Whether a field may hold a tag, by its type: a text that is never left out. */
export const mayBeTag = ({ type, optional }: FieldDef): boolean => type.kind === 'string' && optional !== true

/** Where texts are: the fields of one name, or a parameter; with the places that they come from. */
type Place = {
  readonly key: string
  readonly texts: Set<string>
  readonly from: Set<Place>
  readonly to: Set<Place>
  isCompared: boolean
  /** Something else than a tag comes here. */
  isOther: boolean
}

class Places {
  readonly #module: Module
  readonly #names = new Map<string, Place>()
  readonly #params = new Map<string, Place>()

  constructor(module: Module) {
    this.#module = module
    for (const name of givenNames(module)) this.#ofName(name).isOther = true
    // Entries, and the initialiser, are called from outside.
    for (const func of [module.init, ...module.entries.map((entry) => entry.func)]) this.#open(func)
  }

  /** Notes what a node of a function stores, and compares. */
  look(func: number, node: Node): void {
    if (node.kind === 'switch') this.#compare(node.subject)
    else if (node.kind === 'set') this.#storeIn(this.#ofParam(func, node.local), undefined, func)
    else if (node.kind === 'call') node.args.forEach((arg, i) => this.#storeIn(this.#ofParam(node.func, i), arg, func))
    else if (node.kind === 'op') this.#lookAtOp(func, node)
  }

  #lookAtOp(func: number, node: OpExpr): void {
    if (node.op === 'string.eq' || node.op === 'dyn.eq') for (const arg of node.args) this.#compare(arg)
    else if (node.op === 'closure.new') this.#open(node.imm[0] as number)
    else if (node.op === 'object.assign')
      for (const name of mixedNames(this.#module, node)) this.#ofName(name).isOther = true
    for (const [field, value] of storesOf(this.#module, node))
      if (mayBeTag(field)) this.#storeIn(this.#ofName(field.name), value, func)
  }

  #compare(e: Expr): void {
    for (const end of endsOf(e)) {
      const name = readName(this.#module, end)
      if (name !== undefined) this.#ofName(name).isCompared = true
    }
  }

  /** Notes that an expression of a function comes to a place; without one it is not known what comes. */
  #storeIn(to: Place | undefined, value: Expr | undefined, func: number): void {
    if (!to) return
    if (!value) to.isOther = true
    else for (const end of endsOf(value)) this.#storeEnd(to, end, func)
  }

  #storeEnd(to: Place, end: Expr, func: number): void {
    const name = readName(this.#module, end)
    const from =
      end.kind === 'local' ? this.#ofParam(func, end.local) : name === undefined ? undefined : this.#ofName(name)
    if (from) {
      to.from.add(from)
      from.to.add(to)
    } else if (isTag(end)) to.texts.add(end.value as string)
    else to.isOther = true
  }

  /** The parameters of a function come from anywhere. */
  #open(func: number): void {
    this.#module.funcs[func]!.params.forEach((_, i) => this.#storeIn(this.#ofParam(func, i), undefined, func))
  }

  #ofName(name: string): Place {
    return placeIn(this.#names, name)
  }

  /** The place of a local, if it is a parameter that is a text. */
  #ofParam(func: number, local: number): Place | undefined {
    const param = this.#module.funcs[func]!.params[local]
    return param?.type.kind === 'string' ? placeIn(this.#params, paramKey(func, local)) : undefined
  }

  settle(): Tags {
    const all = [...this.#names.values(), ...this.#params.values()]
    const others = reach(
      all.filter(({ isOther }) => isOther),
      ({ to }) => to,
    )
    // What a tag is set from is one as well.
    const tags = reach(
      [...this.#names.values()].filter((place) => place.isCompared && !others.has(place)),
      ({ from }) => from,
    )
    const texts = new Set([...tags].flatMap((place) => [...place.texts]))
    const textsOf = (place: Place): string[] => [...reach([place], ({ from }) => from)].flatMap((p) => [...p.texts])
    return {
      names: new Set([...this.#names.values()].filter((place) => tags.has(place)).map(({ key }) => key)),
      numbers: new Map([...texts].map((text, i) => [text, i])),
      params: new Map(
        [...this.#params.values()]
          .filter((place) => tags.has(place))
          .map((place) => [place.key, [...new Set(textsOf(place))]]),
      ),
    }
  }
}

function placeIn(places: Map<string, Place>, key: string): Place {
  const known = places.get(key)
  if (known) return known
  const made = {
    key,
    texts: new Set<string>(),
    from: new Set<Place>(),
    to: new Set<Place>(),
    isCompared: false,
    isOther: false,
  }
  places.set(key, made)
  return made
}

/** The places, and all that `next` leads to. */
function reach(places: readonly Place[], next: (place: Place) => Iterable<Place>): ReadonlySet<Place> {
  const seen = new Set(places)
  // A set goes on with what is added meanwhile.
  for (const place of seen) for (const other of next(place)) seen.add(other)
  return seen
}

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
function givenNames(module: Module): ReadonlySet<string> {
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
