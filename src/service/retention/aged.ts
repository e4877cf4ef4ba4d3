import type { Query, Row } from '../../store/index.ts'
import { idFrom, type Kind, type Sweep } from './sweep.ts'

/** An execution that began long ago. */
type Aged = {
  readonly id: string
  /** It ended long ago, and nothing refers to it. */
  readonly isFree: boolean
}

type AgedRow = Row & { readonly id: string; readonly size_bytes: number; readonly is_free: number }

/** Executions that one step takes, and the bytes that it erases; one execution may have more. */
const COUNT_MAX = 100
const BYTES_MAX = 4 * 2 ** 20

/** The next old executions behind an id, as many as one step takes. */
export async function listAged(query: Query, sweep: Sweep, after: string): Promise<readonly Aged[]> {
  const { tenant, kind, until, keysSince } = sweep
  const params = [until, keysSince, keysSince, ...(kind === 'payload' ? [until] : []), tenant, after, idFrom(until)]
  const rows = await query<AgedRow>(TEXTS[kind], [...params, COUNT_MAX])
  let sizeBytes = 0
  const fitting = rows.findIndex((row) => (sizeBytes += row.is_free * row.size_bytes) > BYTES_MAX)
  return rows
    .slice(0, fitting < 0 ? COUNT_MAX : Math.max(1, fitting))
    .map((row) => ({ id: row.id, isFree: row.is_free === 1 }))
}

/**
 * Looks at so many rows and no more, whatever becomes of them. What waits, runs or is suspended has a row in `run` that is not `kept`.
 * A key within its time gives the answer again; the results of a batch belong together.
 */
const agedText = (which: string, batchRefers: string): string => `select id,
    octet_length(answer)
      + coalesce((select octet_length(args) from run where run.execution_id = aged.id), 0)
      + coalesce((select sum(coalesce(octet_length(args), 0) + coalesce(octet_length(effect_call.answer), 0))
          from effect_call where effect_call.execution_id = aged.id), 0) as size_bytes,
    case when finished_at < ? and outcome <> 'suspended'
      and not exists (select 1 from run where run.execution_id = aged.id and run.state <> 'kept')
      and not exists (select 1 from idempotency where subject = aged.id and created_at >= ?)
      and not exists (select 1 from idempotency where subject = aged.batch and created_at >= ?)
      and not exists (select 1 from batch where batch.id = aged.batch${batchRefers})
      then 1 else 0 end as is_free
  from (select id, finished_at, outcome, batch, answer from execution
    where tenant = ? and id > ? and id < ?${which} order by id limit ?) as aged order by id`

const TEXTS: Readonly<Record<Kind, string>> = {
  payload: agedText(' and expired is null', ' and (batch.finished_at is null or batch.finished_at >= ?)'),
  // Results of a batch are there as long as the batch is.
  record: agedText('', ''),
}
