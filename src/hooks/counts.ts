import type { StageName } from './event.ts'
import type { HookFailureReason } from './failure.ts'

/** How often a hook was asked or told since this process began, and what came of it. */
export type HookCounts = {
  asked: number
  allowed: number
  refused: number
  changed: number
  failed: number
  told: number
}

const NONE: HookCounts = { asked: 0, allowed: 0, refused: 0, changed: 0, failed: 0, told: 0 }

/** A time that a hook was asked or told: how that ended, or why it failed, and how long it took. */
export type HookCall = {
  readonly hook: string
  readonly occasion: StageName | 'event'
  readonly result: 'allowed' | 'refused' | 'told' | HookFailureReason
  readonly seconds: number
}

/** Counts by the name of a hook. */
export class Counts {
  readonly #counts = new Map<string, HookCounts>()
  readonly #onCall: (call: HookCall) => void

  /** `onCall` is told of every call when it has ended. */
  constructor(onCall: (call: HookCall) => void = () => undefined) {
    this.#onCall = onCall
  }

  /** A call that began at `startedMs` (performance.now) has ended. */
  end(
    hook: string,
    { occasion, result, startedMs }: Omit<HookCall, 'hook' | 'seconds'> & { readonly startedMs: number },
  ): void {
    this.add(hook, result === 'allowed' || result === 'refused' || result === 'told' ? result : 'failed')
    this.#onCall({ hook, occasion, result, seconds: (performance.now() - startedMs) / 1000 })
  }

  add(hook: string, what: keyof HookCounts): void {
    const counts = this.#counts.get(hook) ?? { ...NONE }
    counts[what]++
    this.#counts.set(hook, counts)
  }

  of(hook: string): Readonly<HookCounts> {
    return this.#counts.get(hook) ?? NONE
  }
}
