import type { HClass, HExpr, HField, HFunc } from '../hir.ts'
import { getterName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import type { ClassNode } from './classes.ts'
import { isStatic } from './facts.ts'
import { functionOf } from './functions.ts'
import { ancestorsOf } from './heritage.ts'
import { refuse, skipOuter, type Place } from './state.ts'

/**
 * Classes of errors with `get name()`. An error keeps its name, which is shown where no code runs. So a getter gives what is the same
 * for the life of an error, and `super` of the class that extends a built-in kind asks it.
 */
export const ERROR_NAME = getterName('name')

const isNameGetter = (m: ts.ClassElement): m is ts.GetAccessorDeclaration =>
  ts.isGetAccessorDeclaration(m) && !isStatic(m) && ts.isIdentifier(m.name) && m.name.text === 'name'

/** Whether a member is the getter of the name of an error. */
export const isErrorName = (m: ts.ClassElement, { error }: HClass): m is ts.GetAccessorDeclaration =>
  error !== null && isNameGetter(m)

/** Whether instances of a class, or of those that extend it, have their name from a getter. */
export const namesErrors = (node: ClassNode): boolean => node.members.some(isNameGetter)

/** What the getter of an error gives. */
export const askedName = (error: HExpr): HExpr => ({
  kind: 'method',
  obj: error,
  name: ERROR_NAME,
  args: [],
  span: error.span,
})

/** The getter as the method that `super` calls. */
export function errorName(p: Place, m: ts.GetAccessorDeclaration): HFunc {
  const root = ancestorsOf(p, m.parent as ClassNode).at(-1)
  if (root && !namesErrors(root)) {
    const hint = 'Declare it in the class that extends the built-in error too, be it abstract.'
    refuse(p, m, 'a getter `name` that another error class lacks', hint)
  }
  if (!isSteady(p, m)) {
    const hint = 'Return a text or `this.constructor.name`, or set `this.name` in the constructor.'
    refuse(p, m, 'a getter that computes the name of an error', hint)
  }
  return functionOf(p.build, m)
}

/** Whether the constructor of a class sets the name by a statement of its own, behind fields that are declared: it is a key as they are. */
export function setsName(own: ts.ConstructorDeclaration | undefined, fields: readonly HField[]): boolean {
  for (const s of own?.body?.statements ?? []) {
    const set = ts.isExpressionStatement(s) && ts.isBinaryExpression(s.expression) ? s.expression : undefined
    if (set?.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(set.left)) continue
    const { expression: of, name } = set.left
    if (of.kind !== ts.SyntaxKind.ThisKeyword) continue
    if (name.text === 'name') return true
    if (fields.every((field) => field.name !== name.text)) return false
  }
  return false
}

/** Whether a getter gives a text, or the name of a class. */
function isSteady(p: Place, m: ts.GetAccessorDeclaration): boolean {
  const [only, ...others] = m.body?.statements ?? []
  if (!only || others.length > 0 || !ts.isReturnStatement(only) || !only.expression) return false
  const value = skipOuter(only.expression)
  if (ts.isStringLiteralLike(value)) return true
  if (!ts.isPropertyAccessExpression(value) || value.name.text !== 'name') return false
  const of = skipOuter(value.expression)
  if (ts.isPropertyAccessExpression(of))
    return of.expression.kind === ts.SyntaxKind.ThisKeyword && of.name.text === 'constructor'
  return holderOf(p, of)?.kind === 'class'
}
