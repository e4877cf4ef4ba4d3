import {
  ANY,
  arrayOf,
  BIGINT,
  BOOL,
  elementTypeOf,
  F64,
  membersOf,
  NULL,
  objectOf,
  sameType,
  STRING,
  UNDEFINED,
  type Constant,
  type Expr,
  type Immediate,
  type Module,
  type OpName,
  type Type,
} from '../../src/ir/index.ts'
import { closureOf, ERRORS } from './generate-ruled.ts'
import { EDGE_BIGINTS, EDGE_STRINGS, edgeInteger, edgeNumber, type Pool } from './generate-values.ts'
import type { Random } from './random.ts'

/** What leaves are made from. */
type Site = {
  readonly random: Random
  readonly module: Module
  readonly pool: Pool
  op(op: OpName, imm: readonly Immediate[], args: readonly Expr[], type: Type): Expr
  constant(value: Constant, type: Type): Expr
}

/** A value of the type, made without reading anything. What is nested deeper than `depth` is left empty. */
export function makeLeaf(site: Site, type: Type, depth = 2): Expr {
  const { pick, int, oneIn } = site.random
  const on = (inner: Type): Expr => makeLeaf(site, inner, depth - 1)
  switch (type.kind) {
    case 'undefined':
      return site.constant(undefined, type)
    case 'null':
      return site.constant(null, type)
    case 'bool':
      return site.constant(pick([true, false]), type)
    case 'i32':
      return site.constant(edgeInteger(site.random), type)
    case 'f64':
      return site.constant(oneIn(2) ? pick(site.pool.numbers) : edgeNumber(site.random), type)
    case 'string':
      return site.constant(pick(oneIn(2) ? site.pool.strings : EDGE_STRINGS), type)
    case 'bigint':
      return site.op('bigint.from_string', [], [site.constant(pick(EDGE_BIGINTS), STRING)], type)
    case 'any':
      return site.op('dyn.box', [type], [on(boxable(site, depth))], type)
    case 'json':
      return site.op('dyn.box', [type], [on(pick(depth <= 0 ? SCALARS : membersOf(type)))], type)
    case 'nested':
      return site.op('dyn.box', [type], [on(pick(depth <= 0 ? scalarsOf(type) : membersOf(type)))], type)
    case 'self':
      throw new Error('self is no type of its own')
    case 'union':
      return site.op('dyn.box', [type], [on(pick(oneIn(3) ? type.members : solid(type)))], type)
    case 'map':
    case 'set':
    case 'dict':
      return site.op('table.new', [type], [], type)
    case 'array':
      return makeList(site, type, depth <= 0 ? 0 : int(5), on)
    case 'tuple':
      return site.op('tuple.new', [type], type.elems.map(on), type)
    case 'object':
      return makeInstance(site, type, on, depth)
    case 'cell':
      return site.op('cell.new', [], [on(type.of)], type)
    case 'func': {
      const func = site.module.funcs.findIndex((f) => sameType(type, closureOf(f)))
      const captures = site.module.funcs[func]!.captures.map((c) => on(c.type))
      return site.op('closure.new', [func], captures, type)
    }
  }
}

const SCALARS: readonly Type[] = [F64, STRING, BOOL, NULL, UNDEFINED]

const scalarsOf = (type: Type): readonly Type[] =>
  membersOf(type).filter((member) => SCALARS.some(({ kind }) => kind === member.kind))

function boxable({ random, module }: Site, depth: number): Type {
  const { pick, int, oneIn } = random
  if (depth <= 0 || !oneIn(3)) return pick([F64, F64, STRING, BIGINT, BOOL, NULL, UNDEFINED])
  const object = (): Type => objectOf(int(module.objects.length))
  return pick([object(), object(), arrayOf(F64), arrayOf(ANY), objectOf(0)])
}

/** An array of some elements, at times with holes before or behind them. */
function makeList(site: Site, type: Extract<Type, { kind: 'array' }>, count: number, on: (type: Type) => Expr): Expr {
  const { int, oneIn } = site.random
  const elements = Array.from({ length: count }, () => on(type.elem))
  const list = site.op('array.new', [type.elem], elements, type)
  if (!oneIn(12)) return list
  const holes = site.op('array.holes', [type.elem], [site.constant(1 + int(3), F64)], type)
  return site.op('array.concat', [], oneIn(2) ? [list, holes] : [holes, list], type)
}

/** Mostly with all fields that are not optional, since reading one that is not set ends the run. */
function makeInstance(
  site: Site,
  type: Extract<Type, { kind: 'object' }>,
  on: (type: Type) => Expr,
  depth: number,
): Expr {
  const { oneIn, pick } = site.random
  const { fields, role } = site.module.objects[type.id]!
  if (role === 'error') return site.op('error.new', [type.id, pick(ERRORS)], [on(STRING)], type)
  if (role === 'typed' || role === 'buffer') return makeBytes(site, type)
  const listed = depth <= 0 || oneIn(8) ? [] : fields.flatMap((f, i) => (f.optional && oneIn(2) ? [] : [i]))
  if (oneIn(3)) listed.reverse()
  const values = listed.map((i) => on(fields[i]!.type))
  return site.op('object.new', [type.id, listed], values, type)
}

/** A typed array or buffer, mostly of a few elements; a view begins somewhere in its buffer. */
function makeBytes(site: Site, type: Extract<Type, { kind: 'object' }>): Expr {
  const { int, oneIn } = site.random
  const def = site.module.objects[type.id]!
  const number = (value: number): Expr => site.constant(value, F64)
  if (def.role === 'buffer') return site.op('buffer.new', [type.id], [number(8 * int(4))], type)
  const buffer = def.fields[2]?.type
  if (!buffer || (def.name !== 'DataView' && oneIn(2))) return site.op('typed.new', [type.id], [number(int(6))], type)
  const { size } = elementTypeOf(def)
  const bytes = site.op('buffer.new', [buffer.kind === 'object' ? buffer.id : 0], [number(24)], buffer)
  return site.op('typed.view', [type.id], [bytes, number(8 * int(2)), number(int(16 / size + 1))], type)
}

/** The members of a type that are something, or all when none is. */
function solid(type: Type): readonly Type[] {
  const some = membersOf(type).filter((m) => m.kind !== 'null' && m.kind !== 'undefined')
  return some.length > 0 ? some : membersOf(type)
}
