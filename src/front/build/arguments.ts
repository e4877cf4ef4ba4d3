import type { HExpr, HVar } from '../hir.ts'
import { ts } from '../oracle.ts'
import { isAssignment, isFunctionNode, type FunctionNode } from './facts.ts'
import { newVar } from '../make-hir.ts'
import { spanOf, type Func, type Place } from './state.ts'
import { namedDeclaration } from './hoisting.ts'
import { fileFacts, useVar } from './variables.ts'

/**
 * `arguments` (ECMA-262 10.4.4) in a plain function is an array of all arguments, where only what arrays and the arguments object have in common can be
 * seen of it: its length, its elements, and what takes them all.
 */

/** The variable of `arguments`, where the code of a function names it. */
export function argumentsOf(node: ts.Node, made: Func): HVar | null {
  const uses = isPlain(node) && node.body ? usesIn(node.body, false) : 0
  return uses === 0 ? null : { ...newVar(made, 'arguments', made.span), captured: uses === 2 }
}

/** A function that is called with its arguments and nothing else, and has no rest parameter. */
const isPlain = (node: ts.Node): node is ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration =>
  (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
  !node.asteriskToken &&
  // Static methods may be given their class.
  !node.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword || m.kind === ts.SyntaxKind.StaticKeyword) &&
  !node.parameters.some((n) => n.dotDotDotToken)

/** 0: nowhere; 1: in the code of the function itself; 2: in an arrow function as well. */
function usesIn(node: ts.Node, inArrow: boolean): 0 | 1 | 2 {
  if (isName(node)) return inArrow ? 2 : 1
  if (isFunctionNode(node) && !ts.isArrowFunction(node)) return 0
  let most: 0 | 1 | 2 = 0
  ts.forEachChild(node, (child) => {
    const found = usesIn(child, inArrow || ts.isArrowFunction(node))
    if (found > most) most = found
  })
  return most
}

const isName = (node: ts.Node): boolean =>
  ts.isIdentifier(node) &&
  node.text === 'arguments' &&
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)

/** A use of `arguments`; undefined where it has no meaning here. */
export function readArguments(p: Place, node: ts.Identifier): HExpr | undefined {
  const func = ownerOf(p, node)
  if (!func?.takesAll || !func.rest || !isShown(p, node)) return undefined
  return useVar(p, func.rest, spanOf(p, node))
}

/** The function that `arguments` is of. */
function ownerOf(p: Place, node: ts.Node): Func | undefined {
  let n: ts.Node = node.parent
  while (!ts.isSourceFile(n) && !(isFunctionNode(n) && !ts.isArrowFunction(n)) && !ts.isClassLike(n)) n = n.parent
  return ts.isSourceFile(n) || ts.isClassLike(n) ? undefined : p.build.functions.get(n as FunctionNode)
}

function isShown(p: Place, name: ts.Identifier): boolean {
  let node: ts.Expression = name
  while (ts.isAsExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent
  const { parent } = node
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node && isAlias(p, parent)
  if (ts.isSpreadElement(parent)) return true
  if (ts.isForOfStatement(parent)) return parent.expression === node
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'length' && !isTarget(parent)
  if (ts.isElementAccessExpression(parent)) return parent.expression === node && !isTarget(parent)
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false
  const { expression: object, name: method } = parent.expression
  const at = parent.arguments.indexOf(node)
  if (method.text === 'apply') return at === 1
  if (method.text === 'call') return at === 0
  return method.text === 'from' && at === 0 && object.getText() === 'Array'
}

/** A variable that is another name of `arguments`. */
function isAlias(p: Place, declaration: ts.VariableDeclaration): boolean {
  const { assigned, refsOf } = fileFacts(p.build, declaration)
  const uses = refsOf.get(namedDeclaration(p.build.oracle, declaration)) ?? []
  return ts.isIdentifier(declaration.name) && !assigned.has(declaration) && uses.every((use) => isShown(p, use.node))
}

/** Whether something is assigned to a place, or deleted. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent.operatorToken.kind)
  return ts.isPrefixUnaryExpression(parent)
    ? parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    : ts.isPostfixUnaryExpression(parent) || ts.isDeleteExpression(parent)
}
