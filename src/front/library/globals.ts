import { ANY, isBoxed, objectOf, UNDEFINED, unionOf, type Expr, type Type } from '../../ir/index.ts'
import { isMissing, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { refuseOpaque } from '../emit/opaque.ts'
import { boxed, coerce, cond, op, str as text } from '../emit/make.ts'
import { UNDEF } from '../kinds.ts'
import { spreads, type Row } from './row.ts'

import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { OBJECT_FUNCTIONS } from './object-functions.ts'
const ERRORS = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']

const error = (name: string): Row => ({
  flow: (use) => use.a.solver.addObj(use.out, use.a.errorNode),
  emit: ({ c, at, args }) => {
    const message = args[0] ? emit(c, args[0].value) : text('', at.span)
    const missing = (x: Expr): Expr =>
      cond(
        isMissing(x, false),
        text('', at.span),
        toText(c, isBoxed(x.type) ? coerce(x, withoutUndefined(x.type)) : x),
        at.span,
      )
    const shown =
      message.type.kind === 'union'
        ? c.using(message, missing)
        : message.type.kind === 'undefined'
          ? text('', at.span)
          : toText(c, message)
    return op('error.new', [shown], objectOf(0), at.span, [name])
  },
})

const withoutUndefined = (type: Type): Type =>
  type.kind === 'union' ? unionOf(type.members.filter((m) => m.kind !== 'undefined')) : type

const log = (level: string): Row => ({
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ c, at, args }) => {
    if (spreads(args))
      c.report(
        'ANRF1101',
        at.span,
        'spread arguments of console',
        'Join the values into one string first.',
        'spread argument',
      )
    for (const arg of args) refuseOpaque(c, c.inst.slot(arg.value), arg.value.span)
    return op(
      'log',
      args.map((arg) => coerce(boxed(emit(c, arg.value)), ANY)),
      UNDEFINED,
      at.span,
      [level],
    )
  },
})

/** Library functions by their name in lib.anrf.d.ts. */
export const GLOBAL_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...NUMBER_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...Object.fromEntries(
    ERRORS.flatMap((name) => [
      [name, error(name)],
      [`new ${name}`, error(name)],
    ]),
  ),
  ...Object.fromEntries(['log', 'info', 'debug', 'warn', 'error'].map((level) => [`console.${level}`, log(level)])),
}
