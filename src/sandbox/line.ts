import type { WorkerCall, WorkerReport } from './worker.ts'
import { RUNS_AHEAD_MAX } from './wire.ts'

/** A run as it is sent. */
export type Order = {
  readonly call: WorkerCall
  readonly nonce: Buffer
  readonly payload: Buffer
  readonly settle: (report: WorkerReport | 'not begun') => void
}

/** A socket takes so much while nobody reads from it: who writes more would wait, and not read what the worker says meanwhile. */
const EARLY_BYTES_MAX = 16 * 2 ** 10

/** `soon`: with what else is lined up in this turn of the event loop; `later`: when it is its turn. */
type Waiting = { readonly order: Order; sending: 'sent' | 'soon' | 'later' }

/**
 * The runs that wait at a worker for the one under way (docs/decisions/0040). Small ones are sent ahead, several in one piece; behind one
 * that is not small none can wait.
 */
export class Line {
  readonly #send: (orders: readonly Order[]) => void
  readonly #waiting: Waiting[] = []

  constructor(send: (orders: readonly Order[]) => void) {
    this.#send = send
  }

  get calls(): readonly WorkerCall[] {
    return this.#waiting.map(({ order }) => order.call)
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Whether one more can wait. */
  get isOpen(): boolean {
    return this.#waiting.length < RUNS_AHEAD_MAX && this.#waiting.at(-1)?.sending !== 'later'
  }

  push(order: Order): void {
    const bytes = this.#waiting.reduce((sum, one) => sum + one.order.payload.length, order.payload.length)
    const isFirst = !this.#waiting.some(({ sending }) => sending === 'soon')
    this.#waiting.push({ order, sending: bytes > EARLY_BYTES_MAX ? 'later' : 'soon' })
    if (isFirst) setImmediate(() => this.#flush())
  }

  /** Takes the next one out, which the worker has been sent then. */
  shift(): Order | undefined {
    if (this.#waiting[0]?.sending === 'soon') this.#flush()
    const next = this.#waiting.shift()
    if (next?.sending === 'later') this.#send([next.order])
    return next?.order
  }

  /** Gives all back unbegun, the last one first, since each waits before the others then; whether the worker has any of them. */
  takeBack(): boolean {
    const all = this.#waiting.splice(0)
    for (const { order } of all.toReversed()) order.settle('not begun')
    return all.some(({ sending }) => sending === 'sent')
  }

  #flush(): void {
    const soon = this.#waiting.filter(({ sending }) => sending === 'soon')
    if (soon.length === 0) return
    for (const one of soon) one.sending = 'sent'
    this.#send(soon.map(({ order }) => order))
  }
}
