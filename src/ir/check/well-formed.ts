import { BOUNDS } from '../bounds.ts'
import { formatType, partsOf, unionOf, type NestedType, type Type } from '../types.ts'
import { fault, type Fault } from './rules.ts'

/** Judges types of one module, each object that stands for a type once. */
export class TypeJudge {
  readonly #objectCount: number
  readonly #known = new WeakMap<Type, Fault | undefined>()

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
    const found = sizeFault(type) ?? this.#fault(type)
    this.#known.set(type, found)
    return found
  }

  #fault(type: Type, isNested = false): Fault | undefined {
    switch (type.kind) {
      case 'array':
        return this.#fault(type.elem, isNested)
      case 'tuple':
        return this.#first(type.elems, isNested)
      case 'func':
        return this.#first([...type.params, type.result], isNested)
      case 'map':
        return this.#first([type.key, type.value], isNested)
      case 'set':
        return this.#fault(type.elem, isNested)
      case 'dict':
        return this.#fault(type.value, isNested)
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

  #first(types: readonly Type[], isNested = false): Fault | undefined {
    for (const type of types) {
      const found = this.#fault(type, isNested)
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

/** Measures without recursion, since the depth is not known to be bounded yet. */
function sizeFault(type: Type): Fault | undefined {
  const left: { type: Type; depth: number }[] = [{ type, depth: 1 }]
  let nodes = 0
  for (let next = left.pop(); next; next = left.pop()) {
    if (++nodes > BOUNDS.typeNodes || next.depth > BOUNDS.typeDepth) return fault('type-size', 'a type is too large')
    for (const part of partsOf(next.type)) left.push({ type: part, depth: next.depth + 1 })
  }
  return undefined
}
