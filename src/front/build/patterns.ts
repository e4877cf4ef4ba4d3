import type { Span } from '../../base/index.ts'
import type { HExpr, HStmt, HVar } from '../hir.ts'
import { ALL, ARR, NULLISH, NUM, STR, UNDEF } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { computedKey, propertyName } from './access.ts'
import { assignTarget } from './assign.ts'
import { once } from './chain.ts'
import { buildExpr } from './expressions.ts'
import { bindVariable } from './hoisting.ts'
import { missOfName } from './miss.ts'
import { isListed, kindsAt, narrow, narrowTo } from './narrow.ts'
import { INTERMEDIATE, isLongOperation, isNew, notIterable, textOf, VALUE_NOT_ITERABLE } from '../source-text.ts'
import { exprStmt, letStmt, makeTemp, readVar, refuse, skipOuter, spanOf, type Place } from './state.ts'
import { isTested as isTestedVariable } from './variables.ts'
import { cannotRead, VALUE } from '../member-names.ts'

/** One element of a pattern, whether it declares names or assigns to targets. */
type Part = {
  readonly node: ts.Node
  readonly rest: boolean
  /** Present in object patterns. */
  readonly key: ts.PropertyName | undefined
  readonly initializer: ts.Expression | undefined
  /** What a pattern within this one takes apart by default. */
  readonly initial?: HExpr | undefined
  /** The name that is declared, or what is assigned to; a pattern in either case. */
  readonly target: ts.BindingName | ts.Expression
  readonly declares: boolean
  /** The messages where there is nothing to take apart, and where it cannot be iterated over, if they are not those of the target. */
  readonly missing?: string
  readonly list?: string
}

/** How V8 names what a pattern takes apart. */
type Named = {
  /** Its text, if it has one: that of a pattern within another is lost, unless there is a default. */
  readonly text: string | undefined
  /** The message where it is to be iterated over and cannot be. */
  readonly list: string
}

/** `value`, or the default where it is undefined (ECMA-262 8.6.2). */
export function withDefault(p: Place, value: HExpr, initializer: ts.Expression | undefined): HExpr {
  return initializer ? orDefault(p, value, buildExpr(p, initializer)) : value
}

function orDefault(p: Place, value: HExpr, initial: HExpr): HExpr {
  return once(p, value, (same) => ({
    kind: 'cond',
    test: { kind: 'isMissing', x: same, nullish: false, span: value.span },
    then: initial,
    else: narrow(same, ALL & ~UNDEF, 'flow', value.span),
    span: value.span,
  }))
}

/** Declares the names of a pattern, or the one name, with parts of `value`. */
export function bindName(p: Place, name: ts.BindingName, value: HExpr): HStmt[] {
  if (ts.isIdentifier(name)) {
    const declaration = name.parent as ts.VariableDeclaration | ts.BindingElement | ts.ParameterDeclaration
    return [bindVariable(p, declaration, value)]
  }
  return destructure(p, name, value)
}

/** Takes `value` apart along a pattern, in the order of the text; messages name it so. */
export function destructure(p: Place, pattern: Pattern, value: HExpr, named: Named = nameOf(pattern, value)): HStmt[] {
  const array = ts.isArrayBindingPattern(pattern) || ts.isArrayLiteralExpression(pattern)
  const parts = partsOf(p, pattern).map((part) => part && withInitial(p, part))
  // It would still have to ask whether the value can be iterated over.
  if (array && !parts.some(Boolean)) refuse(p, pattern, 'an array pattern that takes nothing', 'Leave the pattern out.')
  const body: HStmt[] = []
  const message = p.prelude ? null : array ? named.list : objectMessage(p, named, parts[0])
  const present: HExpr = message === null ? value : { kind: 'require', x: value, message, span: value.span }
  const checked = array && !p.prelude && !isList(p, pattern) ? elementsOf(parts, present) : present
  let source = checked
  if (checked.kind !== 'var' || checked.v.assigned) {
    const temp = makeTemp(p, 'value', value.span)
    body.push(letStmt(temp, checked))
    source = readVar(temp, value.span)
  }
  if (array) parts.forEach((part, i) => part && body.push(...bindElement(p, part, source, i, true)))
  else
    body.push(
      ...bindFields(
        p,
        parts.map((part) => part && withText(p, part, named)),
        source,
        isIndexed(p, pattern),
      ),
    )
  return body
}

/** Whether a pattern takes elements of a list, also before an assertion says so. */
function isList(p: Place, pattern: ts.Node): boolean {
  const { parent } = pattern
  const value = ts.isVariableDeclaration(parent)
    ? parent.initializer
    : ts.isBinaryExpression(parent)
      ? parent.right
      : undefined
  // What is assigned to says nothing of a part of what is taken apart, nor does a default.
  const outer = value && ts.isBinaryExpression(parent) ? parent.parent : parent
  if (ts.isArrayLiteralExpression(outer) || ts.isPropertyAssignment(outer)) return false
  // What is assigned to has the type of a list itself.
  const told = value && ts.isBinaryExpression(parent) ? value : pattern
  return isListed(p, told) && (!value || value === skipOuter(value) || mayBeList(p, skipOuter(value)))
}

/** Whether the checker takes a value for a list, or knows nothing of it. */
function mayBeList(p: Place, node: ts.Expression): boolean {
  const { flags } = p.build.oracle.checker.getTypeAtLocation(node)
  return isListed(p, node) || (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0
}

/**
 * What an array pattern takes its parts from: an array or a string itself, of any other iterable as many elements as the
 * pattern takes. Code of the pattern that would run between two of them is for arrays and strings only.
 */
function elementsOf(parts: readonly (Part | undefined)[], value: HExpr): HExpr {
  const { span } = value
  const rest = parts.some((part) => part?.rest)
  const quiet = parts.every((part) => !part || isQuiet(part))
  const constants: HExpr[] = [rest ? Infinity : parts.length, quiet].map((c) => ({ kind: 'const', value: c, span }))
  const args = [value, ...constants].map((x) => ({ kind: 'item', value: x }) as const)
  return { kind: 'builtin', name: '@@take', args, span }
}

/** Whether binding a part runs no code of the program and cannot fail. */
function isQuiet({ initializer, target }: Part): boolean {
  const simple = initializer === undefined || ts.isLiteralExpression(initializer) || ts.isIdentifier(initializer)
  return simple && ts.isIdentifier(target)
}

/** What V8 says of an object pattern whose value is null or undefined; null where its first field says it, when it is read. */
function objectMessage(p: Place, { text }: Named, first: Part | undefined): string | null {
  const name = first && keyName(p, first)
  if (!first || name === undefined)
    return text === undefined ? 'Cannot read properties of %' : cannotDestructure(name, text)
  // V8 takes the default of the first field for what is taken apart, if that is an object pattern.
  if (first.initial)
    return isListPattern(first.target) ? cannotRead(name) : cannotDestructure(name, textOf(first.initial))
  // It finds no pattern where the first field goes to a member, which it looks for before, or has a default.
  if (ts.isPropertyAccessExpression(first.target) || ts.isElementAccessExpression(first.target)) return null
  if (first.initializer) return cannotRead(name)
  return text === undefined ? null : cannotDestructure(name, text)
}

const cannotDestructure = (name: string | undefined, text: string): string =>
  name === undefined
    ? `Cannot destructure '${text}' as it is %.`
    : `Cannot destructure property '${name}' of '${text}' as it is %.`

/** The name of the field that a part takes, if it is written as one. */
const keyName = (p: Place, { key, rest }: Part): string | undefined =>
  key && !rest && !ts.isComputedPropertyName(key) ? propertyName(p, key) : undefined

/** How V8 names the value of a pattern that is no part of another; `written`: what is said of where it comes from. */
export function nameOf(pattern: ts.Node, value: HExpr, written: HExpr = value): Named {
  const { parent } = pattern
  const isWhole = ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBinaryExpression(parent)
  return { text: isWhole ? wholeText(pattern, written) : undefined, list: iterableMessage(pattern, value) }
}

function wholeText(pattern: ts.Node, written: HExpr): string {
  const { parent } = pattern
  if (ts.isParameter(parent)) return parent.initializer ? INTERMEDIATE.repeat(3) : VALUE
  return isForHead(pattern) ? '.for' : textOf(written)
}

/** How V8 names what a part of an object pattern takes apart in its turn: by the whole, if at all. */
function withText(p: Place, part: Part, { text }: Named): Part {
  if (part.initializer || text === undefined || !isPattern(part.target)) return part
  const name = keyName(p, part)
  if (isListPattern(part.target)) {
    if (name === undefined) return part
    const list =
      text === VALUE ? VALUE_NOT_ITERABLE : `${text} is not iterable (cannot read property Symbol(Symbol.iterator))`
    return { ...part, missing: cannotDestructure('Symbol(Symbol.iterator)', text), list }
  }
  const [first] = partsOf(p, part.target)
  if (first && (first.rest || keyName(p, first) !== undefined)) return part
  const isText = part.key && (ts.isIdentifier(part.key) || ts.isStringLiteralLike(part.key))
  return { ...part, missing: cannotDestructure(isText ? name : undefined, text) }
}

const withInitial = (p: Place, part: Part): Part =>
  part.initializer && isPattern(part.target) ? { ...part, initial: buildExpr(p, part.initializer) } : part

/** How V8 names what a part takes apart that has a default: by that, be it the default or not. */
function namedByDefault(initial: HExpr): Named {
  const plain = initial.kind === 'narrow' ? initial.x : initial
  const isNamed = isNew(plain) || ['var', 'get', 'index', 'call', 'method'].includes(plain.kind)
  return { text: textOf(initial), list: isNamed ? notIterable(plain) : VALUE_NOT_ITERABLE }
}

/** What V8 says of an array pattern whose value is null or undefined. */
function iterableMessage(pattern: ts.Node, value: HExpr): string {
  const plain = value.kind === 'narrow' ? value.x : value
  const isNamed = ['var', 'const', 'call', 'await', 'yield'].includes(plain.kind) || isNew(plain)
  if (isForHead(pattern)) return '.for is not iterable'
  if (!ts.isVariableDeclaration(pattern.parent) || ts.isCatchClause(pattern.parent.parent)) return VALUE_NOT_ITERABLE
  if (isShown(plain)) return `${textOf(plain)} is not iterable`
  return isNamed ? notIterable(plain) : VALUE_NOT_ITERABLE
}

/** What is named as it is written, for reasons of V8. */
const isShown = (x: HExpr): boolean =>
  x.kind === 'unary' ||
  x.kind === 'object' ||
  isLongOperation(x) ||
  (x.kind === 'cond' && !x.chain && x.test.kind !== 'isMissing')

type Pattern = ts.BindingPattern | ts.ArrayLiteralExpression | ts.ObjectLiteralExpression

const isListPattern = (target: Part['target']): target is ts.ArrayBindingPattern | ts.ArrayLiteralExpression =>
  ts.isArrayBindingPattern(target) || ts.isArrayLiteralExpression(target)

const isPattern = (target: Part['target']): target is Pattern =>
  isListPattern(target) || ts.isObjectBindingPattern(target) || ts.isObjectLiteralExpression(target)

const isForHead = (pattern: ts.Node): boolean =>
  ts.isVariableDeclaration(pattern.parent) && ts.isForOfStatement(pattern.parent.parent.parent)

/** `iterated`: an element of an array pattern, for which a string is its code points. */
function bindElement(p: Place, part: Part, source: HExpr, at: number, iterated: boolean): HStmt[] {
  const span = spanOf(p, part.node)
  const key: HExpr = { kind: 'const', value: at, span }
  if (part.rest) {
    const copy: HExpr = { kind: 'array', elems: [{ kind: 'spread', value: source }], span }
    return bindPart(p, part, { kind: 'method', obj: copy, name: 'slice', args: [{ kind: 'item', value: key }], span })
  }
  const isOpen = part.initializer || isTested(p, part) || kindsAllowMissing(p, part)
  const miss = isOpen ? 'undefined' : ts.isBindingElement(part.node) ? missOfName(p, part.node) : 'trap'
  return bindPart(p, part, { kind: 'index', obj: source, key, miss, iterated, span })
}

/** Whether `{ 0: first }` takes an element: of an array or a string. */
function isIndexed(p: Place, pattern: ts.Node): boolean {
  const kinds = kindsAt(p, pattern)
  return kinds !== ALL && (kinds & (ARR | STR)) !== 0
}

function bindFields(p: Place, parts: readonly (Part | undefined)[], source: HExpr, indexed: boolean): HStmt[] {
  const taken: string[] = []
  const computed: HVar[] = []
  return parts.flatMap((part) => {
    if (!part) return []
    const span = spanOf(p, part.node)
    if (part.rest) return bindPart(p, part, restOf(p, source, taken, computed, span))
    const key = part.key && computedKey(p, part.key)
    if (key) {
      const v = makeTemp(p, 'key', span)
      computed.push(v)
      const value = {
        kind: 'index',
        obj: source,
        key: readVar(v, span),
        miss: 'undefined',
        iterated: false,
        span,
      } as const
      return [letStmt(v, buildKey(p, key)), ...bindPart(p, part, value)]
    }
    const name = part.key && propertyName(p, part.key)
    if (name === undefined) return []
    taken.push(name)
    if (indexed && /^(0|[1-9]\d*)$/.test(name)) return bindElement(p, part, source, Number(name), false)
    return bindPart(p, part, {
      kind: 'get',
      obj: source,
      name,
      ...(isOfAny(p, part.node.parent) && { loose: true }),
      span,
    })
  })
}

/** Whether the checker knows nothing of what a pattern takes apart. */
const isOfAny = (p: Place, pattern: ts.Node): boolean =>
  !p.prelude && (p.build.oracle.checker.getTypeAtLocation(pattern).flags & ts.TypeFlags.Any) !== 0

/** A key that is known only when the program runs. An object would be asked for its text at each use. */
function buildKey(p: Place, key: ts.Expression): HExpr {
  if (kindsAt(p, key) & ~(STR | NUM))
    return refuse(p, key, 'a computed name that may be no text', 'Make a text or a number of it before.')
  return buildExpr(p, key)
}

/** What is left of an object: a copy of it without what the pattern has taken. */
function restOf(p: Place, source: HExpr, taken: readonly string[], computed: readonly HVar[], span: Span): HExpr {
  const copy: HExpr = { kind: 'object', props: [{ kind: 'spread', value: source, except: [...taken] }], span }
  if (computed.length === 0) return copy
  const rest = makeTemp(p, 'rest', span)
  const drop = (key: HVar): HStmt =>
    exprStmt({ kind: 'delete', obj: readVar(rest, span), key: readVar(key, span), span })
  return { kind: 'seq', body: [letStmt(rest, copy), ...computed.map(drop)], value: readVar(rest, span), span }
}

function bindPart(p: Place, part: Part, value: HExpr): HStmt[] {
  const plain = part.declares && ts.isIdentifier(part.target) && !part.initializer
  const kinds = plain ? kindsAt(p, part.target) : ALL
  const narrowed = kinds === ALL ? value : narrowTo(value, kinds | NULLISH)
  const { missing: message } = part
  const given: HExpr = message === undefined ? narrowed : { kind: 'require', x: narrowed, message, span: value.span }
  if (isPattern(part.target)) {
    const { initial } = part
    if (initial) return destructure(p, part.target, orDefault(p, given, initial), namedByDefault(initial))
    return destructure(p, part.target, given, { text: undefined, list: part.list ?? VALUE_NOT_ITERABLE })
  }
  const full = withDefault(p, given, part.initializer)
  if (part.declares) return bindName(p, part.target as ts.Identifier, full)
  return assignTarget(p, part.target as ts.Expression, full)
}

function isTested(p: Place, part: Part): boolean {
  return part.declares && ts.isBindingElement(part.node) && isTestedVariable(p.build, part.node)
}

/** Whether the type of what is bound has room for undefined. */
function kindsAllowMissing(p: Place, part: Part): boolean {
  if (p.prelude || !ts.isIdentifier(part.target)) return false
  const kinds = kindsAt(p, part.target)
  return kinds !== ALL && (kinds & UNDEF) !== 0
}

function partsOf(p: Place, pattern: Pattern): (Part | undefined)[] {
  if (ts.isArrayLiteralExpression(pattern)) return pattern.elements.map((e) => elementPart(e))
  if (ts.isObjectLiteralExpression(pattern)) return pattern.properties.map((e) => fieldPart(p, e))
  return pattern.elements.map((e) => {
    if (ts.isOmittedExpression(e)) return undefined
    const own = ts.isIdentifier(e.name) ? e.name : undefined
    const rest = e.dotDotDotToken !== undefined
    return { node: e, rest, key: e.propertyName ?? own, initializer: e.initializer, target: e.name, declares: true }
  })
}

function elementPart(node: ts.Expression): Part | undefined {
  if (ts.isOmittedExpression(node)) return undefined
  if (ts.isSpreadElement(node))
    return { node, rest: true, key: undefined, initializer: undefined, target: node.expression, declares: false }
  return { node, rest: false, key: undefined, ...splitDefault(node), declares: false }
}

function splitDefault(node: ts.Expression): { target: ts.Expression; initializer: ts.Expression | undefined } {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return { target: skipOuter(node.left), initializer: node.right }
  }
  return { target: skipOuter(node), initializer: undefined }
}

function fieldPart(p: Place, node: ts.ObjectLiteralElementLike): Part | undefined {
  if (ts.isSpreadAssignment(node))
    return { node, rest: true, key: undefined, initializer: undefined, target: node.expression, declares: false }
  if (ts.isShorthandPropertyAssignment(node)) {
    return {
      node,
      rest: false,
      key: node.name,
      initializer: node.objectAssignmentInitializer,
      target: node.name,
      declares: false,
    }
  }
  if (ts.isPropertyAssignment(node))
    return { node, rest: false, key: node.name, ...splitDefault(node.initializer), declares: false }
  refuse(p, node, 'methods in patterns', 'Name the field and a variable.')
  return undefined
}
