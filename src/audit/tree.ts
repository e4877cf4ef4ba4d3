import { hashLeaf } from '../base/index.ts'
import { StoreError, type Query, type Row } from '../store/index.ts'
import { signCheckpoint } from './checkpoint.ts'
import { entryOfRow, leafOf, type EntryRow } from './entry.ts'
import { Frontier, type Node } from './frontier.ts'
import type { NoteSigner } from './note.ts'

/** Levels of the binary tree in one tile, and the hashes of a full tile (C2SP tlog-tiles). */
export const TILE_LEVELS = 8
export const TILE_WIDTH = 256

/** What the log says of itself: how much a checkpoint covers, and the checkpoint. */
export type Head = { readonly frontier: Frontier; readonly checkpoint: string | undefined }

type HeadRow = Row & { readonly size: number; readonly peaks: string; readonly checkpoint: string }

/** Throws a `StoreError` when the stored frontier is of no tree of its size. */
export async function readHead(query: Query): Promise<Head> {
  const [row] = await query<HeadRow>('select size, peaks, checkpoint from audit_head where id = 0')
  if (!row) return { frontier: Frontier.empty(), checkpoint: undefined }
  const frontier = Frontier.decode(row.size, row.peaks)
  if (!frontier) throw new StoreError('corrupt', 'the head of the audit log was changed')
  return { frontier, checkpoint: row.checkpoint }
}

/**
 * Puts the entries that no checkpoint covers yet under a new one: the work of a commit, in its transaction, for all that it
 * commits together. Head and entries are read from the store, which other processes write too. Gives the entries.
 */
export async function coverEntries(query: Query, signer: NoteSigner): Promise<readonly EntryRow[]> {
  const { frontier } = await readHead(query)
  const rows = await query<EntryRow>(UNCOVERED, [frontier.size])
  if (rows.length === 0) return rows
  for (const row of rows) {
    if (row.sequence !== frontier.size)
      throw new StoreError('corrupt', `entry ${frontier.size} of the audit log is gone`)
    for (const node of frontier.append(hashLeaf(leafOf(entryOfRow(row)))))
      if (isKept(node)) await insertNode(query, node)
  }
  const checkpoint = signCheckpoint(frontier.size, frontier.root(), signer)
  await query(UPSERT_HEAD, [frontier.size, frontier.encode(), checkpoint])
  return rows
}

/** Nodes that are the hashes of higher tiles; those of the lowest are made from the entries. */
export const isKept = ({ level }: Node): boolean => level > 0 && level % TILE_LEVELS === 0

async function insertNode(query: Query, { level, position, hash }: Node): Promise<void> {
  await query('insert into audit_node (level, position, hash) values (?, ?, ?)', [
    level / TILE_LEVELS,
    position,
    hash.toString('hex'),
  ])
}

const UNCOVERED = 'select * from audit_entry where sequence >= ? order by sequence'
const UPSERT_HEAD = `insert into audit_head (id, size, peaks, checkpoint) values (0, ?, ?, ?)
  on conflict (id) do update set size = excluded.size, peaks = excluded.peaks, checkpoint = excluded.checkpoint`
