import type { Row, Sql } from '../../store/index.ts'
import type { ExpiredAnswer } from './records.ts'

/** What a list of executions is narrowed to. Times are ISO 8601, UTC. */
export type ExecutionFilter = {
  readonly tenant: string
  readonly principal?: string
  /** A digest, or a name for all of its versions. */
  readonly program?: string
  readonly entry?: string
  readonly outcome?: string
  /** Those that began in `[from, to)`. */
  readonly from?: string
  readonly to?: string
  readonly batch?: string
  /** Those that have ended, or those that have not. */
  readonly state?: 'open' | 'ended'
  /** Those that are older than this one. */
  readonly after?: string
  readonly limit: number
}

/** An execution in a list: its record without what was said. */
export type ListedExecution = {
  readonly id: string
  readonly anrfId: string
  readonly entry: string
  readonly mode: string
  readonly principal: string
  readonly startedAt: string
  readonly finishedAt?: string
  readonly outcome: string
  readonly status?: number
  readonly batch?: string
  /** Since when its payload is gone. */
  readonly expiredAt?: string
}

type ListedRow = Row & {
  readonly id: string
  readonly artifact_id: string
  readonly entry: string
  readonly mode: string
  readonly principal: string
  readonly started_at: string
  readonly finished_at: string | null
  readonly outcome: string
  readonly status: number | null
  readonly batch: string | null
  readonly expired: string | null
}

/** What has an end on record; a suspended execution that goes on is listed as running. */
const ENDED = `select id, artifact_id, entry, mode, tenant, principal, started_at, finished_at, outcome, status, batch, expired from execution
  where not exists (select 1 from run where execution_id = id and state = 'running')`
const OPEN = `select execution_id as id, artifact_id, entry, mode, tenant, principal, started_at, null as finished_at, state as outcome,
  null as status, batch, null as expired from run where state in ('queued', 'running')`

/**
 * Executions, newest first. Ids sort by time (RFC 9562, version 7), so that a page begins where the one before ended, whatever
 * came meanwhile. What runs without a record, because nothing of it has to be taken up, is listed when it has ended.
 */
export async function listExecutions(sql: Sql, filter: ExecutionFilter): Promise<readonly ListedExecution[]> {
  const { text, params } = conditionsOf(filter)
  // Each part by itself, so that each goes by its own index and reads no more than the page.
  const part = (from: string): string => `select * from (${from}) as part where ${text} order by id desc limit ?`
  const parts = filter.state === 'open' ? [OPEN] : filter.state === 'ended' ? [ENDED] : [ENDED, OPEN]
  const rows: ListedRow[] = []
  for (const one of parts) rows.push(...(await sql.query<ListedRow>(part(one), [...params, filter.limit])))
  return rows
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, filter.limit)
    .map(listedOf)
}

function conditionsOf(filter: ExecutionFilter): { readonly text: string; readonly params: readonly string[] } {
  const { program } = filter
  const byProgram = program?.startsWith('sha256:')
    ? 'artifact_id = ?'
    : 'artifact_id in (select artifact.id from artifact where artifact.tenant = part.tenant and artifact.name = ?)'
  const conditions: readonly (readonly [string, string | undefined])[] = [
    ['tenant = ?', filter.tenant],
    ['principal = ?', filter.principal],
    [byProgram, program],
    ['entry = ?', filter.entry],
    ['outcome = ?', filter.outcome],
    ['started_at >= ?', filter.from],
    ['started_at < ?', filter.to],
    ['batch = ?', filter.batch],
    ['id < ?', filter.after],
  ]
  const given = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]))
  return { text: given.map(({ text }) => text).join(' and '), params: given.map(({ value }) => value) }
}

function listedOf(row: ListedRow): ListedExecution {
  const { id, artifact_id: anrfId, entry, mode, principal, started_at: startedAt, outcome } = row
  return {
    id,
    anrfId,
    entry,
    mode,
    principal,
    startedAt,
    outcome,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    ...(row.status !== null && { status: row.status }),
    ...(row.batch !== null && { batch: row.batch }),
    ...(row.expired !== null && { expiredAt: (JSON.parse(row.expired) as ExpiredAnswer).at }),
  }
}
