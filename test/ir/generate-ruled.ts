import {
  admits,
  ANY,
  arrayOf,
  BOOL,
  cellOf,
  dictOf,
  F64,
  funcOf,
  isBoxed,
  isSubtype,
  JSON_VALUE,
  membersOf,
  NULL,
  objectOf,
  optional,
  sameType,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  type Field,
  type Immediate,
  type Module,
  type Type,
} from '../../src/ir/index.ts'
import type { RuledOp } from '../../src/ir/check/op-rules.ts'
import { RULED_TABLES } from './generate-tables.ts'
import { RULED_TYPED } from './generate-typed.ts'
import type { Random } from './random.ts'

/** What choices are made from: the module so far, and random types. */
export type Chooser = {
  readonly random: Random
  readonly module: Module
  /** A random type that is no cell. */
  readonly value: (depth: number) => Type
  readonly boxed: () => Type
  readonly cells: () => Type
  /** The number of a definition, mostly one of which there is a local. */
  readonly objectId: () => number
  /** A type of this kind that a local has, or what `otherwise` gives. */
  readonly ofLocals: (kind: Type['kind'], otherwise: () => Type) => Type
}

export const ERRORS = ['Error', 'TypeError', 'RangeError', 'SyntaxError']

/** The type of the closures of a function. */
export function closureOf(func: Module['funcs'][number]): Type {
  return funcOf(
    func.params.map((p) => p.type),
    func.result,
  )
}

/** Immediates, operand types and result of a ruled operation. */
type Made = { readonly imm: readonly Immediate[]; readonly args: readonly Type[]; readonly type: Type }

/** Chooses what a ruled operation is applied to, when it can give the wanted type. */
export type Ruled = (g: Chooser, wanted: Type | undefined) => Made | undefined

const fieldsOf = (g: Chooser, id: number): readonly Field[] => g.module.objects[id]!.fields

/** Whether operations on fields may ask objects of a definition. */
export const showsFields = (g: Chooser, id: number): boolean =>
  !['typed', 'buffer'].includes(g.module.objects[id]!.role)

/** A random field of a random object, of the wanted type when one is wanted. */
function anyField(g: Chooser, wanted?: Type): { imm: number[]; object: Type; field: Field } | undefined {
  const all = g.module.objects.flatMap(({ fields }, id) =>
    showsFields(g, id) ? fields.map((field, at) => ({ id, at, field })) : [],
  )
  const near = g.objectId()
  const fitting = wanted ? all.filter(({ field }) => sameType(field.type, wanted)) : all.filter(({ id }) => id === near)
  if (fitting.length === 0) return undefined
  const { id, at, field } = g.random.pick(fitting)
  return { imm: [id, at], object: objectOf(id), field }
}

/** A place in a tuple, of the wanted type when one is wanted. */
function anyTuple(g: Chooser, wanted?: Type): { at: number; tuple: Type; type: Type } | undefined {
  if (wanted?.kind === 'cell') return undefined
  const made = (): Type => tupleOf([...(g.random.oneIn(2) ? [F64] : []), wanted ?? g.value(1)])
  const tuple = g.ofLocals('tuple', made)
  if (tuple.kind !== 'tuple') return undefined
  const places = tuple.elems.flatMap((elem, i) => (!wanted || sameType(elem, wanted) ? [i] : []))
  if (places.length === 0) return undefined
  const at = g.random.pick(places)
  return { at, tuple, type: tuple.elems[at]! }
}

/** Fields of the second definition that cannot be set in the first, and some that could. */
function leftOut(g: Chooser, target: number, source: number): number[] {
  const fits = (field: Field): boolean =>
    fieldsOf(g, target).some((f) => f.name === field.name && !f.hidden && sameType(f.type, field.type))
  return fieldsOf(g, source).flatMap((f, i) => ((!f.hidden && !fits(f)) || g.random.oneIn(6) ? [i] : []))
}

/** The type with null, undefined or both. */
function nullish(g: Chooser, type: Type): Type {
  return unionOf([type, ...g.random.pick([[NULL], [UNDEFINED], [NULL, UNDEFINED]])])
}

/** Kinds that values of any tell at run time. */
const TOLD: ReadonlySet<Type['kind']> = new Set([
  'undefined',
  'null',
  'bool',
  'f64',
  'string',
  'bigint',
  'object',
  'func',
])

/** A boxed type and a part of it that its values tell. */
function told(g: Chooser, wanted: Type | undefined, boxed: Type = g.boxed()): { from: Type; to: Type } | undefined {
  const to =
    wanted ??
    (boxed.kind !== 'any'
      ? g.random.pick(membersOf(boxed))
      : g.random.pick([STRING, F64, NULL, objectOf(0), objectOf(g.objectId())]))
  if (['any', 'json', 'nested', 'i32', 'cell'].includes(to.kind)) return undefined
  const isTold = membersOf(to).every((member) => TOLD.has(member.kind))
  if (isSubtype(to, boxed) && (isTold || boxed.kind !== 'any')) return { from: boxed, to }
  const from = isTold && g.random.oneIn(2) ? ANY : unionOf([to, g.random.pick([UNDEFINED, NULL, F64, STRING])])
  return isBoxed(from) ? { from, to } : undefined
}

/** The type of what may carry an object. */
function carrier(g: Parameters<Ruled>[0]): Type {
  const list = (): Type => g.ofLocals('array', () => arrayOf(g.random.pick([F64, STRING, ANY])))
  return g.random.oneIn(3) ? g.ofLocals('func', list) : list()
}

export const RULED: { readonly [K in RuledOp]: Ruled } = {
  ...RULED_TABLES,
  ...RULED_TYPED,
  'array.holes': (_, wanted) => {
    const type = wanted ?? arrayOf(F64)
    return type.kind === 'array' ? { imm: [type.elem], args: [F64], type } : undefined
  },
  'ref.note': (g) => {
    return { imm: [], args: [carrier(g), objectOf(g.objectId())], type: UNDEFINED }
  },
  'ref.noted': (g, wanted) => {
    const object = wanted ? membersOf(wanted).find((m) => m.kind === 'object') : objectOf(g.objectId())
    if (object?.kind !== 'object') return undefined
    const type = optional(object)
    if (wanted && !sameType(wanted, type)) return undefined
    return { imm: [object.id], args: [carrier(g)], type }
  },
  'tuple.new': (g, wanted) => {
    const type = wanted ?? tupleOf([F64, g.value(1)])
    return type.kind === 'tuple' ? { imm: [type], args: type.elems, type } : undefined
  },
  'tuple.get': (g, wanted) => {
    const made = anyTuple(g, wanted)
    return made && { imm: [made.at], args: [made.tuple], type: made.type }
  },
  'tuple.set': (g) => {
    const made = anyTuple(g)
    return made && { imm: [made.at], args: [made.tuple, made.type], type: UNDEFINED }
  },
  'object.new': (g, wanted) => {
    const id = wanted?.kind === 'object' ? wanted.id : g.random.int(g.module.objects.length)
    if (['error', 'typed', 'buffer'].includes(g.module.objects[id]!.role)) return undefined
    const listed = fieldsOf(g, id).flatMap((f, i) => (f.optional && g.random.oneIn(2) ? [] : [i]))
    if (g.random.oneIn(3)) listed.reverse()
    return { imm: [id, listed], args: listed.map((i) => fieldsOf(g, id)[i]!.type), type: objectOf(id) }
  },
  'object.get': (g, wanted) => {
    const made = anyField(g, wanted)
    return made && !made.field.optional ? { imm: made.imm, args: [made.object], type: made.field.type } : undefined
  },
  'object.get_opt': (g, wanted) => {
    const inner = wanted && unionOf(membersOf(wanted).filter((m) => m.kind !== 'undefined'))
    const of = inner?.kind === 'union' && inner.members.length === 0 ? undefined : inner
    const made = anyField(g, of && g.random.oneIn(2) ? of : wanted)
    if (!made || made.field.type.kind === 'i32') return undefined
    return { imm: made.imm, args: [made.object], type: optional(made.field.type) }
  },
  'object.set': (g) => {
    const made = anyField(g)
    return made && { imm: made.imm, args: [made.object, made.field.type], type: UNDEFINED }
  },
  'object.has': (g) => {
    const made = anyField(g)
    return made && { imm: made.imm, args: [made.object], type: BOOL }
  },
  'object.keys': (g) => {
    const id = g.objectId()
    return showsFields(g, id) ? { imm: [id], args: [objectOf(id)], type: arrayOf(STRING) } : undefined
  },
  'object.assign': (g) => {
    const [target, source] = [g.objectId(), g.objectId()]
    if (!showsFields(g, target) || !showsFields(g, source)) return undefined
    const args = [objectOf(target), objectOf(source)]
    return { imm: [target, source, leftOut(g, target, source)], args, type: UNDEFINED }
  },
  'closure.new': (g, wanted) => {
    const fits = g.module.funcs.flatMap((f, i) => (!wanted || sameType(closureOf(f), wanted) ? [i] : []))
    if (fits.length === 0) return undefined
    const func = g.random.pick(fits)
    const target = g.module.funcs[func]!
    return { imm: [func], args: target.captures.map((c) => c.type), type: closureOf(target) }
  },
  'closure.is': (g) => {
    const func = g.random.int(g.module.funcs.length)
    return { imm: [func], args: [g.ofLocals('func', () => closureOf(g.module.funcs[func]!))], type: BOOL }
  },
  'cell.new': (g, wanted) => {
    const type = wanted ?? cellOf(g.value(1))
    return type.kind === 'cell' ? { imm: [], args: [type.of], type } : undefined
  },
  'cell.unset': (g, wanted) => {
    const type = wanted ?? cellOf(g.value(1))
    return type.kind === 'cell' ? { imm: [type.of], args: [], type } : undefined
  },
  'cell.get': (g, wanted) => {
    const cell = wanted && wanted.kind !== 'cell' ? cellOf(wanted) : g.cells()
    return cell.kind === 'cell' ? { imm: ['x'], args: [cell], type: cell.of } : undefined
  },
  'cell.set': (g) => {
    const cell = g.cells()
    return cell.kind === 'cell' ? { imm: [], args: [cell, cell.of], type: UNDEFINED } : undefined
  },
  'global.get': (g, wanted) => {
    const fitting = g.module.globals.flatMap(({ type }, i) => (!wanted || sameType(type, wanted) ? [i] : []))
    if (fitting.length === 0) return undefined
    const at = g.random.pick(fitting)
    return { imm: [at], args: [], type: g.module.globals[at]!.type }
  },
  'global.set': (g) => {
    // The first two are for the generator's own use.
    const at = 2 + g.random.int(g.module.globals.length - 2)
    const type = g.module.globals[at]?.type
    return type && { imm: [at], args: [type], type: UNDEFINED }
  },
  'ref.eq': (g) => {
    const kind = g.random.pick(['array', 'tuple', 'object', 'func', 'map', 'dict'] as const)
    const type = g.ofLocals(kind, () => g.random.pick([arrayOf(F64), objectOf(0), tupleOf([F64])]))
    return { imm: [], args: [type, type], type: BOOL }
  },
  'error.new': (g, wanted) => {
    const errors = g.module.objects.flatMap((def, id) => (def.role === 'error' ? [id] : []))
    const id = wanted?.kind === 'object' ? wanted.id : g.random.pick(errors)
    if (!errors.includes(id)) return undefined
    return { imm: [id, g.random.pick(ERRORS)], args: [STRING], type: objectOf(id) }
  },
  'dyn.box': (g, wanted) => {
    const to = wanted ?? ANY
    if (!isBoxed(to)) return undefined
    const from = to.kind === 'any' ? g.value(2) : g.random.pick([...membersOf(to), to])
    return from.kind === 'i32' ? undefined : { imm: [to], args: [from], type: to }
  },
  'dyn.unbox': (g, wanted) => {
    const made = told(g, wanted)
    return made && { imm: [made.to], args: [made.from], type: made.to }
  },
  'dyn.require': (g, asked) => {
    const wanted = asked ?? g.value(1)
    if (wanted.kind === 'cell' || wanted.kind === 'i32') return undefined
    if (membersOf(wanted).some((m) => m.kind === 'null' || m.kind === 'undefined')) return undefined
    return { imm: ['% is null'], args: [nullish(g, wanted)], type: wanted }
  },
  'dyn.require_at': (g, asked) => {
    const wanted = asked ?? g.value(1)
    if (wanted.kind === 'cell' || wanted.kind === 'i32') return undefined
    if (membersOf(wanted).some((m) => m.kind === 'null' || m.kind === 'undefined')) return undefined
    return { imm: ['% has no #'], args: [nullish(g, wanted), F64], type: wanted }
  },
  'json.parse': (g, wanted) => {
    const type = wanted ?? g.random.pick([JSON_VALUE, g.boxed()])
    const held = [arrayOf(type), BOOL, dictOf(type), F64, NULL, STRING]
    return held.every((member) => admits(type, member)) && type.kind !== 'any'
      ? { imm: [type], args: [STRING], type }
      : undefined
  },
  'dyn.is': (g) => {
    // Values of few types are as many things as those of a nested union that a local is of.
    const nested = g.random.oneIn(3) ? g.ofLocals('nested', () => g.boxed()) : undefined
    const made = told(g, undefined, nested)
    return made && { imm: [made.to], args: [made.from], type: BOOL }
  },
}
