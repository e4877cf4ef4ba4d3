import type { HExpr, HStmt, HVar } from '../hir.ts'
import { ts } from '../oracle.ts'
import { propertyName } from './access.ts'
import { reachedRefs } from './early.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { functionOf, scopeFunction } from './functions.ts'
import { refuseLibrary } from './names.ts'
import { exprStmt, letStmt, refuse, spanOf, undefinedAt, type Build, type Place } from './state.ts'
import { buildBody } from './statements.ts'
import { fileFacts, nodeSpan, useVar, variableOf } from './variables.ts'

/** Puts a check before a use of a class that may run before its declaration. */
export function guardClass(p: Place, declaration: ts.ClassDeclaration, node: ts.Node, value: HExpr): HExpr {
  const v = variableOf(p.build, declaration)
  if (!v.checked) return value
  const span = spanOf(p, node)
  return { kind: 'seq', body: [exprStmt(useVar(p, v, span))], value, span }
}

/** The value of `C.name`: a static field, a static method, or what a static getter gives. */
export function readStatic(p: Place, node: ts.PropertyAccessExpression, cls: ts.ClassDeclaration): HExpr {
  const member = findStatic(p, node, cls)
  const span = spanOf(p, node)
  if (!member) return undefinedAt(span)
  const v = memberVariable(p.build, member)
  const read = useVar(p, v, span)
  const value: HExpr = ts.isGetAccessorDeclaration(member) ? { kind: 'call', callee: read, args: [], span } : read
  return guardClass(p, cls, node, value)
}

/** The variable that an assignment to `C.name` changes; undefined for setters and what cannot be assigned. */
export function staticVariable(
  p: Place,
  node: ts.PropertyAccessExpression,
  cls: ts.ClassDeclaration,
): HVar | undefined {
  const member = findStatic(p, node, cls)
  if (member && ts.isPropertyDeclaration(member)) return memberVariable(p.build, member)
  if (member) refuse(p, node, 'assignment to a static accessor or method', 'Assign to a static field.')
  return undefined
}

export function writeStatic(p: Place, node: ts.PropertyAccessExpression, v: HVar | undefined, value: HExpr): HExpr {
  const span = spanOf(p, node)
  if (!v) return value
  useVar(p, v, span)
  return { kind: 'assign', v, value, span }
}

type StaticMember = ts.PropertyDeclaration | ts.MethodDeclaration | ts.GetAccessorDeclaration

function findStatic(p: Place, node: ts.PropertyAccessExpression, cls: ts.ClassDeclaration): StaticMember | undefined {
  const found = cls.members.find((m) => isStaticMember(m) && nameOf(m) === node.name.text)
  if (found) return found as StaticMember
  refuseLibrary(
    p,
    node,
    `${cls.name?.text ?? 'class'}.${node.name.text}`,
    'Name a static member that the class declares.',
  )
  return undefined
}

function isStaticMember(m: ts.ClassElement): m is StaticMember {
  if (!isStatic(m)) return false
  return (
    ts.isPropertyDeclaration(m) || ts.isGetAccessorDeclaration(m) || (ts.isMethodDeclaration(m) && m.body !== undefined)
  )
}

const nameOf = (m: ts.ClassElement): string | undefined =>
  m.name && (ts.isIdentifier(m.name) || ts.isPrivateIdentifier(m.name) || ts.isStringLiteral(m.name))
    ? m.name.text
    : undefined

function memberVariable(b: Build, member: StaticMember): HVar {
  const known = b.variables.get(member)
  if (known) return known
  const scope = scopeFunction(b, member.parent)
  const func = ts.isPropertyDeclaration(member) ? undefined : functionOf(b, member)
  const cls = member.parent as ts.ClassDeclaration
  const made: HVar = {
    name: `${cls.name?.text ?? 'default'}.${nameOf(member)}`,
    scope,
    span: nodeSpan(b, member),
    captured: scope !== null,
    assigned: ts.isPropertyDeclaration(member),
    checked: false,
    tested: false,
    ...(func && { func }),
  }
  b.variables.set(member, made)
  return made
}

/** What the declaration of a class does where it stands: methods exist, then static fields and blocks run in order. */
export function buildStatics(p: Place, cls: ts.ClassDeclaration): HStmt[] {
  const v = variableOf(p.build, cls)
  const own = v.checked ? [letStmt(v, undefinedAt(v.span))] : []
  const members = cls.members.filter((m) => isStatic(m) || ts.isClassStaticBlockDeclaration(m))
  const methods = members.filter((m) => isStaticMember(m) && !ts.isPropertyDeclaration(m)) as StaticMember[]
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
  return [...own, ...functions, ...early, ...members.flatMap((m) => buildStatic(p, m, declared))]
}

/** Static fields that an initialiser or block before them, or their own, may look at: they are undefined until then. */
function earlyFields(p: Place, cls: ts.ClassDeclaration): ts.PropertyDeclaration[] {
  const code = cls.members.filter(
    (m) => ts.isClassStaticBlockDeclaration(m) || (ts.isPropertyDeclaration(m) && isStatic(m)),
  )
  const seen = code.map((m) => mentionedStatics(p, cls, m))
  return code.filter((m, i) => {
    const name = nameOf(m)
    return ts.isPropertyDeclaration(m) && name !== undefined && seen.slice(0, i + 1).some((names) => names.has(name))
  }) as ts.PropertyDeclaration[]
}

/** The static members that code names, itself or through what it uses. */
function mentionedStatics(p: Place, cls: ts.ClassDeclaration, code: ts.Node): Set<string> {
  const refs = reachedRefs(fileFacts(p.build, cls), [code]).filter((r) => r.declaration === cls)
  const accesses = refs.map((r) => r.node.parent).filter((n) => ts.isPropertyAccessExpression(n))
  return new Set([...accesses.map((n) => n.name.text), ...thisMembers(refs.length > 0 ? cls : code)])
}

/** The members of `this` that code names. */
function thisMembers(node: ts.Node): string[] {
  const found: string[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isPropertyAccessExpression(n) && n.expression.kind === ts.SyntaxKind.ThisKeyword) found.push(n.name.text)
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
  return value ? [exprStmt({ kind: 'assign', v, value, span: spanOf(p, m) })] : []
}
