import { LIMITS } from '../base/index.ts'
import type { Death } from './death.ts'
import { Worker, type WorkerOptions } from './worker.ts'

export type HerdOptions = {
  /** Live processes at most. */
  readonly processes: number
  readonly runsPerWorkerMax: number
  readonly programsPerWorkerMax: number
  /** How long a worker waits for the next run of its principal. */
  readonly idleMsMax: number
  readonly worker: Omit<WorkerOptions, 'memoryBytes'>
  readonly onDeath: (death: Death, pid: number | undefined) => void
}

const NO_DEATHS: Readonly<Record<Death['kind'], number>> = {
  limit: 0,
  cancelled: 0,
  retired: 0,
  suspended: 0,
  diverged: 0,
  violation: 0,
  boot: 0,
  exit: 0,
}

/** How workers ended, by kind, and how many were started. */
export type WorkerCounts = { started: number } & Record<Death['kind'], number>

/** What a run needs of a worker. A fresh one has run nothing before and will run nothing after. */
export type Need = {
  readonly principal: string
  readonly memoryBytes: number
  readonly isFresh: boolean
  /** How many runs wait for this one, each for the next: 0 for a run that no program asked for. */
  readonly depth: number
  /** Among those that wait the greatest is served first. */
  readonly urgency: number
}

const SWEEP_MS = 5000

/** The worker processes of a pool: who is idle and whose they are, what may be started, and when one has served its time. */
export class Herd {
  readonly #options: HerdOptions
  readonly #workers = new Set<Worker>()
  /** Those of `#workers` that could run now; who has waited longest is first. Values are when they began to wait. */
  readonly #idle = new Map<Worker, number>()
  /** Every process that has not ended, the retired ones too. */
  readonly #alive = new Set<Worker>()
  readonly #sweep: NodeJS.Timeout
  readonly #counts: WorkerCounts = { started: 0, ...NO_DEATHS }

  constructor(options: HerdOptions) {
    this.#options = options
    this.#sweep = setInterval(() => this.#retireUnused(), Math.min(SWEEP_MS, options.idleMsMax)).unref()
  }

  get size(): number {
    return this.#workers.size
  }

  get pids(): readonly number[] {
    return [...this.#workers].flatMap((worker) => worker.pid ?? [])
  }

  get counts(): Readonly<WorkerCounts> {
    return { ...this.#counts }
  }

  /** Workers that belong to nobody yet, ready or starting. */
  get unbound(): number {
    return [...this.#workers].filter(isUnbound).length
  }

  /** Takes an idle worker that fits: the principal's own, else one of nobody, which is the principal's from now on. */
  take({ principal, memoryBytes, isFresh }: Need): Worker | undefined {
    let best: Worker | undefined
    for (const worker of this.#idle.keys()) {
      const isOwn = worker.principal === principal && !isFresh
      if (worker.state !== 'idle' || worker.memoryBytes < memoryBytes || !(isOwn || isUnbound(worker))) continue
      if (!best || rank(worker) < rank(best)) best = worker
    }
    if (!best) return undefined
    this.#idle.delete(best)
    best.bind(principal)
    return best
  }

  /** Workers that are not ready yet. */
  starting(): Worker[] {
    return [...this.#workers].filter((worker) => worker.state === 'booting')
  }

  /** Takes a worker back after a run. `isUsedUp`: it must not run again. */
  give(worker: Worker, isUsedUp: boolean): void {
    const { runsPerWorkerMax, programsPerWorkerMax } = this.#options
    const isSpent = worker.runs >= runsPerWorkerMax || worker.programs >= programsPerWorkerMax
    if (isUsedUp || isSpent) this.retire(worker)
    else if (worker.state === 'idle') this.#idle.set(worker, Date.now())
    else this.#workers.delete(worker)
  }

  /**
   * Starts a worker if there is room or can be made by ending one that waits; resolves when it is ready, with its death when it
   * is not. `inner`: workers of runs that others wait for, which need room beside these.
   */
  start(memoryBytes: number, mayEvict: boolean, inner: number): Promise<Death | undefined> | undefined {
    if (this.#workers.size >= this.#options.processes + inner && !(mayEvict && this.evict())) return undefined
    const worker = new Worker({ ...this.#options.worker, memoryBytes: heapClass(memoryBytes) })
    this.#counts.started++
    this.#workers.add(worker)
    this.#alive.add(worker)
    void this.#watch(worker)
    return this.#welcome(worker)
  }

  /** Ends the worker that has waited longest for its principal, else one of nobody; whether there was one. */
  evict(): boolean {
    const [first] = this.#idle.keys()
    const bound = this.#idle.keys().find((worker) => !isUnbound(worker)) ?? first
    if (bound) this.retire(bound)
    return bound !== undefined
  }

  retire(worker: Worker): void {
    this.#idle.delete(worker)
    this.#workers.delete(worker)
    worker.kill({ kind: 'retired' })
  }

  /** Ends every process; resolves when they are gone. */
  async close(): Promise<void> {
    clearInterval(this.#sweep)
    const last = [...this.#alive]
    for (const worker of last) worker.kill({ kind: 'retired' })
    await Promise.all(last.map((worker) => worker.died))
  }

  #retireUnused(): void {
    const before = Date.now() - this.#options.idleMsMax
    for (const [worker, since] of this.#idle) if (since < before && !isUnbound(worker)) this.retire(worker)
  }

  async #watch(worker: Worker): Promise<void> {
    const death = await worker.died
    this.#counts[death.kind]++
    for (const set of [this.#alive, this.#workers, this.#idle]) set.delete(worker)
    if (death.kind !== 'retired') this.#options.onDeath(death, worker.pid)
  }

  async #welcome(worker: Worker): Promise<Death | undefined> {
    if (!(await worker.ready)) return worker.died
    if (this.#workers.has(worker)) this.#idle.set(worker, Date.now())
    return undefined
  }
}

const isUnbound = (worker: Worker): boolean => worker.principal === undefined

/** The smallest that fits, and of these one that is bound already. */
const rank = (worker: Worker): number => worker.memoryBytes + (isUnbound(worker) ? 1 : 0)

/** Heaps come in a few sizes, so that workers can be used again: the default, then doubling. */
function heapClass(memoryBytes: number): number {
  let size: number = LIMITS.memory.default
  while (size < memoryBytes) size *= 2
  return size
}
