import { optional, type Expr } from '../../ir/index.ts'
import { getterName, setterName } from '../member-names.ts'
import type { HExpr } from '../hir.ts'
import { passedParams, type FnNode, type ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { asSelf } from './self.ts'
import { toldResult } from './told.ts'
import { readOnly } from './access.ts'
import { isMissing } from './convert.ts'
import { coerce, cond, effect, listOf, op, seq, undef } from './make.ts'

/** An object that has or may have an accessor from a literal, evaluated already. */
type Target = { readonly node: ObjNode; readonly id: number; readonly obj: Expr }

/** `object.name`; `rest`: the same for objects that have no getter of the name. */
export function getThrough(c: FunctionContext, e: HExpr & { kind: 'get' }, target: Target, rest: Expr): Expr {
  const type = c.typeOf(e)
  return whereThere(c, target, getterName(e.name), coerce(rest, type), (fn, callee) =>
    coerce(callAccessor(c, fn, callee, target.obj, []), type),
  )
}

/** `object.name = value`; `rest`: the same for objects that have no accessor of the name. */
export function setThrough(
  c: FunctionContext,
  e: HExpr & { kind: 'set' },
  target: Target,
  value: Expr,
  rest: () => Expr,
): Expr {
  const isReadable = whereThere(c, target, getterName(e.name), rest(), () => readOnly(c, e, target.node))
  return whereThere(c, target, setterName(e.name), isReadable, (fn, callee) =>
    seq([effect(callAccessor(c, fn, callee, target.obj, [value]))], undef(e.span)),
  )
}

/** What is done with an accessor where the object has it, and the rest where it has not. */
export function whereThere(
  c: FunctionContext,
  { node, id, obj }: Target,
  name: string,
  rest: Expr,
  done: (fn: FnNode, callee: Expr) => Expr,
): Expr {
  const info = node.fields.get(name)
  const fn = info?.slot.root().fn
  if (!info || !fn) return rest
  const type = c.program.types.func(fn)
  const imm = [id, c.program.types.fieldIndex(node, name)]
  if (!info.optional) return done(fn, op('object.get', [obj], type, obj.span, imm))
  return c.using(op('object.get_opt', [obj], optional(type), obj.span, imm), (found) =>
    cond(isMissing(found, false), rest, done(fn, coerce(found, type)), obj.span),
  )
}

/** A call of a function on `this` with values, of which those are left out that it does not declare. */
export function callAccessor(
  c: FunctionContext,
  fn: FnNode,
  callee: Expr,
  own: Expr | null,
  values: readonly Expr[],
): Expr {
  const args = [...asSelf(c, fn, own ?? undef(callee.span)), ...passedValues(c, fn, values, callee.span)]
  return toldResult(c, { kind: 'invoke', callee, args, type: c.type(fn.root().result), span: callee.span }, fn)
}

/** Values as a function takes them: its parameters, and behind them those of its rest. */
export function passedValues(c: FunctionContext, fn: FnNode, values: readonly Expr[], span: Expr['span']): Expr[] {
  const { rest } = fn.root()
  const params = passedParams(fn)
  const args = params.map((slot, i) => coerce(values[i] ?? undef(span), c.type(slot)))
  return rest ? [...args, listOf(values.slice(params.length), c.program.types.content(rest.elem), span)] : args
}
