import { BOOL, F64, I32, type Expr } from '../../../src/ir/index.ts'
import { constant, isLeaf, make, otherOp, otherOperand, swapped, wrongOp, type SeededBug } from './mutation.ts'

const number = (at: Expr, value: number): Expr => constant(at, value, F64)
const wrapped = (expr: Expr): Expr => make(expr, 'f64.from_i32', F64, [make(expr, 'f64.to_i32', I32, [expr])])
const withoutMinusZero = (expr: Expr): Expr => make(expr, 'f64.add', F64, [expr, number(expr, 0)])
const isInteger = (expr: Expr): boolean => expr.kind === 'const' && Number.isInteger(expr.value)

export const NUMBER_BUGS: readonly SeededBug[] = [
  { name: 'f64.sub takes its operands in the wrong order', area: 'numbers', mutate: swapped('f64.sub') },
  { name: 'f64.div takes its operands in the wrong order', area: 'numbers', mutate: swapped('f64.div') },
  { name: 'f64.lt is f64.le', area: 'numbers', mutate: otherOp('f64.lt', 'f64.le') },
  {
    name: 'f64.gt is the negation of f64.le',
    area: 'numbers',
    mutate: wrongOp('f64.gt', (e) => make(e, 'bool.not', BOOL, [{ ...e, op: 'f64.le' }])),
  },
  { name: 'f64.eq compares bits', area: 'numbers', mutate: otherOp('f64.eq', 'f64.same') },
  { name: 'f64.same compares values', area: 'numbers', mutate: otherOp('f64.same', 'f64.eq') },
  {
    name: 'f64.neg subtracts from 0',
    area: 'numbers',
    mutate: wrongOp('f64.neg', (e) => make(e, 'f64.sub', F64, [number(e, 0), e.args[0]!])),
  },
  {
    name: 'x + 0 is x',
    area: 'numbers',
    mutate: wrongOp('f64.add', (e) => {
      const [left, right] = e.args as [Expr, Expr]
      return right.kind === 'const' && Object.is(right.value, 0) ? left : e
    }),
  },
  { name: 'f64.rem loses the sign of 0', area: 'numbers', mutate: wrongOp('f64.rem', withoutMinusZero) },
  { name: 'f64.mul loses the sign of 0', area: 'numbers', mutate: wrongOp('f64.mul', withoutMinusZero) },
  {
    name: 'f64.to_i32 saturates',
    area: 'numbers',
    mutate: otherOperand('f64.to_i32', 0, (x) =>
      make(x, 'f64.max', F64, [number(x, -(2 ** 31)), make(x, 'f64.min', F64, [x, number(x, 2 ** 31 - 1)])]),
    ),
  },
  {
    name: 'adding an integer wraps to 32 bits',
    area: 'numbers',
    mutate: wrongOp('f64.add', (e) => (isInteger(e.args[1]!) ? wrapped(e) : e)),
  },
  {
    name: 'subtracting an integer wraps to 32 bits',
    area: 'numbers',
    mutate: wrongOp('f64.sub', (e) => (isInteger(e.args[1]!) ? wrapped(e) : e)),
  },
  {
    name: 'comparing with an integer compares 32 bits',
    area: 'numbers',
    mutate: wrongOp('f64.lt', (e) => (isInteger(e.args[1]!) ? { ...e, args: e.args.map(wrapped) } : e)),
  },
  { name: 'i32.ushr is i32.shr', area: 'numbers', mutate: otherOp('i32.ushr', 'i32.shr') },
  { name: 'i32.shr is i32.ushr', area: 'numbers', mutate: otherOp('i32.shr', 'i32.ushr') },
  {
    name: 'a shift by a constant of 32 or more gives 0',
    area: 'numbers',
    mutate: wrongOp('i32.shl', (e) => {
      const by = e.args[1]!
      return by.kind === 'const' && ((by.value as number) & 31) !== by.value ? constant(e, 0, I32) : e
    }),
  },
  { name: 'f64.from_u32 is f64.from_i32', area: 'numbers', mutate: otherOp('f64.from_u32', 'f64.from_i32') },
  {
    name: 'f64.min is a comparison and a choice',
    area: 'numbers',
    mutate: wrongOp('f64.min', (e) => {
      const [a, b] = e.args as [Expr, Expr]
      if (!isLeaf(a) || !isLeaf(b)) return e
      return { kind: 'cond', test: make(e, 'f64.lt', BOOL, [a, b]), then: a, else: b, type: F64, span: e.span }
    }),
  },
  {
    name: 'math.round is floor of x + 0.5',
    area: 'numbers',
    mutate: wrongOp('math.round', (e) =>
      make(e, 'math.floor', F64, [make(e, 'f64.add', F64, [e.args[0]!, number(e, 0.5)])]),
    ),
  },
  { name: 'math.trunc goes over 32 bits', area: 'numbers', mutate: wrongOp('math.trunc', (e) => wrapped(e.args[0]!)) },
  { name: 'math.floor truncates', area: 'numbers', mutate: otherOp('math.floor', 'math.trunc') },
  {
    name: 'f64.truthy is a comparison with 0',
    area: 'numbers',
    mutate: wrongOp('f64.truthy', (e) => make(e, 'f64.ne', BOOL, [e.args[0]!, number(e, 0)])),
  },
  { name: 'math.imul is f64.mul', area: 'numbers', mutate: otherOp('math.imul', 'f64.mul') },
  {
    name: 'f64.pow of 1 is 1 for every exponent, as in C',
    area: 'numbers',
    mutate: wrongOp('f64.pow', (e) => {
      const base = e.args[0]!
      if (!isLeaf(base)) return e
      const test = make(e, 'f64.eq', BOOL, [base, number(e, 1)])
      return { kind: 'cond', test, then: number(e, 1), else: e, type: F64, span: e.span }
    }),
  },
  {
    name: 'division by a constant multiplies with its inverse',
    area: 'numbers',
    mutate: wrongOp('f64.div', (e) => {
      const by = e.args[1]!
      return by.kind === 'const' ? make(e, 'f64.mul', F64, [e.args[0]!, number(e, 1 / (by.value as number))]) : e
    }),
  },
  { name: 'math.fround does nothing', area: 'numbers', mutate: wrongOp('math.fround', (e) => e.args[0]!) },
  {
    name: 'f64.is_integer takes infinities',
    area: 'numbers',
    mutate: wrongOp('f64.is_integer', (e) =>
      isLeaf(e.args[0]!) ? make(e, 'f64.eq', BOOL, [e.args[0]!, make(e, 'math.trunc', F64, [e.args[0]!])]) : e,
    ),
  },
]
