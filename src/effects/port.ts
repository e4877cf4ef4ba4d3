import { TIMER_MS_MAX } from '../base/index.ts'
import type { Left } from './nested.ts'

/** A call of an effect that a run has begun. */
export type EffectCall = {
  /** Calls of a run are numbered from 0 in the order in which they are begun. */
  readonly sequence: number
  /** Capability and operation: `http.fetch`, `tool:crm.lookup`. */
  readonly name: string
  /** The arguments as JSON text. */
  readonly args: string
}

/** What came of a call. */
export type EffectAnswer = {
  readonly sequence: number
  /** Whole milliseconds since the run began; the clock of the run is never behind it. */
  readonly elapsed: number
  /** JSON text: an object with `value`, or with `error` (an {@link EffectError}). */
  readonly text: string
  /** What programs that the run called have used, and may still use, of what is the run's: all of it so far. Nothing, if absent. */
  readonly taken?: Left
}

/** Why a call came to nothing. A program sees it as the error that its promise is rejected with. */
export type EffectError = {
  readonly name: string
  readonly message: string
  /** Of a denial: which capability, by which rule, and what would be allowed. */
  readonly denial?: Denial
}

/** A capability that was not granted, for a person and a model: there is no other way to what was asked for. */
export type Denial = {
  readonly capability: string
  /** What was asked for, in the words of a grant: `GET https://example.com:443/`. */
  readonly asked: string
  /** The rule that says no. */
  readonly rule: string
  /** The grants that there are. */
  readonly allowed: readonly string[]
  readonly advice: string
}

/**
 * How a run reaches the world. Calls are begun one by one and go on side by side; answers are handed over one at a
 * time, when the run has nothing else to do. The order of the answers is part of what happened: with the same answers
 * in the same order a run does the same.
 */
export type EffectPort = {
  /** Begins a call. */
  start(call: EffectCall): void
  /** Gives up a call: its answer never comes. */
  cancel(sequence: number): void
  /** Waits for the next answer; undefined when no call is under way. `left`: what the run may still use. */
  next(left: Left): EffectAnswer | undefined
}

const CLOSED: EffectError = {
  name: 'CapabilityError',
  message: 'this run has no way to the world',
}

/** When a call is answered, on a clock that moves only when the run waits. */
type Waiting = { readonly due: number; readonly answer: EffectAnswer }

/**
 * A port behind which there is nothing but time: every call is answered with an error, only a sleep ends well. It takes no real time; the
 * clock goes on to when the next one is due, so that timers fire in their order.
 */
export function closedPort(): EffectPort {
  const waiting: Waiting[] = []
  let now = 0
  return {
    start: (call) => {
      const sleepMs = sleepOf(call)
      const due = now + (sleepMs ?? 0)
      const text = JSON.stringify(sleepMs === undefined ? { error: CLOSED } : { value: null })
      const after = waiting.findLastIndex((other) => other.due <= due)
      waiting.splice(after + 1, 0, { due, answer: { sequence: call.sequence, elapsed: Math.ceil(due), text } })
    },
    cancel: (sequence) => {
      const at = waiting.findIndex(({ answer }) => answer.sequence === sequence)
      if (at >= 0) waiting.splice(at, 1)
    },
    next: () => {
      const first = waiting.shift()
      now = first?.due ?? now
      return first?.answer
    },
  }
}

/** How long a call sleeps, if it does. */
function sleepOf({ name, args }: EffectCall): number | undefined {
  if (name !== 'clock.sleep') return undefined
  const { ms } = JSON.parse(args) as { ms?: unknown }
  return typeof ms === 'number' && ms >= 0 && ms <= TIMER_MS_MAX ? ms : undefined
}
