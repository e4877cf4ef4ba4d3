import type { ExecutionUsage } from '../base/index.ts'
import { deathOutcome, type Death } from './death.ts'
import type { Expectation } from './wire.ts'
import type { Progress } from './expected.ts'
import type { Order } from './line.ts'
import { NO_USAGE, type ResultMessage, type WorkerUsage } from './messages.ts'
import type { Watch } from './watch.ts'

/** What a run gave, or the outcome of its worker's death. */
export type WorkerReport = Omit<ResultMessage, 'readsWorld' | 'usage'> & {
  readonly usage: ExecutionUsage
  readonly readsWorld?: boolean
  /** Its worker ended with the process that it was forked from, whatever the run did. */
  readonly isLost?: boolean
}

/** A run that a worker is about. */
export type Running = Order & {
  readonly startedMs: number
  readonly watch: Watch
  readonly progress: Progress
  readonly expected: Expectation
  logBytes: number
}

/** Whether it has filled its memory. */
export const isFull = ({ outcome }: ResultMessage): boolean => outcome.kind === 'limited' && outcome.limit === 'memory'

/** What the parent itself knows of a run that its worker did not end. */
export function deathReport(death: Death, running: Running): WorkerReport {
  const usage = usageOf({ ...NO_USAGE, logBytes: running.logBytes }, running)
  const isLost = death.kind === 'exit' && death.exit.isOrphan === true
  return { outcome: deathOutcome(death, running.call.message.limits), usage, ...(isLost && { isLost }) }
}

/** What the worker says, and what was seen from here, whatever it says. */
export function usageOf(said: WorkerUsage, { call, watch, startedMs, progress }: Running): ExecutionUsage {
  return {
    ...said,
    ...call.effects.usage(),
    // Those too that an earlier process of the execution did, and that were denied.
    effects: progress.calls,
    wallMs: performance.now() - startedMs,
    cpuMs: Math.max(said.cpuMs, watch.seen.cpuMs),
    peakBytes: Math.max(said.peakBytes, watch.seen.peakBytes),
  }
}
