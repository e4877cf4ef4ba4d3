import { ts, type Oracle } from '../oracle.ts'

/** The declared type of the place that an expression stands in; of a part of a literal that is `unknown` as a whole, this. */
export function contextOf(checker: ts.TypeChecker, node: ts.Expression): ts.Type | undefined {
  const literal = literalAround(node)
  const whole = literal && contextOf(checker, literal)
  return whole && isUnknown(whole) ? whole : (typeOfOwnField(checker, node) ?? checker.getContextualType(node))
}

/** The type of the field in `this.field = node`: for the context of such a value the checker leaves out that the field is optional. */
function typeOfOwnField(checker: ts.TypeChecker, node: ts.Expression): ts.Type | undefined {
  const { parent } = node
  if (!ts.isBinaryExpression(parent) || parent.right !== node) return undefined
  const { left, operatorToken } = parent
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return undefined
  const isOwn = left.expression.kind === ts.SyntaxKind.ThisKeyword
  const field = isOwn ? checker.getSymbolAtLocation(left.name) : undefined
  return field && checker.getTypeOfSymbol(field)
}

/** The array or object that an expression is written in as a part. */
export function literalAround({ parent }: ts.Node): ts.Expression | undefined {
  if (ts.isArrayLiteralExpression(parent)) return parent
  const isField = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)
  return isField && ts.isObjectLiteralExpression(parent.parent) ? parent.parent : undefined
}

/** What a parameter of the program says of arguments that are undefined: that it may be left out (`optional`), or that it takes anything (`any`). */
export function parameterOf(
  { checker, isLib }: Oracle,
  node: ts.Expression,
): { readonly optional: boolean; readonly any: boolean } | undefined {
  const { parent } = node
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return undefined
  const at = parent.arguments?.indexOf(node) ?? -1
  // What is called may be any function.
  if (at >= 0 && checker.getTypeAtLocation(parent.expression).flags & ts.TypeFlags.Any)
    return { optional: false, any: true }
  const declared = checker.getResolvedSignature(parent)?.declaration
  const parameter = at < 0 ? undefined : declared?.parameters[at]
  if (!parameter || !ts.isParameter(parameter) || isLib(parameter)) return undefined
  const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined
  return { optional, any: (checker.getTypeAtLocation(parameter).flags & ts.TypeFlags.Any) !== 0 }
}

export const isUnknown = ({ flags }: ts.Type): boolean => (flags & ts.TypeFlags.Unknown) !== 0

/** Whether a place of a type has room for undefined, whatever else it has room for. */
export const saysUndefined = (type: ts.Type): boolean =>
  (type.isUnion() ? type.types : [type]).some(
    ({ flags }) => (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Undefined)) !== 0,
  )
