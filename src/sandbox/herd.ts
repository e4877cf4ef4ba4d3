import { LIMITS } from '../base/index.ts'
import type { Death } from './death.ts'
import { Worker, type WorkerOptions } from './worker.ts'
import type { Forks } from './zygote/forks.ts'

export type HerdOptions = {
  /** Live processes at most, without those that are forked. */
  readonly processes: number
  readonly runsPerWorkerMax: number
  readonly programsPerWorkerMax: number
  /** How long a worker waits for the next run of its principal. */
  readonly idleMsMax: number
  readonly worker: Omit<WorkerOptions, 'memoryBytes' | 'isForked'>
  /** Where workers for fresh runs are forked. */
  readonly forks?: Forks | undefined
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
  /** Milliseconds since 1970: until when it must have begun. */
  readonly startBy?: number | undefined
}

const SWEEP_MS = 5000
/** A forked worker is ready in milliseconds. One that is not, on however busy a machine, is given up for one that is started. */
const FORK_MS_MAX = 3000

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

  /** Whether fresh runs get forked workers now. */
  get forks(): boolean {
    return this.#options.forks?.isOpen ?? false
  }

  /** Processes of their own, and those of them that belong to nobody yet, ready or starting. */
  get started(): { readonly count: number; readonly unbound: number } {
    const all = [...this.#workers].filter((worker) => !worker.isForked)
    return { count: all.length, unbound: all.filter(isUnbound).length }
  }

  /** Forked workers that wait for a run, ready or starting. */
  get forked(): number {
    return [...this.#workers].filter((worker) => worker.isForked && isUnbound(worker)).length
  }

  get pids(): readonly number[] {
    return [...this.#workers].flatMap((worker) => worker.pid ?? [])
  }

  get counts(): Readonly<WorkerCounts> {
    return { ...this.#counts }
  }

  /** Takes an idle worker that fits: the principal's own, else one of nobody, which is the principal's from now on. */
  take(need: Need): Worker | undefined {
    let best: Worker | undefined
    for (const worker of this.#idle.keys()) {
      const isOwn = worker.principal === need.principal && !need.isFresh
      if (worker.state !== 'idle' || !this.suits(worker, need) || !(isOwn || isUnbound(worker))) continue
      if (!best || rank(worker) < rank(best)) best = worker
    }
    if (!best) return undefined
    this.#idle.delete(best)
    best.bind(need.principal)
    return best
  }

  /** Whether the worker is of the kind and size for the need: forked ones for fresh runs and, while there are such, only these. */
  suits(worker: Worker, need: Need): boolean {
    const isForked = this.forks ? isForkable(need) : worker.isForked && need.isFresh
    return worker.memoryBytes >= need.memoryBytes && worker.isForked === isForked
  }

  /** Workers that are not ready yet. */
  starting(): Worker[] {
    return [...this.#workers].filter((worker) => worker.state === 'booting')
  }

  /** Takes a worker back after a run. `isUsedUp`: it must not run again. */
  give(worker: Worker, isUsedUp: boolean): void {
    if (isUsedUp || this.isSpent(worker)) this.retire(worker)
    else if (worker.state === 'idle') this.#idle.set(worker, Date.now())
    else this.#workers.delete(worker)
  }

  /** Whether it has done all that a worker may do, or will have after so many runs more, each of a new program. */
  isSpent(worker: Worker, after = 0): boolean {
    const { runsPerWorkerMax, programsPerWorkerMax } = this.#options
    return worker.runs + after >= runsPerWorkerMax || worker.programs + after >= programsPerWorkerMax
  }

  /**
   * Starts a worker for a need, by a fork where this will do, else if there is room or can be made by ending one that waits;
   * resolves when it is ready, with its death when none can be started. `inner`: workers of runs that others wait for, which need room beside
   * these.
   */
  start(
    need: Pick<Need, 'memoryBytes' | 'isFresh'>,
    mayEvict: boolean,
    inner: number,
  ): Promise<Death | undefined> | undefined {
    const { processes, forks, worker: common } = this.#options
    const options = { ...common, memoryBytes: heapClass(need.memoryBytes) }
    const forked = isForkable(need) ? forks?.launch() : undefined
    if (forked)
      return this.#raise(new Worker({ ...options, isForked: true, launch: () => forked, bootMsMax: FORK_MS_MAX }))
    if (this.started.count >= processes + inner && !(mayEvict && this.evict())) return undefined
    return this.#raise(new Worker(options))
  }

  #raise(worker: Worker): Promise<Death | undefined> {
    this.#counts.started++
    this.#workers.add(worker)
    this.#alive.add(worker)
    void this.#watch(worker)
    return this.#welcome(worker)
  }

  /** Ends the worker that has waited longest for its principal, else one of nobody; whether there was one. */
  evict(): boolean {
    const idle = [...this.#idle.keys()].filter((worker) => !worker.isForked)
    const bound = idle.find((worker) => !isUnbound(worker)) ?? idle[0]
    if (bound) this.retire(bound)
    return bound !== undefined
  }

  /** Ends the forked workers that wait: when what they were forked from is lost, the kernel is about to end them anyway. */
  retireForked(): void {
    for (const worker of [...this.#idle.keys()]) if (worker.isForked) this.retire(worker)
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
    if (!(await worker.ready)) {
      const death = await worker.died
      if (!worker.isForked) return death
      // No failure of the request: there is another way to a worker.
      if (death.kind !== 'retired') this.#options.forks?.distrust()
    }
    if (this.#workers.has(worker)) this.#idle.set(worker, Date.now())
    return undefined
  }
}

const isForkable = (need: Pick<Need, 'memoryBytes' | 'isFresh'>): boolean =>
  need.isFresh && need.memoryBytes <= LIMITS.memory.default

const isUnbound = (worker: Worker): boolean => worker.principal === undefined

/** The smallest that fits, and of these one that is bound already. */
const rank = (worker: Worker): number => worker.memoryBytes + (isUnbound(worker) ? 1 : 0)

/** Heaps come in a few sizes, so that workers can be used again: the default, then doubling. */
function heapClass(memoryBytes: number): number {
  let size: number = LIMITS.memory.default
  while (size < memoryBytes) size *= 2
  return size
}
