import type { HArg, HExpr, HFunc, HParam, HVar } from '../hir.ts'

/** Library functions of a fixed number of parameters: these can be passed as values. */
const ARITIES: Readonly<Record<string, number>> = {
  parseInt: 2,
  'Number.parseInt': 2,
  'Math.pow': 2,
  'Math.atan2': 2,
  'Math.imul': 2,
  parseFloat: 1,
  'Number.parseFloat': 1,
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
}

const VARIADIC = ['Math.max', 'Math.min', 'Math.hypot']

/** Functions of any number of parameters that show each of them. */
const PRINTING = ['console.debug', 'console.error', 'console.info', 'console.log', 'console.warn']

function arityOf(name: string): number | null {
  if (Object.hasOwn(ARITIES, name)) return ARITIES[name] ?? null
  return name.startsWith('Math.') && !VARIADIC.includes(name) ? 1 : null
}

const made = new Map<string, HFunc | null>()

/**
 * A function that calls a library function with its parameters, for uses as a value; null for functions that
 * look at every argument they get, of which callbacks get more than meets the eye.
 */
export function functionOf(name: string, span: HExpr['span']): HFunc | null {
  const known = made.get(name)
  if (known !== undefined) return known
  const arity = arityOf(name)
  const func = PRINTING.includes(name) ? wrapRest(name, span) : arity === null ? null : wrap(name, arity, span)
  made.set(name, func)
  return func
}

function wrap(name: string, arity: number, span: HExpr['span']): HFunc {
  const params: HParam[] = []
  const args: HArg[] = []
  const func = calling(name, args, span, { params, rest: null })
  for (let i = 0; i < arity; i++) {
    const v = parameter(`argument${i + 1}`, func, span)
    params.push({ variable: v, optional: true })
    args.push({ kind: 'item', value: { kind: 'var', v, span } })
  }
  return func
}

/** `(...values) => name(...values)` */
function wrapRest(name: string, span: HExpr['span']): HFunc {
  const args: HArg[] = []
  const taken: { params: HParam[]; rest: HVar | null } = { params: [], rest: null }
  const func = calling(name, args, span, taken)
  const v = parameter('values', func, span)
  taken.rest = v
  args.push({ kind: 'spread', value: { kind: 'var', v, span } })
  return func
}

/** A function that gives what the library function gives for arguments. */
function calling(
  name: string,
  args: readonly HArg[],
  span: HExpr['span'],
  taken: Pick<HFunc, 'params' | 'rest'>,
): HFunc {
  const body = [{ kind: 'return', value: { kind: 'builtin', name, args, span } as HExpr, span } as const]
  return {
    name,
    get params() {
      return taken.params
    },
    get rest() {
      return taken.rest
    },
    thisVar: null,
    generic: true,
    parent: null,
    cls: null,
    span,
    body: () => body,
    captures: new Set(),
  }
}

const parameter = (name: string, scope: HFunc, span: HExpr['span']): HVar => ({
  name,
  scope,
  span,
  captured: false,
  assigned: false,
  checked: false,
  tested: false,
})
