import { StoreError, type Query, type Row, type Store } from '../store/index.ts'
import type { Range } from './entry.ts'
import { conditionOf, type EntryFilter } from './list.ts'
import { addTo } from './ranges.ts'
import { insertEntry } from './record.ts'

/** Which entries are to be redacted, and who says so. */
export type Redaction = {
  readonly filter: EntryFilter
  /** Only these, if given. */
  readonly sequences?: Range
  readonly tenant: string
  readonly principal: string
  readonly reason: string
}

type Redacted = {
  /** How many entries were redacted. */
  readonly count: number
  /** False when another process was reading for so long that what was erased may lie on the disk still, unseen by any query. */
  readonly isOffDisk: boolean
}

/** Rows that one transaction looks through, so that others get their turn. */
const WINDOW = 10_000
/** Ranges that one entry names: far below the 64 KiB that an entry may have. */
const RANGES_MAX = 1000

/**
 * Erases who did what and why in the entries that fit, for ever, and records which those were (`audit.redact`) in the same
 * transactions. Entries that have nothing left to erase are passed over.
 */
export async function redactEntries(store: Store, redaction: Redaction): Promise<Redacted> {
  const [newest] = await store.sql.query<{ n: number | null }>('select max(sequence) as n from audit_entry')
  const [first, last] = redaction.sequences ?? [0, Infinity]
  const end = Math.min(last, newest?.n ?? -1) + 1
  let count = 0
  for (let start = first; start < end; start += WINDOW) {
    const window = [start, Math.min(start + WINDOW, end)] as const
    count += await store.sql.tx((query) => redactWindow(query, redaction, window))
  }
  return { count, isOffDisk: count === 0 || (await compact(store)) }
}

/** What was deleted is still in the write-ahead log, until nobody reads it any more. */
async function compact(store: Store): Promise<boolean> {
  try {
    await store.compact()
    return true
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'busy') return false
    throw error
  }
}

/** How many entries would be redacted. */
export async function countRedactable(query: Query, { filter, sequences }: Redaction): Promise<number> {
  const { sql, params } = conditionOf(filter)
  const [first, last] = sequences ?? [0, Number.MAX_SAFE_INTEGER]
  const [row] = await query<{ n: number }>(
    `select count(*) as n from audit_entry where salt is not null and sequence >= ? and sequence <= ?${sql}`,
    [first, last, ...params],
  )
  return row?.n ?? 0
}

async function redactWindow(query: Query, redaction: Redaction, [start, end]: Range): Promise<number> {
  const { sql, params } = conditionOf(redaction.filter)
  const where = `where salt is not null and sequence >= ? and sequence < ?${sql}`
  const found = await query<Row & { sequence: number }>(`select sequence from audit_entry ${where} order by sequence`, [
    start,
    end,
    ...params,
  ])
  if (found.length === 0) return 0
  await query(
    `update audit_entry set salt = null, principal = null, subject = null, reasons = null, details = null ${where}`,
    [start, end, ...params],
  )
  const ranges: [number, number][] = []
  for (const { sequence } of found) addTo(ranges, sequence)
  for (let i = 0; i < ranges.length; i += RANGES_MAX) await tell(query, redaction, ranges.slice(i, i + RANGES_MAX))
  return found.length
}

/** The filter is not told: it has the name that is to be forgotten. */
function tell(query: Query, { tenant, principal, reason }: Redaction, ranges: readonly Range[]): Promise<void> {
  const subject = `${ranges[0]![0]}..${ranges.at(-1)![1]}`
  const event = { action: 'audit.redact', tenant, principal, subject, outcome: 'done', reasons: [reason] } as const
  return insertEntry(query, event, ranges)
}
