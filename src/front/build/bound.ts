import { isOwnThis, type BoundTarget, type HArg, type HExpr, type HParam, type HStmt, type HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { NULLISH } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { isUntyped } from './bound-untyped.ts'
import { buildArg, buildExpr } from './expressions.ts'
import { isFunctionNode } from './facts.ts'
import { functionOf } from './functions.ts'
import { holderOf } from './access.ts'
import { memberName } from './heritage.ts'
import { libraryMember } from './library.ts'
import { libraryMethod } from './library-methods.ts'
import { isListed, kindsAt } from './narrow.ts'
import { takesThis, usesThisSomewhere } from './self.ts'
import { isTaken } from './taken-methods.ts'
import { fileFacts } from './variables.ts'
import { mayBeReplaced } from './replaced-methods.ts'
import { letStmt, readVar, refuse, skipOuter, spanOf, type Place } from './state.ts'

/** Members of functions that call them, or bind what they are called with. */
const WAYS: ReadonlySet<string> = new Set(['call', 'apply', 'bind'])

/**
 * `f.call(self, ...)`, `f.apply(self, list)` and `f.bind(self, ...)`, where `f` is a function that is given `self`, or a method of a class
 * and `self` the very object that it is taken from. Other receivers are refused.
 */
export function callBound(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression): HExpr | undefined {
  const way = callee.name.text
  if (!WAYS.has(way)) return undefined
  if (way === 'bind' && isUntyped(p, node, callee)) return undefined
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
  if (way === 'bind' && signature) return bind(p, { node, target, bound: node.arguments.slice(1) }, signature)
  const rest = node.arguments.slice(1)
  const args: HArg[] = way === 'call' ? rest.map((a) => buildArg(p, a)) : spreadOf(p, rest[0])
  return { kind: 'seq', body: target.before, value: target.call(args, span), span }
}

/** `const self = this` of a function, which other functions are only given as their own `this`: what it is is asked where they have a use for it. */
export function handedOn(p: Place, node: ts.VariableDeclaration): HVar | undefined {
  if (node.initializer?.kind !== ts.SyntaxKind.ThisKeyword || !isConst(node)) return undefined
  let owner: ts.Node = node.parent
  while (ts.isArrowFunction(owner) || !(isFunctionNode(owner) || ts.isClassLike(owner) || ts.isSourceFile(owner)))
    owner = owner.parent
  if (!isFunctionNode(owner) || !takesThis(p.build, owner)) return undefined
  const uses = fileFacts(p.build, node).refsOf.get(node) ?? []
  return uses.every(({ node: use }) => isGivenAsThis(use))
    ? (functionOf(p.build, owner).thisVar ?? undefined)
    : undefined
}

const isConst = (node: ts.VariableDeclaration): boolean => (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0

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
  readonly of: BoundTarget
  readonly before: readonly HStmt[]
  readonly keep: readonly HVar[]
  readonly call: (args: readonly HArg[], span: HExpr['span']) => HExpr
}

function openTarget(p: Place, f: ts.Expression, self: ts.Expression | undefined): Target | undefined {
  if (ts.isPropertyAccessExpression(f)) {
    const library = libraryTarget(p, f)
    if (library) return library
  }
  if (isMethod(p, f)) {
    if (self && isMethodOf(p, f, self)) return onObject(p, self, memberName(p, f.name))
    if (isOfClass(p, f)) return undefined
  }
  const value = buildExpr(p, f)
  const func = keep(p, value)
  const before: HStmt[] = [letStmt(func, value)]
  const given = self && buildExpr(p, self)
  const isSteady = given?.kind === 'const' || (given?.kind === 'var' && isOwnThis(given.v))
  const own = !given || isSteady ? undefined : keep(p, given)
  if (given && own) before.push(letStmt(own, given))
  return {
    of: { kind: 'value', value },
    before,
    keep: [func, ...(own ? [own] : given?.kind === 'var' ? [given.v] : [])],
    call: (args, span) => {
      const passed = own ? readVar(own, span) : given
      return { kind: 'call', callee: readVar(func, span), ...(passed && { self: passed }), args, span }
    },
  }
}

/** `Math.max`, which has no use for `this`. */
function libraryTarget(p: Place, f: ts.PropertyAccessExpression): Target | undefined {
  const holder = holderOf(p, f.expression)
  const name = holder?.kind === 'library' ? libraryMember(p, f, holder.name) : undefined
  if (name === undefined) return undefined
  const call: Target['call'] = (args, span) => ({ kind: 'builtin', name, args, span })
  return { of: { kind: 'library', name: f.name.text }, before: [], keep: [], call }
}

/** `Array.prototype.slice`, called on `self`. */
function prototypeMethod(p: Place, f: ts.Expression, self: ts.Expression): Target | undefined {
  const found = libraryMethod(p, f)
  if (!found) return undefined
  if (found.of !== 'Object' || found.name !== 'toString') return onObject(p, self, found.name, ONLY[found.of])
  const value = buildExpr(p, self)
  const kept = keep(p, value)
  return {
    of: { kind: 'library', name: found.name },
    before: [letStmt(kept, value)],
    keep: [kept],
    call: (_, span) => ({ kind: 'builtin', name: '@@tag', args: [{ kind: 'item', value: readVar(kept, span) }], span }),
  }
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
    of: { kind: 'method', obj: value, name, replaced: mayBeReplaced(p, self, name) },
    before: [letStmt(obj, value)],
    keep: [obj],
    call: (args, span) => ({ kind: 'method', obj: readVar(obj, span), name, args, span }),
  }
}

const keep = (p: Place, x: HExpr): HVar => newVar(p.func, 'value', x.span, { captured: true })

/** Whether `f` is a method that is taken from the very object `self`. */
const isMethodOf = (p: Place, f: ts.Expression, self: ts.Expression): boolean =>
  isMethod(p, f) && isSame(f.expression, self)

function isMethod(p: Place, f: ts.Expression): f is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(f)) return false
  const declared = p.build.oracle.checker.getSymbolAtLocation(f.name)?.declarations ?? []
  return declared.some((d) => ts.isMethodDeclaration(d) || ts.isMethodSignature(d))
}

/** Whether `f` is a method of a class that is no function of its own. */
const isOfClass = (p: Place, f: ts.PropertyAccessExpression): boolean =>
  classMethods(p, f).some((d) => !isTaken(p.build, d))

function classMethods(p: Place, f: ts.PropertyAccessExpression): ts.Declaration[] {
  const declared = p.build.oracle.checker.getSymbolAtLocation(f.name)?.declarations ?? []
  return declared.filter((d) => ts.isMethodDeclaration(d) && ts.isClassLike(d.parent))
}

/** The same plain variable or `this`, so that evaluating one or the other is the same. */
function isSame(a: ts.Expression, b: ts.Expression): boolean {
  const [x, y] = [skipOuter(a), skipOuter(b)]
  if (x.kind === ts.SyntaxKind.ThisKeyword) return y.kind === ts.SyntaxKind.ThisKeyword
  return ts.isIdentifier(x) && ts.isIdentifier(y) && x.text === y.text
}

/** Methods of the library that call a function on what they are given beside it. */
const CALLS_ON: ReadonlySet<string> = new Set([
  ...['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap', 'forEach', 'map', 'some'],
])

/** The arguments of `list.map(f, self)`: `f` bound to `self`, where `f` is a method of `self` or functions of the program use `this`. */
export function boundCallback(
  p: Place,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): HArg[] | undefined {
  const [f, self, ...others] = node.arguments
  if (!f || !self || others.length > 0 || !CALLS_ON.has(callee.name.text)) return undefined
  if (!isMethodOf(p, skipOuter(f), self) && !usesThisSomewhere(p.build)) return undefined
  const { checker, isLib } = p.build.oracle
  const declared = checker.getSymbolAtLocation(callee.name)?.declarations ?? []
  const signature = checker.getTypeAtLocation(f).getCallSignatures().at(0)
  if (!signature || !declared.some((d) => isLib(d))) return undefined
  const target = openTarget(p, skipOuter(f), self)
  return target && [{ kind: 'item', value: bind(p, { node: f, target, bound: [] }, signature) }]
}

type Binding = { readonly node: ts.Expression; readonly target: Target; readonly bound: readonly ts.Expression[] }

/** A closure that calls the target with the arguments that are bound, then its own. */
function bind(p: Place, { node, target, bound }: Binding, signature: ts.Signature): HExpr {
  const span = spanOf(p, node)
  if (bound.some((a) => ts.isSpreadElement(a))) return refuse(p, node, 'a spread in `bind`', 'Name the arguments.')
  const kept = bound.map((a) => ({ variable: keep(p, { kind: 'const', value: undefined, span }), node: a }))
  const params: HParam[] = []
  let body: HStmt[] | undefined
  const func = newFunc({
    name: 'bound',
    binds: target.of,
    params,
    parent: p.func,
    span,
    body: () => (body ??= [{ kind: 'return', value: target.call(args, span), span }]),
    captures: new Set([...target.keep, ...kept.map((k) => k.variable)]),
  })
  const own = (name: string): HVar => newVar(func, name, span)
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
