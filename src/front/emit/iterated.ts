import { membersOf, UNDEFINED, unionOf, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { isIterableType } from '../library/iterators.ts'
import { notIterable, textOf } from '../source-text.ts'
import type { FunctionContext } from './context.ts'
import { fail, is, joinTexts, required } from './convert.ts'
import { coerce, effect, seq, then, undef } from './make.ts'
import { valueText } from './value-text.ts'

/** How a value comes to be iterated, which decides what V8 says where it cannot be. */
type Way =
  /** By for-of or in a pattern: the message has the text of the program. */
  | 'operand'
  /** In the literal of a list, which has the text also of what only one of several expressions gives. */
  | 'spread'
  /** As the last argument of a call, and the only one that is spread. */
  | 'last argument'
  /** By code of the engine, which knows the value and not the text. */
  | 'value'

const ITERABLE: readonly Type['kind'][] = ['string', 'array', 'tuple', 'map', 'set', 'any']
const NULLISH: readonly Type['kind'][] = ['undefined', 'null']

/** What is iterated, without what is no iterable among it (7.4.4): for that a TypeError, worded as V8 does. */
export function onlyIterable(c: FunctionContext, x: Expr, source: HExpr, where: Way = 'operand'): Expr {
  const way = c.program.isOfPrelude(source.span) ? 'value' : where
  const members = membersOf(x.type)
  const good = members.filter((type) => ITERABLE.includes(type.kind) || isIterableType(c, type))
  const bad = members.filter((type) => !good.includes(type))
  if (bad.length === 0) return x
  const text = operandText(source, way)
  if (hasText(way) && bad.every((type) => NULLISH.includes(type.kind))) return required(c, x, text)
  const { body, value } = c.keep(x)
  const thrown = c.dispatch(coerce(value, unionOf(bad)), UNDEFINED, (one) =>
    then(fail(c, message(c, one, source, way), one), undef(x.span)),
  )
  if (good.length === 0) return then(seq(body, thrown), undef(x.span))
  const check: Stmt = { kind: 'if', test: is(value, unionOf(bad)), then: [effect(thrown)], else: [], span: x.span }
  return seq([...body, check], coerce(value, unionOf(good)))
}

/** What V8 says of an operand: patterns know it already, with % for the value. */
const operandText = (source: HExpr, way: Way): string =>
  source.kind === 'require' ? source.message : notIterable(source, way === 'spread')

const hasText = (way: Way): boolean => way === 'operand' || way === 'spread'

/** What V8 says of a value that cannot be iterated. */
function message(c: FunctionContext, x: Expr, source: HExpr, way: Way): string | Expr {
  const { kind } = x.type
  const text = operandText(source, way)
  if (hasText(way) && !text.startsWith('%')) return text
  if (way === 'last argument' && NULLISH.includes(kind))
    return `${textOf(source)} is not iterable (cannot read property ${kind})`
  if (way === 'last argument') return 'Spread syntax requires ...iterable[Symbol.iterator] to be a function'
  return joinTexts([valueText(c, x), ' is not iterable (cannot read property Symbol(Symbol.iterator))'], x.span)
}
