import {
  admits,
  arrayOf,
  BOOL,
  F64,
  isUnion,
  membersOf,
  optional,
  STRING,
  UNDEFINED,
  unionOf,
  type Expr,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import { isMissing, toNumber, toText } from '../emit/convert.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { widenStrings } from '../emit/literals.ts'
import { coerce, cond, constant, op, then, undef } from '../emit/make.ts'
import type { HArg, HExpr } from '../hir.ts'
import { ArrNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, NUM, STR, UNDEF, type Kinds } from '../kinds.ts'
import type { EmitUse, FlowUse, Param, Result, Row } from './row.ts'

const RESULT: Record<Result, { readonly kinds: Kinds; readonly type: Type }> = {
  num: { kinds: NUM, type: F64 },
  str: { kinds: STR, type: STRING },
  bool: { kinds: BOOL_KIND, type: BOOL },
  'num?': { kinds: NUM | UNDEF, type: optional(F64) },
  'str?': { kinds: STR | UNDEF, type: optional(STRING) },
  strs: { kinds: 0, type: arrayOf(STRING) },
}

/** A method that is one operation on its receiver and arguments. */
export function method(name: OpName, params: readonly Param[], out: Result): Row {
  return { flow: (use) => flowResult(use, out), emit: (use) => leafCall(use, name, [use.self], params, out) }
}

/** A function that is one operation on its arguments. */
export function func(name: OpName, params: readonly Param[], out: Result): Row {
  return { flow: (use) => flowResult(use, out), emit: (use) => leafCall(use, name, [], params, out) }
}

export function flowResult(use: FlowUse, out: Result): void {
  use.a.solver.addKinds(use.out, RESULT[out].kinds)
  if (out === 'strs')
    use.a.solver.addArr(
      use.out,
      use.inst.once(use.at, 'strings', () => stringsNode(use)),
    )
}

function stringsNode(use: FlowUse): ArrNode {
  const node = new ArrNode()
  use.a.solver.addKinds(node.elem, STR)
  return node
}

function leafCall(use: EmitUse, name: OpName, first: readonly Expr[], params: readonly Param[], out: Result): Expr {
  const { c, at, args } = use
  const all = [...first, ...params.map((param, i) => converted(c, args[i], param, at))]
  const result = op(name, all, RESULT[out].type, at.span)
  return out === 'strs' ? widenStrings(c, result, stringsElem(c, at)) : result
}

/** Arrays of strings have the elements of the arrays they meet. */
export function stringsElem(c: FunctionContext, at: HExpr): Type {
  const type = c.program.types.array(c.inst.once(at, 'strings', () => new ArrNode()))
  return type.kind === 'array' && admits(type.elem, STRING) ? type.elem : STRING
}

/** An argument converted for a parameter, or the default where it is left out. */
export function converted(c: FunctionContext, arg: HArg | undefined, param: Param, at: HExpr): Expr {
  if (arg?.kind === 'spread')
    c.report(
      'ANRF1101',
      arg.value.span,
      'spread argument of a library function',
      'Pass the arguments one by one.',
      'spread argument',
    )
  const byDefault = param.default === undefined ? undef(at.span) : constant(param.default, at.span)
  const value = arg ? emit(c, arg.value) : byDefault
  const convert = (x: Expr): Expr => (param.to === 'num' ? toNumber(c, x) : toText(c, x))
  if (!arg || param.default === undefined || !admits(value.type, UNDEFINED)) return convert(value)
  if (value.type.kind === 'undefined') return then(value, convert(byDefault))
  return c.using(value, (x) => cond(isMissing(x, false), convert(byDefault), convert(withoutUndefined(x)), at.span))
}

export function withoutUndefined(x: Expr): Expr {
  if (!isUnion(x.type)) return x
  return coerce(x, unionOf(membersOf(x.type).filter((m) => m.kind !== 'undefined')))
}
