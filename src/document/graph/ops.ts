import type { Span } from '../../base/index.ts'
import { BOOL, F64, sameType, STRING, type Expr, type OpName, type Type } from '../../ir/index.ts'

/** An operation that gives a value from its inputs. `build` gives undefined when their types do not fit. */
export type GraphOp = {
  readonly doc: string
  readonly inputs: number
  readonly build: (args: readonly Expr[], span: Span) => Expr | undefined
}

type Overload = { readonly op: OpName; readonly on: Type; readonly result: Type; readonly swap?: boolean }

const numeric = (op: OpName, result: Type = F64): Overload => ({ op, on: F64, result })
const compared = (number: OpName, string: OpName, swap: boolean): readonly Overload[] => [
  numeric(number, BOOL),
  { op: string, on: STRING, result: BOOL, swap },
]

/** Operations whose inputs have one type; the first overload that fits is taken. */
function uniform(doc: string, inputs: number, overloads: readonly Overload[]): GraphOp {
  return {
    doc,
    inputs,
    build(args, span) {
      const found = overloads.find((o) => args.every((arg) => sameType(arg.type, o.on)))
      if (!found) return undefined
      return opExpr(found.op, found.swap === true ? args.toReversed() : args, found.result, span)
    },
  }
}

const EQUALITY: readonly Overload[] = [
  numeric('f64.eq', BOOL),
  { op: 'string.eq', on: STRING, result: BOOL },
  { op: 'bool.eq', on: BOOL, result: BOOL },
]

/** The operations of format `graph` that give a value; docs/DOCUMENT.md lists them with their docs. */
export const GRAPH_OPS: ReadonlyMap<string, GraphOp> = new Map<string, GraphOp>([
  [
    'add',
    uniform('sum of two numbers, or two strings joined', 2, [
      numeric('f64.add'),
      { op: 'string.concat', on: STRING, result: STRING },
    ]),
  ],
  ['subtract', uniform('difference of two numbers', 2, [numeric('f64.sub')])],
  ['multiply', uniform('product of two numbers', 2, [numeric('f64.mul')])],
  ['divide', uniform('quotient of two numbers', 2, [numeric('f64.div')])],
  ['modulo', uniform('remainder with the sign of the dividend', 2, [numeric('f64.rem')])],
  ['power', uniform('power of two numbers', 2, [numeric('f64.pow')])],
  ['negate', uniform('negation of a number', 1, [numeric('f64.neg')])],
  ['equal', uniform('whether two numbers, strings or booleans are equal', 2, EQUALITY)],
  ['not_equal', { doc: 'the opposite of `equal`', inputs: 2, build: buildNotEqual }],
  ['less', uniform('order of two numbers or strings', 2, compared('f64.lt', 'string.lt', false))],
  ['less_equal', uniform('order of two numbers or strings', 2, compared('f64.le', 'string.le', false))],
  ['greater', uniform('order of two numbers or strings', 2, compared('f64.gt', 'string.lt', true))],
  ['greater_equal', uniform('order of two numbers or strings', 2, compared('f64.ge', 'string.le', true))],
  [
    'and',
    {
      doc: 'both booleans; the second is not looked at when the first is false',
      inputs: 2,
      build: (args, span) => buildChoice(args, false, span),
    },
  ],
  [
    'or',
    {
      doc: 'either boolean; the second is not looked at when the first is true',
      inputs: 2,
      build: (args, span) => buildChoice(args, true, span),
    },
  ],
  ['not', uniform('the opposite of a boolean', 1, [{ op: 'bool.not', on: BOOL, result: BOOL }])],
  ['length', { doc: 'length of an array or a string', inputs: 1, build: buildLength }],
  [
    'array_get',
    {
      doc: 'element of an array (first input) at an index (second); a missing one is a trap',
      inputs: 2,
      build: buildGet,
    },
  ],
])

export function opExpr(op: OpName, args: readonly Expr[], type: Type, span: Span): Expr {
  return { kind: 'op', op, imm: [], args, type, span }
}

function buildNotEqual(args: readonly Expr[], span: Span): Expr | undefined {
  const equal = GRAPH_OPS.get('equal')?.build(args, span)
  return equal && opExpr('bool.not', [equal], BOOL, span)
}

/** `and` is `a ? b : false`, `or` is `a ? true : b`. */
function buildChoice(args: readonly Expr[], decided: boolean, span: Span): Expr | undefined {
  const [test, other] = args
  if (!test || !other || test.type.kind !== 'bool' || other.type.kind !== 'bool') return undefined
  const constant: Expr = { kind: 'const', value: decided, type: BOOL, span }
  return { kind: 'cond', test, then: decided ? constant : other, else: decided ? other : constant, type: BOOL, span }
}

function buildLength(args: readonly Expr[], span: Span): Expr | undefined {
  const kind = args[0]?.type.kind
  if (kind === 'string') return opExpr('string.length', args, F64, span)
  return kind === 'array' ? opExpr('array.length', args, F64, span) : undefined
}

function buildGet(args: readonly Expr[], span: Span): Expr | undefined {
  const [array, index] = args
  if (array?.type.kind !== 'array' || index?.type.kind !== 'f64') return undefined
  return opExpr('array.get', args, array.type.elem, span)
}
