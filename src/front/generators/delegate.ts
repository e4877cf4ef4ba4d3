import type { HExpr, HStmt, Walk } from '../hir.ts'
import { giveBack } from './exits.ts'
import { takeApart } from './expressions.ts'
import { notDelegable } from '../source-text.ts'
import { assign, equals, field, letOf, nothing, number, read, RETURNED, THROWN, type Machine } from './machine.ts'

/**
 * `yield* source` (ECMA-262 15.5.5): what is sent, thrown or asked to return goes on to the inner iterator for as long as it is not
 * done; its last value is that of the expression.
 */
export function delegate(m: Machine, e: HExpr & { kind: 'yield' }, walk: Walk): HExpr {
  const { span } = e
  const item = (value: HExpr): { kind: 'item'; value: HExpr } => ({ kind: 'item', value })
  const call = (name: string, ...args: HExpr[]): HExpr => ({ kind: 'builtin', name, args: args.map(item), span })
  const [source, step, index] = [walk.source, walk.step, walk.index].map((v) => read(v, span)) as [HExpr, HExpr, HExpr]
  for (const v of [walk.source, walk.step, walk.index]) m.keep(v)
  const [head, after] = [m.state(), m.state()]
  const given: HExpr = { kind: 'require', x: takeApart(m, e.value), message: notDelegable(e.value), span }
  m.add(letOf(walk.source, call('@@open', given)), letOf(walk.index, number(-1, span)))
  m.add(assign(m.mode, number(0, span)), assign(m.sent, nothing(span)))
  m.place(head)
  const thrown = field(m.self, THROWN, span)
  const returned = field(m.self, RETURNED, span)
  const asked = equals(m.mode, 2, span)
  // One that cannot be asked to return gives no step for it.
  const closed: HStmt = { kind: 'if', test: call('@@unclosed', source), then: giveBack(m, returned), else: [], span }
  m.add({ kind: 'if', test: asked, then: [closed], else: [], span })
  m.add(letOf(walk.step, call('@@resume', source, read(m.mode, span), read(m.sent, span), thrown, returned)))
  const last = call('@@returned', source, step)
  m.add(assign(walk.index, call('@@after', source, index)))
  const end: HStmt[] = [{ kind: 'if', test: asked, then: giveBack(m, last), else: [], span }, ...m.jump(after)]
  m.add({ kind: 'if', test: call('@@done', source, step, index), then: end, else: [], span })
  m.driver.hand(m, call('@@value', source, step, index))
  m.add(...m.jump(head))
  m.place(after)
  return last
}
