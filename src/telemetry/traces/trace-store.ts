import type { Query, Row, Sql } from '../../store/index.ts'
import type { SpanRecord, TraceRecord } from './span.ts'

export type TraceStoreOptions = {
  readonly sql: Sql
  /** Traces that are kept; the oldest go first. */
  readonly tracesMax: number
  /** And no longer than this, in ms. */
  readonly ageMsMax: number
  /** Told when traces could not be kept, with how many. */
  readonly onLoss: (error: unknown, count: number) => void
}

/** Whose traces are looked for: of a tenant, or of one principal in it; of all without either. */
export type TraceOwner = { readonly tenant?: string; readonly principal?: string }

export type TraceStore = {
  /** Keeps a trace soon: many share one transaction, so that none costs a commit of its own. Never throws. */
  add(trace: TraceRecord): void
  /** The traces of an execution, or of a trace id, at most 100, oldest first. Those not yet written are written first. */
  find(id: string, owner?: TraceOwner): Promise<readonly TraceRecord[]>
  /** Writes what waits. Never rejects. */
  flush(): Promise<void>
  close(): Promise<void>
}

const FLUSH_MS = 1000
/** Traces that wait at most: a store that fails must not fill the memory. */
const WAITING_MAX = 2000

type TraceRow = Row & {
  readonly trace_id: string
  readonly tenant: string | null
  readonly principal: string | null
  readonly started_ms: number
  readonly trace: string
}
type Kept = Pick<TraceRecord, 'isSampled' | 'executionIds' | 'dropped'> & { readonly spans: readonly SpanRecord[] }

export function createTraceStore(options: TraceStoreOptions): TraceStore {
  const { sql, tracesMax, ageMsMax, onLoss } = options
  let waiting: TraceRecord[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  function add(trace: TraceRecord): void {
    if (waiting.length >= WAITING_MAX) return onLoss(new Error('too many traces wait to be kept'), 1)
    waiting.push(trace)
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const taken = waiting
    waiting = []
    if (taken.length > 0) writing = writing.then(() => write(taken))
    return writing
  }

  async function write(traces: readonly TraceRecord[]): Promise<void> {
    try {
      await sql.tx(async (query) => {
        let next = await nextSequence(query)
        for (const trace of traces) await insert(query, next++, trace)
        await trim(query, tracesMax, Date.now() - ageMsMax)
      })
    } catch (error) {
      onLoss(error, traces.length)
    }
  }

  async function find(id: string, owner: TraceOwner = {}): Promise<readonly TraceRecord[]> {
    await flush()
    const [tenant, principal] = [owner.tenant ?? null, owner.principal ?? null]
    const rows = await sql.query<TraceRow>(FIND, [id, id, Date.now() - ageMsMax, tenant, tenant, principal, principal])
    return rows.map(traceOf)
  }

  return { add, find, flush, close: flush }
}

async function nextSequence(query: Query): Promise<number> {
  const [row] = await query<{ next: number }>('select coalesce(max(sequence), 0) + 1 as next from trace')
  return row!.next
}

async function insert(query: Query, sequence: number, trace: TraceRecord): Promise<void> {
  const { traceId, tenant = null, principal = null, startedMs, ...rest } = trace
  const { isSampled, executionIds, spans, dropped } = rest
  const kept: Kept = { isSampled, executionIds, spans, dropped }
  await query(
    'insert into trace (sequence, trace_id, tenant, principal, started_ms, trace) values (?, ?, ?, ?, ?, ?)',
    [sequence, traceId, tenant, principal, startedMs, JSON.stringify(kept)],
  )
  for (const id of new Set(executionIds))
    await query('insert into trace_execution (execution_id, sequence) values (?, ?)', [id, sequence])
}

/** Takes away what is too old or too much. Sequences grow, so that the newest ones are the greatest. */
async function trim(query: Query, tracesMax: number, oldestMs: number): Promise<void> {
  const gone = await query<{ sequence: number }>(
    `delete from trace where sequence <= (select coalesce(max(sequence), 0) from trace) - ? or started_ms < ? returning sequence`,
    [tracesMax, oldestMs],
  )
  if (gone.length === 0) return
  const last = gone.reduce((most, { sequence }) => Math.max(most, sequence), 0)
  await query(
    'delete from trace_execution where sequence <= ? and sequence not in (select sequence from trace where sequence <= ?)',
    [last, last],
  )
}

const FIND = `select trace_id, tenant, principal, started_ms, trace from trace
  where (trace_id = ? or sequence in (select sequence from trace_execution where execution_id = ?)) and started_ms >= ?
    and (cast(? as text) is null or tenant = ?) and (cast(? as text) is null or principal = ?)
  order by sequence limit 100`

function traceOf({ trace_id: traceId, tenant, principal, started_ms: startedMs, trace }: TraceRow): TraceRecord {
  const owner = tenant === null || principal === null ? {} : { tenant, principal }
  return { traceId, startedMs, ...owner, ...(JSON.parse(trace) as Kept) }
}
