import type { HExpr } from '../hir.ts'
import { UNDEF } from '../kinds.ts'
import type { Analysis } from './analysis.ts'
import { ObjNode, Slot, type FnNode } from './slots.ts'

/** What a call gives as `this`: what an expression or a slot holds, an object; nothing, which is undefined in strict code (ECMA-262 10.2.1.2). */
export type Self = HExpr | Slot | ObjNode | null

/**
 * Gives functions what they are called on, where some of them ask for it. An expression is looked at only then, so that
 * a function which hands its own `this` on asks for it where somebody has a use for it.
 */
export function passSelf(a: Analysis, fn: FnNode, self: Self, see?: (x: HExpr) => Slot): void {
  a.solver.watchFn(fn, () => {
    const to = fn.root().self
    if (!to) return
    if (!self) a.solver.addKinds(to, UNDEF)
    else if (self instanceof Slot) a.solver.edge(self, to)
    else if (self instanceof ObjNode) a.solver.addObj(to, self)
    else if (see) a.solver.edge(see(self), to)
  })
}

/** Functions that something of the library calls with a `this` of its own: a timer, the holder of a value. */
export function noteHosted(a: Analysis, slot: Slot): void {
  a.solver.watch(slot, () => {
    const { fn } = slot.root()
    if (fn) fn.root().hosted = true
  })
}
