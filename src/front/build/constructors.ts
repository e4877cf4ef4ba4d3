import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { constructorText } from '../member-names.ts'
import { holderOf } from './access.ts'
import { classOf } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { skipOuter, spanOf, type Place } from './state.ts'

/**
 * The operands of a comparison of constructors or prototypes, `a.constructor === b.constructor`, `x.constructor === Point`,
 * `Object.getPrototypeOf(x) === Object.prototype`: for each a text that tells classes apart, which the library rows
 * `@@constructor` and `@@prototype` give of a value. Nothing is built before both sides are known to be such operands.
 */
export function comparedConstructors(p: Place, e: ts.BinaryExpression): readonly [HExpr, HExpr] | undefined {
  const [a, b] = [skipOuter(e.left), skipOuter(e.right)]
  const way = (askedIn(a) ?? askedIn(b))?.way
  if (!way) return undefined
  const [left, right] = [sideOf(p, a, way), sideOf(p, b, way)]
  return left && right ? [left(), right()] : undefined
}

function sideOf(p: Place, side: ts.Expression, way: Asked['way']): (() => HExpr) | undefined {
  const asked = askedIn(side)
  if (asked?.way === way && !holderOf(p, asked.value)) return () => askedOf(p, asked)
  const name = namedIn(p, side, way)
  return name === undefined ? undefined : () => ({ kind: 'const', value: name, span: spanOf(p, side) })
}

type Asked = { readonly way: 'constructor' | 'prototype'; readonly value: ts.Expression }

/** `x.constructor` or `Object.getPrototypeOf(x)`. */
function askedIn(node: ts.Expression): Asked | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'constructor' && !ts.isOptionalChain(node))
    return { way: 'constructor', value: node.expression }
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined
  const { expression } = node
  const isAsking = ts.isPropertyAccessExpression(expression) && expression.getText() === 'Object.getPrototypeOf'
  return isAsking ? { way: 'prototype', value: node.arguments[0]! } : undefined
}

function askedOf(p: Place, { way, value }: Asked): HExpr {
  return {
    kind: 'builtin',
    name: `@@${way}`,
    args: [{ kind: 'item', value: buildExpr(p, value) }],
    span: spanOf(p, value),
  }
}

/** What tells a class of the program or of the library apart, which is named, or whose `prototype` is. */
function namedIn(p: Place, side: ts.Expression, way: Asked['way']): string | undefined {
  const isPrototype = ts.isPropertyAccessExpression(side) && side.name.text === 'prototype'
  if (isPrototype !== (way === 'prototype')) return undefined
  const holder = holderOf(p, isPrototype ? side.expression : side)
  if (holder?.kind === 'library') return holder.name
  return holder?.kind === 'class' ? constructorText(classOf(p.build, holder.declaration)) : undefined
}
