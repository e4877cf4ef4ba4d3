import { TIMER_MS_MAX } from '../../base/index.ts'
import { PRIORITIES, type Priority } from '../../journal/index.ts'
import { FairQueue } from '../../sandbox/index.ts'
import { Holds, type Line } from './holds.ts'

/** Something that was accepted, to be done in its turn. */
export type Job = Line & {
  /** Never rejects. Does nothing when it was done meanwhile. What it says when it cannot be done now. */
  run(): Promise<Later | undefined>
  /** When its turn comes too late, in ms since 1970: it is run then, to say so. */
  readonly expireAt?: number
}

/** What cannot be done now: it gives its place back, and is tried again. */
export type Later = {
  readonly waitMs: number
  /**
   * `line`: what keeps it keeps the others of its principal too, which wait behind it until one of them ends or the time has
   * passed; `job`: it waits by itself, the longer the more do so, and then has the place in its line that it had.
   */
  readonly keeps: 'line' | 'job'
}

export type DispatcherOptions = {
  /** Jobs at once. */
  readonly places: number
  /** Jobs that may wait. */
  readonly waitingMax: number
  /** Jobs of one principal that may wait. */
  readonly waitingPerPrincipalMax: number
}

/** Those that wait by themselves are tried this long one after the other, so that many of them cost no more than few. */
const APART_MS = 20

/** Why a job is not accepted: too many wait, or too many of the same principal. */
export type Full = 'all' | 'principal'

/** `order`: when it came, which is its place among those of its line. `isTriedLate`: it was tried after it could have said that it is late. */
type Queued = { readonly job: Job; readonly order: number; isTriedLate: boolean }

/**
 * Begins what was accepted: what has the higher priority first, and of the same priority principals in turns. What cannot be
 * done now has no place, so that nobody waits behind what another one may not do yet. What waits here is in the store, so
 * that it is lost with no process.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #waiting = new Map<Priority, FairQueue<Queued>>(PRIORITIES.map((priority) => [priority, new FairQueue()]))
  readonly #holds = new Holds(() => this.#serve())
  /** Places in the queue that are taken or about to be, by principal. */
  readonly #taken = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  readonly #deadlines = new Map<Queued, NodeJS.Timeout>()
  readonly #apart = new Map<Queued, NodeJS.Timeout>()
  #total = 0
  #last = 0
  #isClosed = false

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  get status(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#total, running: this.#running.size }
  }

  /** Takes a place in the queue for a job that is about to be accepted, to be used by `add` or given back by `release`. */
  reserve(principal: string): Full | undefined {
    const { waitingMax, waitingPerPrincipalMax } = this.#options
    if (this.#total >= waitingMax) return 'all'
    if (this.#countOf(principal) >= waitingPerPrincipalMax) return 'principal'
    this.#count(principal, 1)
    return undefined
  }

  release(principal: string): void {
    this.#count(principal, -1)
  }

  /** Queues a job that has a place. */
  add(job: Job): void {
    const queued = { job, order: ++this.#last, isTriedLate: false }
    this.#waiting.get(job.priority)!.push(job.principal, queued)
    this.#watchDeadline(queued)
    this.#serve()
  }

  /** Queues a job that was accepted before, whatever room there is. */
  addAgain(job: Job): void {
    this.#count(job.principal, 1)
    this.add(job)
  }

  /** Begins nothing more; resolves when what was begun is over. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const timer of [...this.#deadlines.values(), ...this.#apart.values()]) clearTimeout(timer)
    this.#holds.close()
    await Promise.all(this.#running)
  }

  #watchDeadline(queued: Queued): void {
    const leftMs = leftMsOf(queued.job)
    // What may wait longer is looked at when its turn comes.
    if (leftMs > TIMER_MS_MAX) return
    const timer = setTimeout(() => {
      this.#deadlines.delete(queued)
      if (this.#remove(queued)) this.#start(queued)
    }, leftMs)
    this.#deadlines.set(queued, timer)
  }

  #serve(): void {
    while (!this.#isClosed && this.#running.size < this.#options.places) {
      const next = this.#next()
      if (!next) return
      this.#remove(next)
      this.#holds.pass(next.job)
      this.#start(next)
    }
  }

  #start(queued: Queued): void {
    // A timer may come a millisecond before the clock says so: then the job is not late yet, and is tried again for it.
    queued.isTriedLate = leftMsOf(queued.job) === 0
    const running = queued.job.run().then((later) => {
      this.#running.delete(running)
      if (later) this.#takeBack(queued, later)
      else this.#holds.letOnePass(queued.job.principal)
      this.#serve()
    })
    this.#running.add(running)
  }

  #takeBack(queued: Queued, { waitMs, keeps }: Later): void {
    if (this.#isClosed) return
    const { principal } = queued.job
    this.#count(principal, 1)
    if (keeps === 'line') {
      this.#holds.hold(queued.job, waitMs)
      return this.#queueAgain(queued)
    }
    const again = (): void => {
      this.#apart.delete(queued)
      this.#queueAgain(queued)
      this.#serve()
    }
    const leftMs = queued.isTriedLate ? Infinity : leftMsOf(queued.job)
    this.#apart.set(queued, setTimeout(again, Math.min(leftMs, waitMs + this.#apart.size * APART_MS)))
  }

  #queueAgain(queued: Queued): void {
    const { principal, priority } = queued.job
    this.#waiting.get(priority)!.pushBack(principal, queued, (one, other) => one.order < other.order)
    // One that was late already, and could not say so, is tried in its turn.
    if (!queued.isTriedLate) this.#watchDeadline(queued)
  }

  #next(): Queued | undefined {
    for (const [priority, queue] of this.#waiting) {
      const next = queue.first((principal) => this.#holds.isHeld({ principal, priority }))
      if (next) return next
    }
    return undefined
  }

  /** Whether it waited. */
  #remove(queued: Queued): boolean {
    clearTimeout(this.#deadlines.get(queued))
    this.#deadlines.delete(queued)
    const { priority, principal } = queued.job
    const isRemoved = this.#waiting.get(priority)!.remove(principal, queued)
    if (isRemoved) this.#count(principal, -1)
    return isRemoved
  }

  #countOf(principal: string): number {
    return this.#taken.get(principal) ?? 0
  }

  #count(principal: string, change: 1 | -1): void {
    this.#total += change
    const count = this.#countOf(principal) + change
    if (count > 0) this.#taken.set(principal, count)
    else this.#taken.delete(principal)
  }
}

/** How long a job may wait still; 0 when it is late. */
const leftMsOf = ({ expireAt = Infinity }: Job): number => Math.max(0, expireAt - Date.now())
