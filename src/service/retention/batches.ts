import { recordEvent } from '../../audit/index.ts'
import type { Query, Row } from '../../store/index.ts'
import { ownDeed } from '../audit/deeds.ts'
import { idFrom, inSteps, type Kind, type Sweep } from './sweep.ts'

type BatchRow = Row & { readonly id: string; readonly items: number; readonly is_free: number }

/** Items that one transaction changes. */
const ITEMS_AT_ONCE = 1000

/**
 * Expires the inputs of old batches, or removes the batches; how many. To be done before their executions, which are removed when the
 * batch is gone.
 */
export function sweepBatches(sweep: Sweep): Promise<number> {
  const { services, tenant, until, keysSince, kind } = sweep
  return inSteps(sweep, async (after) => {
    const params = [until, keysSince, tenant, after, idFrom(until)]
    const [batch] = await services.store.sql.query<BatchRow>(NEXT[kind], params)
    if (!batch) return undefined
    const isDone = batch.is_free === 1 && (await WORK[kind](sweep, batch))
    return { last: batch.id, count: isDone ? 1 : 0 }
  })
}

const nextText = (which: string): string => `select id, items,
    case when state = 'removing' or (state = 'ended' and finished_at < ?
      and not exists (select 1 from idempotency where subject = batch.id and created_at >= ?)) then 1 else 0 end as is_free
  from batch where tenant = ? and id > ? and id < ?${which} order by id limit 1`

const NEXT: Readonly<Record<Kind, string>> = { payload: nextText(' and expired_at is null'), record: nextText('') }

const WORK: Readonly<Record<Kind, (sweep: Sweep, batch: BatchRow) => Promise<boolean>>> = {
  payload: expireInputs,
  record: removeBatch,
}

/** A part of the items of a batch, and whether it is the last. */
type Part = { readonly params: readonly [id: string, from: number, to: number]; readonly isLast: boolean }

/** Changes the items of a batch in parts, the last in the transaction that `end` belongs to; false when the service stops meanwhile. */
async function inParts(
  { services }: Sweep,
  { id, items }: BatchRow,
  change: (query: Query, part: Part) => Promise<void>,
): Promise<boolean> {
  for (let from = 0; from < items; from += ITEMS_AT_ONCE) {
    if (services.isStopping()) return false
    const to = from + ITEMS_AT_ONCE
    await services.store.sql.tx((query) => change(query, { params: [id, from, to], isLast: to >= items }))
  }
  return true
}

/** Of a process that was killed the next one begins again at the first item: what is erased stays so. */
function expireInputs(sweep: Sweep, batch: BatchRow): Promise<boolean> {
  const { tenant, until } = sweep
  return inParts(sweep, batch, async (query, { params, isLast }) => {
    const text = `update batch_item set inputs = '' where batch_id = ? and position >= ? and position < ? and inputs <> '' returning position`
    const count = (await query(text, params)).length
    if (isLast) await query('update batch set expired_at = ? where id = ?', [new Date().toISOString(), batch.id])
    if (count > 0) await recordEvent(query, ownDeed('batches.expire', tenant, batch.id, { count, until }))
  })
}

/** The batch is gone for everybody with the first transaction, so that nobody sees a part of it; its rows follow. */
async function removeBatch(sweep: Sweep, batch: BatchRow): Promise<boolean> {
  const { services, tenant, until } = sweep
  const { id, items: count } = batch
  await services.store.sql.tx(async (query) => {
    const text = `update batch set state = 'removing' where id = ? and state = 'ended' returning id`
    if ((await query(text, [id])).length === 0) return
    await recordEvent(query, ownDeed('batches.remove', tenant, id, { count, until }))
  })
  return inParts(sweep, batch, async (query, { params, isLast }) => {
    await query('delete from batch_item where batch_id = ? and position >= ? and position < ?', params)
    if (isLast) await query('delete from batch where id = ?', [id])
  })
}
