import type { HExpr } from '../hir.ts'
import { ALL, NULLISH, UNDEF } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { constantKey, getElement, getProperty, holderOf } from './access.ts'
import { buildArgs, callElement, callMethod } from './calls.ts'
import { buildExpr } from './expressions.ts'
import { kindsAt, narrow, narrowTo } from './narrow.ts'
import { letStmt, makeTemp, readVar, refuse, spanOf, undefinedAt, type Place } from './state.ts'

type Link = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression

/** Whether a node is a chain with `?.` somewhere: it ends at once, with undefined, where a value is missing (ECMA-262 13.3.9). */
export function isChain(node: ts.Expression): boolean {
  return ts.isOptionalChain(node) && !ts.isNonNullExpression(node)
}

export function buildChain(p: Place, node: ts.Expression): HExpr {
  const links: Link[] = []
  let base: ts.Expression = node
  while (isLink(base)) {
    links.unshift(base)
    const below: ts.Expression = skipOuterIn(base.expression)
    base = below
    if (!ts.isOptionalChain(below)) break
  }
  // `a.f?.()` calls `f` on `a`.
  if (
    links[0] &&
    ts.isCallExpression(links[0]) &&
    (ts.isPropertyAccessExpression(base) || ts.isElementAccessExpression(base))
  ) {
    links.unshift(base)
    base = base.expression
  }
  if (holderOf(p, base))
    return refuse(p, node, '`?.` on names of the library', 'Write a plain dot: it is always there.')
  // The checker leaves undefined out where it believes that `?.` is not needed.
  return narrowTo(link(p, links, 0, buildExpr(p, base)), kindsAt(p, node) | UNDEF)
}

function isLink(node: ts.Expression): node is Link {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)
}

/** `a?.b!.c` is one chain; `(a?.b).c` is two. */
function skipOuterIn(node: ts.Expression): ts.Expression {
  return ts.isNonNullExpression(node) && ts.isOptionalChain(node.expression) ? skipOuterIn(node.expression) : node
}

function link(p: Place, links: readonly Link[], at: number, obj: HExpr): HExpr {
  const node = links[at]
  if (!node) return obj
  if (!node.questionDotToken) return apply(p, links, at, obj)
  return unlessMissing(p, obj, (present) => apply(p, links, at, present))
}

/** Applies one link, or two where a member is called. */
function apply(p: Place, links: readonly Link[], at: number, obj: HExpr): HExpr {
  const node = links[at] as Link
  const next = links[at + 1]
  if (ts.isCallExpression(node)) {
    const made: HExpr = { kind: 'call', callee: obj, args: buildArgs(p, node.arguments), span: spanOf(p, node) }
    return link(p, links, at + 1, made)
  }
  if (next && ts.isCallExpression(next)) {
    if (next.questionDotToken) return applyOptionalCall(p, links, at, obj)
    const made = ts.isPropertyAccessExpression(node) ? callMethod(p, next, node, obj) : callElement(p, next, node, obj)
    return link(p, links, at + 2, made)
  }
  const made = ts.isPropertyAccessExpression(node) ? getProperty(p, node, obj) : getElement(p, node, obj)
  return link(p, links, at + 1, made)
}

/** `obj.f?.(args)`: looks whether the member is there, then calls it on its object. */
function applyOptionalCall(p: Place, links: readonly Link[], at: number, obj: HExpr): HExpr {
  const node = links[at] as Link
  const call = links[at + 1] as ts.CallExpression
  const span = spanOf(p, call)
  if (ts.isElementAccessExpression(node) && constantKey(p, node) === undefined)
    // A function that is an element has no use for the object.
    return unlessMissing(p, getElement(p, node, obj), (callee) =>
      link(p, links, at + 2, { kind: 'call', callee, args: buildArgs(p, call.arguments), span }),
    )
  return once(p, obj, (same) => {
    const isNamed = ts.isPropertyAccessExpression(node)
    const member = isNamed ? getProperty(p, node, same) : getElement(p, node as ts.ElementAccessExpression, same)
    const test: HExpr = { kind: 'isMissing', x: member, nullish: true, span: spanOf(p, node) }
    const made = isNamed
      ? callMethod(p, call, node, same)
      : callElement(p, call, node as ts.ElementAccessExpression, same)
    return { kind: 'cond', test, then: undefinedAt(span), else: link(p, links, at + 2, made), span }
  })
}

function unlessMissing(p: Place, obj: HExpr, rest: (present: HExpr) => HExpr): HExpr {
  return once(p, obj, (same) => {
    const test: HExpr = { kind: 'isMissing', x: same, nullish: true, span: obj.span }
    const present = narrow(same, ALL & ~NULLISH, 'flow', obj.span)
    return { kind: 'cond', test, then: undefinedAt(obj.span), else: rest(present), span: obj.span }
  })
}

/** Evaluates `x` once for several uses: plain variables are read again, anything else is kept. */
export function once(p: Place, x: HExpr, use: (same: HExpr) => HExpr): HExpr {
  const plain = x.kind === 'narrow' && x.reason === 'flow' ? x.x : x
  if (plain.kind === 'var' || plain.kind === 'const') return use(x)
  const temp = makeTemp(p, 'value', x.span)
  const value = use(readVar(temp, x.span))
  return { kind: 'seq', body: [letStmt(temp, x)], value, span: value.span }
}
