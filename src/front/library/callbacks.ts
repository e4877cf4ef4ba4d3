import { membersOf, UNDEFINED, unionOf, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { fail, is, joinTexts, toText } from '../emit/convert.ts'
import { coerce, effect, seq, then, undef } from '../emit/make.ts'
import { isReference } from '../emit/primitive.ts'
import { emit } from '../emit/expressions.ts'
import { valueText } from '../emit/value-text.ts'
import type { HExpr, HFunc } from '../hir.ts'
import { UNDEF } from '../kinds.ts'
import type { Row } from './row.ts'

/** Names of parameters of the prelude that must be functions, also when there is nothing to call them with. */
const CALLBACKS: ReadonlySet<string> = new Set(['callback', 'test', 'compare'])

/** Whether a function of the prelude calls what it is given in a place. */
export function isCalled(c: FunctionContext, name: string, place: number): boolean {
  const param = c.program.analysis.program.prelude.get(name).params[place]
  return param !== undefined && CALLBACKS.has(param.variable.name)
}

/**
 * A call of a function of the prelude with values, of which those that it calls must be functions: a TypeError before anything else is done
 * (IsCallable of each method, such as ECMA-262 23.1.3.21 step 3). What can be no function is refused.
 */
export function withCallbacks(
  c: FunctionContext,
  at: HExpr,
  func: HFunc,
  values: readonly Expr[],
  call: (values: readonly Expr[]) => Expr,
): Expr {
  const places = func.params.flatMap(({ variable: { name }, optional }, i): Place[] =>
    CALLBACKS.has(name) ? [{ i, optional, compares: name === 'compare' }] : [],
  )
  for (const { i, optional } of places)
    if (values[i] ? !mayBeFunction(values[i].type) : !optional && i <= values.length) refuseCallback(c, at)
  const asked = places.filter(({ i }) => values[i] && mayBeNone(values[i].type))
  if (asked.length === 0) return call(values)
  const kept = values.map((value) => c.keep(value))
  const given = kept.map(({ value }) => value)
  const checks = asked.map(({ i, compares }) => demandFunction(c, given[i]!, compares))
  return seq([...kept.flatMap(({ body }) => body), ...checks], call(given))
}

type Place = { readonly i: number; readonly optional: boolean; readonly compares: boolean }

const isFunction = ({ kind }: Type): boolean => kind === 'func'

const mayBeFunction = (type: Type): boolean => type.kind === 'any' || membersOf(type).some(isFunction)

/** Whether something else may come in place of a function. */
const mayBeNone = (type: Type): boolean => type.kind !== 'any' && !membersOf(type).every(isFunction)

function demandFunction(c: FunctionContext, x: Expr, compares: boolean): Stmt {
  // A comparator that is an object ends the run where it is handed on: V8 names it in words of its own.
  const bad = membersOf(x.type).filter((type) => !isFunction(type) && !(compares && isReference(type)))
  if (bad.length === 0) return effect(undef(x.span))
  const none = unionOf(bad)
  const value = coerce(x, none)
  const message = compares
    ? ['The comparison function must be either a function or undefined: ', toText(c, value)]
    : noFunction(c, value)
  const thrown = fail(c, joinTexts(message, x.span), undef(x.span))
  return { kind: 'if', test: is(x, none), then: [effect(thrown)], else: [], span: x.span }
}

const noFunction = (c: FunctionContext, x: Expr): (Expr | string)[] => [valueText(c, x), ' is not a function']

/** What methods of classes of the prelude ask of their callbacks. */
export const CALLBACK_STEPS: Readonly<Record<string, Row>> = {
  '@@requireFunction': {
    flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
    emit: ({ c, at, args }) =>
      c.dispatch(args[0] ? emit(c, args[0].value) : undef(at.span), UNDEFINED, (callback) => {
        if (isFunction(callback.type)) return then(callback, undef(at.span))
        return c.using(callback, (x) => then(fail(c, joinTexts(noFunction(c, x), at.span), x), undef(at.span)))
      }),
  },
}

function refuseCallback(c: FunctionContext, at: HExpr): void {
  const hint = 'Pass a function, or leave the argument out where the method can do without.'
  c.report(
    'ANRF1101',
    at.span,
    'A callback that is no function cannot be used here',
    hint,
    'callback that is no function',
  )
}
