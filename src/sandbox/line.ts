import type { WorkerCall } from './worker.ts'
import type { WorkerReport } from './worker-report.ts'
import { RUNS_AHEAD_MAX } from './wire.ts'

/** A run as it is sent. */
export type Order = {
  readonly call: WorkerCall
  readonly nonce: Buffer
  readonly payload: Buffer
  /** What goes with it, so that the worker need not ask. */
  readonly program?: Uint8Array
  readonly settle: (report: WorkerReport | 'not begun') => void
}

/** A socket takes so much while nobody reads from it: who writes more would wait, and not read what the worker says meanwhile. */
const EARLY_BYTES_MAX = 16 * 2 ** 10

/** `isEarly`: it is sent before it is its turn. `sinceMs`: since when it waits, by `performance.now`. */
type Waiting = { readonly order: Order; readonly isEarly: boolean; readonly sinceMs: number }

/**
 * The runs of a worker: what is sent in one turn of the event loop goes in one piece, and small ones wait at the worker for those before
 * them (docs/decisions/0040). Behind one that is not small none can wait.
 */
export class Line {
  readonly #send: (orders: readonly Order[]) => void
  readonly #waiting: Waiting[] = []
  /** To be sent at the end of this turn. */
  #soon: Order[] = []

  constructor(send: (orders: readonly Order[]) => void) {
    this.#send = send
  }

  /** Those that wait, the next one first. */
  get waiting(): readonly Waiting[] {
    return this.#waiting
  }

  /** Whether one more can wait. */
  get isOpen(): boolean {
    return this.#waiting.length < RUNS_AHEAD_MAX && this.#waiting.at(-1)?.isEarly !== false
  }

  /** A run that waits for none. */
  start(order: Order): void {
    if (this.#soon.push(order) === 1) setImmediate(() => this.#flush())
  }

  /** A run that waits for those before it. */
  push(order: Order): void {
    let bytes = order.payload.length
    for (const before of this.#waiting) bytes += before.order.payload.length
    const isEarly = bytes <= EARLY_BYTES_MAX
    this.#waiting.push({ order, isEarly, sinceMs: performance.now() })
    if (isEarly) this.start(order)
  }

  /** Takes the next one out, whose turn it is. */
  shift(): Order | undefined {
    const next = this.#waiting.shift()
    if (next && !next.isEarly) this.start(next.order)
    return next?.order
  }

  /** How long the next one has waited, for one run or for several. */
  waitedMs(nowMs: number): number {
    return nowMs - (this.#waiting[0]?.sinceMs ?? nowMs)
  }

  /** Gives all that wait back unbegun; whether the worker has any of them. */
  takeBack(): boolean {
    const all = this.#waiting.splice(0)
    const isAny = all.some(({ order, isEarly }) => isEarly && !this.#soon.includes(order))
    this.#soon = this.#soon.filter((order) => !all.some((one) => one.order === order))
    for (const { order } of all) order.settle('not begun')
    return isAny
  }

  #flush(): void {
    const orders = this.#soon
    this.#soon = []
    if (orders.length > 0) this.#send(orders)
  }
}
