import { UNDEFINED, type Expr, type Type } from '../../ir/index.ts'

import { op, undef } from '../emit/make.ts'
import { preludeRow } from './prelude.ts'
import type { Slot } from '../flow/slots.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

import { arrayIn, elemOf } from './receiver.ts'
/** flat and flatMap: by one prelude function where what is flattened are arrays, by another where nothing is. */
export const flat = (deep: string, shallow: string, callback: boolean): Row => {
  const [nested, plain] = [preludeRow(deep), preludeRow(shallow)]
  const inner = (use: FlowUse): Slot | null =>
    callback ? (use.slots[0]?.root().fn?.root().result ?? null) : (arrayIn(use)?.root().elem ?? null)
  return {
    flow: (use) => {
      const slot = inner(use)
      if (!slot) return
      use.a.solver.addArr(use.out, use.inst.newArray(use.at, 'flat'))
      use.a.solver.watch(slot, () => {
        const { arr } = slot.root()
        if (arr) nested.flow(noArgs(use, callback))
        else if (slot.root().kinds) plain.flow(noArgs(use, callback))
      })
    },
    emit: (use) => {
      const inside = callback ? funcResult(use) : elemOf(use.self)
      if (!callback && use.args[0] && !(use.args[0].value.kind === 'const' && use.args[0].value.value === 1)) {
        use.c.report(
          'ANRF1102',
          use.at.span,
          'flat with a depth other than 1',
          'Call flat() once for each level.',
          'Array.prototype.flat(depth)',
        )
      }
      const bare = callback ? use : { ...use, args: [] }
      if (inside.kind === 'array') return nested.emit(bare)
      if (inside.kind === 'union' && inside.members.some((m) => m.kind === 'array' || m.kind === 'tuple')) {
        use.c.report(
          'ANRF1101',
          use.at.span,
          'flattening of elements of which some are arrays and some are not',
          'Wrap single values in arrays first.',
          'flat of mixed elements',
        )
        return undef(use.at.span)
      }
      return inside.kind === 'undefined' ? emptyArray(use) : plain.emit(bare)
    },
  }
}

const noArgs = (use: FlowUse, callback: boolean): FlowUse => (callback ? use : { ...use, args: [], slots: [] })
const funcResult = ({ c, args }: EmitUse): Type => {
  const type = args[0] ? c.typeOf(args[0].value) : UNDEFINED
  return type.kind === 'func' ? type.result : UNDEFINED
}

/** Where no element ever comes there is nothing to flatten; a hole is no element. */
function emptyArray({ c, at: place }: EmitUse): Expr {
  const type = c.typeOf(place)
  return op('array.new', [], type, place.span, [type.kind === 'array' ? type.elem : UNDEFINED])
}
