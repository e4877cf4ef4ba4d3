import { comparedConstructors } from './constructors.ts'
import { isEquality } from './facts.ts'
import { isBytesName } from '../kinds.ts'
import type { BinaryOp, HExpr, UnaryOp } from '../hir.ts'
import { ts } from '../oracle.ts'
import { textOf } from '../source-text.ts'
import { buildExpr, buildUnused } from './expressions.ts'
import { holderOf, symbolIn } from './access.ts'
import { buildBrandCheck, privateIn } from './brands.ts'
import { isOfThisClass } from './class-env.ts'
import { classOf } from './classes.ts'
import { knownLogical } from './known-tests.ts'
import { preludeClass } from './prelude.ts'
import { exprStmt, refuse, skipOuter, spanOf, type Place } from './state.ts'
import { guardClass } from './statics.ts'

const K = ts.SyntaxKind

/** Binary operators by token; compound assignments by theirs. */
const BINARY: ReadonlyMap<ts.SyntaxKind, BinaryOp> = new Map<ts.SyntaxKind, BinaryOp>([
  [K.PlusToken, '+'],
  [K.MinusToken, '-'],
  [K.AsteriskToken, '*'],
  [K.SlashToken, '/'],
  [K.PercentToken, '%'],
  [K.AsteriskAsteriskToken, '**'],
  [K.AmpersandToken, '&'],
  [K.BarToken, '|'],
  [K.CaretToken, '^'],
  [K.LessThanLessThanToken, '<<'],
  [K.GreaterThanGreaterThanToken, '>>'],
  [K.GreaterThanGreaterThanGreaterThanToken, '>>>'],
  [K.LessThanToken, '<'],
  [K.LessThanEqualsToken, '<='],
  [K.GreaterThanToken, '>'],
  [K.GreaterThanEqualsToken, '>='],
  [K.EqualsEqualsEqualsToken, '==='],
  [K.ExclamationEqualsEqualsToken, '!=='],
  [K.EqualsEqualsToken, '=='],
  [K.ExclamationEqualsToken, '!='],
])

const COMPOUND: ReadonlyMap<ts.SyntaxKind, BinaryOp> = new Map<ts.SyntaxKind, BinaryOp>([
  [K.PlusEqualsToken, '+'],
  [K.MinusEqualsToken, '-'],
  [K.AsteriskEqualsToken, '*'],
  [K.SlashEqualsToken, '/'],
  [K.PercentEqualsToken, '%'],
  [K.AsteriskAsteriskEqualsToken, '**'],
  [K.AmpersandEqualsToken, '&'],
  [K.BarEqualsToken, '|'],
  [K.CaretEqualsToken, '^'],
  [K.LessThanLessThanEqualsToken, '<<'],
  [K.GreaterThanGreaterThanEqualsToken, '>>'],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, '>>>'],
])

const LOGICAL: ReadonlyMap<ts.SyntaxKind, '&&' | '||' | '??'> = new Map([
  [K.AmpersandAmpersandToken, '&&'],
  [K.BarBarToken, '||'],
  [K.QuestionQuestionToken, '??'],
  [K.AmpersandAmpersandEqualsToken, '&&'],
  [K.BarBarEqualsToken, '||'],
  [K.QuestionQuestionEqualsToken, '??'],
])

const UNARY: ReadonlyMap<ts.SyntaxKind, UnaryOp> = new Map<ts.SyntaxKind, UnaryOp>([
  [K.MinusToken, '-'],
  [K.PlusToken, '+'],
  [K.ExclamationToken, '!'],
  [K.TildeToken, '~'],
])

/** The operator of a compound assignment such as `+=`. */
export function compoundOperator(kind: ts.SyntaxKind): BinaryOp | undefined {
  return COMPOUND.get(kind)
}

/** The operator of `&&`, `||`, `??` and of their assignments. */
export function logicalOperator(kind: ts.SyntaxKind): '&&' | '||' | '??' | undefined {
  return LOGICAL.get(kind)
}

/** Builds a binary expression; long chains to the left (`a + b + c + ...`) without recursion. */
export function buildBinary(p: Place, node: ts.BinaryExpression): HExpr {
  const chain: ts.BinaryExpression[] = []
  let left: ts.Expression = node
  while (ts.isBinaryExpression(left) && BINARY.has(left.operatorToken.kind)) {
    chain.push(left)
    left = left.left
  }
  if (chain.length === 0) return buildOtherBinary(p, node)
  const compared = isEquality(node.operatorToken.kind) ? comparedConstructors(p, node) : undefined
  if (compared)
    return {
      kind: 'binary',
      op: BINARY.get(node.operatorToken.kind)!,
      a: compared[0],
      b: compared[1],
      span: spanOf(p, node),
    }
  let a = buildExpr(p, left)
  for (let e = chain.pop(); e; e = chain.pop()) {
    const op = BINARY.get(e.operatorToken.kind) as BinaryOp
    a = { kind: 'binary', op, a, b: buildExpr(p, e.right), span: spanOf(p, e) }
  }
  return a
}

function buildOtherBinary(p: Place, node: ts.BinaryExpression): HExpr {
  const kind = node.operatorToken.kind
  const span = spanOf(p, node)
  const logical = LOGICAL.get(kind)
  const known = logical && logical !== '??' ? knownLogical(p, node) : undefined
  if (known) return known
  if (logical) return { kind: 'logical', op: logical, a: buildExpr(p, node.left), b: buildExpr(p, node.right), span }
  if (kind === K.CommaToken) {
    const [left, value] = [buildUnused(p, node.left), buildExpr(p, node.right)]
    return { kind: 'seq', body: [exprStmt(left)], value, text: `(${textOf(left)} , ${textOf(value)})`, span }
  }
  if (kind === K.InstanceOfKeyword) return buildInstanceOf(p, node)
  const name = privateIn(node)
  if (name) return buildBrandCheck(p, node, name)
  const symbol = symbolIn(p, node.left)
  const key = symbol ?? buildExpr(p, node.left)
  return { kind: 'in', key, obj: buildExpr(p, node.right), span, ...(symbol && { symbol: true }) }
}

/** Classes of the library that the prelude has under the same name. */
const PRELUDE_CLASSES: ReadonlySet<string> = new Set([
  'AbortController',
  'AbortSignal',
  'DOMException',
  'URL',
  'URLSearchParams',
])

function buildInstanceOf(p: Place, node: ts.BinaryExpression): HExpr {
  const span = spanOf(p, node)
  const x = buildExpr(p, node.left)
  const target = skipOuter(node.right)
  const holder = holderOf(p, target)
  if (holder?.kind === 'class') {
    const made = isOfThisClass(p, holder.declaration, classOf(p.build, holder.declaration), x)
    return guardClass(p, holder.declaration, node, made)
  }
  if (holder?.kind === 'library') {
    const { name } = holder
    if (
      ['Array', 'Date', 'Map', 'Promise', 'RegExp', 'Set'].includes(name) ||
      name.endsWith('Error') ||
      isBytesName(name)
    )
      return { kind: 'instanceof', x, target: name, span }
    const own = PRELUDE_CLASSES.has(name) ? preludeClass(p.build, name) : undefined
    if (own) return { kind: 'instanceof', x, target: own, span }
    return refuse(p, node.right, `\`instanceof ${name}\``, 'Ask with `typeof` what kind of value it is.')
  }
  return { kind: 'instanceofValue', x, target: buildExpr(p, target), span }
}

export function buildUnary(p: Place, node: ts.PrefixUnaryExpression): HExpr {
  const op = UNARY.get(node.operator)
  if (!op) return refuse(p, node, 'this operator', 'Write it in another way.')
  return { kind: 'unary', op, x: buildExpr(p, node.operand), span: spanOf(p, node) }
}
