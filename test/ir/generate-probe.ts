import {
  ANY,
  arrayOf,
  F64,
  OP_NAMES,
  unionOf,
  type Local,
  type OpName,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { signatureOf, type Pattern } from '../../src/ir/signature.ts'
import type { ExprGenerator } from './generate-expr.ts'
import type { Random } from './random.ts'

/** A function that does little but one operation, on its parameters where they can be given from outside. */
type ProbeHead = { readonly params: readonly Local[]; readonly result: Type; readonly op: OpName }

const APPLICATIONS = 3

/** Chooses the operation, every one as often as any other, and parameters that can be its operands. */
export function probeHead(random: Random, type: (depth: number) => Type): ProbeHead {
  const op = random.pick(OP_NAMES)
  const { params, rest } = signatureOf(op)
  const any = random.oneIn(2) ? F64 : type(1)
  const bound = any.kind === 'i32' ? F64 : any
  const patterns = [...params, ...(rest ? [rest, rest] : [])]
  const made = patterns.map((pattern) => operandType(random, pattern, bound, type))
  return { params: made.map((of, i) => ({ name: `p${i}`, type: of })), result: F64, op }
}

function operandType(random: Random, pattern: Pattern, bound: Type, type: (depth: number) => Type): Type {
  switch (pattern.kind) {
    case 'plain':
      return pattern.type
    case 'array':
      return arrayOf(operandType(random, pattern.of, bound, type))
    case 'boxed':
      return random.oneIn(2) ? ANY : unionOf([bound, { kind: 'undefined' }, { kind: 'string' }])
    case 'variable':
    case 'optional':
      return bound
    default:
      return type(2)
  }
}

/** Applies the operation some times, so that parameters, constants and results of others are its operands; all goes to the trace. */
export function probeBody(exprs: ExprGenerator, op: OpName): Stmt[] {
  const made = Array.from({ length: APPLICATIONS }, (_, depth) => exprs.byOp(op, undefined, depth))
  return [...made.flatMap((expr) => (expr ? [exprs.keep(expr)] : [])), exprs.result(exprs.leaf(F64))]
}
