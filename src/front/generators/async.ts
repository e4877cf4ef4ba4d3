import type { Span } from '../../base/index.ts'
import type { HArg, HExpr, HParam, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { INTERMEDIATE } from '../source-text.ts'
import {
  COMPLETED,
  effect,
  equals,
  field,
  Machine,
  nothing,
  number,
  read,
  RESUME,
  setField,
  STATE,
  THROWN,
  type Driver,
  type ResumedFunc,
} from './machine.ts'
import { addBody } from './statements.ts'
import { privateName } from '../member-names.ts'

const PROMISE = privateName('#promise')
const BY_NEXT = 0
const BY_THROW = 1

/** `await` goes on in a job, when its promise has settled (ECMA-262 27.7.5.3). */
const DRIVER: Driver = {
  yield: (m, value) => wait(m, value),
  hand: () => undefined,
  wait: (m, value) => wait(m, value),
  finish: (m, value) => [
    effect(call('@@settle', [field(m.self, PROMISE, value.span), value])),
    setField(m.self, STATE, number(COMPLETED, value.span)),
    leave(value.span),
  ],
  fail: (m, error) => [effect(call('@@reject', [field(m.self, PROMISE, error.span), error])), leave(error.span)],
}

/** Stops until a value is there, and throws what its promise was rejected with. */
export function wait(m: Machine, value: HExpr): HExpr {
  const { span } = value
  const sent = suspend(m, value)
  const thrown: HStmt = { kind: 'throw', value: field(m.self, THROWN, span), span }
  m.add({ kind: 'if', test: equals(m.mode, BY_THROW, span), then: [thrown], else: [], span })
  return sent
}

/** Stops until a value is there: the machine is resumed with it, or to throw. What comes stands in a field for each place, so that each has its own kind. */
export function suspend(m: Machine, value: HExpr): HExpr {
  const { span } = value
  const next = m.state()
  // Generators of several functions may meet, so that the place is told by the function too.
  const sent = privateName(`#sent${m.span.file}:${m.span.start}:${next}`)
  const resume = (by: number): HStmt => {
    const args: HArg[] = [read(m.self, span), number(by, span), nothing(span)].map((x) => ({ kind: 'item', value: x }))
    return effect({ kind: 'method', obj: read(m.self, span), name: RESUME, args, span })
  }
  const onValue = callback(m, span, (v) => [setField(m.self, sent, read(v, span)), resume(BY_NEXT)])
  const onError = callback(m, span, (v) => [setField(m.self, THROWN, read(v, span)), resume(BY_THROW)])
  m.add(setField(m.self, STATE, number(next, span)), effect(call('@@await', [value, onValue, onError])), leave(span))
  m.place(next)
  return { kind: 'get', obj: read(m.self, span), name: sent, text: INTERMEDIATE, span }
}

/** A function of one parameter that takes the machine along. */
function callback(m: Machine, span: Span, code: (v: HVar) => readonly HStmt[]): HExpr {
  const params: HParam[] = []
  const f = newFunc({ name: '', params, parent: m.func, span, captures: new Set([m.self]), body: () => body })
  const v = newVar(f, 'value', span)
  params.push({ variable: v, optional: false })
  const body = code(v)
  return { kind: 'function', f, span }
}

export const leave = (span: Span): HStmt => ({ kind: 'return', value: { kind: 'const', value: true, span }, span })
export const call = (name: string, args: readonly [HExpr, ...HExpr[]]): HExpr => ({
  kind: 'builtin',
  name,
  args: args.map((value) => ({ kind: 'item', value })),
  span: args[0].span,
})

/** The states of an async function. */
export function asyncStates(func: ResumedFunc, body: readonly HStmt[], newLabel: () => number): Machine {
  const m = new Machine(func, DRIVER, newLabel)
  addBody(m, body)
  return m
}

/** Starts an async function, whose result is that of `promise`. */
export function startAsync(func: ResumedFunc, promise: HVar, task: HVar): HStmt[] {
  const { span } = func
  const made: HExpr = {
    kind: 'object',
    brand: 'async function',
    props: [
      { kind: 'field', name: STATE, value: number(0, span) },
      { kind: 'field', name: RESUME, value: { kind: 'function', f: func, span } },
      { kind: 'field', name: PROMISE, value: read(promise, span) },
    ],
    span,
  }
  const args: HArg[] = [read(task, span), number(BY_NEXT, span), nothing(span)].map((x) => ({ kind: 'item', value: x }))
  return [
    { kind: 'let', v: task, init: made, span },
    effect({ kind: 'method', obj: read(task, span), name: RESUME, args, span }),
  ]
}
