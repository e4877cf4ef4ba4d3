import type { HExpr, HStmt, HVar } from '../hir.ts'
import { OBJ } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { exprStmt, letStmt, makeTemp, readVar, spanOf, undefinedAt, type Place } from './state.ts'
import { assignVar, thisOf, useVar } from './variables.ts'

/** What V8 says of `this` that is not there yet (ECMA-262 9.1.1.3.4). */
const TOO_EARLY =
  "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"

/**
 * The arrow functions among `parts` of a constructor, which come before the end of `super(...)`: `this` is there when they are called after it, so
 * they capture a variable that is set then. What declares the variable; nothing where no such function uses `this`.
 */
export function declareLateThis(p: Place, own: ts.ConstructorDeclaration, parts: readonly ts.Node[]): HStmt[] {
  const arrows = parts.flatMap(arrowsIn).filter(usesThis)
  if (arrows.length === 0) return []
  const span = spanOf(p, own)
  const self: HVar = { ...makeTemp(p, 'this', span), captured: true, assigned: true, tested: true }
  for (const node of [own, ...arrows]) p.build.selves.set(node, self)
  return [letStmt(self, undefinedAt(span))]
}

/** Sets the variable of `declareLateThis` to what `super(...)` has made. */
export function setLateThis(p: Place, own: ts.ConstructorDeclaration, made: HExpr): HStmt[] {
  const self = p.build.selves.get(own)
  return self ? [exprStmt(assignVar(p, self, made, made.span))] : []
}

/** `this` in such an arrow function: a ReferenceError before it is there. */
export function readLateThis(p: Place, node: ts.Node): HExpr | undefined {
  const v = thisOf(p)
  if (!v || v === v.scope?.thisVar || !isLate(p, node, v)) return undefined
  const span = spanOf(p, node)
  const self = useVar(p, v, span)
  const text: HExpr = { kind: 'const', value: TOO_EARLY, span }
  const error: HExpr = { kind: 'builtin', name: 'new ReferenceError', args: [{ kind: 'item', value: text }], span }
  const test: HExpr = { kind: 'isMissing', x: self, nullish: false, span }
  const body: HStmt[] = [{ kind: 'if', test, then: [{ kind: 'throw', value: error, span }], else: [], span }]
  return { kind: 'seq', body, value: { kind: 'narrow', x: readVar(v, span), kinds: OBJ, reason: 'flow', span }, span }
}

/** Whether a variable is that of the constructor around. */
function isLate(p: Place, node: ts.Node, v: HVar): boolean {
  const own = ts.findAncestor(node, (n) => ts.isConstructorDeclaration(n) && p.build.selves.get(n) === v)
  return own !== undefined
}

/** The outermost arrow functions of an expression or a statement that are not in functions of another kind. */
function arrowsIn(node: ts.Node): ts.ArrowFunction[] {
  if (ts.isArrowFunction(node)) return [node]
  const found: ts.ArrowFunction[] = []
  if (!hasOwnThis(node)) ts.forEachChild(node, (child) => void found.push(...arrowsIn(child)))
  return found
}

const usesThis = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ThisKeyword ||
  (!hasOwnThis(node) && (ts.forEachChild(node, (child) => usesThis(child) || undefined) ?? false))

/** What has no `this`, or one of its own. */
export const hasOwnThis = (node: ts.Node): boolean =>
  ts.isTypeNode(node) || ts.isClassLike(node) || (ts.isFunctionLike(node) && !ts.isArrowFunction(node))
