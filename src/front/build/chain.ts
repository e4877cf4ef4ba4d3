import type { Span } from '../../base/index.ts'
import type { HExpr } from '../hir.ts'
import { ALL, NULLISH, UNDEF } from '../kinds.ts'
import { newVar } from '../make-hir.ts'
import { ts } from '../oracle.ts'
import { textOf } from '../source-text.ts'
import { constantKey, getElement, getProperty, holderOf, refuseStatic } from './access.ts'
import { buildArgs, buildCall, callElement, callMethod, onElement } from './calls.ts'
import { callDispatchedIfThere, callOn, dispatchNames } from './dispatched.ts'
import { buildExpr } from './expressions.ts'
import { memberName } from './heritage.ts'
import { isGetter } from './literal-accessors.ts'
import { kindsAt, narrowTo } from './narrow.ts'
import { callStaticOf, familyOf, readStaticOf, type Family } from './statics-of-values.ts'
import { letStmt, readVar, refuse, spanOf, type Place } from './state.ts'

type Link = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression

/** Whether a node is a chain with `?.` somewhere: it ends at once, with undefined, where a value is missing (ECMA-262 13.3.9). */
export function isChain(node: ts.Expression): boolean {
  return ts.isOptionalChain(node) && !ts.isNonNullExpression(node)
}

export function buildChain(p: Place, node: ts.Expression): HExpr {
  const { links, base } = linksOf(node)
  if (holderOf(p, base) && ts.isCallExpression(node) && links.length === 2 && !links[0]?.questionDotToken)
    return buildCall(p, node)
  if (holderOf(p, base))
    return refuse(p, node, '`?.` on names of the library', 'Write a plain dot: it is always there.')
  const chain: Chain = { p, links, missing: undefined, end: (value) => value }
  // The checker leaves undefined out where it believes that `?.` is not needed.
  return narrowTo(link(chain, 0, buildExpr(p, base)), kindsAt(p, node) | UNDEF)
}

/** `delete a?.b.c`: true where the chain ends early, as there is nothing to delete (13.5.1.2). */
export function buildDeleteChain(
  p: Place,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  remove: (obj: HExpr) => HExpr,
): HExpr {
  const { links, base } = linksOf(node)
  const chain: Chain = { p, links: links.slice(0, -1), missing: true, end: (obj) => end(obj) }
  const last = links.at(-1)
  const end = (obj: HExpr): HExpr => (last?.questionDotToken ? unlessMissing(chain, obj, remove) : remove(obj))
  return link(chain, 0, buildExpr(p, base))
}

/** The links after what they begin with. `missing`: what the chain is where it ends early; `end`: what becomes of its value. */
type Chain = {
  readonly p: Place
  readonly links: readonly Link[]
  readonly missing: true | undefined
  readonly end: (value: HExpr) => HExpr
}

function linksOf(node: ts.Expression): { readonly links: Link[]; readonly base: ts.Expression } {
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
  return { links, base }
}

function isLink(node: ts.Expression): node is Link {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)
}

/** `a?.b!.c` is one chain; `(a?.b).c` is two. */
function skipOuterIn(node: ts.Expression): ts.Expression {
  return ts.isNonNullExpression(node) && ts.isOptionalChain(node.expression) ? skipOuterIn(node.expression) : node
}

function link(chain: Chain, at: number, obj: HExpr): HExpr {
  const node = chain.links[at]
  if (!node) return chain.end(obj)
  // What is no object of `Object.create(null)` has a constructor.
  if (!node.questionDotToken || (obj.kind === 'get' && obj.name === 'constructor')) return apply(chain, at, obj)
  return unlessMissing(chain, obj, (present) => apply(chain, at, present))
}

/** Applies one link, or two where a member is called. */
function apply(chain: Chain, at: number, obj: HExpr): HExpr {
  const { p, links } = chain
  const node = links[at] as Link
  const next = links[at + 1]
  if (ts.isCallExpression(node)) {
    const made: HExpr = { kind: 'call', callee: obj, args: buildArgs(p, node.arguments), span: spanOf(p, node) }
    return link(chain, at + 1, made)
  }
  const family = ts.isPropertyAccessExpression(node) ? familyOf(p, node) : undefined
  if (family) return ofFamily(chain, at, { ...family, value: () => obj })
  if (next && ts.isCallExpression(next)) {
    if (next.questionDotToken) return applyOptionalCall(chain, at, obj)
    const made = ts.isPropertyAccessExpression(node) ? callMethod(p, next, node, obj) : callElement(p, next, node, obj)
    return link(chain, at + 2, made)
  }
  const made = ts.isPropertyAccessExpression(node) ? getProperty(p, node, obj) : getElement(p, node, obj)
  return link(chain, at + 1, made)
}

/** A static member of a class that is known only when the program runs. */
function ofFamily(chain: Chain, at: number, family: Family): HExpr {
  const { p, links } = chain
  const node = links[at] as ts.PropertyAccessExpression
  const call = links[at + 1]
  const called =
    call && ts.isCallExpression(call) && !call.questionDotToken ? callStaticOf(p, call, node, family) : undefined
  if (called) return link(chain, at + 2, called)
  return link(chain, at + 1, readStaticOf(p, node, family) ?? refuseStatic(p, node))
}

/** `obj.f?.(args)`: looks whether the member is there, then calls it on its object. */
function applyOptionalCall(chain: Chain, at: number, obj: HExpr): HExpr {
  const { p, links } = chain
  const node = links[at] as Link
  const call = links[at + 1] as ts.CallExpression
  const span = spanOf(p, call)
  const names = ts.isElementAccessExpression(node) ? dispatchNames(p, node) : undefined
  if (names)
    return callDispatchedIfThere(p, call, node as ts.ElementAccessExpression, names, obj, {
      onMethod: (made) => link(chain, at + 2, made),
      onOther: (found, object) =>
        unlessMissing(chain, found, (callee) =>
          link(chain, at + 2, callOn(p, object, callee, buildArgs(p, call.arguments), span)),
        ),
    })
  if (ts.isElementAccessExpression(node) && constantKey(p, node) === undefined)
    return onElement(p, node, obj, (found, self) =>
      unlessMissing(chain, found, (callee) =>
        link(chain, at + 2, { kind: 'call', callee, ...(self && { self }), args: buildArgs(p, call.arguments), span }),
      ),
    )
  if (ts.isPropertyAccessExpression(node) && isGetter(p.build.oracle, node.name.text))
    return once(p, obj, (same) =>
      unlessMissing(
        chain,
        { kind: 'get', obj: same, name: memberName(p, node.name), span: spanOf(p, node) },
        (callee) => link(chain, at + 2, { kind: 'call', callee, self: same, args: buildArgs(p, call.arguments), span }),
      ),
    )
  return once(p, obj, (same) => {
    const isNamed = ts.isPropertyAccessExpression(node)
    const member = isNamed ? getProperty(p, node, same) : getElement(p, node as ts.ElementAccessExpression, same)
    // Of what kind it is makes no difference to whether it is there.
    const read = member.kind === 'narrow' ? member.x : member
    const asked: HExpr = read.kind === 'get' ? { ...read, asks: true } : member
    const test: HExpr = { kind: 'isMissing', x: asked, nullish: true, span: spanOf(p, node) }
    const made = isNamed
      ? callMethod(p, call, node, same)
      : callElement(p, call, node as ts.ElementAccessExpression, same)
    return { kind: 'cond', test, then: missingIn(chain, span), else: link(chain, at + 2, made), chain: true, span }
  })
}

const missingIn = ({ missing }: Chain, span: Span): HExpr => ({ kind: 'const', value: missing, span })

function unlessMissing(chain: Chain, obj: HExpr, rest: (present: HExpr) => HExpr): HExpr {
  return once(chain.p, obj, (same) => {
    const test: HExpr = { kind: 'isMissing', x: same, nullish: true, span: obj.span }
    const present: HExpr = {
      kind: 'narrow',
      x: same,
      kinds: ALL & ~NULLISH,
      reason: 'flow',
      chained: true,
      span: obj.span,
    }
    return { kind: 'cond', test, then: missingIn(chain, obj.span), else: rest(present), chain: true, span: obj.span }
  })
}

/** Evaluates `x` once for several uses: plain variables are read again, anything else is kept. */
export function once(p: Place, x: HExpr, use: (same: HExpr) => HExpr): HExpr {
  const plain = x.kind === 'narrow' && x.reason === 'flow' ? x.x : x
  if (plain.kind === 'var' || plain.kind === 'const') return use(x)
  const temp = newVar(p.func, 'value', x.span, { text: textOf(x) })
  const value = use(readVar(temp, x.span))
  return { kind: 'seq', body: [letStmt(temp, x)], value, span: value.span }
}
