import type { HArg, HExpr, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { buildProperty, constantKey, getElement, holderOf, keyText, moduleMember, type Holder } from './access.ts'
import { boundCallback, callBound } from './bound.ts'
import { bindUntyped, isUntyped } from './bound-untyped.ts'
import { once } from './chain.ts'
import { freezeInstance } from './freezing.ts'
import { isClassValue, newOfValue } from './class-values.ts'
import { recordArgs } from './class-env.ts'
import { classOf } from './classes.ts'
import { buildSuperCall } from './construct.ts'
import { buildArg, buildExpr, consumed } from './expressions.ts'
import { memberName } from './heritage.ts'
import { libraryMember } from './library.ts'
import { buildIdentifier, isVariable, refuseLibrary, staticClassOf } from './names.ts'
import { narrowTo, resultKinds } from './narrow.ts'
import { presentArgs, presentMethodArgs } from './present.ts'
import { declarationOf } from './resolve-name.ts'
import {
  letStmt,
  makeTemp,
  readVar,
  refuse,
  refuseForGood,
  skipOuter,
  spanOf,
  undefinedAt,
  type Place,
} from './state.ts'
import { usesThisSomewhere } from './self.ts'
import { newSearchParams } from './search-params.ts'
import { guardClass, readStatic, staticMember } from './statics.ts'
import { classArgs, ownClass } from './static-this.ts'
import { callStaticOf, familyOf } from './statics-of-values.ts'
import { callSuperMethod } from './super.ts'
import { callDispatched } from './dispatched.ts'
import { errorSetup } from './error-setup.ts'
import { timerWithArguments } from './timers.ts'
import { useVar, variableOf } from './variables.ts'

export function buildCall(p: Place, node: ts.CallExpression): HExpr {
  const callee = skipOuter(node.expression)
  const made = callNamed(p, node, callee) ?? callValue(p, node, callee)
  const unused = ts.isExpressionStatement(node.parent) || ts.isArrowFunction(node.parent)
  return unused ? made : narrowTo(made, resultKinds(p, node))
}

/** Calls of what has a name of its own: library functions, static methods, functions of a module object. */
function callNamed(p: Place, node: ts.CallExpression, callee: ts.Expression): HExpr | undefined {
  if (callee.kind === ts.SyntaxKind.SuperKeyword) return buildSuperCall(p, node)
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return refuseForGood(p, node, 'dynamic-import')
  if (ts.isIdentifier(callee)) {
    const holder = holderOf(p, callee)
    if (!holder) return p.prelude || p.build.oracle.isModule(p.source) ? callStep(p, node, callee) : undefined
    if (holder.kind === 'library') return callLibrary(p, node, holder.name)
    return refuse(p, node, 'calls of classes', 'Make an instance with `new`.')
  }
  if (ts.isElementAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.SuperKeyword) {
    const name = staticClassOf(callee) ? undefined : constantKey(p, callee)
    return name === undefined ? undefined : callSuperMethod(p, node, callee, name)
  }
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  if (callee.expression.kind === ts.SyntaxKind.SuperKeyword && !staticClassOf(callee))
    return callSuperMethod(p, node, callee, memberName(p, callee.name))
  const holder = holderOf(p, callee.expression)
  return holder && callMember(p, node, callee, holder)
}

/** What the prelude or a module of the library declares without a body is a step of the library. */
function callStep(p: Place, node: ts.CallExpression, callee: ts.Identifier): HExpr | undefined {
  const declaration = declarationOf(p.build.oracle, callee)
  if (!declaration || !ts.isFunctionDeclaration(declaration) || declaration.body) return undefined
  return { kind: 'builtin', name: `@@${callee.text}`, args: buildArgs(p, node.arguments), span: spanOf(p, node) }
}

function callLibrary(p: Place, node: ts.CallExpression, name: string): HExpr {
  const known = p.build.oracle.checker.getTypeAtLocation(node.expression).getCallSignatures().length > 0
  if (!known) return refuseLibrary(p, node, name, `\`${name}\` is no function here.`)
  const timer = timerWithArguments(p, node, name)
  if (timer) return timer
  return { kind: 'builtin', name, args: buildArgs(p, node.arguments), span: spanOf(p, node) }
}

function callMember(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression, holder: Holder): HExpr {
  const span = spanOf(p, node)
  if (holder.kind === 'library') {
    const full = `${holder.name}.${callee.name.text}`
    const known = errorSetup(p, node, full) ?? freezeInstance(p, node, full)
    if (known) return known
    const name = libraryMember(p, callee, holder.name)
    const args = name === undefined ? [] : presentArgs(p, name, node.arguments, buildArgs(p, node.arguments))
    return name === undefined ? undefinedAt(span) : { kind: 'builtin', name, args: consumedArgs(name, args), span }
  }
  if (holder.kind === 'class') {
    const family = familyOf(p, callee)
    const chosen = family && callStaticOf(p, node, callee, family)
    if (chosen) return chosen
    const args = [...classArgs(p, callee, holder.declaration), ...buildArgs(p, node.arguments)]
    const member = staticMember(p, holder.declaration, callee.name)
    const found = readStatic(p, callee, holder.declaration)
    return { kind: 'call', callee: member && ts.isMethodDeclaration(member) ? found : hosted(p, found), args, span }
  }
  const declaration = holder.kind === 'module' ? moduleMember(p, callee) : undefined
  if (!declaration || !isVariable(declaration)) return refuse(p, node, 'calls of enums and modules', 'Call a function.')
  const target = useVar(p, variableOf(p.build, declaration), spanOf(p, callee))
  return { kind: 'call', callee: hosted(p, target), args: buildArgs(p, node.arguments), span }
}

/** A function that is called on a class or a module, which are no values here: where it uses `this`, it is refused. */
const hosted = (p: Place, f: HExpr): HExpr =>
  usesThisSomewhere(p.build)
    ? { kind: 'builtin', name: '@@hosted', args: [{ kind: 'item', value: f }], span: f.span }
    : f

function callValue(p: Place, node: ts.CallExpression, callee: ts.Expression): HExpr {
  const span = spanOf(p, node)
  if (ts.isPropertyAccessExpression(callee)) {
    if (isClassValue(p, callee.expression) || familyOf(p, callee)) return callStatic(p, node, callee)
    const bound = callBound(p, node, callee)
    if (bound) return bound
    const obj = buildExpr(p, callee.expression)
    return callMethod(p, node, callee, obj)
  }
  if (ts.isElementAccessExpression(callee)) return callElement(p, node, callee, buildExpr(p, callee.expression))
  const target = ts.isIdentifier(callee) ? buildIdentifier(p, callee) : buildExpr(p, callee)
  return { kind: 'call', callee: target, args: buildArgs(p, node.arguments), span }
}

/** `value.name(args)` where the value is a class. */
function callStatic(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression): HExpr {
  const family = familyOf(p, callee)
  const chosen = family && callStaticOf(p, node, callee, family)
  if (chosen) return chosen
  const target = buildProperty(p, callee)
  return { kind: 'call', callee: hosted(p, target), args: buildArgs(p, node.arguments), span: spanOf(p, node) }
}

/** `obj.name(args)` with `obj` already built. */
export function callMethod(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression, obj: HExpr): HExpr {
  const span = spanOf(p, node)
  if (callee.name.text === 'bind' && isUntyped(p, node, callee)) return bindUntyped(p, node, obj)
  const levels = callee.name.text === 'flat' ? flatLevels(node) : 1
  if (levels > 1)
    return Array.from({ length: levels }).reduce<HExpr>(
      (list) => ({ kind: 'method', obj: list, name: 'flat', args: [], span }),
      obj,
    )
  const made = {
    kind: 'method',
    obj,
    name: memberName(p, callee.name),
    args: boundCallback(p, node, callee) ?? presentMethodArgs(p, callee, node.arguments, buildArgs(p, node.arguments)),
    span,
  } as const
  return node.questionDotToken || isOptionalMember(p, callee) ? { ...made, optional: true } : made
}

/** Whether the type says of a member that it may be missing, `interface Plugin { init?(): void }`, or says nothing. */
function isOptionalMember(p: Place, node: ts.PropertyAccessExpression): boolean {
  const { checker } = p.build.oracle
  const symbol = checker.getSymbolAtLocation(node.name)
  if (symbol) return (symbol.flags & ts.SymbolFlags.Optional) !== 0
  return !p.prelude && (checker.getTypeAtLocation(node.expression).flags & ts.TypeFlags.Any) !== 0
}

/** `obj[key](args)` with `obj` already built. */
export function callElement(p: Place, node: ts.CallExpression, callee: ts.ElementAccessExpression, obj: HExpr): HExpr {
  const span = spanOf(p, node)
  const name = constantKey(p, callee)
  if (name !== undefined)
    return { kind: 'method', obj, name, args: buildArgs(p, node.arguments), ...keyText(callee), span }
  const dispatched = callDispatched(p, node, callee, obj)
  if (dispatched) return dispatched
  return onElement(p, callee, obj, (found, self) => ({
    kind: 'call',
    callee: found,
    ...(self && { self }),
    args: buildArgs(p, node.arguments),
    span,
  }))
}

/** Evaluates arguments, in their order, for several calls of which one is made. */
export function keepArgs(p: Place, given: readonly HArg[]): { readonly body: HStmt[]; readonly args: HArg[] } {
  const body: HStmt[] = []
  const args = given.map((arg): HArg => {
    const temp = makeTemp(p, 'value', arg.value.span)
    body.push(letStmt(temp, arg.value))
    return { ...arg, value: readVar(temp, arg.value.span) }
  })
  return { body, args }
}

/** What is made of an element and of what it is an element of, where some function of the program asks for `this`. */
export function onElement(
  p: Place,
  node: ts.ElementAccessExpression,
  obj: HExpr,
  make: (found: HExpr, self: HExpr | undefined) => HExpr,
): HExpr {
  if (!usesThisSomewhere(p.build)) return make(getElement(p, node, obj), undefined)
  return once(p, obj, (same) => make(getElement(p, node, same), same))
}

export function buildArgs(p: Place, args: readonly ts.Expression[] | undefined): HArg[] {
  return (args ?? []).map((a) => buildArg(p, a))
}

export function buildNew(p: Place, node: ts.NewExpression): HExpr {
  const span = spanOf(p, node)
  const callee = skipOuter(node.expression)
  const own = ownClass(p, callee)
  if (own) {
    const args = buildArgs(p, node.arguments)
    return { kind: 'call', constructs: true, callee: useVar(p, own, spanOf(p, callee)), args, span }
  }
  const holder = holderOf(p, callee)
  if (holder?.kind === 'class') {
    const cls = classOf(p.build, holder.declaration)
    const args = [...recordArgs(p, holder.declaration, span), ...buildArgs(p, node.arguments)]
    const made: HExpr = { kind: 'new', cls, args, span }
    return guardClass(p, holder.declaration, node, made)
  }
  if (ts.isPropertyAccessExpression(callee)) {
    const outer = holderOf(p, callee.expression)
    if (outer?.kind === 'library') return newMember(p, node, callee, outer.name)
  }
  if (ts.isIdentifier(callee)) {
    if (holder?.kind === 'library') return newLibrary(p, node, callee)
    if (callee.text !== 'undefined' && !declarationOf(p.build.oracle, callee)) return buildIdentifier(p, callee)
  }
  return newOfValue(p, node)
}

/** Functions that go through their only argument at once, before anything else can see it. */
const CONSUMERS: ReadonlySet<string> = new Set(['Array.from', 'Object.fromEntries', 'new Map', 'new Set'])

function consumedArgs(name: string, args: readonly HArg[]): readonly HArg[] {
  const [only] = args
  return only && args.length === 1 && CONSUMERS.has(name) ? [{ ...only, value: consumed(only.value) }] : args
}

/** `new Intl.NumberFormat(...)` */
function newMember(p: Place, node: ts.NewExpression, callee: ts.PropertyAccessExpression, object: string): HExpr {
  const span = spanOf(p, node)
  const name = libraryMember(p, callee, object)
  const args = buildArgs(p, node.arguments)
  return name === undefined ? undefinedAt(span) : { kind: 'builtin', name: `new ${name}`, args, span }
}

function newLibrary(p: Place, node: ts.NewExpression, callee: ts.Identifier): HExpr {
  const known = p.build.oracle.checker.getTypeAtLocation(callee).getConstructSignatures().length > 0
  const name = `new ${callee.text}`
  const args = presentArgs(p, name, node.arguments, buildArgs(p, node.arguments))
  if (known && callee.text === 'URLSearchParams') return newSearchParams(p, node)
  if (known) return { kind: 'builtin', name, args: consumedArgs(name, args), span: spanOf(p, node) }
  return refuseLibrary(p, node, callee.text, 'Use arrays and plain objects, or write the class in the program.')
}

/** The constant depth of `flat(n)`, which is n times `flat()`; 1 where it is none. */
function flatLevels(node: ts.CallExpression): number {
  const [depth] = node.arguments
  const levels = depth && ts.isNumericLiteral(depth) ? Number(depth.text) : 1
  return Number.isInteger(levels) && levels < 10 ? levels : 1
}
