import type { HArg, HExpr, HStmt, Walk } from '../hir.ts'
import { leave, suspend, wait } from './async.ts'
import { STR } from '../kinds.ts'
import { giveBack } from './exits.ts'
import { takeApart } from './expressions.ts'
import {
  assign,
  effect,
  equals,
  field,
  letOf,
  nothing,
  number,
  read,
  RETURNED,
  setField,
  STATE,
  THROWN,
  YIELDED,
  type Machine,
} from './machine.ts'

const BY_THROW = 1
const BY_RETURN = 2
const NOT_ITERABLE = "Cannot read properties of % (reading 'Symbol(Symbol.asyncIterator)')"
const NO_THROW = "The iterator does not provide a 'throw' method."

/** The steps of one `yield*`. */
type Steps = {
  readonly m: Machine
  readonly walk: Walk
  readonly call: (name: string, ...args: HExpr[]) => HExpr
  readonly source: HExpr
  readonly when: (test: HExpr, then: HStmt[]) => HStmt
  readonly unless: (test: HExpr, then: HStmt[]) => HStmt
}

/**
 * `yield* source` in an async generator (ECMA-262 15.5.5): how it is resumed is handed on to the inner iterator, whose results are waited for, and whose
 * values are not. `walk.index` is how it was resumed last.
 */
export function delegateAsync(m: Machine, e: HExpr & { kind: 'yield' }, walk: Walk): HExpr {
  const { span } = e
  const s = stepsOf(m, walk, span)
  for (const v of [walk.source, walk.step, walk.index]) m.keep(v)
  const [head, unreturned, unthrown, after] = [m.state(), m.state(), m.state(), m.state()]
  const given: HExpr = { kind: 'require', x: takeApart(m, e.value), message: NOT_ITERABLE, span }
  m.add(letOf(walk.source, s.call('@@openAsync', given)), letOf(walk.index, number(0, span)))
  m.add(assign(m.sent, nothing(span)))
  m.place(head)
  const [thrown, returned] = [THROWN, RETURNED].map((name) => field(m.self, name, span)) as [HExpr, HExpr]
  const [isThrow, isReturn] = [BY_THROW, BY_RETURN].map((by) => equals(walk.index, by, span)) as [HExpr, HExpr]
  m.add(s.when(isReturn, [s.unless(s.call('@@returnsAsync', s.source), m.jump(unreturned))]))
  m.add(s.when(isThrow, [s.unless(s.call('@@throwsAsync', s.source), m.jump(unthrown))]))
  const how = [read(walk.index, span), read(m.sent, span), thrown, returned]
  m.add(letOf(walk.step, s.call('@@result', wait(m, s.call('@@resumeAsync', s.source, ...how)))))
  const part = (name: string): HExpr => ({ kind: 'get', obj: read(walk.step, span), name, span })
  m.add(s.when(part('done'), [s.when(isReturn, giveBack(m, part('value'))), ...m.jump(after)]))
  handOut(s, part('value'), head)
  m.place(unreturned)
  m.add(...giveBack(m, wait(m, returned)))
  m.place(unthrown)
  closeUnthrown(s)
  m.place(after)
  return part('value')
}

function stepsOf(m: Machine, walk: Walk, span: HExpr['span']): Steps {
  const item = (value: HExpr): HArg => ({ kind: 'item', value })
  return {
    m,
    walk,
    source: read(walk.source, span),
    call: (name, ...args) => ({ kind: 'builtin', name, args: args.map(item), span }),
    when: (test, then) => ({ kind: 'if', test, then, else: [], span }),
    unless: (test, then) => ({ kind: 'if', test, then: [], else: then, span }),
  }
}

/** Hands a value out; what the generator is then asked to return is waited for before the inner iterator hears of it. */
function handOut({ m, walk, call, when }: Steps, value: HExpr, head: number): void {
  const { span } = value
  const [next, returning, rejected] = [m.state(), m.state(), m.state()]
  m.add(setField(m.self, YIELDED, value), setField(m.self, STATE, number(next, span)))
  m.add(effect(call('@@async_yielded', read(m.self, span))), leave(span))
  m.place(next)
  m.add(assign(walk.index, read(m.mode, span)))
  m.add(when(equals(m.mode, BY_RETURN, span), m.jump(returning)), ...m.jump(head))
  m.place(returning)
  const returned = suspend(m, field(m.self, RETURNED, span))
  m.add(when(equals(m.mode, BY_THROW, span), m.jump(rejected)))
  m.add(setField(m.self, RETURNED, returned), ...m.jump(head))
  m.place(rejected)
  // V8 goes on with the reason as if it were sent (against 27.6.3.8). Here the run ends: this is no text.
  const text: HExpr = { kind: 'const', value: '', span }
  const none: HExpr = { kind: 'cond', test: equals(m.mode, BY_THROW, span), then: number(0, span), else: text, span }
  m.spill({ kind: 'narrow', x: none, kinds: STR, reason: 'assert', span })
  m.add(...m.jump(head))
}

/** An iterator without `throw` is closed first; one around an array and the like gives a promise that is rejected. */
function closeUnthrown({ m, call, source, unless }: Steps): void {
  const { span } = source
  const [open, failed] = [m.state(), m.state()]
  m.add(unless(call('@@returnsAsync', source), m.jump(open)))
  m.add(effect(call('@@result', wait(m, call('@@closeAsync', source)))), ...m.jump(failed))
  m.place(open)
  m.add(unless(call('@@closesAsync', source), m.jump(failed)))
  m.add(effect(wait(m, nothing(span))), ...m.jump(failed))
  m.place(failed)
  const message: HArg = { kind: 'item', value: { kind: 'const', value: NO_THROW, span } }
  m.add({ kind: 'throw', value: { kind: 'builtin', name: 'new TypeError', args: [message], span }, span })
}
