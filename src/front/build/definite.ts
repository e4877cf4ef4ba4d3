import type { HClass, HField } from '../hir.ts'
import { isPrivateName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import type { ClassNode, FieldNode } from './classes.ts'
import { isSuperCall } from './construct.ts'
import { isStatic } from './facts.ts'
import { extendedBy } from './heritage.ts'
import { memberKey } from './member-key.ts'
import { skipParens, type Build } from './state.ts'

/** Whose use of `this`, other than for a field, counts as a read of all fields: of the base class and the class, of the class alone, of neither. */
type Counted = 'all' | 'own' | 'none'

/**
 * How the fields of a class come into being, and whether its constructor hands `this` on (`leaks`).
 */
export function findBeginnings(
  b: Build,
  cls: ClassNode,
  own: ts.ConstructorDeclaration | undefined,
  fields: readonly FieldNode[],
  made: HClass,
): { readonly begin: (field: FieldNode) => Pick<HField, 'start' | 'exposed'>; readonly leaks: boolean } {
  const [all, leaks] = scanConstructor(b, cls, own, fields, made, 'all')
  const [byClass] = leaks ? scanConstructor(b, cls, own, fields, made, 'own') : [all]
  const [byItself] = leaks ? scanConstructor(b, cls, own, fields, made, 'none') : [all]
  const begin = (field: FieldNode): Pick<HField, 'start' | 'exposed'> => {
    const name = memberKey(field.name) ?? ''
    const exposed = !leaks || !all.has(name) ? null : byClass.has(name) ? 'class' : 'base'
    if (byItself.has(name)) return { start: 'undefined', exposed }
    return { start: ts.isParameter(field) || field.initializer ? 'value' : 'unread', exposed }
  }
  return { begin, leaks }
}

/**
 * Fields that the constructor may not set on every path before something can read them. The scan follows
 * the order of ECMA-262 10.2.2: field initialisers, then the constructor's body. A use of `this` other than
 * for one of its fields may read all of them, so it ends the hope for those not yet set.
 */
function scanConstructor(
  b: Build,
  cls: ClassNode,
  own: ts.ConstructorDeclaration | undefined,
  fields: readonly FieldNode[],
  made: HClass,
  counted: Counted,
): readonly [lost: ReadonlySet<string>, leaks: boolean] {
  const { base } = made
  // Private members of the base class are none of this one, also where they are called as its own are.
  const inherited = made.fields.map((f) => f.name).filter((name) => !isPrivateName(name))
  const names = new Set([...inherited, ...fields.flatMap((f) => memberKey(f.name) ?? [])])
  const accessors = new Set([...memberNames(cls), ...inheritedMembers(base)])
  const set = new Set(inherited)
  const s: Scan = { names, set, lost: new Set(), accessors, ended: false, leaks: false, counted }
  const statements = own?.body?.statements ?? []
  const start = extendedBy(cls) ? statements.findIndex(isSuperCall) + 1 : 0
  for (const statement of statements.slice(0, start)) look(s, statement)
  if (base && b.leaking.has(base)) leak(s, 'all')
  for (const f of fields) {
    if (!ts.isPropertyDeclaration(f) || !f.initializer) continue
    if (!ts.isArrowFunction(skipParens(f.initializer))) look(s, f.initializer)
    give(s, memberKey(f.name))
  }
  for (const parameter of own?.parameters ?? []) if (parameter.initializer) look(s, parameter.initializer)
  for (const f of fields) if (ts.isParameter(f)) give(s, memberKey(f.name))
  for (const statement of statements.slice(start)) follow(s, statement)
  finish(s)
  return [s.lost, s.leaks]
}

type Scan = {
  readonly names: ReadonlySet<string>
  set: Set<string>
  /** Fields that something may read before they are set, or that some path does not set. */
  readonly lost: Set<string>
  /** Methods and accessors: using one runs code that may read fields. */
  readonly accessors: ReadonlySet<string>
  /** No path goes on from here. */
  ended: boolean
  leaks: boolean
  readonly counted: Counted
}

function inheritedMembers(base: HClass | null): string[] {
  return base ? [...base.methods.keys(), ...base.getters.keys(), ...base.setters.keys()] : []
}

function memberNames(cls: ClassNode): Set<string> {
  const members = cls.members.filter((m) => !isStatic(m) && (ts.isMethodDeclaration(m) || ts.isAccessor(m)))
  return new Set(members.flatMap((m) => (m.name && memberKey(m.name)) ?? []))
}

function give(s: Scan, name: string | undefined): void {
  if (name !== undefined && !s.ended) s.set.add(name)
}

/** The instance leaves the constructor, or is seen whole: what is not set by now is not definite. */
function finish(s: Scan): void {
  if (s.ended) return
  for (const n of s.names) if (!s.set.has(n)) s.lost.add(n)
}

/** Follows the paths through a statement. */
function follow(s: Scan, node: ts.Statement): void {
  if (s.ended) return
  if (ts.isExpressionStatement(node)) return run(s, node.expression)
  if (ts.isBlock(node)) return node.statements.forEach((n) => follow(s, n))
  if (ts.isIfStatement(node)) return followIf(s, node)
  if (ts.isReturnStatement(node)) {
    if (node.expression) look(s, node.expression)
    finish(s)
    s.ended = true
    return
  }
  if (ts.isThrowStatement(node)) {
    look(s, node.expression)
    s.ended = true
    return
  }
  lookInside(s, node)
}

function followIf(s: Scan, node: ts.IfStatement): void {
  look(s, node.expression)
  const before = s.set
  const branch = (statement: ts.Statement | undefined): { set: Set<string>; ended: boolean } => {
    s.set = new Set(before)
    s.ended = false
    if (statement) follow(s, statement)
    return { set: s.set, ended: s.ended }
  }
  const a = branch(node.thenStatement)
  const b = branch(node.elseStatement)
  s.ended = a.ended && b.ended
  s.set = a.ended ? b.set : b.ended ? a.set : new Set([...a.set].filter((n) => b.set.has(n)))
}

/** Loops, switches and the like: what they set may not be set, what they read may be read. */
function lookInside(s: Scan, node: ts.Node): void {
  if (
    ts.isTryStatement(node) ||
    ts.isLabeledStatement(node) ||
    ts.isSwitchStatement(node) ||
    ts.isIterationStatement(node, false)
  ) {
    const before = new Set(s.set)
    if (containsReturn(node)) finish(s)
    ts.forEachChild(node, (c) => look(s, c))
    s.set = before
    return
  }
  ts.forEachChild(node, (c) => look(s, c))
}

function containsReturn(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false
  return ts.isReturnStatement(node) || (ts.forEachChild(node, (c) => containsReturn(c) || undefined) ?? false)
}

/** An expression that stands as a statement: `this.f = value` sets a field. */
function run(s: Scan, node: ts.Expression): void {
  const e = skipParens(node)
  if (!ts.isBinaryExpression(e) || e.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return look(s, e)
  const name = ownField(s, e.left)
  if (name === undefined) return look(s, e)
  const value = skipParens(e.right)
  if (ownField(s, value) === undefined && ts.isBinaryExpression(value)) run(s, value)
  else if (!ts.isArrowFunction(value)) look(s, value)
  give(s, name)
}

/** The field that `this.f` names, unless using it runs code. */
function ownField(s: Scan, node: ts.Expression): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  const name = memberKey(node.name)
  return name !== undefined && s.names.has(name) && !s.accessors.has(name) ? name : undefined
}

const isSuperMember = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.SuperKeyword && !ts.isCallExpression(node.parent)

/** Any code may run that sees the instance: since the base class has given it away (`all`), or the class does. */
function leak(s: Scan, counted: Counted = 'own'): void {
  s.leaks = true
  if (s.counted === 'all' || s.counted === counted) finish(s)
}

/** Code that may read what `this` holds. */
function look(s: Scan, node: ts.Node): void {
  if (s.ended) return
  if (node.kind === ts.SyntaxKind.ThisKeyword || isSuperMember(node)) return leak(s)
  if (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) return
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isExpression(node.left) && ownField(s, node.left) !== undefined) return look(s, node.right)
  }
  const field = ts.isPropertyAccessExpression(node) ? ownField(s, node) : undefined
  if (field !== undefined) {
    if (!s.set.has(field)) s.lost.add(field)
    return
  }
  if (ts.isTypeNode(node)) return
  if (ts.isReturnStatement(node)) finish(s)
  ts.forEachChild(node, (c) => look(s, c))
}
