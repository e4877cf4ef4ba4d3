import { deathOutcome, type Death } from './death.ts'
import type { Outcome } from '../base/index.ts'
import { FairQueue } from './fair-queue.ts'
import type { Cancellation } from './live.ts'
import { Herd, type HerdOptions, type Need, type WorkerCounts } from './herd.ts'
import { LONG_MS } from './watch.ts'
import type { Worker } from './worker.ts'

export type SlotsOptions = HerdOptions & {
  /** Runs at once. */
  readonly size: number
  readonly queueMax: number
  /** Workers of nobody that are kept ready. */
  readonly spares: number
}

/** What a pool is doing. */
export type PoolStatus = {
  readonly size: number
  readonly workers: number
  readonly running: number
  readonly queued: number
  /** Workers that were started, and that ended, by the reason. */
  readonly counts: WorkerCounts
  /** Process ids of the live workers, for tests and operators. */
  readonly pids: readonly number[]
}

/** A worker for one run: one that is idle, or one that will be soon, behind whose run this one may be lined up. */
export type Place = {
  readonly worker: Worker
  readonly need: Need
  /** Which of all that were asked for it is, so that one that comes to nothing can be asked for again in its turn. */
  readonly order: number
}

/** A place, the outcome when no worker can be started, or why the request does not run. */
export type Acquired = Place | Outcome | 'cancelled' | 'overloaded'

/** Who waits for a worker. Most get one at once, and need no promise. */
class Waiter {
  readonly need: Need
  /** Those of a principal are served in this order. */
  readonly order: number
  got: Acquired | undefined
  #resolve: ((got: Acquired) => void) | undefined

  constructor(need: Need, order: number) {
    this.need = need
    this.order = order
  }

  give(got: Acquired): void {
    this.got = got
    this.#resolve?.(got)
  }

  promise(): Promise<Acquired> {
    return new Promise((resolve) => (this.#resolve = resolve))
  }
}

/** What nobody has asked for yet. */
const SPARE = { memoryBytes: 0, isFresh: false, depth: 0 }
/** Waking a process that sleeps takes longer than so short a wait, and more processor time than a small run. */
const AWAKE_MS = 0.2
/** A forked worker costs a megabyte or two. */
const FORKED_SPARES_MIN = 4

/** After a worker could not be started, others are not started before somebody waits for them again or this has passed. */
const START_PAUSE_MS = 1000

/** The places of a pool: at most `size` runs at once of each depth, given to principals in turns. */
export class Slots {
  readonly #options: SlotsOptions
  readonly #herd: Herd
  readonly #waiting = new FairQueue<Waiter>()
  readonly #inUse = new Map<Worker, Place>()
  /** Of the workers in use, what is lined up behind the run that each is about. */
  readonly #linedUp = new Map<Worker, Place[]>()
  /** How many were asked for. */
  #asked = 0
  #isClosed = false
  #pausedUntil = 0
  #isToRefill = false
  #onQuiet: (() => void) | undefined

  constructor(options: SlotsOptions) {
    this.#options = options
    this.#herd = new Herd(options)
    this.#keepSpares()
  }

  status(): PoolStatus {
    const { size: workers, counts, pids } = this.#herd
    return {
      size: this.#options.size,
      workers,
      running: this.#inUse.size,
      queued: this.#queued,
      counts,
      pids,
    }
  }

  /** Whether one run is under way and none waits. */
  get isAlone(): boolean {
    return this.#inUse.size === 1 && this.#queued === 0
  }

  /** Those that have not begun, wherever they wait. */
  get #queued(): number {
    let queued = this.#waiting.size
    for (const line of this.#linedUp.values()) queued += line.length
    return queued
  }

  /** A worker as it is needed, at once or later. `again`: the place that came to nothing, so that it waits before those of its principal that came later. */
  acquire(need: Need, cancellation: Cancellation, again?: Place): Acquired | Promise<Acquired> {
    if (cancellation.isAsked || this.#isClosed) return 'cancelled'
    if (!again && !this.#makeRoomToWait(need)) return 'overloaded'
    const waiter = new Waiter(need, again?.order ?? this.#asked++)
    cancellation.endBy(() => {
      if (this.#waiting.remove(need.principal, waiter)) waiter.give('cancelled')
    })
    if (again) this.#waiting.pushBack(need.principal, waiter, (one, other) => one.order < other.order)
    else this.#waiting.push(need.principal, waiter)
    this.#serve()
    return waiter.got ?? waiter.promise()
  }

  /** To be called when forked workers can be had, or cannot any more. */
  reconsider(): void {
    if (!this.#herd.forks) this.#herd.retireForked()
    this.#serve()
    this.#keepSpares()
  }

  /** Once the run of the place has ended, or was found not to begin. */
  release(place: Place): void {
    const { worker } = place
    const line = this.#linedUp.get(worker) ?? []
    const at = line.indexOf(place)
    if (at >= 0) line.splice(at, 1)
    else this.#free(place, line.shift())
    if (line.length === 0) this.#linedUp.delete(worker)
    this.#serve()
    // What belongs to somebody since this run, or will run no more, leaves a spare to be made. It takes milliseconds, for which the
    // report of this run does not wait.
    if (worker.state !== 'dead' && worker.runs > 1) return
    if (this.#isToRefill) return
    this.#isToRefill = true
    setImmediate(() => {
      this.#isToRefill = false
      this.#keepSpares()
    })
  }

  /** The worker's own next run has its place now; else the worker is for all. */
  #free({ worker, need }: Place, next: Place | undefined): void {
    if (next) this.#inUse.set(worker, next)
    else this.#inUse.delete(worker)
    if (!next) this.#herd.give(worker, need.isFresh || this.#isClosed)
  }

  /** Resolves when nothing runs or waits, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, graceMs)
    await Promise.race([this.#beQuiet(), late.promise])
    clearTimeout(timer)
  }

  /** Who has just left a place in vain is about to wait for another one: one look is not enough. */
  async #beQuiet(): Promise<void> {
    while (this.#inUse.size > 0 || this.#waiting.size > 0)
      await new Promise<void>((resolve) => (this.#onQuiet = resolve))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiter of this.#waiting.clear()) waiter.give('cancelled')
    await this.#herd.close()
  }

  /**
   * Whether one more may wait, for which the one who has the most waiting may lose its newest. What is lined up cannot be lost, so that it
   * counts for its own principal only, and it needs no place of its own.
   */
  #makeRoomToWait({ principal, depth }: Need): boolean {
    if (this.#waiting.size + this.#linedUpOf(principal) < this.#options.queueMax) return true
    const ahead = this.#waiting.turns().filter(({ need }) => need.depth === depth)
    if (ahead.length < this.#placesAt(depth)) return true
    const last = this.#waiting.takeFromLongest(principal, (name) => this.#linedUpOf(name))
    last?.give('overloaded')
    return last !== undefined
  }

  #linedUpOf(principal: string): number {
    let count = 0
    for (const [worker, line] of this.#linedUp) if (worker.principal === principal) count += line.length
    return count
  }

  /**
   * Gives idle workers to those who wait, in turns, and starts what is missing. Who waits for a start is passed over; who
   * finds no room for one is not, so that the next place becomes room. Each depth has places of its own: a run that waits for
   * another one holds its place, and would wait for ever if that needed the same.
   */
  #serve(): void {
    if (this.#inUse.size === 0 && this.#waiting.size === 0) return this.#onQuiet?.()
    if (this.#isClosed) return
    this.#handOut()
    this.lineUp()
  }

  #handOut(): void {
    if (this.#waiting.size === 0) return
    const starting = this.#herd.starting()
    const promised = new Map<number, number>()
    for (const waiter of this.#inOrder()) {
      const { depth } = waiter.need
      const places = this.#placesAt(depth)
      const promises = promised.get(depth) ?? 0
      if (places > 0 && this.#placeAt(waiter)) continue
      if (promises < places) {
        if (!this.#takeSuiting(starting, waiter.need) && !this.#start(waiter.need, true)) return
        promised.set(depth, promises + 1)
      }
    }
  }

  /** Whether there is a worker: behind others where that is awake and nearly done, since one that is idle has to be woken first. */
  #placeAt(waiter: Waiter): boolean {
    if (this.#lineUpAt(waiter, AWAKE_MS)) return true
    const worker = this.#herd.take(waiter.need)
    if (!worker) return false
    this.#inUse.set(worker, this.#hand(worker, waiter))
    return true
  }

  /** Those who wait, the most urgent first, and of these in turns. */
  #inOrder(): readonly Waiter[] {
    const turns = this.#waiting.turns()
    const isOrdered = turns.every(({ need }) => need.urgency === turns[0]?.need.urgency)
    return isOrdered ? turns : turns.toSorted((a, b) => b.need.urgency - a.need.urgency)
  }

  #placesAt(depth: number): number {
    let taken = 0
    for (const { need } of this.#inUse.values()) if (need.depth === depth) taken++
    return this.#options.size - taken
  }

  /** Runs that others wait for. */
  #innerRuns(): number {
    let count = 0
    for (const { need } of this.#inUse.values()) if (need.depth > 0) count++
    return count
  }

  #hand(worker: Worker, waiter: Waiter): Place {
    const { need, order } = waiter
    const place = { worker, need, order }
    this.#waiting.remove(need.principal, waiter)
    waiter.give(place)
    return place
  }

  /**
   * While all places are taken, lets who is next wait at a worker of theirs whose run is about to end, rather than here. Nobody is passed
   * over: it is their turn, and that place would have been theirs. To be called when a worker has begun a run.
   */
  lineUp(): void {
    if (this.#waiting.size === 0 || this.#placesAt(0) > 0) return
    for (const waiter of this.#inOrder()) if (!this.#lineUpAt(waiter, Infinity)) return
  }

  /** Whether there is a worker at which it waits for at most `msMax` or so. */
  #lineUpAt(waiter: Waiter, msMax: number): boolean {
    const worker = this.#findAlmostFree(waiter.need, msMax)
    if (!worker) return false
    const place = this.#hand(worker, waiter)
    const line = this.#linedUp.get(worker)
    if (line) line.push(place)
    else this.#linedUp.set(worker, [place])
    return true
  }

  /**
   * The worker where the wait is shortest, if that is less than `msMax`. Not for runs that others wait for: they must not wait for one of
   * these. Nor for one that might begin too late.
   */
  #findAlmostFree(need: Need, msMax: number): Worker | undefined {
    if (need.isFresh || need.depth > 0 || isPressed(need)) return undefined
    let [best, bestMs]: [Worker | undefined, number] = [undefined, msMax]
    for (const [worker, { need: its }] of this.#inUse) {
      if (worker.principal !== need.principal || its.isFresh || its.depth > 0) continue
      const { waitMs } = worker
      if (waitMs < bestMs && this.#canLineUp(worker, need)) [best, bestMs] = [worker, waitMs]
    }
    return best
  }

  /** Not while a run that has a place there is still to be handed over, or the worker has heard of an end that is not known here. */
  #canLineUp(worker: Worker, need: Need): boolean {
    const { linedUp } = worker
    return (
      (this.#linedUp.get(worker)?.length ?? 0) === linedUp &&
      this.#herd.suits(worker, need) &&
      !this.#herd.isSpent(worker, linedUp + 2)
    )
  }

  /** Takes one that suits out of the starting workers; whether there was one. */
  #takeSuiting(starting: Worker[], need: Need): boolean {
    const at = starting.findIndex((worker) => this.#herd.suits(worker, need))
    if (at >= 0) starting.splice(at, 1)
    return at >= 0
  }

  /** Whether there was room to start a worker. */
  #start(need: Pick<Need, 'memoryBytes' | 'isFresh' | 'depth'>, mayEvict: boolean): boolean {
    const started = this.#herd.start(need, mayEvict, this.#innerRuns() + (need.depth > 0 ? 1 : 0))
    void started?.then((death) => this.#greet(death))
    return started !== undefined
  }

  #greet(death: Death | undefined): void {
    if (death && !this.#isClosed) {
      this.#pausedUntil = Date.now() + START_PAUSE_MS
      // Whoever is next learns why: starting again and again would not end.
      const [next] = this.#inOrder()
      if (next && this.#waiting.remove(next.need.principal, next)) next.give(startOutcome(death))
    }
    this.#serve()
  }

  /** Spares are refilled while others run; for them a worker of a principal ends only when there are more of these than places. */
  #keepSpares(): void {
    const { spares, size, processes } = this.#options
    if (this.#isClosed) return
    const forksMissing = this.#herd.forks ? Math.max(FORKED_SPARES_MIN, spares) - this.#herd.forked : 0
    for (let missing = forksMissing; missing > 0; missing--) this.#start({ ...SPARE, isFresh: true }, false)
    if (Date.now() < this.#pausedUntil) return
    for (let missing = spares - this.#herd.started.unbound; missing > 0; missing--) {
      const { count, unbound } = this.#herd.started
      this.#start(SPARE, count - unbound > Math.max(size, processes - spares))
    }
  }
}

/** Whether its time to begin could be over before a run that is not so short after all gives it back, which may take a look or two more. */
const isPressed = ({ startBy = Infinity }: Need): boolean => startBy < Infinity && startBy - Date.now() < 2 * LONG_MS

/** The worker died before it was ready. */
function startOutcome(death: Death): Outcome {
  return deathOutcome(death.kind === 'exit' ? { kind: 'boot', message: 'it ended at once' } : death, undefined)
}
