import type { Analysis } from './analysis.ts'
import { passSelf } from './self.ts'
import type { FnNode, ObjNode, Slot } from './slots.ts'

/** What conversions to texts and numbers call without naming it (ECMA-262 7.1.1.1). */
const NAMES = ['toString', 'valueOf']

/** Conversions call the functions that an object has in fields of these names. */
export function noteOwnConversions(a: Analysis, node: ObjNode): void {
  const [slots, functions] = [new Set<Slot>(), new Set<FnNode>()]
  const look = (slot: Slot): void => {
    const fn = slot.root().fn?.root()
    if (!fn || functions.has(fn)) return
    functions.add(fn)
    a.converting.add(fn)
    passSelf(a, fn, node)
    a.solver.noteArgs(fn, 0)
  }
  a.solver.watchObj(node, () => {
    const { dict, fields } = node.root()
    if (dict) return
    for (const name of NAMES) {
      const slot = fields.get(name)?.slot
      if (!slot || slots.has(slot)) continue
      slots.add(slot)
      a.solver.watch(slot, () => look(slot))
    }
  })
}
