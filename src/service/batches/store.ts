import { recordEvent } from '../../audit/index.ts'
import type { Limits, ModeChoice } from '../../base/index.ts'
import type { Priority } from '../../journal/index.ts'
import type { Query, Row, Sql } from '../../store/index.ts'
import { OUTCOMES } from '../executions/outcomes.ts'
import type { ExpiredAnswer } from '../executions/records.ts'

/** How every item of a batch is to be run. */
export type BatchRequest = {
  readonly entry?: string
  readonly mode?: ModeChoice
  readonly limits?: Partial<Limits>
  readonly priority?: Priority
  /** ISO 8601, UTC: items that have not begun then do not run. */
  readonly deadline?: string
  /** Items at once. */
  readonly concurrency: number
}

export type StoredBatch = {
  readonly id: string
  readonly tenant: string
  readonly principal: string
  readonly artifactId: string
  readonly request: BatchRequest
  readonly items: number
  readonly state: 'running' | 'ended'
  readonly isCancelAsked: boolean
  readonly owner: string
  readonly createdAt: string
  readonly finishedAt?: string
  /** Since when its inputs are gone. */
  readonly expiredAt?: string
}

/** The place of an execution in a batch. */
export type BatchPlace = { readonly id: string; readonly position: number }

type BatchRow = Row & {
  readonly id: string
  readonly tenant: string
  readonly principal: string
  readonly artifact_id: string
  readonly request: string
  readonly items: number
  readonly state: 'running' | 'ended'
  readonly cancel_asked: number
  readonly owner: string
  readonly created_at: string
  readonly finished_at: string | null
  readonly expired_at: string | null
}

const batchOf = (row: BatchRow): StoredBatch => ({
  id: row.id,
  tenant: row.tenant,
  principal: row.principal,
  artifactId: row.artifact_id,
  request: JSON.parse(row.request) as BatchRequest,
  items: row.items,
  state: row.state,
  isCancelAsked: row.cancel_asked === 1,
  owner: row.owner,
  createdAt: row.created_at,
  ...(row.finished_at !== null && { finishedAt: row.finished_at }),
  ...(row.expired_at !== null && { expiredAt: row.expired_at }),
})

/** Rows that one statement inserts. */
const ROWS_AT_ONCE = 100

export async function insertBatch(query: Query, batch: StoredBatch, inputs: readonly unknown[]): Promise<void> {
  const { id, tenant, principal, artifactId, request, items, state, owner, createdAt } = batch
  await query(
    `insert into batch (id, tenant, principal, artifact_id, request, items, state, cancel_asked, owner, created_at)
      values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    [id, tenant, principal, artifactId, JSON.stringify(request), items, state, owner, createdAt],
  )
  for (let at = 0; at < inputs.length; at += ROWS_AT_ONCE) {
    const rows = inputs.slice(at, at + ROWS_AT_ONCE)
    const text = `insert into batch_item (batch_id, position, inputs) values ${rows.map(() => '(?, ?, ?)').join(', ')}`
    await query(
      text,
      rows.flatMap((one, i) => [id, at + i, JSON.stringify(one)]),
    )
  }
}

export async function findBatch(sql: Sql, id: string): Promise<StoredBatch | undefined> {
  const [row] = await sql.query<BatchRow>(`select * from batch where id = ? and state <> 'removing'`, [id])
  return row && batchOf(row)
}

/** Batches that have not ended, of all owners. */
export async function listOpenBatches(sql: Sql): Promise<readonly StoredBatch[]> {
  return (await sql.query<BatchRow>(`select * from batch where state = 'running' order by id`)).map(batchOf)
}

/** Takes a batch over from an owner that is gone; false when somebody else was faster. */
export async function claimBatch(sql: Sql, { id, owner }: StoredBatch, by: string): Promise<boolean> {
  const text = `update batch set owner = ? where id = ? and owner = ? and state = 'running' returning id`
  return (await sql.tx((query) => query(text, [by, id, owner]))).length > 0
}

export type PendingItem = { readonly position: number; readonly inputs: unknown }

/** The next items behind a position that nobody has begun. */
export async function listPending(sql: Sql, id: string, after: number, limit: number): Promise<readonly PendingItem[]> {
  const rows = await sql.query<Row & { readonly position: number; readonly inputs: string }>(
    `select position, inputs from batch_item where batch_id = ? and position > ? and execution_id is null and outcome is null
      order by position limit ?`,
    [id, after, limit],
  )
  return rows.map(({ position, inputs }) => ({ position, inputs: JSON.parse(inputs) as unknown }))
}

/** An item is an execution from now on, or none yet: in the transaction that keeps the execution's begin, or takes it back. */
export async function beginItem(
  query: Query,
  place: BatchPlace | undefined,
  executionId: string | null,
): Promise<void> {
  if (!place) return
  await query('update run set batch = ? where execution_id = ?', [place.id, executionId])
  await query('update batch_item set execution_id = ? where batch_id = ? and position = ?', [
    executionId,
    place.id,
    place.position,
  ])
}

/** How an item ended, in the transaction that keeps it; with the last one the batch ends. */
export async function endItem(
  query: Query,
  place: BatchPlace | undefined,
  end: { readonly executionId: string | null; readonly outcome: string; readonly status: number },
): Promise<void> {
  if (!place) return
  await query('update batch_item set execution_id = ?, outcome = ?, status = ? where batch_id = ? and position = ?', [
    end.executionId,
    end.outcome,
    end.status,
    place.id,
    place.position,
  ])
  await endBatch(query, place.id)
}

/** Ends a batch all of whose items have ended. */
async function endBatch(query: Query, id: string): Promise<void> {
  const [row] = await query<BatchRow>(
    `update batch set state = 'ended', finished_at = ? where id = ? and state = 'running'
      and not exists (select 1 from batch_item where batch_id = batch.id and outcome is null)
      and not exists (select 1 from batch_item where batch_id = batch.id and outcome = 'suspended') returning *`,
    [new Date().toISOString(), id],
  )
  if (!row) return
  const details = { outcomes: await countOutcomes(query, id) }
  const { tenant, principal } = row
  await recordEvent(query, { action: 'batches.end', tenant, principal, subject: id, outcome: 'done', details })
}

/** How many items came to which outcome; `pending`: to none yet. */
export async function countOutcomes(query: Query, id: string): Promise<Readonly<Record<string, number>>> {
  const rows = await query<Row & { readonly outcome: string | null; readonly n: number }>(
    'select outcome, count(*) as n from batch_item where batch_id = ? group by outcome',
    [id],
  )
  return Object.fromEntries(rows.map(({ outcome, n }) => [outcome ?? 'pending', n]))
}

/** Wants a batch ended: what has not begun never does. The batch, if it had not ended. */
export async function askToCancelBatch(query: Query, id: string): Promise<StoredBatch | undefined> {
  const [row] = await query<BatchRow>(
    `update batch set cancel_asked = 1 where id = ? and state = 'running' returning *`,
    [id],
  )
  if (!row) return undefined
  await query(
    `update batch_item set outcome = 'cancelled', status = 409 where batch_id = ? and execution_id is null and outcome is null`,
    [id],
  )
  await endBatch(query, id)
  return batchOf(row)
}

/** How an item ends that had not begun at the deadline of its batch. */
export const EXPIRED = { outcome: 'expired', status: OUTCOMES.expired.status }

/** Ends up to `limit` items behind a position that have not begun, since it is too late; how many. */
export async function expireItems(query: Query, id: string, after: number, limit: number): Promise<number> {
  const expired = await query(
    `update batch_item set outcome = ?, status = ? where batch_id = ? and position in (
      select position from batch_item where batch_id = ? and position > ? and execution_id is null and outcome is null
        order by position limit ?) returning position`,
    [EXPIRED.outcome, EXPIRED.status, id, id, after, limit],
  )
  await endBatch(query, id)
  return expired.length
}

/** The result of an item, with the answer of its execution. */
export type ItemResult = {
  readonly position: number
  readonly outcome: string
  readonly status: number
  readonly executionId?: string
  readonly answer?: unknown
  /** Since when there is no answer any more. */
  readonly expiredAt?: string
}

/** Results behind a position, in order: all that are there, whatever is missing between them. */
export async function listResults(sql: Sql, id: string, after: number, limit: number): Promise<readonly ItemResult[]> {
  const rows = await sql.query<
    Row & {
      readonly position: number
      readonly outcome: string
      readonly status: number
      readonly execution_id: string | null
      readonly answer: string | null
      readonly expired: string | null
    }
  >(
    `select position, batch_item.outcome, batch_item.status, execution_id, answer, expired from batch_item
      left join execution on execution.id = execution_id
      where batch_id = ? and position > ? and batch_item.outcome is not null order by position limit ?`,
    [id, after, limit],
  )
  return rows.map(({ position, outcome, status, execution_id: executionId, answer, expired }) => ({
    position,
    outcome,
    status,
    ...(executionId !== null && { executionId }),
    ...(expired === null
      ? answer !== null && { answer: JSON.parse(answer) as unknown }
      : { expiredAt: (JSON.parse(expired) as ExpiredAnswer).at }),
  }))
}
