import { StoreError } from '../../store/index.ts'
import type { Log, Services } from '../context.ts'
import { listTenants } from '../identity/tenants.ts'
import { sweepBatches } from './batches.ts'
import { sweepExecutions } from './executions.ts'
import { daysAgo, type Kind, type Sweep } from './sweep.ts'

/**
 * Expires payloads, and removes records, of executions and batches that are older than the configuration says. What waits, runs or is
 * suspended stays, and so does what a key of a request within its time refers to.
 */
export async function sweepOld(services: Services, log: Log): Promise<void> {
  const { payloadDays, executionDays, idempotencyMs } = services.config
  const days: readonly (readonly [Kind, number])[] = [
    ['record', executionDays],
    ['payload', payloadDays],
  ]
  const keysSince = new Date(Date.now() - idempotencyMs).toISOString()
  let count = 0
  for (const [kind, old] of days.filter(([, old]) => old > 0))
    for await (const tenant of allTenants(services))
      count += await sweepTenant({ services, log, tenant, kind, until: daysAgo(old), keysSince })
  if (count > 0) await leaveNothing(services, log)
}

async function sweepTenant(sweep: Sweep): Promise<number> {
  const { services, log, tenant, kind, until } = sweep
  const batches = await sweepBatches(sweep)
  const executions = await sweepExecutions(sweep)
  if (executions + batches === 0) return 0
  services.telemetry.metrics.add('retentionRemoved', [kind], executions)
  log.info({ tenant, kind, executions, batches, until }, 'old executions were swept')
  return executions + batches
}

/** What was deleted is in the write-ahead log still, until nobody reads it any more. */
async function leaveNothing({ store }: Services, log: Log): Promise<void> {
  try {
    await store.compact()
  } catch (error) {
    if (!(error instanceof StoreError && error.fault === 'busy')) throw error
    log.warn({}, 'what was erased may lie in the write-ahead log for a while: another process reads the store')
  }
}

async function* allTenants({ store }: Services): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const tenants = await listTenants(store.sql.query, { after })
    yield* tenants.map(({ id }) => id)
    const last = tenants.at(-1)
    if (!last) return
    after = last.id
  }
}
