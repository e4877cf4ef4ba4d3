import { EffectFailure } from './failure.ts'

type Sleeper = { readonly dueMs: number; readonly wake: () => void }

/**
 * The sleeps of a run: those due at the same time wake in the order in which they began. What begins in one turn of the run begins at one time, that of
 * the answer which began the turn, and nothing wakes before the turn is over, however late its calls come here: so sleeps end in the order of their times, as
 * timers in Node do, which count from the time of their turn of the loop (libuv's uv_now).
 */
export class Sleepers {
  readonly #sleepers: Sleeper[] = []
  #timer: NodeJS.Timeout | undefined
  #turnMs: number | undefined
  #isWaiting = true

  /** The run waits for answers, or is at work. Until it is told, it waits. */
  waits(isWaiting: boolean): void {
    this.#isWaiting = isWaiting
    this.#turnMs = isWaiting ? undefined : performance.now()
    if (isWaiting) this.#arm()
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        this.#remove(sleeper)
        reject(new EffectFailure('cancelled', 'the sleep was given up'))
      }
      const wake = (): void => {
        signal.removeEventListener('abort', give)
        resolve()
      }
      const sleeper = { dueMs: this.#nowMs() + ms, wake }
      if (signal.aborted) return give()
      signal.addEventListener('abort', give, { once: true })
      const after = this.#sleepers.findLastIndex((other) => other.dueMs <= sleeper.dueMs)
      this.#sleepers.splice(after + 1, 0, sleeper)
      if (after < 0) this.#arm()
    })
  }

  /** One time for all that begins in one turn of the run, or of the event loop where it is not known when the run waits. */
  #nowMs(): number {
    if (this.#turnMs === undefined) {
      this.#turnMs = performance.now()
      if (this.#isWaiting) setImmediate(() => (this.#turnMs = undefined))
    }
    return this.#turnMs
  }

  #remove(sleeper: Sleeper): void {
    const at = this.#sleepers.indexOf(sleeper)
    if (at >= 0) this.#sleepers.splice(at, 1)
    if (at === 0) this.#arm()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const [first] = this.#sleepers
    if (first && this.#isWaiting)
      this.#timer = setTimeout(() => this.#wake(), Math.max(0, Math.ceil(first.dueMs - performance.now())))
  }

  #wake(): void {
    if (!this.#isWaiting) return
    // A timer may come a little early: then it is set again for the rest.
    while (this.#sleepers.length > 0 && this.#sleepers[0]!.dueMs <= performance.now()) this.#sleepers.shift()!.wake()
    this.#arm()
  }
}
