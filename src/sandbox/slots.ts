import { LIMITS, type Outcome } from '../base/index.ts'
import { deathOutcome, type Death } from './death.ts'
import { Worker, type WorkerOptions } from './worker.ts'

export type SlotsOptions = {
  readonly size: number
  readonly queueMax: number
  readonly runsPerWorkerMax: number
  readonly programsPerWorkerMax: number
  readonly warm: number
  readonly worker: Omit<WorkerOptions, 'memoryBytes'>
  readonly onDeath: (death: Death, pid: number | undefined) => void
}

/** What a pool is doing. */
export type PoolStatus = {
  readonly size: number
  readonly workers: number
  readonly running: number
  readonly queued: number
  /** Process ids of the live workers, for tests and operators. */
  readonly pids: readonly number[]
}

/** A ready worker, the outcome when none can be started, or that the request was cancelled meanwhile. */
type Acquired = Worker | Outcome | 'cancelled'
type Waiter = { readonly memoryBytes: number; readonly give: (got: Acquired) => void }

/** The places of a pool: at most `size` live workers, handed out one run at a time, first come first served. */
export class Slots {
  readonly #options: SlotsOptions
  readonly #workers = new Set<Worker>()
  /** Those of `#workers` that could run now. */
  readonly #idle = new Set<Worker>()
  /** Every process that has not ended, the retired ones too. */
  readonly #alive = new Set<Worker>()
  readonly #waiting: Waiter[] = []
  #running = 0
  #isClosed = false
  #onQuiet: (() => void) | undefined

  constructor(options: SlotsOptions) {
    this.#options = options
    this.#keepWarm()
  }

  /** Whether one more request may run or wait. */
  hasRoom(): boolean {
    const { queueMax, size } = this.#options
    return this.#waiting.length < queueMax || this.#running + this.#waiting.length < size
  }

  status(): PoolStatus {
    return {
      size: this.#options.size,
      workers: this.#workers.size,
      running: this.#running,
      queued: this.#waiting.length,
      pids: [...this.#workers].flatMap((worker) => worker.pid ?? []),
    }
  }

  /** Waits for a worker whose heap holds `memoryBytes`. */
  acquire(memoryBytes: number, signal: AbortSignal): Promise<Acquired> {
    if (signal.aborted) return Promise.resolve('cancelled')
    const { promise, resolve } = Promise.withResolvers<Acquired>()
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiter)
      if (at >= 0) this.#waiting.splice(at, 1)
      waiter.give('cancelled')
    }
    const give = (got: Acquired): void => {
      signal.removeEventListener('abort', leave)
      resolve(got)
    }
    const waiter: Waiter = { memoryBytes, give }
    signal.addEventListener('abort', leave, { once: true })
    this.#waiting.push(waiter)
    this.#serve()
    return promise
  }

  release(worker: Worker): void {
    this.#running--
    const { runsPerWorkerMax, programsPerWorkerMax } = this.#options
    const isSpent = worker.runs >= runsPerWorkerMax || worker.programs >= programsPerWorkerMax
    if (isSpent || this.#isClosed) this.#retire(worker)
    else if (worker.state === 'idle') this.#idle.add(worker)
    else this.#workers.delete(worker)
    this.#keepWarm()
    this.#serve()
  }

  /** Resolves when nothing runs or waits, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return
    const quiet = Promise.withResolvers<void>()
    this.#onQuiet = quiet.resolve
    const timer = setTimeout(quiet.resolve, graceMs)
    await quiet.promise
    clearTimeout(timer)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiter of this.#waiting.splice(0)) waiter.give('cancelled')
    const last = [...this.#alive]
    for (const worker of last) worker.kill({ kind: 'retired' })
    await Promise.all(last.map((worker) => worker.died))
  }

  /** Gives idle workers to those who wait, and starts what is missing. */
  #serve(): void {
    for (let waiter = this.#waiting[0]; waiter; waiter = this.#waiting[0]) {
      const worker = smallestFitting(this.#idle, waiter.memoryBytes)
      if (!worker) break
      this.#idle.delete(worker)
      this.#waiting.shift()
      this.#running++
      waiter.give(worker)
    }
    const booting = [...this.#workers].filter((worker) => worker.state === 'booting').length
    for (let missing = this.#waiting.length - booting; missing > 0 && this.#makeRoom(); missing--)
      this.#start(Math.max(...this.#waiting.map((waiter) => waiter.memoryBytes)), true)
    if (this.#running === 0 && this.#waiting.length === 0) this.#onQuiet?.()
  }

  /** Whether a worker may be started, ending an idle one whose heap is too small if need be. */
  #makeRoom(): boolean {
    if (this.#isClosed) return false
    if (this.#workers.size < this.#options.size) return true
    const [small] = this.#idle
    if (!small) return false
    this.#retire(small)
    return true
  }

  #retire(worker: Worker): void {
    this.#idle.delete(worker)
    this.#workers.delete(worker)
    worker.kill({ kind: 'retired' })
  }

  #start(memoryBytes: number, isWanted: boolean): void {
    const worker = new Worker({ ...this.#options.worker, memoryBytes: heapClass(memoryBytes) })
    this.#workers.add(worker)
    this.#alive.add(worker)
    void this.#watch(worker)
    void this.#welcome(worker, isWanted)
  }

  async #watch(worker: Worker): Promise<void> {
    const death = await worker.died
    for (const set of [this.#alive, this.#workers, this.#idle]) set.delete(worker)
    if (death.kind !== 'retired') this.#options.onDeath(death, worker.pid)
  }

  async #welcome(worker: Worker, isWanted: boolean): Promise<void> {
    const isReady = await worker.ready
    if (isReady && !this.#isClosed) this.#idle.add(worker)
    // Whoever waited longest learns why: starting again and again would not end.
    else if (!isReady && isWanted) this.#waiting.shift()?.give(startOutcome(await worker.died))
    this.#serve()
  }

  #keepWarm(): void {
    const { warm, size } = this.#options
    if (this.#isClosed) return
    while (this.#workers.size < Math.min(warm, size)) this.#start(0, false)
  }
}

/** Heaps come in a few sizes, so that workers can be used again: the default, then doubling. */
function heapClass(memoryBytes: number): number {
  let size: number = LIMITS.memory.default
  while (size < memoryBytes) size *= 2
  return size
}

function smallestFitting(idle: ReadonlySet<Worker>, memoryBytes: number): Worker | undefined {
  let best: Worker | undefined
  for (const worker of idle)
    if (worker.state === 'idle' && worker.memoryBytes >= memoryBytes)
      if (!best || worker.memoryBytes < best.memoryBytes) best = worker
  return best
}

/** The worker died before it was ready. */
function startOutcome(death: Death): Outcome {
  return deathOutcome(death.kind === 'exit' ? { kind: 'boot', message: 'it ended at once' } : death, undefined)
}
