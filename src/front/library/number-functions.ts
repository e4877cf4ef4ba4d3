import { arrayOf, BOOL, F64, isBoxed, isUnion, membersOf, type OpName } from '../../ir/index.ts'
import { is, toBool, toNumber } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { Slot } from '../flow/slots.ts'
import { and, bool, coerce, num as number, op, then, undef } from '../emit/make.ts'
import { func, flowResult } from './leaf.ts'
import { callPrelude, collect, collected, flowPrelude } from './prelude.ts'
import { spreads, num, type Row } from './row.ts'

const MATH_UNARY: Readonly<Record<string, OpName>> = {
  abs: 'math.abs',
  acos: 'math.acos',
  acosh: 'math.acosh',
  asin: 'math.asin',
  asinh: 'math.asinh',
  atan: 'math.atan',
  atanh: 'math.atanh',
  cbrt: 'math.cbrt',
  ceil: 'math.ceil',
  clz32: 'math.clz32',
  cos: 'math.cos',
  cosh: 'math.cosh',
  exp: 'math.exp',
  expm1: 'math.expm1',
  floor: 'math.floor',
  fround: 'math.fround',
  log: 'math.log',
  log10: 'math.log10',
  log1p: 'math.log1p',
  log2: 'math.log2',
  round: 'math.round',
  sign: 'math.sign',
  sin: 'math.sin',
  sinh: 'math.sinh',
  sqrt: 'math.sqrt',
  tan: 'math.tan',
  tanh: 'math.tanh',
  trunc: 'math.trunc',
}

const MATH_BINARY: Readonly<Record<string, OpName>> = { atan2: 'math.atan2', imul: 'math.imul', pow: 'f64.pow' }

/** Math.min and Math.max: pairwise for arguments one by one, by the prelude for spread ones. */
function extreme(name: 'f64.min' | 'f64.max', prelude: string, empty: number): Row {
  return {
    flow: (use) => {
      flowResult(use, 'num')
      if (spreads(use.args)) flowPrelude(use, prelude, [collected(use)])
    },
    emit: ({ c, at, args }) => {
      if (spreads(args)) return callPrelude(c, at, prelude, [collect(c, at, args)])
      const [first, ...rest] = args.map((arg) => toNumber(c, emit(c, arg.value)))
      if (!first) return number(empty, at.span)
      return rest.reduce((all, x) => op(name, [all, x], F64, at.span), first)
    },
  }
}

const hypot: Row = {
  flow: (use) => {
    flowResult(use, 'num')
    if (!spreads(use.args)) return
    const numbers = use.inst.once(use.at, 'numbers', () => new Slot())
    flowPrelude({ ...use, out: numbers }, 'math_numbers', [collected(use)])
  },
  emit: ({ c, at, args }) => {
    if (!spreads(args)) {
      const numbers = args.map((arg) => toNumber(c, emit(c, arg.value)))
      return op('math.hypot', [op('array.new', numbers, arrayOf(F64), at.span, [F64])], F64, at.span)
    }
    const list = collect(c, at, args)
    const isNumbers = list.type.kind === 'array' && list.type.elem.kind === 'f64'
    return op('math.hypot', [isNumbers ? list : callPrelude(c, at, 'math_numbers', [list])], F64, at.span)
  },
}

/** Tests that are false for everything but numbers. */
const numberTest = (name: OpName): Row => ({
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    if (x.type.kind === 'f64') return op(name, [x], BOOL, at.span)
    if (!isBoxed(x.type)) return then(x, bool(false, at.span))
    if (isUnion(x.type) && !membersOf(x.type).some((m) => m.kind === 'f64')) return then(x, bool(false, at.span))
    return c.using(x, (value) => and(is(value, F64), op(name, [coerce(value, F64)], BOOL, at.span)))
  },
})

const convertedTest = (name: OpName): Row => ({
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) =>
    op(name, [args[0] ? toNumber(c, emit(c, args[0].value)) : number(NaN, at.span)], BOOL, at.span),
})

/** Functions of Math and Number, and the global tests of numbers. */
export const NUMBER_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(Object.entries(MATH_UNARY).map(([name, leaf]) => [`Math.${name}`, func(leaf, [num()], 'num')])),
  ...Object.fromEntries(
    Object.entries(MATH_BINARY).map(([name, leaf]) => [`Math.${name}`, func(leaf, [num(), num()], 'num')]),
  ),
  'Math.min': extreme('f64.min', 'math_min', Infinity),
  'Math.max': extreme('f64.max', 'math_max', -Infinity),
  'Math.hypot': hypot,
  'Number.isFinite': numberTest('f64.is_finite'),
  'Number.isInteger': numberTest('f64.is_integer'),
  'Number.isNaN': numberTest('f64.is_nan'),
  'Number.isSafeInteger': numberTest('f64.is_safe_integer'),
  isFinite: convertedTest('f64.is_finite'),
  isNaN: convertedTest('f64.is_nan'),
  Boolean: {
    flow: (use) => flowResult(use, 'bool'),
    emit: ({ c, at, args }) => (args[0] ? toBool(emit(c, args[0].value)) : bool(false, at.span)),
  },
}
