import type { HArg, HExpr, HFunc, HParam, HVar } from '../hir.ts'
import { ts } from '../oracle.ts'
import { envOf } from './class-env.ts'
import { classValue } from './class-values.ts'
import type { ClassNode } from './classes.ts'
import { isAssignment, isEquality, isFunctionNode, isStatic } from './facts.ts'
import { placeIn } from './functions.ts'
import { ancestorsOf, declaredBase, derivedFrom, isExtended } from './heritage.ts'
import { memberKey } from './member-key.ts'
import { staticClassOf } from './names.ts'
import { isLocal } from './placement.ts'
import { newVar } from '../make-hir.ts'
import { refuse, skipParens, spanOf, type Build, type Place } from './state.ts'
import { isOfEveryFunction, staticMember, type StaticMember } from './statics.ts'
import { fileFacts, nodeSpan, useVar } from './variables.ts'

/**
 * Static methods whose `this` may be a derived class: `static create() { return new this() }`. Such a method has the class as its first
 * parameter, which its callers give. It may make instances, ask for the name, and use static members that all derived
 * classes have from here; where it does anything else with `this`, it is used through its own class alone.
 */
const known = new WeakMap<ts.Node, boolean>()

export function takesClass(b: Build, m: ts.Node): m is ts.MethodDeclaration {
  const before = known.get(m)
  if (before !== undefined) return before
  // Methods that call each other in a circle take none.
  known.set(m, false)
  const found = mayTakeClass(b, m)
  known.set(m, found)
  return found
}

function mayTakeClass(b: Build, m: ts.Node): boolean {
  if (!ts.isMethodDeclaration(m) || !isStatic(m) || !m.body || !ts.isClassLike(m.parent)) return false
  if (b.oracle.isPrelude(m) || isLocal(m.parent) || fileFacts(b, m).namesArguments) return false
  const p = placeIn(b, b.init, m.getSourceFile())
  const uses = usesOfThis(m)
  return (
    uses.length > 0 &&
    isExtended(p, m.parent) &&
    uses.every((use) => isOpen(p, use, m)) &&
    uses.some((use) => !isOfMember(use) || callsTaker(p, use, m) || isOfClass(p, use, m.parent as ClassNode))
  )
}

/** `this` and `super` of a method, also in arrow functions in it. */
function usesOfThis(m: ts.MethodDeclaration): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (n: ts.Node): void => {
    if (n.kind === ts.SyntaxKind.ThisKeyword || n.kind === ts.SyntaxKind.SuperKeyword) found.push(n)
    if (ts.isTypeNode(n) || ts.isClassLike(n) || (isFunctionNode(n) && !ts.isArrowFunction(n))) return
    ts.forEachChild(n, visit)
  }
  for (const part of [...m.parameters, m.body]) if (part) visit(part)
  return found
}

/** The node around which parentheses say nothing. */
function outside(node: ts.Node): ts.Node {
  let n = node
  while (ts.isParenthesizedExpression(n.parent)) n = n.parent
  return n
}

const isOfMember = (use: ts.Node): boolean => ts.isPropertyAccessExpression(outside(use).parent)

/** Whether a use of `this` means the same wherever the class comes from. */
function isOpen(p: Place, use: ts.Node, m: ts.MethodDeclaration): boolean {
  const { parent } = outside(use)
  if (use.kind === ts.SyntaxKind.SuperKeyword) return isOpenSuper(p, use, m)
  if (!ts.isPropertyAccessExpression(parent)) return isPassedOn(outside(use))
  // Derived classes have no private members of it (ECMA-262 7.3.28).
  if (ts.isPrivateIdentifier(parent.name)) return false
  const cls = m.parent as ClassNode
  const family = [cls, ...derivedFrom(p, cls)]
  const member = staticMember(p, cls, parent.name)
  if (isOfEveryFunction(parent.name.text))
    return !isWritten(parent) && family.every((one) => staticMember(p, one, parent.name) === undefined)
  if (isRedeclared(p, cls, parent.name)) return !family.some(isLocal) && isOpenToAll(p, parent, family, m)
  return member !== undefined && !isWritten(parent) && (!mentionsThis(member) || callsTaker(p, use, m))
}

/** Whether `super.name` means the same wherever the class comes from: also a method that is called on the class that this one is called through. */
function isOpenSuper(p: Place, use: ts.Node, m: ts.MethodDeclaration): boolean {
  const { parent } = use
  const member = ts.isPropertyAccessExpression(parent) && !isWritten(parent) ? memberOf(p, parent, m) : undefined
  return member !== undefined && (!mentionsThis(member) || callsTaker(p, use, m))
}

/** The static member that `this.name` or `super.name` means in a static method, where no derived class has another. */
function memberOf(p: Place, access: ts.PropertyAccessExpression, m: ts.MethodDeclaration): StaticMember | undefined {
  const isSuper = skipParens(access.expression).kind === ts.SyntaxKind.SuperKeyword
  const cls = isSuper ? declaredBase(p, m.parent as ClassNode) : (m.parent as ClassNode)
  return cls && staticMember(p, cls, access.name)
}

/** Whether the class is made an instance of, given to a function, given back, kept or compared. */
function isPassedOn(use: ts.Node): boolean {
  const { parent } = use
  if (ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent) || ts.isParenthesizedExpression(parent))
    return isPassedOn(parent)
  if (ts.isNewExpression(parent)) return true
  if (ts.isCallExpression(parent)) return parent.expression !== use
  if (ts.isBinaryExpression(parent)) {
    const op = parent.operatorToken.kind
    return isEquality(op) || (isAssignment(op) && parent.right === use)
  }
  return (
    ts.isReturnStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent)
  )
}

/** Whether each of the classes has a member that means the same through it as where it is declared. */
function isOpenToAll(
  p: Place,
  access: ts.PropertyAccessExpression,
  family: ClassNode[],
  m: ts.MethodDeclaration,
): boolean {
  const isCalled = ts.isCallExpression(outside(access).parent)
  return family.every((cls) => {
    const member = staticMember(p, cls, access.name)
    if (!member) return false
    if (isWritten(access)) return ts.isPropertyDeclaration(member) && member.parent === cls
    if (!ts.isMethodDeclaration(member)) return member.parent === cls || !mentionsThis(member)
    return !mentionsThis(member) || (isCalled && (member.parent === cls || member === m || takesClass(p.build, member)))
  })
}

/** Whether a member of `this` is another one for some derived class. */
function isOfClass(p: Place, use: ts.Node, cls: ClassNode): boolean {
  const { parent } = outside(use)
  return ts.isPropertyAccessExpression(parent) && isRedeclared(p, cls, parent.name)
}

/** Whether `this.name(...)` or `super.name(...)` calls a method that takes its class too, or the method itself. */
function callsTaker(p: Place, use: ts.Node, m: ts.MethodDeclaration): boolean {
  const access = outside(use).parent
  if (!ts.isPropertyAccessExpression(access)) return false
  const { parent } = outside(access)
  if (!ts.isCallExpression(parent) || parent.expression !== outside(access)) return false
  const member = memberOf(p, access, m)
  return member !== undefined && (member === m || takesClass(p.build, member))
}

function mentionsThis(node: ts.Node): boolean {
  if (ts.isPropertyDeclaration(node)) return false
  if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) return true
  return ts.forEachChild(node, (c) => mentionsThis(c) || undefined) ?? false
}

function isWritten(access: ts.Node): boolean {
  const { parent } = access
  if (ts.isBinaryExpression(parent))
    return (
      parent.left === access &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    )
  return ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent) || ts.isDeleteExpression(parent)
}

/** Whether a class that extends another one has a static member of its own under a name, as all have those of every function. */
export function isRedeclared(p: Place, cls: ClassNode, name: ts.MemberName): boolean {
  const redeclares = (n: ts.Node): boolean => {
    const has = (m: ts.ClassElement): boolean =>
      isStatic(m) && m.name !== undefined && memberKey(m.name) === memberKey(name)
    if (ts.isClassLike(n) && n !== cls && n.members.some(has) && ancestorsOf(p, n).includes(cls)) return true
    return ts.forEachChild(n, (c) => redeclares(c) || undefined) ?? false
  }
  return isOfEveryFunction(name.text) || p.build.oracle.userFiles.some(redeclares)
}

/** The parameter of a static method that takes its class. */
export function classParam(b: Build, m: ts.MethodDeclaration, made: HFunc): HParam {
  const captured = made.resumed !== undefined || fileFacts(b, m).capturedThis.has(m)
  const variable: HVar = { ...newVar(made, 'this', nodeSpan(b, m)), captured }
  b.selves.set(m, variable)
  return { variable, optional: false }
}

/** What a call of a static member gives it first: the class before the dot, if it takes that. */
export function classArgs(p: Place, callee: ts.PropertyAccessExpression, cls: ClassNode): HArg[] {
  const member = staticMember(p, cls, callee.name)
  if (!member || !takesClass(p.build, member)) return []
  const own = ownClass(p, callee.expression)
  const span = spanOf(p, callee.expression)
  if (own) return [{ kind: 'item', value: useVar(p, own, span) }]
  const before = skipParens(callee.expression)
  const isSuper = before.kind === ts.SyntaxKind.SuperKeyword
  const meant = isSuper ? (staticClassOf(before) ?? cls) : cls
  // Its record has the class as a value only where the program uses it as one.
  if (envOf(p.build, meant)) {
    const hint = 'Name the class after `new`, or declare it at the top level.'
    refuse(p, callee, 'a static method that uses `this`, through a local class', hint)
    return []
  }
  return [{ kind: 'item', value: classValue(p, callee.expression, meant) }]
}

/** Whether a static method that uses `this`, which is undefined then, is taken from its class; its name and length may be asked for. */
export function isDetached(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): boolean {
  const member = staticMember(p, cls, node.name)
  const { parent } = outside(node)
  const isAsked = ts.isPropertyAccessExpression(parent) && isOfEveryFunction(parent.name.text)
  return member !== undefined && ts.isMethodDeclaration(member) && !isAsked && mentionsThis(member)
}

export const refuseDetached = (p: Place, node: ts.PropertyAccessExpression): HExpr =>
  refuse(p, node, 'a static method that uses `this`, as a value', 'Wrap it: `(...args) => C.method(...args)`.')

/** What `this` is in a static method that takes its class. */
export function ownClass(p: Place, node: ts.Expression): HVar | undefined {
  const e = skipParens(node)
  if (e.kind !== ts.SyntaxKind.ThisKeyword && e.kind !== ts.SyntaxKind.SuperKeyword) return undefined
  let n: ts.Node = e
  while (ts.isArrowFunction(n) || !ts.isFunctionLike(n)) {
    if (ts.isClassElement(n) || ts.isSourceFile(n)) return undefined
    n = n.parent
  }
  return takesClass(p.build, n) ? p.build.selves.get(n) : undefined
}
