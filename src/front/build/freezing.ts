import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import type { ClassNode } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { isAssignment, isStatic } from './facts.ts'
import { derivedFrom } from './heritage.ts'
import { skipOuter, spanOf, type Place } from './state.ts'

/**
 * `Object.freeze(this)` in a constructor that sets no field after it, of a class whose derived classes set none in theirs: what freezes the
 * whole instance. With `if (new.target === C)` before it, only those of the class itself are frozen.
 */
export function freezeInstance(p: Place, node: ts.CallExpression, name: string): HExpr | undefined {
  const [target] = node.arguments
  if (name !== 'Object.freeze' || target?.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  const own = ts.isExpressionStatement(node.parent) ? node.parent : undefined
  const test = own && testAround(own)
  const statement = test ?? own
  const constructor = statement?.parent.parent
  if (!statement || !constructor || !ts.isConstructorDeclaration(constructor)) return undefined
  const later = constructor.body?.statements.filter((s) => s.pos > statement.pos) ?? []
  if (later.some(setsField) || (!test && derivedFrom(p, constructor.parent).some(addsFields))) return undefined
  const args = [{ kind: 'item', value: buildExpr(p, target) } as const]
  return { kind: 'builtin', name: '@@freezeInstance', args, span: spanOf(p, node) }
}

/** `if (new.target === C)` around a statement. */
function testAround(statement: ts.Statement): ts.IfStatement | undefined {
  const { parent } = statement
  const test = ts.isBlock(parent) && parent.statements.length === 1 ? parent.parent : parent
  if (!ts.isIfStatement(test) || test.elseStatement) return undefined
  const { expression: e } = test
  const asks =
    ts.isBinaryExpression(e) &&
    e.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken &&
    ts.isMetaProperty(e.left)
  return asks ? test : undefined
}

/** Whether code gives a field of `this` a value, other than a private one, which frozen objects keep setting. */
function setsField(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && isOwnField(node.left)) return true
  const steps = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
  if ((steps && isOwnField(node.operand)) || ts.isDeleteExpression(node)) return true
  return ts.forEachChild(node, (child) => setsField(child) || undefined) ?? false
}

function isOwnField(target: ts.Expression): boolean {
  const e = skipOuter(target)
  if (ts.isArrayLiteralExpression(e) || ts.isObjectLiteralExpression(e)) return true
  if (!ts.isPropertyAccessExpression(e) && !ts.isElementAccessExpression(e)) return false
  const isPrivate = ts.isPropertyAccessExpression(e) && ts.isPrivateIdentifier(e.name)
  return !isPrivate && skipOuter(e.expression).kind === ts.SyntaxKind.ThisKeyword
}

/** Whether instances of a class get fields after the constructor of its base class has run. */
const addsFields = (cls: ClassNode): boolean =>
  cls.members.some((m) =>
    ts.isConstructorDeclaration(m)
      ? m.parameters.some((n) => ts.isParameterPropertyDeclaration(n, m)) || (m.body !== undefined && setsField(m.body))
      : ts.isPropertyDeclaration(m) && !isStatic(m),
  )
