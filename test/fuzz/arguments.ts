import type { Encoded } from '../../src/base/index.ts'
import { membersOf, type Module, type Type } from '../../src/ir/index.ts'
import { EDGE_STRINGS, edgeNumber } from '../ir/generate-values.ts'
import type { Random } from '../ir/random.ts'

/** A random argument of a type that JSON can hold; numbers and strings are mostly at the edges of something. */
export function makeArgument(random: Random, module: Module, type: Type, depth = 3): Encoded {
  const { int, pick, oneIn } = random
  const on = (inner: Type): Encoded => makeArgument(random, module, inner, depth - 1)
  switch (type.kind) {
    case 'undefined':
      return { $: 'undefined' }
    case 'null':
      return null
    case 'bool':
      return oneIn(2)
    case 'f64':
      return encodeNumber(edgeNumber(random))
    case 'string':
      return pick(EDGE_STRINGS)
    case 'any':
      return on(pick([{ kind: 'f64' }, { kind: 'string' }, { kind: 'bool' }, { kind: 'null' }, { kind: 'undefined' }]))
    case 'array':
      return Array.from({ length: depth > 0 ? int(6) : 0 }, () => (oneIn(12) ? { $: 'hole' } : on(type.elem)))
    case 'tuple':
      return type.elems.map(on)
    case 'object': {
      const { fields } = module.objects[type.id]!
      const given = fields.filter((field) => field.optional !== true || oneIn(2))
      if (oneIn(3)) given.reverse()
      const plain = Object.fromEntries(given.map((field) => [field.name, on(field.type)]))
      return Object.hasOwn(plain, '$') ? { $: 'obj', v: plain } : plain
    }
    case 'union': {
      const flat = type.members.filter((member) => depth > 0 || !['array', 'object'].includes(member.kind))
      return on(pick(flat.length > 0 ? flat : membersOf(type)))
    }
    default:
      throw new Error(`an entry cannot be given a ${type.kind}`)
  }
}

function encodeNumber(value: number): Encoded {
  if (Object.is(value, -0)) return { $: '-0' }
  return Number.isFinite(value) ? value : { $: String(value) }
}
