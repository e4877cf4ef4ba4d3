import { randomInt, randomUUIDv7 } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Encoded, ExecutionUsage, Limits, Outcome } from '../base/index.ts'
import type { World } from '../effects/index.ts'
import type { Death } from './death.ts'
import { closedSession, type EffectSession } from './effect-session.ts'
import { launchProcess, type Launch } from './launch.ts'
import { NO_EFFECTS, NO_USAGE, type LogLevel } from './messages.ts'
import { Slots, type PoolStatus } from './slots.ts'
import type { Worker } from './worker.ts'

type PoolOptions = {
  /** Workers at once; one execution each. Default: the cores of the machine. */
  readonly size?: number
  /** Requests that may wait for a worker; the next is turned away. */
  readonly queueMax?: number
  /** A worker is replaced after this many runs. */
  readonly runsPerWorkerMax?: number
  /** And after it was sent this many programs: V8 keeps the types of all modules that a process ever compiled, and aborts at two million. */
  readonly programsPerWorkerMax?: number
  /** Workers started at once and kept ready, so that no request waits for a start. Default 0. */
  readonly warm?: number
  readonly bootMsMax?: number
  readonly launch?: Launch
  /** The worker's main file; another one only in tests. */
  readonly script?: string
  /** Told of every worker that did not end as planned. */
  readonly onDeath?: (death: Death, pid: number | undefined) => void
}

/** One execution. `programId` is {@link programIdOf} `programBytes`, encoded IR. */
export type ExecuteRequest = {
  readonly programId: string
  readonly programBytes: Uint8Array
  readonly entry: string
  readonly args: readonly Encoded[]
  readonly limits: Limits
  readonly mode: string
  /** What of the world the run is told; the rest is the time now and a seed by chance. */
  readonly world?: Partial<World>
  readonly executionId?: string
  readonly onLog?: (level: LogLevel, line: string) => void
  /** The world that its effects reach; without it they come to errors. */
  readonly effects?: EffectSession
}

/** The end of an execution. Log lines that came before a kill are kept; `args` are the arguments after the call. */
export type ExecuteReport = {
  readonly executionId: string
  readonly outcome: Outcome
  readonly args?: readonly Encoded[]
  readonly logs: readonly string[]
  readonly usage: ExecutionUsage
  /** What the run was told of the world, if it read it: with this it can be done again. */
  readonly world?: World
}

/** The request was not begun: the queue is full, or the pool is closing. */
type Rejection = { readonly rejected: 'overloaded' | 'closing' }

export type Pool = {
  execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteReport | Rejection>
  /** Runs requests one after another on one place of the pool, each on a fresh instance, handing over each report as it comes. */
  executeAll(
    requests: Iterable<ExecuteRequest>,
    onReport: (report: ExecuteReport) => void,
    signal?: AbortSignal,
  ): Promise<Rejection | undefined>
  /** Ends an execution that waits or runs; whether there was one. */
  cancel(executionId: string): boolean
  /** What the pool is doing, for readiness and metrics. */
  status(): PoolStatus
  /** Takes no more requests, waits up to `graceMs` for those under way, then ends all workers. */
  close(graceMs?: number): Promise<void>
}

const CLOSE_GRACE_MS = 10_000

export function createPool(options: PoolOptions = {}): Pool {
  const slots = new Slots({
    size: options.size ?? availableParallelism(),
    queueMax: options.queueMax ?? 64,
    runsPerWorkerMax: options.runsPerWorkerMax ?? 10_000,
    programsPerWorkerMax: options.programsPerWorkerMax ?? 1000,
    warm: options.warm ?? 0,
    onDeath: options.onDeath ?? (() => undefined),
    worker: {
      launch: options.launch ?? launchProcess,
      bootMsMax: options.bootMsMax ?? 20_000,
      ...(options.script === undefined ? {} : { script: options.script }),
    },
  })
  /** Executions that wait or run, with what ends them. */
  const live = new Map<string, AbortController>()
  let closing = false

  async function execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteReport | Rejection> {
    let report: ExecuteReport | undefined
    const rejection = await executeAll([request], (got) => (report = got), signal)
    return rejection ?? report!
  }

  async function executeAll(
    requests: Iterable<ExecuteRequest>,
    onReport: (report: ExecuteReport) => void,
    signal?: AbortSignal,
  ): Promise<Rejection | undefined> {
    if (closing) return { rejected: 'closing' }
    if (!slots.hasRoom()) return { rejected: 'overloaded' }
    for (const request of requests) onReport(await executeOne(slots, live, request, signal))
    return undefined
  }

  function cancel(executionId: string): boolean {
    const controller = live.get(executionId)
    controller?.abort()
    return controller !== undefined
  }

  async function close(graceMs: number = CLOSE_GRACE_MS): Promise<void> {
    closing = true
    await slots.drain(graceMs)
    for (const controller of live.values()) controller.abort()
    await slots.close()
  }

  return { execute, executeAll, cancel, status: () => slots.status(), close }
}

async function executeOne(
  slots: Slots,
  live: Map<string, AbortController>,
  request: ExecuteRequest,
  signal: AbortSignal | undefined,
): Promise<ExecuteReport> {
  const executionId = request.executionId ?? randomUUIDv7()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  live.set(executionId, controller)
  try {
    const worker = await slots.acquire(request.limits.memory, controller.signal)
    const world: World = { time: Date.now(), seed: randomInt(SEED_MAX), ...request.world }
    if (worker === 'cancelled') return cancelledReport(executionId)
    if ('kind' in worker) return { executionId, outcome: worker, logs: [], usage: { ...NO_USAGE, ...NO_EFFECTS } }
    return await runOn(worker, { ...request, world }, executionId, controller.signal).finally(() =>
      slots.release(worker),
    )
  } finally {
    live.delete(executionId)
    signal?.removeEventListener('abort', abort)
  }
}

async function runOn(
  worker: Worker,
  request: ExecuteRequest & { readonly world: World },
  executionId: string,
  signal: AbortSignal,
): Promise<ExecuteReport> {
  const logs: string[] = []
  const { programId, programBytes, entry, args, limits, mode, world, onLog, effects = closedSession() } = request
  const end = (): void => worker.kill({ kind: 'cancelled' })
  signal.addEventListener('abort', end, { once: true })
  const { readsWorld, ...report } = await worker.run({
    message: { programId, entry, args, limits, mode, world },
    programBytes,
    effects,
    onLog: (level, line) => {
      logs.push(line)
      onLog?.(level, line)
    },
  })
  signal.removeEventListener('abort', end)
  return { executionId, ...report, logs, ...(readsWorld && { world }) }
}

/** Seeds that are made by chance are below this, the greatest bound that the system takes. */
const SEED_MAX = 2 ** 48 - 1

function cancelledReport(executionId: string): ExecuteReport {
  const outcome: Outcome = { kind: 'cancelled', message: 'the execution was cancelled before it began' }
  return { executionId, outcome, logs: [], usage: { ...NO_USAGE, ...NO_EFFECTS } }
}
