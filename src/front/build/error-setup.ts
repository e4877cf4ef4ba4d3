import { REFUSALS } from '../../base/index.ts'
import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { holderOf, isNewTarget } from './access.ts'
import { buildExpr } from './expressions.ts'
import { isExtended } from './heritage.ts'
import { refuseLibrary } from './names.ts'
import { skipOuter, undefinedAt, spanOf, type Place } from './state.ts'

/**
 * What constructors of errors do for older engines and for their stack: `Object.setPrototypeOf(this, C.prototype)` where `this`
 * has that prototype anyway, and `Error.captureStackTrace(this, C)`. Neither changes anything that a program sees here.
 */
export function errorSetup(p: Place, node: ts.CallExpression, name: string): HExpr | undefined {
  const [target, second] = node.arguments
  // Elsewhere `this` and `new.target` may be undefined.
  const isSelf = target?.kind === ts.SyntaxKind.ThisKeyword && p.func.cls?.construct === p.func
  if (name === 'Object.setPrototypeOf') {
    if (isSelf && second && isOwnPrototype(p, skipOuter(second))) return buildExpr(p, target)
    return refuseLibrary(p, node, name, REFUSALS.prototypes.hint)
  }
  if (isSelf && name === 'Error.captureStackTrace' && (!second || isClass(p, skipOuter(second))))
    return undefinedAt(spanOf(p, node))
  return undefined
}

function isOwnPrototype(p: Place, node: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'prototype') return false
  const of = skipOuter(node.expression)
  if (isNewTarget(of)) return true
  const holder = holderOf(p, of)
  // An instance of a derived class would become one of this class.
  return (
    holder?.kind === 'class' &&
    p.build.classes.get(holder.declaration) === p.func.cls &&
    !isExtended(p, holder.declaration)
  )
}

function isClass(p: Place, node: ts.Expression): boolean {
  if (isNewTarget(node)) return true
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'constructor') return true
  return holderOf(p, node)?.kind === 'class'
}
