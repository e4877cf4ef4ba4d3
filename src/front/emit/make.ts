import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  isBoxed,
  isSubtype,
  sameType,
  isUnion,
  membersOf,
  NULL,
  STRING,
  UNDEFINED,
  unionOf,
  type Constant,
  type Expr,
  type Immediate,
  type OpName,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'

/** Constructors of IR nodes. */

export const op = (
  name: OpName,
  args: readonly Expr[],
  type: Type,
  span: Span,
  imm: readonly Immediate[] = [],
): Expr => ({ kind: 'op', op: name, imm, args, type, span })
export const num = (value: number, span: Span): Expr => ({ kind: 'const', value, type: F64, span })
export const str = (value: string, span: Span): Expr => ({ kind: 'const', value, type: STRING, span })
export const bool = (value: boolean, span: Span): Expr => ({ kind: 'const', value, type: BOOL, span })
export const undef = (span: Span): Expr => ({ kind: 'const', value: undefined, type: UNDEFINED, span })
export const cond = (test: Expr, yes: Expr, no: Expr, span: Span): Expr => ({
  kind: 'cond',
  test,
  then: yes,
  else: no,
  type: yes.type,
  span,
})
export const and = (a: Expr, b: Expr): Expr => (isFalse(a) ? a : cond(a, b, bool(false, a.span), a.span))
export const or = (a: Expr, b: Expr): Expr => (isFalse(a) ? b : cond(a, bool(true, a.span), b, a.span))

/** Whether a test never holds. */
export const isFalse = (test: Expr): boolean => test.kind === 'const' && test.value === false
export const effect = (expr: Expr): Stmt => ({ kind: 'expr', expr, span: expr.span })
export const setLocal = (local: number, value: Expr): Stmt => ({ kind: 'set', local, value, span: value.span })

/** Negation; of an equality of numbers the opposite operation, which has no case of NaN to lose. */
export function not(x: Expr): Expr {
  if (x.kind === 'const') return bool(!x.value, x.span)
  if (x.kind === 'op' && x.op === 'bool.not' && x.args[0]) return x.args[0]
  if (x.kind === 'op' && x.op === 'f64.eq') return { ...x, op: 'f64.ne' }
  return op('bool.not', [x], BOOL, x.span)
}

/** A new array of values. */
export const listOf = (values: readonly Expr[], elem: Type, span: Span): Expr =>
  op(
    'array.new',
    values.map((value) => coerce(value, elem)),
    arrayOf(elem),
    span,
    [elem],
  )

/** Statements before a value; without statements just the value. */
export function seq(body: readonly Stmt[], value: Expr): Expr {
  return body.length === 0 ? value : { kind: 'seq', body, value, type: value.type, span: value.span }
}

/** `x` for its effects, then a constant. */
export function then(x: Expr, value: Expr): Expr {
  return isPure(x) ? value : seq([effect(x)], value)
}

/** Whether leaving the expression out changes nothing. */
function isPure(x: Expr): boolean {
  return x.kind === 'const' || x.kind === 'local'
}

export function constant(value: Constant, span: Span): Expr {
  const type =
    value === undefined
      ? UNDEFINED
      : value === null
        ? NULL
        : typeof value === 'number'
          ? F64
          : typeof value === 'string'
            ? STRING
            : BOOL
  return { kind: 'const', value, type, span }
}

/**
 * `x` as a value of `to`: boxed where `to` is wider, checked where it is narrower. The flow
 * analysis makes every conversion possible; where it only looks possible the check traps.
 */
export function coerce(x: Expr, to: Type): Expr {
  if (sameType(x.type, to)) return x
  if (isSubtype(x.type, to)) return op('dyn.box', [x], to, x.span, [to])
  const boxed = isBoxed(x.type) ? x : op('dyn.box', [x], unionOf([x.type, to]), x.span, [unionOf([x.type, to])])
  if (isSubtype(to, boxed.type)) return op('dyn.unbox', [boxed], to, x.span, [to])
  return unboxPart(boxed, to)
}

/** `to` has members that `x` lacks: first what they share, then boxed as `to`. */
function unboxPart(x: Expr, to: Type): Expr {
  const shared = isUnion(x.type) ? membersOf(x.type).filter((m) => isSubtype(m, to)) : []
  if (shared.length === 0) {
    const both = unionOf([x.type, to])
    return op('dyn.unbox', [op('dyn.box', [x], both, x.span, [both])], to, x.span, [to])
  }
  const part = unionOf(shared)
  const narrowed = op('dyn.unbox', [x], part, x.span, [part])
  return isSubtype(to, part) ? narrowed : op('dyn.box', [narrowed], to, x.span, [to])
}

/** `x` as a boxed value, for operations that take any kind. */
export function boxed(x: Expr): Expr {
  return isBoxed(x.type) ? x : op('dyn.box', [x], ANY, x.span, [ANY])
}
