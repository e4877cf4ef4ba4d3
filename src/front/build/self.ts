import type { HExpr, HStmt, HVar } from '../hir.ts'
import { newVar } from '../make-hir.ts'
import { symbolName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { isFunctionNode, type FunctionNode } from './facts.ts'
import { functionOf } from './functions.ts'
import { isTaken } from './taken-methods.ts'
import { letStmt, spanOf, type Build, type Place } from './state.ts'
import { useVar } from './variables.ts'

/**
 * Object literals whose methods use `this`. Where such a method is only ever called on the object
 * that it was written in, `this` is that object: the literal becomes a variable which its methods
 * capture. Where the program may take such a method from its object, or copy the object with it, the method is given `this` by each call, as
 * functions are that are no methods.
 */
export function buildWithSelf(p: Place, node: ts.ObjectLiteralExpression, object: () => HExpr): HExpr {
  const methods = methodsWithThis(node).filter((m) => !takesThis(p.build, m.node))
  const [first] = methods
  if (!first) return object()
  const span = spanOf(p, node)
  const self = selfVariable(p, node, first)
  for (const m of methods) p.build.selves.set(m.node, self)
  const hoist: HStmt[] = self.scope === null ? [] : [{ kind: 'hoist', v: self, span }]
  return { kind: 'seq', body: [...hoist, letStmt(self, object())], value: useVar(p, self, span), span }
}

/** Whether a function is given `this` by each call: a use of it means no class and not the literal around. */
export function takesThis(b: Build, node: FunctionNode): boolean {
  if (b.oracle.isPrelude(node) || !usesOwnThis(node)) return false
  if (isTaken(b, node)) return true
  if (!isOfItsOwn(node)) return false
  const literal = literalOf(node)
  return !literal || !methodsWithThis(literal).some((m) => m.node === node) || leavesLiteral(b, literal)
}

/** Whether some function of the program is given `this` by its calls. */
export function usesThisSomewhere(b: Build): boolean {
  b.usesThis ??= b.oracle.userFiles.some((file) => {
    const visit = (node: ts.Node): boolean =>
      (isFunctionNode(node) && takesThis(b, node)) || (ts.forEachChild(node, (n) => visit(n) || undefined) ?? false)
    return /\bthis\b/.test(file.text) && visit(file)
  })
  return b.usesThis
}

/** Functions that are no members of classes and have a `this`; an accessor is never taken from its object: what is read is what it gives. */
const isOfItsOwn = (node: FunctionNode): boolean =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent))

/** The literal that a function is a method of. */
function literalOf(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  const member = ts.isPropertyAssignment(node.parent) ? node.parent : node
  return ts.isObjectLiteralExpression(member.parent) ? member.parent : undefined
}

/** Whether the program may take one of the methods that use `this` from the object of a literal. */
function leavesLiteral(b: Build, literal: ts.ObjectLiteralExpression): boolean {
  const known = b.leaving.get(literal)
  if (known !== undefined) return known
  const names = new Set(methodsWithThis(literal).flatMap((m) => (ts.isAccessor(m.node) ? [] : [m.name])))
  const leaves = names.size > 0 && mayDetach(b, { literal, names })
  b.leaving.set(literal, leaves)
  return leaves
}

type Method = { readonly name: string; readonly node: FunctionNode }

function methodsWithThis(node: ts.ObjectLiteralExpression): Method[] {
  return node.properties.flatMap((m) => {
    const f =
      ts.isMethodDeclaration(m) || ts.isAccessor(m)
        ? m
        : ts.isPropertyAssignment(m) && ts.isFunctionExpression(m.initializer)
          ? m.initializer
          : undefined
    const name = m.name && nameOf(m.name)
    return f && name !== undefined && usesOwnThis(f) ? [{ name, node: f }] : []
  })
}

/** `@@iterator` for `[Symbol.iterator]`. */
function nameOf(name: ts.PropertyName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text
  const key = ts.isComputedPropertyName(name) ? name.expression : undefined
  if (!key || !ts.isPropertyAccessExpression(key) || key.expression.getText() !== 'Symbol') return undefined
  return symbolName(key.name.text)
}

/** Whether a function uses its own `this`, also in the defaults of its parameters. */
const usesOwnThis = (node: FunctionNode): boolean =>
  node.body !== undefined && [...node.parameters, node.body].some(usesThis)

/** Whether code uses `this` of the function that it belongs to. */
function usesThis(node: ts.Node): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true
  const own =
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  return !own && (ts.forEachChild(node, (c) => usesThis(c) || undefined) ?? false)
}

/** The methods are made before the object is, so the variable exists before it has its value. */
function selfVariable(p: Place, node: ts.Node, first: Method): HVar {
  const scope = functionOf(p.build, first.node).parent
  return newVar(scope, 'this', spanOf(p, node), { captured: scope !== null, checked: true })
}

/** The methods of a literal that use `this`. */
type Methods = { readonly literal: ts.ObjectLiteralExpression; readonly names: ReadonlySet<string> }

/** Whether some place in the program may take a method of one of these names from its object. */
function mayDetach(b: Build, of: Methods): boolean {
  const visit = (node: ts.Node): boolean =>
    !ts.isTypeNode(node) && (detaches(b, node, of) || (ts.forEachChild(node, (n) => visit(n) || undefined) ?? false))
  return b.oracle.userFiles.some((file) => ts.forEachChild(file, (n) => visit(n) || undefined) ?? false)
}

function detaches(b: Build, node: ts.Node, of: Methods): boolean {
  if (ts.isPropertyAccessExpression(node)) return of.names.has(node.name.text) && !isUsedInPlace(node)
  if (ts.isElementAccessExpression(node))
    return !isNumber(b, node.argumentExpression) && mayHave(b, node.expression, of) && !isUsedInPlace(node)
  if (ts.isBindingElement(node)) return ts.isObjectBindingPattern(node.parent) && bindsMethod(b, node, of)
  if (ts.isSpreadAssignment(node)) return mayHave(b, node.expression, of)
  if (ts.isBinaryExpression(node)) return assignsFrom(b, node, of)
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  const object = node.expression.expression
  if (!ts.isIdentifier(object) || object.text !== 'Object') return false
  return node.expression.name.text !== 'keys' && node.arguments.some((a) => mayHave(b, a, of))
}

/** Methods have no numbers as names. */
const isNumber = (b: Build, key: ts.Expression): boolean =>
  (b.oracle.checker.getTypeAtLocation(key).flags & ts.TypeFlags.NumberLike) !== 0

/** Called, or assigned to. */
function isUsedInPlace(node: ts.Expression): boolean {
  let outer: ts.Expression = node
  while (ts.isParenthesizedExpression(outer.parent) || ts.isNonNullExpression(outer.parent)) outer = outer.parent
  const parent = outer.parent
  if (ts.isCallExpression(parent)) return parent.expression === outer
  return (
    ts.isBinaryExpression(parent) && parent.left === outer && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  )
}

function bindsMethod(b: Build, node: ts.BindingElement, of: Methods): boolean {
  if (node.dotDotDotToken) return mayHave(b, node.parent, of)
  const name = node.propertyName ?? node.name
  if (ts.isComputedPropertyName(name)) return mayHave(b, node.parent, of)
  return !(ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)) || of.names.has(name.text)
}

/** `({ method } = object)` */
function assignsFrom(b: Build, node: ts.BinaryExpression, of: Methods): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  return ts.isObjectLiteralExpression(node.left) && mayHave(b, node.right, of)
}

/** Whether a value may be an object with such a member, as far as its type says. */
function mayHave(b: Build, node: ts.Node, of: Methods): boolean {
  const { checker } = b.oracle
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node))
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.NonPrimitive))
    return true
  const parts = type.isUnion() ? type.types : [type]
  return parts.some(
    (t) =>
      [...of.names].some((n) => checker.getPropertyOfType(t, n) !== undefined) ||
      checker.getIndexInfosOfType(t).some(({ keyType }) => keyType.flags & ts.TypeFlags.String) ||
      // A type says only some of what an object has.
      (isObject(t) && checker.isTypeAssignableTo(checker.getTypeAtLocation(of.literal), t)),
  )
}

const isObject = ({ flags }: ts.Type): boolean => (flags & ts.TypeFlags.Object) !== 0
