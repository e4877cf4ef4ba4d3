import { arrayOf, optional, sameType, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import { splitArgs, spreadArray } from '../flow/calls.ts'
import { passedParams, type FnNode, type Slot } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { emit, emitAs, emitEffect } from './expressions.ts'
import { appendElements } from './literals.ts'
import { coerce, effect, num, op, seq, setLocal, undef } from './make.ts'

/** Arguments as a call takes them, after the statements that make some of them. */
export type Bound = { readonly body: readonly Stmt[]; readonly args: readonly Expr[] }

/** Arguments in the order of the parameters: left out ones are undefined, those of the rest parameter an array. */
export function bindArgs(c: FunctionContext, fn: FnNode, args: readonly HArg[], e: HExpr): Bound {
  const { rest } = fn.root()
  const params = passedParams(fn)
  const count = params.length
  const { fixed, spread } = splitArgs(args)
  if (spread.length > 0 && fixed.length < count) return bindSpread(c, fn, args, e)
  const plain = args.slice(0, count).map((arg, i) => emitAs(c, arg.value, c.type(params[i] as Slot)))
  const missing = params.slice(plain.length, count).map((slot) => coerce(undef(e.span), c.type(slot)))
  if (!rest) return dropExtra(c, [...plain, ...missing], args.slice(count), e)
  return {
    body: [],
    args: [...plain, ...missing, restArray(c, c.program.types.content(rest.elem), args.slice(count), e)],
  }
}

/** Arguments that no function takes are evaluated all the same, after the others, and gone through where they are spread. */
function dropExtra(c: FunctionContext, args: readonly Expr[], extra: readonly HArg[], e: HExpr): Bound {
  const { fixed, spread } = splitArgs(extra)
  const effects = fixed.map((arg) => emitEffect(c, arg.value))
  if (spread.length > 0) effects.push(spreadValue(c, spreadElem(c, spread), spread, e))
  return withEffects(
    c,
    args,
    effects.filter((x) => x.kind !== 'const' && x.kind !== 'local'),
  )
}

function withEffects(c: FunctionContext, args: readonly Expr[], effects: readonly Expr[]): Bound {
  if (effects.length === 0) return { body: [], args }
  const kept = args.map((arg) => c.keep(arg))
  return { body: [...kept.flatMap((k) => k.body), ...effects.map(effect)], args: kept.map((k) => k.value) }
}

function restArray(c: FunctionContext, elem: Type, args: readonly HArg[], e: HExpr): Expr {
  if (args.every((arg) => arg.kind === 'item')) {
    return op(
      'array.new',
      args.map((arg) => emitAs(c, arg.value, elem)),
      arrayOf(elem),
      e.span,
      [elem],
    )
  }
  const array = c.local('', arrayOf(elem))
  const made = setLocal(array, op('array.new', [], arrayOf(elem), e.span, [elem]))
  return seq([made, ...appendElements(c, c.get(array, e.span), elem, args, true)], c.get(array, e.span))
}

/** `f(a, ...xs, b)`: the parameters from the first spread on read the elements of an array of what follows. */
function bindSpread(c: FunctionContext, fn: FnNode, args: readonly HArg[], e: HExpr): Bound {
  const { rest } = fn.root()
  const params = passedParams(fn)
  const { fixed, spread } = splitArgs(args)
  const items = fixed.map((arg, i) => c.keep(emitAs(c, arg.value, c.type(params[i] as Slot))))
  const elem = spreadElem(c, spread)
  const source = c.keep(spreadValue(c, elem, spread, e))
  const [from, count] = [fixed.length, params.length]
  const given = params
    .slice(from)
    .map((slot, i) => coerce(op('array.get_opt', [source.value, num(i, e.span)], optional(elem), e.span), c.type(slot)))
  const rests = rest
    ? [op('array.slice', [source.value, num(count - from, e.span), num(Infinity, e.span)], arrayOf(elem), e.span)]
    : []
  return {
    body: [...items.flatMap((item) => item.body), ...source.body],
    args: [...items.map((item) => item.value), ...given, ...rests],
  }
}

const spreadElem = (c: FunctionContext, spread: readonly HArg[]): Type =>
  c.program.types.content(spreadArray(c.inst, spread).root().elem)

/** An array alone is read as it is; all else is collected first. */
function spreadValue(c: FunctionContext, elem: Type, spread: readonly HArg[], e: HExpr): Expr {
  const [only, ...others] = spread
  const whole = arrayOf(elem)
  if (only && others.length === 0 && sameType(c.typeOf(only.value), whole)) {
    // Of what is certainly no iterable nothing comes that could be read.
    const list = emit(c, only.value)
    if (sameType(list.type, whole)) return list
  }
  return restArray(c, elem, spread, e)
}
