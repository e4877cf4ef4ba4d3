import type { Span } from '../../base/index.ts'
import type { HArg, HClass, HExpr, HParam, HProp, HStmt, HVar } from '../hir.ts'
import { OBJ } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { asksForBrand } from './brands.ts'
import { once } from './chain.ts'
import { makerIn } from './class-values.ts'
import { classExpressionIn, constantOf, type ClassNode } from './classes.ts'
import { mayBeReadEarly, needsNoClosure } from './early.ts'
import { isFunctionNode, isStatic, refsIn, type Facts, type Ref } from './facts.ts'
import { placeIn, scopeFunction } from './functions.ts'
import { isLocal, isOwnOrGlobal, isValue } from './placement.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { exprStmt, letStmt, readVar, type Build, type Func, type Place } from './state.ts'
import { isInMember, memberVariable, staticMember, type StaticMember } from './statics.ts'
import { assignVar, fileFacts, nodeSpan, useVar, variableOf } from './variables.ts'
import { privateName } from '../member-names.ts'

/**
 * What a local class takes along. Each time that its declaration runs there is another class (ECMA-262 15.7.14): here they share their
 * code, and differ in a record that the variable of the class holds. Constructors are given the record as their first parameter and keep it
 * in a hidden field, where methods find it: in it are the variables that the members use, and it tells the classes apart.
 */
export type ClassEnv = {
  /** The hidden field of instances that holds the record. */
  readonly field: string
  /** The declaration whose variable holds the record: the class, or the constant that has it. */
  readonly holder: ts.Declaration
  /** Whether the class is used as a value, which the record has as well. */
  readonly isValue: boolean
  readonly taken: ReadonlySet<ts.Declaration>
  /** Of those that have their value when the declaration runs and keep it: the record has the value itself. Decided when first asked for. */
  readonly fixed: Map<ts.Declaration, boolean>
  /** The parameter of the constructor. */
  readonly param: { variable?: HVar }
}

/** The record of a class that needs one. */
export function envOf(b: Build, node: ClassNode): ClassEnv | undefined {
  const known = b.envs.get(node)
  if (known !== undefined) return known ?? undefined
  const made = needsRecord(b, node, new Set()) ? makeEnv(b, node) : undefined
  b.envs.set(node, made ?? null)
  return made
}

function makeEnv(b: Build, node: ClassNode): ClassEnv {
  const facts = fileFacts(b, node)
  const classes = classesUsed(facts, node).filter((other) => isTaken(b, node, other, new Set()))
  const taken = new Set<ts.Declaration>([
    ...variablesUsed(facts, node),
    ...staticsUsed(b, facts, node),
    ...classes.map(holderOf),
  ])
  const isValue = isUsedAsValue(facts, node)
  return {
    field: privateName(`#record@${node.pos}`),
    holder: holderOf(node),
    isValue,
    taken,
    fixed: new Map(),
    param: {},
  }
}

/** The declaration whose variable stands for a class: its own, or the constant that has it. */
export const holderOf = (node: ClassNode): ts.Declaration =>
  ts.isClassDeclaration(node) ? node : (constantOf(node) ?? node)

function needsRecord(b: Build, node: ClassNode, seen: Set<ClassNode>): boolean {
  if (seen.has(node)) return false
  seen.add(node)
  if (!scopeFunction(b, holderOf(node))) return false
  const facts = fileFacts(b, node)
  return (
    variablesUsed(facts, node).length > 0 ||
    staticsUsed(b, facts, node).length > 0 ||
    isToldApart(facts, node) ||
    classesUsed(facts, node).some((other) => isTaken(b, node, other, seen))
  )
}

/** Whether the use of another class asks its variable: for its record, or whether it is there yet. */
const isTaken = (b: Build, node: ClassNode, other: ClassNode, seen: Set<ClassNode>): boolean =>
  needsRecord(b, other, seen) ||
  (isLocal(holderOf(other)) && !isInMember(node, other) && mayBeReadEarly(fileFacts(b, other), holderOf(other)))

/** The local variables of enclosing functions that the members of a class use. */
function variablesUsed(facts: Facts, node: ClassNode): readonly ts.Declaration[] {
  return memberRefs(facts, node)
    .map((ref) => ref.declaration)
    .filter((d) => !isOwnOrGlobal(node, d) && isValue(d) && !needsNoClosure(facts, d))
}

/** The static members of local classes, its own too, that the members of a class use: they are variables where the class is declared. */
function staticsUsed(b: Build, facts: Facts, node: ClassNode): readonly StaticMember[] {
  return memberRefs(facts, node).flatMap(({ node: { parent }, declaration: d }) => {
    const cls = ts.isClassLike(d) ? d : classExpressionIn(d)
    if (!cls || !ts.isPropertyAccessExpression(parent) || (cls !== node && isOwnOrGlobal(node, d))) return []
    const found = staticMember(placeIn(b, b.init, node.getSourceFile()), cls, parent.name)
    return found && isLocal(found.parent) && !isInside(found, node.members) ? [found] : []
  })
}

/** Whether a static member is of a class that is declared in members of another one. */
const isInside = (found: StaticMember, members: readonly ts.ClassElement[]): boolean =>
  members.some((m) => m !== found && m.pos <= found.pos && found.end <= m.end)

/** The local classes that a class extends or that its members name. */
function classesUsed(facts: Facts, node: ClassNode): readonly ClassNode[] {
  const heritage = (node.heritageClauses ?? []).flatMap((clause) => refsIn(facts.refs, clause))
  return [...heritage, ...memberRefs(facts, node)].flatMap(({ declaration: d }) => {
    const other = ts.isClassLike(d) ? d : classExpressionIn(d)
    return other && other !== node && !isOwnOrGlobal(node, d) ? [other] : []
  })
}

/** The uses of names in members that run when the declaration is over. */
function memberRefs(facts: Facts, node: ClassNode): readonly Ref[] {
  return node.members
    .filter((m) => !isStatic(m) && !ts.isClassStaticBlockDeclaration(m))
    .flatMap((m) => refsIn(facts.refs, { pos: m.name?.end ?? m.pos, end: m.end }))
}

/** Whether the program can tell the classes that a declaration makes apart: by `instanceof`, and as values. */
const isToldApart = (facts: Facts, node: ClassNode): boolean =>
  mayRepeat(node) && (isUsedAsValue(facts, node) || namesOf(facts, node).some(isAskedFor) || asksForBrand(node))

/** Whether a class is more than named by its instances, members and derived classes. */
const isUsedAsValue = (facts: Facts, node: ClassNode): boolean =>
  (ts.isClassExpression(node) && !constantOf(node)) || namesOf(facts, node).some(isAlone)

/** Whether some file of the program has a class as a value. */
export const isValueSomewhere = (b: Build, node: ClassNode): boolean =>
  b.oracle.userFiles.some((file) => isUsedAsValue(fileFacts(b, file), node))

/** The names by which a program means a class. */
function namesOf(facts: Facts, node: ClassNode): ts.Identifier[] {
  const declarations = new Set<ts.Declaration>([node, holderOf(node)])
  return [...declarations].flatMap((d) => facts.refsOf.get(d) ?? []).map((ref) => ref.node)
}

const isAskedFor = ({ parent }: ts.Identifier): boolean =>
  ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword

/** Whether a name of a class stands for the class as a value. */
function isAlone(name: ts.Identifier): boolean {
  const { parent } = name
  if (ts.isNewExpression(parent) || ts.isPropertyAccessExpression(parent)) return parent.expression !== name
  return (
    !ts.isExpressionWithTypeArguments(parent) &&
    !(ts.isBinaryExpression(parent) && isAskedFor(name) && parent.right === name)
  )
}

/** Whether the declaration of a class may run several times. */
export function mayRepeat(node: ts.Node): boolean {
  for (let n = node.parent; !ts.isSourceFile(n); n = n.parent)
    if (ts.isFunctionLike(n) || ts.isIterationStatement(n, false)) return true
  return false
}

/** What the declaration of a class with a record does first: it makes the record, of the variables as they are or ways to them. */
export function buildRecord(p: Place, node: ClassNode): HStmt[] {
  const env = envOf(p.build, node)
  if (!env) return []
  const v = variableOf(p.build, env.holder)
  const span = nodeSpan(p.build, node)
  const value: HProp[] = env.isValue ? [{ kind: 'field', name: VALUE, value: makerIn(p, node) }] : []
  const props = [...env.taken].flatMap((d) => entriesOf(p, node, env, d))
  const made = letStmt(v, { kind: 'object', props: [...props, ...value], span })
  return ts.isClassExpression(env.holder) ? [{ kind: 'hoist', v, span }, made] : [made]
}

/** Whether the record that a declaration holds has a function that takes the record along. */
export function isInOwnRecord(b: Build, d: ts.Declaration): boolean {
  const node = ts.isClassLike(d) ? d : classExpressionIn(d)
  return node !== undefined && (envOf(b, node)?.isValue ?? false)
}

/** What the record of a class has for the class as a value. */
const VALUE = 'value'

/** The value of a class that has a record. */
export function valueInRecord(p: Place, env: ClassEnv, span: Span): HExpr {
  return { kind: 'get', obj: useVar(p, variableOf(p.build, env.holder), span), name: VALUE, span }
}

const takenVariable = (b: Build, d: ts.Declaration): HVar =>
  ts.isClassElement(d) ? memberVariable(b, d as StaticMember) : variableOf(b, d)

const getterName = (d: ts.Node): string => `get@${d.pos}`
const setterName = (d: ts.Node): string => `set@${d.pos}`

function entriesOf(p: Place, node: ClassNode, env: ClassEnv, d: ts.Declaration): HProp[] {
  const v = takenVariable(p.build, d)
  const span = nodeSpan(p.build, node)
  const field = (name: string, value: HExpr): HProp => ({ kind: 'field', name, value })
  if (isFixed(p.build, node, env, d)) return [field(getterName(d), useVar(p, v, span))]
  const getter = field(
    getterName(d),
    closure(p, span, [], (inside) => useVar(inside, v, span)),
  )
  if (!v.assigned) return [getter]
  const write = (inside: Place, value: HVar): HExpr => assignVar(inside, v, readVar(value, span), span)
  return [getter, field(setterName(d), closure(p, span, ['value'], write))]
}

function isFixed(b: Build, node: ClassNode, { fixed }: ClassEnv, d: ts.Declaration): boolean {
  const known = fixed.get(d)
  if (known !== undefined) return known
  const v = takenVariable(b, d)
  const made = !v.assigned && !v.checked && v.scope === scopeFunction(b, node) && d.end <= node.pos
  fixed.set(d, made)
  return made
}

function closure(
  p: Place,
  span: Span,
  parameters: readonly string[],
  result: (inside: Place, parameter: HVar) => HExpr,
): HExpr {
  const params: HParam[] = []
  const f: Func = newFunc({ name: '', params, parent: p.func, span, body: () => body, pending: [] })
  for (const name of parameters) params.push({ variable: newVar(f, name, span), optional: false })
  const value = result({ ...p, func: f }, params[0]?.variable as HVar)
  const body: HStmt[] = [{ kind: 'return', value, span }]
  return { kind: 'function', f, span }
}

/** The name of the constructor's parameter; no other parameter can have it. */
const RECORD = '#record'

export const isRecord = ({ variable }: HParam): boolean => variable.name === RECORD

/** The parameter in which a constructor is given the record of its class. */
export function recordParam(b: Build, node: ClassNode, scope: Func): HParam | undefined {
  const env = envOf(b, node)
  if (!env) return undefined
  const captured = isUsedInside(b, node, node)
  env.param.variable = { ...newVar(scope, RECORD, scope.span), captured }
  return { variable: env.param.variable, optional: false }
}

/** Whether functions in a member, or in the constructor and the initialisers of a class, use what the class takes along. */
export function isUsedInside(b: Build, node: ClassNode, owner: ts.Node): boolean {
  const env = envOf(b, node)
  if (!env) return false
  const { refs } = fileFacts(b, node)
  return refsIn(refs, owner).some(
    ({ owner: user, declaration: d }) =>
      user !== owner && (env.taken.has(d) || d === env.holder || ts.isClassLike(d) || classExpressionIn(d)),
  )
}

/** What `new` and `super` give the constructor of a class before its own arguments. */
export function recordArgs(p: Place, node: ClassNode | undefined, span: Span): HArg[] {
  const env = node && envOf(p.build, node)
  return env ? [{ kind: 'item', value: useVar(p, variableOf(p.build, env.holder), span) }] : []
}

/** The first thing that a constructor does: methods find the record in the instance. */
export function keepRecord(p: Place, node: ClassNode): HStmt[] {
  const env = envOf(p.build, node)
  const self = p.func.thisVar
  if (!env?.param.variable || !self) return []
  const { span } = p.func
  const value = readVar(env.param.variable, span)
  return [exprStmt({ kind: 'set', obj: readVar(self, span), name: env.field, value, span })]
}

/** `x instanceof C`, where C is one of several classes with the same code. */
export function isOfThisClass(p: Place, node: ClassNode, cls: HClass, x: HExpr): HExpr {
  const { span } = x
  const env = envOf(p.build, node)
  const test = (same: HExpr): HExpr => ({ kind: 'instanceof', x: same, target: cls, span })
  if (!env) return test(x)
  return once(p, x, (same) => {
    const instance: HExpr = { kind: 'narrow', x: same, kinds: OBJ, reason: 'flow', of: cls, span }
    const own: HExpr = { kind: 'get', obj: instance, name: env.field, span }
    const b: HExpr = { kind: 'binary', op: '===', a: own, b: useVar(p, variableOf(p.build, env.holder), span), span }
    return { kind: 'logical', op: '&&', a: test(same), b, span }
  })
}

type Way = { readonly env: ClassEnv; readonly node: ClassNode; readonly record: () => HExpr }

/** How the code being built gets at a variable of a function around its class: through the nearest record. */
function wayTo(p: Place, v: HVar, span: Span): Way | undefined {
  if (v.scope === null) return undefined
  for (let f: Func | null = p.func; f && f !== v.scope; f = f.parent) {
    const node = classOfMember(p.build.nodes.get(f))
    const env = node && envOf(p.build, node)
    if (!node || !env) continue
    const { thisVar } = f
    const record = (): HExpr =>
      p.build.nodes.get(f as Func) === node
        ? useVar(p, env.param.variable as HVar, span)
        : { kind: 'get', obj: useVar(p, thisVar as HVar, span), name: env.field, span }
    return { env, node, record }
  }
  return undefined
}

/** The class of a method, an accessor or, as the node of a constructor, the class itself. */
function classOfMember(node: ts.Node | undefined): ClassNode | undefined {
  if (!node || ts.isClassLike(node)) return node
  return ts.isClassLike(node.parent) && isFunctionNode(node) && !isStatic(node) ? node.parent : undefined
}

/** A read of a variable that the class around the code takes along; undefined when no class stands between, and for functions that need no closure. */
export function readTaken(p: Place, v: HVar, span: Span): HExpr | undefined {
  const way = wayTo(p, v, span)
  if (!way) return undefined
  if (variableOf(p.build, way.env.holder) === v) return way.record()
  const d = takenAs(p.build, way, v)
  if (!d) return undefined
  const entry: HExpr = { kind: 'get', obj: way.record(), name: getterName(d), span }
  return isFixed(p.build, way.node, way.env, d) ? entry : { kind: 'call', callee: entry, args: [], span }
}

/** An assignment to such a variable. */
export function writeTaken(p: Place, v: HVar, value: HExpr, span: Span): HExpr | undefined {
  const way = wayTo(p, v, span)
  if (!way) return undefined
  const callee: HExpr = { kind: 'get', obj: way.record(), name: setterName(takenAs(p.build, way, v)!), span }
  return { kind: 'call', callee, args: [{ kind: 'item', value }], span }
}

function takenAs(b: Build, { env }: Way, v: HVar): ts.Declaration | undefined {
  const found = [...env.taken].find((d) => takenVariable(b, d) === v)
  if (!found && !v.func) throw new Error(`variable ${v.name} is not in the record of its class`)
  return found
}
