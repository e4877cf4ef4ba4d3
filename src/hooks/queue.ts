import type { Query, Sql } from '../store/index.ts'
import type { DeliveryRow } from './deliveries.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** How long deliveries are kept: those that were taken, and the others. */
const DELIVERED_MS = 7 * DAY_MS
const OTHERS_MS = 30 * DAY_MS
const DETAIL_MAX = 1000

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** Takes up to `max` deliveries of a hook that are due for this process: nobody else sends them now. Each counts an attempt. */
export function claimDue(sql: Sql, hook: string, owner: string, max: number): Promise<readonly DeliveryRow[]> {
  return sql.tx((query) =>
    query<DeliveryRow>(
      `update delivery set state = 'sending', owner = ?, attempts = attempts + 1 where id in (
        select id from delivery where hook = ? and state = 'waiting' and due_at <= ? order by due_at, id limit ?
      ) returning *`,
      [owner, hook, isoOf(Date.now()), max],
    ),
  )
}

/** What came of an attempt. */
export type Attempted =
  | { readonly state: 'delivered' }
  | { readonly state: 'dead'; readonly failure: string; readonly detail: string }
  | { readonly state: 'waiting'; readonly failure: string; readonly detail: string; readonly afterMs: number }
  /** The attempt was given up by a stop, and does not count. */
  | { readonly state: 'unsent' }

/** Puts down what came of an attempt, unless somebody else has the delivery by now. */
export function settle(sql: Sql, { id, owner }: DeliveryRow, attempted: Attempted): Promise<unknown> {
  const now = Date.now()
  const mine = [id, owner] as const
  const where = `where id = ? and state = 'sending' and owner = ?`
  return sql.tx(async (query) => {
    if (attempted.state === 'unsent')
      return query(`update delivery set state = 'waiting', attempts = attempts - 1 ${where}`, mine)
    if (attempted.state === 'delivered')
      return query(
        `update delivery set state = 'delivered', failure = '', failure_detail = '', ended_at = ? ${where}`,
        [isoOf(now), ...mine],
      )
    const { state, failure, detail } = attempted
    const said = detail.slice(0, DETAIL_MAX).toWellFormed().replaceAll('\0', ' ')
    const dueAt = isoOf(now + (attempted.state === 'waiting' ? attempted.afterMs : 0))
    return query(`update delivery set state = ?, failure = ?, failure_detail = ?, due_at = ?, ended_at = ? ${where}`, [
      state,
      failure,
      said,
      dueAt,
      state === 'dead' ? isoOf(now) : null,
      ...mine,
    ])
  })
}

/** Takes back what processes had begun to send that are gone: it may have arrived, and is sent again. */
export async function takeBack(sql: Sql, isAlive: (owner: string) => boolean): Promise<void> {
  const owners = await sql.query<{ owner: string }>(`select distinct owner from delivery where state = 'sending'`)
  for (const { owner } of owners.filter((row) => !isAlive(row.owner)))
    await sql.tx((query) =>
      query(`update delivery set state = 'waiting' where state = 'sending' and owner = ?`, [owner]),
    )
}

/** When the next delivery of a hook is due, in ms since 1970; infinity when none waits. */
export async function nextDue(query: Query, hook: string): Promise<number> {
  const [row] = await query<{ due_at: string | null }>(
    `select min(due_at) as due_at from delivery where state = 'waiting' and hook = ?`,
    [hook],
  )
  return typeof row?.due_at === 'string' ? Date.parse(row.due_at) : Infinity
}

/** Forgets deliveries that nobody asks for any more. */
export async function sweep(sql: Sql): Promise<void> {
  const now = Date.now()
  await sql.tx(async (query) => {
    await query(`delete from delivery where state = 'delivered' and ended_at < ?`, [isoOf(now - DELIVERED_MS)])
    await query(`delete from delivery where state in ('dead', 'waiting') and created_at < ?`, [isoOf(now - OTHERS_MS)])
  })
}
