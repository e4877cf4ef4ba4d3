import type { HClass, HFunc, HParam, HStmt, HVar } from '../hir.ts'
import { ts } from '../oracle.ts'
import { argumentsOf } from './arguments.ts'
import { isRecord, isUsedInside, recordParam } from './class-env.ts'
import { classOf, constructorNode, type ClassNode } from './classes.ts'
import { buildConstructor } from './construct.ts'
import { buildExpr } from './expressions.ts'
import { isFunctionNode, isStatic, ownerOf, refsIn, type FunctionNode } from './facts.ts'
import { functionName, isNamedLate } from './function-names.ts'
import { isVar, openVars } from './hoisting.ts'
import { buildAsync, buildGenerator, formOf, isAsync, isResumed, resumedFunction } from './generators.ts'
import { bindName, withDefault } from './patterns.ts'
import { newVar } from '../make-hir.ts'
import { letStmt, refuse, spanOf, type Build, type Func, type Place } from './state.ts'
import { buildBody } from './statements.ts'
import { takesThis } from './self.ts'
import { isTaken } from './taken-methods.ts'
import { classParam, takesClass } from './static-this.ts'
import { fileFacts, nodeSpan, variableOf } from './variables.ts'

/** The function that a node of the tree is, made on first use without its body. */
export function functionOf(b: Build, node: FunctionNode): Func {
  const known = b.functions.get(node)
  if (known) return known
  const member = ts.isClassLike(node.parent) && !ts.isFunctionDeclaration(node) && !isTaken(b, node)
  const cls = member ? (b.classes.get(node.parent) ?? null) : null
  const receiver = member ? !isStatic(node) : takesThis(b, node)
  return makeFunction(b, node, {
    name: functionName(node),
    namedLate: isNamedLate(node),
    generic:
      (node.typeParameters !== undefined && !hasProperties(b, node) && !isTaken(b, node)) ||
      (!receiver && b.oracle.isPrelude(node)) ||
      takesClass(b, node),
    parameters: node.parameters,
    cls,
    receiver,
    resumed: isResumed(node) ? node : undefined,
    record: (made) => (takesClass(b, node) ? classParam(b, node, made) : undefined),
    build: (p) => buildCode(p, node),
  })
}

/** Whether the program gives a function properties, as TypeScript sees it: it is one function then, and not copied. */
function hasProperties({ oracle: { checker, isPrelude } }: Build, node: FunctionNode): boolean {
  if (isPrelude(node)) return false
  const name = ts.isFunctionDeclaration(node) ? node.name : ts.isVariableDeclaration(node.parent) && node.parent.name
  return name !== undefined && name !== false && checker.getTypeAtLocation(name).getProperties().length > 0
}

/** The constructor of a class. One that is not written takes what that of the base class takes. */
export function constructorOf(b: Build, node: ClassNode, cls: HClass): Func {
  const known = b.functions.get(node)
  if (known) return known
  const own = constructorNode(node)
  return makeFunction(b, node, {
    name: cls.name,
    generic: false,
    parameters: own?.parameters,
    cls,
    receiver: true,
    record: (made) => recordParam(b, node, made),
    build: (p) => buildConstructor(p, node),
    ...(!own && cls.base && { like: cls.base.construct }),
    ...(!own && !cls.base && cls.error !== null && { named: ['message', 'options'] }),
  })
}

type Recipe = {
  readonly name: string
  readonly generic: boolean
  readonly parameters: ts.NodeArray<ts.ParameterDeclaration> | undefined
  readonly cls: HClass | null
  readonly receiver: boolean
  readonly namedLate?: boolean
  /** The function whose parameters it has, instead of some of its own. */
  readonly like?: HFunc
  /** The function itself, where its code runs part by part. */
  readonly resumed?: FunctionNode | undefined
  /** The first parameter of a constructor whose class has a record, and of a static method that takes its class. */
  readonly record?: (made: Func) => HParam | undefined
  /** Names of parameters that may be left out, instead of some of its own. */
  readonly named?: readonly string[]
  readonly build: (p: Place) => HStmt[]
}

function makeFunction(b: Build, node: FunctionNode | ClassNode, recipe: Recipe): Func {
  const parent = parentOf(b, node)
  const params: HParam[] = []
  const captures = new Set<HVar>()
  const pending: Func[] = []
  let built: readonly HStmt[] | undefined
  const span = nodeSpan(b, node)
  const made = {
    name: recipe.name,
    arity: arityOf(recipe.parameters ?? []),
    params,
    rest: null as HVar | null,
    thisVar: null as HVar | null,
    resumed: undefined as Func | undefined,
    takesAll: false,
    generic: recipe.generic,
    ...(recipe.namedLate && { namedLate: true }),
    ...(isNoConstructor(node) && { makesNothing: true as const }),
    ...(recipe.resumed && { form: formOf(recipe.resumed) }),
    parent,
    cls: recipe.cls,
    span,
    captures,
    pending,
    body: (): readonly HStmt[] => {
      if (!built) {
        built = recipe.build(placeIn(b, made, node.getSourceFile()))
        for (let next = pending.shift(); next; next = pending.shift()) next.body()
      }
      return built
    },
  }
  b.functions.set(node, made)
  b.nodes.set(made, node)
  if (recipe.resumed) made.resumed = resumedFunction(b, recipe.resumed, made)
  if (recipe.receiver) made.thisVar = receiverVar(b, node, made)
  const record = recipe.record?.(made)
  if (record) params.push(record)
  for (const parameter of recipe.parameters ?? []) addParameter(b, made, params, parameter)
  const all = fileFacts(b, node).namesArguments ? argumentsOf(node, made) : null
  if (all) {
    made.rest = all
    made.takesAll = true
  }
  if (recipe.like) takeParameters(made, params, recipe.like)
  for (const name of recipe.named ?? []) params.push({ variable: plainVariable(made, name), optional: true })
  if (parent) parent.pending.push(made)
  return made
}

/** Functions that `new` throws at (ECMA-262 7.2.4). */
const isNoConstructor = (node: FunctionNode | ClassNode): boolean =>
  ts.isArrowFunction(node) || ts.isMethodDeclaration(node) || (isFunctionNode(node) && isResumed(node))

/** How many parameters come before the first that has a default or takes the rest (ECMA-262 15.1.5). */
function arityOf(parameters: readonly ts.ParameterDeclaration[]): number {
  const own = parameters.filter((n) => !(ts.isIdentifier(n.name) && n.name.text === 'this'))
  const end = own.findIndex((n) => n.initializer !== undefined || n.dotDotDotToken !== undefined)
  return end < 0 ? own.length : end
}

/** Parameters like those of another function. */
function takeParameters(made: { rest: HVar | null } & HFunc, params: HParam[], like: HFunc): void {
  const own = (v: HVar): HVar => newVar(made, v.name, v.span)
  for (const param of like.params)
    if (!isRecord(param)) params.push({ variable: own(param.variable), optional: param.optional })
  if (like.rest) made.rest = own(like.rest)
}

export function placeIn(b: Build, func: Func, source: ts.SourceFile): Place {
  const file = b.oracle.fileIndex.get(source) ?? -1
  return { build: b, func, file, source, prelude: b.oracle.isPrelude(source), targets: [] }
}

function receiverVar(b: Build, node: ts.Node, scope: HFunc): HVar {
  const isCaptured =
    fileFacts(b, node).capturedThis.has(node) || (ts.isClassLike(node.parent) && isUsedInside(b, node.parent, node))
  const captured = scope.resumed !== undefined || scope.cls === null || isCaptured
  return newVar(scope, 'this', nodeSpan(b, node), { captured })
}

function addParameter(
  b: Build,
  made: { rest: HVar | null } & HFunc,
  params: HParam[],
  node: ts.ParameterDeclaration,
): void {
  if (ts.isIdentifier(node.name) && node.name.text === 'this') return
  const variable = needsBinding(node) ? rawParameter(b, made, node) : variableOf(b, node)
  if (node.dotDotDotToken) made.rest = variable
  else params.push({ variable, optional: node.questionToken !== undefined || node.initializer !== undefined })
}

/** A parameter with a default or a pattern arrives in a variable of its own. */
function needsBinding(node: ts.ParameterDeclaration): boolean {
  return node.initializer !== undefined || !ts.isIdentifier(node.name)
}

function plainVariable(scope: HFunc, name: string): HVar {
  return newVar(scope, name, scope.span)
}

function rawParameter(b: Build, scope: HFunc, node: ts.ParameterDeclaration): HVar {
  const name = ts.isIdentifier(node.name) ? node.name.text : 'argument'
  const made = newVar(scope, name, nodeSpan(b, node))
  b.receivers.set(node, made)
  return made
}

/** Defaults and patterns of parameters, in order; later ones see earlier parameters. */
export function bindParameters(p: Place, parameters: readonly ts.ParameterDeclaration[]): HStmt[] {
  return parameters.flatMap((node) => {
    // Where it is used, members have the receiver that they are declared in; in other functions it can only be handed on.
    if (ts.isIdentifier(node.name) && node.name.text === 'this') return []
    refuseLaterParameter(p, node, parameters)
    const raw = p.build.receivers.get(node)
    if (!raw) return []
    const span = spanOf(p, node.name)
    const value = withDefault(p, { kind: 'var', v: raw, span }, node.initializer)
    return ts.isIdentifier(node.name) ? [letStmt(variableOf(p.build, node), value)] : bindName(p, node.name, value)
  })
}

/** A default can see the parameters before it only (ECMA-262 10.2.11). */
function refuseLaterParameter(p: Place, node: ts.ParameterDeclaration, all: readonly ts.ParameterDeclaration[]): void {
  const last = all.at(-1)
  const early = refsIn(fileFacts(p.build, node).refs, node).find(
    ({ node: use, declaration: d }) =>
      d.end > use.pos && d.pos >= node.pos && last !== undefined && d.end <= last.end && !isInside(d, node, use),
  )
  if (early)
    refuse(
      p,
      early.node,
      'a parameter before it has a value',
      'Put the parameter before the one whose default uses it.',
    )
}

/** Whether a name is declared by a function within the default that uses it. */
function isInside(declaration: ts.Node, parameter: ts.ParameterDeclaration, use: ts.Node): boolean {
  const owner = ownerOf(declaration)
  return owner !== ownerOf(parameter.name) && use.pos >= owner.pos && use.end <= owner.end
}

function buildCode(p: Place, node: FunctionNode): HStmt[] {
  const bound = bindParameters(p, node.parameters)
  if (isAsync(node) && !node.asteriskToken) return buildAsync(p, node, bound)
  return [...bound, ...functionBody(p, node)]
}

function functionBody(p: Place, node: FunctionNode): HStmt[] {
  if (!node.body) return []
  if (isResumed(node)) return buildGenerator(p, node)
  if (ts.isBlock(node.body)) return [...openVars(p, node), ...buildBody(p, node.body)]
  const value = buildExpr(p, node.body)
  return [{ kind: 'return', value, span: spanOf(p, node.body) }]
}

/** The function whose local a declaration is; null for module-level variables. */
export function scopeFunction(b: Build, declaration: ts.Node): Func | null {
  const owner = ownerOf(declaration)
  if (!ts.isSourceFile(owner)) return ownerFunction(b, owner, declaration)
  return isNested(declaration) ? topLevelOf(b, declaration) : null
}

function parentOf(b: Build, node: ts.Node): Func | null {
  const owner = ts.isClassLike(node.parent) && isFunctionNode(node) ? ownerOf(node.parent) : ownerOf(node)
  if (!ts.isSourceFile(owner)) return ownerFunction(b, owner, node)
  return isNested(node) ? topLevelOf(b, node) : null
}

/** The function that code at `node` belongs to, which has `owner` as its nearest function. */
function ownerFunction(b: Build, owner: ts.Node, node: ts.Node): Func {
  const made = b.functions.get(owner) ?? (isFunctionNode(owner) ? functionOf(b, owner) : undefined)
  if (made?.resumed && isFunctionNode(owner) && owner.body && node.pos >= owner.body.pos && node.end <= owner.body.end)
    return made.resumed
  if (made) return made
  if (ts.isClassLike(owner)) {
    classOf(b, owner)
    return b.functions.get(owner) as Func
  }
  throw new Error('code outside every function')
}

/** The function that the top-level code at `node` belongs to. */
const topLevelOf = ({ init, oracle }: Build, node: ts.Node): Func =>
  init.resumed && node.getSourceFile() === oracle.main ? init.resumed : init

/** Whether top-level code stands in a block, so that its variables are local to the initialiser. */
function isNested(node: ts.Node): boolean {
  if (isVar(node)) return false
  for (let n = node.parent; n && !ts.isSourceFile(n); n = n.parent) {
    if (ts.isBlock(n) || ts.isCaseBlock(n) || ts.isIterationStatement(n, false) || ts.isCatchClause(n)) return true
  }
  return ts.isFunctionExpression(node) && node.name !== undefined
}
