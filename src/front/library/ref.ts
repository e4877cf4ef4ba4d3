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
  const func = arity === null ? null : wrap(name, arity, span)
  made.set(name, func)
  return func
}

function wrap(name: string, arity: number, span: HExpr['span']): HFunc {
  const params: HParam[] = []
  const args: HArg[] = []
  const body = [{ kind: 'return', value: { kind: 'builtin', name, args, span } as HExpr, span } as const]
  const func: HFunc = {
    name,
    params,
    rest: null,
    thisVar: null,
    generic: true,
    parent: null,
    cls: null,
    span,
    body: () => body,
    captures: new Set(),
  }
  for (let i = 0; i < arity; i++) {
    const v: HVar = {
      name: `argument${i + 1}`,
      scope: func,
      span,
      captured: false,
      assigned: false,
      checked: false,
      tested: false,
    }
    params.push({ variable: v, optional: true })
    args.push({ kind: 'item', value: { kind: 'var', v, span } })
  }
  return func
}
