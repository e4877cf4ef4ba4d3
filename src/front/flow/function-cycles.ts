import { BIG, BOOL, FN, NULLISH, NUM, OBJ, STR, type Kinds } from '../kinds.ts'
import type { Analysis } from './analysis.ts'
import { holdersIn, slotsOf, type Holder } from './holders.ts'
import { FnNode, type Slot } from './slots.ts'

/** What values of the type `any` tell of themselves. */
const TOLD: Kinds = NUM | STR | BOOL | NULLISH | BIG | FN | OBJ

type Step = { readonly holder: Holder; readonly slot: Slot }

/**
 * A function that gives or takes functions of its own kind (`curry`, a state that returns the next one) has no type in the IR, where only
 * objects contain themselves. Returns parameters and results to take out of such cycles: they are of `any`, and what comes out of them is told
 * by what it is. What functions are given as `this`, which may be what holds them, comes in an object then (`wrapped`). What cannot be
 * taken out so is left to {@link findNests}.
 */
export function functionCycles(a: Analysis): Cuts {
  const cut = new Set<Slot>()
  const wrapped = new Set<Slot>()
  const done = new Set<Holder>()
  const path: Step[] = []
  const open = new Map<Holder, number>()

  /** Whether the walk went through; else a slot was cut, and it begins again. */
  const walk = (holder: Holder): boolean => {
    if (done.has(holder)) return true
    const at = open.get(holder)
    if (at !== undefined) return !(wrapOne(path.slice(at), wrapped) || cutOne(path.slice(at), cut))
    open.set(holder, path.length)
    for (const slot of slotsOf(holder, wrapped)) {
      if (cut.has(slot)) continue
      path.push({ holder, slot })
      const isThrough = holdersIn(slot).every(walk)
      path.pop()
      if (!isThrough) {
        open.delete(holder)
        return false
      }
    }
    open.delete(holder)
    done.add(holder)
    return true
  }
  for (const { fn } of a.instances) while (!walk(fn.root()));
  return { cut, wrapped }
}

/** Parameters and results of the type `any`, and places of `this` whose values come in an object. */
export type Cuts = { readonly cut: ReadonlySet<Slot>; readonly wrapped: ReadonlySet<Slot> }

function wrapOne(cycle: readonly Step[], wrapped: Set<Slot>): boolean {
  const step = cycle.find(({ holder, slot }) => holder instanceof FnNode && holder.self?.root() === slot)
  if (step) wrapped.add(step.slot)
  return step !== undefined
}

/** Takes a parameter or a result out of a cycle; whether there is one whose values tell what they are. */
function cutOne(cycle: readonly Step[], cut: Set<Slot>): boolean {
  const isTold = ({ holder, slot }: Step): boolean =>
    holder instanceof FnNode &&
    holder.rest?.elem.root() !== slot &&
    (slot.kinds & ~TOLD) === 0 &&
    slot.objs.every((obj) => obj.root().dict === null)
  const found = cycle.filter(isTold)
  const step = found.find(({ holder, slot }) => (holder as FnNode).result.root() === slot) ?? found[0]
  if (step) cut.add(step.slot)
  return step !== undefined
}
