import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openBlobs, type Blobs } from './blobs.ts'
import { StoreError, storeErrorOf } from './error.ts'
import { MIGRATION_TABLE, MIGRATIONS } from './migrations/index.ts'
import { DATABASE_FILE, newerText } from './snapshot.ts'
import { watchSpace } from './space.ts'
import { createSqliteSql, retryWhileBusy, type CommitHooks, type Sql } from './sql.ts'
import { syncLog } from './sync-log.ts'

/** Everything that a service keeps: rows and blobs. Several processes may have one directory open. */
export type Store = {
  readonly sql: Sql
  readonly blobs: Blobs
  /** Leaves nothing on the disk of what was deleted, neither in the write-ahead log nor in free pages. Waits for readers. */
  compact(): Promise<void>
  /** Whether the disk has no room for what is written; looked up at most once a second. */
  isFull(): Promise<boolean>
  close(): void
}

/** Opens the store in `dir`, making it if it is not there: checks its integrity and brings its schema up to date. */
export async function openStore(dir: string, hooks: CommitHooks = {}): Promise<Store> {
  // The database has what programs read and wrote: for others of this machine it is not there.
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw storeErrorOf(error)
  })
  const path = join(dir, DATABASE_FILE)
  const blobsDir = join(dir, 'blobs')
  const opened: DatabaseSync[] = []
  try {
    const writer = await retryWhileBusy(() => connect(path, opened))
    await checkIntegrity(writer)
    // They are made when the database has its tables.
    await migrate(writer, existsSync(blobsDir))
    const reader = await retryWhileBusy(() => connect(path, opened))
    reader.exec('pragma query_only = on')
    const blobs = await openBlobs(blobsDir)
    const log = syncLog(path)
    const space = watchSpace(dir)
    const { query, tx } = createSqliteSql(writer, reader, log.sync, hooks)
    const sql: Sql = { query, tx: (work) => space.watch(tx(work)) }
    const compact = (): Promise<void> => retryWhileBusy(() => truncateLog(reader))
    const put = (bytes: Uint8Array): Promise<string> => space.watch(blobs.put(bytes))
    const { isFull } = space
    return { sql, blobs: { ...blobs, put }, compact, isFull, close: () => (closeAll(opened), log.close()) }
  } catch (error) {
    closeAll(opened)
    throw storeErrorOf(error)
  }
}

function connect(path: string, opened: DatabaseSync[]): DatabaseSync {
  // No busy handler of SQLite's: it would block the event loop (see retryWhileBusy).
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    // WAL survives a kill at any moment. NORMAL keeps the file whole in a power cut; that commits survive it too is seen to by `syncLog`,
    // which does not block the event loop as FULL does (https://www.sqlite.org/pragma.html#pragma_synchronous).
    db.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on; pragma foreign_keys = on; pragma trusted_schema = off',
    )
  } catch (error) {
    db.close()
    throw error
  }
  opened.push(db)
  return db
}

/** https://www.sqlite.org/pragma.html#pragma_wal_checkpoint: the first column says whether somebody was in the way. */
function truncateLog(db: DatabaseSync): void {
  const row = db.prepare('pragma wal_checkpoint(truncate)').get()
  if (row?.['busy'] !== 0) throw new StoreError('busy', 'another process reads the store')
}

async function checkIntegrity(db: DatabaseSync): Promise<void> {
  const [row] = await retryWhileBusy(() => db.prepare('pragma integrity_check(1)').all())
  const verdict = row?.['integrity_check']
  if (verdict !== 'ok') throw new StoreError('corrupt', `the database is damaged: ${String(verdict)}`)
}

/** `hadTables`: the folder was a store before. SQLite takes a file that was cut off, or is gone, for a new database. */
async function migrate(db: DatabaseSync, hadTables: boolean): Promise<void> {
  await retryWhileBusy(() => db.exec('begin immediate'))
  try {
    db.exec(MIGRATION_TABLE)
    const taken = Number(db.prepare('select count(*) as n from migration').get()?.['n'])
    if (taken === 0 && hadTables)
      throw new StoreError(
        'corrupt',
        `${DATABASE_FILE} is empty, and this was a store: take a backup, or an empty folder`,
      )
    if (taken > MIGRATIONS.length) throw new StoreError('newer', newerText(taken))
    for (const [i, { name, sql }] of MIGRATIONS.slice(taken).entries()) {
      for (const statement of sql) db.exec(statement)
      const record = db.prepare('insert into migration (number, name, applied_at) values (?, ?, ?)')
      record.run(taken + i + 1, name, new Date().toISOString())
    }
    db.exec('commit')
  } catch (error) {
    // Where the disk is full SQLite has done so already.
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}

function closeAll(opened: readonly DatabaseSync[]): void {
  for (const db of opened) if (db.isOpen) db.close()
}
