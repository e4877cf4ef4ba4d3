import { localsOf } from '../../ir/index.ts'
import type { Findings } from './analyse.ts'
import type { Frame, Loop } from './frame.ts'
import { isI32 } from './range.ts'
import { Rewriter, type Audit, type Sink } from './rewrite.ts'

/** What reading a local as i32 instead of f64 is worth, by what becomes of it. An index has to be told from what is none. */
const WORTH: Readonly<Record<Sink, number>> = { index: 3, bits: 2, compare: 1, set: 1, float: -1 }
const SET_WORTH = { computed: 1, copied: 0, converted: -2 } as const
/** How often the body of a loop is done, for want of better knowledge, and up to which nesting that counts. */
const ROUNDS = 4
const DEPTH_MAX = 8

/** The f64 locals that only ever hold i32 values, to the bit, and are better held as such: where more uses need no number than do. */
export function chooseNarrowed(frame: Frame, findings: Findings): ReadonlySet<number> {
  let narrowed: ReadonlySet<number> = new Set(candidates(frame, findings))
  // Each round takes away what does not pay, which makes others pay less.
  while (narrowed.size > 0) {
    const worth = audit(frame, findings, narrowed)
    const left = new Set([...narrowed].filter((local) => (worth.get(local) ?? 0) > 0))
    if (left.size === narrowed.size) break
    narrowed = left
  }
  return narrowed
}

function candidates({ func, slots }: Frame, { sets }: Findings): number[] {
  const first = func.params.length + func.captures.length
  return localsOf(func).flatMap(({ type }, local) =>
    local >= first && type.kind === 'f64' && isI32(sets[slots[local]!]!) ? [local] : [],
  )
}

function audit(frame: Frame, findings: Findings, narrowed: ReadonlySet<number>): ReadonlyMap<number, number> {
  const worth = new Map<number, number>()
  const count = (local: number, value: number, depth: number): void =>
    void worth.set(local, (worth.get(local) ?? 0) + value * ROUNDS ** Math.min(depth, DEPTH_MAX))
  const observer: Audit = {
    read(local, sink, loops) {
      // What a loop does not change is converted before it.
      count(local, WORTH[sink], sink === 'float' ? changingDepth(frame, local, loops) : loops.length)
    },
    set: (local, how, loops) => count(local, SET_WORTH[how], loops.length),
  }
  new Rewriter(frame, findings, narrowed, observer).func()
  return worth
}

/** How many of the loops around have to be gone round for a local to change. */
function changingDepth({ settingLoops }: Frame, local: number, loops: readonly Loop[]): number {
  const setting = settingLoops.get(local)
  return loops.findLastIndex((loop) => setting?.has(loop)) + 1
}
