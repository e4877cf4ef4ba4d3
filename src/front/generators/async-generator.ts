import type { HExpr, HStmt } from '../hir.ts'
import { call, leave, wait } from './async.ts'
import { giveBack } from './exits.ts'
import {
  COMPLETED,
  effect,
  equals,
  field,
  Machine,
  number,
  read,
  RESUME,
  RETURNED,
  setField,
  STATE,
  THROWN,
  YIELDED,
  type Driver,
  type ResumedFunc,
} from './machine.ts'
import { addBody } from './statements.ts'
import { privateName } from '../member-names.ts'

const BY_THROW = 1
const BY_RETURN = 2

/** `yield` waits for its value, hands it out, and waits for what it is asked to return (ECMA-262 27.6.3.8). */
const DRIVER: Driver = {
  yield(m, value) {
    const { span } = value
    const given = m.spill(wait(m, value))
    const [next, goesOn] = [m.state(), m.state()]
    m.add(setField(m.self, YIELDED, given), setField(m.self, STATE, number(next, span)))
    m.add(effect(call('@@async_yielded', [read(m.self, span)])), leave(span))
    m.place(next)
    const thrown: HStmt = { kind: 'throw', value: field(m.self, THROWN, span), span }
    m.add({ kind: 'if', test: equals(m.mode, BY_THROW, span), then: [thrown], else: [], span })
    m.add({ kind: 'if', test: equals(m.mode, BY_RETURN, span), then: [], else: m.jump(goesOn), span })
    const last = m.spill(wait(m, field(m.self, RETURNED, span)))
    m.add(...giveBack(m, last))
    m.place(goesOn)
    return read(m.sent, span)
  },
  hand: () => undefined,
  wait: (m, value) => wait(m, value),
  finish: (m, value) => [
    setField(m.self, STATE, number(COMPLETED, value.span)),
    effect(call('@@async_returned', [read(m.self, value.span), value])),
    leave(value.span),
  ],
  fail: (m, error) => [effect(call('@@async_failed', [read(m.self, error.span), error])), leave(error.span)],
}

/** The states of an async generator. */
export function asyncGeneratorStates(func: ResumedFunc, body: readonly HStmt[], newLabel: () => number): Machine {
  const m = new Machine(func, DRIVER, newLabel)
  addBody(m, body)
  return m
}

/** An async generator, before it has run. */
export function newAsyncGenerator(func: ResumedFunc, ofLibrary: boolean): HExpr {
  const { span } = func
  return {
    kind: 'object',
    brand: ofLibrary ? 'async from sync' : 'Object [AsyncGenerator]',
    props: [
      { kind: 'field', name: STATE, value: number(0, span) },
      { kind: 'field', name: privateName('#status'), value: number(0, span) },
      { kind: 'field', name: privateName('#requests'), value: { kind: 'array', elems: [], span } },
      { kind: 'field', name: RESUME, value: { kind: 'function', f: func, span } },
    ],
    span,
  }
}
