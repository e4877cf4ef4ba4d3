import {
  admits,
  F64,
  isBoxed,
  isUnion,
  membersOf,
  nonNullish,
  NULL,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  unionOf,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { hasAccessor, isPrivateName, listProperty, objectText, shownName } from '../member-names.ts'
import type { HExpr } from '../hir.ts'
import { isErrorText } from '../flow/built-in-errors.ts'
import { classValueOf } from '../flow/properties.ts'
import { isClosed } from '../flow/key-order.ts'
import { constantIndex, indexOfName, mayMeasure } from '../flow/elements.ts'
import type { ObjNode } from '../flow/slots.ts'
import { brandedMethod } from '../library/generator-methods.ts'
import { getThrough, setThrough } from './accessors.ts'
import { callMember } from './calls.ts'
import { emitClassName, isConstructorOf } from './class-name.ts'
import type { FunctionContext } from './context.ts'
import { fail, is, required, toText } from './convert.ts'
import { refuseMethods } from './methods-set.ts'
import { ERROR_MEMBERS, refuseErrorMember } from './error-members.ts'
import { emit, emitAs } from './expressions.ts'
import { elementAt, lengthOr } from './elements.ts'
import { fieldByName, storeByName } from './fields.ts'
import { INHERITED, isFunctionOf, keyOf } from '../prototypes.ts'
import { inherits, prototypeOf } from './inherited.ts'
import { inKeyOrder, isOwnField } from './key-order.ts'
import { unlessFrozen } from './frozen.ts'
import { setLength, storeInList } from './frozen-lists.ts'
import { indexOf, trapHere } from './keys.ts'
import { functionMember, refuseStatics } from './known-functions.ts'
import { refuseSymbolKey } from './opaque.ts'
import { refuseNameOfGetter, storeErrorText } from './error-texts.ts'
import { readVariable } from './variables.ts'
import { getNoted, isNoted, noteAt, noteFor, refuseCopies } from './notes.ts'
import { cannotUse, missingMember, useOfForeign, useOfOtherHalf, withMember } from './private-members.ts'
import { bytesName, readBytes, readTyped, storeTyped, typedName } from './typed.ts'
import { bool, boxed, coerce, effect, num, op, seq, str, then, undef } from './make.ts'

/**
 * The object of an access. What is said of it by `!` or by the checker does not make null or undefined trap here, since the access
 * itself throws a TypeError for them as Node does.
 */
export function emitReceiver(c: FunctionContext, x: HExpr): Expr {
  if (x.kind !== 'narrow') return emit(c, x)
  const inner = emitReceiver(c, x.x)
  const nullish = membersOf(inner.type).filter((m) => m.kind === 'null' || m.kind === 'undefined')
  const said = c.typeOf(x)
  if (nullish.length === 0 || inner.type.kind === 'any') return coerce(inner, said)
  return coerce(inner, c.inst.slot(x).kinds === 0 ? unionOf(nullish) : unionOf([said, ...nullish]))
}

export function emitGet(c: FunctionContext, e: HExpr & { kind: 'get' }): Expr {
  if (e.name === 'name' && isConstructorOf(e.obj)) return emitClassName(c, e.obj)
  const obj = required(c, emitReceiver(c, e.obj), cannotUse(c, e.name, 'read'))
  const type = c.typeOf(e)
  const many = isUnion(obj.type)
  const mayHaveFields = membersOf(obj.type).some(({ kind }) => kind === 'dict' || kind === 'object')
  return c.dispatch(obj, type, (value) => {
    const isMethod = e.asks && isFunctionOf(INHERITED[value.type.kind], e.name)
    if (isMethod) return coerce(then(value, bool(true, e.span)), type)
    const field =
      mayHaveFields && inherits(value.type, e.name)
        ? then(value, trapHere(e.span, undef(e.span)))
        : getMember(c, value, e)
    return many ? coerce(field, type) : field
  })
}

const isIndexed = ({ kind }: Type): boolean => kind === 'array' || kind === 'tuple' || kind === 'string'

/** A property of a value of one known type. */
export function getMember(c: FunctionContext, of: Expr, e: HExpr & { kind: 'get' }): Expr {
  const { name, span } = e
  const foreign = useOfForeign(c, of, name, 'read')
  if (foreign) return foreign
  const obj = withMember(c, of, name)
  const half = useOfOtherHalf(c, obj, name, 'read')
  if (half) return half
  const index = indexOfName(name)
  if (index !== null && (isIndexed(obj.type) || typedName(c, obj.type))) {
    const key: HExpr = { kind: 'const', value: index, span }
    const at = { kind: 'index', obj: e.obj, key, miss: 'undefined', iterated: false, span } as const
    return indexMember(c, obj, num(index, span), at)
  }
  const type = c.typeOf(e)
  if (obj.type.kind === 'string' && name === 'length') return op('string.length', [obj], F64, span)
  if (obj.type.kind === 'array' && name === 'length') return op('array.length', [obj], F64, span)
  if (obj.type.kind === 'tuple' && name === 'length') return then(obj, num(obj.type.elems.length, span))
  if ((obj.type.kind === 'map' || obj.type.kind === 'set') && name === 'size') return op('table.size', [obj], F64, span)
  if (obj.type.kind === 'dict') return op('table.get', [obj, str(name, span)], optional(obj.type.value), span)
  if (obj.type.kind === 'object') return getField(c, obj, obj.type.id, e)
  const told = obj.type.kind === 'func' ? functionMember(c, obj, e) : undefined
  if (told) return told
  const note = noteAt(c, e.obj, obj.type)
  const property = obj.type.kind === 'array' ? listProperty(name) : name
  if (isNoted(note, property)) {
    if (obj.type.kind === 'func') refuseCopies(c, e.obj)
    return getNoted(c, obj, note, type, (object, id) => getField(c, object, id, { ...e, name: property }))
  }
  if (obj.type.kind === 'undefined' || obj.type.kind === 'null') return then(obj, undef(span))
  if (obj.type.kind === 'any')
    return refuseUnknown(c, obj, e, `the value that \`${shownName(name)}\` is read from is of unknown type`)
  const inherited = INHERITED[obj.type.kind]
  if (!inherited || name in inherited)
    c.report(
      'ANRF1102',
      span,
      `property \`${shownName(name)}\` of a ${obj.type.kind}`,
      'Only `length` of strings and arrays can be read here; call methods directly.',
      `property ${shownName(name)}`,
    )
  return then(obj, undef(span))
}

function getField(c: FunctionContext, obj: Expr, id: number, e: HExpr & { kind: 'get' }): Expr {
  const { name, span } = e
  const node = c.program.types.nodeOf(id)
  // A method is no value, but it is there.
  if (e.asks && node && (node.cls?.methods.has(name) || brandedMethod(node, name))) return then(obj, bool(true, span))
  const cls = node && name === 'constructor' ? classValueOf(node) : undefined
  if (cls) return then(obj, readVariable(c, { kind: 'var', v: cls, span }))
  if (c.program.types.isError(id) && !node?.fields.has(name) && ERROR_MEMBERS.has(name))
    return refuseErrorMember(c, obj, name)
  const taken = node?.cls?.methods.get(name)?.taken
  if (node && taken && !node.fields.has(name)) return then(obj, readVariable(c, { kind: 'var', v: taken, span }))
  const bytes = node && readBytes(c, obj, node, name)
  if (bytes) return bytes
  const getter = node?.cls?.getters.get(name)
  if (node && getter) return callMember(c, getter, node, obj, [], e)
  if (node && hasAccessor(node, name)) {
    const kept = c.keep(obj)
    const plain = node.fields.has(name) ? plainField(c, kept.value, node, e) : undef(span)
    return seq(kept.body, getThrough(c, e, { node, id, obj: kept.value }, plain))
  }
  return plainField(c, obj, node, e)
}

function plainField(c: FunctionContext, obj: Expr, node: ObjNode | undefined, e: HExpr & { kind: 'get' }): Expr {
  const { name, span } = e
  const info = node?.fields.get(name)
  // Where a field may be absent, what objects inherit under its name would be there.
  if (!node || !info || (info.optional && name in Object.prototype)) return missingField(c, obj, e, node)
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
  const type = c.type(info.slot)
  if (info.optional) return op('object.get_opt', [obj], optional(type), span, imm)
  return op('object.get', [obj], type, span, imm)
}

function missingField(c: FunctionContext, obj: Expr, e: HExpr & { kind: 'get' }, node: ObjNode | undefined): Expr {
  if (node?.cls?.methods.has(e.name) || (node && (brandedMethod(node, e.name) || keyOf(e.name) in prototypeOf(node))))
    c.report(
      'ANRF1101',
      e.span,
      `method \`${shownName(e.name)}\` used as a value`,
      `Wrap it: \`(...args) => object.${shownName(e.name)}(...args)\`.`,
      'detached method',
    )
  else if (e.name in Object.prototype)
    c.report(
      'ANRF1101',
      e.span,
      `\`${e.name}\`, which objects inherit`,
      'Give the field another name, or set it first.',
      'inherited property',
    )
  return then(obj, undef(e.span))
}

export function refuseUnknown(c: FunctionContext, obj: Expr, e: HExpr, message: string): Expr {
  c.report('ANRF1103', e.span, message, 'Declare the types of the parameters this value comes from.', 'any')
  return then(obj, undef(e.span))
}

/** Whether a field of the instance at work may be used before it is there. */
const isOptional = (c: FunctionContext, name: string): boolean =>
  c.inst.self?.root().fields.get(name)?.optional === true

/** Among values of several kinds, the objects that can be stored in; what is stored in another ends the run. */
const mayStore = (type: Type): boolean => ['object', 'dict', 'array', 'func'].includes(type.kind)

/** An assignment to a property; its value is the assigned value. */
export function emitSet(c: FunctionContext, e: HExpr & { kind: 'set' }, wanted: boolean): Expr {
  if (e.defines && !isOptional(c, e.name)) return undef(e.span)
  const raw = emitReceiver(c, e.obj)
  if (!wanted && raw.type.kind === 'object') return setMember(c, raw, emitAs(c, e.value, c.typeOf(e.value)), e)
  const target = c.keep(raw)
  const value = c.keep(emitAs(c, e.value, c.typeOf(e.value)))
  const obj = required(c, target.value, cannotUse(c, e.name, 'write'))
  const many = isUnion(obj.type)
  const store = c.dispatch(obj, UNDEFINED, (one) =>
    many && !isPrivateName(e.name) && !(one.type.kind === 'array' ? e.name === 'length' : mayStore(one.type))
      ? trapHere(e.span, undef(e.span))
      : setMember(c, one, value.value, e),
  )
  return seq([...target.body, ...value.body, effect(store)], wanted ? value.value : undef(e.span))
}

function setMember(c: FunctionContext, obj: Expr, value: Expr, e: HExpr & { kind: 'set' }): Expr {
  if (!c.program.analysis.program.privates.has(e.name)) return storeMember(c, obj, value, e)
  const [into, given] = [c.keep(obj), c.keep(value)]
  const foreign = useOfForeign(c, into.value, e.name, 'write')
  if (foreign) return seq([...into.body, ...given.body], foreign)
  const half = e.begins ? undefined : useOfOtherHalf(c, into.value, e.name, 'write')
  if (half) return seq([...into.body, ...given.body], half)
  const missing = e.begins ? undefined : missingMember(c, obj, e.name, 'write')
  if (!missing) return storeMember(c, obj, value, e)
  return seq([...into.body, ...given.body, ...missing(into.value)], storeMember(c, into.value, given.value, e))
}

function storeMember(c: FunctionContext, obj: Expr, value: Expr, e: HExpr & { kind: 'set' }): Expr {
  const { name, span } = e
  if (obj.type.kind === 'undefined' || obj.type.kind === 'null') return then(obj, undef(span))
  if (obj.type.kind === 'array' && name === 'length') return setLength(c, obj, value, e)
  if (obj.type.kind === 'object' && c.program.types.isError(obj.type.id) && isErrorText(name)) {
    const [error, node] = [c.keep(obj), c.program.types.nodeOf(obj.type.id)!]
    refuseNameOfGetter(c, e, node)
    return seq([...error.body, ...storeErrorText(c, error.value, node, name, value, e)], undef(span))
  }
  if (obj.type.kind === 'dict') refuseSymbolKey(c, name, span)
  if (obj.type.kind === 'dict')
    return op('table.set', [obj, str(name, span), coerce(value, obj.type.value)], UNDEFINED, span)
  if (obj.type.kind === 'func') refuseStatics(c, e.obj, name, e)
  const note = obj.type.kind === 'func' ? noteAt(c, e.obj, obj.type) : undefined
  if (isNoted(note, name)) return storeField(c, noteFor(c, e.obj, obj, note), note, value, e)
  const node = obj.type.kind === 'object' ? c.program.types.nodeOf(obj.type.id) : undefined
  const setter = node?.cls?.setters.get(name)
  if (node && setter) return then(callMember(c, setter, node, obj, [value], e), undef(span))
  if (node && obj.type.kind === 'object' && hasAccessor(node, name)) {
    const [target, given] = [c.keep(obj), c.keep(value)]
    const rest = (): Expr => (node.fields.has(name) ? storeField(c, target.value, node, given.value, e) : undef(span))
    const stored = setThrough(c, e, { node, id: obj.type.id, obj: target.value }, given.value, rest)
    return seq([...target.body, ...given.body], stored)
  }
  return storeField(c, obj, node, value, e)
}

function storeField(
  c: FunctionContext,
  obj: Expr,
  node: ObjNode | undefined,
  value: Expr,
  e: HExpr & { kind: 'set' },
): Expr {
  const { name, span } = e
  const info = node?.fields.get(name)
  if (
    node &&
    info &&
    obj.type.kind === 'object' &&
    !node.cls?.bytes &&
    !(node.cls && isClosed(node.cls) && !node.cls.getters.has(name) && !isPrivateName(name))
  ) {
    if (node.cls?.getters.has(name)) return then(obj, then(value, readOnly(c, e, node)))
    if (!e.rebinds) refuseMethods(c, node, [name], span)
    const imm = [obj.type.id, c.program.types.fieldIndex(node, name)]
    const given = coerce(value, c.type(info.slot))
    const store = (into: Expr, x: Expr): Expr => op('object.set', [into, x], UNDEFINED, span, imm)
    const inOrder = !node.cls || !info.optional || isOwnField(c, e)
    const [into, kept] = [c.keep(obj), c.keep(given)]
    const before = unlessFrozen(c, into.value, node, e)
    if (inOrder && before.length === 0) return store(obj, given)
    const set = effect(store(into.value, kept.value))
    const stores = inOrder ? [set] : inKeyOrder(c, into.value, node, name, set)
    return seq([...into.body, ...kept.body, ...before, ...stores], undef(span))
  }
  const isError = obj.type.kind === 'object' && c.program.types.isError(obj.type.id)
  c.report(
    'ANRF1101',
    span,
    `assignment to \`${shownName(name)}\` of ${isError ? 'an error' : `a value of type ${obj.type.kind}`}`,
    isError
      ? 'Give it another name: this one is what all errors have.'
      : 'Only fields of records and classes and the length of arrays can be assigned.',
    'property assignment',
  )
  return undef(span)
}

/** Classes are strict code: assigning a property that has only a getter throws. */
export function readOnly(c: FunctionContext, e: HExpr & { kind: 'set' }, node: ObjNode): Expr {
  const message = `Cannot set property ${shownName(e.name)} of ${objectText(node)} which has only a getter`
  return fail(c, message, undef(e.span))
}

export function emitIndex(c: FunctionContext, e: HExpr & { kind: 'index' }): Expr {
  const raw = emitReceiver(c, e.obj)
  const type = c.typeOf(e)
  const certain = !isBoxed(raw.type) && raw.type.kind !== 'undefined' && raw.type.kind !== 'null'
  if (certain) return indexMember(c, raw, emit(c, e.key), e)
  const target = c.keep(raw)
  const key = c.keep(emit(c, e.key))
  const obj = requiredAt(c, target.value, key.value, ['read properties of', 'reading'])
  const value = c.dispatch(obj, type, (one) =>
    isUnion(obj.type) ? coerce(indexMember(c, one, key.value, e), type) : indexMember(c, one, key.value, e),
  )
  return seq([...target.body, ...key.body], value)
}

/** As `required`, with a message that names the key, which is known only when the program runs. */
function requiredAt(c: FunctionContext, x: Expr, key: Expr, [verb, doing]: readonly [string, string]): Expr {
  const left = nonNullish(x.type)
  if (left && isUnion(x.type) && key.type.kind === 'f64') {
    if (left === x.type || sameType(left, x.type)) return x
    return op('dyn.require_at', [x, key], left, x.span, [`Cannot ${verb} % (${doing} '#')`])
  }
  const message = (what: string): Expr => {
    const start = str(`Cannot ${verb} ${what} (${doing} '`, x.span)
    return [toText(c, key), str("')", x.span)].reduce((a, b) => op('string.concat', [a, b], STRING, x.span), start)
  }
  const failing = (what: string): Stmt => ({
    kind: 'throw',
    value: boxed(op('error.new', [message(what)], { kind: 'object', id: 0 }, x.span, [0, 'TypeError'])),
    span: x.span,
  })
  const checks = [UNDEFINED, NULL]
    .filter((type) => admits(x.type, type) && x.type.kind !== 'any')
    .map((type): Stmt => ({
      kind: 'if',
      test: isBoxed(x.type) ? is(x, type) : bool(true, x.span),
      then: [failing(type.kind)],
      else: [],
      span: x.span,
    }))
  return seq(checks, left && x.type.kind !== 'any' ? coerce(x, left) : x)
}

function indexMember(c: FunctionContext, obj: Expr, rawKey: Expr, e: HExpr & { kind: 'index' }): Expr {
  const { span } = e
  const index = constantIndex(e.key)
  if (obj.type.kind === 'tuple' && index !== null) {
    const elem = obj.type.elems[index]
    return elem ? op('tuple.get', [obj], elem, span, [index]) : then(obj, undef(span))
  }
  if (obj.type.kind === 'any')
    return refuseUnknown(c, obj, e, 'the value that an element is read from is of unknown type')
  if (obj.type.kind === 'undefined' || obj.type.kind === 'null') return then(obj, undef(span))
  if (bytesName(c, obj.type)) return readTyped(c, obj, rawKey, e)
  // The checker takes it for a list, whose elements a pattern takes, and it is none.
  if (e.iterated && !isIndexed(obj.type)) return then(obj, trapHere(span, undef(span)))
  if (obj.type.kind === 'object') return fieldByName(c, obj, rawKey, e)
  if (obj.type.kind === 'dict') {
    const dict = c.keep(obj)
    return seq(dict.body, op('table.get', [dict.value, toText(c, rawKey)], optional(obj.type.value), span))
  }
  const isComputed = e.key.kind !== 'const' && mayMeasure(c.inst.slot(e.obj), c.inst.slot(e.key))
  if (isComputed && (obj.type.kind === 'array' || obj.type.kind === 'string')) return lengthOr(c, obj, rawKey, e)
  return elementAt(c, obj, rawKey, e)
}

export function emitSetIndex(c: FunctionContext, e: HExpr & { kind: 'setIndex' }, wanted: boolean): Expr {
  const raw = emitReceiver(c, e.obj)
  if (!wanted && (raw.type.kind === 'array' || typedName(c, raw.type)))
    return storeElement(c, raw, emit(c, e.key), emitAs(c, e.value, c.typeOf(e.value)), e)
  const target = c.keep(raw)
  const key = c.keep(emit(c, e.key))
  const value = c.keep(emitAs(c, e.value, c.typeOf(e.value)))
  const obj = requiredAt(c, target.value, key.value, ['set properties of', 'setting'])
  const many = isUnion(obj.type)
  const store = c.dispatch(obj, UNDEFINED, (one) =>
    many && !mayStore(one.type) ? trapHere(e.span, undef(e.span)) : storeElement(c, one, key.value, value.value, e),
  )
  return seq([...target.body, ...key.body, ...value.body, effect(store)], wanted ? value.value : undef(e.span))
}

function storeElement(c: FunctionContext, obj: Expr, key: Expr, value: Expr, e: HExpr & { kind: 'setIndex' }): Expr {
  const index = constantIndex(e.key)
  if (obj.type.kind === 'undefined' || obj.type.kind === 'null') return then(obj, undef(e.span))
  if (obj.type.kind === 'tuple' && index !== null) {
    const elem = obj.type.elems[index]
    if (elem) return op('tuple.set', [obj, coerce(value, elem)], UNDEFINED, e.span, [index])
  }
  if (obj.type.kind === 'array') return storeInList(c, obj, indexOf(c, key), coerce(value, obj.type.elem), e)
  if (obj.type.kind === 'dict')
    return op('table.set', [obj, toText(c, key), coerce(value, obj.type.value)], UNDEFINED, e.span)
  if (bytesName(c, obj.type)) return storeTyped(c, obj, key, value, e)
  if (obj.type.kind === 'object') return storeByName(c, obj, key, value, e)
  c.report(
    'ANRF1101',
    e.span,
    `assignment to an element of a value of type ${obj.type.kind}`,
    'Only elements of arrays can be assigned.',
    'element assignment',
  )
  return undef(e.span)
}
