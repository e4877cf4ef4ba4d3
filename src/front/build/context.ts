import { ts } from '../oracle.ts'

/** The declared type of the place that an expression stands in; of a part of a literal that is `unknown` as a whole, this. */
export function contextOf(checker: ts.TypeChecker, node: ts.Expression): ts.Type | undefined {
  const literal = literalAround(node)
  const whole = literal && contextOf(checker, literal)
  return whole && isUnknown(whole) ? whole : checker.getContextualType(node)
}

/** The array or object that an expression is written in as a part. */
export function literalAround({ parent }: ts.Node): ts.Expression | undefined {
  if (ts.isArrayLiteralExpression(parent)) return parent
  const isField = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)
  return isField && ts.isObjectLiteralExpression(parent.parent) ? parent.parent : undefined
}

export const isUnknown = ({ flags }: ts.Type): boolean => (flags & ts.TypeFlags.Unknown) !== 0
