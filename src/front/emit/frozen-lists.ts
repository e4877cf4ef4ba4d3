import { BOOL, F64, optional, UNDEFINED, type Expr, type Stmt } from '../../ir/index.ts'
import { ObjNode, type ArrNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { fail, joinTexts, toBool, toNumber, toText } from './convert.ts'
import { isFrozen, setFrozen } from './frozen.ts'
import { trapHere } from './keys.ts'
import { and, bool, cond, effect, num, op, seq, undef } from './make.ts'
import { getNoted, noteFor } from './notes.ts'

/**
 * Lists that may be frozen and are changed, or asked whether they are, carry an object that says so, as a match carries what it tells. Each
 * change asks for it. A method that would change a frozen list works on a copy, so that its arguments and callbacks do what they do, and
 * then throws what V8 throws.
 */

/** Whether lists carry that they are frozen. */
export const carriesFrozen = (c: FunctionContext, arr: ArrNode | null): arr is ArrNode =>
  arr !== null && arr.root().frozen && (arr.root().assigned || c.program.analysis.asksFrozen)

const noteOf = (arr: ArrNode): ObjNode => (arr.root().note ??= new ObjNode(null)).root()

/** Whether a list that carries it is frozen. */
export function isListFrozen(c: FunctionContext, list: Expr, arr: ArrNode): Expr {
  const note = noteOf(arr)
  return toBool(getNoted(c, list, note, optional(BOOL), (object) => isFrozen(c, object, note)))
}

/** Freezes a list that carries it. */
export function setListFrozen(c: FunctionContext, x: HExpr, list: Expr, arr: ArrNode): Expr {
  const note = noteOf(arr)
  const object = c.keep(noteFor(c, x, list, note))
  return seq([...object.body, effect(setFrozen(c, object.value, note))], undef(list.span))
}

const length = (list: Expr): Expr => op('array.length', [list], F64, list.span)
const isLonger = (list: Expr, than: number): Expr => op('f64.lt', [num(than, list.span), length(list)], BOOL, list.span)

const readOnly = (key: string): string => `Cannot assign to read only property '${key}' of object '[object Array]'`

/** `list.length = value`, which throws where the list is frozen. */
export function setLength(c: FunctionContext, obj: Expr, value: Expr, e: HExpr & { kind: 'set' }): Expr {
  const set = (list: Expr, given: Expr): Expr => op('array.set_length', [list, given], UNDEFINED, e.span)
  const { arr } = c.inst.slot(e.obj)
  if (!carriesFrozen(c, arr)) return set(obj, toNumber(c, value))
  const [list, given] = [c.keep(obj), c.keep(toNumber(c, value))]
  const thrown = failText(c, list.value, [readOnly('length')])
  return seq([...list.body, ...given.body, ...unlessFrozen(c, list.value, arr, thrown)], set(list.value, given.value))
}

/** `list[index] = value`, which throws where the list is frozen. */
export function storeInList(
  c: FunctionContext,
  obj: Expr,
  index: Expr,
  value: Expr,
  e: HExpr & { kind: 'setIndex' },
): Expr {
  const set = (into: Expr, at: Expr, x: Expr): Expr => op('array.set', [into, at, x], UNDEFINED, e.span)
  const { arr } = c.inst.slot(e.obj)
  if (!carriesFrozen(c, arr)) return set(obj, index, value)
  const [list, at, kept] = [c.keep(obj), c.keep(index), c.keep(value)]
  const key = c.keep(toText(c, at.value))
  const changes = failText(c, list.value, [
    "Cannot assign to read only property '",
    key.value,
    "' of object '[object Array]'",
  ])
  const gains = failText(c, list.value, ['Cannot add property ', key.value, ', object is not extensible'])
  const there = op('array.has', [list.value, at.value], BOOL, e.span)
  const thrown = seq(key.body, cond(there, changes, gains, e.span))
  const before = unlessFrozen(c, list.value, arr, thrown)
  return seq([...list.body, ...at.body, ...kept.body, ...before], set(list.value, at.value, kept.value))
}

/** What throws where a list, which is evaluated already, is frozen. */
const unlessFrozen = (c: FunctionContext, list: Expr, arr: ArrNode, thrown: Expr): Stmt[] => [
  { kind: 'if', test: isListFrozen(c, list, arr), then: [effect(thrown)], else: [], span: list.span },
]

/** What a method throws that would change a frozen list of some length, with so many arguments; undefined where that depends on more. */
type Change = (c: FunctionContext, list: Expr, args: number) => Expr | undefined

const failText = (c: FunctionContext, list: Expr, parts: readonly (string | Expr)[]): Expr =>
  fail(c, joinTexts([...parts], list.span), undef(list.span))

/** `Cannot add property N`, where N is the length and so many more. */
const adds = (c: FunctionContext, list: Expr, more: number): Expr => {
  const at = toText(c, op('f64.add', [length(list), num(more, list.span)], F64, list.span))
  return failText(c, list, ['Cannot add property ', at, ', object is not extensible'])
}

const removes = (c: FunctionContext, list: Expr): Expr => {
  const last = toText(c, op('f64.sub', [length(list), num(1, list.span)], F64, list.span))
  return failText(c, list, ["Cannot delete property '", last, "' of [object Array]"])
}

const moves: Change = (c, list) =>
  cond(isLonger(list, 1), failText(c, list, [readOnly('0')]), undef(list.span), list.span)

/** Measured with V8; the methods that are not here depend on the values of their arguments. */
const CHANGES: Readonly<Record<string, Change>> = {
  push: (c, list, args) => (args === 0 ? failText(c, list, [readOnly('length')]) : adds(c, list, 0)),
  pop: (c, list) => cond(isLonger(list, 0), removes(c, list), failText(c, list, [readOnly('length')]), list.span),
  shift: (c, list) =>
    cond(
      isLonger(list, 1),
      failText(c, list, [readOnly('0')]),
      cond(isLonger(list, 0), removes(c, list), failText(c, list, [readOnly('length')]), list.span),
      list.span,
    ),
  unshift: (c, list, args) =>
    args === 0
      ? failText(c, list, [readOnly('length')])
      : cond(isLonger(list, 0), adds(c, list, args - 1), adds(c, list, 0), list.span),
  reverse: moves,
  sort: moves,
}

/** A method that changes a list that may be frozen: `call` makes the call on the list that it is given. */
export function changeList(
  c: FunctionContext,
  self: Expr,
  e: HExpr & { kind: 'method' },
  call: (list: Expr) => Expr,
): Expr {
  const { arr } = c.inst.slot(e.obj)
  if (!carriesFrozen(c, arr)) return call(self)
  const { span } = e
  const list = c.keep(self)
  const frozen = c.keep(isListFrozen(c, list.value, arr))
  const hasSpread = e.args.some(({ kind }) => kind === 'spread')
  const thrown = hasSpread ? undefined : CHANGES[e.name]?.(c, list.value, e.args.length)
  const end = thrown ?? trapHere(span, undef(span))
  // Of one element or none nothing is moved, and the list itself is the result.
  const isCopied = and(frozen.value, CHANGES[e.name] === moves ? isLonger(list.value, 1) : bool(true, span))
  const whole = [num(0, span), length(list.value)]
  const copy = op('array.slice', [list.value, ...whole], list.value.type, span)
  const result = c.keep(call(cond(isCopied, copy, list.value, span)))
  const check: Stmt = { kind: 'if', test: frozen.value, then: [effect(end)], else: [], span }
  return seq([...list.body, ...frozen.body, ...result.body, check], result.value)
}
