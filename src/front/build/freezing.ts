import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { buildExpr } from './expressions.ts'
import { isExtended } from './heritage.ts'
import { spanOf, type Place } from './state.ts'

/** `Object.freeze(this)` as the last statement of a constructor, of a class that no other extends: what freezes the whole instance. */
export function freezeInstance(p: Place, node: ts.CallExpression, name: string): HExpr | undefined {
  const [target] = node.arguments
  if (name !== 'Object.freeze' || target?.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  const statement = node.parent
  const constructor = statement.parent?.parent
  const isLast =
    ts.isExpressionStatement(statement) &&
    ts.isConstructorDeclaration(constructor) &&
    constructor.body?.statements.at(-1) === statement
  if (!isLast || isExtended(p, constructor.parent)) return undefined
  const args = [{ kind: 'item', value: buildExpr(p, target) } as const]
  return { kind: 'builtin', name: '@@freezeInstance', args, span: spanOf(p, node) }
}
