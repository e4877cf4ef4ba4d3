import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  funcOf,
  isBoxed,
  isSubtype,
  membersOf,
  NULL,
  objectOf,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  unionOf,
  type Field,
  type Immediate,
  type Module,
  type Type,
} from '../../src/ir/index.ts'
import type { RuledOp } from '../../src/ir/check/op-rules.ts'
import type { Random } from './random.ts'

/** What choices are made from: the module so far, and random types. */
export type Chooser = {
  readonly random: Random
  readonly module: Module
  /** A random type that is no cell. */
  readonly value: (depth: number) => Type
  readonly boxed: () => Type
  readonly cells: () => Type
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

/** A random field of a random object. */
function anyField(g: Chooser): { imm: number[]; object: Type; type: Type; isOptional: boolean } | undefined {
  const id = g.random.int(g.module.objects.length)
  const fields = fieldsOf(g, id)
  if (fields.length === 0) return undefined
  const at = g.random.int(fields.length)
  return { imm: [id, at], object: objectOf(id), type: fields[at]!.type, isOptional: fields[at]!.optional === true }
}

function anyTuple(g: Chooser): { at: number; tuple: Type; type: Type } | undefined {
  const tuple = g.value(2)
  if (tuple.kind !== 'tuple' || tuple.elems.length === 0) return undefined
  const at = g.random.int(tuple.elems.length)
  return { at, tuple, type: tuple.elems[at]! }
}

function told(g: Chooser, wanted: Type | undefined): { from: Type; to: Type } | undefined {
  const from = g.boxed()
  const to = wanted ?? (from.kind === 'union' ? g.random.pick(from.members) : STRING)
  const isTold = ['f64', 'bool', 'string', 'null', 'undefined', 'object'].includes(to.kind)
  return isSubtype(to, from) && (isTold || from.kind !== 'any') ? { from, to } : undefined
}

export const RULED: { readonly [K in RuledOp]: Ruled } = {
  'array.holes': (_, wanted) => {
    const type = wanted ?? arrayOf(F64)
    return type.kind === 'array' ? { imm: [type.elem], args: [F64], type } : undefined
  },
  'tuple.new': (_, wanted) =>
    wanted?.kind === 'tuple' ? { imm: [wanted], args: wanted.elems, type: wanted } : undefined,
  'tuple.get': (g) => {
    const made = anyTuple(g)
    return made && { imm: [made.at], args: [made.tuple], type: made.type }
  },
  'tuple.set': (g) => {
    const made = anyTuple(g)
    return made && { imm: [made.at], args: [made.tuple, made.type], type: UNDEFINED }
  },
  'object.new': (g, wanted) => {
    const id = wanted?.kind === 'object' ? wanted.id : g.random.int(g.module.objects.length)
    if (id === 0) return undefined
    const listed = fieldsOf(g, id).flatMap((f, i) => (f.optional && g.random.oneIn(2) ? [] : [i]))
    if (g.random.oneIn(3)) listed.reverse()
    return { imm: [id, listed], args: listed.map((i) => fieldsOf(g, id)[i]!.type), type: objectOf(id) }
  },
  'object.get': (g) => {
    const field = anyField(g)
    return field && !field.isOptional ? { imm: field.imm, args: [field.object], type: field.type } : undefined
  },
  'object.get_opt': (g) => {
    const field = anyField(g)
    if (!field || field.type.kind === 'i32') return undefined
    return { imm: field.imm, args: [field.object], type: optional(field.type) }
  },
  'object.set': (g) => {
    const field = anyField(g)
    return field && { imm: field.imm, args: [field.object, field.type], type: UNDEFINED }
  },
  'object.has': (g) => {
    const field = anyField(g)
    return field && { imm: field.imm, args: [field.object], type: BOOL }
  },
  'object.keys': (g) => {
    const id = g.random.int(g.module.objects.length)
    return { imm: [id], args: [objectOf(id)], type: arrayOf(STRING) }
  },
  'object.assign': (g) => {
    const id = g.random.int(g.module.objects.length)
    const left = fieldsOf(g, id).flatMap((_, i) => (g.random.oneIn(3) ? [i] : []))
    return { imm: [id, id, left], args: [objectOf(id), objectOf(id)], type: UNDEFINED }
  },
  'closure.new': (g, wanted) => {
    const fits = g.module.funcs.flatMap((f, i) => (!wanted || sameType(closureOf(f), wanted) ? [i] : []))
    if (fits.length === 0) return undefined
    const func = g.random.pick(fits)
    const target = g.module.funcs[func]!
    return { imm: [func], args: target.captures.map((c) => c.type), type: closureOf(target) }
  },
  'cell.new': (_, wanted) => (wanted?.kind === 'cell' ? { imm: [], args: [wanted.of], type: wanted } : undefined),
  'cell.unset': (_, wanted) => (wanted?.kind === 'cell' ? { imm: [wanted.of], args: [], type: wanted } : undefined),
  'cell.get': (g) => {
    const cell = g.cells()
    return cell.kind === 'cell' ? { imm: ['x'], args: [cell], type: cell.of } : undefined
  },
  'cell.set': (g) => {
    const cell = g.cells()
    return cell.kind === 'cell' ? { imm: [], args: [cell, cell.of], type: UNDEFINED } : undefined
  },
  'global.get': (g) => {
    const at = g.random.int(g.module.globals.length)
    return { imm: [at], args: [], type: g.module.globals[at]!.type }
  },
  'global.set': (g) => {
    const at = g.random.int(g.module.globals.length)
    return { imm: [at], args: [g.module.globals[at]!.type], type: UNDEFINED }
  },
  'ref.eq': (g) => {
    const type = g.random.pick([arrayOf(F64), objectOf(0), objectOf(g.module.objects.length - 1)])
    return { imm: [], args: [type, type], type: BOOL }
  },
  'error.new': (g) => ({ imm: [g.random.pick(ERRORS)], args: [STRING], type: objectOf(0) }),
  'dyn.box': (g, wanted) => {
    const to = wanted ?? ANY
    if (!isBoxed(to)) return undefined
    const from = to.kind === 'union' ? g.random.pick([...to.members, to]) : g.value(2)
    return from.kind === 'i32' ? undefined : { imm: [to], args: [from], type: to }
  },
  'dyn.unbox': (g, wanted) => {
    const made = told(g, wanted)
    return made && { imm: [made.to], args: [made.from], type: made.to }
  },
  'dyn.require': (_, wanted) => {
    if (!wanted || wanted.kind === 'cell' || wanted.kind === 'i32') return undefined
    if (membersOf(wanted).some((m) => m.kind === 'null' || m.kind === 'undefined')) return undefined
    return { imm: ['% is null'], args: [unionOf([wanted, NULL])], type: wanted }
  },
  'dyn.require_at': (_, wanted) => {
    if (!wanted || wanted.kind === 'cell' || wanted.kind === 'i32') return undefined
    if (membersOf(wanted).some((m) => m.kind === 'null' || m.kind === 'undefined')) return undefined
    return { imm: ['% has no #'], args: [unionOf([wanted, NULL]), F64], type: wanted }
  },
  'dyn.is': (g) => {
    const made = told(g, undefined)
    return made && { imm: [made.to], args: [made.from], type: BOOL }
  },
}
