import type { HClass } from '../hir.ts'
import { ts } from '../oracle.ts'
import type { ClassNode } from './classes.ts'
import { isAssignment, isStatic } from './facts.ts'
import { memberKey } from './member-key.ts'
import { refuse, type Place } from './state.ts'

/**
 * Fields are in the order of the classes here. In Node a field comes where it is first set, which is out of that order
 * when the constructor of a base class calls a method that a derived class has in its place, and that sets a later field.
 */
export function refuseFieldOrder(p: Place, node: ClassNode, base: HClass, fields: readonly string[]): void {
  const later = new Set(fields.slice(1))
  if (later.size === 0) return
  for (const member of runEarly(node, base)) {
    const found = findSetting(member, later)
    if (!found) continue
    const hint = 'Set it in the constructor of this class, after `super(...)`.'
    refuse(p, found, 'a field that may be set before its class has set those before it', hint)
    return
  }
}

/** The members of a class that the constructor of its base class may call: those in the place of inherited ones, and what they use. */
function runEarly(node: ClassNode, base: HClass): ts.ClassElement[] {
  const members = node.members.filter((m) => !isStatic(m) && (ts.isMethodDeclaration(m) || ts.isAccessor(m)))
  const inherited = (m: ts.ClassElement): boolean =>
    [base.methods, base.getters, base.setters].some((part) => part.has(keyOf(m)))
  const found = new Set(members.filter(inherited))
  for (const member of found) {
    const used = usedMembers(member)
    for (const m of members) if (used === 'all' || used.has(keyOf(m))) found.add(m)
  }
  return [...found]
}

const keyOf = ({ name }: ts.ClassElement | ts.PropertyAccessExpression): string => (name && memberKey(name)) ?? ''

/** The names of members of `this` that code uses; all where it hands `this` on. */
function usedMembers(code: ts.Node): ReadonlySet<string> | 'all' {
  const names = new Set<string>()
  let all = false
  const visit = (n: ts.Node): void => {
    if (n.kind !== ts.SyntaxKind.ThisKeyword) ts.forEachChild(n, visit)
    else if (ts.isPropertyAccessExpression(n.parent)) names.add(keyOf(n.parent))
    else all = true
  }
  visit(code)
  return all ? 'all' : names
}

function findSetting(code: ts.Node, fields: ReadonlySet<string>): ts.Node | undefined {
  return setsField(code, fields) ? code : ts.forEachChild(code, (n) => findSetting(n, fields))
}

function setsField(n: ts.Node, fields: ReadonlySet<string>): boolean {
  if (!ts.isPropertyAccessExpression(n) || n.expression.kind !== ts.SyntaxKind.ThisKeyword || !fields.has(keyOf(n)))
    return false
  const { parent } = n
  if (ts.isBinaryExpression(parent)) return parent.left === n && isAssignment(parent.operatorToken.kind)
  return !(ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent))
}
