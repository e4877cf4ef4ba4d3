import { randomUUIDv7 } from 'node:crypto'
import { availableParallelism } from 'node:os'
import {
  TIMER_MS_MAX,
  type Encoded,
  type ExecutionUsage,
  type IsolationLevel,
  type Limits,
  type Outcome,
} from '../base/index.ts'
import type { World } from '../effects/index.ts'
import type { Cgroups } from './cgroups.ts'
import type { Death } from './death.ts'
import { ClosedSession, type EffectSession } from './effect-session.ts'
import type { Isolation } from './launch.ts'
import { Live, type Cancellation } from './live.ts'
import { NO_EFFECTS, NO_USAGE, type LogLevel } from './messages.ts'
import type { ProcessorLimits } from './processor-limits.ts'
import { newWorld } from './new-world.ts'
import { stayAwake } from './stay-awake.ts'
import { Slots, type Acquired, type Place, type PoolStatus } from './slots.ts'
import type { Need } from './herd.ts'
import type { WorkerCall } from './worker.ts'
import type { Forks } from './zygote/forks.ts'

type PoolOptions = {
  /** How workers are kept from the machine; see `openIsolation`. */
  readonly isolation: Isolation
  /** Runs at once, each in a worker of its own. Default: the cores of the machine. */
  readonly size?: number
  /** Live worker processes at most: those that run, those that wait for their principal, and spares. Default: `size` and `spares`. */
  readonly processes?: number
  /** Workers of nobody that are kept ready, so that neither a new principal nor a fresh process waits for a start. Default 0. */
  readonly spares?: number
  /** Requests that may wait for a worker; one more costs who has the most waiting its newest. */
  readonly queueMax?: number
  /** A worker is replaced after this many runs. */
  readonly runsPerWorkerMax?: number
  /** And after it was sent this many programs: V8 keeps the types of all modules that a process ever compiled, and aborts at two million. */
  readonly programsPerWorkerMax?: number
  /** And when its principal asks for nothing for so long. Default: 5 minutes. */
  readonly idleMsMax?: number
  readonly bootMsMax?: number
  /** Where workers for fresh runs are forked; the pool closes it. */
  readonly forks?: Forks | undefined
  /** Where the kernel can bound workers too. */
  readonly cgroups?: Cgroups | undefined
  readonly processorLimits?: ProcessorLimits | undefined
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
  /** Who asks: a worker runs for one principal only, and principals are served in turns. */
  readonly principal?: string
  /** With whom the principal shares how many may be under way. */
  readonly shares?: readonly Share[]
  /** How many runs wait for this one, each for the next: 0 for a run that no program asked for. */
  readonly depth?: number
  /** Whether the run has a process of its own that has run nothing before and ends with it. */
  readonly isFresh?: boolean
  /** Among those that wait the greatest is served first, whoever asks; 0. */
  readonly urgency?: number
  /** Milliseconds since 1970: what waits longer for a worker does not run any more. */
  readonly startBy?: number
  /** What of the world the run is told; the rest is the time now and a seed by chance. */
  readonly world?: Partial<World>
  readonly executionId?: string
  /** Told when a worker takes it, after whatever wait; again where that one was lost and another takes it. */
  readonly onStart?: () => void
  readonly onLog?: (level: LogLevel, line: string) => void
  /** The world that its effects reach; without it they come to errors. */
  readonly effects?: EffectSession
}

/** The end of an execution. Log lines that came before a kill are kept; `args` are the arguments after the call. */
export type ExecuteReport = {
  readonly executionId: string
  /** What kept the worker from the machine. */
  readonly isolation: IsolationLevel
  readonly outcome: Outcome
  readonly args?: readonly Encoded[]
  readonly logs: readonly string[]
  readonly usage: ExecutionUsage
  /** What the run was told of the world, if it read it: with this it can be done again. */
  readonly world?: World
}

/** The request was not begun: too many wait, its principal has as many under way as it may, or the pool is closing. */
export type Rejection =
  | { readonly rejected: 'overloaded' | 'closing' }
  /** `share`: of which of the request's shares; of its principal, if absent. */
  | { readonly rejected: 'concurrency'; readonly max: number; readonly share?: string }

/** What several principals have together, as those of a tenant: one more than `max` at once is not begun. */
export type Share = { readonly name: string; readonly max: number }

/** What a pool works with on this machine. */
type Equipment = {
  readonly isolation: IsolationLevel
  /** Which control groups bound the workers. */
  readonly cgroups: 'v1' | 'v2' | 'none'
  /** Where processes for fresh runs come from: forked from one that is ready, or each started by itself. */
  readonly fresh: 'zygote' | 'spares'
}

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
  status(): PoolStatus & Equipment
  /** Takes no more requests, waits up to `graceMs` for those under way, then ends all workers. */
  close(graceMs?: number): Promise<void>
}

const CLOSE_GRACE_MS = 10_000
const IDLE_MS_MAX = 300_000

export function createPool(options: PoolOptions): Pool {
  const { size = availableParallelism(), spares = 0 } = options
  const isolation = options.isolation.level
  const slots = new Slots({
    size,
    spares,
    processes: Math.max(size, options.processes ?? size + spares),
    queueMax: options.queueMax ?? 64,
    runsPerWorkerMax: options.runsPerWorkerMax ?? 100_000,
    programsPerWorkerMax: options.programsPerWorkerMax ?? 1000,
    idleMsMax: options.idleMsMax ?? IDLE_MS_MAX,
    onDeath: options.onDeath ?? (() => undefined),
    forks: options.forks,
    worker: {
      launch: options.isolation.launch,
      ...(options.cgroups && { cgroups: options.cgroups }),
      ...(options.processorLimits && { processorLimits: options.processorLimits }),
      bootMsMax: options.bootMsMax ?? 20_000,
      ...(options.script === undefined ? {} : { script: options.script }),
    },
  })
  const live = new Live()
  const means = { slots, live, isolation }
  options.forks?.tellOfChanges(() => slots.reconsider())
  let closing = false

  function execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteReport | Rejection> {
    return closing ? Promise.resolve({ rejected: 'closing' }) : executeOne(means, request, signal)
  }

  async function executeAll(
    requests: Iterable<ExecuteRequest>,
    onReport: (report: ExecuteReport) => void,
    signal?: AbortSignal,
  ): Promise<Rejection | undefined> {
    for (const request of requests) {
      const report = await execute(request, signal)
      if ('rejected' in report) return report
      onReport(report)
    }
    return undefined
  }

  async function close(graceMs: number = CLOSE_GRACE_MS): Promise<void> {
    closing = true
    await slots.drain(graceMs)
    live.cancelAll()
    await slots.close()
    await options.forks?.close()
  }

  return {
    execute,
    executeAll,
    cancel: (executionId) => live.cancel(executionId),
    status: () => ({
      ...slots.status(),
      isolation,
      cgroups: options.cgroups ? `v${options.cgroups.version}` : 'none',
      fresh: options.forks?.isOpen ? 'zygote' : 'spares',
    }),
    close,
  }
}

/** No principal has such a name. */
const sharedBy = (name: string): string => `\0${name}`

/** What runs are done with. */
type Means = { readonly slots: Slots; readonly live: Live; readonly isolation: IsolationLevel }

const NO_SHARES: readonly Share[] = []

async function executeOne(
  means: Means,
  request: ExecuteRequest,
  signal: AbortSignal | undefined,
): Promise<ExecuteReport | Rejection> {
  const { live } = means
  const { executionId = randomUUIDv7(), principal = '', shares = NO_SHARES, startBy, limits } = request
  // How many are under way says nothing to what is not to begin any more.
  if (startBy !== undefined && Date.now() >= startBy) return reportWithoutRun(means, executionId, EXPIRED)
  if (live.countOf(principal) >= limits.concurrency) return { rejected: 'concurrency', max: limits.concurrency }
  const full = shares.find(({ name, max }) => live.countOf(sharedBy(name)) >= max)
  if (full) return { rejected: 'concurrency', max: full.max, share: full.name }
  const counted = [principal, ...shares.map(({ name }) => sharedBy(name))]
  const cancellation = live.add(executionId, counted)
  const stopListening = signal && endWith(signal, cancellation)
  try {
    return await runUntilDone(means, request, executionId, cancellation)
  } finally {
    live.delete(cancellation, counted)
    stopListening?.()
  }
}

/** Ends an execution when the signal says so; what ends that. */
function endWith(signal: AbortSignal, cancellation: Cancellation): () => void {
  const abort = (): void => cancellation.ask()
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}

/** On one worker, or on another one where the first was lost through no fault of the run, or is busy for longer than was thought. */
async function runUntilDone(
  means: Means,
  request: ExecuteRequest,
  executionId: string,
  cancellation: Cancellation,
): Promise<ExecuteReport | Rejection> {
  const { slots } = means
  const { principal = '', isFresh = false, depth = 0, urgency = 0, startBy, limits } = request
  const need: Need = { principal, memoryBytes: limits.memory, isFresh, depth, urgency, startBy }
  /** What one needs whose worker was lost: it has begun in time. */
  const begun = startBy === undefined ? need : { ...need, startBy: undefined }
  const world = newWorld(request.world)
  const logs: string[] = []
  let again: Place | undefined
  for (let losses = 0; ;) {
    const isTimed = startBy !== undefined && losses === 0
    const got = isTimed ? acquireInTime(slots, need, cancellation, again) : slots.acquire(begun, cancellation, again)
    const place = got instanceof Promise ? await got : got
    if (place === 'overloaded') return { rejected: place }
    if (place === 'cancelled') return reportWithoutRun(means, executionId, CANCELLED)
    if ('kind' in place) return reportWithoutRun(means, executionId, place)
    const call = callOf(request, world, logs)
    const running = place.worker.run(call)
    cancellation.endBy(() => place.worker.cancel(call))
    slots.lineUp()
    if (slots.isAlone) stayAwake(() => slots.isAlone && place.worker.state === 'running')
    const report = await running
    slots.release(place)
    again = place
    if (report === 'not begun') continue
    // Nobody has seen more of the run than lines of its log: it does the same again.
    if (report.isLost && !request.effects && losses++ < LOSSES_MAX) continue
    const { outcome, args, usage, readsWorld } = report
    const { isolation } = means
    return { executionId, isolation, outcome, ...(args && { args }), logs, usage, ...(readsWorld && { world }) }
  }
}

/** A run that loses its worker more often may have to do with that. */
const LOSSES_MAX = 1

/** A worker, as long as it is not later than `startBy`. */
async function acquireInTime(
  slots: Slots,
  need: Need,
  cancellation: Cancellation,
  again: Place | undefined,
): Promise<Acquired> {
  const leftMs = (need.startBy ?? Infinity) - Date.now()
  if (leftMs > TIMER_MS_MAX) return slots.acquire(need, cancellation, again)
  if (leftMs <= 0) return EXPIRED
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    cancellation.ask()
  }, leftMs)
  try {
    const got = await slots.acquire(need, cancellation, again)
    return got === 'cancelled' && isLate ? EXPIRED : got
  } finally {
    clearTimeout(timer)
  }
}

/** What a worker is asked for. `logs`: lines of an attempt before, which come again. */
function callOf(request: ExecuteRequest, world: World, logs: string[]): WorkerCall {
  let lines = 0
  const { programId, programBytes, entry, args, limits, mode, onLog, effects = new ClosedSession() } = request
  return {
    message: { programId, entry, args, limits, mode, world },
    programBytes,
    effects,
    onBegin: () => request.onStart?.(),
    onLog: (level, line) => {
      if (lines++ < logs.length) return
      logs.push(line)
      onLog?.(level, line)
    },
  }
}

const CANCELLED: Outcome = { kind: 'cancelled', message: 'the execution was cancelled before it began' }
const EXPIRED: Outcome = {
  kind: 'expired',
  message: 'no worker was free by the time that was set, and it does not run',
}

function reportWithoutRun({ isolation }: Means, executionId: string, outcome: Outcome): ExecuteReport {
  return { executionId, isolation, outcome, logs: [], usage: { ...NO_USAGE, ...NO_EFFECTS } }
}
