import type { Encoded } from '../../src/base/index.ts'
import { membersOf, type Module, type Type } from '../../src/ir/index.ts'
import { EDGE_BIGINTS, EDGE_STRINGS, edgeNumber, makePool, type Pool } from '../ir/generate-values.ts'
import type { Random } from '../ir/random.ts'

/** Numbers that are alike in one way and not in another. */
const TWINS = [
  [0, -0],
  [-0, 0],
  [NaN, NaN],
  [1, 1],
  [2 ** 53, 2 ** 53 + 2],
] as const

/** Random arguments of types that JSON can hold; numbers and strings are at the edges of something, and often equal. */
export function makeArguments(random: Random, module: Module, types: readonly Type[]): Encoded[] {
  const pool = makePool(random)
  const args = types.map((type) => makeArgument({ random, module, pool }, type, 3))
  const numbers = types.flatMap((type, i) => (type.kind === 'f64' ? [i] : []))
  if (numbers.length < 2 || !random.oneIn(4)) return args
  const twins = random.pick(TWINS)
  return args.map((arg, i) =>
    i === numbers[0] ? encodeNumber(twins[0]) : i === numbers[1] ? encodeNumber(twins[1]) : arg,
  )
}

type Site = { readonly random: Random; readonly module: Module; readonly pool: Pool }

const NESTED: ReadonlySet<Type['kind']> = new Set(['array', 'tuple', 'object', 'map', 'set', 'dict'])
const DICT_KEYS = ['a', 'b', '2', '10', '01', '$', 'constructor', '__proto__']

function makeArgument(site: Site, type: Type, depth: number): Encoded {
  const { random, module, pool } = site
  const { int, pick, oneIn } = random
  const on = (inner: Type): Encoded => makeArgument(site, inner, depth - 1)
  const some = <T>(make: () => T): T[] => Array.from({ length: depth > 0 ? int(4) : 0 }, make)
  switch (type.kind) {
    case 'undefined':
      return { $: 'undefined' }
    case 'null':
      return null
    case 'bool':
      return oneIn(2)
    case 'f64':
      return encodeNumber(oneIn(2) ? pick(pool.numbers) : edgeNumber(random))
    case 'string':
      return pick(oneIn(2) ? pool.strings : EDGE_STRINGS)
    case 'bigint':
      return { $: 'bigint', v: pick(EDGE_BIGINTS) }
    case 'any':
      // What is in a box and not equal to itself.
      if (oneIn(8)) return encodeNumber(NaN)
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
    case 'map':
      return { $: 'Map', v: some(() => [on(type.key), on(type.value)]) }
    case 'set':
      return { $: 'Set', v: some(() => on(type.elem)) }
    case 'dict': {
      const plain = Object.fromEntries(some(() => [pick([...DICT_KEYS, ...pool.strings]), on(type.value)]))
      return Object.hasOwn(plain, '$') ? { $: 'obj', v: plain } : plain
    }
    case 'json':
    case 'nested':
    case 'union': {
      const flat = membersOf(type).filter((member) => depth > 0 || !NESTED.has(member.kind))
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
