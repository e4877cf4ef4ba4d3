import { isVarList, namesOf } from '../declarations.ts'
import type { HExpr, HStmt, HVar } from '../hir.ts'
import { ALL, ARR, MAP, NULLISH, SET, STR } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { assignTarget } from './assign.ts'
import { buildExpr, walked } from './expressions.ts'
import { isFunctionNode } from './facts.ts'
import { refuseAwait } from './generators.ts'
import { isVar } from './hoisting.ts'
import { kindsAt, narrow } from './narrow.ts'
import { bindName } from './patterns.ts'
import { declarationOf } from './resolve-name.ts'
import { letStmt, makeTemp, newLabel, readVar, refuse, spanOf, type Place, type Target } from './state.ts'
import { buildBranch, buildEffect, buildStatement, buildVariables, openFunctions, openScope } from './statements.ts'
import { fileFacts, variableOf } from './variables.ts'
import { forAwait, forOf } from './walks.ts'

/** Builds what `break` and `continue` inside may aim at. */
function inside<T>(p: Place, target: Target, build: () => T): T {
  p.targets.push(target)
  const made = build()
  p.targets.pop()
  return made
}

function loopBody(p: Place, label: number, names: readonly string[], node: ts.Statement): HStmt[] {
  return inside(p, { names, label, role: 'loop' }, () => buildBranch(p, node))
}

export function buildWhile(p: Place, node: ts.WhileStatement, names: readonly string[]): HStmt {
  const label = newLabel(p)
  const test = buildExpr(p, node.expression)
  const body = loopBody(p, label, names, node.statement)
  return { kind: 'loop', label, test, post: false, body, update: [], fresh: [], span: spanOf(p, node) }
}

export function buildDoWhile(p: Place, node: ts.DoStatement, names: readonly string[]): HStmt {
  const label = newLabel(p)
  const body = loopBody(p, label, names, node.statement)
  const test = buildExpr(p, node.expression)
  return { kind: 'loop', label, test, post: true, body, update: [], fresh: [], span: spanOf(p, node) }
}

export function buildFor(p: Place, node: ts.ForStatement, names: readonly string[]): HStmt[] {
  const span = spanOf(p, node)
  const outer = newLabel(p)
  const label = newLabel(p)
  const list = node.initializer && ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined
  const first = list
    ? buildVariables(p, list)
    : node.initializer
      ? buildEffect(p, node.initializer as ts.Expression)
      : []
  const hoists = list && !isVarList(list) ? checkedNames(p, list) : []
  const test = node.condition ? buildExpr(p, node.condition) : null
  const body = loopBody(p, label, names, node.statement)
  const update = node.incrementor ? buildEffect(p, node.incrementor) : []
  const fresh = list ? freshNames(p, list) : []
  const loop: HStmt = { kind: 'loop', label, test, post: false, body, update, fresh, span }
  if (!list) return [...first, loop]
  // What closures of the head keep is not what the first round has (ECMA-262 14.7.4.3, step 2).
  const renewed: HStmt[] = hasFunction(list) ? fresh.map((v) => ({ kind: 'renew', v, span: v.span })) : []
  return [{ kind: 'block', label: outer, body: [...hoists, ...first, ...renewed, loop], span }]
}

const hasFunction = (node: ts.Node): boolean =>
  isFunctionNode(node) ||
  ts.isClassLike(node) ||
  (ts.forEachChild(node, (child) => hasFunction(child) || undefined) ?? false)

function checkedNames(p: Place, list: ts.VariableDeclarationList): HStmt[] {
  const variables = namesOf(list).map((d) => variableOf(p.build, d))
  return variables.filter((v) => v.checked).map((v) => ({ kind: 'hoist', v, span: v.span }))
}

/** Variables that closures may keep from one round to the next (ECMA-262 14.7.4.4). */
function freshNames(p: Place, list: ts.VariableDeclarationList): HVar[] {
  if ((list.flags & ts.NodeFlags.Const) !== 0 || isVarList(list)) return []
  return namesOf(list)
    .map((d) => variableOf(p.build, d))
    .filter((v) => v.captured)
}

export function buildForOf(p: Place, node: ts.ForOfStatement, names: readonly string[]): HStmt[] {
  const span = spanOf(p, node)
  const label = newLabel(p)
  refuseOwnName(p, node)
  const iterable = buildExpr(p, node.expression)
  const [v, before] = roundVariable(p, node)
  const body = [...before, ...loopBody(p, label, names, node.statement)]
  if (node.awaitModifier) {
    if (p.func.parent?.resumed === p.func) return forAwait(p, { label, v, iterable, body, listed: false, span })
    refuseAwait(p, node.awaitModifier)
  }
  return [forOf(p, { label, v, iterable: walked(iterable), body, listed: isNeverClosed(p, node.expression), span })]
}

/** Whether nothing has to be closed when a loop over a value is left, as far as the checker or the declaration of a parameter of the prelude says. */
function isNeverClosed(p: Place, node: ts.Expression): boolean {
  if (p.prelude) {
    if (p.func.parent?.resumed !== p.func) return false
    const declaration = ts.isIdentifier(node) ? declarationOf(p.build.oracle, node) : undefined
    const type = declaration && ts.isParameter(declaration) ? declaration.type : undefined
    return type !== undefined && (ts.isArrayTypeNode(type) || /^(Map|Set)</.test(type.getText()))
  }
  const kinds = kindsAt(p, node)
  return kinds !== ALL && (kinds & ~(ARR | STR | MAP | SET | NULLISH)) === 0
}

/**
 * `for`-`in` goes over the keys of a record, dictionary or array as they are at its start, without those that are deleted before
 * their turn; over nothing when the value is missing.
 */
export function buildForIn(p: Place, node: ts.ForInStatement, names: readonly string[]): HStmt[] {
  const span = spanOf(p, node)
  const label = newLabel(p)
  refuseOwnName(p, node)
  const keys = (value: HExpr): HExpr => ({
    kind: 'builtin',
    name: 'Object.keys',
    args: [{ kind: 'item', value }],
    span: value.span,
  })
  const object = makeTemp(p, 'object', spanOf(p, node.expression))
  const subject = readVar(object, object.span)
  const missing: HExpr = { kind: 'isMissing', x: subject, nullish: true, span: subject.span }
  const present = narrow(subject, ALL & ~NULLISH, 'flow', subject.span)
  const none: HExpr = { kind: 'array', elems: [], span: subject.span }
  const sure = (kindsAt(p, node.expression) & NULLISH) === 0
  const iterable: HExpr = sure
    ? keys(subject)
    : { kind: 'cond', test: missing, then: none, else: keys(present), span: subject.span }
  const [v, before] = roundVariable(p, node)
  const isThere: HExpr = {
    kind: 'builtin',
    name: '@@isPresent',
    args: [sure ? subject : present, readVar(v, span)].map((value) => ({ kind: 'item', value })),
    span,
  }
  const next: HStmt = { kind: 'if', test: isThere, then: [], else: [{ kind: 'continue', label, span }], span }
  const body = [next, ...before, ...loopBody(p, label, names, node.statement)]
  return [letStmt(object, buildExpr(p, node.expression)), forOf(p, { label, v, iterable, body, listed: true, span })]
}

/** The variable of a round, and what takes it apart at the start of the round. */
function roundVariable(p: Place, node: ts.ForOfStatement | ts.ForInStatement): [HVar, HStmt[]] {
  const span = spanOf(p, node.initializer)
  if (ts.isVariableDeclarationList(node.initializer)) {
    const d = node.initializer.declarations[0] as ts.VariableDeclaration
    if (ts.isIdentifier(d.name) && !isVar(d)) return [variableOf(p.build, d), []]
    const temp = makeTemp(p, 'element', span)
    return [temp, bindName(p, d.name, readVar(temp, span))]
  }
  const temp = makeTemp(p, 'element', span)
  return [temp, assignTarget(p, node.initializer, readVar(temp, span))]
}

/** `for (const x of f(x))`: the inner `x` has no value yet. */
function refuseOwnName(p: Place, node: ts.ForOfStatement | ts.ForInStatement): void {
  if (!ts.isVariableDeclarationList(node.initializer) || isVarList(node.initializer)) return
  const facts = fileFacts(p.build, node)
  const used = namesOf(node.initializer).flatMap((d) => facts.refsOf.get(d) ?? [])
  const own = used.find((r) => r.node.pos >= node.expression.pos && r.node.end <= node.expression.end)
  if (own) refuse(p, own.node, 'a loop variable in its own iterable', 'Give the loop variable another name.')
}

export function buildLabeled(p: Place, node: ts.LabeledStatement): HStmt[] {
  const names: string[] = []
  let inner: ts.Statement = node
  while (ts.isLabeledStatement(inner)) {
    names.push(inner.label.text)
    inner = inner.statement
  }
  if (ts.isForStatement(inner)) return buildFor(p, inner, names)
  if (ts.isForOfStatement(inner)) return buildForOf(p, inner, names)
  if (ts.isForInStatement(inner)) return buildForIn(p, inner, names)
  if (ts.isWhileStatement(inner)) return [buildWhile(p, inner, names)]
  if (ts.isDoStatement(inner)) return [buildDoWhile(p, inner, names)]
  if (ts.isSwitchStatement(inner)) return [buildSwitch(p, inner, names)]
  const label = newLabel(p)
  const body = inside(p, { names, label, role: 'block' }, () => buildBranch(p, inner))
  return [{ kind: 'block', label, body, span: spanOf(p, node) }]
}

export function buildJump(p: Place, node: ts.BreakOrContinueStatement): HStmt[] {
  const kind = ts.isBreakStatement(node) ? 'break' : 'continue'
  const fits = (t: Target): boolean => {
    if (node.label) return t.names.includes(node.label.text)
    return t.role === 'loop' || (t.role === 'switch' && kind === 'break')
  }
  const target = p.targets.findLast(fits)
  if (target) return [{ kind, label: target.label, span: spanOf(p, node) }]
  refuse(p, node, `\`${kind}\` without a loop`, 'Name a label of an enclosing statement.')
  return []
}

/** All clauses of a switch share one scope, which exists before the first test. */
export function buildSwitch(p: Place, node: ts.SwitchStatement, names: readonly string[]): HStmt {
  const span = spanOf(p, node)
  const outer = newLabel(p)
  const label = newLabel(p)
  const subject = buildExpr(p, node.expression)
  const clauses = node.caseBlock.clauses
  const scope = [
    ...openScope(
      p,
      clauses.flatMap((c) => [...c.statements]),
    ),
    ...openFunctions(p, node.caseBlock),
  ]
  const cases = inside(p, { names, label, role: 'switch' }, () =>
    clauses.map((c): { test: HExpr | null; body: HStmt[] } => {
      const test = ts.isCaseClause(c) ? buildExpr(p, c.expression) : null
      return { test, body: c.statements.flatMap((s) => buildStatement(p, s)) }
    }),
  )
  const made: HStmt = { kind: 'switch', label, subject, cases, span }
  return scope.length === 0 ? made : { kind: 'block', label: outer, body: [...scope, made], span }
}
