import { admits, BOOL, NULL, isUnion, optional, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HArg, HExpr, HField, HFunc } from '../hir.ts'
import { gotSlot } from '../flow/accessors.ts'
import { passedValues } from './accessors.ts'
import { knownFunction, passedOn } from '../flow/calls.ts'
import type { Instance } from '../flow/instance.ts'
import { type FnNode, type ObjNode } from '../flow/slots.ts'
import { trapHere } from './keys.ts'
import { brandedMethod } from '../library/generator-methods.ts'
import { afterNever, neverComes } from './never.ts'
import { cannotUse, useOfForeign, useOfOtherHalf, withMember } from './private-members.ts'
import { emitLibraryMethod } from '../library/index.ts'
import { emitRow } from '../library/unread-arguments.ts'
import { emitReceiver } from './access.ts'
import { bindArgs, type Bound } from './bound-arguments.ts'
import { readProperty } from './properties.ts'
import type { FunctionContext } from './context.ts'
import { fail, is, required } from './convert.ts'
import { emit } from './expressions.ts'
import { coerce, cond, effect, op, seq, str, then, undef } from './make.ts'
import { notCallable } from '../source-text.ts'
import { refuseStatics } from './known-functions.ts'
import { getNoted, isNoted, noteAt, refuseCopies } from './notes.ts'
import { asSelf } from './self.ts'
import { toldResult } from './told.ts'
import { capturesOf, isAsked, read } from './variables.ts'
import { hasAccessor } from '../member-names.ts'

export function emitCall(c: FunctionContext, e: HExpr & { kind: 'call' }): Expr {
  const known = knownFunction(e.callee)
  const target = c.inst.targets.get(e)
  const isOther = e.constructs ? !known?.makes : typeof known?.makes === 'object'
  if (known && target && !isOther && c.program.isStatic(known)) {
    const v = variableOf(e.callee)
    const check = v && isAsked(v) ? [effect(read(c, v, e.span))] : []
    return seq(check, callFunction(c, target, null, givenBy(c, e), e))
  }
  const callee = emitReceiver(c, known ? withoutNarrows(e.callee) : e.callee)
  return invoke(c, callee, known && target ? target.fn : c.inst.slot(e.callee).fn, givenBy(c, e), e)
}

/** What a call gives a function: `this`, and its arguments. */
type Given = { readonly self: (() => Expr) | null; readonly args: readonly HArg[] }

/** `this` that is handed on has a value only where the analysis found that somebody has a use for it. */
function givenBy(c: FunctionContext, { self, args }: HExpr & { kind: 'call' }): Given {
  return { self: self && c.inst.exprs.has(self) ? () => emit(c, self) : null, args }
}

/** What is said of a function that is known anyway; the analysis does not look at it. */
const withoutNarrows = (x: HExpr): HExpr => (x.kind === 'narrow' ? withoutNarrows(x.x) : x)

const variableOf = (x: HExpr): (HExpr & { kind: 'var' })['v'] | null =>
  x.kind === 'narrow' ? variableOf(x.x) : x.kind === 'var' ? x.v : null

/** The one function that can be called here, when it needs nothing of its closure: then it is called directly. */
function onlyTarget(c: FunctionContext, fn: FnNode, callee: Expr): Instance | null {
  const [first, ...others] = fn.root().instances
  const certain = callee.type.kind === 'func' && first && others.length === 0
  return certain && capturesOf(c, first.func).length === 0 ? first : null
}

/** A call of a closure; TypeError when the value is none. */
function invoke(
  c: FunctionContext,
  callee: Expr,
  fn: FnNode | null,
  given: Given,
  e: HExpr & { kind: 'call' | 'method' },
): Expr {
  const { self, args } = given
  const message = notCallable(e)
  if (callee.type.kind === 'any')
    c.report(
      'ANRF1103',
      e.span,
      'the value that is called is of unknown type',
      'Declare the types of the parameters this value comes from.',
      'any',
    )
  if (!fn || callee.type.kind === 'any') {
    const { body, value } = c.keep(callee)
    const first = [...(self ? [self()] : []), ...args.map((arg) => emit(c, arg.value))]
    return then(seq([...body, ...first.map(effect)], fail(c, message, value)), undef(e.span))
  }
  const isNew = e.kind === 'call' && e.constructs === true
  const refused = isNew ? othersIn(fn) : classesIn(fn)
  if (isNew) refuseConstructors(c, fn, e)
  const only = refused.length === 0 && onlyTarget(c, fn, callee)
  if (only) return then(callee, callFunction(c, only, null, given, e))
  const type = c.program.types.func(fn)
  const kept = c.keep(callee)
  const own = bindSelf(c, fn, self, e)
  const bound = bindArgs(c, fn, args, e)
  const isFunction = functionIn(c, required(c, kept.value, message), type, message)
  const ready = isUnion(kept.value.type) || refused.length > 0 ? evaluated(c, bound) : bound
  const { body, func } = refuseFunctions(c, isFunction, refused, (inst) =>
    isNew ? madeBy(c, inst, e) : calledAs(c, inst, e),
  )
  const call: Expr = {
    kind: 'invoke',
    callee: func,
    args: [...own.args, ...ready.args],
    type: c.type(fn.root().result),
    span: e.span,
  }
  return seq([...kept.body, ...own.body, ...ready.body, ...body], toldResult(c, call, fn))
}

/** Arguments that are evaluated before it is asked whether what is called is a function (13.3.6.1). */
function evaluated(c: FunctionContext, { body, args }: Bound): Bound {
  const kept = args.map((arg) => c.keep(arg))
  return { body: [...body, ...kept.flatMap((arg) => arg.body)], args: kept.map(({ value }) => value) }
}

/** What is done where a function is one of some, once the arguments are evaluated. */
function refuseFunctions(
  c: FunctionContext,
  callee: Expr,
  functions: readonly Instance[],
  refusal: (inst: Instance) => Expr,
): { readonly body: readonly Stmt[]; readonly func: Expr } {
  if (functions.length === 0) return { body: [], func: callee }
  const func = c.keep(callee)
  const checks = functions.map((inst): Stmt => {
    const test = op('closure.is', [func.value], BOOL, callee.span, [c.program.funcIndex(inst)])
    return { kind: 'if', test, then: [effect(refusal(inst))], else: [], span: callee.span }
  })
  return { body: [...func.body, ...checks], func: func.value }
}

/** Classes are not called (ECMA-262 10.2.1, step 2). */
const calledAs = (c: FunctionContext, { func }: Instance, { span }: HExpr): Expr =>
  fail(c, `Class constructor ${func.name} cannot be invoked without 'new'`, undef(span))

/** Refuses functions that are used as classes are, where none is a class. */
function refuseConstructors(c: FunctionContext, fn: FnNode, { span }: HExpr): void {
  if ([...fn.root().instances].some(({ func }) => func.makes || func.makesNothing)) return
  c.report('ANRF1101', span, 'a function as a constructor', 'Write a class.', 'function as a constructor')
}

/** Functions that are no classes: `new` of them throws, or makes an object that nothing here could. */
const madeBy = (c: FunctionContext, { func }: Instance, e: HExpr & { kind: 'call' | 'method' }): Expr =>
  func.makesNothing ? fail(c, notCallable(e), undef(e.span)) : trapHere(e.span, undef(e.span))

/** Of the functions that a value may be, those that stand for classes of the program. */
const classesIn = (fn: FnNode): Instance[] =>
  [...fn.root().instances].filter(({ func: { makes } }) => typeof makes === 'object')

/** And those that stand for none, nor for a kind of errors. */
const othersIn = (fn: FnNode): Instance[] => [...fn.root().instances].filter(({ func }) => !func.makes)

/** The function that a value is; a TypeError where it may be something else, and is. */
function functionIn(c: FunctionContext, value: Expr, type: Type, message: string): Expr {
  if (!isUnion(value.type)) return coerce(value, type)
  return c.using(value, (x) => cond(is(x, type), coerce(x, type), coerce(fail(c, message, x), type), x.span))
}

/** A direct call of an instance; `self` is the receiver of methods. */
function callFunction(c: FunctionContext, target: Instance, self: Expr | null, given: Given, e: HExpr): Expr {
  const own = bindSelf(c, target.fn, given.self, e)
  const bound = bindArgs(c, target.fn, given.args, e)
  const kept = self && bound.body.length > 0 ? c.keep(self) : { body: [], value: self }
  const all = [...(kept.value ? [kept.value] : []), ...own.args, ...bound.args]
  const call: Expr = {
    kind: 'call',
    func: c.program.funcIndex(target),
    args: all,
    type: c.type(target.fn.root().result),
    span: e.span,
  }
  return seq([...kept.body, ...own.body, ...bound.body], toldResult(c, call, target.fn))
}

/** `this`, evaluated before the arguments; where no function asks for it, only what its evaluation does. */
function bindSelf(c: FunctionContext, fn: FnNode, self: Given['self'], e: HExpr): Bound {
  const value = self?.()
  if (!fn.root().self) return { body: value ? [effect(value)] : [], args: [] }
  const kept = asSelf(c, fn, value ?? undef(e.span)).map((x) => c.keep(x))
  return { body: kept.flatMap((k) => k.body), args: kept.map((k) => k.value) }
}

/** A getter, setter or method of a class, with arguments that are evaluated already. */
export function callMember(
  c: FunctionContext,
  member: HFunc,
  node: ObjNode,
  self: Expr,
  values: readonly Expr[],
  e: HExpr,
): Expr {
  const target = c.program.analysis.memberInstance(c.inst, member, node, e)
  const call: Expr = {
    kind: 'call',
    func: c.program.funcIndex(target),
    args: [self, ...passedValues(c, target.fn, values, e.span)],
    type: c.type(target.fn.root().result),
    span: e.span,
  }
  return toldResult(c, call, target.fn)
}

export function emitMethod(c: FunctionContext, e: HExpr & { kind: 'method' }): Expr {
  const raw = emitReceiver(c, e.obj)
  // A member of null or undefined throws.
  if (neverComes(c, e.obj) && raw.type.kind !== 'undefined' && raw.type.kind !== 'null')
    return afterNever(raw, coerce(undef(e.span), c.typeOf(e)))
  const obj = required(c, raw, cannotUse(c, e.name, 'read'))
  const type = c.typeOf(e)
  const many = isUnion(obj.type)
  return c.dispatch(obj, type, (one) => {
    const value = withMember(c, one, e.name)
    const foreign = useOfForeign(c, value, e.name, 'read') ?? useOfOtherHalf(c, value, e.name, 'read')
    const result = foreign
      ? coerce(foreign, type)
      : value.type.kind === 'object'
        ? callOnObject(c, value, e)
        : value.type.kind === 'dict'
          ? callOnDict(c, value, e)
          : (callNoted(c, value, e) ??
            callPassed(c, value, e) ??
            bindFunction(c, value, e) ??
            emitLibraryMethod(c, value, e, many))
    return many ? coerce(result, type) : result
  })
}

/** `f.call(self, ...)` and `f.apply(self, list)` of a function. */
function callPassed(c: FunctionContext, func: Expr, e: HExpr & { kind: 'method' }): Expr | undefined {
  const { fn } = c.inst.slot(e.obj).root()
  const passed = func.type.kind === 'func' && fn ? passedOn(e) : undefined
  if (!passed) return undefined
  const [list] = passed
  if (list?.kind === 'spread' && admitsNullish(c.typeOf(list.value)))
    c.report('ANRF1101', e.span, '`apply` of what may be no list', 'Pass a list: `f.apply(undefined, list)`.', 'apply')
  const kept = c.keep(func)
  const self = e.args[0] ? c.keep(emit(c, e.args[0].value)) : undefined
  const given = { self: self ? () => self.value : null, args: passed }
  return seq([...kept.body, ...(self?.body ?? [])], invoke(c, kept.value, fn, given, e))
}

/** `f.bind(self, ...)` of a function whose type does not tell what it takes. */
const bindFunction = (c: FunctionContext, func: Expr, { bound }: HExpr & { kind: 'method' }): Expr | undefined =>
  func.type.kind === 'func' && bound ? then(func, emit(c, bound)) : undefined

const admitsNullish = (type: Type): boolean => admits(type, UNDEFINED) || admits(type, NULL)

/** A call of a property of a function. */
function callNoted(c: FunctionContext, func: Expr, e: HExpr & { kind: 'method' }): Expr | undefined {
  if (func.type.kind === 'func') refuseStatics(c, e.obj, e.name, e)
  const note = func.type.kind === 'func' ? noteAt(c, e.obj, func.type) : undefined
  if (!isNoted(note, e.name)) return undefined
  refuseCopies(c, e.obj)
  const { slot } = c.program.analysis.solver.field(note, e.name)
  const type = optional(c.type(slot))
  const imm = c.program.types.fieldIndex(note, e.name)
  const callee = getNoted(c, func, note, type, (object, id) => op('object.get_opt', [object], type, e.span, [id, imm]))
  return invoke(c, callee, slot.root().fn, { self: () => func, args: e.args }, e)
}

export function callOnObject(c: FunctionContext, obj: Expr, e: HExpr & { kind: 'method' }): Expr {
  const id = obj.type.kind === 'object' ? obj.type.id : 0
  const node = c.program.types.nodeOf(id)
  const method = node?.cls?.methods.get(e.name)
  if (method?.taken?.func) {
    const { body, value } = c.keep(obj)
    const target = c.program.analysis.sharedInstance(c.inst, method.taken.func)
    return seq(body, callFunction(c, target, null, { self: () => value, args: e.args }, e))
  }
  if (node && method)
    return callFunction(
      c,
      c.program.analysis.memberInstance(c.inst, method, node, e),
      obj,
      { self: null, args: e.args },
      e,
    )
  const getter = node?.cls?.getters.get(e.name)
  if (node && getter) {
    const { fn } = c.program.analysis.memberInstance(c.inst, getter, node, e)
    const found = fn.root().result.root().fn
    return invokeOn(c, obj, found, e, (self) => callMember(c, getter, node, self, [], e))
  }
  if (node && hasAccessor(node, e.name)) {
    const got = gotSlot(c.inst, e, node)
    const { body, value } = c.keep(obj)
    const find = (): Expr => coerce(readProperty(c, value, node, e.name), c.type(got))
    return seq(body, invokeOn(c, value, got.root().fn, e, find))
  }
  const info = node?.fields.get(e.name)
  const row = node && brandedMethod(node, e.name)
  if (row) return emitRow(row, { c, at: e, args: e.args, self: obj })
  if (!node || !info) return emitLibraryMethod(c, obj, e, isUnion(c.typeOf(e.obj)))
  if (info.optional && e.name in Object.prototype)
    c.report(
      'ANRF1101',
      e.span,
      `\`${e.name}\` of an object that may have it or inherit it`,
      'Give the method another name.',
      'inherited method',
    )
  const imm = [id, c.program.types.fieldIndex(node, e.name)]
  const type = c.type(info.slot)
  return invokeOn(c, obj, info.slot.root().fn, e, (self) =>
    info.optional
      ? op('object.get_opt', [self], optional(type), e.span, imm)
      : op('object.get', [self], type, e.span, imm),
  )
}

/** A call of a function that is found in an object, which some of these functions ask for as `this`. */
function invokeOn(
  c: FunctionContext,
  obj: Expr,
  fn: FnNode | null,
  e: HExpr & { kind: 'method' },
  find: (self: Expr) => Expr,
): Expr {
  if (!fn?.root().self) return invoke(c, find(obj), fn, { self: null, args: e.args }, e)
  const { body, value } = c.keep(obj)
  return seq(body, invoke(c, find(value), fn, { self: () => value, args: e.args }, e))
}

/** `this` is of the one class that the function is emitted for. */
export function emitSuper(c: FunctionContext, e: HExpr & { kind: 'super' }): Expr {
  const self = emit(c, e.obj)
  const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
  if (!node) throw new Error('`this` of unknown class')
  return callFunction(
    c,
    c.program.analysis.memberInstance(c.inst, e.member, node, e),
    self,
    { self: null, args: e.args },
    e,
  )
}

/** A function that a dictionary holds; a method that it has from Object.prototype where it holds none. */
function callOnDict(c: FunctionContext, obj: Expr, e: HExpr & { kind: 'method' }): Expr {
  const node = c.inst.slot(e.obj).objs.find((one) => one.root().dict)
  const fn = node?.root().dict?.slot.root().fn
  if (!node || !fn || obj.type.kind !== 'dict') return emitLibraryMethod(c, obj, e, isUnion(c.typeOf(e.obj)))
  const type = optional(obj.type.value)
  return invokeOn(c, obj, fn, e, (self) => op('table.get', [self, str(e.name, e.span)], type, e.span))
}

/** Whether a field of new instances is undefined before the constructor runs. Where other code may use it earlier, it is not there by then. */
const startsUndefined = (node: ObjNode, { name, start }: HField): boolean =>
  start === 'undefined' && node.root().fields.get(name)?.optional !== true

/** Makes the object, then runs the constructor on it. Fields that no initialiser sets before they can be read start as undefined. */
function newError(c: FunctionContext, e: HExpr & { kind: 'new' }, node: ObjNode): Expr {
  const [id, type] = [c.program.types.idOf(node), c.program.types.object(node)]
  const made = c.keep(op('error.new', [str('', e.span)], type, e.span, [id, e.cls.error ?? 'Error']))
  const unset = e.cls.fields.filter((field) => startsUndefined(node, field))
  const stores = unset.map(({ name }) => {
    const value = coerce(undef(e.span), c.type(c.program.analysis.solver.field(node, name).slot))
    return effect(
      op('object.set', [made.value, value], UNDEFINED, e.span, [id, c.program.types.fieldIndex(node, name)]),
    )
  })
  return seq([...made.body, ...stores], made.value)
}

export function emitNew(c: FunctionContext, e: HExpr & { kind: 'new' }): Expr {
  const node = c.program.analysis.classes.made(c.inst, e)
  const type = c.program.types.object(node)
  const id = c.program.types.idOf(node)
  const unset = e.cls.fields.filter((field) => startsUndefined(node, field))
  const values = unset.map((field) =>
    coerce(undef(e.span), c.type(c.program.analysis.solver.field(node, field.name).slot)),
  )
  const indices = unset.map((field) => c.program.types.fieldIndex(node, field.name))
  const target = c.program.analysis.memberInstance(c.inst, e.cls.construct, node, e)
  const bound = bindArgs(c, target.fn, e.args, e)
  const object = c.keep(
    e.cls.error === null ? op('object.new', values, type, e.span, [id, indices]) : newError(c, e, node),
  )
  const call: Expr = {
    kind: 'call',
    func: c.program.funcIndex(target),
    args: [object.value, ...bound.args],
    type: c.type(target.fn.root().result),
    span: e.span,
  }
  return seq([...bound.body, ...object.body, effect(call)], object.value)
}
