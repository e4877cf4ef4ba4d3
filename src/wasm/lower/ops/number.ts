import type { Expr } from '../../../ir/index.ts'
import { EXTERNREF, F64, I32, I64, type Code } from '../../encoder/index.ts'
import type { PlainOp } from '../../encoder/opcodes.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import type { ModuleLowering } from '../module.ts'
import { integer, isInteger, testWhole, testWholeLong } from '../numbers.ts'
import { textOfNumber } from '../../runtime/strings.ts'
import { FIXED_DIGITS_MAX, fixedText } from '../../runtime/digits.ts'
import { numberOrUnset } from './element.ts'
import { helper, inLocals, onStack, type Lower } from './combine.ts'
import { wholeCodeAt } from './string.ts'

const plain = (...ops: readonly PlainOp[]): Lower =>
  onStack((c) => {
    for (const op of ops) c.op(op)
  })

/** Sum, difference, product or quotient, which give no signalling NaN whatever their operands are (see HOLE_BITS). */
const arithmetic =
  (op: PlainOp): Lower =>
  (f, e) => {
    for (const arg of e.args) numberOrUnset(f, arg)
    f.c.op(op)
  }

/** A comparison of numbers; of integers where both are known to be. */
const compare =
  (number: PlainOp, whole: PlainOp): Lower =>
  (f, e) => {
    const [left, right] = e.args as readonly [Expr, Expr]
    if (isInteger(left) && isInteger(right)) {
      integer(f, left)
      integer(f, right)
      f.c.op(whole)
      return
    }
    numberOrUnset(f, left)
    numberOrUnset(f, right)
    f.c.op(number)
  }

/** ToInt32 (7.1.6): of what is an i32 already at once, exact by way of 64 bits below 2^63, beyond that the host's. */
export function toInt32(m: ModuleLowering): number {
  return m.helper('to int32', [F64], [I32], (c) => {
    const whole = c.local(I32)
    testWhole(c, 0, whole)
    c.op('i32.eqz').if(I32)
    c.get(0)
      .op('f64.abs')
      .f64(2 ** 63)
      .op('f64.lt')
      .if(I32)
    c.get(0).sat('i64.trunc_sat_f64_s').op('i32.wrap_i64')
    c.else().get(0).call(m.imports.service('toInt32')).end()
    c.else().get(whole).end()
  })
}

/** Pushes ToInt32 of an f64 expression. */
export function truncated(f: FuncLowering, e: Expr): void {
  if (isInteger(e)) return integer(f, e)
  if (e.kind === 'const') {
    f.c.i32((e.value as number) | 0)
    return
  }
  if (e.kind === 'op' && e.op === 'f64.from_u32') return f.inside(e.span, () => f.value(e.args[0]!))
  if (e.kind === 'op' && e.op === 'string.code_at') return f.inside(e.span, () => wholeCodeAt(f, e))
  f.value(e)
  f.c.call(toInt32(f.m))
}

/** The host's remainder is a call; that of whole numbers is not. The result has the sign of the dividend, also when it is 0. */
function remainder(m: ModuleLowering): number {
  return m.helper('remainder', [F64, F64], [F64], (c) => {
    const number = c.local(F64)
    const left = c.local(I64)
    const right = c.local(I64)
    c.get(0).op('f64.abs').set(number)
    testWholeLong(c, number, left)
    c.get(1).op('f64.abs').set(number)
    testWholeLong(c, number, right)
    c.op('i32.and').get(right).op('i64.eqz').op('i32.eqz').op('i32.and').op('i32.eqz').rarely().if(F64)
    c.get(0).get(1).call(m.imports.operation('f64.rem')).else()
    // Short divisions are much faster.
    c.get(left).get(right).op('i64.or').i64(32n).op('i64.shr_u').op('i64.eqz').if(F64)
    c.get(left).op('i32.wrap_i64').get(right).op('i32.wrap_i64').op('i32.rem_u').op('f64.convert_i32_u')
    c.else().get(left).get(right).op('i64.rem_u').op('f64.convert_i64_s').end()
    c.get(0).op('f64.copysign').end()
  })
}

/**
 * By a constant whole number the division becomes a multiplication by what is about its reciprocal. Below 2^52 the quotient that comes of it is at most 1
 * off, and a multiple of the divisor is exact; with the right one so is the difference, which is the remainder, also of fractions.
 */
const rem: Lower = (f, e) => {
  const { c } = f
  const [left, right] = e.args as readonly [Expr, Expr]
  const divisor = right.kind === 'const' ? (right.value as number) : 0
  f.value(left)
  if (!(divisor > 0 && (divisor | 0) === divisor)) {
    f.value(right)
    f.call(remainder(f.m))
    return
  }
  const [number, quotient, rest] = [c.borrow(F64), c.borrow(F64), c.borrow(F64)]
  c.set(number)
  // The sign of the dividend is that of the result, also of 0: so it must have none. What has one is great by its bits.
  c.get(number)
    .op('i64.reinterpret_f64')
    .i64(bitsOf(2 ** 52))
    .op('i64.lt_u')
    .mostly()
    .if(F64)
  c.get(number)
    .get(number)
    .f64(1 / divisor)
    .op('f64.mul')
    .op('f64.floor')
    .tee(quotient)
  c.f64(divisor).op('f64.mul').op('f64.sub').tee(rest)
  c.op('i64.reinterpret_f64').i64(bitsOf(divisor)).op('i64.ge_u').rarely().if()
  c.get(number).get(quotient).f64(1).get(rest).op('f64.copysign').op('f64.add')
  c.f64(divisor).op('f64.mul').op('f64.sub').set(rest).end()
  c.get(rest).else().get(number).f64(divisor).call(f.m.imports.operation('f64.rem')).end()
  c.release(F64, number, quotient, rest)
}

/** The bits of a double. */
function bitsOf(number: number): bigint {
  return new BigInt64Array(Float64Array.of(number).buffer)[0]!
}

/** WebAssembly traps where the divisor is 0. */
const remainderOfIntegers: Lower = (f, e) => {
  const { c } = f
  const [left, right] = e.args as readonly [Expr, Expr]
  f.value(left)
  if (right.kind === 'const' && right.value !== 0) {
    c.i32(right.value as number).op('i32.rem_u')
    return
  }
  f.withLocal(I32, (divisor) => {
    f.value(right)
    c.tee(divisor).i32(1).get(divisor).select(I32).op('i32.rem_u').i32(0).get(divisor).select(I32)
  })
}

/** Math.round (21.3.2.28): half way goes up, and from -0.5 to -0 the result is -0. */
function round(m: ModuleLowering): number {
  return m.helper('round', [F64], [F64], (c) => {
    const up = c.local(F64)
    c.get(0).op('f64.ceil').tee(up).f64(-1).op('f64.add').get(up)
    c.get(up).f64(0.5).op('f64.sub').get(0).op('f64.gt').select(F64)
  })
}

function sign(m: ModuleLowering): number {
  return m.helper('sign', [F64], [F64], (c) => {
    c.f64(1).f64(-1).get(0).get(0).f64(0).op('f64.lt').select(F64).get(0).f64(0).op('f64.gt').select(F64)
  })
}

function isWhole(m: ModuleLowering): number {
  return m.helper('is whole', [F64], [I32], (c) => {
    // Infinity minus itself is NaN, which equals nothing.
    c.get(0).op('f64.trunc').get(0).op('f64.eq').get(0).get(0).op('f64.sub').f64(0).op('f64.eq').op('i32.and')
  })
}

function isSame(m: ModuleLowering): number {
  return m.helper('is same', [F64, F64], [I32], (c) => {
    c.get(0).get(0).op('f64.ne').get(1).get(1).op('f64.ne').op('i32.and')
    c.get(0).op('i64.reinterpret_f64').get(1).op('i64.reinterpret_f64').op('i64.eq').op('i32.or')
  })
}

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

/** A function of two numbers that works on their low 32 bits. */
const bits =
  (emit: (c: Code) => void): Lower =>
  (f, e) => {
    for (const arg of e.args) truncated(f, arg)
    emit(f.c)
  }

/** With few digits, as money has them, the text is made here. */
const toFixed: Lower = (f, e) => {
  const digits = e.args[1]!
  const isShort = isInteger(digits) && digits.kind === 'const'
  const count = isShort ? (digits.value as number) : -1
  if (count < 0 || count > FIXED_DIGITS_MAX) return hosted(f, e)
  inLocals((_, [number]) => void f.c.get(number!).call(fixedText(f.m, count)))(f, e)
}

/** Sum, difference and product of 32 bits; the shifts of WebAssembly take the low five bits as they should. */
export const NUMBER_OPS = {
  'f64.add': arithmetic('f64.add'),
  'f64.sub': arithmetic('f64.sub'),
  'f64.mul': arithmetic('f64.mul'),
  'f64.div': arithmetic('f64.div'),
  'f64.rem': rem,
  'f64.pow': hosted,
  'f64.neg': plain('f64.neg'),
  'f64.lt': compare('f64.lt', 'i32.lt_s'),
  'f64.le': compare('f64.le', 'i32.le_s'),
  'f64.eq': compare('f64.eq', 'i32.eq'),
  'f64.ne': compare('f64.ne', 'i32.ne'),
  'f64.gt': compare('f64.gt', 'i32.gt_s'),
  'f64.ge': compare('f64.ge', 'i32.ge_s'),
  'f64.truthy': ((f, e) => {
    f.withLocal(F64, (x) => {
      f.value(e.args[0]!)
      f.c.tee(x).f64(0).op('f64.ne').get(x).get(x).op('f64.eq').op('i32.and')
    })
  }) as Lower,
  'f64.to_i32': ((f, e) => truncated(f, e.args[0]!)) as Lower,
  'f64.from_i32': plain('f64.convert_i32_s'),
  'f64.from_u32': plain('f64.convert_i32_u'),
  'f64.from_bool': plain('f64.convert_i32_u'),
  'f64.to_string': onStack((_c, f) => f.call(textOfNumber(f.m))),
  'f64.to_radix': hosted,
  'f64.to_fixed': toFixed,
  'f64.to_precision': hosted,
  'f64.to_exponential': hosted,
  'f64.to_exponential_all': hosted,
  'f64.is_integer': helper(isWhole),
  'f64.is_safe_integer': ((f, e) => {
    f.withLocal(F64, (x) => {
      f.value(e.args[0]!)
      f.c.tee(x).call(isWhole(f.m)).get(x).op('f64.abs').f64(Number.MAX_SAFE_INTEGER).op('f64.le').op('i32.and')
    })
  }) as Lower,
  'f64.is_finite': ((f, e) => {
    f.withLocal(F64, (x) => {
      f.value(e.args[0]!)
      f.c.tee(x).get(x).op('f64.sub').f64(0).op('f64.eq')
    })
  }) as Lower,
  'f64.is_nan': ((f, e) => {
    f.withLocal(F64, (x) => {
      f.value(e.args[0]!)
      f.c.tee(x).get(x).op('f64.ne')
    })
  }) as Lower,
  'f64.min': plain('f64.min'),
  'f64.max': plain('f64.max'),
  'f64.same': helper(isSame),
  'i32.and': plain('i32.and'),
  'i32.or': plain('i32.or'),
  'i32.xor': plain('i32.xor'),
  'i32.not': ((f, e) => {
    f.value(e.args[0]!)
    f.c.i32(-1).op('i32.xor')
  }) as Lower,
  'i32.shl': plain('i32.shl'),
  'i32.shr': plain('i32.shr_s'),
  'i32.ushr': plain('i32.shr_u'),
  'i32.add': plain('i32.add'),
  'i32.sub': plain('i32.sub'),
  'i32.mul': plain('i32.mul'),
  'i32.lt': plain('i32.lt_s'),
  'i32.le': plain('i32.le_s'),
  'i32.gt': plain('i32.gt_s'),
  'i32.ge': plain('i32.ge_s'),
  'i32.eq': plain('i32.eq'),
  'i32.ne': plain('i32.ne'),
  'i32.rem_u': remainderOfIntegers,
  'bool.not': plain('i32.eqz'),
  'bool.eq': plain('i32.eq'),
  'bool.to_string': ((f, e) => {
    stringOfBool(f, e)
  }) as Lower,
  'math.abs': plain('f64.abs'),
  'math.floor': plain('f64.floor'),
  'math.ceil': plain('f64.ceil'),
  'math.round': helper(round),
  'math.trunc': plain('f64.trunc'),
  'math.sign': helper(sign),
  'math.sqrt': plain('f64.sqrt'),
  'math.cbrt': hosted,
  'math.exp': hosted,
  'math.expm1': hosted,
  'math.log': hosted,
  'math.log2': hosted,
  'math.log10': hosted,
  'math.log1p': hosted,
  'math.sin': hosted,
  'math.cos': hosted,
  'math.tan': hosted,
  'math.asin': hosted,
  'math.acos': hosted,
  'math.atan': hosted,
  'math.sinh': hosted,
  'math.cosh': hosted,
  'math.tanh': hosted,
  'math.asinh': hosted,
  'math.acosh': hosted,
  'math.atanh': hosted,
  'math.fround': plain('f32.demote_f64', 'f64.promote_f32'),
  'math.clz32': bits((c) => void c.op('i32.clz').op('f64.convert_i32_u')),
  'math.atan2': hosted,
  'math.imul': bits((c) => void c.op('i32.mul').op('f64.convert_i32_s')),
}

function stringOfBool(f: FuncLowering, e: OpExpr): void {
  f.value(e.args[0]!)
  f.c.if(EXTERNREF).globalGet(f.m.string('true')).else().globalGet(f.m.string('false')).end()
}
