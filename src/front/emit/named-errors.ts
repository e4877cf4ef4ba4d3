import type { Expr, Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { getterName } from '../member-names.ts'
import { someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'
import { coerce } from './make.ts'

const isAnyError = (_node: ObjNode): boolean => true
const isUnclear = (node: ObjNode): boolean => node.named || node.recaused

/** Whether values of a type may have such errors in them of which the keys are looked at. */
export const hasNamedErrors = (c: FunctionContext, type: Type, asked: (node: ObjNode) => boolean): boolean =>
  someObject(c, type, (node) => isUnclear(node) && asked(node))

/** Whether JSON.stringify looks at the keys of an object, and does not ask it. */
export const isWrittenByKeys = (node: ObjNode): boolean => !node.cls?.methods.has('toJSON')

/**
 * Refuses a look at the keys of errors whose name or message the program sets: whether these are keys then depends on
 * what the error had before. `asked`: of which errors the keys are looked at.
 */
export function refuseNamedErrors(c: FunctionContext, type: Type, span: Span, asked = isAnyError): void {
  if (!hasNamedErrors(c, type, asked)) return
  const hint = 'Make a record of what you need: `{ name: error.name, message: error.message }`.'
  c.report('ANRF1101', span, 'the keys of an error whose name, message or cause is set', hint, 'keys of an error')
}

/** A value of which no part is such an error; where it is one of several, only those are refused that have one. */
export function withoutNamedErrors(c: FunctionContext, x: Expr, asked: (node: ObjNode) => boolean): Expr {
  if (!hasNamedErrors(c, x.type, asked)) return x
  return c.dispatch(x, x.type, (one) => {
    refuseNamedErrors(c, one.type, x.span, asked)
    return coerce(one, x.type)
  })
}

/**
 * Refuses to set the name of an error that a getter gives: Node throws a TypeError, or makes a property that hides the getter where a
 * derived class declares the field.
 */
export function refuseNameOfGetter(c: FunctionContext, e: HExpr & { kind: 'set' }, node: ObjNode | undefined): void {
  if (e.initial || !node?.cls?.methods.has(getterName(e.name))) return
  const hint = 'Leave out either the getter or what sets the name.'
  c.report('ANRF1101', e.span, 'the name of an error is set, which a getter gives', hint, 'name of an error')
}
