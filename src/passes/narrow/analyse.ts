import { localsOf, type Expr } from '../../ir/index.ts'
import type { Frame, Loop } from './frame.ts'
import {
  ANY_I32,
  ANY_NUMBER,
  clip,
  EXACT_MAX,
  isI32,
  isWithin,
  join,
  NOTHING,
  only,
  widen,
  type Range,
} from './range.ts'
import { areWithin, joinInto } from './state.ts'
import { walk, type Guide } from './walk.ts'

/** What holds in a function. */
export type Findings = {
  /** Of every f64 or i32 expression that is evaluated at all. */
  readonly ranges: ReadonlyMap<Expr, Range>
  /** By slot, what numeric locals are set to, parameters not counted. */
  readonly sets: readonly Range[]
  /** Groups of lists whose elements are i32, to the bit. */
  readonly lists: ReadonlySet<number>
}

/** Walks before growing ranges are taken to a stop, before they are taken to infinity, and at which the analysis is given up. */
const WIDEN_AT = 3
const HURRY_AT = 12
const GIVE_UP_AT = 40

/**
 * Ranges of all numeric locals and expressions of a function: what is assumed at the heads of loops grows from walk to walk until
 * it holds, then shrinks to what is needed, and is verified by the walk that notes the findings. Undefined when it
 * does not settle.
 */
export function analyse(frame: Frame, fuelMax: number): Findings | undefined {
  // What lists hold is taken for granted and then looked at; those that hold something else are taken as they are.
  let lists = new Set(frame.lists.groups.values())
  for (let turn = 0; turn < LIST_TURNS; turn++) {
    const findings = solve(frame, fuelMax, lists)
    const kept = findings && lists.difference(brokenLists(frame, findings))
    if (!kept || kept.size === lists.size) return findings
    lists = turn === LIST_TURNS - 2 ? new Set() : kept
  }
  return undefined
}

/** Times that a function is looked at for the lists in it. */
const LIST_TURNS = 4

function solve(frame: Frame, fuelMax: number, lists: ReadonlySet<number>): Findings | undefined {
  const solver = new Solver(frame, fuelMax, lists)
  return solver.grow() ? (solver.shrunk() ?? solver.find()) : undefined
}

/** Groups of lists in which something is stored that is no i32. */
function brokenLists({ lists }: Frame, { ranges }: Findings): ReadonlySet<number> {
  const isBroken = (value: Expr): boolean => {
    const range = ranges.get(value)
    // What is never evaluated stores nothing.
    return range !== undefined && !isI32(range)
  }
  return new Set(lists.stores.flatMap(({ group, value }) => (isBroken(value) ? [group] : [])))
}

/** What is assumed: the ranges of locals at the heads of loops, and of what comes into groups of counted locals. */
type Assumptions = { readonly heads: Map<Loop, Range[]>; readonly arrivals: Map<number, Range> }

class Solver {
  readonly #frame: Frame
  readonly #fuelMax: number
  readonly #lists: ReadonlySet<number>
  readonly #initial: readonly Range[]
  #assumed: Assumptions = { heads: new Map(), arrivals: new Map() }

  constructor(frame: Frame, fuelMax: number, lists: ReadonlySet<number>) {
    this.#frame = frame
    this.#lists = lists
    this.#fuelMax = fuelMax
    const { params, captures } = frame.func
    const ranges = localsOf(frame.func).map(({ type }, i) => {
      if (i >= params.length + captures.length) return only(0)
      return type.kind === 'i32' ? ANY_I32 : ANY_NUMBER
    })
    this.#initial = ranges.filter((_, local) => frame.slots[local]! >= 0)
    for (const [local, slot] of frame.slots.entries()) {
      const group = slot < 0 ? undefined : frame.counters.groupOf(local)
      if (group !== undefined) this.#arrive(this.#assumed, group, ranges[local]!)
    }
  }

  /** Walks until the assumptions hold; whether they do. */
  grow(): boolean {
    for (let turn = 1; turn < GIVE_UP_AT; turn++) {
      let holds = true
      const grown = (old: Range, next: Range): Range => {
        if (isWithin(next, old)) return old
        holds = false
        return turn < WIDEN_AT ? join(old, next) : widen(old, next, turn >= HURRY_AT)
      }
      const { heads, arrivals } = this.#assumed
      const raise = (loop: Loop, more: readonly Range[]): Range[] => {
        const head = heads.get(loop)
        if (!head) holds = false
        const raised = head ? head.map((range, i) => grown(range, more[i]!)) : [...more]
        heads.set(loop, raised)
        return raised
      }
      this.#walk({
        enterLoop: raise,
        goRound: raise,
        arrive: (group, range) => void arrivals.set(group, grown(arrivals.get(group)!, range)),
      })
      if (holds) return true
    }
    return false
  }

  /** Takes what assumptions that hold make of themselves, if that holds as well. */
  shrunk(): Findings | undefined {
    const grown = this.#assumed
    for (let turn = 0; turn < 2; turn++) {
      const next: Assumptions = { heads: new Map(), arrivals: new Map(this.#fromOutside()) }
      this.#walk({
        enterLoop: (loop, entry) => {
          next.heads.set(loop, [...entry])
          return this.#assumed.heads.get(loop)
        },
        goRound: (loop, back) => joinInto(next.heads.get(loop)!, back),
        arrive: (group, range) => this.#arrive(next, group, range),
      })
      this.#assumed = next
    }
    const found = this.find()
    if (!found) this.#assumed = grown
    return found
  }

  /** What the assumptions come to, when they hold. */
  find(): Findings | undefined {
    const { heads, arrivals } = this.#assumed
    const ranges = new Map<Expr, Range>()
    const sets = this.#initial.map(() => NOTHING)
    let holds = true
    const verify = (loop: Loop, ranges: readonly Range[]): Range[] | undefined => {
      const head = heads.get(loop)
      holds &&= head !== undefined && areWithin(ranges, head)
      return head
    }
    this.#walk({
      enterLoop: verify,
      goRound: verify,
      arrive: (group, range) => (holds &&= isWithin(range, arrivals.get(group)!)),
      see: (e, range) => {
        const known = ranges.get(e)
        ranges.set(e, known ? join(known, range) : range)
      },
      seeSet: (slot, range) => (sets[slot] = join(sets[slot]!, range)),
    })
    return holds ? { ranges, sets, lists: this.#lists } : undefined
  }

  #walk(guide: Omit<Guide, 'boundsOf' | 'holdsI32'>): void {
    const bounds = this.#bounds()
    const enterLoop: Guide['enterLoop'] = (loop, entry) =>
      guide.enterLoop(loop, entry)?.map((range, slot) => (bounds[slot] ? clip(range, ...bounds[slot]) : range))
    const { groups } = this.#frame.lists
    const holdsI32 = (local: number): boolean => this.#lists.has(groups.get(local) ?? -1)
    walk(this.#frame, { ...guide, enterLoop, holdsI32, boundsOf: (slot) => bounds[slot] }, this.#initial)
  }

  #arrive({ arrivals }: Assumptions, group: number, range: Range): void {
    arrivals.set(group, join(arrivals.get(group) ?? NOTHING, range))
  }

  /** What comes into groups of counted locals before the first statement. */
  #fromOutside(): Map<number, Range> {
    const first: Assumptions = { heads: new Map(), arrivals: new Map() }
    for (const [local, slot] of this.#frame.slots.entries()) {
      const group = slot < 0 ? undefined : this.#frame.counters.groupOf(local)
      if (group !== undefined) this.#arrive(first, group, this.#initial[slot]!)
    }
    return first.arrivals
  }

  /** By slot, the bounds that counting by fuel gives. */
  #bounds(): readonly (readonly [number, number] | undefined)[] {
    const { counters, slots } = this.#frame
    return slots.flatMap((slot, local): (readonly [number, number] | undefined)[] => {
      if (slot < 0) return []
      const group = counters.groupOf(local)
      const from = group === undefined ? undefined : this.#assumed.arrivals.get(group)
      if (group === undefined || !from?.whole) return [undefined]
      const { up, down } = counters.driftOf(group, this.#fuelMax)
      const [lo, hi] = [from.lo - down, from.hi + up]
      // Sums are exact up to here; beyond it steps may be rounded.
      return lo > -EXACT_MAX && hi < EXACT_MAX ? [[lo, hi]] : [undefined]
    })
  }
}
