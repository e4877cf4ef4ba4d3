import type { Span } from '../../base/index.ts'
import type { HExpr, HFunc, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { asyncGeneratorStates, newAsyncGenerator } from '../generators/async-generator.ts'
import { asyncStates, startAsync } from '../generators/async.ts'
import { generatorStates, newGenerator } from '../generators/generator.ts'
import { ts } from '../oracle.ts'
import { buildExpr } from './expressions.ts'
import { isFunctionNode, ownerOf, type FunctionNode } from './facts.ts'
import { placeIn } from './functions.ts'
import { openVars } from './hoisting.ts'
import { narrowTo, resultKinds } from './narrow.ts'
import {
  exprStmt,
  letStmt,
  makeTemp,
  newLabel,
  readVar,
  refuse,
  spanOf,
  undefinedAt,
  type Build,
  type Func,
  type Place,
} from './state.ts'
import { buildBody, buildStatement } from './statements.ts'
import { fileFacts, nodeSpan } from './variables.ts'
import { INTERMEDIATE } from '../source-text.ts'
import { walkVariables } from './walks.ts'

/** The function that runs the code of a generator part by part; the generator's own variables are its variables. */
export function resumedFunction(b: Build, node: FunctionNode, parent: Func): Func {
  const made = newResumed(parent, nodeSpan(b, node), () => resumedParts(b, node, made).body)
  return made
}

function newResumed(parent: Func, span: Span, body: () => readonly HStmt[]): Func {
  const made = newFunc({ name: parent.name, parent, span, pending: [], body })
  for (const name of ['generator', 'mode', 'sent']) {
    const isSelf = name === 'generator'
    const variable = newVar(made, name, span, { captured: isSelf, assigned: !isSelf, text: INTERMEDIATE })
    made.params.push({ variable, optional: false })
  }
  return made
}

type Parts = { readonly body: readonly HStmt[]; readonly frame: readonly HVar[] }

const parts = new WeakMap<Func, Parts>()

/** The code as states, built once; then the functions written in it. */
function resumedParts(b: Build, node: FunctionNode, func: Func): Parts {
  const known = parts.get(func)
  if (known) return known
  const p = placeIn(b, func, node.getSourceFile())
  const asyncOnes = node.asteriskToken ? asyncGeneratorStates : asyncStates
  return partsOf(p, isAsync(node) ? asyncOnes : generatorStates, codeOf(p, node))
}

function partsOf(p: Place, states: typeof asyncStates, code: readonly HStmt[]): Parts {
  const { func } = p
  const m = states(func, code, () => newLabel(p))
  const made = { body: m.body(), frame: m.frame }
  parts.set(func, made)
  for (let next = func.pending.shift(); next; next = func.pending.shift()) next.body()
  return made
}

/** The function that runs the top level of the main file part by part, where that awaits something. */
export function resumedTopLevel(b: Build, init: Func): Func | undefined {
  const { main } = b.oracle
  const first = fileFacts(b, main).awaits[0]
  if (!first) return undefined
  // No function begins at an `await`, by whose place its states are told from those of functions.
  const made = newResumed(init, nodeSpan(b, first), () => topLevelParts(placeIn(b, made, main)).body)
  return made
}

const topLevelParts = (p: Place): Parts =>
  parts.get(p.func) ??
  partsOf(
    p,
    asyncStates,
    p.source.statements.flatMap((s) => buildStatement(p, s)),
  )

/** Runs the top level of the main file, and then jobs until it has come to its end. */
export function runTopLevel(p: Place): HStmt[] {
  const { func } = p
  const { span } = func
  const init = { ...p, func: func.parent as Func }
  const promise = makeTemp(init, 'promise', span)
  return [
    letStmt(promise, callOf('@@promise', span)),
    { kind: 'frame', variables: topLevelParts(p).frame, span },
    ...startAsync(func, promise, makeTemp(init, 'task', span)),
    exprStmt(callOf('@@top_level', span, readVar(promise, span))),
  ]
}

const callOf = (name: string, span: Span, ...values: HExpr[]): HExpr => ({
  kind: 'builtin',
  name,
  args: values.map((value) => ({ kind: 'item', value })),
  span,
})

function codeOf(p: Place, node: FunctionNode): HStmt[] {
  if (!node.body) return []
  if (ts.isBlock(node.body)) return [...openVars(p, node), ...buildBody(p, node.body)]
  return [{ kind: 'return', value: buildExpr(p, node.body), span: spanOf(p, node.body) }]
}

/** What a call of an async function does: a failure of its parameters is one of its promise too (ECMA-262 27.7.5.1). */
export function buildAsync(p: Place, node: FunctionNode, bound: readonly HStmt[]): HStmt[] {
  const func = p.func.resumed as Func
  const { frame } = resumedParts(p.build, node, func)
  const span = spanOf(p, node)
  const promise = makeTemp(p, 'promise', span)
  const error = makeTemp(p, 'error', span)
  const given: HStmt = { kind: 'return', value: readVar(promise, span), span }
  const rejected = [exprStmt(callOf('@@reject', span, readVar(promise, span), readVar(error, span))), given]
  const attempt: HStmt = { kind: 'try', body: bound, handler: { param: error, body: rejected }, finalizer: null, span }
  return [
    letStmt(promise, callOf('@@promise', span)),
    ...(bound.length > 0 ? [attempt] : []),
    { kind: 'frame', variables: frame, span },
    ...startAsync(func, promise, makeTemp(p, 'task', span)),
    given,
  ]
}

/** Whether the code being built is that of an async generator. */
function isAsyncGenerator(p: Place): boolean {
  const node = p.func.parent?.resumed === p.func ? p.build.nodes.get(p.func.parent) : undefined
  return node !== undefined && isFunctionNode(node) && node.asteriskToken !== undefined && isAsync(node)
}

/** What a `return` gives: an async generator waits for it. */
export function buildReturned(p: Place, node: ts.Expression): HExpr {
  const value = buildExpr(p, node)
  return isAsyncGenerator(p) ? { kind: 'yield', value, walk: null, awaits: true, span: value.span } : value
}

/** Node evaluates imported files that await beside each other, and those that import them later. */
export function refuseAwait(p: Place, node: ts.Node): HExpr {
  if (!ts.isSourceFile(ownerOf(node)))
    return refuse(p, node, 'await outside async functions', 'Write an async function and call it.')
  const hint = 'Await in the main file, or export an async function that the main file awaits.'
  return refuse(p, node, '`await` at the top level of an imported file', hint)
}

export function buildAwait(p: Place, node: ts.AwaitExpression): HExpr {
  const span = spanOf(p, node)
  if (p.func.parent?.resumed !== p.func) return refuseAwait(p, node)
  const made: HExpr = { kind: 'yield', value: buildExpr(p, node.expression), walk: null, awaits: true, span }
  return ts.isExpressionStatement(node.parent) ? made : narrowTo(made, resultKinds(p, node))
}

/** What a call of a generator function does, after its parameters have their values. */
export function buildGenerator(p: Place, node: FunctionNode): HStmt[] {
  const func = p.func.resumed as Func
  const { frame } = resumedParts(p.build, node, func)
  const span = spanOf(p, node)
  return [
    { kind: 'frame', variables: frame, span },
    { kind: 'return', value: (isAsync(node) ? newAsyncGenerator : newGenerator)(func, p.prelude), span },
  ]
}

export function buildYield(p: Place, node: ts.YieldExpression): HExpr {
  const span = spanOf(p, node)
  const value = node.expression ? buildExpr(p, node.expression) : undefinedAt(span)
  const walk = node.asteriskToken ? walkVariables(p, span) : null
  const made: HExpr = { kind: 'yield', value, walk, ...(walk && isAsyncGenerator(p) && { awaits: true }), span }
  return ts.isExpressionStatement(node.parent) ? made : narrowTo(made, resultKinds(p, node))
}

/** Whether a function's code runs part by part. */
export const isResumed = (node: FunctionNode): boolean => node.asteriskToken !== undefined || isAsync(node)

export const isAsync = (node: FunctionNode): boolean =>
  ts.canHaveModifiers(node) && (node.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false)

/** What the constructor of such a function is called (ECMA-262 27.3, 27.4, 27.7). */
export function formOf(node: FunctionNode): NonNullable<HFunc['form']> {
  if (node.asteriskToken === undefined) return 'AsyncFunction'
  return isAsync(node) ? 'AsyncGeneratorFunction' : 'GeneratorFunction'
}
