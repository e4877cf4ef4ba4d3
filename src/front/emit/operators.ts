import {
  BOOL,
  F64,
  I32,
  isBoxed,
  membersOf,
  sameType,
  STRING,
  unionOf,
  type Expr,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import type { BinaryOp, HExpr, UnaryOp } from '../hir.ts'
import { arithmetic as bigintBinary, mayBeBigint, order as bigintOrder, unary as bigintUnary } from './bigint.ts'
import type { FunctionContext } from './context.ts'
import { is, isMissing, missingAsNan, refuseOverride, toBool, toNumber, toText, typeofValue } from './convert.ts'
import { emit, emitAs } from './expressions.ts'
import { toPrimitive } from './primitive.ts'
import { typeofMember } from './member-type.ts'
import { and, bool, boxed, coerce, cond, not, num, op, or, seq, then, undef } from './make.ts'

const ARITHMETIC: Partial<Record<BinaryOp, OpName>> = {
  '-': 'f64.sub',
  '*': 'f64.mul',
  '/': 'f64.div',
  '%': 'f64.rem',
  '**': 'f64.pow',
}
const BITWISE: Partial<Record<BinaryOp, OpName>> = {
  '&': 'i32.and',
  '|': 'i32.or',
  '^': 'i32.xor',
  '<<': 'i32.shl',
  '>>': 'i32.shr',
  '>>>': 'i32.ushr',
}
const ORDER: Partial<Record<BinaryOp, OpName>> = { '<': 'f64.lt', '<=': 'f64.le', '>': 'f64.gt', '>=': 'f64.ge' }

export function emitUnary(c: FunctionContext, e: HExpr & { kind: 'unary' }): Expr {
  if (e.op === '!') return not(emitTest(c, e.x))
  if (e.op === 'typeof' && e.x.kind === 'get') return typeofMember(c, e.x)
  const x = emit(c, e.x)
  switch (e.op) {
    case '+':
      return toNumber(c, x)
    case 'typeof':
      return typeofValue(c, x)
    case 'void':
      return then(x, undef(e.span))
    default:
      return mayBeBigint(x.type)
        ? bigintUnary(c, e.op, x, c.typeOf(e), (value) => numericUnary(c, e.op, value, e))
        : numericUnary(c, e.op, x, e)
  }
}

/** A unary operator on anything that becomes a number. */
function numericUnary(c: FunctionContext, name: UnaryOp, x: Expr, e: HExpr): Expr {
  switch (name) {
    case '-':
      return negate(toNumber(c, x))
    case '~':
      return fromInt(op('i32.not', [toInt(toNumber(c, x))], I32, e.span))
    case '++':
      return op('f64.add', [toNumber(c, x), num(1, e.span)], F64, e.span)
    case '--':
      return op('f64.sub', [toNumber(c, x), num(1, e.span)], F64, e.span)
    default:
      return toNumber(c, x)
  }
}

function negate(x: Expr): Expr {
  if (x.kind === 'const' && typeof x.value === 'number') return { ...x, value: -x.value }
  return op('f64.neg', [x], F64, x.span)
}

const toInt = (x: Expr): Expr => op('f64.to_i32', [x], I32, x.span)
const fromInt = (x: Expr): Expr => op('f64.from_i32', [x], F64, x.span)

export function emitBinary(c: FunctionContext, e: HExpr & { kind: 'binary' }): Expr {
  const [a, b] = [emit(c, e.a), emit(c, e.b)]
  if (ARITHMETIC[e.op] || BITWISE[e.op]) {
    if (!mayBeBigint(a.type) && !mayBeBigint(b.type)) return inOrder(c, a, b, (x, y) => numericBinary(c, x, y, e))
    return bigintBinary(c, e.op, a, b, c.typeOf(e), (x, y) => numericBinary(c, x, y, e))
  }
  if (ORDER[e.op]) return inOrder(c, a, b, (x, y) => order(c, e.op, x, y, e))
  switch (e.op) {
    case '===':
      return strictEquals(c, a, b)
    case '!==':
      return not(strictEquals(c, a, b))
    case '==':
      return looseEquals(c, a, b)
    case '!=':
      return not(looseEquals(c, a, b))
    default:
      return inOrder(c, a, b, (x, y) => add(c, x, y, c.typeOf(e), e))
  }
}

/** Arithmetic and bits of anything that becomes a number. */
function numericBinary(c: FunctionContext, a: Expr, b: Expr, e: HExpr & { kind: 'binary' }): Expr {
  const bitwise = BITWISE[e.op]
  const [x, y] = [toNumber(c, a), toNumber(c, b)]
  return bitwise ? bits(bitwise, x, y, e) : op(ARITHMETIC[e.op] as OpName, [x, y], F64, e.span)
}

/**
 * Both operands are evaluated before either is converted, since conversions may read the heap; and
 * once each, though the operation may look at a boxed operand several times.
 */
function inOrder(c: FunctionContext, a: Expr, b: Expr, make: (a: Expr, b: Expr) => Expr): Expr {
  if (isScalar(a.type) && !isBoxed(b.type)) return make(a, b)
  if (isNumeric(a.type) && isNumeric(b.type)) return make(a, b)
  return c.using(a, (x) => c.using(b, (y) => make(x, y)))
}

const isScalar = (type: Type): boolean =>
  ['f64', 'i32', 'bool', 'string', 'bigint', 'undefined', 'null'].includes(type.kind)

/** ToNumber of such values asks nothing of the heap, and the operation then looks at each operand once. */
const isNumeric = (type: Type): boolean =>
  membersOf(type).every((m) => ['f64', 'bool', 'undefined', 'null'].includes(m.kind))

function bits(name: OpName, a: Expr, b: Expr, e: HExpr): Expr {
  const result = op(name, [toInt(a), toInt(b)], I32, e.span)
  return name === 'i32.ushr' ? op('f64.from_u32', [result], F64, e.span) : fromInt(result)
}

const NO_TEXT: readonly Type['kind'][] = ['f64', 'i32', 'bool', 'bigint', 'undefined', 'null']
/** Whether a value of the type may be a string, or become one by ToPrimitive. */
const mayBeText = (type: Type): boolean => membersOf(type).some((m) => !NO_TEXT.includes(m.kind))
const isText = (type: Type): boolean => membersOf(type).every((m) => m.kind !== 'any' && !NO_TEXT.includes(m.kind))
const textMembers = (type: Type): readonly Type[] => membersOf(type).filter((m) => mayBeText(m))

/** `+` (13.15.3): concatenation when either side is a string after ToPrimitive, else a sum. */
function add(c: FunctionContext, x: Expr, y: Expr, type: Type, e: HExpr): Expr {
  return withPrimitives(c, x, y, 'default', (a, b) => addPrimitives(c, a, b, type, e))
}

/** Both operands after ToPrimitive, the left one first. */
function withPrimitives(
  c: FunctionContext,
  a: Expr,
  b: Expr,
  hint: 'number' | 'default',
  make: (a: Expr, b: Expr) => Expr,
): Expr {
  const [x, y] = [toPrimitive(c, a, hint), toPrimitive(c, b, hint)]
  return x === a && y === b ? make(a, b) : c.using(x, (left) => c.using(y, (right) => make(left, right)))
}

function addPrimitives(c: FunctionContext, a: Expr, b: Expr, type: Type, e: HExpr): Expr {
  if (a.type.kind === 'any' || b.type.kind === 'any') refuseAny(c, e)
  const plain = (x: Expr, y: Expr): Expr => op('f64.add', [toNumber(c, x), toNumber(c, y)], F64, e.span)
  const sum = (): Expr =>
    mayBeBigint(a.type) || mayBeBigint(b.type) ? bigintBinary(c, '+', a, b, type, plain) : plain(a, b)
  const joined = (): Expr => op('string.concat', [toText(c, a), toText(c, b)], STRING, e.span)
  if (isText(a.type) || isText(b.type)) return joined()
  if (!mayBeText(a.type) && !mayBeText(b.type)) return sum()
  const test = [a, b].filter((x) => mayBeText(x.type)).map((x) => anyOf(x, textMembers(x.type)))
  return cond(test.reduce(or), coerce(joined(), type), coerce(sum(), type), e.span)
}

const anyOf = (x: Expr, types: readonly Type[]): Expr =>
  isBoxed(x.type) ? types.map((type) => is(x, type)).reduce(or) : bool(true, x.span)

function refuseAny(c: FunctionContext, e: HExpr): void {
  c.report(
    'ANRF1103',
    e.span,
    'the operands are of unknown type',
    'Declare the types of the parameters this value comes from.',
    'any',
  )
}

/** Order (7.2.13): by code units when both sides are strings after ToPrimitive, else by number. */
function order(c: FunctionContext, name: BinaryOp, x: Expr, y: Expr, e: HExpr): Expr {
  return withPrimitives(c, x, y, 'number', (a, b) => orderPrimitives(c, name, a, b, e))
}

function orderPrimitives(c: FunctionContext, name: BinaryOp, a: Expr, b: Expr, e: HExpr): Expr {
  if (a.type.kind === 'any' || b.type.kind === 'any') refuseAny(c, e)
  const plain = (x: Expr, y: Expr): Expr => op(ORDER[name] as OpName, [toNumber(c, x), toNumber(c, y)], BOOL, e.span)
  const numeric = (): Expr =>
    mayBeBigint(a.type) || mayBeBigint(b.type) ? bigintOrder(c, name, a, b, (x) => toNumber(c, x), plain) : plain(a, b)
  if (!mayBeText(a.type) || !mayBeText(b.type)) return numeric()
  const tests = [a, b].filter((x) => !isText(x.type)).map((x) => anyOf(x, textMembers(x.type)))
  const textual = compareText(c, name, toText(c, a), toText(c, b), e)
  return tests.length === 0 ? textual : cond(tests.reduce(and), textual, numeric(), e.span)
}

/** `>` and `>=` are `<` and `<=` with the sides exchanged, after both were evaluated. */
function compareText(c: FunctionContext, name: BinaryOp, a: Expr, b: Expr, e: HExpr): Expr {
  const leaf = name.endsWith('=') ? 'string.le' : 'string.lt'
  if (name === '<' || name === '<=') return op(leaf, [a, b], BOOL, e.span)
  return c.using(a, (low) => c.using(b, (high) => op(leaf, [high, low], BOOL, e.span)))
}

const EQUAL: Partial<Record<Type['kind'], OpName>> = {
  f64: 'f64.eq',
  string: 'string.eq',
  bool: 'bool.eq',
  bigint: 'bigint.eq',
}
const REFERENCES: readonly Type['kind'][] = ['array', 'tuple', 'object', 'func', 'map', 'set', 'dict']

/** Strict equality (7.2.14), chosen by the types. */
export function strictEquals(c: FunctionContext, left: Expr, right: Expr): Expr {
  const { span } = left
  const a = right.type.kind === 'f64' ? missingAsNan(left) : left
  const b = left.type.kind === 'f64' ? missingAsNan(right) : right
  if (isBoxed(a.type) || isBoxed(b.type)) {
    if (b.type.kind === 'undefined' || b.type.kind === 'null') return c.using(a, (x) => then(b, singleTest(x, b.type)))
    if (a.type.kind === 'undefined' || a.type.kind === 'null') return then(a, singleTest(b, a.type))
    return op('dyn.eq', [boxed(a), boxed(b)], BOOL, span)
  }
  const scalar = EQUAL[a.type.kind]
  if (scalar && a.type.kind === b.type.kind) return op(scalar, [a, b], BOOL, span)
  if (sameType(a.type, b.type))
    return REFERENCES.includes(a.type.kind) ? op('ref.eq', [a, b], BOOL, span) : then(a, then(b, bool(true, span)))
  return then(a, then(b, bool(false, span)))
}

function singleTest(x: Expr, type: Type): Expr {
  return membersOf(x.type).some((m) => m.kind === type.kind) || x.type.kind === 'any'
    ? is(x, type)
    : then(x, bool(false, x.span))
}

/** Loose equality (7.2.13): null equals undefined; values of one kind compare strictly; numbers, texts and booleans by number. */
function looseEquals(c: FunctionContext, a: Expr, b: Expr): Expr {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    if (x.type.kind === 'undefined' || x.type.kind === 'null')
      return x === a ? then(x, isMissing(y, true)) : c.using(a, (kept) => then(b, isMissing(kept, true)))
  }
  const all = [...kindsOf(a), ...kindsOf(b)]
  if (all.every(isReferenceKind)) return strictEquals(c, a, b)
  if (!isBoxed(a.type) && !isBoxed(b.type) && all.every(isPlain))
    return a.type.kind === b.type.kind
      ? strictEquals(c, a, b)
      : op('f64.eq', [toNumber(c, a), toNumber(c, b)], BOOL, a.span)
  const [first, ...others] = new Set(all.filter((kind) => kind !== 'null' && kind !== 'undefined'))
  // Where only one side may be missing, nothing is missing on both.
  if (first && first !== 'any' && others.length === 0 && !(isBoxed(a.type) && isBoxed(b.type)))
    return strictEquals(c, a, b)
  return c.using(a, (x) => c.using(b, (y) => eitherMeets(c, x, y)))
}

/** An object becomes a primitive only if the other side is one (steps 10 and 11); neither null nor undefined asks for that. Both are evaluated. */
function eitherMeets(c: FunctionContext, a: Expr, b: Expr): Expr {
  const [left, right] = [toPrimitive(c, a, 'default'), toPrimitive(c, b, 'default')]
  if (left === a && right === b) return meets(c, a, b)
  const { span } = a
  const objects = (x: Expr): Type[] => membersOf(x.type).filter(({ kind }) => isReferenceKind(kind))
  const others = (x: Expr): Type[] => membersOf(x.type).filter(({ kind }) => !isReferenceKind(kind) && !isNullish(kind))
  const converted = (object: Expr, other: Expr, meet: (primitive: Expr) => Expr, otherwise: Expr): Expr => {
    const primitives = others(other)
    if (primitives.length === 0) return otherwise
    const isCertain = objects(object).length === kindsOf(object).length && primitives.length === kindsOf(other).length
    if (isCertain) return meet(other)
    const test = and(anyOf(object, objects(object)), anyOf(other, primitives))
    return cond(test, meet(coerce(other, unionOf(primitives))), otherwise, span)
  }
  const asTheyAre = op('dyn.loose_eq', [boxed(a), boxed(b)], BOOL, span)
  const swapped = right === b ? asTheyAre : converted(b, a, (x) => meets(c, x, right), asTheyAre)
  return left === a ? swapped : converted(a, b, (y) => meets(c, left, y), swapped)
}

/** Loose equality of values that are told apart at run time. */
function meets(c: FunctionContext, a: Expr, b: Expr): Expr {
  for (const x of [a, b]) refuseOverride(c, x, 'valueOf')
  return op('dyn.loose_eq', [boxed(a), boxed(b)], BOOL, a.span)
}

const kindsOf = (x: Expr): readonly Type['kind'][] => membersOf(x.type).map((m) => m.kind)
const isNullish = (kind: Type['kind']): boolean => kind === 'null' || kind === 'undefined'
const isReferenceKind = (kind: Type['kind']): boolean => REFERENCES.includes(kind)
const isPlain = (kind: Type['kind']): boolean => kind === 'f64' || kind === 'string' || kind === 'bool'

/** An expression as a condition: no value is made that only its truth is asked of. */
export function emitTest(c: FunctionContext, e: HExpr): Expr {
  if (e.kind === 'unary' && e.op === '!') return not(emitTest(c, e.x))
  if (e.kind === 'logical' && e.op === '&&') return and(emitTest(c, e.a), emitTest(c, e.b))
  if (e.kind === 'logical' && e.op === '||') return or(emitTest(c, e.a), emitTest(c, e.b))
  return toBool(emit(c, e))
}

/** Kinds of values of which ToBoolean is true (ECMA-262 7.1.2). */
const ALWAYS_TRUE: ReadonlySet<Type['kind']> = new Set(['array', 'tuple', 'object', 'func', 'map', 'set', 'dict'])

export function emitLogical(c: FunctionContext, e: HExpr & { kind: 'logical' }): Expr {
  const type = c.typeOf(e)
  if (type.kind === 'bool' && e.op !== '??') {
    const [a, b] = [emit(c, e.a), emitAs(c, e.b, type)]
    if (a.type.kind === 'bool') return e.op === '&&' ? and(a, b) : or(a, b)
  }
  const a = emit(c, e.a)
  // What is always true is never the value of `&&`.
  if (e.op === '&&' && membersOf(a.type).every(({ kind }) => ALWAYS_TRUE.has(kind)))
    return then(a, emitAs(c, e.b, type))
  const { body, value } = c.keep(a)
  const test = e.op === '??' ? not(isMissing(value, true)) : toBool(value)
  const [kept, other] = [coerce(value, type), emitAs(c, e.b, type)]
  return seq(body, e.op === '&&' ? cond(test, other, kept, e.span) : cond(test, kept, other, e.span))
}
