import type { Query, Row } from '../store/index.ts'

/** `waiting` for its next attempt, `sending`, `delivered`, or `dead`: given up, until somebody asks for it again. */
export const DELIVERY_STATES = ['waiting', 'sending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** An event on its way to one hook. */
export type Delivery = {
  readonly id: string
  readonly hook: string
  readonly tenant: string
  readonly type: string
  readonly subject: string
  readonly state: DeliveryState
  /** Attempts so far. */
  readonly attempts: number
  /** When the next attempt is due; ISO 8601, UTC. */
  readonly dueAt: string
  readonly createdAt: string
  readonly endedAt?: string
  /** Why the last attempt failed, and what was seen of it. */
  readonly failure?: string
  readonly failureDetail?: string
}

export type DeliveryRow = Row & {
  readonly id: string
  readonly hook: string
  readonly tenant: string
  readonly type: string
  readonly subject: string
  readonly event: string
  readonly state: string
  readonly attempts: number
  readonly due_at: string
  readonly owner: string
  readonly failure: string
  readonly failure_detail: string
  readonly created_at: string
  readonly ended_at: string | null
}

type DeliveryFilter = { readonly tenant: string; readonly state?: string; readonly hook?: string }

/** Deliveries of a tenant in the order of their ids, which is that of time. */
export async function listDeliveries(
  query: Query,
  { tenant, state, hook }: DeliveryFilter,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly Delivery[]> {
  const parts: [string, string][] = [
    ...(state === undefined ? [] : [[' and state = ?', state] as [string, string]]),
    ...(hook === undefined ? [] : [[' and hook = ?', hook] as [string, string]]),
  ]
  const rows = await query<DeliveryRow>(
    `select * from delivery where tenant = ? and id > ?${parts.map(([sql]) => sql).join('')} order by id limit ?`,
    [tenant, after, ...parts.map(([, value]) => value), limit],
  )
  return rows.map(deliveryOf)
}

/** A delivery of a tenant, and the event as it is sent. */
export async function findDelivery(
  query: Query,
  tenant: string,
  id: string,
): Promise<{ readonly delivery: Delivery; readonly event: string } | undefined> {
  const [row] = await query<DeliveryRow>('select * from delivery where tenant = ? and id = ?', [tenant, id])
  return row && { delivery: deliveryOf(row), event: row.event }
}

/** Begins a delivery anew that has ended; whether it had. */
export async function redeliver(query: Query, tenant: string, id: string): Promise<boolean> {
  const begun = await query(
    `update delivery set state = 'waiting', attempts = 0, due_at = ?, ended_at = null
      where tenant = ? and id = ? and state in ('delivered', 'dead') returning id`,
    [new Date().toISOString(), tenant, id],
  )
  return begun.length > 0
}

/** How many deliveries each hook has in each state, of all tenants. */
export async function countDeliveries(query: Query): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  const rows = await query<Row & { hook: string; state: string; n: number }>(
    'select hook, state, count(*) as n from delivery group by hook, state',
  )
  const counts = new Map<string, Record<string, number>>()
  for (const { hook, state, n } of rows) counts.set(hook, { ...counts.get(hook), [state]: n })
  return counts
}

function deliveryOf(row: DeliveryRow): Delivery {
  const { id, hook, tenant, type, subject, state, attempts, failure } = row
  return {
    id,
    hook,
    tenant,
    type,
    subject,
    state: state as DeliveryState,
    attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(failure !== '' && { failure, failureDetail: row.failure_detail }),
  }
}
