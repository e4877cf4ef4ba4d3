import type { Analysis } from './analysis.ts'
import type { Cuts } from './function-cycles.ts'
import { holdersIn, slotsOf, type Holder } from './holders.ts'
import type { Slot } from './slots.ts'

/** Places within arrays, dictionaries, tables and functions that lead back to one another: all are of one nested union. */
export type Nest = { readonly slots: ReadonlySet<Slot> }

/**
 * Arrays, dictionaries and tables that may contain themselves, also by way of what functions take and give, beside values that are not
 * of `json`. Returns the places that lead back, each with its nest: the strongly connected parts of what holds what
 * (R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1972). Places in `cut` are of `any` and lead
 * nowhere.
 */
export function findNests(a: Analysis, { cut, wrapped }: Cuts): ReadonlyMap<Slot, Nest> {
  const nests = new Map<Slot, Nest>()
  const order = new Map<Holder, number>()
  const lowest = new Map<Holder, number>()
  const stack: Holder[] = []
  const placesIn = (holder: Holder): Slot[] =>
    slotsOf(holder, wrapped).filter((slot) => !a.recursive.has(slot) && !cut.has(slot))

  const visit = (holder: Holder): void => {
    const index = order.size
    order.set(holder, index)
    lowest.set(holder, index)
    stack.push(holder)
    for (const held of placesIn(holder).flatMap(holdersIn)) {
      if (!order.has(held)) visit(held)
      else if (!stack.includes(held)) continue
      lowest.set(holder, Math.min(lowest.get(holder)!, lowest.get(held)!))
    }
    if (lowest.get(holder) === index) addNest(stack.splice(stack.indexOf(holder)))
  }
  const addNest = (part: readonly Holder[]): void => {
    const within = new Set(part)
    const slots = new Set(part.flatMap(placesIn).filter((slot) => holdersIn(slot).some((held) => within.has(held))))
    const nest = { slots }
    for (const slot of slots) nests.set(slot, nest)
  }
  const roots: Holder[] = [...a.solver.containers, ...a.instances.map(({ fn }) => fn)].map((node) => node.root())
  for (const root of roots) if (!order.has(root)) visit(root)
  return nests
}
