import { isBytesName } from '../kinds.ts'
import type { HClass, HField, HFunc, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { propertyName } from './access.ts'
import { makerOf } from './class-values.ts'
import { earlyUse } from './class-constant.ts'
import { envOf, mayRepeat } from './class-env.ts'
import { findBeginnings } from './definite.ts'
import { ERROR_NAME, errorName, isErrorName, setsName } from './error-names.ts'
import { isStatic } from './facts.ts'
import { refuseFieldOrder } from './field-order.ts'
import { nameFromPlace } from './function-names.ts'
import { constructorOf, functionOf, placeIn } from './functions.ts'
import { baseOf, extendedBase, extendedBy } from './heritage.ts'
import { privateMember } from './private-names.ts'
import { memberKey } from './member-key.ts'
import { exprStmt, refuse, refuseForGood, skipParens, type Build, type Place } from './state.ts'
import { buildStatics, guardBase, isOfEveryFunction } from './statics.ts'
import { isTaken, memberOfTaken } from './taken-methods.ts'
import { addTagText } from './tags.ts'
import { nodeSpan } from './variables.ts'
import { brandOf, OWN_NAME, shownName } from '../member-names.ts'

/** A class as it is written. */
export type ClassNode = ts.ClassDeclaration | ts.ClassExpression

/** A field of a class as it is written: a declaration in the body, or a parameter of the constructor with a modifier. */
export type FieldNode = ts.PropertyDeclaration | ts.ParameterDeclaration

type Making = HClass & {
  name: string
  base: HClass | null
  error: string | null
  extended: string | null
  indexed: boolean
  brand: HClass['brand']
  tag: string | null
  construct: HFunc
  readonly fields: HField[]
  readonly methods: Map<string, HFunc>
  readonly getters: Map<string, HFunc>
  readonly setters: Map<string, HFunc>
  readonly statics: Set<string>
}

const isStaticField = (m: ts.ClassElement): boolean =>
  isStatic(m) && ts.isPropertyDeclaration(m) && !ts.isPrivateIdentifier(m.name)

/** The class that a declaration makes, without its bodies. */
export function classOf(b: Build, node: ClassNode): HClass {
  const known = b.classes.get(node)
  if (known) return known
  const p = placeIn(b, b.init, node.getSourceFile())
  const name = className(node)
  const library = b.oracle.isPrelude(node) ? name : null
  const made = {
    name,
    generic: node.typeParameters !== undefined || (library !== null && library !== 'Symbol'),
    isRegExp: library === 'RegExp',
    isDate: library === 'Date',
    isSymbol: library === 'Symbol',
    bytes: library !== null && isBytesName(library) ? library : null,
    extended: library === null ? null : (extendedBase(library) ?? null),
    base: null,
    error: null,
    indexed: node.members.some(ts.isIndexSignatureDeclaration),
    brand: null,
    fields: [],
    methods: new Map(),
    getters: new Map(),
    setters: new Map(),
    tag: '',
    statics: new Set(node.members.flatMap((m) => (isStatic(m) && m.name ? (memberKey(m.name) ?? []) : []))),
    hasStaticFields: node.members.some(isStaticField),
    value: () => (envOf(b, node) || b.oracle.isPrelude(node) ? undefined : makerOf(b, node)),
    span: nodeSpan(b, node),
  } as Omit<Making, 'construct'> as Making
  b.classes.set(node, made)
  inherit(made, baseOf(p, node), node)
  // Errors of the library are of a built-in kind, whatever fields they have; this one has a name of its own in Node too.
  if (made.error !== null && b.oracle.isPrelude(node) && made.name !== 'DOMException') made.name = made.error
  made.construct = constructorOf(b, node, made)
  refuseClass(p, node)
  const inherited = new Set(made.fields.map((f) => f.name))
  addFields(p, node, made)
  const own = new Set<string>()
  for (const m of node.members) addMember(p, m, made, { own, inherited })
  addTagText(p, node, made)
  return made
}

function className(node: ClassNode): string {
  return node.name?.text ?? (ts.isClassExpression(node) ? (nameFromPlace(node) ?? '') : 'default')
}

/** The constant that holds a class expression. */
export function constantOf(node: ts.ClassExpression): ts.VariableDeclaration | undefined {
  let inner: ts.Node = node
  while (ts.isParenthesizedExpression(inner.parent)) inner = inner.parent
  const { parent } = inner
  return ts.isVariableDeclaration(parent) && classExpressionIn(parent) === node ? parent : undefined
}

/** The class expression that a constant is declared to hold. */
export function classExpressionIn(d: ts.Declaration): ts.ClassExpression | undefined {
  if (!ts.isVariableDeclaration(d) || !d.initializer || !ts.isIdentifier(d.name)) return undefined
  if (!(d.parent.flags & ts.NodeFlags.Const)) return undefined
  const value = skipParens(d.initializer)
  return ts.isClassExpression(value) ? value : undefined
}

function refuseClass(p: Place, node: ClassNode): void {
  const foreign = mayRepeat(node) && foreignPrivate(node)
  if (foreign) {
    const hint = 'Move the class to the top level, or read the member by a method that is not private.'
    refuse(p, foreign, 'a private member of another object of a local class', hint)
  }
  const early = ts.isClassExpression(node) && earlyUse(p.build, node, constantOf(node))
  if (early) {
    const hint = 'Declare the class instead: `class A { ... }` has its name while its static members are set.'
    refuse(p, early, 'a class that is used before its constant is set', hint)
  }
  const decorated = [node, ...node.members].find((n) => ts.canHaveDecorators(n) && ts.getDecorators(n)?.length)
  if (decorated) refuseForGood(p, decorated, 'decorators')
}

/** An access to a private member of an object that is not `this`: it could be of an earlier run of the declaration, which Node throws at. */
function foreignPrivate(node: ts.Node): ts.Node | undefined {
  const isForeign =
    ts.isPropertyAccessExpression(node) &&
    ts.isPrivateIdentifier(node.name) &&
    node.expression.kind !== ts.SyntaxKind.ThisKeyword &&
    !isStaticPrivate(node)
  return isForeign ? node : ts.forEachChild(node, foreignPrivate)
}

/** `C.#name`, where C is a class: there is only one. */
const isStaticPrivate = ({ expression, name }: ts.PropertyAccessExpression): boolean => {
  for (let n: ts.Node = expression; !ts.isSourceFile(n); n = n.parent)
    if (ts.isClassLike(n))
      for (const m of n.members)
        if (isStatic(m) && m.name && ts.isPrivateIdentifier(m.name) && m.name.text === name.text) return true
  return false
}

/** What every error has from its built-in kind. */
const ERROR_FIELDS: readonly HField[] = [
  { name: 'name', hidden: true, start: 'value', exposed: null },
  { name: 'message', hidden: true, start: 'value', exposed: null },
]
/** What those may have whose constructor gives options to Error; of others it is a property like all that the program sets. */
const CAUSE: HField = { name: 'cause', hidden: true, start: 'unread', exposed: null }

/** Whether Error may be given options by the constructor of a class that extends it. */
function givesOptions(node: ClassNode): boolean {
  const gives = (n: ts.Node): boolean =>
    (ts.isCallExpression(n) &&
      n.expression.kind === ts.SyntaxKind.SuperKeyword &&
      (n.arguments.length > 1 || n.arguments.some(ts.isSpreadElement))) ||
    (ts.forEachChild(n, (child) => gives(child) || undefined) ?? false)
  const own = constructorNode(node)
  return !own || gives(own)
}

function inherit(into: Making, base: HClass | string | null, node: ClassNode): void {
  if (typeof base === 'string') into.fields.push(...ERROR_FIELDS, ...(givesOptions(node) ? [CAUSE] : []))
  into.error = typeof base === 'string' ? base : (base?.error ?? null)
  if (base === null || typeof base === 'string') return
  into.base = base
  into.extended = base.extended
  into.tag = base.tag
  into.indexed ||= base.indexed
  into.fields.push(...base.fields)
  for (const name of base.statics) if (!isOfEveryFunction(name)) into.statics.add(name)
  for (const part of ['methods', 'getters', 'setters'] as const)
    for (const [name, f] of base[part]) into[part].set(name, f)
}

/** Names of members of the class itself so far, and of the fields that it inherits. */
type Known = { readonly own: Set<string>; readonly inherited: ReadonlySet<string> }

/** A member replaces all that the base class has under its name, a getter also the setter (ECMA-262 10.1.6.3). */
function addMember(p: Place, m: ts.ClassElement, into: Making, known: Known): void {
  if (isStatic(m) || !(ts.isMethodDeclaration(m) || ts.isAccessor(m)) || !m.body) return
  const name = propertyName(p, m.name)
  if (name === undefined) return
  if (isErrorName(m, into)) {
    into.methods.set(ERROR_NAME, errorName(p, m))
    return
  }
  if (known.inherited.has(name)) refuseMixed(p, m, name)
  if (!known.own.has(name)) for (const part of [into.methods, into.getters, into.setters]) part.delete(name)
  known.own.add(name)
  const f = isTaken(p.build, m) ? memberOfTaken(p.build, m, into) : functionOf(p.build, m)
  if (ts.isGetAccessorDeclaration(m)) into.getters.set(name, f)
  else if (ts.isSetAccessorDeclaration(m)) into.setters.set(name, f)
  else into.methods.set(name, f)
}

function refuseMixed(p: Place, node: ts.Node, name: string): void {
  const hint = 'Make it a field in both classes, or a method or accessor in both.'
  refuse(p, node, `\`${shownName(name)}\`, which is a field in one class and no field in the other,`, hint)
}

/** Parameter properties come first, then the declared fields, as TypeScript emits them for class fields of ES2022. */
function fieldNodes(node: ClassNode): FieldNode[] {
  const own = constructorNode(node)
  const parameters = (own?.parameters ?? []).filter((n) =>
    ts.isParameterPropertyDeclaration(n, own as ts.ConstructorDeclaration),
  )
  const declared = node.members.filter(
    (m) => ts.isPropertyDeclaration(m) && !isStatic(m) && !isErased(m),
  ) as ts.PropertyDeclaration[]
  return [...parameters, ...declared]
}

export function constructorNode(node: ClassNode): ts.ConstructorDeclaration | undefined {
  return node.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined) as
    | ts.ConstructorDeclaration
    | undefined
}

/** `declare` and abstract fields exist for the checker only. */
export function isErased(m: ts.ClassElement): boolean {
  return (ts.getCombinedModifierFlags(m) & (ts.ModifierFlags.Ambient | ts.ModifierFlags.Abstract)) !== 0
}

function addFields(p: Place, node: ClassNode, into: Making): void {
  const nodes = fieldNodes(node)
  const { base, fields } = into
  const { begin, leaks } = findBeginnings(p.build, node, constructorNode(node), nodes, into)
  if (leaks) p.build.leaking.add(into)
  const inherited = fields.length
  if (base && p.build.leaking.has(base)) into.brand = brandIn(p, node)
  if (into.brand) fields.push({ name: into.brand, hidden: true, start: 'value', exposed: 'base' })
  const env = envOf(p.build, node)
  if (env) fields.push({ name: env.field, hidden: true, start: 'value', exposed: null })
  for (const n of nodes) {
    const name = fieldName(p, n)
    if (name === undefined) continue
    // A cause that the class declares is a property like others.
    const cause = fields.findIndex((f) => f.name === name && f.name === 'cause' && f.hidden)
    if (cause >= 0) fields.splice(cause, 1)
    const key = into.error !== null && name === 'name' ? OWN_NAME : name
    if (fields.some((f) => f.name === key)) continue
    if (base?.methods.has(name) || base?.getters.has(name) || base?.setters.has(name)) refuseMixed(p, n, name)
    fields.push({ name: key, hidden: ts.isPrivateIdentifier(n.name), ...begin(n) })
  }
  if (into.error !== null && setsName(constructorNode(node), fields) && fields.every((f) => f.name !== OWN_NAME))
    fields.push({ name: OWN_NAME, hidden: false, start: 'value', exposed: null })
  if (base && p.build.leaking.has(base))
    refuseFieldOrder(
      p,
      node,
      base,
      fields.slice(inherited).map((f) => f.name),
    )
}

/** What shows that an instance has the private methods and accessors of a class, if there are any. */
function brandIn(p: Place, node: ClassNode): HClass['brand'] {
  const member = node.members.find((m) => !isStatic(m) && !ts.isPropertyDeclaration(m) && isPrivateMember(m))
  if (!member) return null
  return brandOf(privateMember(p, member.name as ts.PrivateIdentifier))
}

const isPrivateMember = ({ name }: ts.ClassElement): boolean => name !== undefined && ts.isPrivateIdentifier(name)

function fieldName(p: Place, n: FieldNode): string | undefined {
  if (ts.isParameter(n)) return ts.isIdentifier(n.name) ? n.name.text : undefined
  return propertyName(p, n.name)
}

/** What a class declaration does where it stands. */
export function buildClass(p: Place, node: ClassNode): HStmt[] {
  if (ts.isClassDeclaration(node) && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) return []
  classOf(p.build, node)
  const base = extendedBy(node)
  const early = base ? guardBase(p, base) : []
  return [...early.map((read) => exprStmt(read)), ...buildStatics(p, node)]
}
