import { redactEntries } from '../../audit/index.ts'
import type { Log, Services } from '../context.ts'
import { SERVICE } from '../audit/deeds.ts'
import { daysAgo } from './sweep.ts'

/** Redacts the entries of the audit log that are older than the configuration says, if it says so. */
export async function redactOldEntries({ store, config, telemetry }: Services, log: Log): Promise<void> {
  const { auditDays } = config
  if (auditDays === 0) return
  const until = daysAgo(auditDays)
  const reason = `older than ${auditDays} days`
  const { count } = await redactEntries(store, { filter: { until }, tenant: '', principal: SERVICE, reason })
  if (count === 0) return
  telemetry.metrics.add('retentionRemoved', ['audit'], count)
  log.info({ entries: count, auditDays }, 'the audit log was redacted')
}
