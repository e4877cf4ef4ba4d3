import { op, coerce } from './make.ts'
import type { Expr } from '../../ir/index.ts'
import type { FnNode } from '../flow/slots.ts'
import type { HFunc } from '../hir.ts'
import type { FunctionContext } from './context.ts'

/** A value as it is passed for `this` to functions that ask for it. */
export function asSelf(c: FunctionContext, fn: FnNode, value: Expr): Expr[] {
  const node = fn.root()
  if (!node.self) return []
  const given = coerce(value, c.type(node.self))
  const { types } = c.program
  const wrapper = types.wrapper(node)
  return [wrapper ? op('object.new', [given], types.object(wrapper), value.span, [types.idOf(wrapper), [0]]) : given]
}

/** `this` out of the parameter that it comes in. */
export function selfFrom(c: FunctionContext, fn: FnNode, param: Expr): Expr {
  const node = fn.root()
  const wrapper = c.program.types.wrapper(node)
  if (!wrapper || !node.self) return param
  return op('object.get', [param], c.type(node.self), param.span, [c.program.types.idOf(wrapper), 0])
}

/** Refuses `this` of a function that something of the library calls on an object of its own. */
export function refuseHosted(c: FunctionContext, func: HFunc, fn: FnNode): void {
  if (!fn.hosted) return
  const message =
    'a function that uses `this`, which is called on what is no value here: a timer, a holder in JSON, a class, a module'
  c.report(
    'ANRF1101',
    func.span,
    message,
    'Have an arrow function call it, or take the object as a parameter.',
    '`this` outside classes',
  )
}
