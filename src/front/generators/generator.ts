import type { Span } from '../../base/index.ts'
import type { HExpr, HStmt } from '../hir.ts'
import { giveBack } from './exits.ts'
import {
  COMPLETED,
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

/** How a generator is resumed: by `throw` or `return`; 0 is by `next`. */
const THROW = 1
const RETURN = 2

/** What Node calls a generator; the library's own iterators are generators of the prelude. */
function brandOf(func: ResumedFunc, ofLibrary: boolean): string {
  if (!ofLibrary) return 'Object [Generator]'
  if (func.name.startsWith('map_')) return 'Map Iterator'
  if (func.name.startsWith('set_')) return 'Set Iterator'
  if (/^(array|typed)_/.test(func.name)) return 'Object [Array Iterator]'
  if (func.name.startsWith('params_')) return 'URLSearchParams Iterator'
  if (func.name.startsWith('regexp_')) return 'Object [RegExp String Iterator]'
  return func.name.startsWith('string_') ? 'Object [String Iterator]' : 'Object [Iterator Helper]'
}

/** `yield` hands out a value and takes what is sent (ECMA-262 27.5.3.7). The result of resuming is whether the generator is done. */
const DRIVER: Driver = {
  yield(m, value) {
    DRIVER.hand(m, value)
    const { span } = value
    const thrown: HStmt[] = [{ kind: 'throw', value: field(m.self, THROWN, span), span }]
    m.add({ kind: 'if', test: equals(m.mode, THROW, span), then: thrown, else: [], span })
    const asked = giveBack(m, field(m.self, RETURNED, span))
    m.add({ kind: 'if', test: equals(m.mode, RETURN, span), then: asked, else: [], span })
    return read(m.sent, span)
  },
  wait: (_, value) => value,
  hand(m, value) {
    const next = m.state()
    m.add(setField(m.self, YIELDED, value), setField(m.self, STATE, number(next, value.span)), leave(false, value.span))
    m.place(next)
  },
  finish: (m, value) => [
    setField(m.self, RETURNED, value),
    setField(m.self, STATE, number(COMPLETED, value.span)),
    leave(true, value.span),
  ],
  fail: (_, error) => [{ kind: 'throw', value: error, span: error.span }],
}

const leave = (done: boolean, span: Span): HStmt => ({
  kind: 'return',
  value: { kind: 'const', value: done, span },
  span,
})

/** The states of a generator whose code is `body`, and the variables that outlive them. */
export function generatorStates(func: ResumedFunc, body: readonly HStmt[], newLabel: () => number): Machine {
  const m = new Machine(func, DRIVER, newLabel)
  addBody(m, body)
  return m
}

/** The generator itself, before it has run. */
export function newGenerator(func: ResumedFunc, ofLibrary: boolean): HExpr {
  const { span } = func
  return {
    kind: 'object',
    brand: brandOf(func, ofLibrary),
    props: [
      { kind: 'field', name: STATE, value: number(0, span) },
      { kind: 'field', name: RESUME, value: { kind: 'function', f: func, span } },
    ],
    span,
  }
}
