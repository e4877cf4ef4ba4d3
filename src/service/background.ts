import { recoverBatches } from './batches/runner.ts'
import { watchCancellations } from './executions/cancel.ts'
import type { Log, Services } from './context.ts'
import { forgetKeys, releaseKeys } from './http/idempotency.ts'
import { redactOldEntries } from './retention/audit.ts'
import { sweepOld } from './retention/retention.ts'
import { recoverRuns } from './executions/runs.ts'

/** How often is looked for executions whose process has ended. */
const RECOVER_MS = 5000
/** How often old entries of the audit log are redacted. */
const REDACT_MS = 86_400_000
/** How often the registry is tidied, and what is old goes: blobs that nobody needs, keys of requests, executions. */
const TIDY_MS = 3_600_000

/** What a service does that nobody asked for: goes on with what others left, ends what is to be cancelled, forgets what is old. */
export function startBackground(services: Services, log: Log): { stop(): Promise<void> } {
  const cancellations = watchCancellations(services, log)
  const recovery = repeat(RECOVER_MS, () => recover(services, log), log)
  const release = repeat(RECOVER_MS, () => releaseKeys(services), log)
  const upkeep = repeat(TIDY_MS, () => tidyRegistry(services, log), log)
  const redaction = repeat(REDACT_MS, () => redactOldEntries(services, log), log)
  const forgetting = repeat(TIDY_MS, () => forgetOldKeys(services), log)
  const retention = repeat(TIDY_MS, () => sweepOld(services, log), log)
  return {
    stop: async () => {
      cancellations.stop()
      await retention.stop()
      await forgetting.stop()
      await release.stop()
      await recovery.stop()
      await redaction.stop()
      await upkeep.stop()
    },
  }
}

async function tidyRegistry({ registry, isStopping }: Services, log: Log): Promise<void> {
  const { removed, indexed } = await registry.tidy(isStopping)
  if (removed + indexed > 0) log.info({ removed, indexed }, 'the registry was tidied')
}

/** Keys of requests that are forgotten in one transaction. */
const KEYS_AT_ONCE = 1000

async function forgetOldKeys({ store, config }: Services): Promise<void> {
  const before = new Date(Date.now() - config.idempotencyMs).toISOString()
  while ((await store.sql.tx((query) => forgetKeys(query, before, KEYS_AT_ONCE))) === KEYS_AT_ONCE);
}

async function recover(services: Services, log: Log): Promise<void> {
  await recoverRuns(services, log)
  await recoverBatches(services, log)
}

/** Does something at once and then again and again, one time after the other, until it is stopped. */
function repeat(everyMs: number, work: () => Promise<void>, log: Log): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void>
  const once = (): void => {
    running = work()
      .catch((error: unknown) => log.error({ err: error }, 'work in the background failed'))
      .then(() => {
        if (!isStopped) timer = setTimeout(once, everyMs).unref()
      })
  }
  once()
  return {
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
