import { isUnion, membersOf, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'

import { effect, op, seq, undef } from '../emit/make.ts'
import { preludeRow } from './prelude.ts'
import { Slot } from '../flow/slots.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

import { arrayIn, elemOf } from './receiver.ts'
/** flat and flatMap: by one prelude function where what is flattened are arrays, by another where nothing is. */
export const flat = (deep: string, shallow: string, callback: boolean): Row => {
  const [nested, plain, each] = [preludeRow(deep), preludeRow(shallow), preludeRow('array_forEach')]
  const follow = (use: FlowUse, slot: Slot | null): void => {
    if (!slot) return
    use.inst.once(use.at, 'flat result', () => {
      use.a.solver.addArr(use.out, use.inst.newArray(use.at, 'flat'))
      use.a.solver.watch(slot, () => {
        const { arr } = slot.root()
        if (arr) nested.flow(noArgs(use, callback))
        else if (slot.root().kinds) plain.flow(noArgs(use, callback))
      })
    })
  }
  return {
    flow: (use) => {
      if (!callback) return follow(use, arrayIn(use)?.root().elem ?? null)
      // What the callback gives may come from its parameters, so they are bound before its result decides.
      each.flow({ ...use, out: use.inst.once(use.at, 'each', () => new Slot()) })
      const given = use.slots[0]
      if (given) use.a.solver.watch(given, () => follow(use, given.root().fn?.root().result ?? null))
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
      if (isUnion(inside) && membersOf(inside).some((m) => m.kind === 'array' || m.kind === 'tuple')) {
        use.c.report(
          'ANRF1101',
          use.at.span,
          'flattening of elements of which some are arrays and some are not',
          'Wrap single values in arrays first.',
          'flat of mixed elements',
        )
        return undef(use.at.span)
      }
      if (inside.kind !== 'undefined' || givesUndefined(use, callback)) return plain.emit(bare)
      // The callback is called all the same: it never returns.
      return callback ? seq([effect(each.emit(bare))], emptyArray(use)) : emptyArray(use)
    },
  }
}

const noArgs = (use: FlowUse, callback: boolean): FlowUse => (callback ? use : { ...use, args: [], slots: [] })
const funcResult = ({ c, args }: EmitUse): Type => {
  const type = args[0] ? c.typeOf(args[0].value) : UNDEFINED
  return type.kind === 'func' ? type.result : UNDEFINED
}

/** Whether undefined is what comes, not that nothing ever does. */
function givesUndefined({ c, at, args }: EmitUse, callback: boolean): boolean {
  if (callback) return (args[0] && c.inst.slot(args[0].value).fn?.root().result.root().kinds) !== 0
  return at.kind === 'method' && c.inst.slot(at.obj).arr?.root().elem.root().kinds !== 0
}

/** Where no element ever comes there is nothing to flatten; a hole is no element. */
function emptyArray({ c, at: place }: EmitUse): Expr {
  const type = c.typeOf(place)
  return op('array.new', [], type, place.span, [type.kind === 'array' ? type.elem : UNDEFINED])
}
