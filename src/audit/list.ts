import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Query } from '../store/index.ts'
import { entryOfRow, type EntryRow, type Range } from './entry.ts'

/** Which entries are asked for. Those that were redacted have no principal and no subject any more. */
export type EntryFilter = {
  readonly tenant?: string
  readonly action?: string
  readonly principal?: string
  readonly subject?: string
  readonly outcome?: string
  /** ISO 8601: from then on, and before then. */
  readonly from?: string
  readonly until?: string
}

export type Page = {
  readonly limit: number
  /** Only entries before this sequence. */
  readonly before?: number
}

/** An entry as it is shown; the parts of a redacted one are gone. */
export type ListedEntry = {
  readonly sequence: number
  readonly version: number
  readonly at: string
  readonly tenant: string
  readonly action: string
  readonly outcome: string
  readonly isRedacted: boolean
  readonly principal?: string
  readonly subject?: string
  readonly reasons?: readonly string[]
  readonly details?: Readonly<Record<string, unknown>>
  /** With it, the parts above and the seal, whoever has the entry can check that they were sealed. */
  readonly salt?: string
  readonly seal: string
  readonly redacts?: readonly Range[]
}

/**
 * Rows that are looked through at once: entries have no index beside their sequence, which every execution would pay for, and a
 * search must not hold up the event loop.
 */
const WINDOW = 10_000

/** Entries that fit, the newest first. `next` is the `before` of the page after this one. */
export async function listEntries(
  query: Query,
  filter: EntryFilter,
  { limit, before }: Page,
): Promise<{ readonly entries: readonly ListedEntry[]; readonly next?: number }> {
  const found: ListedEntry[] = []
  const { sql, params } = conditionOf(filter)
  const [newest] = await query<{ n: number | null }>('select max(sequence) as n from audit_entry')
  let end = Math.min(before ?? Infinity, (newest?.n ?? -1) + 1)
  while (end > 0 && found.length < limit) {
    const start = Math.max(0, end - WINDOW)
    const rows = await query<EntryRow>(
      `select * from audit_entry where sequence >= ? and sequence < ?${sql} order by sequence desc limit ?`,
      [start, end, ...params, limit - found.length],
    )
    found.push(...rows.map(describeEntry))
    end = found.length < limit ? start : found.at(-1)!.sequence
    await nextTurn()
  }
  return { entries: found, ...(end > 0 && { next: end }) }
}

const COLUMNS = ['tenant', 'action', 'principal', 'subject', 'outcome'] as const

/** The filter as a condition that follows others. */
export function conditionOf(filter: EntryFilter): { readonly sql: string; readonly params: readonly string[] } {
  const parts = COLUMNS.flatMap((column): [string, string][] => {
    const value = filter[column]
    return value === undefined ? [] : [[`${column} = ?`, value]]
  })
  if (filter.from !== undefined) parts.push(['at >= ?', filter.from])
  if (filter.until !== undefined) parts.push(['at < ?', filter.until])
  return { sql: parts.map(([condition]) => ` and ${condition}`).join(''), params: parts.map(([, value]) => value) }
}

export function describeEntry(row: EntryRow): ListedEntry {
  const { sealed, redacts, seal, version, at, tenant, action, outcome } = entryOfRow(row)
  const fixed = { sequence: row.sequence, version, at, tenant, action, outcome, seal, ...(redacts && { redacts }) }
  if (!sealed) return { ...fixed, isRedacted: true }
  const { principal, subject, salt } = sealed
  const reasons = JSON.parse(sealed.reasons) as readonly string[]
  const details = JSON.parse(sealed.details) as Readonly<Record<string, unknown>>
  return { ...fixed, isRedacted: false, principal, subject, reasons, details, salt }
}
