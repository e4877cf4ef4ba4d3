import { NO_SPAN, type Span } from '../../src/base/index.ts'
import type { BuildParts } from '../../src/document/index.ts'
import {
  ANY,
  arrayOf,
  ERROR_OBJECT,
  F64,
  objectOf,
  STRING,
  UNDEFINED,
  unionOf,
  type Expr,
  type Func,
  type Module,
} from '../../src/ir/index.ts'

const at = (start: number, end: number): Span => ({ file: 0, start, end })
const number = (value: number): Expr => ({ kind: 'const', value, type: F64, span: at(60, 61) })
const nothing: Expr = { kind: 'const', value: undefined, type: UNDEFINED, span: NO_SPAN }
const local = (index: number, type: Expr['type']): Expr => ({ kind: 'local', local: index, type, span: at(60, 61) })

const ORDER = objectOf(1)
const ORDERS = arrayOf(ORDER)

const init: Func = {
  name: '<init>',
  params: [],
  captures: [],
  locals: [],
  result: UNDEFINED,
  body: [
    {
      kind: 'expr',
      expr: { kind: 'op', op: 'global.set', imm: [0], args: [number(0.2)], type: UNDEFINED, span: at(0, 9) },
      span: at(0, 9),
    },
    { kind: 'return', value: nothing, span: NO_SPAN },
  ],
  span: NO_SPAN,
}

const boxed: Expr = { kind: 'op', op: 'dyn.box', imm: [ANY], args: [number(1)], type: ANY, span: at(50, 51) }

const total: Func = {
  name: 'total',
  params: [{ name: 'orders', type: ORDERS }],
  captures: [],
  locals: [],
  result: F64,
  body: [
    {
      kind: 'expr',
      expr: { kind: 'op', op: 'log', imm: ['log'], args: [boxed], type: UNDEFINED, span: at(50, 58) },
      span: at(50, 58),
    },
    { kind: 'expr', expr: { kind: 'call', func: 2, args: [number(3)], type: F64, span: at(58, 60) }, span: at(58, 60) },
    {
      kind: 'return',
      value: { kind: 'op', op: 'array.length', imm: [], args: [local(0, ORDERS)], type: F64, span: at(60, 70) },
      span: at(60, 70),
    },
  ],
  span: at(20, 80),
}

const taxed: Func = {
  name: 'taxed',
  params: [{ name: 'amount', type: F64 }],
  captures: [],
  locals: [],
  result: F64,
  body: [
    {
      kind: 'return',
      value: { kind: 'op', op: 'global.get', imm: [0], args: [], type: F64, span: at(85, 90) },
      span: at(81, 95),
    },
  ],
  span: at(81, 99),
}

const module: Module = {
  files: [{ path: 'main.ts', lines: [0, 20, 81] }],
  objects: [
    ERROR_OBJECT,
    {
      role: 'record',
      name: 'Order',
      fields: [
        { name: 'amount', type: F64 },
        { name: 'note', type: unionOf([STRING, UNDEFINED]), optional: true },
      ],
    },
  ],
  globals: [{ name: 'RATE', type: F64 }],
  funcs: [init, total, taxed],
  init: 0,
  entries: [{ name: 'total', func: 1, params: [{ name: 'orders', type: ORDERS, optional: false }], result: F64 }],
}

/** What the front end would give for a program of one file with a record, a variable and two functions. */
export function sampleParts(): BuildParts {
  return {
    module,
    name: 'order-total',
    version: '1.2.0',
    program: {
      intent: { description: 'Totals orders with tax', tags: ['money', 'orders'] },
      declarations: [
        { kind: 'record', name: 'Order', exported: true, objects: [1], span: at(0, 19) },
        { kind: 'variable', name: 'RATE', type: F64, global: 0, constant: true, span: at(0, 9) },
        {
          kind: 'function',
          name: 'total',
          exported: true,
          funcs: [1],
          params: [{ name: 'orders', type: ORDERS, description: 'what was bought' }],
          result: F64,
          span: at(20, 80),
          docs: {
            description: 'The sum of all orders with tax',
            returns: 'the amount to pay',
            contracts: [{ kind: 'ensures', formalSpec: 'result >= 0' }],
            tags: [{ name: 'tags', text: 'sum, tax' }],
          },
        },
      ],
    },
  }
}
