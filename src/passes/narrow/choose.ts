import { localsOf } from '../../ir/index.ts'
import type { Findings } from './analyse.ts'
import { changingDepth, type Frame } from './frame.ts'
import { isI32 } from './range.ts'
import { Rewriter, type Audit, type Sink } from './rewrite.ts'

/** What reading a local as i32 instead of f64 is worth, by what becomes of it. An index has to be told from what is none; a bound is there in either form. */
const WORTH: Readonly<Record<Sink, number>> = { index: 3, bits: 2, compare: 1, bound: 0, set: 1, float: -1 }
const SET_WORTH = { computed: 1, copied: 0, converted: -2 } as const
/** Rounds of choosing: each writes the function anew. */
const CHOICES = 6
/** How often the body of a loop is done, for want of better knowledge, and up to which nesting that counts. */
const ROUNDS = 4
const DEPTH_MAX = 8

/**
 * The locals that only ever hold i32 values, to the bit, or lists of them, and are better held as such: where more uses
 * need no number than do. Lists that may be the same are so together.
 */
export function chooseNarrowed(frame: Frame, findings: Findings): ReadonlySet<number> {
  let narrowed: ReadonlySet<number> = new Set(candidates(frame, findings))
  // Each round takes away what does not pay, which makes others pay less; any choice is right, so that it may stop early.
  for (let round = 0; round < CHOICES && narrowed.size > 0; round++) {
    const worth = audit(frame, findings, narrowed)
    const left = new Set([...narrowed].filter((local) => (worth.get(groupOf(frame, local)) ?? 0) > 0))
    if (left.size === narrowed.size) break
    narrowed = left
  }
  return narrowed
}

/** What stands for a local when it is decided: its group for a list. */
const groupOf = ({ lists }: Frame, local: number): number => lists.groups.get(local) ?? local

function candidates(frame: Frame, { sets, lists }: Findings): number[] {
  const { func, slots } = frame
  const first = func.params.length + func.captures.length
  return localsOf(func).flatMap(({ type }, local) => {
    const fits = type.kind === 'f64' ? isI32(sets[slots[local]!]!) : lists.has(frame.lists.groups.get(local) ?? -1)
    return local >= first && fits ? [local] : []
  })
}

function audit(frame: Frame, findings: Findings, narrowed: ReadonlySet<number>): ReadonlyMap<number, number> {
  const worth = new Map<number, number>()
  const count = (local: number, value: number, depth: number): void => {
    const key = groupOf(frame, local)
    worth.set(key, (worth.get(key) ?? 0) + value * ROUNDS ** Math.min(depth, DEPTH_MAX))
  }
  const observer: Audit = {
    read(local, sink, loops) {
      // What a loop does not change is converted before it.
      const isHoisted = sink === 'float' && !frame.lists.groups.has(local)
      count(local, WORTH[sink], isHoisted ? changingDepth(frame, local, loops) : loops.length)
    },
    set: (local, how, loops) => count(local, SET_WORTH[how], loops.length),
  }
  new Rewriter(frame, findings, narrowed, observer).func()
  return worth
}
