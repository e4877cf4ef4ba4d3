import type { HArg, HExpr, HVar } from '../hir.ts'
import { newFunc } from '../make-hir.ts'
import { ts } from '../oracle.ts'
import { buildExpr } from './expressions.ts'
import { letStmt, makeTemp, readVar, refuse, spanOf, type Place } from './state.ts'

const TIMERS: ReadonlySet<string> = new Set(['setInterval', 'setTimeout'])

/** `setTimeout(f, ms, a, b)`, as a timer of a function that calls `f(a, b)`; undefined where there are no such arguments. */
export function timerWithArguments(p: Place, node: ts.CallExpression, name: string): HExpr | undefined {
  const spread = node.arguments.find((a) => ts.isSpreadElement(a))
  if (!TIMERS.has(name) || (node.arguments.length < 3 && !spread)) return undefined
  const span = spanOf(p, node)
  if (spread)
    return refuse(p, spread, 'a spread argument of a timer', 'Write a function that has them: `() => f(...args)`.')
  const kept = node.arguments.map((a) => ({ ...makeTemp(p, 'value', spanOf(p, a)), captured: true }))
  const [callback, delay, ...given] = kept as [HVar, HVar, ...HVar[]]
  const item = (value: HExpr): HArg => ({ kind: 'item', value })
  const args = given.map((v) => item(readVar(v, span)))
  const value: HExpr = { kind: 'call', callee: readVar(callback, span), args, span }
  const f = newFunc({
    name: '',
    parent: p.func,
    span,
    body: () => [{ kind: 'return', value, span }],
    captures: new Set([callback, ...given]),
  })
  const lets = node.arguments.map((a, i) => letStmt(kept[i] as HVar, buildExpr(p, a)))
  const timer: HExpr = {
    kind: 'builtin',
    name,
    args: [item({ kind: 'function', f, span }), item(readVar(delay, span))],
    span,
  }
  return { kind: 'seq', body: lets, value: timer, span }
}
