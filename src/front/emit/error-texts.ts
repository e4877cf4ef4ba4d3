import { STRING, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import { keyOf } from '../flow/key-order.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { getterName, OWN_NAME } from '../member-names.ts'
import { isListed, someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'
import { inKeyOrder, isOwnField } from './key-order.ts'
import { coerce, effect, op } from './make.ts'

const isAnyError = (_node: ObjNode): boolean => true
const isUnclear = (node: ObjNode): boolean => node.messaged || node.recaused

/** Whether values of a type may have errors in them of which the keys are looked at, and are not known. */
export const hasUnclearErrors = (c: FunctionContext, type: Type, asked: (node: ObjNode) => boolean): boolean =>
  someObject(c, type, (node) => isUnclear(node) && asked(node), isListed)

/** Whether JSON.stringify looks at the keys of an object, and does not ask it. */
export const isWrittenByKeys = (node: ObjNode): boolean => !node.cls?.methods.has('toJSON')

/**
 * Refuses a look at the keys of errors whose message or cause the program sets: whether these are keys then depends on
 * what the error had before. `asked`: of which errors the keys are looked at.
 */
export function refuseUnclearErrors(c: FunctionContext, type: Type, span: Span, asked = isAnyError): void {
  if (!hasUnclearErrors(c, type, asked)) return
  const hint = 'Make a record of what you need: `{ name: error.name, message: error.message }`.'
  c.report('ANRF1101', span, 'the keys of an error whose message or cause is set', hint, 'keys of an error')
}

/** A value of which no part is such an error; where it is one of several, only those are refused that have one. */
export function withoutUnclearErrors(c: FunctionContext, x: Expr, asked: (node: ObjNode) => boolean): Expr {
  if (!hasUnclearErrors(c, x.type, asked)) return x
  return c.dispatch(x, x.type, (one) => {
    refuseUnclearErrors(c, one.type, x.span, asked)
    return coerce(one, x.type)
  })
}

/**
 * Sets the name or the message of an error that is evaluated already. A name that the program sets is a key as well.
 * `by`: the assignment, where there is one.
 */
export function storeErrorText(
  c: FunctionContext,
  error: Expr,
  node: ObjNode,
  name: string,
  value: Expr,
  by?: HExpr & { kind: 'set' },
): Stmt[] {
  const { span } = value
  const id = c.program.types.idOf(node)
  const store = (field: string, x: Expr): Stmt =>
    effect(op('object.set', [error, x], UNDEFINED, span, [id, c.program.types.fieldIndex(node, field)]))
  const key = by?.initial ? undefined : node.fields.get(keyOf(node.cls!, name))
  if (name !== 'name' || !key) return [store(name, coerce(value, STRING))]
  const text = c.keep(coerce(value, STRING))
  const add = store(OWN_NAME, coerce(text.value, c.type(key.slot)))
  const isOwn = by !== undefined && isOwnField(c, by)
  return [
    ...text.body,
    store(name, text.value),
    ...(key.optional && !isOwn ? inKeyOrder(c, error, node, OWN_NAME, add) : [add]),
  ]
}

/**
 * Refuses to set the name of an error that a getter gives: Node throws a TypeError, or makes a property that hides the getter where a
 * derived class declares the field.
 */
export function refuseNameOfGetter(c: FunctionContext, e: HExpr & { kind: 'set' }, node: ObjNode): void {
  if (e.initial || !node.cls?.methods.has(getterName(e.name))) return
  const hint = 'Leave out either the getter or what sets the name.'
  c.report('ANRF1101', e.span, 'the name of an error is set, which a getter gives', hint, 'name of an error')
}
