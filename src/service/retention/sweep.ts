import { setTimeout as sleep } from 'node:timers/promises'
import type { Log, Services } from '../context.ts'

/** What goes: payloads, of which digests stay, or records with all that is kept beside them. */
export type Kind = 'payload' | 'record'

/** What of a tenant is old. Times are ISO 8601, UTC. */
export type Sweep = {
  readonly services: Services
  readonly log: Log
  readonly tenant: string
  readonly kind: Kind
  /** What ended before then. */
  readonly until: string
  /** Keys of requests that are as new as this refer to what they were used for. */
  readonly keysSince: string
}

const DAY_MS = 86_400_000

export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString()

/**
 * The first of the ids that were made at a time or later (RFC 9562, version 7). What ended before a time has its id from before, so that
 * what is old is found by its id, and needs no index by age.
 */
export function idFrom(time: string): string {
  const hex = Date.parse(time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** Rests between steps as long as the step took, so that requests have the store for at least half of the time. */
const REST_MS_MAX = 1000

/** Steps of a sweep, one after the other, until one finds nothing or the service stops. Each looks behind the id that the one before gave. */
export async function inSteps(
  { services }: Sweep,
  step: (after: string) => Promise<{ readonly last: string; readonly count: number } | undefined>,
): Promise<number> {
  let [after, count] = ['', 0]
  while (!services.isStopping()) {
    const startedMs = performance.now()
    const done = await step(after)
    if (!done) break
    after = done.last
    count += done.count
    await sleep(Math.min(REST_MS_MAX, performance.now() - startedMs))
  }
  return count
}
