import type { HExpr, HStmt } from '../hir.ts'
import { ALL } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { textOf } from '../source-text.ts'
import { constantKey, holderOf } from './access.ts'
import { once } from './chain.ts'
import { isErased } from './classes.ts'
import { isTextuallyEarly } from './early.ts'
import { buildExpr } from './expressions.ts'
import { chooseField, lookupKeys } from './lookup.ts'
import { memberName } from './heritage.ts'
import { missOf } from './miss.ts'
import { buildIdentifier, isVariable, staticClassOf } from './names.ts'
import { narrowName, narrowTo, propertyKinds, resultKinds } from './narrow.ts'
import { compoundOperator, logicalOperator } from './operators.ts'
import { destructure, nameOf } from './patterns.ts'
import { declarationOf } from './resolve-name.ts'
import { exprStmt, letStmt, makeTemp, readVar, refuse, skipOuter, spanOf, type Place } from './state.ts'
import { openStatic } from './statics.ts'
import { familyOf, openStaticOf } from './statics-of-values.ts'
import { readSuper, writeSuper } from './super.ts'
import { isStatic, ownerOf } from './facts.ts'
import { assignVar, useVar, variableOf } from './variables.ts'

/** A place that can be assigned to, with its object and key evaluated once, before the value. */
type Target = {
  readonly before: readonly HStmt[]
  readonly read: () => HExpr
  readonly write: (value: HExpr) => HExpr
}

export function buildAssignment(p: Place, node: ts.BinaryExpression, used: boolean): HExpr {
  const kind = node.operatorToken.kind
  const left = skipOuter(node.left)
  if (kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left))
      return assignPattern(p, node, left, used)
    return writePlain(p, left, () => buildExpr(p, node.right))
  }
  const target = openTarget(p, left)
  const span = spanOf(p, node)
  const logical = logicalOperator(kind)
  if (logical) {
    const value: HExpr = {
      kind: 'logical',
      op: logical,
      a: target.read(),
      b: target.write(buildExpr(p, node.right)),
      span,
    }
    return withBefore(target.before, value)
  }
  const op = compoundOperator(kind)
  if (!op) return refuse(p, node, 'this operator', 'Write it in another way.')
  const value: HExpr = { kind: 'binary', op, a: target.read(), b: buildExpr(p, node.right), span }
  return withBefore(target.before, target.write(value))
}

/** `++` and `--`: the old value, as a number, or the new one (ECMA-262 13.4). */
export function buildStep(p: Place, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, used: boolean): HExpr {
  const span = spanOf(p, node)
  const target = openTarget(p, skipOuter(node.operand))
  const op = node.operator === ts.SyntaxKind.PlusPlusToken ? '++' : '--'
  const name = textOf(target.read())
  if (ts.isPrefixUnaryExpression(node) || !used) {
    const value = target.write({ kind: 'unary', op, x: target.read(), span })
    if (!used || target.before.length === 0) return withBefore(target.before, value)
    return { kind: 'seq', body: [...target.before], value, text: `(${op}${name})`, span }
  }
  const old: HExpr = { kind: 'unary', op: 'numeric', x: target.read(), span }
  const temp = makeTemp(p, 'old', span)
  const write = target.write({ kind: 'unary', op, x: readVar(temp, span), span })
  return {
    kind: 'seq',
    body: [...target.before, letStmt(temp, old), exprStmt(write)],
    value: readVar(temp, span),
    text: `(${name}${op})`,
    span,
  }
}

function withBefore(before: readonly HStmt[], value: HExpr): HExpr {
  return before.length === 0 ? value : { kind: 'seq', body: before, value, span: value.span }
}

/** Assigns `value` to a target of a destructuring assignment. */
export function assignTarget(p: Place, target: ts.Expression, value: HExpr): HStmt[] {
  const t = skipOuter(target)
  if (ts.isArrayLiteralExpression(t) || ts.isObjectLiteralExpression(t)) return destructure(p, t, value)
  return [exprStmt(writePlain(p, t, () => value))]
}

/** `target = value` where nothing reads the target first. */
function writePlain(p: Place, target: ts.Expression, value: () => HExpr): HExpr {
  const span = spanOf(p, target)
  if (
    ts.isPropertyAccessExpression(target) &&
    !isSuperMember(target) &&
    !holderOf(p, target.expression) &&
    !familyOf(p, target)
  ) {
    const obj = buildExpr(p, target.expression)
    const declared = isDeclared(p, target)
    const made = { kind: 'set', obj, name: memberName(p, target.name), value: value(), declared, span } as const
    return rebinds(target) ? { ...made, rebinds: true } : made
  }
  if (ts.isElementAccessExpression(target) && !holderOf(p, target.expression) && !lookupKeys(p, target)) {
    const obj = buildExpr(p, target.expression)
    const name = constantKey(p, target)
    if (name !== undefined) return { kind: 'set', obj, name, value: value(), span }
    return { kind: 'setIndex', obj, key: buildExpr(p, target.argumentExpression), value: value(), span }
  }
  const open = openTarget(p, target)
  return withBefore(open.before, open.write(value()))
}

function openTarget(p: Place, target: ts.Expression): Target {
  if (ts.isIdentifier(target)) return openName(p, target)
  if (ts.isPropertyAccessExpression(target)) return openProperty(p, target)
  if (ts.isElementAccessExpression(target)) return openElement(p, target)
  return refusedTarget(p, target, 'this assignment target', 'Assign to a variable, a field or an element.')
}

function refusedTarget(p: Place, node: ts.Node, feature: string, hint: string): Target {
  const nothing = refuse(p, node, feature, hint)
  return { before: [], read: () => nothing, write: (value) => value }
}

function openName(p: Place, node: ts.Identifier): Target {
  const declaration = declarationOf(p.build.oracle, node)
  if (!declaration && node.text !== 'undefined') return openUndeclared(p, node)
  if (!declaration || !isVariable(declaration) || p.build.oracle.isLib(declaration)) {
    return refusedTarget(
      p,
      node,
      'assignment to this name',
      'Assign to a variable that the program declares with `let`.',
    )
  }
  const v = variableOf(p.build, declaration)
  const span = spanOf(p, node)
  if (isConstant(declaration))
    return refusedTarget(p, node, 'assignment to a constant', 'Declare the variable with `let`.')
  const early = v.checked && (ownerOf(declaration) !== ownerOf(node) || isTextuallyEarly(declaration, node))
  return {
    before: [],
    read: () => narrowName(p, useVar(p, v, span), node),
    write: (value) => {
      if (!early) return assignVar(p, v, value, span)
      const temp = makeTemp(p, 'value', span)
      const body = [letStmt(temp, value), exprStmt(useVar(p, v, span))]
      return { kind: 'seq', body, value: assignVar(p, v, readVar(temp, span), span), span }
    },
  }
}

/** A name that nothing declares: the value is there by the time that strict code finds no variable for it (ECMA-262 6.2.5.6). */
function openUndeclared(p: Place, node: ts.Identifier): Target {
  const span = spanOf(p, node)
  const fail = (): HExpr => buildIdentifier(p, node)
  return { before: [], read: fail, write: (value) => ({ kind: 'seq', body: [exprStmt(value)], value: fail(), span }) }
}

function isConstant(d: ts.Declaration): boolean {
  if (ts.isFunctionExpression(d)) return true
  let n: ts.Node = d
  while (ts.isBindingElement(n) || ts.isBindingName(n)) n = n.parent
  return ts.isVariableDeclaration(n) && (n.parent.flags & ts.NodeFlags.Const) !== 0
}

function openProperty(p: Place, node: ts.PropertyAccessExpression): Target {
  const span = spanOf(p, node)
  const holder = holderOf(p, node.expression)
  const family = familyOf(p, node)
  const chosen = family && openStaticOf(p, node, family)
  if (chosen) return chosen
  if (family && !holder)
    return refusedTarget(p, node, 'assignment to a member of a class that is a value', 'Name the class before the dot.')
  if (holder?.kind === 'class') {
    return openStatic(p, node, holder.declaration)
  }
  if (holder)
    return refusedTarget(
      p,
      node,
      'assignment to this name',
      'Assign to a variable that the program declares with `let`.',
    )
  if (isSuperMember(node))
    return { before: [], read: () => readSuper(p, node), write: (value) => writeSuper(p, node, value) }
  const [before, obj] = keep(p, buildExpr(p, node.expression))
  const name = memberName(p, node.name)
  const declared = isDeclared(p, node)
  return {
    before,
    read: () => narrowTo({ kind: 'get', obj, name, span }, name === 'length' ? ALL : propertyKinds(p, node)),
    write: (value) => ({ kind: 'set', obj, name, value, declared, span }),
  }
}

/** Whether a property is a field that a class of the program declares, as far as the type of the object says. */
function isDeclared(p: Place, { name }: ts.PropertyAccessExpression): boolean {
  if (ts.isPrivateIdentifier(name)) return false
  const declared = p.build.oracle.checker.getSymbolAtLocation(name)?.declarations ?? []
  return declared.some((d) =>
    ts.isPropertyDeclaration(d) ? !isStatic(d) && !isErased(d) : ts.isParameterPropertyDeclaration(d, d.parent),
  )
}

const isSuperMember = (node: ts.PropertyAccessExpression): boolean =>
  node.expression.kind === ts.SyntaxKind.SuperKeyword && !staticClassOf(node)

function openElement(p: Place, node: ts.ElementAccessExpression): Target {
  const span = spanOf(p, node)
  if (holderOf(p, node.expression))
    return refusedTarget(p, node, 'members by computed name', 'Name the member after a dot.')
  const [first, obj] = keep(p, buildExpr(p, node.expression))
  const name = constantKey(p, node)
  if (name !== undefined) {
    return {
      before: first,
      read: () => ({ kind: 'get', obj, name, span }),
      write: (value) => ({ kind: 'set', obj, name, value, span }),
    }
  }
  const [second, key] = keep(p, buildExpr(p, node.argumentExpression))
  const keys = lookupKeys(p, node)
  const miss = missOf(p, node)
  const kinds = resultKinds(p, node)
  return {
    before: [...first, ...second],
    read: () => narrowTo({ kind: 'index', obj, key, miss, iterated: false, span }, kinds),
    write: keys
      ? (value) => setField(p, node, keys, obj, key, value)
      : (value) => ({ kind: 'setIndex', obj, key, value, span }),
  }
}

/** `record[key] = value` where the type of the key lists the fields. */
function setField(
  p: Place,
  node: ts.ElementAccessExpression,
  keys: readonly (string | number)[],
  obj: HExpr,
  key: HExpr,
  value: HExpr,
): HExpr {
  const span = spanOf(p, node)
  return once(p, value, (same) =>
    chooseField(p, node, keys, key, (name) => ({ kind: 'set', obj, name, value: same, span })),
  )
}

/** A value that can be used twice: variables that never change stay, anything else is kept in a temporary. */
function keep(p: Place, x: HExpr): [readonly HStmt[], HExpr] {
  const plain = x.kind === 'narrow' ? x.x : x
  if (plain.kind === 'const' || (plain.kind === 'var' && !plain.v.assigned)) return [[], x]
  const temp = makeTemp(p, 'value', x.span)
  return [[letStmt(temp, x)], readVar(temp, x.span)]
}

function assignPattern(
  p: Place,
  node: ts.BinaryExpression,
  left: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression,
  used: boolean,
): HExpr {
  const span = spanOf(p, node)
  const right = skipOuter(node.right)
  if (!used && ts.isArrayLiteralExpression(left) && ts.isArrayLiteralExpression(right)) {
    const body = assignPairs(p, left, right)
    if (body) return { kind: 'seq', body, value: { kind: 'const', value: undefined, span }, span }
  }
  const temp = makeTemp(p, 'value', span)
  const value = buildExpr(p, node.right)
  const body = [
    letStmt(temp, value),
    ...destructure(p, left, readVar(temp, span), nameOf(left, readVar(temp, span), value)),
  ]
  return { kind: 'seq', body, value: readVar(temp, span), span }
}

/** `[a, b] = [b, a]` without an array: all values first, then all targets. */
function assignPairs(p: Place, left: ts.ArrayLiteralExpression, right: ts.ArrayLiteralExpression): HStmt[] | undefined {
  const simple = (e: ts.Expression): boolean => !ts.isSpreadElement(e) && !ts.isOmittedExpression(e)
  const target = (e: ts.Expression): boolean =>
    ts.isIdentifier(e) || ts.isPropertyAccessExpression(e) || ts.isElementAccessExpression(e)
  if (left.elements.length !== right.elements.length) return undefined
  if (!left.elements.every(target) || !right.elements.every(simple)) return undefined
  const temps = right.elements.map((e) => makeTemp(p, 'value', spanOf(p, e)))
  const values = right.elements.map((e, i) => letStmt(temps[i] as (typeof temps)[number], buildExpr(p, e)))
  const writes = left.elements.flatMap((e, i) =>
    assignTarget(p, e, readVar(temps[i] as (typeof temps)[number], spanOf(p, e))),
  )
  return [...values, ...writes]
}

/** `this.f = this.f.bind(this)`, after which `this.f` is the method as before. */
function rebinds(target: ts.PropertyAccessExpression): boolean {
  const { parent } = target
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  const call = skipOuter(parent.right)
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false
  const isThis = (e: ts.Expression | undefined): boolean => e?.kind === ts.SyntaxKind.ThisKeyword
  const { expression: method, name } = call.expression
  return (
    name.text === 'bind' &&
    call.arguments.length === 1 &&
    [target.expression, call.arguments[0]].every(isThis) &&
    ts.isPropertyAccessExpression(method) &&
    isThis(method.expression) &&
    method.name.text === target.name.text
  )
}
