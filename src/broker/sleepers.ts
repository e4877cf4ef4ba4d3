import { EffectFailure } from './failure.ts'

type Sleeper = { readonly dueMs: number; readonly wake: () => void }

/** The sleeps of a run: those due at the same time wake in the order in which they began. */
export class Sleepers {
  readonly #sleepers: Sleeper[] = []
  #timer: NodeJS.Timeout | undefined
  #turnMs: number | undefined

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

  /** One time for all that begins in the same turn of the event loop: calls that came together end as their times say. */
  #nowMs(): number {
    if (this.#turnMs === undefined) {
      this.#turnMs = performance.now()
      setImmediate(() => (this.#turnMs = undefined))
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
    if (first) this.#timer = setTimeout(() => this.#wake(), Math.max(0, Math.ceil(first.dueMs - performance.now())))
  }

  #wake(): void {
    // A timer may come a little early: then it is set again for the rest.
    while (this.#sleepers.length > 0 && this.#sleepers[0]!.dueMs <= performance.now()) this.#sleepers.shift()!.wake()
    this.#arm()
  }
}
