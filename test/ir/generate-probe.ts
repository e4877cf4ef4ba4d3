import {
  ANY,
  arrayOf,
  BOOL,
  cellOf,
  F64,
  OP_NAMES,
  opRow,
  STRING,
  UNDEFINED,
  unionOf,
  type Expr,
  type Local,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import type { BodyGenerator } from './generate-stmt.ts'
import { hasDefault } from './generate-type.ts'
import type { Random } from './random.ts'

/** The variables of a function that does little but operations on them. */
type ProbeHead = { readonly params: readonly Local[]; readonly locals: readonly Local[]; readonly result: Type }

const NUMERIC = OP_NAMES.filter((op) => /^(f64|i32)\./.test(op))

/** Parameters that can be given from outside, and locals of some types that cannot. */
export function probeHead({ pick, oneIn }: Random, type: (depth: number) => Type): ProbeHead {
  const elem = pick([F64, F64, STRING, ANY, BOOL, unionOf([F64, UNDEFINED])])
  const params = [F64, F64, STRING, STRING, ANY, arrayOf(elem), ...(oneIn(2) ? [arrayOf(elem)] : [])]
  const [one, other] = [type(2), type(2)]
  const locals = [one, one, other, cellOf(pick([F64, STRING, elem]))]
  const named = (types: readonly Type[], name: string): Local[] =>
    types.map((of, i) => ({ name: `${name}${i}`, type: of }))
  return { params: named(params, 'p'), locals: named(locals, 'l'), result: arrayOf(ANY) }
}

/**
 * Applies some operations, each as likely as any other, to the variables and constants. All results and, at the end, all
 * variables go to the trace, which is the result; what is thrown is caught, and what may trap is done last.
 */
export function probeBody(body: BodyGenerator, applied: number): Stmt[] {
  const { exprs, locals, random } = body
  const first = locals.findIndex((local) => local.name === 'l0')
  const sets = locals.slice(first).map(({ type }, i) => body.set(first + i, exprs.leaf(type)))
  // Numbers have the most laws that hold for all but a few of them.
  const ops = random.oneIn(3)
    ? Array.from({ length: 2 * applied }, () => random.pick(NUMERIC))
    : Array.from({ length: applied }, () => random.pick(OP_NAMES))
  // What a value is, is asked most where it may be most.
  if (locals.some(({ type }) => type.kind === 'nested')) ops.push('dyn.is', 'dyn.is', 'dyn.is')
  ops.sort((a, b) => Number(opRow(a).traps !== undefined) - Number(opRow(b).traps !== undefined))
  const made = ops.flatMap((op) => {
    const expr = exprs.byOp(op, undefined, random.oneIn(3) ? 2 : 1)
    return expr ? [opRow(op).throws ? body.guard(expr) : show(body, expr)] : []
  })
  const all = locals.flatMap(({ type }, i) => (hasDefault(type) && random.oneIn(2) ? [] : [exprs.keep(exprs.read(i))]))
  return [...sets, ...made.slice(0, -1), ...all, ...made.slice(-1), exprs.result(exprs.trace())]
}

function show({ exprs }: BodyGenerator, expr: Expr): Stmt {
  return expr.type.kind === 'undefined' ? exprs.stmtOf(expr) : exprs.keep(expr)
}
