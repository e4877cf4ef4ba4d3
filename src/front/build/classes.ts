import type { HClass, HField, HFunc, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { propertyName } from './access.ts'
import { definiteFields } from './definite.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { bindParameters, constructorOf, functionOf, placeIn } from './functions.ts'
import { exprStmt, refuse, spanOf, undefinedAt, type Build, type Place } from './state.ts'
import { buildStatics } from './statics.ts'
import { openVars } from './hoisting.ts'
import { buildBody } from './statements.ts'
import { capturedByClass } from './placement.ts'
import { fileFacts, nodeSpan, useVar, variableOf } from './variables.ts'

/** A field of a class as it is written: a declaration in the body, or a parameter of the constructor with a modifier. */
export type FieldNode = ts.PropertyDeclaration | ts.ParameterDeclaration

/** The class that a declaration makes, without its bodies. */
export function classOf(b: Build, node: ts.ClassDeclaration): HClass {
  const known = b.classes.get(node)
  if (known) return known
  const p = placeIn(b, b.init, node.getSourceFile())
  const fields: HField[] = []
  const methods = new Map<string, HFunc>()
  const getters = new Map<string, HFunc>()
  const setters = new Map<string, HFunc>()
  const generic = node.typeParameters !== undefined || b.oracle.isPrelude(node)
  const made = {
    name: node.name?.text ?? 'default',
    generic,
    fields,
    methods,
    getters,
    setters,
    span: nodeSpan(b, node),
  }
  const cls = made as typeof made & { construct: HFunc }
  b.classes.set(node, cls)
  cls.construct = constructorOf(b, node, cls)
  refuseClass(p, node)
  addFields(p, node, fields)
  for (const m of node.members) addMember(p, m, made)
  return cls
}

function refuseClass(p: Place, node: ts.ClassDeclaration): void {
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue
    refuse(
      p,
      clause,
      'inheritance',
      'Write the members into this class, or hold the other object in a field and call its methods.',
    )
  }
  const captured = capturedByClass(fileFacts(p.build, node), node)
  if (captured) {
    refuse(
      p,
      captured.node,
      'a class that takes local variables along',
      'Give the constructor the value as a parameter, or move the class to the top level.',
    )
  }
  const decorated = [node, ...node.members].find((n) => ts.canHaveDecorators(n) && ts.getDecorators(n)?.length)
  if (decorated) refuse(p, decorated, 'decorators', 'Call the function yourself.')
}

type Members = {
  readonly methods: Map<string, HFunc>
  readonly getters: Map<string, HFunc>
  readonly setters: Map<string, HFunc>
}

function addMember(p: Place, m: ts.ClassElement, into: Members): void {
  if (isStatic(m) || !(ts.isMethodDeclaration(m) || ts.isAccessor(m)) || !m.body) return
  const name = propertyName(p, m.name)
  if (name === undefined) return
  const f = functionOf(p.build, m)
  if (ts.isGetAccessorDeclaration(m)) into.getters.set(name, f)
  else if (ts.isSetAccessorDeclaration(m)) into.setters.set(name, f)
  else into.methods.set(name, f)
}

/** Parameter properties come first, then the declared fields, as TypeScript emits them for class fields of ES2022. */
function fieldNodes(node: ts.ClassDeclaration): FieldNode[] {
  const own = constructorNode(node)
  const parameters = (own?.parameters ?? []).filter((n) =>
    ts.isParameterPropertyDeclaration(n, own as ts.ConstructorDeclaration),
  )
  const declared = node.members.filter(
    (m) => ts.isPropertyDeclaration(m) && !isStatic(m) && !isErased(m),
  ) as ts.PropertyDeclaration[]
  return [...parameters, ...declared]
}

function constructorNode(node: ts.ClassDeclaration): ts.ConstructorDeclaration | undefined {
  return node.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined) as
    | ts.ConstructorDeclaration
    | undefined
}

/** `declare` and abstract fields exist for the checker only. */
function isErased(m: ts.ClassElement): boolean {
  return (ts.getCombinedModifierFlags(m) & (ts.ModifierFlags.Ambient | ts.ModifierFlags.Abstract)) !== 0
}

function addFields(p: Place, node: ts.ClassDeclaration, fields: HField[]): void {
  const nodes = fieldNodes(node)
  const definite = definiteFields(node, constructorNode(node), nodes)
  for (const n of nodes) {
    const name = fieldName(p, n)
    if (name === undefined || fields.some((f) => f.name === name)) continue
    fields.push({ name, hidden: ts.isPrivateIdentifier(n.name), definite: definite.has(name) })
  }
}

function fieldName(p: Place, n: FieldNode): string | undefined {
  if (ts.isParameter(n)) return ts.isIdentifier(n.name) ? n.name.text : undefined
  return propertyName(p, n.name)
}

/** The body of a constructor: fields, parameters, parameter properties, then the constructor's own statements. */
export function buildConstructor(
  p: Place,
  node: ts.ClassDeclaration,
  own: ts.ConstructorDeclaration | undefined,
): HStmt[] {
  const fields = node.members.flatMap((m) => {
    if (!ts.isPropertyDeclaration(m) || isStatic(m) || isErased(m) || !m.initializer) return []
    const name = propertyName(p, m.name)
    return name === undefined ? [] : [setField(p, m, name, () => buildExpr(p, m.initializer as ts.Expression))]
  })
  if (!own) return fields
  const bound = bindParameters(p, own.parameters)
  const properties = own.parameters.flatMap((n) => {
    if (!ts.isParameterPropertyDeclaration(n, own) || !ts.isIdentifier(n.name)) return []
    return [setField(p, n, n.name.text, () => useVar(p, variableOf(p.build, n), spanOf(p, n.name)))]
  })
  return [...fields, ...bound, ...properties, ...(own.body ? [...openVars(p, node), ...buildBody(p, own.body)] : [])]
}

function setField(p: Place, node: ts.Node, name: string, value: () => ReturnType<typeof buildExpr>): HStmt {
  const span = spanOf(p, node)
  const receiver = p.func.thisVar
  const obj = receiver ? useVar(p, receiver, span) : undefinedAt(span)
  return exprStmt({ kind: 'set', obj, name, value: value(), span })
}

/** What a class declaration does where it stands. */
export function buildClass(p: Place, node: ts.ClassDeclaration): HStmt[] {
  if (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) return []
  classOf(p.build, node)
  return buildStatics(p, node)
}
