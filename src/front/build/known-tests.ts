import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { isUndeclared } from './names.ts'
import { skipOuter, spanOf, type Place } from './state.ts'

/**
 * Tests whose outcome is known since they ask for a name that Node has not: `typeof window !== 'undefined'`, `typeof module === 'object'`. What
 * does not run then may use what is not there, and is not built.
 */
export function knownTest(p: Place, test: ts.Expression): boolean | undefined {
  const node = skipOuter(test)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return negated(knownTest(p, node.operand))
  if (!ts.isBinaryExpression(node)) return undefined
  const { left, right } = node
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken: {
      const known = knownTest(p, left)
      const goesOn = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
      return known === goesOn ? knownTest(p, right) : known
    }
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return typeIs(p, left, right) ?? typeIs(p, right, left)
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return negated(typeIs(p, left, right) ?? typeIs(p, right, left))
    default:
      return undefined
  }
}

const negated = (known: boolean | undefined): boolean | undefined => (known === undefined ? undefined : !known)

function typeIs(p: Place, asked: ts.Expression, type: ts.Expression): boolean | undefined {
  const [node, text] = [skipOuter(asked), skipOuter(type)]
  if (!ts.isTypeOfExpression(node) || !ts.isStringLiteralLike(text)) return undefined
  return isUndeclared(p, skipOuter(node.expression)) ? text.text === 'undefined' : undefined
}

/** `a && b` or `a || b` where `a` is known to be all of it; undefined where it is not. */
export function knownLogical(p: Place, node: ts.BinaryExpression): HExpr | undefined {
  const known = knownTest(p, node.left)
  const decides = node.operatorToken.kind === ts.SyntaxKind.BarBarToken
  return known === decides ? { kind: 'const', value: known, span: spanOf(p, node) } : undefined
}
