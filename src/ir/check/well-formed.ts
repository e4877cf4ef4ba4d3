import { BOUNDS } from '../bounds.ts'
import { formatType, partsOf, unionOf, type NestedType, type Type } from '../types.ts'
import { fault, type Fault } from './rules.ts'

/** Judges types of one module, each object that stands for a type once: types have parts in common, and are large when they are written out. */
export class TypeJudge {
  readonly #objectCount: number
  readonly #known = new WeakMap<Type, Fault | undefined>()
  readonly #sizes = new WeakMap<Type, Size>()

  constructor(objectCount: number) {
    this.#objectCount = objectCount
  }

  /** What is wrong with a type that may be a cell, or a cell of a cell: that of a local or an expression. */
  local(type: Type): Fault | undefined {
    return this.content(type.kind === 'cell' ? type.of : type)
  }

  /** What is wrong with the type of what a cell holds, which may be a cell. */
  content(type: Type): Fault | undefined {
    return this.value(type.kind === 'cell' ? type.of : type)
  }

  /** What is wrong with a type that may not be a cell. */
  value(type: Type): Fault | undefined {
    if (this.#known.has(type)) return this.#known.get(type)
    const { nodes, depth } = measure(type, this.#sizes)
    const isLarge = nodes > BOUNDS.typeNodes || depth > BOUNDS.typeDepth
    const found = isLarge ? fault('type-size', 'a type is too large') : this.#fault(type)
    this.#known.set(type, found)
    return found
  }

  #fault(type: Type, isNested = false): Fault | undefined {
    switch (type.kind) {
      case 'array':
        return this.#part(type.elem, isNested)
      case 'tuple':
        return this.#first(type.elems, isNested)
      case 'func':
        return this.#first([...type.params, type.result], isNested)
      case 'map':
        return this.#first([type.key, type.value], isNested)
      case 'set':
        return this.#part(type.elem, isNested)
      case 'dict':
        return this.#part(type.value, isNested)
      case 'cell':
        return fault('type-cell', `${formatType(type)} is not allowed here`)
      case 'object':
        return type.id < this.#objectCount ? undefined : fault('type-object', `there is no object ${type.id}`)
      case 'union':
        return unionFault(type.members) ?? this.#first(type.members, isNested)
      case 'nested':
        return nestedFault(type) ?? this.#first(type.members, true)
      case 'self':
        return isNested ? undefined : fault('type-nested', 'self is nothing here')
      default:
        return undefined
    }
  }

  /** `isNested`: within a nested union, where `self` is a type. */
  #part(type: Type, isNested: boolean): Fault | undefined {
    return isNested ? this.#fault(type, true) : this.value(type)
  }

  #first(types: readonly Type[], isNested = false): Fault | undefined {
    for (const type of types) {
      const found = this.#part(type, isNested)
      if (found) return found
    }
    return undefined
  }
}

const unfit: ReadonlySet<Type['kind']> = new Set(['union', 'nested', 'self', 'json', 'any', 'i32'])

function unionFault(members: readonly Type[]): Fault | undefined {
  const found = membersFault(members)
  if (found) return found
  const whole = unionOf(members)
  return whole.kind === 'union' ? undefined : fault('type-union', `a union of all that ${whole.kind} is`)
}

function nestedFault(type: NestedType): Fault | undefined {
  const found = membersFault(type.members)
  if (found) return found
  const selves = countSelf(type.members)
  if (selves === 0) return fault('type-nested', `${formatType(type)} says nowhere self`)
  const nodes = selves * countNodes(type)
  return nodes > BOUNDS.nestedNodes ? fault('type-size', `a nested union is ${nodes} nodes, written out`) : undefined
}

/** How often types say `self` of the union that they are within. */
const countSelf = (types: readonly Type[]): number =>
  types.reduce(
    (sum, type) => sum + (type.kind === 'self' ? 1 : type.kind === 'nested' ? 0 : countSelf(partsOf(type))),
    0,
  )

const countNodes = (type: Type): number => partsOf(type).reduce((sum, part) => sum + countNodes(part), 1)

function membersFault(members: readonly Type[]): Fault | undefined {
  if (members.length < 2) return fault('type-union', `a union of ${members.length} members`)
  const bad = members.find((m) => unfit.has(m.kind))
  if (bad) return fault('type-union', `a union has the member ${formatType(bad)}`)
  const texts = members.map(formatType)
  const late = texts.findIndex((text, i) => i > 0 && !(texts[i - 1]! < text))
  if (late > 0) return fault('type-union', `member ${texts[late]} is not after ${texts[late - 1]}`)
  const count = (...kinds: Type['kind'][]): number => members.filter((m) => kinds.includes(m.kind)).length
  if (count('array', 'tuple') > 1) return fault('type-union', 'a union has more than one array or tuple')
  for (const kind of ['func', 'map', 'set', 'dict'] as const)
    if (count(kind) > 1) return fault('type-union', `a union has more than one ${kind}`)
  return undefined
}

/** Nodes of a type, written out, and how deep they are. */
type Size = { readonly nodes: number; readonly depth: number }

/** Measures without recursion, since the depth is not known to be bounded yet; `known` has what was measured before. */
function measure(type: Type, known: WeakMap<Type, Size>): Size {
  const left = [type]
  for (let next = left.at(-1); next; next = left.at(-1)) {
    const before = left.length
    for (const part of partsOf(next)) if (!known.has(part)) left.push(part)
    if (left.length > before) continue
    known.set(next, sizeOf(partsOf(next).map((part) => known.get(part)!)))
    left.pop()
  }
  return known.get(type)!
}

const sizeOf = (parts: readonly Size[]): Size => ({
  nodes: parts.reduce((sum, { nodes }) => sum + nodes, 1),
  depth: parts.reduce((most, { depth }) => Math.max(most, depth), 0) + 1,
})
