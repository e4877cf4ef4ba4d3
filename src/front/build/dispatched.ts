import type { HArg, HClass, HExpr, HFunc } from '../hir.ts'
import { OBJ } from '../kinds.ts'
import { newVar } from '../make-hir.ts'
import { isReserved } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { textOf } from '../source-text.ts'
import { constantKey, holderOf } from './access.ts'
import { buildArgs, keepArgs } from './calls.ts'
import { once } from './chain.ts'
import { classOf, type ClassNode } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { derivedFrom } from './heritage.ts'
import { chooseField, methodKeys } from './lookup.ts'
import { nameTest } from './key-parts.ts'
import { usesThisSomewhere } from './self.ts'
import { areTaken } from './taken-methods.ts'
import { letStmt, readVar, skipOuter, spanOf, undefinedAt, type Place } from './state.ts'

/**
 * Methods of a class that are chosen by a text: `this[action](x)`, `typeof this[action] === 'function'`. They are no values that could be looked for
 * by their names, so each that the class is known to have is asked for; anything else is a field, or missing.
 */

/** More methods than this are not told apart one after the other. */
const METHODS_MAX = 24

/** A method that a key may mean: of any object, or only of instances of a class. */
type Choice = { readonly name: string; readonly cls: HClass | null }

/**
 * The methods that `obj[key]` may mean, where `key` may be a text: those that the type of `obj` has, where it is a class of the program, whatever is
 * asserted of it, and those of classes that extend it; those of all classes around, where nothing is said of it.
 */
export function dispatchNames(p: Place, node: ts.ElementAccessExpression): readonly Choice[] | undefined {
  if (p.prelude || holderOf(p, node.expression) || constantKey(p, node) !== undefined) return undefined
  const { checker, isLib } = p.build.oracle
  const key = checker.getTypeAtLocation(node.argumentExpression)
  if ((key.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.StringLike | ts.TypeFlags.Union)) === 0)
    return undefined
  const written = checker.getTypeAtLocation(skipOuter(node.expression))
  const type = checker.getNonNullableType(checker.getBaseConstraintOfType(written) ?? written)
  const isMeant = nameTest(p.build, node.argumentExpression) ?? (() => true)
  const few = (all: readonly Choice[]): readonly Choice[] | undefined => atMost(all.filter(({ name }) => isMeant(name)))
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return few(classesAround(p, node).flatMap(ownMethods(p)))
  const declaration = type.symbol?.valueDeclaration
  if (!declaration || !ts.isClassLike(declaration) || isLib(declaration)) return undefined
  const own = checker.getPropertiesOfType(type).flatMap((m) => (isNamedMethod(m) ? [{ name: m.name, cls: null }] : []))
  const isOwn = new Set(own.map(({ name }) => name))
  const isAround = new Set(classesAround(p, node))
  const added = derivedFrom(p, declaration)
    .filter((derived) => isAround.has(derived))
    .flatMap(ownMethods(p))
  return few([...own, ...added.filter(({ name }) => !isOwn.has(name))])
}

/** The methods that `obj[key]` may be as a value, where the program puts the key together: those whose names begin and end as it does. */
export function takenNames(p: Place, node: ts.ElementAccessExpression): readonly Choice[] | undefined {
  if (p.prelude || !nameTest(p.build, node.argumentExpression)) return undefined
  return atMost((dispatchNames(p, node) ?? []).filter(({ name }) => areTaken(p.build, name)))
}

const atMost = (all: readonly Choice[]): readonly Choice[] | undefined =>
  all.length > 0 && all.length <= METHODS_MAX ? all : undefined

/** The classes of the program of which there may be instances where a node stands: those of the top level, and of the functions around. */
function classesAround(p: Place, node: ts.Node): ClassNode[] {
  const found: ClassNode[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isClassLike(n)) found.push(n)
    else if (ts.isFunctionLike(n) && !(n.pos <= node.pos && node.end <= n.end)) return
    ts.forEachChild(n, visit)
  }
  p.build.oracle.userFiles.forEach(visit)
  return found
}

/** The methods that a class declares and does not inherit. */
const ownMethods =
  (p: Place) =>
  (node: ClassNode): Choice[] => {
    const cls = classOf(p.build, node)
    const names = [...cls.methods].flatMap(([name, f]) =>
      cls.base?.methods.has(name) || !isPlain(name, f) ? [] : [name],
    )
    return names.map((name) => ({ name, cls }))
  }

/** Whether a method is one of the program, under a name that is a text. */
const isPlain = (name: string, { span }: HFunc): boolean =>
  !isReserved(name) && !(name in Object.prototype) && span.file >= 0

function isNamedMethod({ flags, valueDeclaration }: ts.Symbol): boolean {
  if ((flags & ts.SymbolFlags.Method) === 0 || !valueDeclaration || !ts.isMethodDeclaration(valueDeclaration))
    return false
  return ts.isClassLike(valueDeclaration.parent) && ts.isIdentifier(valueDeclaration.name)
}

/** What is asked once for a call: the object and the key, in variables. */
type Asked = { readonly object: HExpr; readonly key: HExpr }

function isOne({ object, key }: Asked, { name, cls }: Choice): HExpr {
  const { span } = key
  const test: HExpr = { kind: 'binary', op: '===', a: key, b: { kind: 'const', value: name, span }, span }
  if (!cls) return test
  return { kind: 'logical', op: '&&', a: { kind: 'instanceof', x: object, target: cls, span }, b: test, span }
}

/** The object, as one that has the method. */
const receiver = (object: HExpr, { cls }: Choice): HExpr =>
  cls ? { kind: 'narrow', x: object, kinds: OBJ, reason: 'flow', of: cls, span: object.span } : object

const isAny = (asked: Asked, choices: readonly Choice[]): HExpr =>
  choices
    .map((choice) => isOne(asked, choice))
    .reduce((a, b): HExpr => ({ kind: 'logical', op: '||', a, b, span: asked.key.span }))

const element = (obj: HExpr, key: HExpr, span: HExpr['span']): HExpr => ({
  ...{ kind: 'index', obj, key, miss: 'undefined', iterated: false, span },
})

/** What `use` makes of `obj[key]`, of which no more is asked than whether, or what, it is: of a method that is no value. */
export const askDispatched = (
  p: Place,
  node: ts.ElementAccessExpression,
  names: readonly Choice[],
  use: (x: HExpr) => HExpr,
): HExpr => chooseRead(p, node, names, (x) => use({ ...x, asks: true }), use)

/** `obj[key]`, which may be one of some methods that are values. */
export const readTaken = (p: Place, node: ts.ElementAccessExpression, names: readonly Choice[]): HExpr =>
  chooseRead(
    p,
    node,
    names,
    (x) => x,
    (x) => x,
  )

function chooseRead(
  p: Place,
  node: ts.ElementAccessExpression,
  names: readonly Choice[],
  onMethod: (x: HExpr & { kind: 'get' }) => HExpr,
  onOther: (x: HExpr) => HExpr,
): HExpr {
  const span = spanOf(p, node)
  return once(p, buildExpr(p, node.expression), (obj) =>
    once(p, buildExpr(p, node.argumentExpression), (key) =>
      names.reduceRight<HExpr>(
        (otherwise, choice) => {
          const then = onMethod({ kind: 'get', obj: receiver(obj, choice), name: choice.name, span })
          return { kind: 'cond', test: isOne({ object: obj, key }, choice), then, else: otherwise, span }
        },
        onOther(element(obj, key, span)),
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
  names: readonly Choice[],
  obj: HExpr,
): HExpr {
  const span = spanOf(p, node)
  const written = buildExpr(p, callee.argumentExpression)
  const text = `${textOf(obj)}[${textOf(written)}]`
  const { body: first, args } = keepArgs(p, [item(obj), item(written)])
  const [object, key] = args.map(({ value }) => value) as [HExpr, HExpr]
  const other = newVar(p.func, 'value', span, { text })
  const test = isAny({ object, key }, names)
  const read: HExpr = { kind: 'cond', test, then: undefinedAt(span), else: element(object, key, span), span }
  const { body, args: given } = keepArgs(p, buildArgs(p, node.arguments))
  const called = callOn(p, object, readVar(other, span), given, span)
  const value = chooseMethod(names, { object, key }, given, called)
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
  names: readonly Choice[],
  obj: HExpr,
  ways: { readonly onMethod: (made: HExpr) => HExpr; readonly onOther: (found: HExpr, object: HExpr) => HExpr },
): HExpr {
  const span = spanOf(p, node)
  return once(p, obj, (object) =>
    once(p, buildExpr(p, callee.argumentExpression), (key) => {
      const { body, args } = keepArgs(p, buildArgs(p, node.arguments))
      const asked = { object, key }
      // The last of them is asked for only where it is one.
      const last = call(names.at(-1)!, object, args, span)
      const made: HExpr = { kind: 'seq', body, value: chooseMethod(names.slice(0, -1), asked, args, last), span }
      const otherwise = ways.onOther(element(object, key, span), object)
      return { kind: 'cond', test: isAny(asked, names), then: ways.onMethod(made), else: otherwise, span }
    }),
  )
}

const item = (value: HExpr): HArg => ({ kind: 'item', value })

/** A call of a value as a member of an object, which functions of the program may ask for. */
export const callOn = (p: Place, object: HExpr, callee: HExpr, args: readonly HArg[], span: HExpr['span']): HExpr => ({
  ...{ kind: 'call', callee, ...(usesThisSomewhere(p.build) && { self: object }), args, span },
})

const call = (choice: Choice, object: HExpr, args: readonly HArg[], span: HExpr['span']): HExpr => ({
  ...{ kind: 'method', obj: receiver(object, choice), name: choice.name, args, span },
})

const chooseMethod = (choices: readonly Choice[], asked: Asked, args: readonly HArg[], other: HExpr): HExpr =>
  choices.reduceRight<HExpr>(
    (otherwise, choice) => ({
      ...{
        kind: 'cond',
        test: isOne(asked, choice),
        then: call(choice, asked.object, args, other.span),
        else: otherwise,
      },
      span: other.span,
    }),
    other,
  )
