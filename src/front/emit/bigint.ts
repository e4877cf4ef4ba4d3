import { BIGINT, BOOL, F64, isBoxed, membersOf, unionOf, type Expr, type OpName, type Type } from '../../ir/index.ts'
import type { BinaryOp, UnaryOp } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { fail, is, toText } from './convert.ts'
import { coerce, cond, num, op, str, then, undef } from './make.ts'

const MIXED = 'Cannot mix BigInt and other types, use explicit conversions'
const NO_UNSIGNED = 'BigInts have no unsigned right shift, use >> instead'

const BINARY: Partial<Record<BinaryOp, OpName>> = {
  '+': 'bigint.add',
  '-': 'bigint.sub',
  '*': 'bigint.mul',
  '/': 'bigint.div',
  '%': 'bigint.rem',
  '**': 'bigint.pow',
  '&': 'bigint.and',
  '|': 'bigint.or',
  '^': 'bigint.xor',
  '<<': 'bigint.shl',
  '>>': 'bigint.shr',
}
const UNARY: Partial<Record<UnaryOp, OpName>> = { '-': 'bigint.neg', '~': 'bigint.not' }

export const mayBeBigint = (type: Type): boolean => membersOf(type).some((m) => m.kind === 'bigint')

export const bigint = (digits: string, span: Expr['span']): Expr =>
  op('bigint.from_string', [str(digits, span)], BIGINT, span)

/** What `x` becomes as an integer of any size, or as anything else. */
export function split(c: FunctionContext, x: Expr, type: Type, big: (x: Expr) => Expr, other: (x: Expr) => Expr): Expr {
  if (!mayBeBigint(x.type)) return other(x)
  if (!isBoxed(x.type)) return big(x)
  const rest = unionOf(membersOf(x.type).filter((m) => m.kind !== 'bigint'))
  return c.using(x, (value) =>
    cond(is(value, BIGINT), coerce(big(coerce(value, BIGINT)), type), coerce(other(coerce(value, rest)), type), x.span),
  )
}

/** An arithmetic operator on operands of which some may be integers of any size (13.15.3); `numeric` is what it is on numbers. */
export function arithmetic(
  c: FunctionContext,
  name: BinaryOp,
  a: Expr,
  b: Expr,
  type: Type,
  numeric: (a: Expr, b: Expr) => Expr,
): Expr {
  const leaf = BINARY[name]
  const mixed = (x: Expr, y: Expr): Expr => failing(c, MIXED, [x, y], type)
  const both = (x: Expr, y: Expr): Expr =>
    leaf ? op(leaf, [x, y], BIGINT, x.span) : failing(c, NO_UNSIGNED, [x, y], type)
  return c.using(a, (left) =>
    c.using(b, (right) =>
      split(
        c,
        left,
        type,
        (x) =>
          split(
            c,
            right,
            type,
            (y) => both(x, y),
            (y) => mixed(x, y),
          ),
        (x) =>
          split(
            c,
            right,
            type,
            (y) => mixed(x, y),
            (y) => numeric(x, y),
          ),
      ),
    ),
  )
}

/** Evaluates the operands, then throws a TypeError. */
function failing(c: FunctionContext, message: string, operands: readonly Expr[], type: Type): Expr {
  const last = operands.reduce((all, x) => then(all, x))
  return coerce(then(fail(c, message, last), undef(last.span)), type)
}

/** A unary operator; `++` and `--` on integers of any size too. */
export function unary(c: FunctionContext, name: UnaryOp, x: Expr, type: Type, numeric: (x: Expr) => Expr): Expr {
  const { span } = x
  const big = (value: Expr): Expr => {
    const leaf = UNARY[name]
    if (leaf) return op(leaf, [value], BIGINT, span)
    if (name === '++' || name === '--')
      return op(name === '++' ? 'bigint.add' : 'bigint.sub', [value, bigint('1', span)], BIGINT, span)
    return value
  }
  return split(c, x, type, big, numeric)
}

const ORDER: Partial<Record<BinaryOp, readonly [op: OpName, swapped: boolean, number: OpName]>> = {
  '<': ['bigint.lt', false, 'f64.lt'],
  '<=': ['bigint.le', false, 'f64.le'],
  '>': ['bigint.lt', true, 'f64.gt'],
  '>=': ['bigint.le', true, 'f64.ge'],
}
const MIRRORED: Partial<Record<BinaryOp, BinaryOp>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

/** Order of operands of which some may be integers of any size (7.2.12); `number` is ToNumber of one that is none. */
export function order(
  c: FunctionContext,
  name: BinaryOp,
  a: Expr,
  b: Expr,
  number: (x: Expr) => Expr,
  numeric: (a: Expr, b: Expr) => Expr,
): Expr {
  const both = (x: Expr, y: Expr): Expr => {
    const [leaf, swapped] = ORDER[name]!
    return op(leaf, swapped ? [y, x] : [x, y], BOOL, x.span)
  }
  const against = (as: BinaryOp, big: Expr, other: Expr): Expr => {
    return op(ORDER[as]![2], [compared(c, big, other, number), num(0, big.span)], BOOL, big.span)
  }
  return c.using(a, (left) =>
    c.using(b, (right) =>
      split(
        c,
        left,
        BOOL,
        (x) =>
          split(
            c,
            right,
            BOOL,
            (y) => both(x, y),
            (y) => against(name, x, y),
          ),
        (x) =>
          split(
            c,
            right,
            BOOL,
            (y) => against(MIRRORED[name]!, y, x),
            (y) => numeric(x, y),
          ),
      ),
    ),
  )
}

const NUMBERS: readonly Type['kind'][] = ['f64', 'i32', 'bool', 'undefined', 'null']

/** The order of an integer and what is none: a text is read as an integer, all else as a number. */
function compared(c: FunctionContext, big: Expr, other: Expr, number: (x: Expr) => Expr): Expr {
  return c.dispatch(other, F64, (one) =>
    NUMBERS.includes(one.type.kind)
      ? op('bigint.compare', [big, number(one)], F64, big.span)
      : op('bigint.compare_text', [big, toText(c, one)], F64, big.span),
  )
}

/** Number(x) of a value that may be an integer of any size (21.1.1.1). */
export const numberOf = (c: FunctionContext, x: Expr, numeric: (x: Expr) => Expr): Expr =>
  split(c, x, F64, (value) => op('bigint.to_number', [value], F64, x.span), numeric)
