import type { HArg, HExpr, HFunc, HParam, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { exprStmt, type Build } from './state.ts'

/** Whether a program awaits anything of the world. */
export const usesEffects = (b: Build): boolean =>
  b.oracle.runFiles.some((file) => b.oracle.isModule(file) || /\bset(Timeout|Interval)\b/.test(file.text))

/** Whether a program may have jobs: promises make them, and timers. */
const mayHaveJobs = (b: Build): boolean =>
  b.oracle.userFiles.some((file) =>
    /\basync\b|\bawait\b|\bPromise\b|\bset(Timeout|Interval)\b|\bqueueMicrotask\b/.test(file.text),
  )

/** After the top level its jobs run, before any entry is called. */
export function runJobs(b: Build): HStmt[] {
  if (!mayHaveJobs(b)) return []
  return [exprStmt({ kind: 'builtin', name: '@@drain', args: [], span: b.init.span })]
}

/** An entry of a program with jobs: calls the function, runs the jobs, and comes to what the promise came to if it gave one. */
export function entryFunction(b: Build, func: HFunc): HFunc {
  if (!mayHaveJobs(b)) return func
  const { name, span } = func
  const params: HParam[] = []
  const made = newFunc({ name, params, span, body: () => body })
  const own = (v: HVar): HVar => newVar(made, v.name, v.span)
  params.push(...func.params.map(({ variable, optional }) => ({ variable: own(variable), optional })))
  if (func.rest) made.rest = own(func.rest)
  const read = (v: HVar): HExpr => ({ kind: 'var', v, span })
  const args: HArg[] = params.map((p) => ({ kind: 'item', value: read(p.variable) }))
  if (made.rest) args.push({ kind: 'spread', value: read(made.rest) })
  const called: HExpr = { kind: 'call', callee: { kind: 'function', f: func, span }, args, span }
  const value: HExpr = { kind: 'builtin', name: '@@outcome', args: [{ kind: 'item', value: called }], span }
  const body: HStmt[] = [{ kind: 'return', value, span }]
  return made
}
