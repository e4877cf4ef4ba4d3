import { randomUUIDv7 } from 'node:crypto'
import type { ListedEntry } from '../audit/index.ts'
import type { Query } from '../store/index.ts'
import { hooksFor } from './ask.ts'
import { eventOfAction, newEvent, type CloudEvent, type EventName } from './event.ts'
import type { Filtered } from './filter.ts'
import type { Hook, Included } from './hook.ts'
import { isHookPrincipal } from './program.ts'

/** What is told of an entry of the audit log. */
export type Told = {
  readonly filtered: Omit<Filtered, 'tenant'>
  readonly dataFor: (include: readonly Included[]) => Readonly<Record<string, unknown>>
}

type Outbox = {
  readonly hooks: readonly Hook[]
  readonly source: string
  /** Looks up more of what an entry is about, in the transaction that made it. */
  readonly describe: (query: Query, event: EventName, entry: ListedEntry) => Promise<Told>
}

/**
 * Puts down, for each hook that asks for it, what the entries of a commit tell, in the transaction of that commit: what happened is
 * told, also after a kill, and what did not happen is not. Whether there was anything.
 */
export async function putDown(
  query: Query,
  entries: readonly ListedEntry[],
  { hooks, source, describe }: Outbox,
): Promise<boolean> {
  let isAny = false
  for (const entry of entries) {
    const name = eventOfAction(entry.action)
    // What hooks run is told to none, or telling would never end.
    if (!name || entry.subject === undefined || isHookPrincipal(entry.principal ?? '')) continue
    const { tenant, subject } = entry
    if (!hooks.some(({ on }) => on.includes(name))) continue
    const { filtered, dataFor } = await describe(query, name, entry)
    for (const hook of hooksFor(hooks, name, { tenant, ...filtered })) {
      await insertDelivery(query, hook, newEvent(name, { source, subject, tenant, data: dataFor(hook.include) }))
      isAny = true
    }
  }
  return isAny
}

async function insertDelivery(query: Query, { name: hook }: Hook, event: CloudEvent): Promise<void> {
  const { tenant, type, subject, time } = event
  await query(
    `insert into delivery
      (id, hook, tenant, type, subject, event, state, attempts, due_at, owner, failure, failure_detail, created_at)
      values (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '', '', '', ?)`,
    [randomUUIDv7(), hook, tenant, type, subject, JSON.stringify(event), time, time],
  )
}
