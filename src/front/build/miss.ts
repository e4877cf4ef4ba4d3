import type { Miss } from '../hir.ts'
import { ALL, BOOL, NULLISH, NUM, OBJ, STR, UNDEF, type Kinds } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { isAssignment, isEquality, isLogical, mayBeElement } from './facts.ts'
import { contextOf, literalAround, parameterOf, saysUndefined } from './context.ts'
import { kindsAt, kindsOfType } from './narrow.ts'
import { isLocal } from './placement.ts'
import { declarationOf } from './resolve-name.ts'
import { skipOuter, type Place } from './state.ts'
import { fileFacts, isHandedOn, isRegExp, isReturned, isTested } from './variables.ts'

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

/** What a missing element means that a pattern binds to a name. */
export function missOfName(p: Place, declaration: ts.BindingElement): Miss {
  if (p.prelude || !ts.isIdentifier(declaration.name)) return 'trap'
  const kinds = kindsAt(p, declaration.name)
  if (kinds === NUM) return missOfNumber(p, declaration)
  // Anything may be undefined, and where it is only computed with it is NaN.
  return kinds === ALL ? (missOfNumber(p, declaration) === 'number' ? 'number' : 'undefined') : 'trap'
}

/**
 * What a missing number means in a variable: NaN where all that is done with it is to compute, undefined where all that is
 * done besides is to compare it, to show it, or to hand it on to where undefined may be. One that goes elsewhere as well stays a number, of
 * which no other place has to be told that it may be missing.
 */
function missOfNumber(p: Place, declaration: ts.Declaration): Miss {
  const uses = (fileFacts(p.build, declaration).refsOf.get(declaration) ?? []).filter(({ node }) => !isReplaced(node))
  if (uses.length === 0) return 'trap'
  const misses = uses.map(({ node }) => missOfUse(p, node, declaration))
  // Other files, and code outside its namespace, may do more with a variable of the module level.
  if (isLocal(declaration) && misses.every((miss) => miss === 'number')) return 'number'
  return misses.includes('trap') ? 'trap' : 'undefined'
}

/** Whether a use gives the variable another value, and does not ask for the one that it has. */
function isReplaced(use: ts.Identifier): boolean {
  const { parent } = use
  return ts.isBinaryExpression(parent) && parent.left === use && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
}

function missOfUse(p: Place, use: ts.Identifier, declaration: ts.Declaration): Miss {
  if (isComparedWithNumber(use)) return 'number'
  return missAtOnce(p, use, use) ?? (isHandedOn(p.build, use, declaration) ? 'undefined' : 'trap')
}

/** Whether a use is compared with what is a number in any case, so that NaN is as unequal to it as undefined. */
function isComparedWithNumber(use: ts.Identifier): boolean {
  const { parent } = use
  if (!ts.isBinaryExpression(parent) || !isEquality(parent.operatorToken.kind)) return false
  const other = skipOuter(parent.left === use ? parent.right : parent.left)
  return ts.isNumericLiteral(other) || (ts.isPrefixUnaryExpression(other) && ts.isNumericLiteral(other.operand))
}

function missIn(p: Place, node: ts.Expression, outer: ts.Expression): Miss {
  const atOnce = missAtOnce(p, node, outer)
  if (atOnce) return atOnce
  const around = parentOf(outer)
  return around === outer ? missHandedOn(p, node, outer) : missIn(p, node, around)
}

/** The expression that only says of what type `outer` is, or chooses whether it is the value; else `outer`. */
function parentOf(outer: ts.Expression): ts.Expression {
  const { parent } = outer
  const same =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== outer) ||
    (ts.isBinaryExpression(parent) && isLast(parent, outer))
  return same ? (parent as ts.Expression) : outer
}

/** Whether a value is what `??` and the like, or a comma, may give. */
function isLast(parent: ts.BinaryExpression, outer: ts.Expression): boolean {
  const op = parent.operatorToken.kind
  return parent.right === outer && (op === ts.SyntaxKind.CommaToken || (isLogical(op) && !isAssignment(op)))
}

/**
 * What a missing value means where it is asked about, or computed with, at once: no other place holds it. `node!` says of it that it is there,
 * which Node does not check.
 */
export function missAtOnce(p: Place, node: ts.Expression, outer: ts.Expression): Miss | undefined {
  const { parent } = outer
  const around = parentOf(outer)
  if (around !== outer) return missAtOnce(p, node, around)
  if (ts.isBinaryExpression(parent)) return missInBinary(p, node, outer, parent)
  if (ts.isConditionalExpression(parent) || isTest(parent) || isReceiver(outer)) return 'undefined'
  if (isTextKey(p, node, outer)) return 'undefined'
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.ExclamationToken ? 'undefined' : 'number'
  if (ts.isPostfixUnaryExpression(parent)) return 'number'
  return ts.isCallExpression(parent) ? missInLibrary(p, node, parent) : undefined
}

/** Whether a text, or what may be one, is the key of a property: undefined is one too, `undefined`. */
function isTextKey(p: Place, node: ts.Expression, outer: ts.Expression): boolean {
  const { parent } = outer
  const isKey = ts.isElementAccessExpression(parent) && parent.argumentExpression === outer
  if (!isKey || p.prelude) return false
  const [key, object] = [kindsAt(p, node), kindsAt(p, parent.expression)]
  return (key === STR || key === ALL) && (object === OBJ || object === ALL)
}

/** What a missing value means in a place that holds it for others. */
function missHandedOn(p: Place, node: ts.Expression, outer: ts.Expression): Miss {
  const { parent } = outer
  if (ts.isBinaryExpression(parent)) return missAssigned(p, outer, parent)
  if (isReturned(outer) && !p.prelude && !isRegExp(p.build, node)) return 'undefined'
  if (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) return missBound(p, node, outer, parent)
  const taken = ts.isArrayLiteralExpression(parent) ? takenApart(parent, outer) : undefined
  if (taken) {
    const asks = ts.isBindingElement(taken) ? asksOfPattern(p, node, taken) : isAskedLater(p, taken)
    return asks ? 'undefined' : missByContext(p, outer)
  }
  return !p.prelude && isPartOfResult(p, node, outer) ? 'undefined' : missByContext(p, outer)
}

/**
 * Whether a value is a part of a literal of which no type is declared, or one that stands for any. Numbers of no declared type only of one
 * that a function gives.
 */
function isPartOfResult(p: Place, node: ts.Expression, outer: ts.Expression): boolean {
  const literal = literalAround(outer)
  const declared = contextOf(p.build.oracle.checker, outer)
  if (!literal || (declared && !isParameter(declared))) return false
  let whole = literal
  for (let around = literalAround(whole); around; around = literalAround(whole)) whole = around
  return declared !== undefined || kindsAt(p, node) !== NUM || isReturned(whole)
}

/** `T`, or `NonNullable<T>`, which TypeScript wants where `x!` stands. */
const isParameter = (type: ts.Type): boolean =>
  type.isIntersection() ? type.types.some(isParameter) : (type.flags & ts.TypeFlags.TypeParameter) !== 0

function missBound(
  p: Place,
  node: ts.Expression,
  outer: ts.Expression,
  variable: ts.VariableDeclaration | ts.BindingElement,
): Miss {
  // What is taken apart throws where it is missing.
  if (ts.isObjectBindingPattern(variable.name) && !p.prelude) return 'undefined'
  if (ts.isIdentifier(variable.name) && asksForMissing(p, node, variable)) return 'undefined'
  const byContext = missByContext(p, outer)
  const isNumber = byContext === 'trap' && !p.prelude && ts.isIdentifier(variable.name) && kindsAt(p, node) === NUM
  return isNumber ? missOfNumber(p, variable) : byContext
}

/** What takes an item of a list that is taken apart at once: `const [a, b] = [xs[i], ys[i]]`, also as an assignment. */
function takenApart(
  list: ts.ArrayLiteralExpression,
  item: ts.Expression,
): ts.BindingElement | ts.Expression | undefined {
  if (list.elements.some(ts.isSpreadElement)) return undefined
  const { parent } = list
  const at = list.elements.indexOf(item)
  if (ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name)) {
    const taken = parent.name.elements[at]
    return taken && ts.isBindingElement(taken) && !taken.dotDotDotToken ? taken : undefined
  }
  const isPattern = ts.isBinaryExpression(parent) && parent.right === list && ts.isArrayLiteralExpression(parent.left)
  return isPattern && isAssignment(parent.operatorToken.kind) ? parent.left.elements[at] : undefined
}

function asksOfPattern(p: Place, node: ts.Node, taken: ts.BindingElement): boolean {
  return taken.initializer !== undefined || (ts.isIdentifier(taken.name) && asksForMissing(p, node, taken))
}

/**
 * Whether the program has a place for undefined in a variable. One that is only compared has it too; of numbers all uses are asked, see
 * `missOfNumber`.
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

/** Whether a member of the value is used next: a receiver that is undefined throws a TypeError, as in Node. */
export function isReceiver(outer: ts.Expression): boolean {
  const parent = outer.parent
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return parent.expression === outer
  return ts.isCallExpression(parent) && parent.expression === outer
}

function missInBinary(
  p: Place,
  node: ts.Expression,
  outer: ts.Expression,
  parent: ts.BinaryExpression,
): Miss | undefined {
  const op = parent.operatorToken.kind
  const left = parent.left === outer
  if (isEquality(op) || op === ts.SyntaxKind.InstanceOfKeyword) return 'undefined'
  if (isLogical(op) || op === ts.SyntaxKind.CommaToken) return left ? 'undefined' : undefined
  if (op === ts.SyntaxKind.EqualsToken) return undefined
  // The key of an element that is not there is the text of undefined.
  if (op === ts.SyntaxKind.InKeyword) return left ? 'undefined' : undefined
  if (op === ts.SyntaxKind.PlusToken || op === ts.SyntaxKind.PlusEqualsToken) {
    return kindsAt(p, node) === NUM && addsAsNumber(kindsAt(p, left ? parent.right : parent.left))
      ? 'number'
      : 'undefined'
  }
  if (isOrder(op)) return kindsAt(p, node) === NUM || p.prelude ? 'number' : 'undefined'
  return 'number'
}

/** The value of an assignment; an operand of `in` cannot be missing. */
function missAssigned(p: Place, outer: ts.Expression, parent: ts.BinaryExpression): Miss {
  return isAssignment(parent.operatorToken.kind) && parent.right === outer ? missInto(p, parent.left, outer) : 'trap'
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

/** Assigned to a variable that the program asks about, or to one whose first value may be missing as well. */
function missInto(p: Place, target: ts.Expression, outer: ts.Expression): Miss {
  if (isAskedLater(p, target)) return 'undefined'
  const byContext = missByContext(p, outer)
  const variable = byContext === 'trap' && !p.prelude ? elementVariable(p, target) : undefined
  if (!variable) return byContext
  if (kindsAt(p, target) === NUM) return missOfNumber(p, variable)
  return isTested(p.build, variable) ? 'undefined' : byContext
}

/** The variable that a name means, if its first value is an element of a list. */
function elementVariable(p: Place, target: ts.Expression): ts.Declaration | undefined {
  const declaration = ts.isIdentifier(target) ? declarationOf(p.build.oracle, target) : undefined
  const isElement = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
  return isElement && mayBeElement(declaration.initializer) ? declaration : undefined
}

function isAskedLater(p: Place, target: ts.Expression): boolean {
  const declaration = ts.isIdentifier(target) ? declarationOf(p.build.oracle, target) : undefined
  return declaration !== undefined && fileFacts(p.build, target).tested.has(declaration)
}

/** An argument of a function of the library that takes any value, or makes a number of it. */
function missInLibrary(p: Place, node: ts.Expression, call: ts.CallExpression): Miss | undefined {
  const callee = call.expression
  const object = ts.isPropertyAccessExpression(callee) ? callee.expression : callee
  if (!ts.isIdentifier(object)) return undefined
  const declaration = declarationOf(p.build.oracle, object)
  if (!declaration || !p.build.oracle.isLib(declaration)) return undefined
  if (object === callee)
    return object.text === 'Number' || object.text === 'isNaN' ? 'number' : OPEN.has(object.text) ? 'undefined' : 'trap'
  if (object.text === 'Math') return kindsAt(p, node) === NUM ? 'number' : 'undefined'
  return object.text === 'console' || object.text === 'Number' ? 'undefined' : undefined
}

/** Library functions that take any value. */
const OPEN = new Set(['String', 'Boolean'])

/** Of null and undefined, those that the place of `x!` has room for, though `!` says that it is neither. */
export function missWelcome(p: Place, node: ts.Expression): Kinds {
  if (p.prelude) return 0
  const type = contextOf(p.build.oracle.checker, node)
  const kinds = type ? kindsOfType(p.build, type) : ALL
  if (kinds !== ALL && kinds & NULLISH) return kinds & NULLISH
  return isOfElement(p, node) || missIn(p, node, node) !== 'trap' ? NULLISH : 0
}

/** Whether `x!` stands where a variable that may hold a missing element hands it on. */
function isOfElement(p: Place, node: ts.Expression): boolean {
  const name = skipOuter(node)
  const variable = ts.isIdentifier(name) ? declarationOf(p.build.oracle, name) : undefined
  if (!variable || !ts.isIdentifier(name) || !fileFacts(p.build, name).elements.has(variable)) return false
  return isHandedOn(p.build, name, variable)
}

/** The declared type of the place that the value goes to may have room for undefined, also as a part of what is `unknown`. */
function missByContext(p: Place, outer: ts.Expression): Miss {
  if (p.prelude) return 'trap'
  const parameter = parameterOf(p.build.oracle, outer)
  if (parameter?.optional || (parameter?.any && kindsAt(p, outer) !== NUM)) return 'undefined'
  const type = contextOf(p.build.oracle.checker, outer)
  return type && saysUndefined(type) ? 'undefined' : 'trap'
}
