import { admits, UNDEFINED } from '../../ir/index.ts'
import { isMissing } from '../emit/convert.ts'
import { emitReceiver } from '../emit/access.ts'
import { coerce, cond, seq } from '../emit/make.ts'
import { holdArgument } from './held-argument.ts'
import { withoutUndefined } from './leaf.ts'
import { preludeRow } from './prelude.ts'
import type { FlowUse, Row } from './row.ts'

/** Sorting by a comparator, `given`, or by texts where it is left out or undefined (ECMA-262 23.1.3.30). */
export function comparing(given: string, absent: string): Row {
  const [by, plain] = [preludeRow(given), preludeRow(absent)]
  const isCertain = ({ args: [compare] }: Pick<FlowUse, 'args'>): boolean => compare?.value.kind === 'function'
  return {
    flow: (use) => {
      if (use.args.length > 0) by.flow(use)
      if (!isCertain(use)) plain.flow({ ...use, args: [], slots: [] })
    },
    emit: (use) => {
      const { c, at, args, self } = use
      const [compare] = args
      if (!compare) return plain.emit(use)
      if (isCertain(use)) return by.emit(use)
      const x = emitReceiver(c, compare.value)
      if (!admits(x.type, UNDEFINED) || x.type.kind === 'any') return by.emit(use)
      const [list, chosen] = [c.keep(self), c.keep(x)]
      const type = c.typeOf(at)
      const byTexts = coerce(plain.emit({ ...use, self: list.value, args: [] }), type)
      if (x.type.kind === 'undefined') return seq([...list.body, ...chosen.body], byTexts)
      const { body, item } = holdArgument(c, withoutUndefined(chosen.value), c.inst.slot(compare.value))
      const byChosen = coerce(seq(body, by.emit({ ...use, self: list.value, args: [item] })), type)
      return seq([...list.body, ...chosen.body], cond(isMissing(chosen.value, false), byTexts, byChosen, at.span))
    },
  }
}
