import type { HArg, HExpr, HFunc, HParam, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { OBJ } from '../kinds.ts'

/** Library functions of a fixed number of parameters: these can be passed as values. */
const ARITIES: Readonly<Record<string, number>> = {
  parseInt: 2,
  'Math.pow': 2,
  'Math.atan2': 2,
  'Math.imul': 2,
  parseFloat: 1,
  'Date.now': 0,
  'Date.parse': 1,
  BigInt: 1,
  Number: 1,
  String: 1,
  Boolean: 1,
  isNaN: 1,
  isFinite: 1,
  atob: 1,
  btoa: 1,
  decodeURI: 1,
  decodeURIComponent: 1,
  encodeURI: 1,
  encodeURIComponent: 1,
  'Number.isFinite': 1,
  'Number.isInteger': 1,
  'Number.isNaN': 1,
  'Number.isSafeInteger': 1,
  'Array.isArray': 1,
  'Object.keys': 1,
  'Object.values': 1,
  'Object.entries': 1,
  'Object.fromEntries': 1,
  'Object.hasOwn': 2,
  'Object.is': 2,
  structuredClone: 1,
  clearInterval: 1,
  clearTimeout: 1,
  queueMicrotask: 1,
  'JSON.parse': 2,
  'JSON.stringify': 3,
}

/** Functions of any number of parameters that are numbers, and their `length`. */
const VARIADIC: Readonly<Record<string, number>> = {
  'Math.max': 2,
  'Math.min': 2,
  'Math.hypot': 2,
  'String.fromCharCode': 1,
  'String.fromCodePoint': 1,
}

/** Kinds of errors, whose message and options are their parameters. */
const ERRORS = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']

/** Functions of any number of parameters that show each of them. */
const PRINTING = ['console.debug', 'console.error', 'console.info', 'console.log', 'console.warn']

function arityOf(name: string): number | null {
  if (Object.hasOwn(ARITIES, name)) return ARITIES[name] ?? null
  return name.startsWith('Math.') ? 1 : null
}

/** Names of functions that have another name already (21.1.2.12, 21.1.2.13). */
const SAME: ReadonlyMap<string, string> = new Map([
  ['Number.parseFloat', 'parseFloat'],
  ['Number.parseInt', 'parseInt'],
])

const made = new Map<string, HFunc | null>()

/**
 * A function that calls a library function with its parameters, for uses as a value; null for functions that
 * look at every argument they get, of which callbacks get more than meets the eye.
 */
export function functionOf(written: string, span: HExpr['span']): HFunc | null {
  const name = SAME.get(written) ?? written
  const known = made.get(name)
  if (known !== undefined) return known
  if (ERRORS.includes(name)) return makeError(name, span)
  if (name === 'Array.of') return makeList(span)
  if (name === 'setTimeout' || name === 'setInterval') return makeTimer(name, span)
  const arity = arityOf(name)
  const func = PRINTING.includes(name)
    ? wrapRest(name, 0, span)
    : Object.hasOwn(VARIADIC, name)
      ? wrapRest(name, VARIADIC[name] as number, span)
      : arity === null
        ? null
        : wrap(name, arity, span)
  made.set(name, func)
  return func
}

/** A kind of errors as a value: `(message, options) => new TypeError(message, options)`. */
function makeError(name: string, span: HExpr['span']): HFunc {
  const params: HParam[] = []
  const func = calling(
    () => value,
    span,
    { params, rest: null },
    { name, arity: 1, makes: name, hasProperties: name === 'Error' },
  )
  const [message, options] = ['message', 'options'].map((own): HExpr => {
    const v = newVar(func, own, span)
    params.push({ variable: v, optional: true })
    return { kind: 'var', v, span }
  }) as [HExpr, HExpr]
  // What is no object has no options (20.5.8.1): `texts.map(Error)` gives the index as the second argument.
  const isNull: HExpr = { kind: 'isMissing', x: options, nullish: true, span }
  const kind: HExpr = { kind: 'unary', op: 'typeof', x: options, span }
  const isOther: HExpr = { kind: 'binary', op: '!==', a: kind, b: { kind: 'const', value: 'object', span }, span }
  const isNone: HExpr = { kind: 'logical', op: '||', a: isNull, b: isOther, span }
  const given: HExpr = { kind: 'narrow', x: options, kinds: OBJ, reason: 'flow', span }
  const hasCause: HExpr = { kind: 'in', key: { kind: 'const', value: 'cause', span }, obj: given, span }
  const cause: HExpr = { kind: 'get', obj: given, name: 'cause', span }
  const caused: HExpr = { kind: 'object', props: [{ kind: 'field', name: 'cause', value: cause }], span }
  const make = (...args: HExpr[]): HExpr => builtin(`new ${name}`, args.map(item), span)
  const withOptions: HExpr = { kind: 'cond', test: hasCause, then: make(message, caused), else: make(message), span }
  const value: HExpr = { kind: 'cond', test: isNone, then: make(message), else: withOptions, span }
  made.set(name, func)
  return func
}

/** `(...items) => [...items]` */
function makeList(span: HExpr['span']): HFunc {
  const func = withRest([], (_, items) => ({ kind: 'array', elems: [items], span }), span, {
    name: 'of',
    arity: 0,
  })
  made.set('Array.of', func)
  return func
}

/** `(callback, delay, ...args) => setTimeout(() => callback(...args), delay)`, which calls it on the timer. */
function makeTimer(name: string, span: HExpr['span']): HFunc {
  const make = ([callback, delay]: readonly HVar[], args: HArg, rest: HVar): HExpr => {
    const read = (v: HVar | undefined): HExpr => ({ kind: 'var', v: v as HVar, span })
    const hosted = builtin('@@hosted', [item(read(callback))], span)
    const value: HExpr = { kind: 'call', callee: hosted, args: [args], span }
    const inner = newFunc({
      name: '',
      parent: callback?.scope ?? null,
      span,
      body: () => [{ kind: 'return', value, span }],
      captures: new Set([callback as HVar, rest]),
    })
    return builtin(name, [item({ kind: 'function', f: inner, span }), item(read(delay))], span)
  }
  const func = withRest(['callback', 'delay'], make, span, { name, arity: 2, hasProperties: name === 'setTimeout' })
  made.set(name, func)
  return func
}

/** A function of some parameters and the rest. */
function withRest(
  names: readonly string[],
  make: (params: readonly HVar[], args: HArg, rest: HVar) => HExpr,
  span: HExpr['span'],
  as: Told,
): HFunc {
  const taken: { params: HParam[]; rest: HVar | null } = { params: [], rest: null }
  const func = calling(() => value, span, taken, as)
  const own = (name: string): HVar => ({ ...newVar(func, name, span), captured: true })
  const params = names.map(own)
  for (const variable of params) taken.params.push({ variable, optional: true })
  const rest = own('args')
  taken.rest = rest
  const value = make(params, { kind: 'spread', value: { kind: 'var', v: rest, span } }, rest)
  return func
}

const item = (value: HExpr): HArg => ({ kind: 'item', value })
const builtin = (name: string, args: readonly HArg[], span: HExpr['span']): HExpr => ({
  kind: 'builtin',
  name,
  args,
  span,
})

/** What can be seen of the function. */
type Told = Pick<HFunc, 'name' | 'arity' | 'makes' | 'hasProperties'>

const told = (name: string, arity: number): Told => ({
  name: name.slice(name.lastIndexOf('.') + 1),
  arity: name === 'Math.random' ? 0 : arity,
})

function wrap(name: string, arity: number, span: HExpr['span']): HFunc {
  const params: HParam[] = []
  const args: HArg[] = []
  const func = calling(() => builtin(name, args, span), span, { params, rest: null }, told(name, arity))
  for (let i = 0; i < arity; i++) {
    const v = newVar(func, `argument${i + 1}`, span)
    params.push({ variable: v, optional: true })
    args.push({ kind: 'item', value: { kind: 'var', v, span } })
  }
  return func
}

/** `(...values) => name(...values)` */
function wrapRest(name: string, arity: number, span: HExpr['span']): HFunc {
  const args: HArg[] = []
  const taken: { params: HParam[]; rest: HVar | null } = { params: [], rest: null }
  const func = calling(() => builtin(name, args, span), span, taken, told(name, arity))
  const v = newVar(func, 'values', span)
  taken.rest = v
  args.push({ kind: 'spread', value: { kind: 'var', v, span } })
  return func
}

/** A function that gives a value, which is made when its parameters are there. */
function calling(value: () => HExpr, span: HExpr['span'], taken: Pick<HFunc, 'params' | 'rest'>, as: Told): HFunc {
  let body: readonly HStmt[] | undefined
  return {
    ...newFunc({ ...as, generic: true, span, body: () => (body ??= [{ kind: 'return', value: value(), span }]) }),
    get params() {
      return taken.params
    },
    get rest() {
      return taken.rest
    },
  }
}
