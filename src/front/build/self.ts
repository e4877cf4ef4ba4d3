import type { HExpr, HStmt, HVar } from '../hir.ts'
import { symbolName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import type { FunctionNode } from './facts.ts'
import { functionOf } from './functions.ts'
import { letStmt, refuse, spanOf, type Build, type Place } from './state.ts'
import { useVar } from './variables.ts'

/**
 * Object literals whose methods use `this`. Where such a method is only ever called on the object
 * that it was written in, `this` is that object: the literal becomes a variable which its methods
 * capture. A program that takes such a method from its object, or copies the object with it, is refused.
 */
export function buildWithSelf(p: Place, node: ts.ObjectLiteralExpression, object: () => HExpr): HExpr {
  const methods = methodsWithThis(node)
  if (methods.length === 0) return object()
  // An accessor is never taken from its object: what is read is what it gives.
  const names = new Set(methods.filter((m) => !ts.isAccessor(m.node)).map((m) => m.name))
  const detached = names.size === 0 ? undefined : findDetached(p.build, names)
  const span = spanOf(p, node)
  if (detached) {
    const hint = `Call \`${[...names].join('`, `')}\` on their object only, or write a class. ${placeOf(p, detached)} may take one from it.`
    refuse(p, methods[0]?.node ?? node, '`this` in a method that leaves its object', hint)
  }
  const self = selfVariable(p, node, methods[0] as Method)
  for (const m of methods) p.build.selves.set(m.node, self)
  const hoist: HStmt[] = self.scope === null ? [] : [{ kind: 'hoist', v: self, span }]
  return { kind: 'seq', body: [...hoist, letStmt(self, object())], value: useVar(p, self, span), span }
}

/** `value[key]` in line 3: what may take a method from its object. */
function placeOf(p: Place, node: ts.Node): string {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  const text = node.getText().replaceAll(/\s+/g, ' ')
  const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text
  const where = file === p.source ? '' : ` of ${file.fileName.replace(/^.*\//, '')}`
  return `\`${shown}\` in line ${line + 1}${where}`
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
    return f && name !== undefined && f.body && usesThis(f.body) ? [{ name, node: f }] : []
  })
}

/** `@@iterator` for `[Symbol.iterator]`. */
function nameOf(name: ts.PropertyName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text
  const key = ts.isComputedPropertyName(name) ? name.expression : undefined
  if (!key || !ts.isPropertyAccessExpression(key) || key.expression.getText() !== 'Symbol') return undefined
  return symbolName(key.name.text)
}

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
  return {
    name: 'this',
    scope,
    span: spanOf(p, node),
    captured: scope !== null,
    assigned: false,
    checked: true,
    tested: false,
  }
}

/** A place in the program that may take a method of one of these names from its object. */
function findDetached(b: Build, names: ReadonlySet<string>): ts.Node | undefined {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (ts.isTypeNode(node)) return undefined
    return detaches(b, node, names) ? node : ts.forEachChild(node, visit)
  }
  for (const file of b.oracle.userFiles) {
    const found = ts.forEachChild(file, visit)
    if (found) return found
  }
  return undefined
}

function detaches(b: Build, node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isPropertyAccessExpression(node)) return names.has(node.name.text) && !isUsedInPlace(node)
  if (ts.isElementAccessExpression(node))
    return !isNumber(b, node.argumentExpression) && mayHave(b, node.expression, names) && !isUsedInPlace(node)
  if (ts.isBindingElement(node)) return ts.isObjectBindingPattern(node.parent) && bindsMethod(b, node, names)
  if (ts.isSpreadAssignment(node)) return mayHave(b, node.expression, names)
  if (ts.isBinaryExpression(node)) return assignsFrom(b, node, names)
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  const object = node.expression.expression
  if (!ts.isIdentifier(object) || object.text !== 'Object') return false
  return node.expression.name.text !== 'keys' && node.arguments.some((a) => mayHave(b, a, names))
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

function bindsMethod(b: Build, node: ts.BindingElement, names: ReadonlySet<string>): boolean {
  if (node.dotDotDotToken) return mayHave(b, node.parent, names)
  const name = node.propertyName ?? node.name
  if (ts.isComputedPropertyName(name)) return mayHave(b, node.parent, names)
  return !(ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)) || names.has(name.text)
}

/** `({ method } = object)` */
function assignsFrom(b: Build, node: ts.BinaryExpression, names: ReadonlySet<string>): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  return ts.isObjectLiteralExpression(node.left) && mayHave(b, node.right, names)
}

/** Whether a value may be an object with such a member, as far as its type says. */
function mayHave(b: Build, node: ts.Node, names: ReadonlySet<string>): boolean {
  const { checker } = b.oracle
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node))
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.NonPrimitive))
    return true
  const parts = type.isUnion() ? type.types : [type]
  return parts.some((t) => [...names].some((n) => checker.getPropertyOfType(t, n) !== undefined))
}
