import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { constructorText } from '../member-names.ts'
import { holderOf } from './access.ts'
import { classOf } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { skipOuter, spanOf, type Place } from './state.ts'

/**
 * The operands of a comparison of constructors or prototypes, `a.constructor === b.constructor`, `x.constructor === Point`,
 * `Object.getPrototypeOf(x) === Object.prototype`: for each a text that tells classes apart, which the library row `@@constructor` gives of a value.
 */
export function comparedConstructors(p: Place, e: ts.BinaryExpression): readonly [HExpr, HExpr] | undefined {
  const [a, b] = [skipOuter(e.left), skipOuter(e.right)]
  const of = askedIn(a) ?? askedIn(b)
  if (!of) return undefined
  const sides = [a, b].map((side) => {
    const asked = askedIn(side)
    return asked?.way === of.way ? constructorOf(p, asked.value) : namedIn(p, side, of.way)
  })
  return sides[0] && sides[1] ? [sides[0], sides[1]] : undefined
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

function constructorOf(p: Place, node: ts.Expression): HExpr | undefined {
  if (holderOf(p, node)) return undefined
  return {
    kind: 'builtin',
    name: '@@constructor',
    args: [{ kind: 'item', value: buildExpr(p, node) }],
    span: spanOf(p, node),
  }
}

/** A class of the program or of the library by its name, or its `prototype`. */
function namedIn(p: Place, side: ts.Expression, way: Asked['way']): HExpr | undefined {
  const isPrototype = ts.isPropertyAccessExpression(side) && side.name.text === 'prototype'
  if (isPrototype !== (way === 'prototype')) return undefined
  const holder = holderOf(p, isPrototype ? side.expression : side)
  if (holder?.kind === 'library') return { kind: 'const', value: holder.name, span: spanOf(p, side) }
  if (holder?.kind !== 'class') return undefined
  const cls = classOf(p.build, holder.declaration)
  return { kind: 'const', value: constructorText(cls), span: spanOf(p, side) }
}
