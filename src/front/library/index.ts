import { closestName } from '../../base/index.ts'
import type { Expr, Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { changeList } from '../emit/frozen-lists.ts'
import { op, then, undef } from '../emit/make.ts'
import { callMissing } from '../emit/mistaken.ts'
import type { Analysis } from '../flow/analysis.ts'
import type { Instance } from '../flow/instance.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { CHANGING, noteMethod } from '../flow/writes.ts'
import type { HExpr } from '../hir.ts'
import { INHERITED } from '../prototypes.ts'
import { ARR, BIG, BOOL, MAP, NUM, OBJ, SET, STR } from '../kinds.ts'
import { ASYNC_FUNCTIONS, ASYNC_STEPS } from './async-iteration.ts'
import { ARRAY_METHODS } from './array.ts'
import { CALLBACK_STEPS } from './callbacks.ts'
import { CONSTRUCTOR_STEPS } from './constructor.ts'
import { CLONE_FUNCTIONS } from './clone.ts'
import { CODED_TEXT_FUNCTIONS } from './coded-text.ts'
import { BIGINT_FUNCTIONS, BIGINT_LITERAL, BIGINT_METHODS } from './bigint.ts'
import { brandedMethod } from './generator-methods.ts'
import { EFFECT_STEPS } from './effects.ts'
import { FREEZE_FUNCTIONS, FREEZE_STEPS } from './freeze.ts'
import { GLOBAL_FUNCTIONS } from './globals.ts'
import { ITERATION_STEPS } from './iteration.ts'
import { GIVEN_STEPS } from './given.ts'
import { ONCE_STEPS } from './once.ts'
import { tagOf } from './tag.ts'
import { OBJECT_METHODS, OWN_KEY_METHODS } from './object.ts'
import { primitiveText } from './primitive-text.ts'
import { PROMISE_FUNCTIONS } from './promises.ts'
import { functionOf } from './ref.ts'
import { REGEXP_FUNCTIONS, REGEXP_METHODS, REGEXP_OPERATIONS } from './regexp.ts'
import type { Row } from './row.ts'
import { MAP_METHODS, SET_METHODS, TABLE_FUNCTIONS, TABLE_STEPS } from './table.ts'
import { CODER_FUNCTIONS, DECODER_METHODS, ENCODER_METHODS } from './text-coding.ts'
import { BUFFER_METHODS, TYPED_METHODS, VIEW_METHODS } from './typed.ts'
import { BYTES_FUNCTIONS } from './typed-make.ts'
import { TYPED_STEPS } from './typed-steps.ts'
import { TIMER_FUNCTIONS, TIMER_STEPS } from './timers.ts'
import { emitRow } from './unread-arguments.ts'
import { BOOLEAN_METHODS, NUMBER_METHODS, STRING_METHODS, TEXT_FUNCTIONS } from './text.ts'

/** Functions by their name in lib.anrf.d.ts, each with how it is analysed and emitted. */
const NAMED: Readonly<Record<string, Row>> = {
  ...GLOBAL_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...BIGINT_FUNCTIONS,
  ...TABLE_FUNCTIONS,
  ...TABLE_STEPS,
  ...PROMISE_FUNCTIONS,
  ...ASYNC_FUNCTIONS,
  ...ASYNC_STEPS,
  ...REGEXP_FUNCTIONS,
  ...BYTES_FUNCTIONS,
  ...CLONE_FUNCTIONS,
  ...CODER_FUNCTIONS,
  ...CODED_TEXT_FUNCTIONS,
  ...FREEZE_FUNCTIONS,
  ...TIMER_FUNCTIONS,
}
/** And those that programs cannot name. */
const FUNCTIONS: Readonly<Record<string, Row>> = {
  ...NAMED,
  ...CALLBACK_STEPS,
  ...EFFECT_STEPS,
  ...FREEZE_STEPS,
  ...GIVEN_STEPS,
  ...CONSTRUCTOR_STEPS,
  '@@tag': tagOf,
  '@@primitiveText': primitiveText,
  ...ITERATION_STEPS,
  ...ONCE_STEPS,
  ...REGEXP_OPERATIONS,
  ...TYPED_STEPS,
  ...TIMER_STEPS,
}

export { brandedMethod }

/** Methods by the kind of their receiver. */
const METHODS: readonly (readonly [kinds: number, type: string, rows: Readonly<Record<string, Row>>])[] = [
  [STR, 'string', { ...STRING_METHODS, ...OWN_KEY_METHODS }],
  [ARR, 'array', { ...ARRAY_METHODS, ...OWN_KEY_METHODS }],
  [NUM, 'f64', { ...NUMBER_METHODS, ...OWN_KEY_METHODS }],
  [BIG, 'bigint', BIGINT_METHODS],
  [BOOL, 'bool', { ...BOOLEAN_METHODS, ...OWN_KEY_METHODS }],
  [MAP, 'map', MAP_METHODS],
  [SET, 'set', SET_METHODS],
  [OBJ, 'object', OBJECT_METHODS],
]

const own = (rows: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(rows, name) ? rows[name] : undefined

const rowOf = (name: string): Row | undefined => own(FUNCTIONS, name) ?? own(BIGINT_LITERAL, name)

export function flowBuiltin(a: Analysis, inst: Instance, e: HExpr & { kind: 'builtin' }, out: Slot): void {
  rowOf(e.name)?.flow({ a, inst, at: e, args: e.args, slots: inst.argSlots(e.args), self: out, out })
}

export function emitBuiltin(c: FunctionContext, e: HExpr & { kind: 'builtin' }): Expr {
  const row = rowOf(e.name)
  const use = { c, at: e, args: e.args, self: undef(e.span) }
  // Steps are made here and in the prelude: what they are given is read where it is needed, and may not be there before.
  if (row) return e.name.startsWith('@@') ? row.emit(use) : emitRow(row, use)
  c.report(
    'ANRF1102',
    e.span,
    `\`${e.name}\` is not in the library`,
    'See the list of library members in docs/LANGUAGE.md.',
    e.name,
  )
  return undef(e.span)
}

/** Constraints of a library method for each kind that may be the receiver; asked again as more kinds come. */
export function flowMethod(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, self: Slot, out: Slot): void {
  noteMethod(a, e.name, self)
  for (const obj of self.root().objs) flowBranded(a, inst, e, obj.root(), out)
  for (const [kinds, type, rows] of METHODS) {
    if (!(self.root().kinds & kinds)) continue
    const row = own(rows, e.name)
    if (!row || (type === 'object' && definesMember(self, e.name))) continue
    inst.once(e, `flow ${type}`, () =>
      row.flow({ a, inst, at: e, args: e.args, slots: inst.argSlots(e.args), self: ofKinds(a, self, kinds), out }),
    )
  }
}

/** Constraints of a method of objects of the library, once for all kinds of them that have the same. */
function flowBranded(a: Analysis, inst: Instance, e: HExpr & { kind: 'method' }, node: ObjNode, out: Slot): void {
  const row = brandedMethod(node, e.name)
  if (!row) return
  const receivers = inst.once(e, 'receivers by method', () => new Map<Row, Slot>())
  const known = receivers.get(row)
  const self = known ?? new Slot()
  receivers.set(row, self)
  a.solver.addObj(self, node)
  if (!known) row.flow({ a, inst, at: e, args: e.args, slots: inst.argSlots(e.args), self, out })
}

/** The receiver without the kinds that other methods, or a TypeError, are for. */
function ofKinds(a: Analysis, self: Slot, kinds: number): Slot {
  const only = new Slot()
  a.solver.edge(self, only, kinds)
  return only
}

const definesMember = (self: Slot, name: string): boolean =>
  self.root().objs.every((obj) => obj.root().cls?.methods.has(name) || obj.root().fields.has(name))

const PROTOTYPES: Readonly<Record<string, object>> = {
  ...INHERITED,
  object: Object.prototype,
  dict: Object.prototype,
}

/**
 * Whether the checker takes the receiver for another kind of value, one that has the method, so that the call is in code
 * for values that never come: as JavaScript has it, the method is then undefined.
 */
function isOfAnother(type: string, e: HExpr & { kind: 'method' }): boolean {
  const prototype = PROTOTYPES[type]
  const kinds = kindsSaid(e.obj)
  if (prototype === undefined || e.name in prototype || kinds === 0) return false
  const mine = METHODS.find(([, kind]) => kind === (LIKE[type as Type['kind']] ?? type))
  return !(mine && kinds & mine[0]) && METHODS.some(([mask, , rows]) => kinds & mask && own(rows, e.name))
}

/** Whether JavaScript has the method for values of the kind, or may have. */
function isInherited(type: string, name: string): boolean {
  const prototype = PROTOTYPES[type]
  return prototype === undefined || name in prototype
}

/** The kinds that the checker says a receiver is of, 0 where it says nothing. */
function kindsSaid(x: HExpr): number {
  if (x.kind === 'narrow') return x.kinds
  if (x.kind === 'template') return STR
  if (x.kind !== 'cond') return 0
  const [yes, no] = [kindsSaid(x.then), kindsSaid(x.else)]
  return yes && no ? yes | no : 0
}

/** Kinds that have the methods of another. */
const LIKE: Partial<Record<Type['kind'], Type['kind']>> = { tuple: 'array', dict: 'object' }

/** A method of the library. `among`: the receiver is one of several kinds, of which others may have the method. */
export function emitLibraryMethod(c: FunctionContext, self: Expr, e: HExpr & { kind: 'method' }, among = false): Expr {
  const kind = LIKE[self.type.kind] ?? self.type.kind
  const place = METHODS.find(([, type]) => type === kind)
  const row = place && own(place[2], e.name)
  if (row && kind === 'array' && CHANGING.has(e.name))
    return changeList(c, self, e, (list) => emitRow(row, { c, at: e, args: e.args, self: list }))
  if (row) return emitRow(row, { c, at: e, args: e.args, self })
  if (self.type.kind === 'undefined' || self.type.kind === 'null') return then(self, undef(e.span))
  if (self.type.kind === 'any')
    c.report(
      'ANRF1103',
      e.span,
      `the receiver of \`${e.name}\` is of unknown type`,
      'Declare the types of the parameters this value comes from.',
      'any',
    )
  else if (
    isOfAnother(self.type.kind, e) ||
    ((among || e.optional || self.type.kind === 'func') && !isInherited(self.type.kind, e.name))
  )
    return callMissing(c, self, e)
  else
    c.report(
      'ANRF1102',
      e.span,
      `no method \`${e.name}\` on a value of type ${self.type.kind === 'f64' ? 'number' : self.type.kind}`,
      hintForMethod(self.type.kind, e.name),
      `method ${e.name}`,
    )
  return undef(e.span)
}

function hintForMethod(kind: string, name: string): string {
  const rows = METHODS.find(([, type]) => type === kind)?.[2] ?? {}
  const close = closestName(name, Object.keys(rows))
  return close ? `Write \`${close}\`, if that is meant.` : 'See the list of library members in docs/LANGUAGE.md.'
}

/** A library function as a value: a function of its own that calls it. */
export function flowBuiltinRef(a: Analysis, inst: Instance, e: HExpr & { kind: 'builtinRef' }, out: Slot): void {
  const func = functionOf(e.name, e.span)
  if (func) a.solver.addFn(out, a.instanceFor(inst, func, e).fn)
}

export function emitBuiltinRef(c: FunctionContext, e: HExpr & { kind: 'builtinRef' }): Expr {
  const func = functionOf(e.name, e.span)
  if (func) {
    const target = c.program.analysis.instanceFor(c.inst, func, e)
    return op('global.get', [], c.program.types.func(target.fn), e.span, [c.program.closureIndex(target)])
  }
  c.report(
    'ANRF1101',
    e.span,
    `\`${e.name}\` used as a value`,
    `Pass a function that says which arguments it takes: \`(x) => ${e.name}(x)\`.`,
    'library function as a value',
  )
  return undef(e.span)
}

/** The names that programs can write, in order. */
const namesOf = (rows: Readonly<Record<string, Row>>): string[] =>
  Object.keys(rows)
    .filter((name) => !name.startsWith('@@'))
    .sort()

/** The members of the library that programs can use, by what they are called on; for the language's documentation. */
export function libraryMembers(): Readonly<Record<string, readonly string[]>> {
  const names = {
    string: 'strings',
    array: 'arrays',
    f64: 'numbers',
    bigint: 'bigints',
    bool: 'booleans',
    map: 'maps',
    set: 'sets',
    object: 'objects',
  } as const
  const methods = METHODS.map(
    ([, type, rows]) => [`Methods of ${names[type as keyof typeof names]}`, namesOf(rows)] as const,
  )
  const others = [
    ['Methods of regular expressions', [...namesOf(REGEXP_METHODS), 'toString']],
    ['Methods of typed arrays', namesOf(TYPED_METHODS)],
    ['Methods of ArrayBuffer', namesOf(BUFFER_METHODS)],
    ['Methods of DataView', namesOf(VIEW_METHODS)],
    ['Methods of TextEncoder and TextDecoder', [...namesOf(DECODER_METHODS), ...namesOf(ENCODER_METHODS)]],
  ] as const
  return Object.fromEntries([['Functions', namesOf(NAMED)], ...methods, ...others])
}
