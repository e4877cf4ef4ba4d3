import type { HArg, HExpr } from '../hir.ts'
import { newVar } from '../make-hir.ts'
import { ts } from '../oracle.ts'
import { textOf } from '../source-text.ts'
import { constantKey, holderOf } from './access.ts'
import { buildArgs, keepArgs } from './calls.ts'
import { once } from './chain.ts'
import { buildExpr } from './expressions.ts'
import { chooseField, methodKeys } from './lookup.ts'
import { usesThisSomewhere } from './self.ts'
import { letStmt, readVar, skipOuter, spanOf, undefinedAt, type Place } from './state.ts'

/**
 * Methods of a class that are chosen by a text: `this[action](x)`, `typeof this[action] === 'function'`. They are no values that could be looked for
 * by their names, so each that the class is known to have is asked for; anything else is a field, or missing.
 */

/** More methods than this are not told apart one after the other. */
const METHODS_MAX = 24

/** The methods that `obj[key]` may mean, where the type of `obj` is a class of the program, whatever is asserted of it, and `key` may be a text. */
export function dispatchNames(p: Place, node: ts.ElementAccessExpression): readonly string[] | undefined {
  if (p.prelude || holderOf(p, node.expression) || constantKey(p, node) !== undefined) return undefined
  const { checker, isLib } = p.build.oracle
  const key = checker.getTypeAtLocation(node.argumentExpression)
  if ((key.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.StringLike | ts.TypeFlags.Union)) === 0)
    return undefined
  const written = checker.getTypeAtLocation(skipOuter(node.expression))
  const type = checker.getNonNullableType(checker.getBaseConstraintOfType(written) ?? written)
  const declaration = type.symbol?.valueDeclaration
  if (
    !declaration ||
    !ts.isClassLike(declaration) ||
    isLib(declaration) ||
    checker.getIndexInfosOfType(type).length > 0
  )
    return undefined
  const names = checker.getPropertiesOfType(type).flatMap((member) => (isNamedMethod(member) ? [member.name] : []))
  return names.length > 0 && names.length <= METHODS_MAX ? names : undefined
}

function isNamedMethod({ flags, valueDeclaration }: ts.Symbol): boolean {
  if ((flags & ts.SymbolFlags.Method) === 0 || !valueDeclaration || !ts.isMethodDeclaration(valueDeclaration))
    return false
  return ts.isClassLike(valueDeclaration.parent) && ts.isIdentifier(valueDeclaration.name)
}

const isOne = (key: HExpr, name: string): HExpr => ({
  ...{ kind: 'binary', op: '===', a: key, b: { kind: 'const', value: name, span: key.span }, span: key.span },
})

const isAny = (key: HExpr, names: readonly string[]): HExpr =>
  names.map((name) => isOne(key, name)).reduce((a, b): HExpr => ({ kind: 'logical', op: '||', a, b, span: key.span }))

const element = (obj: HExpr, key: HExpr, span: HExpr['span']): HExpr => ({
  ...{ kind: 'index', obj, key, miss: 'undefined', iterated: false, span },
})

/** What `use` makes of `obj[key]`, of which no more is asked than whether, or what, it is: of a method that is no value. */
export function askDispatched(
  p: Place,
  node: ts.ElementAccessExpression,
  names: readonly string[],
  use: (x: HExpr) => HExpr,
): HExpr {
  const span = spanOf(p, node)
  return once(p, buildExpr(p, node.expression), (obj) =>
    once(p, buildExpr(p, node.argumentExpression), (key) =>
      names.reduceRight<HExpr>(
        (otherwise, name) => {
          const then = use({ kind: 'get', obj, name, asks: true, span })
          return { kind: 'cond', test: isOne(key, name), then, else: otherwise, span }
        },
        use(element(obj, key, span)),
      ),
    ),
  )
}

/** `obj[key](args)` with `obj` already built, where the key may be the name of a method. */
export function callDispatched(
  p: Place,
  node: ts.CallExpression,
  callee: ts.ElementAccessExpression,
  obj: HExpr,
): HExpr | undefined {
  const names = dispatchNames(p, callee)
  if (names) return callNamed(p, node, callee, names, obj)
  const keys = methodKeys(p, callee)
  return keys && callListed(p, node, callee, keys, obj)
}

/** What is no method is read before the arguments are there. */
function callNamed(
  p: Place,
  node: ts.CallExpression,
  callee: ts.ElementAccessExpression,
  names: readonly string[],
  obj: HExpr,
): HExpr {
  const span = spanOf(p, node)
  const written = buildExpr(p, callee.argumentExpression)
  const text = `${textOf(obj)}[${textOf(written)}]`
  const { body: first, args } = keepArgs(p, [item(obj), item(written)])
  const [object, key] = args.map(({ value }) => value) as [HExpr, HExpr]
  const other = newVar(p.func, 'value', span, { text })
  const test = isAny(key, names)
  const read: HExpr = { kind: 'cond', test, then: undefinedAt(span), else: element(object, key, span), span }
  const { body, args: given } = keepArgs(p, buildArgs(p, node.arguments))
  const called = callOn(p, object, readVar(other, span), given, span)
  const value = chooseMethod(names, object, key, given, called)
  return { kind: 'seq', body: [...first, letStmt(other, read), ...body], value, span }
}

/** One of the methods that the type of the key lists, of an object that may be of several classes, whose other methods are not known. */
function callListed(
  p: Place,
  node: ts.CallExpression,
  callee: ts.ElementAccessExpression,
  keys: readonly (string | number)[],
  obj: HExpr,
): HExpr {
  const span = spanOf(p, node)
  const written = buildExpr(p, callee.argumentExpression)
  const { body, args } = keepArgs(p, [item(obj), item(written), ...buildArgs(p, node.arguments)])
  const [object, key] = args.map((arg) => arg.value) as [HExpr, HExpr]
  const given = args.slice(2)
  const value = chooseField(p, callee, keys, key, (name) => ({ kind: 'method', obj: object, name, args: given, span }))
  return { kind: 'seq', body, value, span }
}

/** `obj[key]?.(args)` with `obj` already built: `onMethod` is given the call of a method, `onOther` what may be there besides, for which it builds arguments anew. */
export function callDispatchedIfThere(
  p: Place,
  node: ts.CallExpression,
  callee: ts.ElementAccessExpression,
  names: readonly string[],
  obj: HExpr,
  ways: { readonly onMethod: (made: HExpr) => HExpr; readonly onOther: (found: HExpr, object: HExpr) => HExpr },
): HExpr {
  const span = spanOf(p, node)
  return once(p, obj, (object) =>
    once(p, buildExpr(p, callee.argumentExpression), (key) => {
      const { body, args } = keepArgs(p, buildArgs(p, node.arguments))
      const [first, ...others] = names as [string, ...string[]]
      const last: HExpr = { kind: 'method', obj: object, name: first, args, span }
      const made: HExpr = { kind: 'seq', body, value: chooseMethod(others, object, key, args, last), span }
      const otherwise = ways.onOther(element(object, key, span), object)
      return { kind: 'cond', test: isAny(key, names), then: ways.onMethod(made), else: otherwise, span }
    }),
  )
}

const item = (value: HExpr): HArg => ({ kind: 'item', value })

/** A call of a value as a member of an object, which functions of the program may ask for. */
export const callOn = (p: Place, object: HExpr, callee: HExpr, args: readonly HArg[], span: HExpr['span']): HExpr => ({
  ...{ kind: 'call', callee, ...(usesThisSomewhere(p.build) && { self: object }), args, span },
})

function chooseMethod(names: readonly string[], obj: HExpr, key: HExpr, args: readonly HArg[], other: HExpr): HExpr {
  return names.reduceRight<HExpr>((otherwise, name) => {
    const then: HExpr = { kind: 'method', obj, name, args, span: other.span }
    return { kind: 'cond', test: isOne(key, name), then, else: otherwise, span: other.span }
  }, other)
}
