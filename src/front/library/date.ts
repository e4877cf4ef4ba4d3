import { F64, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { op, undef } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import { NUM } from '../kinds.ts'
import { flowResult } from './leaf.ts'
import { callPrelude, collect, collected, collectingRow, flowPrelude } from './prelude.ts'
import { spreads, type FlowUse, type Row } from './row.ts'

function numberSlot(use: FlowUse): Slot {
  return use.inst.once(use.at, 'time', () => {
    const slot = new Slot()
    use.a.solver.addKinds(slot, NUM)
    return slot
  })
}

/** The time that one argument stands for (21.4.2.1, step 4): a text is parsed, a date copied, all else a number. */
function timeOf(c: FunctionContext, x: Expr): Expr {
  return c.dispatch(x, F64, (one) => {
    if (one.type.kind === 'string') return op('date.parse', [one], F64, one.span)
    const date = one.type.kind === 'object' && c.program.types.classOf(one.type.id)?.isDate
    if (!date && !['f64', 'i32', 'bool', 'null', 'undefined'].includes(one.type.kind))
      c.report('ANRF1101', one.span, 'a date of such a value', 'Pass a number, a text or a date.', 'Date')
    return toNumber(c, one)
  })
}

/** `new Date()`, of one value, or of year, month and so on in UTC. */
const make: Row = {
  flow: (use) => {
    if (use.args.length > 1 || spreads(use.args)) flowPrelude(use, 'date_from_parts', [collected(use)])
    else flowPrelude(use, 'date_new', [numberSlot(use)])
  },
  emit: ({ c, at, args }) => {
    if (args.length > 1 || spreads(args)) {
      const parts = collect(c, at, args)
      const isOfNumbers = parts.type.kind === 'array' && parts.type.elem.kind === 'f64'
      if (args.length === 1 && !isOfNumbers)
        c.report(
          'ANRF1101',
          at.span,
          'a date of a list of other things than numbers',
          'Pass the parts one by one.',
          'Date',
        )
      return callPrelude(c, at, 'date_from_parts', [parts])
    }
    const [arg] = args
    const time = arg ? timeOf(c, emit(c, arg.value)) : op('clock.now', [], F64, at.span)
    return callPrelude(c, at, 'date_new', [time])
  },
}

export const DATE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'new Date': make,
  'Date.UTC': collectingRow('date_utc'),
  'Date.parse': {
    flow: (use) => flowResult(use, 'num'),
    emit: ({ c, at, args }) =>
      op('date.parse', [toText(c, args[0] ? emit(c, args[0].value) : undef(at.span))], F64, at.span),
  },
}
