import type { HArg, HClass, HExpr, HFunc, HParam, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { isAsked } from './asked.ts'
import { envOf } from './class-env.ts'
import { classOf, type ClassNode } from './classes.ts'
import { isStatic } from './facts.ts'
import { functionOf } from './functions.ts'
import { nameTest } from './key-parts.ts'
import { guardClass } from './statics.ts'
import { readVar, skipOuter, spanOf, type Build, type Func, type Place } from './state.ts'
import { useVar } from './variables.ts'

/**
 * Methods of classes that the program takes from their objects: `const f = object.method`, `{ handler: this.handle }`. Each is one function, which
 * is given `this` by whoever calls it (ECMA-262 15.7.5), as functions are that are no methods; calls on objects of the class go straight to it.
 */
export function isTaken(b: Build, node: ts.Node): node is ts.MethodDeclaration {
  if (!ts.isMethodDeclaration(node) || !ts.isClassLike(node.parent) || isStatic(node) || !ts.isIdentifier(node.name))
    return false
  if (!node.body || b.oracle.isPrelude(node) || !namesTaken(b).has(node.name.text)) return false
  return !usesSuper(node) && !envOf(b, node.parent as ClassNode)
}

/** Whether code uses `super` of the class that it belongs to: which that is, is no matter of `this`. */
const usesSuper = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.SuperKeyword ||
  (!ts.isClassLike(node) && (ts.forEachChild(node, (n) => usesSuper(n) || undefined) ?? false))

/** Whether all methods of a name are taken from their objects. */
export function areTaken(b: Build, name: string): boolean {
  return namesTaken(b).has(name) && !namesLeft(b).has(name)
}

const left = new WeakMap<Build, ReadonlySet<string>>()

/** Names of methods of which some is not taken. */
function namesLeft(b: Build): ReadonlySet<string> {
  const known = left.get(b)
  if (known) return known
  const found = new Set<string>()
  each(b, (node) => {
    if (!ts.isMethodDeclaration(node) || !ts.isClassLike(node.parent) || !ts.isIdentifier(node.name)) return
    const { text } = node.name
    if (!isTaken(b, node)) found.add(text)
  })
  left.set(b, found)
  return found
}

/** The method as the class has it: it calls the function on its object. */
export function memberOfTaken(b: Build, node: ts.MethodDeclaration, cls: HClass): HFunc {
  const made = functionOf(b, node)
  const variable: HVar = { ...newVar(made, made.name, made.span), scope: null, func: made }
  const { span, name, form } = made
  let body: HStmt[] | undefined
  const member = newFunc({
    name,
    ...(form && { form }),
    cls,
    params: [] as HParam[],
    rest: null as HVar | null,
    thisVar: null as HVar | null,
    span,
    taken: variable,
    body: () => (body ??= [{ kind: 'return', value, span }]),
    pending: [] as Func[],
  })
  const own = (text: string): HVar => newVar(member, text, span)
  // A rest parameter that takes all arguments takes those of the parameters too.
  if (!made.takesAll)
    for (const { optional } of made.params) member.params.push({ variable: own('argument'), optional })
  member.thisVar = own('this')
  if (made.rest) member.rest = own('rest')
  const args: HArg[] = member.params.map(({ variable: v }) => ({ kind: 'item', value: readVar(v, span) }))
  if (member.rest) args.push({ kind: 'spread', value: readVar(member.rest, span) })
  const value: HExpr = {
    kind: 'call',
    callee: readVar(variable, span),
    self: readVar(member.thisVar, span),
    args,
    span,
  }
  return member
}

/** `A.prototype.method`. */
export function takenFromPrototype(p: Place, node: ts.PropertyAccessExpression): HExpr | undefined {
  const prototype = skipOuter(node.expression)
  if (!ts.isPropertyAccessExpression(prototype) || prototype.name.text !== 'prototype') return undefined
  const holder = holderOf(p, prototype.expression)
  if (holder?.kind !== 'class') return undefined
  const taken = classOf(p.build, holder.declaration).methods.get(node.name.text)?.taken
  return taken && guardClass(p, holder.declaration, node, useVar(p, taken, spanOf(p, node)))
}

/** Names under which the program may read a method of a class without calling it there. */
function namesTaken(b: Build): ReadonlySet<string> {
  b.takenNames ??= findNames(b)
  return b.takenNames
}

function findNames(b: Build): ReadonlySet<string> {
  const methods = new Set<string>()
  each(b, (node) => {
    if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent) && ts.isIdentifier(node.name))
      methods.add(node.name.text)
  })
  const found = new Set<string>()
  if (methods.size > 0) each(b, (node) => namesRead(b, node, methods).forEach((name) => found.add(name)))
  return found
}

function each(b: Build, see: (node: ts.Node) => void): void {
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return
    see(node)
    ts.forEachChild(node, visit)
  }
  b.oracle.userFiles.forEach(visit)
}

function namesRead(b: Build, node: ts.Node, methods: ReadonlySet<string>): readonly string[] {
  if (ts.isElementAccessExpression(node)) {
    const isMeant = isInPlace(b, node) ? undefined : nameTest(b, node.argumentExpression)
    return isMeant ? [...methods].filter(isMeant) : []
  }
  const name = nameRead(b, node)
  return name && methods.has(name.text) && mayBeMethod(b, name) ? [name.text] : []
}

/** What names a property that is read as a value. */
function nameRead(b: Build, node: ts.Node): ts.Identifier | undefined {
  if (ts.isPropertyAccessExpression(node))
    return ts.isIdentifier(node.name) && !isInPlace(b, node) ? node.name : undefined
  if (!ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent) || node.dotDotDotToken) return undefined
  const name = node.propertyName ?? node.name
  return ts.isIdentifier(name) ? name : undefined
}

/** Called on its object, assigned to, or only asked for. */
function isInPlace(b: Build, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean {
  let outer: ts.Expression = node
  while (ts.isParenthesizedExpression(outer.parent) || ts.isNonNullExpression(outer.parent)) outer = outer.parent
  const { parent } = outer
  if (ts.isCallExpression(parent)) return parent.expression === outer
  if (ts.isTypeOfExpression(parent) || ts.isDeleteExpression(parent)) return true
  if (ts.isBinaryExpression(parent) && parent.left === outer && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return true
  return isAsked(node) || (ts.isPropertyAccessExpression(node) && isBoundInPlace(b, node))
}

/** `object.method.bind(object)`, where the checker knows the method: that is built as a call of it. */
function isBoundInPlace({ oracle: { checker } }: Build, node: ts.PropertyAccessExpression): boolean {
  if (checker.getSymbolAtLocation(node.name) === undefined) return false
  const { parent } = node
  const call = parent.parent
  const [self] = ts.isCallExpression(call) && call.expression === parent ? call.arguments : []
  return self !== undefined && self.getText() === skipOuter(node.expression).getText()
}

/** Whether what a name stands for may be a method of a class, as far as types say. */
function mayBeMethod({ oracle: { checker, isLib } }: Build, name: ts.Identifier): boolean {
  const symbol = ts.isBindingElement(name.parent)
    ? boundSymbol(checker, name.parent, name)
    : checker.getSymbolAtLocation(name)
  if (!symbol) return true
  const declared = symbol.declarations ?? []
  if (declared.every((d) => isLib(d) || ts.isObjectLiteralExpression(d.parent))) return false
  const type = checker.getTypeOfSymbol(symbol)
  return (type.flags & ts.TypeFlags.Any) !== 0 || checker.getNonNullableType(type).getCallSignatures().length > 0
}

const boundSymbol = (
  checker: ts.TypeChecker,
  { parent }: ts.BindingElement,
  name: ts.Identifier,
): ts.Symbol | undefined => checker.getPropertyOfType(checker.getTypeAtLocation(parent), name.text)
