import { findRun } from '../../journal/index.ts'
import type { Call } from '../context.ts'
import { findExecution } from './records.ts'
import { known } from '../flow/flow.ts'

/** Whether whoever asks may see an execution: who asked for it, and administrators of the tenant. */
export async function isOwn({ services, principal }: Call, executionId: string): Promise<boolean> {
  const asker = known(principal)
  const { sql } = services.store
  const found =
    (await findExecution(sql, executionId)) ?? (await findRun(sql, executionId)) ?? services.live.find(executionId)
  if (found?.tenant !== asker.tenant) return false
  return found.principal === asker.id || asker.scopes.includes('admin')
}
