import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { trustedKeyOf } from '../document/index.ts'
import { KEY_FILES, openSnapshot, type Query, type Row, type Snapshot } from '../store/index.ts'
import { entryOfRow, leafOf, type EntryRow } from './entry.ts'
import { checkForm } from './form.ts'
import { logKeyText } from './log-key.ts'
import type { LogSource, SourceEntry } from './source.ts'
import { TILE_WIDTH } from './tree.ts'

type HeadRow = Row & { readonly size: number; readonly peaks: string; readonly checkpoint: string }

/** The log of the store in a folder, at one moment. Rejects with a `StoreError`. */
export async function openStoreSource(dir: string): Promise<LogSource> {
  const snapshot = await openSnapshot(dir)
  const source = await sourceOf(snapshot, await readLogKey(dir))
  return { ...source, close: snapshot.close }
}

async function sourceOf({ query }: Pick<Snapshot, 'query'>, logKey: string | undefined): Promise<LogSource> {
  const [head] = await query<HeadRow>('select size, peaks, checkpoint from audit_head where id = 0')
  return {
    checkpoint: head?.checkpoint,
    logKey,
    ...(head && { edge: { size: head.size, peaks: head.peaks } }),
    entries: () => entriesOf(query),
    tileLevelMin: 1,
    tile: ({ level, index, width }) => readNodes(query, level, index, width === TILE_WIDTH),
    close: () => undefined,
  }
}

const PAGE = 1000

async function* entriesOf(query: Query): AsyncGenerator<SourceEntry> {
  for (let after = Number.MIN_SAFE_INTEGER, isMore = true; isMore;) {
    const rows = await query<EntryRow>('select * from audit_entry where sequence > ? order by sequence limit ?', [
      after,
      PAGE,
    ])
    for (const row of rows) yield readRow(row)
    after = rows.at(-1)?.sequence ?? after
    isMore = rows.length === PAGE
  }
}

function readRow(row: EntryRow): SourceEntry {
  const { sequence } = row
  try {
    const entry = entryOfRow(row)
    const leaf = leafOf(entry)
    const parts = [row.salt, row.principal, row.subject, row.reasons, row.details]
    const isHalf = !entry.sealed && parts.some((part) => part !== null)
    const problem = isHalf ? 'parts of what was sealed are missing' : checkForm(entry)
    return { sequence, leaf, read: problem === undefined ? entry : { problem } }
  } catch {
    return { sequence, leaf: '', read: { problem: 'it is malformed' } }
  }
}

async function readNodes(query: Query, level: number, index: number, isFull: boolean): Promise<string> {
  const end = isFull ? (index + 1) * TILE_WIDTH : Number.MAX_SAFE_INTEGER
  const rows = await query<{ position: number; hash: string }>(
    'select position, hash from audit_node where level = ? and position >= ? and position < ? order by position',
    [level, index * TILE_WIDTH, end],
  )
  const areInPlace = rows.every(({ position }, i) => position === index * TILE_WIDTH + i)
  return areInPlace ? rows.map(({ hash }) => hash).join('') : 'nodes out of place'
}

/** The public half of the key in the folder, as text; undefined when there is none. */
async function readLogKey(dir: string): Promise<string | undefined> {
  const pem = await readFile(join(dir, KEY_FILES.audit), 'utf8').catch(() => undefined)
  const key = pem === undefined ? undefined : trustedKeyOf(pem)
  return key && logKeyText(key)
}
