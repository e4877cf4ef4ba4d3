import { PRIORITIES, type Priority } from '../../journal/index.ts'
import { FairQueue } from '../../sandbox/index.ts'

/** Something that was accepted, to be done in its turn. */
export type Job = {
  readonly principal: string
  readonly priority: Priority
  /** Never rejects. Does nothing when it was done meanwhile. */
  run(): Promise<void>
  /** When its turn comes too late, in ms since 1970: it is run then, to say so. */
  readonly expireAt?: number
}

export type DispatcherOptions = {
  /** Jobs at once. */
  readonly places: number
  /** Jobs that may wait. */
  readonly waitingMax: number
  /** Jobs of one principal that may wait. */
  readonly waitingPerPrincipalMax: number
}

/** The longest delay of a timer, 24 days: what may wait longer is looked at when its turn comes. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** Why a job is not accepted: too many wait, or too many of the same principal. */
export type Full = 'all' | 'principal'

/**
 * Begins what was accepted: what has the higher priority first, and of the same priority principals in turns. What waits
 * here is in the store, so that it is lost with no process.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #waiting = new Map<Priority, FairQueue<Job>>(PRIORITIES.map((priority) => [priority, new FairQueue()]))
  /** Places in the queue that are taken or about to be, by principal. */
  readonly #taken = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  readonly #deadlines = new Map<Job, NodeJS.Timeout>()
  #total = 0
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
    this.#waiting.get(job.priority)!.push(job.principal, job)
    this.#watchDeadline(job)
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
    for (const timer of this.#deadlines.values()) clearTimeout(timer)
    await Promise.all(this.#running)
  }

  #watchDeadline(job: Job): void {
    const leftMs = (job.expireAt ?? Infinity) - Date.now()
    if (leftMs > TIMER_MS_MAX) return
    const timer = setTimeout(() => {
      this.#deadlines.delete(job)
      if (this.#remove(job)) this.#start(job)
    }, leftMs)
    this.#deadlines.set(job, timer)
  }

  #serve(): void {
    while (!this.#isClosed && this.#running.size < this.#options.places) {
      const job = this.#next()
      if (!job) return
      this.#remove(job)
      this.#start(job)
    }
  }

  #start(job: Job): void {
    const running = job.run().finally(() => {
      this.#running.delete(running)
      this.#serve()
    })
    this.#running.add(running)
  }

  #next(): Job | undefined {
    for (const queue of this.#waiting.values()) {
      const job = queue.first()
      if (job) return job
    }
    return undefined
  }

  /** Whether it waited. */
  #remove(job: Job): boolean {
    clearTimeout(this.#deadlines.get(job))
    this.#deadlines.delete(job)
    const isRemoved = this.#waiting.get(job.priority)!.remove(job.principal, job)
    if (isRemoved) this.#count(job.principal, -1)
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
