import { isUnion, optional, STRING, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isMissing, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { coerce, cond, op, undef } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import { STR, UNDEF } from '../kinds.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import type { FlowUse, Row } from './row.ts'

const textSlot = (use: FlowUse, kinds: number): Slot =>
  use.inst.once(use.at, 'text', () => {
    const slot = new Slot()
    use.a.solver.addKinds(slot, kinds)
    return slot
  })

/** What a symbol shows: a text, unless it is undefined (20.4.1.1). */
function described(c: FunctionContext, x: Expr): Expr {
  const type = optional(STRING)
  if (x.type.kind === 'undefined') return coerce(x, type)
  const text = (one: Expr): Expr => coerce(toText(c, one), type)
  if (!isUnion(x.type)) return text(x)
  return c.using(x, (one) => cond(isMissing(one, false), coerce(undef(x.span), type), text(one), x.span))
}

const make: Row = {
  flow: (use) => flowPrelude(use, 'symbol_new', [textSlot(use, STR | UNDEF)]),
  emit: ({ c, at, args }) =>
    callPrelude(c, at, 'symbol_new', [described(c, args[0] ? emit(c, args[0].value) : undef(at.span))]),
}

const registered: Row = {
  flow: (use) => flowPrelude(use, 'symbol_for', [textSlot(use, STR)]),
  emit: ({ c, at, args }) =>
    callPrelude(c, at, 'symbol_for', [toText(c, args[0] ? emit(c, args[0].value) : undef(at.span))]),
}

const registry: Row = {
  flow: (use) => use.a.solver.addArr(use.out, use.a.symbols),
  emit: ({ c, at }) => {
    const type = c.program.types.array(c.program.analysis.symbols)
    return op('global.get', [], type, at.span, [c.program.listIndex('symbols')])
  },
}

export const SYMBOL_FUNCTIONS: Readonly<Record<string, Row>> = {
  Symbol: make,
  'Symbol.for': registered,
  'Symbol.keyFor': preludeRow('symbol_key_for'),
  '@@symbol_registry': registry,
}
