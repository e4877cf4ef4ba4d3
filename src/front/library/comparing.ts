import { admits, UNDEFINED, type Expr } from '../../ir/index.ts'
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
      if (isCertain(use) || compare.kind === 'spread') return by.emit(use)
      // Its code is made once: made anew, sorting by what sorting gives would take twice as long at each level.
      const [list, chosen] = [c.keep(self), c.keep(emitReceiver(c, compare.value))]
      const [x, type] = [chosen.value, c.typeOf(at)]
      const before = [...list.body, ...chosen.body]
      const byChosen = (value: Expr): Expr => {
        const { body, item } = holdArgument(c, value, c.inst.slot(compare.value))
        return coerce(seq(body, by.emit({ ...use, self: list.value, args: [item] })), type)
      }
      if (!admits(x.type, UNDEFINED) || x.type.kind === 'any') return seq(before, byChosen(x))
      const byTexts = coerce(plain.emit({ ...use, self: list.value, args: [] }), type)
      if (x.type.kind === 'undefined') return seq(before, byTexts)
      return seq(before, cond(isMissing(x, false), byTexts, byChosen(withoutUndefined(x)), at.span))
    },
  }
}
