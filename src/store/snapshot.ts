import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseSync } from 'node:sqlite'
import { readBlobs, type BlobReader } from './blobs.ts'
import { StoreError, storeErrorOf } from './error.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { queryOn, retryWhileBusy, type Query } from './sql.ts'

/** What a store had at one moment, for reading only: nothing is made, migrated or changed, and others may go on writing. */
export type Snapshot = {
  readonly query: Query
  readonly blobs: BlobReader
  /** What is wrong with the pages of the database and what its rows refer to; `quick` leaves out what takes long: indexes. */
  findDamage(depth?: 'quick' | 'whole'): readonly string[]
  close(): void
}

/** Opens the store in `dir` as it is now. Rejects with a `StoreError`, also when there is none or it is of another version. */
export async function openSnapshot(dir: string): Promise<Snapshot> {
  const path = join(dir, DATABASE_FILE)
  if (!existsSync(path)) throw new StoreError('io', `there is no store in ${dir}`)
  let db: DatabaseSync | undefined
  try {
    const opened = (db = await retryWhileBusy(() => openReader(path)))
    const taken = await retryWhileBusy(() => countMigrations(opened))
    if (taken > MIGRATIONS.length) throw new StoreError('newer', newerText(taken))
    if (taken < MIGRATIONS.length)
      throw new StoreError('older', 'the store was made by an earlier version: start a service on it once')
    return {
      query: queryOn(opened),
      blobs: readBlobs(join(dir, 'blobs')),
      findDamage: (depth = 'whole') => findDamage(opened, depth),
      close: () => opened.close(),
    }
  } catch (error) {
    db?.close()
    throw storeErrorOf(error)
  }
}

export const DATABASE_FILE = 'anrf.sqlite'

export const newerText = (taken: number): string =>
  `the store has ${taken} schema changes, this version knows ${MIGRATIONS.length}`

function findDamage(db: DatabaseSync, depth: 'quick' | 'whole'): string[] {
  try {
    const pages = db.prepare(depth === 'quick' ? 'pragma quick_check(100)' : 'pragma integrity_check(100)').all()
    const references = db.prepare('pragma foreign_key_check').all()
    return [
      ...pages.map((row) => String(Object.values(row)[0])).filter((verdict) => verdict !== 'ok'),
      ...references.map(
        ({ table, parent }) => `a row of ${String(table)} refers to a row of ${String(parent)} that is gone`,
      ),
    ]
  } catch (error) {
    throw storeErrorOf(error)
  }
}

/** A transaction that reads sees one moment as long as it lasts (https://www.sqlite.org/isolation.html). */
function openReader(path: string): DatabaseSync {
  const db = connectReader(path)
  try {
    db.exec('begin')
    countMigrations(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** On a disk that cannot be written SQLite can have no index of the write-ahead log: without a log it needs none. */
function connectReader(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  try {
    db.prepare('select count(*) from sqlite_schema').all()
    return db
  } catch (error) {
    db.close()
    const hasLog = existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0
    const { errcode } = error as { errcode?: number }
    if (hasLog || (errcode !== SQLITE_CANTOPEN && errcode !== SQLITE_READONLY_DIRECTORY)) throw error
    const url = pathToFileURL(path)
    url.searchParams.set('immutable', '1')
    return new DatabaseSync(url, { readOnly: true, timeout: 0 })
  }
}

const SQLITE_CANTOPEN = 14
const SQLITE_READONLY_DIRECTORY = 1544

function countMigrations(db: DatabaseSync): number {
  // SQLite takes an empty file for a database.
  if (!db.prepare("select 1 from sqlite_schema where name = 'migration'").get())
    throw new StoreError('corrupt', `${DATABASE_FILE} has no tables of a store`)
  return Number(db.prepare('select count(*) as n from migration').get()?.['n'])
}
