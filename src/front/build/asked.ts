import { ts } from '../oracle.ts'
import { isAssignment, isEquality, isLogical } from './facts.ts'

/** Whether a program only asks whether a value is there: it tests it, or compares it with nothing. */
export function isAsked(node: ts.Expression): boolean {
  const { parent } = node
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) return isAsked(parent)
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return true
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) return parent.condition === node
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken
  return ts.isBinaryExpression(parent) && isAskedBy(parent, node)
}

function isAskedBy(parent: ts.BinaryExpression, node: ts.Expression): boolean {
  const op = parent.operatorToken.kind
  if (isEquality(op)) return isNothing(parent.left === node ? parent.right : parent.left)
  // Where the left of `&&` is there, it is not the value.
  if (op === ts.SyntaxKind.AmpersandAmpersandToken && parent.left === node) return true
  return isLogical(op) && !isAssignment(op) && isAsked(parent)
}

const isNothing = (e: ts.Expression): boolean =>
  e.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(e) && e.text === 'undefined')
