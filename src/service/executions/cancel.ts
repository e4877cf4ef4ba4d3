import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import { askToCancel, claimRun, listCancelled } from '../../journal/index.ts'
import type { Log, Services } from '../context.ts'
import { findExecution, type ExecutionRecord } from './records.ts'
import { endCancelled } from './runs.ts'

/** How long a cancellation waits for the end of what it cancels; an answer without it says that the end is to come. */
const END_MS_MAX = 5000

/** How often a process asks whether another one was asked to end what it runs. */
const POLL_MS = 250

/** What a cancellation came to. */
export type Cancelled =
  | { readonly kind: 'ended'; readonly record: ExecutionRecord }
  /** Whoever has it will end it. */
  | { readonly kind: 'asked'; readonly anrfId: string }
  /** There was nothing to end: it had ended before; undefined when nothing is known of it. */
  | { readonly kind: 'late'; readonly record: ExecutionRecord | undefined }

/** Ends an execution, wherever it is: waiting, running here or in another process of the store, suspended. `deed` is told. */
export async function cancelExecution(
  services: Services,
  executionId: string,
  deed: AuditEvent,
  log: Log,
): Promise<Cancelled> {
  const { sql } = services.store
  const run = await sql.tx(async (query) => {
    const asked = await askToCancel(query, executionId)
    if (asked || services.live.find(executionId)) await recordEvent(query, deed)
    return asked
  })
  const isHere = endHere(services, executionId)
  if (!run && !isHere) return { kind: 'late', record: await findExecution(sql, executionId) }
  if (run && (run.state !== 'running' || !services.instance.isAlive(run.owner))) {
    const claimed = await claimRun(sql, run, services.instance.id)
    if (claimed) await endCancelled(services, claimed, run, log)
  }
  const look = async (): Promise<ExecutionRecord | undefined> => {
    const record = await findExecution(sql, executionId)
    return record && record.outcome !== 'suspended' ? record : undefined
  }
  const record = await services.live.ends.until(
    executionId,
    run?.owner === services.instance.id || isHere ? END_MS_MAX : 2 * POLL_MS,
    look,
  )
  return record ? { kind: 'ended', record } : { kind: 'asked', anrfId: run?.artifactId ?? '' }
}

function endHere({ live, pool }: Services, executionId: string): boolean {
  const isHere = live.askToCancel(executionId)
  pool.cancel(executionId)
  return isHere
}

/** Ends what this process runs and another one was asked to cancel, until it is stopped. */
export function watchCancellations(services: Services, log: Log): { stop(): void } {
  const timer = setInterval(() => {
    if (services.live.size === 0) return
    void listCancelled(services.store.sql, services.instance.id).then(
      (ids) => ids.forEach((id) => endHere(services, id)),
      (error: unknown) => log.error({ err: error }, 'cancellations could not be read'),
    )
  }, POLL_MS)
  return { stop: () => clearInterval(timer) }
}
