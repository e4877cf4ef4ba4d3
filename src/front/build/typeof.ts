import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { isChain } from './chain.ts'
import { askDispatched, dispatchNames } from './dispatched.ts'
import { skipOuter, spanOf, type Place } from './state.ts'

/** `typeof x`, where of a member all that is asked is what it is: a method need be no value for that. Each end of a chain is asked for itself. */
export function typeofValue(x: HExpr, span: HExpr['span']): HExpr {
  const inner = withoutNarrows(x)
  if (inner.kind === 'seq') return { ...inner, value: typeofValue(inner.value, span) }
  if (inner.kind === 'cond') {
    return { ...inner, then: typeofValue(inner.then, span), else: typeofValue(inner.else, span) }
  }
  return { kind: 'unary', op: 'typeof', x: inner.kind === 'get' ? { ...inner, asks: true } : x, span }
}

const withoutNarrows = (x: HExpr): HExpr => (x.kind === 'narrow' ? withoutNarrows(x.x) : x)

/** `typeof this[action]`, where that may be a method. */
export function typeofDispatched(p: Place, node: ts.TypeOfExpression): HExpr | undefined {
  const asked = skipOuter(node.expression)
  if (!ts.isElementAccessExpression(asked) || isChain(asked)) return undefined
  const names = dispatchNames(p, asked)
  return names && askDispatched(p, asked, names, (x) => typeofValue(x, spanOf(p, node)))
}
