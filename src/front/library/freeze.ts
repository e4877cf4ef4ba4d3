import { REFUSALS } from '../../base/index.ts'
import { membersOf } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { undef } from '../emit/make.ts'
import type { EmitUse, Row } from './row.ts'
import { argOf } from './walking.ts'

/**
 * Object.freeze (20.1.2.6) of what the program never writes: nothing can tell whether it is frozen. `ofInstance`: at the end of a constructor,
 * of the instance.
 */
const freeze = (ofInstance: boolean): Row => ({
  flow: (use) => {
    if (use.slots[0]) use.a.solver.edge(use.slots[0], use.out)
  },
  emit: (use) => {
    if (!use.args[0]) return undef(use.at.span)
    const value = emit(use.c, argOf(use.args, 0))
    const { arr, fn, objs } = use.c.inst.slot(argOf(use.args, 0)).root()
    const isWritten =
      (arr?.root().written ?? false) || (fn?.root().note ?? null) !== null || objs.some((obj) => obj.root().written)
    const isUnknown = membersOf(value.type).some((type) => type.kind === 'any')
    const isOther = objs.some((obj) => {
      const { cls, isError, brand } = obj.root()
      return isError || brand !== null || (cls !== null && !(ofInstance && cls.bytes === null && cls.error === null))
    })
    if (isWritten || isUnknown || isOther) refuse(use)
    return value
  },
})

function refuse({ c, at }: EmitUse): void {
  const { title, hint } = REFUSALS.freeze
  c.report('ANRF1101', at.span, title, hint, 'Object.freeze')
}

export const FREEZE_FUNCTIONS: Readonly<Record<string, Row>> = { 'Object.freeze': freeze(false) }
export const FREEZE_STEPS: Readonly<Record<string, Row>> = { '@@freezeInstance': freeze(true) }
