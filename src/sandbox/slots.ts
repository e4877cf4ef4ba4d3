import { LIMITS, type Outcome } from '../base/index.ts'
import { deathOutcome, type Death } from './death.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker.ts'

export type SlotsOptions = {
  readonly size: number
  readonly queueMax: number
  readonly runsPerWorkerMax: number
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

/** The places of a pool: at most `size` live workers, handed out one run at a time, first come first served. */
export type Slots = {
  /** Whether one more request may run or wait. */
  hasRoom(): boolean
  /** A ready worker whose heap holds `memoryBytes`; the outcome when none can be started. */
  acquire(memoryBytes: number, signal: AbortSignal): Promise<Worker | Outcome | 'cancelled'>
  release(worker: Worker): void
  status(): PoolStatus
  /** Resolves when nothing runs or waits, or after `graceMs`. */
  drain(graceMs: number): Promise<void>
  close(): Promise<void>
}

type Waiter = { readonly memoryBytes: number; readonly give: (worker: Worker | Outcome | 'cancelled') => void }

export function createSlots(options: SlotsOptions): Slots {
  const workers = new Set<Worker>()
  /** Those of `workers` that could run now. */
  const idle = new Set<Worker>()
  /** Every process that has not ended, the retired ones too. */
  const alive = new Set<Worker>()
  const waiting: Waiter[] = []
  let running = 0
  let closed = false
  let onQuiet: (() => void) | undefined

  function acquire(memoryBytes: number, signal: AbortSignal): Promise<Worker | Outcome | 'cancelled'> {
    if (signal.aborted) return Promise.resolve('cancelled')
    const { promise, resolve } = Promise.withResolvers<Worker | Outcome | 'cancelled'>()
    const leave = (): void => {
      const at = waiting.indexOf(waiter)
      if (at >= 0) waiting.splice(at, 1)
      waiter.give('cancelled')
    }
    const waiter: Waiter = {
      memoryBytes,
      give: (got) => {
        signal.removeEventListener('abort', leave)
        resolve(got)
      },
    }
    signal.addEventListener('abort', leave, { once: true })
    waiting.push(waiter)
    serve()
    return promise
  }

  /** Gives idle workers to those who wait, and starts what is missing. */
  function serve(): void {
    for (let waiter = waiting[0]; waiter; waiter = waiting[0]) {
      const worker = smallestFitting(idle, waiter.memoryBytes)
      if (!worker) break
      idle.delete(worker)
      waiting.shift()
      running++
      waiter.give(worker)
    }
    for (let missing = waiting.length - bootingCount(); missing > 0 && makeRoom(); missing--) {
      start(Math.max(...waiting.map((waiter) => waiter.memoryBytes)), true)
    }
    if (running === 0 && waiting.length === 0) onQuiet?.()
  }

  const bootingCount = (): number => [...workers].filter((worker) => worker.state() === 'booting').length

  /** Whether a worker may be started, ending an idle one whose heap is too small if need be. */
  function makeRoom(): boolean {
    if (closed) return false
    if (workers.size < options.size) return true
    const [small] = idle
    if (!small) return false
    retire(small)
    return true
  }

  function retire(worker: Worker): void {
    idle.delete(worker)
    workers.delete(worker)
    worker.kill({ kind: 'retired' })
  }

  function start(memoryBytes: number, wanted: boolean): void {
    const worker = startWorker({ ...options.worker, memoryBytes: heapClass(memoryBytes) })
    workers.add(worker)
    alive.add(worker)
    void worker.died.then((death) => {
      alive.delete(worker)
      workers.delete(worker)
      idle.delete(worker)
      if (death.kind !== 'retired') options.onDeath(death, worker.pid)
    })
    void worker.ready.then(async (isReady) => {
      if (isReady && !closed) idle.add(worker)
      // Whoever waited longest learns why: starting again and again would not end.
      else if (!isReady && wanted) waiting.shift()?.give(startOutcome(await worker.died))
      serve()
    })
  }

  function release(worker: Worker): void {
    running--
    const isSpent = worker.runs() >= options.runsPerWorkerMax
    if (isSpent || closed) retire(worker)
    else if (worker.state() === 'idle') idle.add(worker)
    else workers.delete(worker)
    keepWarm()
    serve()
  }

  function keepWarm(): void {
    while (!closed && workers.size < Math.min(options.warm, options.size)) start(0, false)
  }

  async function drain(graceMs: number): Promise<void> {
    if (running === 0 && waiting.length === 0) return
    const quiet = Promise.withResolvers<void>()
    onQuiet = quiet.resolve
    const timer = setTimeout(quiet.resolve, graceMs)
    await quiet.promise
    clearTimeout(timer)
  }

  async function close(): Promise<void> {
    closed = true
    for (const waiter of waiting.splice(0)) waiter.give('cancelled')
    const last = [...alive]
    for (const worker of last) worker.kill({ kind: 'retired' })
    await Promise.all(last.map((worker) => worker.died))
  }

  keepWarm()
  return {
    hasRoom: () => waiting.length < options.queueMax || running + waiting.length < options.size,
    acquire,
    release,
    status: () => ({
      size: options.size,
      workers: workers.size,
      running,
      queued: waiting.length,
      pids: [...workers].flatMap((worker) => worker.pid ?? []),
    }),
    drain,
    close,
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
    if (worker.state() === 'idle' && worker.memoryBytes >= memoryBytes)
      if (!best || worker.memoryBytes < best.memoryBytes) best = worker
  return best
}

/** The worker died before it was ready. */
function startOutcome(death: Death): Outcome {
  return deathOutcome(death.kind === 'exit' ? { kind: 'boot', message: 'it ended at once' } : death, undefined)
}
