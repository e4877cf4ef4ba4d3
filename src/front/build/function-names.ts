import { ts } from '../oracle.ts'
import type { FunctionNode } from './facts.ts'
import { skipParens } from './state.ts'

export function functionName(node: FunctionNode): string {
  if (node.name && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name) || ts.isStringLiteral(node.name)))
    return node.name.text
  return (
    (node.name && literalName(node.name)) ?? nameFromPlace(node) ?? (ts.isFunctionDeclaration(node) ? 'default' : '')
  )
}

const NAMING = [
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]

/** Whether a function or class takes its name from a key that is computed when the program runs. */
export function isNamedLate(node: FunctionNode | ts.ClassExpression): boolean {
  const place = outermost(node).parent
  const key = ts.isPropertyAssignment(place) && !node.name ? place.name : node.name
  return key !== undefined && ts.isComputedPropertyName(key) && literalName(key) === undefined
}

function outermost(node: ts.Node): ts.Node {
  let inner = node
  while (
    ts.isParenthesizedExpression(inner.parent) ||
    ts.isAsExpression(inner.parent) ||
    ts.isSatisfiesExpression(inner.parent) ||
    ts.isNonNullExpression(inner.parent)
  )
    inner = inner.parent
  return inner
}

/** The name that is written in a key, be it in brackets. */
function literalName(name: ts.Node): string | undefined {
  if (ts.isComputedPropertyName(name)) return literalName(skipParens(name.expression))
  if (ts.isNumericLiteral(name)) return String(Number(name.text))
  return ts.isStringLiteralLike(name) ? name.text : undefined
}

/** A function or class without a name takes that of the variable or property it is the value of (NamedEvaluation, ECMA-262 8.4). */
export function nameFromPlace(node: ts.Node): string | undefined {
  const inner = outermost(node)
  const { parent } = inner
  if (ts.isBinaryExpression(parent)) {
    const named = parent.right === inner && NAMING.includes(parent.operatorToken.kind) && ts.isIdentifier(parent.left)
    return named ? (parent.left as ts.Identifier).text : undefined
  }
  if (
    !ts.isVariableDeclaration(parent) &&
    !ts.isPropertyAssignment(parent) &&
    !ts.isPropertyDeclaration(parent) &&
    !ts.isBindingElement(parent) &&
    !ts.isParameter(parent)
  )
    return undefined
  if (parent.initializer !== inner) return undefined
  const { name } = parent
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name.text : literalName(name)
}
