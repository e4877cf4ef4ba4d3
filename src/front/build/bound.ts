import type { HArg, HExpr, HFunc, HParam, HStmt, HVar } from '../hir.ts'
import { NULLISH } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { buildArg, buildExpr } from './expressions.ts'
import { holderOf } from './access.ts'
import { memberName } from './heritage.ts'
import { libraryMember } from './library.ts'
import { isListed, kindsAt } from './narrow.ts'
import { fileFacts } from './variables.ts'
import { letStmt, makeTemp, readVar, refuse, skipOuter, spanOf, type Place } from './state.ts'

/** Members of functions that call them, or bind what they are called with. */
const WAYS: ReadonlySet<string> = new Set(['call', 'apply', 'bind'])

/**
 * `f.call(self, ...)`, `f.apply(self, list)` and `f.bind(self, ...)`, where `f` is a function, none of which uses `this`
 * where it is a value, or a method of the very object that is given as `this`. Other receivers are refused.
 */
export function callBound(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression): HExpr | undefined {
  const way = callee.name.text
  if (!WAYS.has(way)) return undefined
  const self = node.arguments[0]
  const f = skipOuter(callee.expression)
  const method = way === 'bind' || !self ? undefined : prototypeMethod(p, f, self)
  const signature = p.build.oracle.checker.getTypeAtLocation(callee.expression).getCallSignatures().at(0)
  if (!signature && !method) return undefined
  const target = method ?? openTarget(p, f, self)
  if (!target) {
    const hint = 'Call the method on its object, or write an arrow function that does.'
    return refuse(p, node, `\`${way}\` with another object`, hint)
  }
  const span = spanOf(p, node)
  if (way === 'bind' && signature) return bind(p, node, target, signature)
  const rest = node.arguments.slice(1)
  const args: HArg[] = way === 'call' ? rest.map((a) => buildArg(p, a)) : spreadOf(p, rest[0])
  return { kind: 'seq', body: target.before, value: target.call(args, span), span }
}

/** Whether `this` is kept in a variable that functions are only given as their own `this`, for which they have no use. */
export function isHandedOn(p: Place, node: ts.Expression): boolean {
  const { parent } = node
  if (!ts.isVariableDeclaration(parent)) return false
  const uses = fileFacts(p.build, node).refsOf.get(parent) ?? []
  return uses.every(({ node: use }) => isGivenAsThis(use))
}

function isGivenAsThis(use: ts.Node): boolean {
  const { parent } = use
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== use) return false
  const callee = parent.expression
  return ts.isPropertyAccessExpression(callee) && WAYS.has(callee.name.text) && ts.isIdentifier(callee.expression)
}

/** The elements of an array or typed array, which is not iterated (CreateListFromArrayLike, 7.3.18); others end the run. */
function spreadOf(p: Place, list: ts.Expression | undefined): HArg[] {
  if (!list) return []
  const span = spanOf(p, list)
  const value = buildExpr(p, list)
  const b: HExpr = { kind: 'array', elems: [], span }
  const present: HExpr = (kindsAt(p, list) & NULLISH) !== 0 ? { kind: 'logical', op: '??', a: value, b, span } : value
  return [{ kind: 'spread', value: isListed(p, list) ? present : only('@@list', only('@@onlyListed', present)) }]
}

/** What is evaluated first, and the call; `keep` are the variables that a closure of the call takes along. */
type Target = {
  readonly before: readonly HStmt[]
  readonly keep: readonly HVar[]
  readonly call: (args: readonly HArg[], span: HExpr['span']) => HExpr
}

function openTarget(p: Place, f: ts.Expression, self: ts.Expression | undefined): Target | undefined {
  if (ts.isPropertyAccessExpression(f)) {
    const library = libraryTarget(p, f)
    if (library) return library
  }
  if (ts.isPropertyAccessExpression(f) && isMethod(p, f)) {
    if (!self || !isSame(f.expression, self)) return undefined
    return onObject(p, self, memberName(p, f.name))
  }
  const value = buildExpr(p, f)
  const func = keep(p, value)
  // What is not used need not be known: `this` of a function that only hands it on.
  const isPlain = self === undefined || skipOuter(self).kind === ts.SyntaxKind.ThisKeyword
  const given = isPlain ? [] : [{ kind: 'expr', expr: buildExpr(p, self), span: spanOf(p, self) } as const]
  return {
    before: [letStmt(func, value), ...given],
    keep: [func],
    call: (args, span) => ({ kind: 'call', callee: readVar(func, span), args, span }),
  }
}

/** `Math.max`, which has no use for `this`. */
function libraryTarget(p: Place, f: ts.PropertyAccessExpression): Target | undefined {
  const holder = holderOf(p, f.expression)
  const name = holder?.kind === 'library' ? libraryMember(p, f, holder.name) : undefined
  if (name === undefined) return undefined
  return { before: [], keep: [], call: (args, span) => ({ kind: 'builtin', name, args, span }) }
}

/** `Array.prototype.slice`, called on `self`. The text that Object gives tells more than that of the object itself. */
function prototypeMethod(p: Place, f: ts.Expression, self: ts.Expression): Target | undefined {
  const prototype = ts.isPropertyAccessExpression(f) ? skipOuter(f.expression) : f
  const isList = ts.isArrayLiteralExpression(prototype) && prototype.elements.length === 0
  if (isList && ts.isPropertyAccessExpression(f)) return onObject(p, self, f.name.text, '@@onlyArray')
  if (!ts.isPropertyAccessExpression(f) || !ts.isPropertyAccessExpression(prototype)) return undefined
  const of = prototype.name.text === 'prototype' ? holderOf(p, prototype.expression) : undefined
  if (of?.kind !== 'library' || (of.name === 'Object' && f.name.text !== 'hasOwnProperty')) return undefined
  return onObject(p, self, f.name.text, ONLY[of.name])
}

/** What methods of the library take as their receiver here, though JavaScript has them take anything. */
const ONLY: Readonly<Record<string, string>> = { Array: '@@onlyArray', String: '@@onlyText' }

const only = (name: string, value: HExpr): HExpr => ({
  kind: 'builtin',
  name,
  args: [{ kind: 'item', value }],
  span: value.span,
})

/** A call of a method on a value that is evaluated first. */
function onObject(p: Place, self: ts.Expression, name: string, kind?: string): Target {
  const given = buildExpr(p, self)
  const value = kind === undefined ? given : only(kind, given)
  const obj = keep(p, value)
  return {
    before: [letStmt(obj, value)],
    keep: [obj],
    call: (args, span) => ({ kind: 'method', obj: readVar(obj, span), name, args, span }),
  }
}

const keep = (p: Place, x: HExpr): HVar => ({ ...makeTemp(p, 'value', x.span), captured: true })

function isMethod(p: Place, f: ts.PropertyAccessExpression): boolean {
  const declared = p.build.oracle.checker.getSymbolAtLocation(f.name)?.declarations ?? []
  return declared.some((d) => ts.isMethodDeclaration(d) || ts.isMethodSignature(d))
}

/** The same plain variable or `this`, so that evaluating one or the other is the same. */
function isSame(a: ts.Expression, b: ts.Expression): boolean {
  const [x, y] = [skipOuter(a), skipOuter(b)]
  if (x.kind === ts.SyntaxKind.ThisKeyword) return y.kind === ts.SyntaxKind.ThisKeyword
  return ts.isIdentifier(x) && ts.isIdentifier(y) && x.text === y.text
}

/** A closure that calls the target with the arguments that are bound, then its own. */
function bind(p: Place, node: ts.CallExpression, target: Target, signature: ts.Signature): HExpr {
  const span = spanOf(p, node)
  const bound = node.arguments.slice(1)
  if (bound.some((a) => ts.isSpreadElement(a))) return refuse(p, node, 'a spread in `bind`', 'Name the arguments.')
  const kept = bound.map((a) => ({ variable: keep(p, { kind: 'const', value: undefined, span }), node: a }))
  const params: HParam[] = []
  let body: HStmt[] | undefined
  const func: HFunc & { rest: HVar | null } = {
    name: 'bound',
    params,
    rest: null,
    thisVar: null,
    generic: false,
    parent: p.func,
    cls: null,
    span,
    body: () => (body ??= [{ kind: 'return', value: target.call(args, span), span }]),
    captures: new Set([...target.keep, ...kept.map((k) => k.variable)]),
  }
  const own = (name: string): HVar => ({ ...makeTemp(p, name, span), scope: func })
  const args: HArg[] = kept.map((k) => ({ kind: 'item', value: readVar(k.variable, span) }))
  const { declaration } = signature
  const declared = (declaration?.parameters ?? []).filter(
    (n) => !ts.isJSDocParameterTag(n),
  ) as ts.ParameterDeclaration[]
  const passed = declared.filter((n) => n.name.getText() !== 'this' && !n.dotDotDotToken).slice(bound.length)
  for (const parameter of passed) {
    const variable = own('argument')
    params.push({ variable, optional: parameter.questionToken !== undefined || parameter.initializer !== undefined })
    args.push({ kind: 'item', value: readVar(variable, span) })
  }
  // A function that looks at its `arguments` sees those that it does not declare.
  if (declared.some((n) => n.dotDotDotToken) || p.source.text.includes('arguments')) {
    func.rest = own('rest')
    args.push({ kind: 'spread', value: readVar(func.rest, span) })
  }
  const lets = kept.map((k) => letStmt(k.variable, buildExpr(p, k.node)))
  return { kind: 'seq', body: [...target.before, ...lets], value: { kind: 'function', f: func, span }, span }
}
