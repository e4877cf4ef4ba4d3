import { getterName, isReserved, listProperty, setterName, shownName } from '../member-names.ts'
import { isConstantName } from '../flow/elements.ts'
import { BOOL, F64, isUnion, optional, STRING, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { isBuiltInError } from '../flow/built-in-errors.ts'
import { keyOf } from '../flow/key-order.ts'
import { areErrors, type ObjNode } from '../flow/slots.ts'
import { emitReceiver } from './access.ts'
import type { FunctionContext } from './context.ts'
import { fail, isMissing, joinTexts, required, toBool, toText } from './convert.ts'
import { emit } from './expressions.ts'
import { isInByName } from './fields.ts'
import { indexOf, trapHere } from './keys.ts'
import { isReference } from './primitive.ts'
import { bool, effect, num, op, or, seq, str, then, undef } from './make.ts'
import { getNoted, isNoted, noteAt } from './notes.ts'
import { refuseNoted } from './own-keys.ts'
import { typedName } from './typed.ts'

/** `delete obj[key]`: true, since nothing here is there to stay. */
export function emitDelete(c: FunctionContext, e: HExpr & { kind: 'delete' }): Expr {
  const target = c.keep(emitReceiver(c, e.obj))
  const key = c.keep(emit(c, e.key))
  const obj = required(c, target.value, 'Cannot convert undefined or null to object')
  const gone = c.dispatch(obj, BOOL, (one) => {
    if (one.type.kind === 'dict')
      return then(op('table.delete', [one, toText(c, key.value)], BOOL, e.span), bool(true, e.span))
    if (one.type.kind === 'array') return seq(makeHole(c, one, key.value), bool(true, e.span))
    if (isUnion(obj.type) && one.type.kind !== 'object') return then(one, bool(true, e.span))
    if (one.type.kind !== 'undefined' && one.type.kind !== 'null')
      c.report(
        'ANRF1101',
        e.span,
        `delete of a part of a value of type ${one.type.kind}`,
        'Delete keys of plain objects only; set a field of an instance to undefined, take an element out with `splice`.',
        'delete',
      )
    return then(one, bool(true, e.span))
  })
  return seq([...target.body, ...key.body], gone)
}

/** Takes an element out of an array whose length stays: the hole behind a longer array is copied to its place. */
function makeHole(c: FunctionContext, array: Expr, key: Expr): Stmt[] {
  const { span } = key
  const [list, index] = [c.keep(array), c.keep(indexOf(c, key))]
  const length = c.keep(op('array.length', [list.value], F64, span))
  const longer = op('f64.add', [length.value, num(1, span)], F64, span)
  const setLength = (to: Expr): Stmt => effect(op('array.set_length', [list.value, to], UNDEFINED, span))
  const moved = op('array.copy_within', [list.value, index.value, length.value, longer], array.type, span)
  const test = op('array.has', [list.value, index.value], BOOL, span)
  const yes = [...length.body, setLength(longer), effect(moved), setLength(length.value)]
  return [...list.body, ...index.body, { kind: 'if', test, then: yes, else: [], span }]
}

export function emitIn(c: FunctionContext, e: HExpr & { kind: 'in' }): Expr {
  const key = c.keep(emit(c, e.key))
  const obj = c.keep(emit(c, e.obj))
  return seq(
    [...key.body, ...obj.body],
    c.dispatch(obj.value, BOOL, (one) => isIn(c, key.value, one, e)),
  )
}

const NO_OBJECTS: readonly Type['kind'][] = ['f64', 'bool', 'string', 'undefined', 'null']

/** Whether a key is how an index is written. */
const isIndexName = (name: string): boolean => /^(0|[1-9]\d*)$/.test(name)

const nameOf = (key: HExpr): string => (key.kind === 'const' ? String(key.value) : '')

/** Only objects can be asked (13.10.1): a TypeError, as V8 words it. */
function notIn(c: FunctionContext, key: Expr, obj: Expr, e: HExpr & { kind: 'in' }): Expr {
  // An object is not asked for its text, and V8 has words of its own for it.
  const named = e.symbol ? str(shownName(nameOf(e.key)), key.span) : key
  const name = c.dispatch(named, STRING, (one) =>
    isReference(one.type) ? then(one, trapHere(e.span, str('', e.span))) : toText(c, one),
  )
  const parts = ["Cannot use 'in' operator to search for '", name, "' in ", toText(c, obj)]
  return then(fail(c, joinTexts(parts, e.span), undef(e.span)), bool(false, e.span))
}

function isIn(c: FunctionContext, key: Expr, obj: Expr, e: HExpr & { kind: 'in' }): Expr {
  if (obj.type.kind === 'dict') {
    const name = c.keep(toText(c, key))
    return seq(name.body, op('dict.in', [obj, name.value], BOOL, e.span))
  }
  if (obj.type.kind === 'array') {
    if (isConstantName(e.key) && !isIndexName(nameOf(e.key))) return isProperty(c, obj, e)
    if (key.type.kind !== 'f64') refuseNoted(c, obj)
    const list = c.keep(obj)
    return seq(list.body, op('array.has', [list.value, indexOf(c, key)], BOOL, e.span))
  }
  const typed = typedName(c, obj.type)
  if (typed && key.type.kind === 'f64') {
    const element = op('typed.get_opt', [obj, key], optional(F64), e.span, [typed])
    return op('bool.not', [isMissing(element, false)], BOOL, e.span)
  }
  if (NO_OBJECTS.includes(obj.type.kind)) return notIn(c, key, obj, e)
  if (obj.type.kind === 'map' || obj.type.kind === 'set') {
    const inherited = obj.type.kind === 'map' ? Map.prototype : Set.prototype
    if (isConstantName(e.key)) return then(obj, bool(nameOf(e.key) in inherited, e.span))
  }
  const node = obj.type.kind === 'object' ? c.program.types.nodeOf(obj.type.id) : undefined
  const plain = node?.brand === null && !node.cls?.bytes
  if (obj.type.kind === 'object' && plain && key.kind === 'const' && typeof key.value === 'string') {
    const isOfAll = areErrors(node) && OF_ALL_ERRORS.includes(key.value)
    const isKey = e.symbol === true || !isReserved(key.value)
    if (isInherited(node, key.value, isKey) || isOfAll) return then(obj, bool(true, e.span))
    return hasOwnField(c, obj, node, key.value, isKey) ?? then(obj, bool(false, e.span))
  }
  const asked = isInByName(c, obj, key, e.span)
  if (asked) return asked
  c.report(
    'ANRF1101',
    e.span,
    '`in` with this key or object',
    'Use it with a number and an array, or with a constant name and a record.',
    'in operator',
  )
  return bool(false, e.span)
}

/** Whether a list has a property of a name that is no index: what it carries as a match or the texts of a template, or what all have. */
function isProperty(c: FunctionContext, list: Expr, e: HExpr & { kind: 'in' }): Expr {
  const name = nameOf(e.key)
  const note = noteAt(c, e.obj, list.type)
  if (!isNoted(note, listProperty(name))) return then(list, bool(name in Array.prototype, e.span))
  return toBool(getNoted(c, list, note, optional(BOOL), (object) => then(object, bool(true, e.span))))
}

/** What errors have of their own or from their class; and what some have of their own, which is kept for all of them. */
const OF_ALL_ERRORS = ['name', 'message', 'stack']
const OF_SOME_ERRORS = ['errors']
/** Of which it is not known whether an error has them of its own. */
const KEPT_FOR_ALL = ['message', 'stack']

/** Whether objects have a property from their class, or as all objects do. */
const isInherited = ({ cls }: ObjNode, name: string, isKey: boolean): boolean =>
  name in Object.prototype ||
  (isKey && [cls?.methods, cls?.getters, cls?.setters].some((members) => members?.has(name) ?? false))

/** Errors have places for some properties also where they do not have these. */
function refuseHidden(c: FunctionContext, error: Expr, node: ObjNode, name: string): void {
  const isDeclared = node.cls?.fields.some((field) => field.name === name && !field.hidden) === true
  // Of the built-in kinds those that have errors are apart from those that have none.
  const isUncertain = KEPT_FOR_ALL.includes(name) || (OF_SOME_ERRORS.includes(name) && !isBuiltInError(node))
  if (isDeclared || !isUncertain) return
  const hint = `Compare with undefined: \`error.${name} !== undefined\`.`
  c.report('ANRF1101', error.span, `whether an error has \`${name}\``, hint, 'keys of an error')
}

/** Whether an object has a field or an accessor of the name; undefined where no object of its kind has one. */
export function hasOwnField(
  c: FunctionContext,
  obj: Expr,
  node: ObjNode,
  name: string,
  isKey = !isReserved(name),
): Expr | undefined {
  const places = [node.cls ? keyOf(node.cls, name) : name, getterName(name), setterName(name)]
  const names = isKey ? places.filter((field) => node.fields.has(field)) : []
  if (names.length === 0) return undefined
  if (names.some((field) => !node.fields.get(field)?.optional)) {
    if (areErrors(node)) refuseHidden(c, obj, node, name)
    return then(obj, bool(true, obj.span))
  }
  const kept = c.keep(obj)
  const id = c.program.types.idOf(node)
  const has = (field: string): Expr =>
    op('object.has', [kept.value], BOOL, obj.span, [id, c.program.types.fieldIndex(node, field)])
  return seq(kept.body, names.map(has).reduce(or))
}
