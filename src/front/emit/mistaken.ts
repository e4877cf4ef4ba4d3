import { membersOf, unionOf, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { isIterableType } from '../library/iterators.ts'
import type { FunctionContext } from './context.ts'
import { fail, is } from './convert.ts'
import { emit } from './expressions.ts'
import { coerce, effect, seq, then, undef } from './make.ts'
import { notIterable, textOf } from '../source-text.ts'

/** A call of a method that its receiver has not, as in code for a kind of value that never comes: a TypeError after the arguments. */
export function callMissing(c: FunctionContext, self: Expr, e: HExpr & { kind: 'method' }): Expr {
  const args = e.args.map((arg) => effect(emit(c, arg.value)))
  return then(seq([effect(self), ...args], fail(c, `${textOf(e)} is not a function`, undef(e.span))), undef(e.span))
}

const ITERABLE: readonly Type['kind'][] = ['string', 'array', 'tuple', 'map', 'set', 'any', 'undefined', 'null']

/** What is iterated, without the numbers, booleans, functions and objects that are no iterables among it: for those a TypeError, as in Node. */
export function onlyIterable(c: FunctionContext, x: Expr, source: HExpr): Expr {
  const members = membersOf(x.type)
  const good = members.filter((type) => ITERABLE.includes(type.kind) || isIterableType(c, type))
  if (good.length === members.length) return x
  const message = notIterable(source)
  if (good.length === 0) return then(fail(c, message, x), undef(x.span))
  const bad = unionOf(members.filter((type) => !good.includes(type)))
  const { body, value } = c.keep(x)
  const thrown = effect(fail(c, message, undef(x.span)))
  const check: Stmt = { kind: 'if', test: is(value, bad), then: [thrown], else: [], span: x.span }
  return seq([...body, check], coerce(value, unionOf(good)))
}
