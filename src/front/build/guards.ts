import { ts } from '../oracle.ts'
import { isEquality } from './facts.ts'
import { skipOuter } from './state.ts'

/**
 * Whether a test that stands before `node` on every path shows that the variable there is not
 * undefined. The checker cannot tell: it believes that an element of an array is never undefined, so it narrows
 * a variable that holds one without any test.
 */
export function isGuarded(node: ts.Identifier, sameVariable: SameVariable): boolean {
  return isShown(node, (test, outcome) => implies(test, outcome, sameVariable), ts.isFunctionLike)
}

type SameVariable = (other: ts.Identifier) => boolean

/** The class that `instanceof` has shown a variable that never changes to be of, on every path to `node`; the nearest test counts. */
export function guardingClass(node: ts.Identifier, sameVariable: SameVariable): ts.Expression | undefined {
  let found: ts.Expression | undefined
  const shows = (test: ts.Expression, outcome: boolean): boolean => {
    const target = shownClass(test, outcome, sameVariable)
    found ??= target
    return target !== undefined
  }
  // The variable never changes, so what is shown where a closure is made holds whenever it runs.
  const isPlaced = (n: ts.Node): boolean => ts.isArrowFunction(n) || ts.isFunctionExpression(n)
  return isShown(node, shows, (n) => ts.isFunctionLike(n) && !isPlaced(n)) ? found : undefined
}

/** What stands to the right of `instanceof`, where the test with this outcome says so of the variable. */
function shownClass(test: ts.Expression, outcome: boolean, same: SameVariable): ts.Expression | undefined {
  const e = skipOuter(test)
  if (ts.isPrefixUnaryExpression(e) && e.operator === ts.SyntaxKind.ExclamationToken)
    return shownClass(e.operand, !outcome, same)
  if (!ts.isBinaryExpression(e)) return undefined
  const op = e.operatorToken.kind
  const either = outcome ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken
  if (op === either) return shownClass(e.right, outcome, same) ?? shownClass(e.left, outcome, same)
  const left = skipOuter(e.left)
  const isIt = ts.isIdentifier(left) && same(left)
  return op === ts.SyntaxKind.InstanceOfKeyword && outcome && isIt ? e.right : undefined
}

/** Whether some test that stands before `node` on every path shows something; not beyond a node that `ends` the search. */
function isShown(node: ts.Node, shows: Shows, ends: (n: ts.Node) => boolean): boolean {
  let child: ts.Node = node
  for (let n: ts.Node = node.parent; !ts.isSourceFile(n); child = n, n = n.parent) {
    if (guardsInside(n, child, shows)) return true
    if ((ts.isBlock(n) || ts.isCaseOrDefaultClause(n)) && earlierGuard(n.statements, child, shows)) return true
    if (ends(n)) return false
  }
  return earlierGuard((node.getSourceFile() as ts.SourceFile).statements, child, shows)
}

type Shows = (test: ts.Expression, outcome: boolean) => boolean

/** Whether `child` runs only after the test in `n` went the right way. */
function guardsInside(n: ts.Node, child: ts.Node, shows: Shows): boolean {
  if (ts.isIfStatement(n))
    return child === n.thenStatement
      ? shows(n.expression, true)
      : child === n.elseStatement && shows(n.expression, false)
  if (ts.isConditionalExpression(n))
    return child === n.whenTrue ? shows(n.condition, true) : child === n.whenFalse && shows(n.condition, false)
  if (ts.isWhileStatement(n)) return child === n.statement && shows(n.expression, true)
  if (ts.isForStatement(n))
    return (child === n.statement || child === n.incrementor) && n.condition !== undefined && shows(n.condition, true)
  if (!ts.isBinaryExpression(n) || child !== n.right) return false
  const op = n.operatorToken.kind
  if (op === ts.SyntaxKind.AmpersandAmpersandToken) return shows(n.left, true)
  return op === ts.SyntaxKind.BarBarToken && shows(n.left, false)
}

/** `if (x === undefined) return` and the like, before the statement in question. */
function earlierGuard(list: readonly ts.Statement[], child: ts.Node, shows: Shows): boolean {
  return list.some((s) => {
    if (s.pos >= child.pos || !ts.isIfStatement(s)) return false
    if (leaves(s.thenStatement) && shows(s.expression, false)) return true
    return s.elseStatement !== undefined && leaves(s.elseStatement) && shows(s.expression, true)
  })
}

/** Whether control never gets past a statement. */
function leaves(s: ts.Statement): boolean {
  if (ts.isBlock(s)) return s.statements.some(leaves)
  return ts.isReturnStatement(s) || ts.isThrowStatement(s) || ts.isBreakOrContinueStatement(s)
}

/** Whether a test with this outcome shows that the variable is not undefined. */
function implies(test: ts.Expression, outcome: boolean, same: (other: ts.Identifier) => boolean): boolean {
  const e = skipOuter(test)
  const isIt = (x: ts.Expression): boolean => {
    const inner = skipOuter(x)
    return ts.isIdentifier(inner) && same(inner)
  }
  if (ts.isPrefixUnaryExpression(e) && e.operator === ts.SyntaxKind.ExclamationToken)
    return implies(e.operand, !outcome, same)
  if (ts.isIdentifier(e)) return outcome && same(e)
  if (!ts.isBinaryExpression(e)) return false
  const op = e.operatorToken.kind
  const both = op === ts.SyntaxKind.AmpersandAmpersandToken
  if (both || op === ts.SyntaxKind.BarBarToken) {
    const parts = [implies(e.left, outcome, same), implies(e.right, outcome, same)]
    return outcome === both ? parts.includes(true) : !parts.includes(false)
  }
  if (isEquality(op)) {
    const other = isIt(e.left) ? e.right : isIt(e.right) ? e.left : undefined
    const equal = op === ts.SyntaxKind.EqualsEqualsToken || op === ts.SyntaxKind.EqualsEqualsEqualsToken
    if (other) return outcome === equal ? isPresent(other) : isUndefined(other, op)
    return outcome === equal && isTypeOf(e.left, isIt) && !isText(e.right, 'undefined')
  }
  if (op === ts.SyntaxKind.InstanceOfKeyword) return outcome && isIt(e.left)
  return outcome && isOrder(op) && (isIt(e.left) || isIt(e.right))
}

/** What `x` equals is not undefined. */
function isPresent(other: ts.Expression): boolean {
  const e = skipOuter(other)
  return ts.isLiteralExpression(e) || e.kind === ts.SyntaxKind.TrueKeyword || e.kind === ts.SyntaxKind.FalseKeyword
}

/** What `x` differs from is undefined, or null by loose equality. */
function isUndefined(other: ts.Expression, op: ts.SyntaxKind): boolean {
  const e = skipOuter(other)
  if (ts.isIdentifier(e) && e.text === 'undefined') return true
  return (
    e.kind === ts.SyntaxKind.NullKeyword &&
    (op === ts.SyntaxKind.ExclamationEqualsToken || op === ts.SyntaxKind.EqualsEqualsToken)
  )
}

function isTypeOf(e: ts.Expression, isIt: (x: ts.Expression) => boolean): boolean {
  return ts.isTypeOfExpression(e) && isIt(e.expression)
}

const isText = (e: ts.Expression, text: string): boolean => ts.isStringLiteralLike(e) && e.text === text

/** An order comparison with undefined is false. */
function isOrder(op: ts.SyntaxKind): boolean {
  return (
    op === ts.SyntaxKind.LessThanToken ||
    op === ts.SyntaxKind.LessThanEqualsToken ||
    op === ts.SyntaxKind.GreaterThanToken ||
    op === ts.SyntaxKind.GreaterThanEqualsToken
  )
}
