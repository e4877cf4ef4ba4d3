import { isPrivateName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { isStatic } from './facts.ts'
import { skipOuter, type Place } from './state.ts'

/**
 * Whether an object may have something else than the method of its class under the name where the method is bound to it. What is bound
 * may itself be put there, once for each object: `this.go = this.go.bind(this)` in a constructor.
 */
export function mayBeReplaced(p: Place, self: ts.Expression, name: string): boolean {
  if (isPrivateName(name)) return false
  const isOwn = isPutBack(self, name)
  const count = p.build.oracle.userFiles.reduce((sum, { text }) => sum + countOf(text, name), 0)
  return count > (isOwn ? 1 : 0) || (isOwn && !isOnce(self))
}

/** How often properties of the name are assigned, and any of `this`. */
function countOf(text: string, name: string): number {
  const places = text.matchAll(/(?:\.([\w$]+)|this\s*\[[^\]]*\])\s*(?:=(?![=>])|\?\?=|\|\|=|&&=)/g)
  const named = [...places].filter(([, key]) => key === undefined || key === name)
  return named.length + [...text.matchAll(/Object\.assign\(\s*this\b/g)].length
}

/** Whether a method that is bound to `this` takes its own place. */
function isPutBack(self: ts.Expression, name: string): boolean {
  const { parent: call } = self
  const { parent } = call
  return (
    skipOuter(self).kind === ts.SyntaxKind.ThisKeyword &&
    ts.isBinaryExpression(parent) &&
    parent.right === call &&
    ts.isPropertyAccessExpression(parent.left) &&
    parent.left.expression.kind === ts.SyntaxKind.ThisKeyword &&
    parent.left.name.text === name
  )
}

/** Whether code runs once for an object: in its constructor, and not in a loop. */
function isOnce(node: ts.Node): boolean {
  let n = node.parent
  while (!ts.isIterationStatement(n, false) && !ts.isFunctionLike(n) && !ts.isSourceFile(n) && !isField(n)) n = n.parent
  return ts.isConstructorDeclaration(n) || isField(n)
}

const isField = (n: ts.Node): boolean => ts.isPropertyDeclaration(n) && !isStatic(n)
