import { membersOf, UNDEFINED, unionOf, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { fail, is, joinTexts, toText } from '../emit/convert.ts'
import { coerce, effect, seq, then, undef } from '../emit/make.ts'
import { trapHere } from '../emit/keys.ts'
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
    CALLBACKS.has(name) ? [{ i, optional, named: name === 'compare' ? 'compare' : namedIn(func) }] : [],
  )
  for (const { i, optional } of places)
    if (values[i] ? !mayBeFunction(values[i].type) : !optional && i <= values.length) refuseCallback(c, at)
  const asked = places.filter(({ i }) => values[i] && mayBeNone(values[i].type))
  if (asked.length === 0) return call(values)
  const kept = values.map((value) => c.keep(value))
  const given = kept.map(({ value }) => value)
  const checks = asked.flatMap(({ i, named }) => demandFunction(c, given[i]!, named))
  return seq([...kept.flatMap(({ body }) => body), ...checks], call(given))
}

/** How V8 names what is no function: by kind and value, by value alone, or in the words of a comparator. */
type Named = 'kind' | 'value' | 'compare'
type Place = { readonly i: number; readonly optional: boolean; readonly named: Named }

const namedIn = ({ name }: HFunc): Named => (name.endsWith('_groupBy') ? 'value' : 'kind')

const isFunction = ({ kind }: Type): boolean => kind === 'func'

const mayBeFunction = (type: Type): boolean => type.kind === 'any' || membersOf(type).some(isFunction)

/** Whether something else may come in place of a function. */
const mayBeNone = (type: Type): boolean => type.kind !== 'any' && !membersOf(type).every(isFunction)

function demandFunction(c: FunctionContext, x: Expr, named: Named): Stmt[] {
  const bad = membersOf(x.type).filter((type) => !isFunction(type))
  if (named === 'kind') return [throwsOn(c, x, bad, (value) => noFunction(c, value))]
  const message = (value: Expr): (Expr | string)[] =>
    named === 'value'
      ? [toText(c, value), ' is not a function']
      : ['The comparison function must be either a function or undefined: ', toText(c, value)]
  // How V8 names an object without its kind depends on more than its class.
  const objects = bad.filter(isReference)
  const others = bad.filter((type) => !isReference(type))
  const ends: Stmt[] = objects.length > 0 ? [onlyIf(x, objects, trapHere(x.span, undef(x.span)))] : []
  return others.length > 0 ? [...ends, throwsOn(c, x, others, message)] : ends
}

const onlyIf = (x: Expr, types: readonly Type[], done: Expr): Stmt => ({
  kind: 'if',
  test: is(x, unionOf(types)),
  then: [effect(done)],
  else: [],
  span: x.span,
})

function throwsOn(
  c: FunctionContext,
  x: Expr,
  types: readonly Type[],
  message: (value: Expr) => (Expr | string)[],
): Stmt {
  return onlyIf(x, types, fail(c, joinTexts(message(coerce(x, unionOf(types))), x.span), undef(x.span)))
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
