import { F64, objectOf } from '../../ir/index.ts'
import { bool, num, op } from '../emit/make.ts'
import { toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { noteHosted } from '../flow/self.ts'
import { BOOL, NUM } from '../kinds.ts'
import { effectName } from './effects.ts'
import { preludeRow } from './prelude.ts'
import type { Row } from './row.ts'
import { argOf } from './walking.ts'
import { privateName } from '../member-names.ts'

const TIMEOUT = 'Timeout'

/** A new timer, live. */
const timer: Row = {
  flow: (use) => {
    const { solver } = use.a
    const node = use.inst.newObject(use.at, 'timer', TIMEOUT)
    solver.addKinds(solver.field(node, privateName('#call')).slot, NUM)
    solver.addKinds(solver.field(node, privateName('#live')).slot, BOOL)
    solver.addObj(use.out, node)
  },
  emit: ({ c, at }) => {
    const node = c.inst.newObject(at, 'timer', TIMEOUT).root()
    const id = c.program.types.idOf(node)
    const fields = ['#call', '#live'].map((name) => c.program.types.fieldIndex(node, privateName(name)))
    return op('object.new', [num(-1, at.span), bool(true, at.span)], objectOf(id), at.span, [id, fields])
  },
}

/** Begins a call of an effect: its number. */
const start: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, NUM),
  emit: ({ c, at, args }) =>
    op('effect.start', [toText(c, emit(c, argOf(args, 1)))], F64, at.span, [effectName(argOf(args, 0))]),
}

/** A timer calls its function on itself. */
const hosting = (name: string): Row => {
  const row = preludeRow(name)
  return {
    flow: (use) => {
      if (use.slots[0]) noteHosted(use.a, use.slots[0])
      row.flow(use)
    },
    emit: row.emit,
  }
}

/** Timers and jobs. */
export const TIMER_FUNCTIONS: Readonly<Record<string, Row>> = {
  clearInterval: preludeRow('timer_clear'),
  clearTimeout: preludeRow('timer_clear'),
  queueMicrotask: preludeRow('microtask_queue'),
  setInterval: hosting('timer_repeated'),
  setTimeout: hosting('timer_once'),
}

/** A function that is called on what is no value here: a timer, a class. */
const hosted: Row = {
  flow: (use) => {
    const [callback] = use.slots
    if (!callback) return
    noteHosted(use.a, callback)
    use.a.solver.edge(callback, use.out)
  },
  emit: ({ c, at, args }) => emit(c, argOf(args, 0) ?? at),
}

export const TIMER_STEPS: Readonly<Record<string, Row>> = {
  '@@effect_start': start,
  '@@hosted': hosted,
  '@@timer': timer,
}
