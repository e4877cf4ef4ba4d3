import type { HExpr, HStmt, HVar } from '../hir.ts'
import { shownName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { holderOf, propertyName } from './access.ts'
import { buildRecord, holderOf as classHolder } from './class-env.ts'
import { classOf, isErased, type ClassNode } from './classes.ts'
import { reachedRefs } from './early.ts'
import { buildExpr } from './expressions.ts'
import { isStatic, ownerOf } from './facts.ts'
import { functionOf, scopeFunction } from './functions.ts'
import { ancestorsOf } from './heritage.ts'
import { memberKey } from './member-key.ts'
import { refuseLibrary } from './names.ts'
import { isLocal } from './placement.ts'
import { takesClass } from './static-this.ts'
import { exprStmt, letStmt, makeTemp, readVar, refuse, spanOf, undefinedAt, type Build, type Place } from './state.ts'
import { buildBody } from './statements.ts'
import { assignVar, fileFacts, nodeSpan, useVar, variableOf } from './variables.ts'

/** Puts a check before a use of a class that may run before its declaration. */
export function guardClass(p: Place, declaration: ClassNode, node: ts.Node, value: HExpr): HExpr {
  const body = checksOf(p, declaration, node)
  return body.length === 0 ? value : { kind: 'seq', body, value, span: spanOf(p, node) }
}

function checksOf(p: Place, declaration: ClassNode, node: ts.Node): HStmt[] {
  const v = classVariable(p.build, declaration)
  return v?.checked && !isInMember(node, declaration) ? [exprStmt(useVar(p, v, spanOf(p, node)))] : []
}

/** Whether a use of a local class can only come before its declaration: the check before it fails, and its members have no place by then. */
const isNeverThere = (cls: ClassNode, node: ts.Node): boolean =>
  isLocal(cls) && node.end <= cls.pos && ownerOf(node) === ownerOf(cls)

/** Whether a node is in the code of an instance: it runs when there is one of the class, and so the class. */
export function isInMember(node: ts.Node, cls: ClassNode): boolean {
  for (let n = node; n !== cls && !ts.isSourceFile(n); n = n.parent)
    if (n.parent === cls) return isOfInstances(n) && node.pos >= (n.name?.end ?? n.pos)
  return false
}

const isOfInstances = (n: ts.Node): n is ts.ClassElement =>
  ts.isClassElement(n) && !isStatic(n) && !ts.isClassStaticBlockDeclaration(n)

/** The variable that tells whether a class is there yet: its own, or the constant that holds it. */
function classVariable(b: Build, cls: ClassNode): HVar | undefined {
  const declaration = classHolder(cls)
  return ts.isClassExpression(declaration) ? undefined : variableOf(b, declaration)
}

/** A read of the base class, where its declaration may not have run yet. */
export function guardBase(p: Place, base: ts.Expression): HExpr[] {
  const holder = holderOf(p, base)
  if (holder?.kind !== 'class') return []
  const v = classVariable(p.build, holder.declaration)
  return v?.checked && !isInMember(base, holder.declaration) ? [useVar(p, v, spanOf(p, base))] : []
}

/** The value of `C.name`: a static field, a static method, or what a static getter gives. */
export function readStatic(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): HExpr {
  const member = findStatic(p, node, cls)
  const span = spanOf(p, node)
  if (!member) return undefinedAt(span)
  if (isNeverThere(cls, node)) return guardClass(p, cls, node, undefinedAt(span))
  const v = memberVariable(p.build, member)
  const read = useVar(p, v, span)
  const value: HExpr = ts.isGetAccessorDeclaration(member) ? { kind: 'call', callee: read, args: [], span } : read
  return guardClass(p, cls, node, value)
}

/** `C.name` as what is assigned to: a static field, or accessors. */
export function openStatic(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): StaticTarget {
  const setter = staticSetter(p, cls, node.name)
  if (setter && !isLocal(setter.parent as ClassNode)) {
    if (setter.parent !== cls) refuseThisOfStatic(p, node, setter)
    const write = (value: HExpr): HExpr => callSetter(p, node, setter, value)
    return { before: checksOf(p, cls, node), read: () => readStatic(p, node, cls), write }
  }
  const v = isNeverThere(cls, node) ? undefined : staticVariable(p, node, cls)
  const span = spanOf(p, node)
  return {
    before: checksOf(p, cls, node),
    read: () => (v ? useVar(p, v, span) : undefinedAt(span)),
    write: (value) => (v ? assignVar(p, v, value, span) : value),
  }
}

/** The static setter of that name that a class has, be it from a class that it extends. */
export const staticSetter = (p: Place, cls: ClassNode, name: ts.MemberName): ts.SetAccessorDeclaration | undefined =>
  ancestorsOf(p, cls)
    .flatMap((at) => at.members.filter(isStaticSetter))
    .find((m) => keyOf(m) === memberKey(name))

type StaticTarget = { readonly before: HStmt[]; readonly read: () => HExpr; readonly write: (value: HExpr) => HExpr }

/** The variable that an assignment to `C.name` changes; undefined for what cannot be assigned. */
function staticVariable(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): HVar | undefined {
  const member = findStatic(p, node, cls)
  if (member && member.parent !== cls)
    refuse(p, node, 'assignment to a static member of a base class', 'Name the class that declares it.')
  else if (member && ts.isPropertyDeclaration(member)) return memberVariable(p.build, member)
  else if (member) refuse(p, node, 'assignment to a static accessor or method', 'Assign to a static field.')
  return undefined
}

/** Gives a value to a static setter; the value is that of the assignment. */
function callSetter(p: Place, node: ts.Node, setter: ts.SetAccessorDeclaration, value: HExpr): HExpr {
  const span = spanOf(p, node)
  const given = makeTemp(p, 'value', span)
  const callee = useVar(p, memberVariable(p.build, setter), span)
  const call: HExpr = { kind: 'call', callee, args: [{ kind: 'item', value: readVar(given, span) }], span }
  const body = [letStmt(given, value), exprStmt(call)]
  return { kind: 'seq', body, value: readVar(given, span), span }
}

export type StaticMember = ts.PropertyDeclaration | ts.MethodDeclaration | ts.GetAccessorDeclaration

function findStatic(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): StaticMember | undefined {
  const found = staticMember(p, cls, node.name)
  if (found) {
    if (found.parent !== cls) refuseThisOfStatic(p, node, found)
    return found
  }
  refuseLibrary(
    p,
    node,
    `${classOf(p.build, cls).name}.${node.name.text}`,
    'Name a static member that the class declares.',
  )
  return undefined
}

/** What every function has, also a class: it does not come from the class that it extends. */
export const isOfEveryFunction = (name: string): boolean => name === 'name' || name === 'length'

/** The static member of that name that a class has, be it from a class that it extends. */
export function staticMember(p: Place, cls: ClassNode, name: ts.MemberName): StaticMember | undefined {
  for (const at of isOfEveryFunction(name.text) ? [cls] : ancestorsOf(p, cls)) {
    const found = at.members.find((m) => isStaticMember(m) && keyOf(m) === memberKey(name))
    if (found) return found as StaticMember
  }
  return undefined
}

/** Whether a static member is another one through a derived class, and does not ask which class that is. */
const isOfThis = (p: Place, member: ts.ClassElement): boolean =>
  !ts.isPropertyDeclaration(member) && mentionsThis(member) && !takesClass(p.build, member)

/** The static member of that name that a class has, where it means the same as through the class that declares it. */
export function usableStatic(p: Place, cls: ClassNode, name: ts.MemberName): StaticMember | undefined {
  const member = staticMember(p, cls, name)
  return member && (member.parent === cls || !isOfThis(p, member)) ? member : undefined
}

/** In a static member that is used through a derived class, `this` is that class. */
function refuseThisOfStatic(p: Place, node: ts.Node, member: ts.ClassElement): void {
  if (!isOfThis(p, member)) return
  const hint = 'Name the class that declares the member, both here and instead of `this`.'
  refuse(p, node, 'a static member that uses `this`, through a derived class', hint)
}

function mentionsThis(node: ts.Node): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) return true
  return ts.forEachChild(node, (c) => mentionsThis(c) || undefined) ?? false
}

function isStaticMember(m: ts.ClassElement): m is StaticMember {
  if (!isStatic(m)) return false
  return (
    ts.isPropertyDeclaration(m) || ts.isGetAccessorDeclaration(m) || (ts.isMethodDeclaration(m) && m.body !== undefined)
  )
}

const isStaticSetter = (m: ts.ClassElement): m is ts.SetAccessorDeclaration =>
  ts.isSetAccessorDeclaration(m) && isStatic(m)

const keyOf = ({ name }: ts.ClassElement): string | undefined => name && memberKey(name)

export function memberVariable(b: Build, member: StaticMember | ts.SetAccessorDeclaration): HVar {
  const known = b.variables.get(member)
  if (known) return known
  const scope = scopeFunction(b, member.parent)
  const func = ts.isPropertyDeclaration(member) ? undefined : functionOf(b, member)
  const cls = classOf(b, member.parent as ClassNode)
  const made: HVar = {
    name: `${cls.name}.${shownName(keyOf(member) ?? '')}`,
    scope,
    span: nodeSpan(b, member),
    captured: scope !== null,
    assigned: ts.isPropertyDeclaration(member),
    // The record of a local class, or another static method, may take it along before it is made; in a generator its declaration makes no new cell then.
    checked: scope !== null && (func !== undefined || scope.parent?.resumed === scope),
    tested: false,
    ofClass: true,
    ...(func && { func }),
  }
  b.variables.set(member, made)
  return made
}

/** What the declaration of a class does where it stands: methods exist, then static fields and blocks run in order. */
export function buildStatics(p: Place, cls: ClassNode): HStmt[] {
  const v = classVariable(p.build, cls)
  // What the record or a static method takes along exists before them.
  const statics = isLocal(cls) ? hoistStatics(p, cls) : []
  const record = buildRecord(p, cls)
  const own = v?.checked && record.length === 0 ? [letStmt(v, undefinedAt(v.span))] : record
  const members = cls.members.filter((m) => isStatic(m) || ts.isClassStaticBlockDeclaration(m))
  const methods = members.filter(
    (m) => (isStaticMember(m) && !ts.isPropertyDeclaration(m)) || (isStaticSetter(m) && !isLocal(cls)),
  ) as StaticMember[]
  const functions = methods.map((m) => {
    const span = spanOf(p, m)
    return letStmt(memberVariable(p.build, m), {
      kind: 'function',
      f: functionOf(p.build, m as ts.MethodDeclaration),
      span,
    })
  })
  const fields = earlyFields(p, cls)
  const early = fields.map((m) => letStmt(memberVariable(p.build, m), null))
  const declared = new Set<ts.Node>(fields)
  return [...statics, ...own, ...functions, ...early, ...members.flatMap((m) => buildStatic(p, m, declared))]
}

function hoistStatics(p: Place, cls: ClassNode): HStmt[] {
  const members = cls.members.filter(isStaticMember)
  return members.map((m) => memberVariable(p.build, m)).map((v) => ({ kind: 'hoist', v, span: v.span }))
}

/** Static fields that an initialiser or block before them, or their own, may look at: they are undefined until then. */
function earlyFields(p: Place, cls: ClassNode): ts.PropertyDeclaration[] {
  const code = cls.members.filter(
    (m) => ts.isClassStaticBlockDeclaration(m) || (ts.isPropertyDeclaration(m) && isStatic(m)),
  )
  const seen = code.map((m) => mentionedStatics(p, cls, m))
  return code.filter((m, i) => {
    const name = keyOf(m)
    return ts.isPropertyDeclaration(m) && name !== undefined && seen.slice(0, i + 1).some((names) => names.has(name))
  }) as ts.PropertyDeclaration[]
}

/** The static members that code names, itself or through what it uses. */
function mentionedStatics(p: Place, cls: ClassNode, code: ts.Node): Set<string | undefined> {
  const refs = reachedRefs(fileFacts(p.build, cls), [code]).filter((r) => r.declaration === cls)
  const accesses = refs.map((r) => r.node.parent).filter((n) => ts.isPropertyAccessExpression(n))
  return new Set([...accesses.map((n) => memberKey(n.name)), ...thisMembers(refs.length > 0 ? cls : code)])
}

/** The members of `this` that code names. */
function thisMembers(node: ts.Node): (string | undefined)[] {
  const found: (string | undefined)[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isPropertyAccessExpression(n) && n.expression.kind === ts.SyntaxKind.ThisKeyword)
      found.push(memberKey(n.name))
    ts.forEachChild(n, visit)
  }
  visit(node)
  return found
}

function buildStatic(p: Place, m: ts.ClassElement, declared: ReadonlySet<ts.Node>): HStmt[] {
  if (ts.isClassStaticBlockDeclaration(m)) {
    return [{ kind: 'block', label: p.build.counters.label++, body: buildBody(p, m.body), span: spanOf(p, m) }]
  }
  if (ts.isMethodDeclaration(m) && !m.body) return []
  if (m.name && propertyName(p, m.name) === undefined) return []
  if (!ts.isPropertyDeclaration(m)) return []
  const v = memberVariable(p.build, m)
  const value = m.initializer ? buildExpr(p, m.initializer) : undefined
  if (!declared.has(m)) return [letStmt(v, value ?? null)]
  if (!value && isErased(m)) return []
  // Without a value it is undefined from here on, whatever code before has set.
  const span = spanOf(p, m)
  return [exprStmt({ kind: 'assign', v, value: value ?? undefinedAt(span), span })]
}
