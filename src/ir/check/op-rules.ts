import { BOUNDS } from '../bounds.ts'
import type { Field, Immediate, Module, ObjectDef } from '../module.ts'
import type { OPS, OpName } from '../ops.ts'
import {
  admits,
  arrayOf,
  BOOL,
  cellOf,
  dictOf,
  F64,
  formatType,
  funcOf,
  isBoxed,
  isSubtype,
  isUnion,
  membersOf,
  nonNullish,
  NULL,
  objectOf,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  type Type,
} from '../types.ts'
import { isReference } from './match.ts'
import { fault, type Fault } from './rules.ts'
import { TABLE_RULES } from './table-rules.ts'
import { TYPED_RULES } from './typed-rules.ts'

/** Operations whose signature leaves something to a rule, and those whose operands a rule restricts further. */
export type RuledOp = StarredOp | 'ref.eq' | 'dyn.is'

type StarredOp = { [K in OpName]: (typeof OPS)[K]['sig'] extends `${string}*${string}` ? K : never }[OpName]

/** What a rule sees: immediates that are known to exist, and operand types that fit the signature. */
type Site = { readonly module: Module; readonly imm: readonly Immediate[]; readonly args: readonly Type[] }

/** The result type of an operation, or why there is none. `text` is the rule as the specification prints it. */
type OpRule = { readonly text: string; readonly type: (site: Site) => Type | Fault }

const rule = (text: string, type: OpRule['type']): OpRule => ({ text, type })

const numberAt = (site: Site, i: number): number => site.imm[i] as number
const typeAt = (site: Site, i: number): Type => site.imm[i] as Type
const fieldOf = (site: Site): Field => site.module.objects[numberAt(site, 0)]!.fields[numberAt(site, 1)]!
const listed = (site: Site, i: number): readonly number[] => site.imm[i] as readonly number[]

/** What is wrong with an operand that carries no object. */
const noteless = ({ args: [carrier] }: Site): Fault | null =>
  carrier!.kind === 'array' || carrier!.kind === 'func'
    ? null
    : fault('operands', `operand 1 is of type ${formatType(carrier!)}, not an array or func`)

/** A rule for each operation that needs one; total by type. spec: checking#rules-of-operations */
export const OP_RULES: Readonly<Record<RuledOp, OpRule>> = {
  'array.holes': rule('result array of the immediate', (site) => arrayOf(typeAt(site, 0))),
  'ref.note': rule('operands an array or func, and an object', (site) =>
    site.args[1]!.kind === 'object'
      ? (noteless(site) ?? UNDEFINED)
      : fault('operands', `operand 2 is of type ${formatType(site.args[1]!)}, not an object`),
  ),
  'ref.noted': rule(
    'operand an array or func, result the object, or undefined',
    (site) => noteless(site) ?? optional(objectOf(numberAt(site, 0))),
  ),
  'tuple.new': rule('the immediate is a tuple type, the operands have the types of its elements', (site) => {
    const type = typeAt(site, 0)
    if (type.kind !== 'tuple') return fault('immediate', `${formatType(type)} is no tuple type`)
    return exactly(site, type.elems) ?? type
  }),
  'tuple.get': rule('operand a tuple longer than the immediate, result the type of that element', elementAt),
  'tuple.set': rule('operands a tuple longer than the immediate and a value of that element', (site) => {
    const elem = elementAt(site)
    return 'rule' in elem ? elem : (exactly(site, [site.args[0]!, elem]) ?? UNDEFINED)
  }),
  'object.new': rule(
    'operands of the types of the listed fields, result the object; no error, typed array or buffer',
    (site) => {
      const id = numberAt(site, 0)
      const { role, fields } = site.module.objects[id]!
      if (role === 'error' || role === 'typed' || role === 'buffer')
        return fault('immediate', `object.new makes no ${role}`)
      return (
        exactly(
          site,
          listed(site, 1).map((i) => fields[i]!.type),
        ) ?? objectOf(id)
      )
    },
  ),
  'object.get': rule('operand the object, the field not optional, result the type of the field', (site) => {
    const field = fieldOf(site)
    if (field.optional) return fault('immediate', `field ${field.name} is optional`)
    return onObject(site) ?? field.type
  }),
  'object.get_opt': rule(
    'operand the object, result the type of the field or undefined',
    (site) => onObject(site) ?? optional(fieldOf(site).type),
  ),
  'object.set': rule(
    'operands the object and a value of the type of the field',
    (site) => onObject(site, fieldOf(site).type) ?? UNDEFINED,
  ),
  'object.has': rule('operand the object', (site) => onObject(site) ?? BOOL),
  'object.keys': rule('operand the object', (site) => onObject(site) ?? arrayOf(STRING)),
  'object.assign': rule(
    'operands objects of the two definitions; every field of the second that is not hidden nor listed has one of the same name and type, not hidden, in the first',
    assigned,
  ),
  'closure.new': rule('operands of the types of the captures, result a func of the parameters and result', closed),
  'closure.is': rule('operand a func', (site) =>
    site.args[0]!.kind === 'func'
      ? BOOL
      : fault('operands', `operand 1 is of type ${formatType(site.args[0]!)}, not a func`),
  ),
  'cell.new': rule('operand no cell of a cell, result a cell of it', (site) => {
    const type = site.args[0]!
    return type.kind === 'cell' && type.of.kind === 'cell'
      ? fault('type-cell', 'a cell cannot hold a cell of a cell')
      : cellOf(type)
  }),
  'cell.unset': rule('result a cell of the immediate', (site) => cellOf(typeAt(site, 0))),
  'cell.get': rule('operand a cell, result the type of its content', content),
  'cell.set': rule('operands a cell and a value of the type of its content', (site) => {
    const of = content(site)
    return 'rule' in of ? of : (exactly(site, [site.args[0]!, of]) ?? UNDEFINED)
  }),
  'global.get': rule('result the type of the global', (site) => site.module.globals[numberAt(site, 0)]!.type),
  'global.set': rule(
    'operand of the type of the global',
    (site) => exactly(site, [site.module.globals[numberAt(site, 0)]!.type]) ?? UNDEFINED,
  ),
  'ref.eq': rule('operands arrays, tuples, objects or funcs', (site) =>
    isReference(site.args[0]!) ? BOOL : fault('operands', `${formatType(site.args[0]!)} has no identity`),
  ),
  'error.new': rule('the immediates an error and a built-in kind, result the object', (site) => {
    const id = numberAt(site, 0)
    return site.module.objects[id]!.role === 'error' ? objectOf(id) : fault('immediate', `object ${id} is no error`)
  }),
  'dyn.box': rule(
    'the immediate any or a union that admits every value of the operand, which is no i32 or cell',
    boxed,
  ),
  'dyn.unbox': rule(
    'the immediate a subtype of the operand; of any, only types that values tell at run time: undefined, null, bool, f64, string, bigint, objects, funcs by the type of the function that they are of, and unions of these',
    (site) => tellable(site) ?? typeAt(site, 0),
  ),
  'dyn.require': rule(
    'result the operand without null and undefined, of which something is left',
    (site) => nonNullish(site.args[0]!) ?? fault('operands', 'nothing but null and undefined'),
  ),
  'dyn.require_at': rule(
    'result the first operand without null and undefined, of which something is left',
    (site) => nonNullish(site.args[0]!) ?? fault('operands', 'nothing but null and undefined'),
  ),
  'dyn.is': rule('as dyn.unbox, result bool', (site) => tellable(site) ?? BOOL),
  'json.parse': rule(
    'the immediate json, or a nested union with the members of json but undefined, result that',
    (site) => {
      const type = typeAt(site, 0)
      const held = [arrayOf(type), BOOL, dictOf(type), F64, NULL, STRING]
      if (!isUnion(type) || !held.every((member) => admits(type, member)))
        return fault('immediate', `${formatType(type)} does not hold all of JSON`)
      return exactly(site, [STRING]) ?? type
    },
  ),
  ...TABLE_RULES,
  ...TYPED_RULES,
}

/** The fault when the operands are not exactly of `types`. */
function exactly(site: Site, types: readonly Type[]): Fault | undefined {
  if (site.args.length !== types.length)
    return fault('operands', `there are ${site.args.length} of them, not ${types.length}`)
  const at = types.findIndex((type, i) => !sameType(type, site.args[i]!))
  if (at < 0) return undefined
  return fault('operands', `operand ${at + 1} is of type ${formatType(site.args[at]!)}, not ${formatType(types[at]!)}`)
}

/** What typed arrays and buffers have is asked for by operations of their own. */
function isOpaque({ role }: ObjectDef): boolean {
  return role === 'typed' || role === 'buffer'
}

function onObject(site: Site, ...rest: Type[]): Fault | undefined {
  const id = numberAt(site, 0)
  if (isOpaque(site.module.objects[id]!)) return fault('immediate', `object ${id} shows no fields`)
  return exactly(site, [objectOf(numberAt(site, 0)), ...rest])
}

function elementAt(site: Site): Type | Fault {
  const tuple = site.args[0]!
  if (tuple.kind !== 'tuple') return fault('operands', `operand 1 is of type ${formatType(tuple)}, not a tuple`)
  return (
    tuple.elems[numberAt(site, 0)] ?? fault('immediate', `${formatType(tuple)} has no element ${numberAt(site, 0)}`)
  )
}

function content(site: Site): Type | Fault {
  const cell = site.args[0]!
  return cell.kind === 'cell' ? cell.of : fault('operands', `operand 1 is of type ${formatType(cell)}, not a cell`)
}

function closed(site: Site): Type | Fault {
  const func = site.module.funcs[numberAt(site, 0)]!
  if (func.params.length > BOUNDS.typeNodes)
    return fault('type-size', `${func.name} has too many parameters for a type`)
  if (func.params.some((p) => p.type.kind === 'cell')) return fault('type-cell', `${func.name} takes a cell`)
  if (site.args.length !== func.captures.length)
    return fault('operands', `there are ${site.args.length} of them for ${func.captures.length} captures`)
  const captures = func.captures.map((c) => c.type)
  const params = func.params.map((p) => p.type)
  return exactly(site, captures) ?? funcOf(params, func.result)
}

function assigned(site: Site): Type | Fault {
  const { objects } = site.module
  const [target, source] = [numberAt(site, 0), numberAt(site, 1)]
  const opaque = [target, source].find((id) => isOpaque(objects[id]!))
  if (opaque !== undefined) return fault('immediate', `object ${opaque} shows no fields`)
  const wrong = exactly(site, [objectOf(target), objectOf(source)])
  if (wrong) return wrong
  const left = new Set(listed(site, 2))
  const bad = unassignable(objects[target]!, objects[source]!).find((i) => !left.has(i))
  if (bad === undefined) return UNDEFINED
  return fault('operands', `field ${objects[source]!.fields[bad]!.name} has no counterpart of its type`)
}

const UNASSIGNABLE = new WeakMap<ObjectDef, WeakMap<ObjectDef, readonly number[]>>()

/** The fields of the second definition that cannot be set in the first; found once for each pair. */
function unassignable(target: ObjectDef, source: ObjectDef): readonly number[] {
  const known = UNASSIGNABLE.get(target)?.get(source)
  if (known) return known
  const targets = new Map(target.fields.map((f) => [f.name, f]))
  const found = source.fields.flatMap((field, i) => {
    const into = targets.get(field.name)
    const fits = field.hidden || (into && !into.hidden && sameType(into.type, field.type))
    return fits ? [] : [i]
  })
  const byTarget = UNASSIGNABLE.get(target) ?? new WeakMap<ObjectDef, readonly number[]>()
  UNASSIGNABLE.set(target, byTarget.set(source, found))
  return found
}

function boxed(site: Site): Type | Fault {
  const [from, to] = [site.args[0]!, typeAt(site, 0)]
  if (!isBoxed(to)) return fault('immediate', `${formatType(to)} is not boxed`)
  const fits = from.kind !== 'cell' && from.kind !== 'i32' && isSubtype(from, to)
  return fits ? to : fault('operands', `${formatType(from)} is no subtype of ${formatType(to)}`)
}

const TELLABLE: ReadonlySet<Type['kind']> = new Set([
  'undefined',
  'null',
  'bool',
  'f64',
  'string',
  'bigint',
  'object',
  'func',
])

function tellable(site: Site): Fault | undefined {
  const [from, to] = [site.args[0]!, typeAt(site, 0)]
  if (!isSubtype(to, from) || to.kind === 'i32')
    return fault('operands', `${formatType(to)} is no subtype of ${formatType(from)}`)
  if (from.kind !== 'any' || to.kind === 'any' || membersOf(to).every((m) => TELLABLE.has(m.kind))) return undefined
  return fault('immediate', `values of any cannot be told to be ${formatType(to)}`)
}
