import type { HArg, HClass, HExpr, HStmt, HVar } from '../hir.ts'
import { OBJ } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { propertyName } from './access.ts'
import { buildArgs } from './calls.ts'
import { isRecord, keepRecord, recordArgs } from './class-env.ts'
import { classOf, constructorNode, isErased, type ClassNode } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { askedName, namesErrors } from './error-names.ts'
import { bindParameters } from './functions.ts'
import { declaredBase, extendedBy } from './heritage.ts'
import { isPrivateName } from '../member-names.ts'
import { openVars } from './hoisting.ts'
import { declareLateThis, hasOwnThis, setLateThis } from './late-this.ts'
import { exprStmt, letStmt, makeTemp, readVar, refuse, spanOf, undefinedAt, type Place } from './state.ts'
import { buildBody } from './statements.ts'
import { thisOf, useVar, variableOf } from './variables.ts'

/**
 * The body of a constructor (ECMA-262 10.2.2). In a class without base class the fields come first, then the parameters,
 * parameter properties, and the constructor's own statements; in others the fields are set when `super` has returned.
 */
export function buildConstructor(p: Place, node: ClassNode): HStmt[] {
  return [...keepRecord(p, node), ...constructorBody(p, node)]
}

function constructorBody(p: Place, node: ClassNode): HStmt[] {
  const own = constructorNode(node)
  const { base, error } = classOf(p.build, node)
  if (base && !own) return [exprStmt(callBase(p, node, base, forwarded(p))), ...setFields(p, node, base)]
  if (error !== null && !own) return [...setError(p, node, forwarded(p)), ...setFields(p, node, base)]
  if (!own) return setFields(p, node, base)
  refuseResult(p, own)
  const late = extendedBy(node) ? declareLateThis(p, own, beforeThis(p, own)) : []
  const bound = bindParameters(p, own.parameters)
  const body = own.body ? [...openVars(p, node), ...buildBody(p, own.body)] : []
  if (extendedBy(node)) return [...late, ...bound, ...body]
  return [...setFields(p, node, base), ...bound, ...setParameters(p, own), ...body]
}

/** An object that a constructor returns stands in the place of the one that `new` made (ECMA-262 10.2.2). */
function refuseResult(p: Place, own: ts.ConstructorDeclaration): void {
  const visit = (n: ts.Node): ts.Node | undefined => {
    if (ts.isFunctionLike(n) || ts.isClassLike(n)) return undefined
    const result = ts.isReturnStatement(n) ? n.expression : undefined
    return result && result.kind !== ts.SyntaxKind.ThisKeyword ? result : ts.forEachChild(n, visit)
  }
  const found = own.body && ts.forEachChild(own.body, visit)
  if (found) refuse(p, found, 'a constructor that returns a value', 'Give the instance out by a static method.')
}

/** A constructor that is not written passes on what it is given. */
function forwarded(p: Place): HArg[] {
  const { params, rest, span } = p.func
  const items = params
    .filter((param) => !isRecord(param))
    .map((param): HArg => ({ kind: 'item', value: readVar(param.variable, span) }))
  return rest ? [...items, { kind: 'spread', value: readVar(rest, span) }] : items
}

function callBase(p: Place, node: ts.Node, base: HClass, own: readonly HArg[]): HExpr {
  const span = spanOf(p, node)
  const cls = classAround(node)
  const args = [...recordArgs(p, cls && declaredBase(p, cls), span), ...own]
  return { kind: 'super', member: base.construct, obj: receiver(p, node), args, span }
}

function receiver(p: Place, node: ts.Node): HExpr {
  const v = thisOf(p)
  return v ? useVar(p, v, spanOf(p, node)) : undefinedAt(spanOf(p, node))
}

/** `super(...)`, then the fields of the class, as a statement of its constructor. */
export function buildSuperCall(p: Place, node: ts.CallExpression): HExpr {
  const cls = classAround(node)
  const own = cls && constructorNode(cls)
  const made = cls && classOf(p.build, cls)
  if (!own || !made || !isRootStatement(node, own))
    return refuse(p, node, '`super(...)` inside another statement', 'Make it a statement of the constructor itself.')
  const { base, error } = made
  if (!base && error === null) return undefinedAt(spanOf(p, node))
  const args = buildArgs(p, node.arguments)
  const call = base ? [exprStmt(callBase(p, node, base, args))] : setError(p, node, args)
  const late = setLateThis(p, own, receiver(p, node))
  const body = [...call, ...late, ...setFields(p, cls, base), ...setParameters(p, own)]
  return { kind: 'seq', body, value: undefinedAt(spanOf(p, node)), span: spanOf(p, node) }
}

/** What Error makes of its arguments (ECMA-262 20.5.1.1): a message as text, unless it is undefined, and the cause in the options. */
function setError(p: Place, node: ts.Node, args: readonly HArg[]): HStmt[] {
  const span = spanOf(p, node)
  if (args.some((arg) => arg.kind === 'spread')) {
    refuse(p, node, 'a spread argument of an error', 'Pass the message itself.')
    return []
  }
  const kept = args.map((arg) => makeTemp(p, 'value', arg.value.span))
  const lets = kept.map((v, i) => letStmt(v, (args[i] as HArg).value))
  const given = (v: HVar, then: HStmt[]): HStmt => {
    const test: HExpr = { kind: 'isMissing', x: readVar(v, span), nullish: false, span }
    return { kind: 'if', test, then: [], else: then, span }
  }
  const set = (name: string, value: HExpr): HStmt =>
    exprStmt({ kind: 'set', obj: receiver(p, node), name, value, initial: true, span })
  const [message, options] = kept
  const cls = classAround(node)
  return [
    ...lets,
    ...(cls && namesErrors(cls) ? [set('name', askedName(receiver(p, node)))] : []),
    ...(message ? [given(message, [set('message', { kind: 'template', parts: [readVar(message, span)], span })])] : []),
    ...(options ? [causeFrom(options, span, (cause) => set('cause', cause))] : []),
  ]
}

/** The cause that options have, if they are an object and have one (InstallErrorCause, 20.5.8.1). */
function causeFrom(options: HVar, span: HExpr['span'], set: (cause: HExpr) => HStmt): HStmt {
  const given = readVar(options, span)
  const isNull: HExpr = { kind: 'isMissing', x: given, nullish: true, span }
  const kind: HExpr = { kind: 'unary', op: 'typeof', x: given, span }
  const isOther: HExpr = { kind: 'binary', op: '!==', a: kind, b: { kind: 'const', value: 'object', span }, span }
  const isNone: HExpr = { kind: 'logical', op: '||', a: isNull, b: isOther, span }
  const object: HExpr = { kind: 'narrow', x: given, kinds: OBJ, reason: 'flow', span }
  const has: HExpr = { kind: 'in', key: { kind: 'const', value: 'cause', span }, obj: object, span }
  const store = set({ kind: 'get', obj: object, name: 'cause', span })
  return { kind: 'if', test: isNone, then: [], else: [{ kind: 'if', test: has, then: [store], else: [], span }], span }
}

function isRootStatement(node: ts.Node, own: ts.ConstructorDeclaration): boolean {
  return ts.isExpressionStatement(node.parent) && node.parent.parent === own.body
}

export function classAround(node: ts.Node): ClassNode | undefined {
  let n: ts.Node = node
  while (n && !ts.isClassLike(n)) n = n.parent
  return n
}

export const isSuperCall = (s: ts.Node): boolean =>
  ts.isExpressionStatement(s) &&
  ts.isCallExpression(s.expression) &&
  s.expression.expression.kind === ts.SyntaxKind.SuperKeyword

/** What comes before the end of `super(...)` and has no `this` yet, where Node throws a ReferenceError. */
function beforeThis(p: Place, own: ts.ConstructorDeclaration): ts.Node[] {
  const statements = own.body?.statements ?? []
  const at = statements.findIndex(isSuperCall)
  if (at < 0 || statements.findLastIndex(isSuperCall) !== at) {
    refuse(
      p,
      own,
      'a constructor of a derived class that does not call `super(...)` just once',
      'Call `super(...)` first.',
    )
    return []
  }
  const parts = [...own.parameters, ...statements.slice(0, at + 1)]
  for (const part of parts) {
    const early = findEarly(part)
    if (early) refuse(p, early, '`this` or a return before `super(...)`', 'Call `super(...)` first.')
  }
  return parts
}

function findEarly(node: ts.Node): ts.Node | undefined {
  if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isReturnStatement(node)) return node
  if (isSuperMember(node)) return node
  if (ts.isArrowFunction(node)) return ts.forEachChild(node, findSuper)
  return hasOwnThis(node) ? undefined : ts.forEachChild(node, findEarly)
}

/** An arrow function may use `this`, which is there when it is called later (late-this.ts). */
function findSuper(node: ts.Node): ts.Node | undefined {
  if (isSuperMember(node)) return node
  return hasOwnThis(node) ? undefined : ts.forEachChild(node, findSuper)
}

const isSuperMember = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.SuperKeyword && !ts.isCallExpression(node.parent)

/** The initialisers of the declared fields, in order. A field that the base class has too, or that its constructor may have set, starts anew. */
function setFields(p: Place, node: ClassNode, base: HClass | null): HStmt[] {
  const { brand } = classOf(p.build, node)
  const shown = (): HExpr => ({ kind: 'const', value: true, span: spanOf(p, node) })
  const first = brand ? [setField(p, node, brand, shown)] : []
  const given = node.members.filter(ts.isConstructorDeclaration).flatMap((own) => defineParameters(p, node, own))
  const fields = node.members.flatMap((m) => {
    if (!ts.isPropertyDeclaration(m) || isStatic(m) || isErased(m)) return []
    const name = propertyName(p, m.name)
    if (name === undefined) return []
    const { initializer } = m
    if (initializer) return [setField(p, m, name, () => buildExpr(p, initializer))]
    const nothing = (): HExpr => undefinedAt(spanOf(p, m))
    if (base?.fields.some((f) => f.name === name)) return [setField(p, m, name, nothing)]
    const field = classOf(p.build, node).fields.find((f) => f.name === name)
    return field?.exposed ? [setField(p, m, name, nothing, true)] : []
  })
  return [...first, ...given, ...fields]
}

/** Fields that are parameters are there before the others, as undefined, where other code may look at them before the constructor gives them a value. */
function defineParameters(p: Place, node: ClassNode, own: ts.ConstructorDeclaration): HStmt[] {
  const { fields } = classOf(p.build, node)
  return own.parameters.flatMap((n) => {
    if (!ts.isParameterPropertyDeclaration(n, own) || !ts.isIdentifier(n.name)) return []
    const { text } = n.name
    const isExposed = fields.some(({ name, exposed }) => name === text && exposed !== null)
    return isExposed ? [setField(p, n, text, () => undefinedAt(spanOf(p, n)), true)] : []
  })
}

function setParameters(p: Place, own: ts.ConstructorDeclaration): HStmt[] {
  return own.parameters.flatMap((n) => {
    if (!ts.isParameterPropertyDeclaration(n, own) || !ts.isIdentifier(n.name)) return []
    return [setField(p, n, n.name.text, () => useVar(p, variableOf(p.build, n), spanOf(p, n.name)))]
  })
}

function setField(p: Place, node: ts.Node, name: string, value: () => HExpr, defines = false): HStmt {
  const obj = receiver(p, node)
  const begins = isPrivateName(name)
  const set = { kind: 'set', obj, name, value: value(), span: spanOf(p, node), ...(begins && { begins }) } as const
  return exprStmt(defines ? { ...set, defines } : set)
}
