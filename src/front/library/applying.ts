import { NO_SPAN } from '../../base/index.ts'
import type { HArg, HExpr, HFunc, HParam } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'

const made = new Map<number, HFunc>()

/**
 * `(replacer, captures, index, text) => `${replacer(captures[0], captures[1], ..., index, text)}``, for a number of groups:
 * how replace calls a function (ECMA-262 22.2.6.11 step 14).
 */
export function applyingFunction(groups: number): HFunc {
  const known = made.get(groups)
  if (known) return known
  const func = applying(groups)
  made.set(groups, func)
  return func
}

function applying(groups: number): HFunc {
  const span = NO_SPAN
  const params: HParam[] = []
  const body: HFunc['body'] = () => [{ kind: 'return', value: text(called), span }]
  const func = newFunc({ name: `apply ${groups}`, params, generic: true, span, body })
  const parameter = (name: string): HExpr => {
    const v = newVar(func, name, span)
    params.push({ variable: v, optional: false })
    return { kind: 'var', v, span }
  }
  const [replacer, captures, index, whole] = [
    parameter('replacer'),
    parameter('captures'),
    parameter('index'),
    parameter('text'),
  ]
  const capture = (i: number): HExpr => {
    const key: HExpr = { kind: 'const', value: i, span }
    return { kind: 'index', obj: captures, key, miss: 'trap', iterated: false, span }
  }
  const parts = [text(capture(0)), ...Array.from({ length: groups }, (_, i) => capture(i + 1)), index, whole]
  const called: HExpr = { kind: 'call', callee: replacer, args: parts.map(item), span }
  return func
}

const item = (value: HExpr): HArg => ({ kind: 'item', value })

const text = (x: HExpr): HExpr => ({ kind: 'template', parts: [x], span: x.span })
