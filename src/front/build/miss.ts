import type { Miss } from '../hir.ts'
import { ALL, BOOL, NULLISH, NUM, UNDEF, type Kinds } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { isAssignment, isEquality, isLogical } from './facts.ts'
import { contextOf, isUnknown } from './context.ts'
import { kindsAt, kindsOfType } from './narrow.ts'
import { declarationOf } from './resolve-name.ts'
import type { Place } from './state.ts'
import { fileFacts, isTested } from './variables.ts'

/**
 * What a missing element means where `node` reads it. The answer follows from the expression
 * around it: where JavaScript's undefined is asked about, or turned into a number at once, the
 * program has a place for it; elsewhere a missing element is a trap.
 */
export function missOf(p: Place, node: ts.ElementAccessExpression): Miss {
  const kinds = kindsAt(p, node)
  if (kinds !== ALL && (kinds & UNDEF) !== 0) return 'undefined'
  const miss = missIn(p, node, node)
  // Whoever counts arguments asks for some that are not there.
  return miss === 'trap' && node.expression.getText() === 'arguments' ? 'undefined' : miss
}

/** What a missing element means that a pattern binds to a name: NaN where all that is done with it is to compute. */
export function missOfName(p: Place, declaration: ts.BindingElement): Miss {
  if (p.prelude || !ts.isIdentifier(declaration.name) || kindsAt(p, declaration.name) !== NUM) return 'trap'
  const { assigned, refsOf } = fileFacts(p.build, declaration)
  const uses = refsOf.get(declaration) ?? []
  const computes = uses.every(({ node }) => missIn(p, node, node) === 'number')
  return uses.length > 0 && computes && !assigned.has(declaration) ? 'number' : 'trap'
}

function missIn(p: Place, node: ts.Expression, outer: ts.Expression): Miss {
  const parent = outer.parent
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent))
    return missIn(p, node, parent)
  if (ts.isNonNullExpression(parent)) return isReceiver(parent) ? 'undefined' : 'trap'
  if (ts.isBinaryExpression(parent)) return missInBinary(p, node, outer, parent)
  if (ts.isConditionalExpression(parent)) return parent.condition === outer ? 'undefined' : missIn(p, node, parent)
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.ExclamationToken ? 'undefined' : 'number'
  if (ts.isPostfixUnaryExpression(parent)) return 'number'
  if (isTest(parent) || isReceiver(outer)) return 'undefined'
  if (isReturned(outer) && kindsAt(p, node) !== NUM && !p.prelude) return 'undefined'
  if (ts.isCallExpression(parent)) return missInCall(p, node, outer, parent)
  if (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) {
    return ts.isIdentifier(parent.name) && asksForMissing(p, node, parent) ? 'undefined' : missByContext(p, outer)
  }
  return missByContext(p, outer)
}

/**
 * Whether the program has a place for undefined in a variable. One that is only compared has it too, unless its elements are
 * numbers: these stay without a box, and a missing one is a trap.
 */
function asksForMissing(p: Place, node: ts.Node, variable: ts.Declaration): boolean {
  const { compared } = fileFacts(p.build, variable)
  return isTested(p.build, variable) || (compared.has(variable) && kindsAt(p, node) !== NUM)
}

function isTest(parent: ts.Node): boolean {
  return (
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isForStatement(parent) ||
    ts.isTypeOfExpression(parent) ||
    ts.isVoidExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isExpressionStatement(parent) ||
    ts.isSwitchStatement(parent) ||
    ts.isCaseClause(parent)
  )
}

/** Whether the value is what a function gives: whoever calls it may ask. Numbers stay without a box. */
function isReturned(outer: ts.Expression): boolean {
  const { parent } = outer
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer)
}

/** Whether a member of the value is used next: a receiver that is undefined throws a TypeError, as in Node. */
export function isReceiver(outer: ts.Expression): boolean {
  const parent = outer.parent
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return parent.expression === outer
  return ts.isCallExpression(parent) && parent.expression === outer
}

function missInBinary(p: Place, node: ts.Expression, outer: ts.Expression, parent: ts.BinaryExpression): Miss {
  const op = parent.operatorToken.kind
  const left = parent.left === outer
  if (isEquality(op) || op === ts.SyntaxKind.InstanceOfKeyword) return 'undefined'
  if (isLogical(op))
    return left ? 'undefined' : isAssignment(op) ? missInto(p, parent.left, outer) : missIn(p, node, parent)
  if (op === ts.SyntaxKind.CommaToken) return left ? 'undefined' : missIn(p, node, parent)
  if (op === ts.SyntaxKind.EqualsToken) return left ? 'trap' : missInto(p, parent.left, outer)
  if (op === ts.SyntaxKind.InKeyword) return 'trap'
  if (op === ts.SyntaxKind.PlusToken || op === ts.SyntaxKind.PlusEqualsToken) {
    return kindsAt(p, node) === NUM && addsAsNumber(kindsAt(p, left ? parent.right : parent.left))
      ? 'number'
      : 'undefined'
  }
  if (isOrder(op)) return kindsAt(p, node) === NUM || p.prelude ? 'number' : 'undefined'
  return 'number'
}

/** Whether `+` makes a number of a value of these kinds, so that undefined beside it is NaN. */
const addsAsNumber = (kinds: Kinds): boolean => (kinds & ~(NUM | BOOL | NULLISH)) === 0

function isOrder(op: ts.SyntaxKind): boolean {
  return (
    op === ts.SyntaxKind.LessThanToken ||
    op === ts.SyntaxKind.LessThanEqualsToken ||
    op === ts.SyntaxKind.GreaterThanToken ||
    op === ts.SyntaxKind.GreaterThanEqualsToken
  )
}

/** Assigned to a variable that the program asks about. */
function missInto(p: Place, target: ts.Expression, outer: ts.Expression): Miss {
  if (ts.isIdentifier(target)) {
    const declaration = declarationOf(p.build.oracle, target)
    if (declaration && fileFacts(p.build, target).tested.has(declaration)) return 'undefined'
  }
  return missByContext(p, outer)
}

function missInCall(p: Place, node: ts.Expression, outer: ts.Expression, call: ts.CallExpression): Miss {
  const callee = call.expression
  const object = ts.isPropertyAccessExpression(callee) ? callee.expression : callee
  if (ts.isIdentifier(object)) {
    const declaration = declarationOf(p.build.oracle, object)
    if (declaration && p.build.oracle.isLib(declaration)) {
      if (object === callee)
        return object.text === 'Number' || object.text === 'isNaN'
          ? 'number'
          : OPEN.has(object.text)
            ? 'undefined'
            : 'trap'
      if (object.text === 'Math') return kindsAt(p, node) === NUM ? 'number' : 'undefined'
      if (object.text === 'console') return 'undefined'
    }
  }
  return missByContext(p, outer)
}

/** Library functions that take any value. */
const OPEN = new Set(['String', 'Boolean'])

/** The declared type of the place that the value goes to may have room for undefined, also as a part of what is `unknown`. */
function missByContext(p: Place, outer: ts.Expression): Miss {
  if (p.prelude) return 'trap'
  const type = contextOf(p.build.oracle.checker, outer)
  if (!type) return 'trap'
  if (isUnknown(type)) return 'undefined'
  const kinds = kindsOfType(p.build, type)
  return kinds !== ALL && (kinds & UNDEF) !== 0 ? 'undefined' : 'trap'
}
