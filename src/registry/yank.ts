import { recordEvent } from '../audit/index.ts'
import type { Artifact } from './artifact.ts'
import type { RegistryContext } from './context.ts'
import { findById } from './rows.ts'

/**
 * Takes a version out of what names and ranges stand for, or, with `reason` undefined, puts it back. The artifact as it is then;
 * undefined when it was so already.
 */
export async function setYanked(
  { store }: RegistryContext,
  { tenant, id }: Artifact,
  by: string,
  reason: string | undefined,
): Promise<Artifact | undefined> {
  const isYank = reason !== undefined
  return store.sql.tx(async (query) => {
    const changed = await query(
      `update artifact set yanked_at = ?, yanked_by = ?, yank_reason = ?
        where tenant = ? and id = ? and yanked_at is ${isYank ? '' : 'not'} null returning id`,
      [...(isYank ? [new Date().toISOString(), by, reason] : [null, null, null]), tenant, id],
    )
    if (changed.length === 0) return undefined
    const action = isYank ? 'artifacts.yank' : 'artifacts.unyank'
    const details = isYank ? { details: { reason } } : {}
    await recordEvent(query, { action, tenant, principal: by, subject: id, outcome: 'done', ...details })
    return findById({ query }, tenant, id)
  })
}
