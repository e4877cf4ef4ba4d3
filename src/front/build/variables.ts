import type { Span } from '../../base/index.ts'
import type { HExpr, HVar } from '../hir.ts'
import { NUM } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { isInOwnRecord, readTaken, writeTaken } from './class-env.ts'
import { contextOf, isUnknown, literalAround, parameterOf, saysUndefined } from './context.ts'
import { mayBeReadEarly } from './early.ts'
import { factsOf, type Facts } from './facts.ts'
import { kindsOfType } from './narrow.ts'
import { isVar, namedDeclaration, varBeginsUndefined } from './hoisting.ts'
import { functionOf, scopeFunction } from './functions.ts'
import { isLocal } from './placement.ts'
import { skipParens, type Build, type Func, type Place } from './state.ts'

export function fileFacts(b: Build, node: ts.Node): Facts {
  const file = node.getSourceFile()
  const known = b.facts.get(file)
  if (known) return known
  const facts = factsOf(b.oracle, file)
  b.facts.set(file, facts)
  return facts
}

export function nodeSpan(b: Build, node: ts.Node): Span {
  const source = node.getSourceFile()
  return { file: b.oracle.fileIndex.get(source) ?? -1, start: node.getStart(source), end: node.end }
}

/** The variable that a declaration makes: a `let` or `const` (or a name in its pattern), a parameter, a function. */
export function variableOf(b: Build, node: ts.Declaration): HVar {
  const declaration = namedDeclaration(b.oracle, node)
  const known = b.variables.get(declaration)
  if (known) return known
  const facts = fileFacts(b, declaration)
  const scope = scopeFunction(b, declaration)
  const assigned = facts.assigned.has(declaration) || (isVar(declaration) && varBeginsUndefined(b, declaration))
  // It exists from the start of its function and is never without a value, be it undefined.
  const stored = assigned && isVar(declaration)
  const func = assigned ? undefined : boundFunction(b, declaration)
  const inOwnRecord = scope !== null && isInOwnRecord(b, declaration)
  const made: HVar = {
    name: nameText(declaration),
    scope,
    span: nodeSpan(b, ts.getNameOfDeclaration(declaration) ?? declaration),
    // The code of a generator takes its parameters along.
    captured: inOwnRecord || (scope !== null && (facts.captured.has(declaration) || scope.resumed !== undefined)),
    assigned,
    checked:
      inOwnRecord ||
      (!stored && isLexical(declaration) && (mayBeReadEarly(facts, declaration) || isReadAcross(b, declaration))),
    tested: isTested(b, declaration),
    ...(func && { func }),
  }
  b.variables.set(declaration, made)
  return made
}

/**
 * Whether the program has a place for undefined in a variable: it asks for it, or hands a missing element on to where undefined is allowed.
 * Of a number all uses are asked instead, see `missOfNumber`.
 */
export function isTested(b: Build, declaration: ts.Declaration): boolean {
  const { tested, elements, refsOf } = fileFacts(b, declaration)
  if (tested.has(declaration)) return true
  if (!elements.has(declaration) || b.oracle.isPrelude(declaration) || isNumber(b, declaration)) return false
  return (refsOf.get(declaration) ?? []).some(({ node }) => isHandedOn(b, node, declaration))
}

const isNumber = (b: Build, declaration: ts.Declaration): boolean =>
  kindsOfType(b, b.oracle.checker.getTypeAtLocation(declaration)) === NUM

/** Whether a value goes to a place that has room for undefined, by its declared type or since it takes anything. */
export function isHandedOn(b: Build, use: ts.Identifier, variable: ts.Declaration): boolean {
  const node = asserted(use)
  if (ts.isExpressionStatement(node.parent)) return false
  if (isTaken(variable) && isKept(node, isNumber(b, variable))) return true
  if (isShown(node) || isInferred(node) || (isReturned(node) && !isRegExp(b, node))) return true
  const parameter = parameterOf(b.oracle, node)
  if (parameter?.optional || (parameter?.any && !isNumber(b, variable))) return true
  const wanted = wantedAt(b, node)
  if (!wanted) return literalAround(node) !== undefined
  return saysUndefined(wanted)
}

/** An expression with what only says of which type it is. */
function asserted(node: ts.Expression): ts.Expression {
  const { parent } = node
  const says = ts.isNonNullExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)
  return says || ts.isParenthesizedExpression(parent) ? asserted(parent) : node
}

/** Whether a name is an element of a list that a pattern takes apart: `const [key, value] = line.split('=')`. */
const isTaken = (variable: ts.Declaration): boolean =>
  ts.isBindingElement(variable) && ts.isArrayBindingPattern(variable.parent) && !variable.dotDotDotToken

/** Whether a value goes into a literal, or into a field or an element: not where it is a number, which lists keep without undefined. */
function isKept(node: ts.Expression, isNumeric: boolean): boolean {
  if (literalAround(node)) return true
  const { parent } = node
  const isStored = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  return !isNumeric && isStored && parent.right === node && !ts.isIdentifier(parent.left)
}

/** Whether a value becomes a part of a text: undefined is one, too. */
function isShown({ parent }: ts.Expression): boolean {
  if (ts.isTemplateSpan(parent)) return true
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.PlusToken
}

/** Whether a value stands in a list that a callback gives: its type is that of the list itself, and declares nothing. */
function isInferred({ parent: list }: ts.Expression): boolean {
  if (!ts.isArrayLiteralExpression(list)) return false
  const callback = skipOut(list).parent
  return ts.isArrowFunction(callback) && callback.type === undefined && ts.isCallExpression(callback.parent)
}

const skipOut = (node: ts.Node): ts.Node => (ts.isParenthesizedExpression(node.parent) ? skipOut(node.parent) : node)

/** Regular expressions are known where they are used: none of them may be missing there. */
export const isRegExp = (b: Build, node: ts.Expression): boolean =>
  b.oracle.checker.getTypeAtLocation(node).symbol?.name === 'RegExp'

/** Whether the value is what a function gives: whoever calls it may ask. */
export function isReturned(outer: ts.Expression): boolean {
  const { parent } = outer
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer)
}

/** The declared type of the place that a name stands in, also in a literal. */
function wantedAt({ oracle: { checker } }: Build, node: ts.Expression): ts.Type | undefined {
  const { parent } = node
  if (!ts.isShorthandPropertyAssignment(parent) && !ts.isPropertyAssignment(parent)) return contextOf(checker, node)
  const whole = contextOf(checker, parent.parent)
  if (whole && isUnknown(whole)) return whole
  const field = whole?.getProperty(parent.name.getText())
  // A type that is inferred from this very literal declares nothing.
  return field && field.valueDeclaration !== parent ? checker.getTypeOfSymbol(field) : undefined
}

/** Whether another file of a cycle of imports names a module-level declaration: it may do so before it has run. */
export function isReadAcross(b: Build, declaration: ts.Declaration): boolean {
  const file = declaration.getSourceFile()
  if (!b.oracle.cyclicFiles.has(file) || isLocal(declaration)) return false
  return [...b.oracle.cyclicFiles].some((other) => other !== file && fileFacts(b, other).refsOf.has(declaration))
}

function nameText(declaration: ts.Declaration): string {
  const name = ts.getNameOfDeclaration(declaration)
  return name && ts.isIdentifier(name) ? name.text : 'default'
}

/** Declarations that have no value until they have run. */
function isLexical(d: ts.Declaration): boolean {
  if (ts.isClassDeclaration(d) || ts.isFunctionExpression(d)) return true
  if (ts.isFunctionDeclaration(d)) return isLocal(d)
  let n: ts.Node = d
  while (ts.isBindingElement(n) || ts.isBindingName(n)) n = n.parent
  return (
    ts.isVariableDeclaration(n) &&
    ts.isVariableDeclarationList(n.parent) &&
    !ts.isForOfStatement(n.parent.parent) &&
    !ts.isForInStatement(n.parent.parent)
  )
}

/** The function that a never assigned declaration always holds. */
function boundFunction(b: Build, d: ts.Declaration): Func | undefined {
  if (ts.isFunctionDeclaration(d) || ts.isFunctionExpression(d)) return d.body ? functionOf(b, d) : undefined
  if (!ts.isVariableDeclaration(d) || !d.initializer || !ts.isIdentifier(d.name)) return undefined
  const value = skipParens(d.initializer)
  return ts.isArrowFunction(value) || (ts.isFunctionExpression(value) && !value.name) ? functionOf(b, value) : undefined
}

/** A read of `v` in the body being built; functions between it and the variable's own capture it. */
export function useVar(p: Place, v: HVar, span: Span): HExpr {
  const taken = readTaken(p, v, span)
  if (taken) return taken
  capture(p, v)
  return { kind: 'var', v, span }
}

/** An assignment in the body being built. */
export function assignVar(p: Place, v: HVar, value: HExpr, span: Span): HExpr {
  const taken = writeTaken(p, v, value, span)
  if (taken) return taken
  capture(p, v)
  return { kind: 'assign', v, value, span }
}

export function capture(p: Place, v: HVar): void {
  if (v.scope === null) return
  let f: Func | null = p.func
  while (f && f !== v.scope) {
    f.captures.add(v)
    f = f.parent
  }
  if (!f) throw new Error(`variable ${v.name} is used outside its function`)
}

/** The receiver in the body being built: that of the nearest function that is no arrow function. */
export function thisOf(p: Place): HVar | undefined {
  for (let f: Func | null = p.func; f; f = f.parent) {
    if (f.thisVar) return f.thisVar
    if (f.parent?.resumed === f) continue
    const node = p.build.nodes.get(f)
    const self = node && p.build.selves.get(node)
    if (self) return self
    if (!node || !ts.isArrowFunction(node)) return undefined
  }
  return undefined
}
