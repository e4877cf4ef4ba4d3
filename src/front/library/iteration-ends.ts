import { BOOL, type Expr } from '../../ir/index.ts'
import { callOnObject } from '../emit/calls.ts'
import type { FunctionContext } from '../emit/context.ts'
import { fail } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { bool, coerce, cond, effect, num, op, seq, then, undef } from '../emit/make.ts'
import { callMember } from '../flow/calls.ts'
import { isTypedArray } from '../flow/bytes.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, UNDEF } from '../kinds.ts'
import { closes, hasMember, isIterator, nodeOf } from './iterators.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import type { EmitUse, Row } from './row.ts'
import { argOf, forEach, methodOf, NOT_OBJECT, onlyObjects, walked, type Method } from './walking.ts'

/** Closes an iterator that is not done (IteratorClose, 7.4.11); `quietly` where something was thrown, which is what counts. */
export const close = (quietly: boolean): Row => ({
  flow: (use) => {
    const call = methodOf(use.at, use.args, 'return')
    const ignored = use.inst.once(use.at, 'ignored', () => new Slot())
    use.a.solver.addKinds(use.out, UNDEF)
    forEach(use, {
      iterator: (node, self) => {
        if (closes(node)) flowPrelude({ ...use, out: ignored }, 'generator_close', [self])
      },
      other: (node) => hasMember(node, 'return') && callMember(use.a, use.inst, call, node, ignored),
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      const node = nodeOf(c, one.type)
      if (!node || !closes(node)) return then(one, undef(at.span))
      if (isIterator(node)) return then(callPrelude(c, at, 'generator_close', [one]), undef(at.span))
      const result = callReturn(c, one, node, methodOf(at, args, 'return'))
      return then(quietly ? result : onlyObjects(c, result, at, NOT_OBJECT), undef(at.span))
    })
  },
})

function callReturn(c: FunctionContext, self: Expr, node: ObjNode, call: Method): Expr {
  if (node.fields.get(call.name)?.optional) {
    const hint = `Give each of these iterators a \`${call.name}\`, or none.`
    c.report('ANRF1101', call.span, `an iterator whose \`${call.name}\` may be missing`, hint, 'iterator protocol')
  }
  return callOnObject(c, self, call)
}

/** Whether asking an iterator to return does nothing. */
export const unclosed: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, BOOL_KIND),
  emit: (use) =>
    walked(use, (one) => {
      const node = nodeOf(use.c, one.type)
      return then(one, bool(!node || !closes(node), use.at.span))
    }),
}

const NO_THROW = "The iterator does not provide a 'throw' method."

/** Hands on to an inner iterator how the outer one was resumed (15.5.5): with the source, the mode, and what was sent, thrown or is to be returned. */
export const resume: Row = {
  flow: (use) => {
    const [, mode, sent, thrown, given] = use.slots as [Slot, Slot, Slot, Slot, Slot]
    const call = (name: string, arg: number): Method => methodOf(use.at, use.args, name, [arg])
    forEach(use, {
      array: () => use.a.solver.addKinds(use.out, UNDEF),
      table: () => use.a.solver.addKinds(use.out, UNDEF),
      typed: () => use.a.solver.addKinds(use.out, UNDEF),
      iterator: (node, self) => {
        flowPrelude(use, 'generator_run', [self, mode, sent])
        if (!closes(node)) return
        flowPrelude(use, 'generator_throw_into', [self, thrown])
        flowPrelude(use, 'generator_return_into', [self, given])
      },
      other: (node) => {
        callMember(use.a, use.inst, call('next', 2), node, use.out)
        if (hasMember(node, 'throw')) callMember(use.a, use.inst, call('throw', 3), node, use.out)
        else if (hasMember(node, 'return'))
          callMember(use.a, use.inst, methodOf(use.at, use.args, 'return'), node, use.out)
        if (hasMember(node, 'return')) callMember(use.a, use.inst, call('return', 4), node, use.out)
      },
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    const mode = emit(c, argOf(args, 1))
    const modeIs = (n: number): Expr => op('f64.eq', [mode, num(n, at.span)], BOOL, at.span)
    const type = c.typeOf(at)
    return walked(use, (one) => {
      const { body, value: self } = c.keep(one)
      const { byNext, byThrow, byReturn } = resumptions(use, self)
      const rest = cond(modeIs(1), coerce(byThrow, type), coerce(byReturn, type), at.span)
      return seq(body, cond(modeIs(0), coerce(byNext, type), rest, at.span))
    })
  },
}

type Resumptions = { readonly byNext: Expr; readonly byThrow: Expr; readonly byReturn: Expr }

function resumptions({ c, at, args }: EmitUse, self: Expr): Resumptions {
  const none = undef(at.span)
  const node = nodeOf(c, self.type)
  const refuseThrow = then(fail(c, NO_THROW, none), none)
  if (!node || isTypedArray(node)) return { byNext: none, byThrow: refuseThrow, byReturn: none }
  if (isIterator(node)) {
    const [mode, sent] = [emit(c, argOf(args, 1)), emit(c, argOf(args, 2))]
    const byNext = callPrelude(c, at, 'generator_run', [self, mode, sent])
    if (!closes(node)) return { byNext, byThrow: refuseThrow, byReturn: none }
    const into = (name: string, i: number): Expr => callPrelude(c, at, name, [self, emit(c, argOf(args, i))])
    return { byNext, byThrow: into('generator_throw_into', 3), byReturn: into('generator_return_into', 4) }
  }
  const call = (name: string, arg: number): Expr =>
    onlyObjects(c, callReturn(c, self, node, methodOf(at, args, name, [arg])), at, NOT_OBJECT)
  // An iterator without `throw` is closed first.
  const closing =
    hasMember(node, 'return') && !hasMember(node, 'throw')
      ? [effect(onlyObjects(c, callReturn(c, self, node, methodOf(at, args, 'return')), at, NOT_OBJECT))]
      : []
  return {
    byNext: call('next', 2),
    byThrow: hasMember(node, 'throw') ? call('throw', 3) : seq(closing, refuseThrow),
    byReturn: hasMember(node, 'return') ? call('return', 4) : none,
  }
}
