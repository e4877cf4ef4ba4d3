import { REFUSALS } from '../../base/index.ts'
import type { HArg, HElem, HExpr, HProp, HStmt } from '../hir.ts'
import { ALL, ARR, NULLISH, type Kinds } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { buildDelete, buildElement, buildProperty, computedKey, newTarget, propertyName } from './access.ts'
import { buildAssignment, buildStep } from './assign.ts'
import { buildCall, buildNew } from './calls.ts'
import { buildChain, isChain } from './chain.ts'
import { functionOf } from './functions.ts'
import { buildAwait, buildYield } from './generators.ts'
import { buildClassExpression } from './class-values.ts'
import { buildIdentifier, buildThis, isUndeclared } from './names.ts'
import { knownTest } from './known-tests.ts'
import { libraryType } from './library.ts'
import { buildAccessor } from './literal-accessors.ts'
import { isReceiver, missAtOnce, missWelcome } from './miss.ts'
import { isListed, kindsAt, kindsOfType, narrow } from './narrow.ts'
import { buildBinary, buildUnary } from './operators.ts'
import { buildRegExp } from './regexps.ts'
import { buildWithSelf } from './self.ts'
import { buildTagged } from './tagged.ts'
import { typeofDispatched, typeofValue } from './typeof.ts'
import {
  exprStmt,
  letStmt,
  refuse,
  refuseForGood,
  skipOuter,
  skipParens,
  spanOf,
  undefinedAt,
  type Place,
} from './state.ts'
import { useVar, variableOf } from './variables.ts'

/** Builds an expression whose value is used. */
export function buildExpr(p: Place, node: ts.Expression): HExpr {
  return isChain(node) ? buildChain(p, node) : buildPlain(p, node)
}

function buildPlain(p: Place, node: ts.Expression): HExpr {
  if (ts.isIdentifier(node)) return buildIdentifier(p, node)
  if (ts.isPropertyAccessExpression(node)) return buildProperty(p, node)
  if (ts.isElementAccessExpression(node)) return buildElement(p, node)
  if (ts.isCallExpression(node)) return buildCall(p, node)
  if (ts.isBinaryExpression(node)) return buildBinaryLike(p, node)
  if (ts.isPrefixUnaryExpression(node)) return buildPrefix(p, node)
  if (ts.isPostfixUnaryExpression(node)) return buildStep(p, node, true)
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) return buildExpr(p, node.expression)
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return buildAssertion(p, node)
  if (ts.isNonNullExpression(node)) return buildNonNull(p, node)
  return buildLiteral(p, node) ?? buildCompound(p, node) ?? refuseOther(p, node)
}

function buildBinaryLike(p: Place, node: ts.BinaryExpression): HExpr {
  const op = node.operatorToken.kind
  if (op >= ts.SyntaxKind.FirstAssignment && op <= ts.SyntaxKind.LastAssignment) return buildAssignment(p, node, true)
  return buildBinary(p, node)
}

function buildPrefix(p: Place, node: ts.PrefixUnaryExpression): HExpr {
  const op = node.operator
  return op === ts.SyntaxKind.PlusPlusToken || op === ts.SyntaxKind.MinusMinusToken
    ? buildStep(p, node, true)
    : buildUnary(p, node)
}

function buildAssertion(p: Place, node: ts.AsExpression | ts.TypeAssertion): HExpr {
  const value = buildExpr(p, node.expression)
  if (p.prelude || ts.isConstTypeReference(node.type) || isUnchecked(node.expression)) return value
  const { checker } = p.build.oracle
  const type = checker.getTypeFromTypeNode(node.type)
  // Whoever asks a value for keys of any name has lists as well, whose keys are the indices.
  const keyed = checker.getIndexTypeOfType(type, ts.IndexKind.String) ? ARR : 0
  const target = kindsOfType(p.build, type) | keyed
  const source = kindsAt(p, node.expression)
  const wider = (source & ~target) !== 0 && (source & target) !== 0
  const kinds = target | (source & nullishAllowed(p, node))
  return wider && target !== ALL ? narrow(value, kinds, 'assert', spanOf(p, node)) : value
}

/** Null and undefined, where the place of `x!` or `x as T` has room for them or throws as in Node, though the program says that it is neither. */
function nullishAllowed(p: Place, node: ts.Expression): Kinds {
  const atOnce = p.prelude ? undefined : missAtOnce(p, node, node)
  return isReceiver(node) || (atOnce !== undefined && atOnce !== 'trap') ? NULLISH : missWelcome(p, node)
}

/** `x as unknown as T` asks for no check: the value is what it is. */
function isUnchecked(node: ts.Expression): boolean {
  const e = skipParens(node)
  return (
    (ts.isAsExpression(e) || ts.isTypeAssertionExpression(e)) &&
    (e.type.kind === ts.SyntaxKind.UnknownKeyword || e.type.kind === ts.SyntaxKind.AnyKeyword)
  )
}

/** `x!`; where a member of it is used next, that throws as in Node when it is missing, and where it is compared or computed with, it is what it is. */
function buildNonNull(p: Place, node: ts.NonNullExpression): HExpr {
  const value = buildExpr(p, node.expression)
  const allowed = nullishAllowed(p, node)
  return allowed === NULLISH ? value : narrow(value, ALL & ~(NULLISH & ~allowed), 'assert', spanOf(p, node))
}

function buildLiteral(p: Place, node: ts.Expression): HExpr | undefined {
  const span = spanOf(p, node)
  if (ts.isNumericLiteral(node)) return { kind: 'const', value: Number(node.text), span }
  if (ts.isBigIntLiteral(node)) {
    const digits: HExpr = { kind: 'const', value: String(BigInt(node.text.slice(0, -1))), span }
    return { kind: 'builtin', name: 'bigint literal', args: [{ kind: 'item', value: digits }], span }
  }
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return { kind: 'const', value: node.text, span }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'const', value: true, span }
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'const', value: false, span }
  if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: 'const', value: null, span }
  if (ts.isRegularExpressionLiteral(node)) return buildRegExp(p, node)
  if (node.kind === ts.SyntaxKind.ThisKeyword) return buildThis(p, node)
  if (ts.isOmittedExpression(node)) return undefinedAt(span)
  return undefined
}

function buildCompound(p: Place, node: ts.Expression): HExpr | undefined {
  const span = spanOf(p, node)
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return buildFunction(p, node)
  if (ts.isClassExpression(node)) return buildClassExpression(p, node)
  if (ts.isConditionalExpression(node)) {
    const known = knownTest(p, node.condition)
    if (known !== undefined) return buildExpr(p, known ? node.whenTrue : node.whenFalse)
    const test = buildExpr(p, node.condition)
    return { kind: 'cond', test, then: buildExpr(p, node.whenTrue), else: buildExpr(p, node.whenFalse), span }
  }
  if (ts.isArrayLiteralExpression(node))
    return { kind: 'array', elems: node.elements.map((e) => buildElem(p, e)), span }
  if (ts.isObjectLiteralExpression(node)) {
    return buildWithSelf(p, node, () => ({
      kind: 'object',
      props: node.properties.flatMap((e) => buildProp(p, e)),
      span,
    }))
  }
  if (ts.isTemplateExpression(node)) return buildTemplate(p, node)
  if (ts.isTaggedTemplateExpression(node)) return buildTagged(p, node)
  if (ts.isNewExpression(node)) return buildNew(p, node)
  if (ts.isYieldExpression(node)) return buildYield(p, node)
  if (ts.isAwaitExpression(node)) return buildAwait(p, node)
  if (ts.isTypeOfExpression(node)) {
    const library = libraryType(p, node.expression)
    if (library) return { kind: 'const', value: library, span }
    const undeclared = isUndeclared(p, skipOuter(node.expression))
    const dispatched = typeofDispatched(p, node)
    if (dispatched) return dispatched
    return typeofValue(undeclared ? undefinedAt(span) : buildExpr(p, node.expression), span)
  }
  if (ts.isDeleteExpression(node)) return buildDelete(p, node)
  if (ts.isVoidExpression(node)) return { kind: 'unary', op: 'void', x: buildExpr(p, node.expression), span }
  return undefined
}

function buildFunction(p: Place, node: ts.ArrowFunction | ts.FunctionExpression): HExpr {
  const span = spanOf(p, node)
  const value: HExpr = { kind: 'function', f: functionOf(p.build, node), span }
  if (ts.isArrowFunction(node) || !node.name) return value
  const own = variableOf(p.build, node)
  const hoist: HStmt[] = own.checked ? [{ kind: 'hoist', v: own, span }] : []
  return { kind: 'seq', body: [...hoist, letStmt(own, value)], value: useVar(p, own, span), span }
}

function buildTemplate(p: Place, node: ts.TemplateExpression): HExpr {
  const parts: HExpr[] = []
  const text = (literal: ts.TemplateLiteralLikeNode): void => {
    if (literal.text !== '') parts.push({ kind: 'const', value: literal.text, span: spanOf(p, literal) })
  }
  text(node.head)
  const given: HExpr[] = []
  for (const s of node.templateSpans) {
    const part = buildExpr(p, s.expression)
    given.push(part)
    parts.push(part)
    text(s.literal)
  }
  return { kind: 'template', parts, given, span: spanOf(p, node) }
}

function buildElem(p: Place, node: ts.Expression): HElem {
  if (ts.isOmittedExpression(node)) return { kind: 'hole' }
  return ts.isSpreadElement(node)
    ? { kind: 'spread', value: buildSpread(p, node.expression, walked) }
    : buildArg(p, node)
}

/** An argument of a call or an element of an array, either of which may be spread. */
export function buildArg(p: Place, node: ts.Expression): HArg {
  if (ts.isSpreadElement(node)) return { kind: 'spread', value: buildSpread(p, node.expression) }
  return { kind: 'item', value: buildExpr(p, node) }
}

/** What is spread: an array, a string, or what an iterable gives. */
function buildSpread(p: Place, node: ts.Expression, by = (value: HExpr): HExpr => value): HExpr {
  const value = by(consumed(buildExpr(p, node)))
  if (p.prelude || isListed(p, node)) return value
  return { kind: 'builtin', name: '@@list', args: [{ kind: 'item', value }], span: value.span }
}

/** A value that a loop or an array literal goes through. */
export function walked(value: HExpr): HExpr {
  if (value.kind === 'narrow') return { ...value, x: walked(value.x) }
  return value.kind === 'method' || value.kind === 'call' ? { ...value, walked: true } : value
}

/** A value that is iterated at once and never seen otherwise. */
export function consumed(value: HExpr): HExpr {
  if (value.kind === 'narrow') return { ...value, x: consumed(value.x) }
  return value.kind === 'method' ? { ...value, consumed: true } : value
}

function buildProp(p: Place, node: ts.ObjectLiteralElementLike): HProp[] {
  if (ts.isSpreadAssignment(node)) return [{ kind: 'spread', value: buildExpr(p, node.expression), except: [] }]
  if (ts.isShorthandPropertyAssignment(node)) {
    return [{ kind: 'field', name: node.name.text, value: buildIdentifier(p, node.name) }]
  }
  if (ts.isAccessor(node)) return buildAccessor(p, node)
  const computed = node.name && computedKey(p, node.name)
  if (computed && ts.isPropertyAssignment(node)) {
    const key = buildExpr(p, computed)
    return [{ kind: 'computed', key, value: buildExpr(p, node.initializer) }]
  }
  const name = propertyName(p, node.name)
  if (name === undefined) return []
  if (name === '__proto__') {
    refuseForGood(p, node, 'prototypes')
    return []
  }
  if (ts.isPropertyAssignment(node)) return [{ kind: 'field', name, value: buildExpr(p, node.initializer) }]
  if (ts.isMethodDeclaration(node)) {
    return [{ kind: 'field', name, value: { kind: 'function', f: functionOf(p.build, node), span: spanOf(p, node) } }]
  }
  return []
}

const REFUSED: readonly (readonly [(node: ts.Node) => boolean, string, string])[] = [
  [ts.isMetaProperty, REFUSALS['import-meta'].title, REFUSALS['import-meta'].hint],
  [
    (n) => n.kind === ts.SyntaxKind.SuperKeyword,
    'inheritance',
    'Hold the other object in a field and call its methods.',
  ],
  [
    (n) => ts.isJsxElement(n) || ts.isJsxSelfClosingElement(n) || ts.isJsxFragment(n),
    'JSX',
    'Build the text or the records yourself.',
  ],
]

function refuseOther(p: Place, node: ts.Expression): HExpr {
  const target = newTarget(p, node)
  if (target) return target
  const row = REFUSED.find(([test]) => test(node))
  if (row) return refuse(p, node, row[1], row[2])
  return refuse(p, node, ts.SyntaxKind[node.kind], 'Write this in another way.')
}

/** Builds an expression whose value nothing uses: assignments need no temporary for it. */
export function buildUnused(p: Place, node: ts.Expression): HExpr {
  if (ts.isParenthesizedExpression(node)) return buildUnused(p, node.expression)
  if (ts.isBinaryExpression(node)) {
    const op = node.operatorToken.kind
    if (op >= ts.SyntaxKind.FirstAssignment && op <= ts.SyntaxKind.LastAssignment)
      return buildAssignment(p, node, false)
    if (op === ts.SyntaxKind.CommaToken) {
      const first = exprStmt(buildUnused(p, node.left))
      return { kind: 'seq', body: [first], value: buildUnused(p, node.right), span: spanOf(p, node) }
    }
  }
  if (ts.isPostfixUnaryExpression(node)) return buildStep(p, node, false)
  if (ts.isPrefixUnaryExpression(node)) {
    const op = node.operator
    if (op === ts.SyntaxKind.PlusPlusToken || op === ts.SyntaxKind.MinusMinusToken) return buildStep(p, node, false)
  }
  return buildExpr(p, node)
}
