import { copyFile, mkdir, open } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { blobDigests } from './blob-columns.ts'
import { openBlobs, readBlobs } from './blobs.ts'
import { StoreError, storeErrorOf } from './error.ts'
import { KEY_FILES } from './key-file.ts'
import { DATABASE_FILE, openSnapshot } from './snapshot.ts'

/** How far a copy is. */
export type CopyProgress = { readonly part: 'database' | 'blobs'; readonly done: number; readonly of: number }

type CopyOptions = { readonly onProgress?: (progress: CopyProgress) => void; readonly signal?: AbortSignal }

/** Pages that are copied before progress is told. */
const PAGES = 1000
const BLOBS_TOLD = 50

/**
 * Copies a store that may be in use, as it is at one moment, into a folder: first the database, then every blob that the copy of
 * the database names, then the keys. Blobs are never changed, so that they may be copied later. All is durable when the promise
 * resolves. Rejects with a `StoreError`, or the reason of `signal`.
 */
export async function copyStore(dir: string, target: string, options: CopyOptions = {}): Promise<void> {
  try {
    await mkdir(target, { recursive: true })
    await copyDatabase(dir, target, options)
    await copyBlobs(dir, target, options)
    for (const name of Object.values(KEY_FILES))
      if (existsSync(join(dir, name))) await copyKey(join(dir, name), join(target, name))
    await syncPath(target, 'r')
  } catch (error) {
    throw options.signal?.aborted ? options.signal.reason : storeErrorOf(error)
  }
}

async function copyDatabase(dir: string, target: string, { onProgress, signal }: CopyOptions): Promise<void> {
  if (!existsSync(join(dir, DATABASE_FILE))) throw new StoreError('io', `there is no store in ${dir}`)
  const source = new DatabaseSync(join(dir, DATABASE_FILE), { readOnly: true, timeout: 5000 })
  try {
    // A transaction that reads holds the moment: without it, the copy would begin again whenever somebody writes
    // (https://www.sqlite.org/c3ref/backup_finish.html).
    source.exec('begin')
    source.prepare('select count(*) from migration').all()
    const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }): void => {
      signal?.throwIfAborted()
      onProgress?.({ part: 'database', done: totalPages - remainingPages, of: totalPages })
    }
    await backup(source, join(target, DATABASE_FILE), { rate: PAGES, progress })
  } finally {
    source.close()
  }
  await syncPath(join(target, DATABASE_FILE), 'r+')
}

async function copyBlobs(dir: string, target: string, { onProgress, signal }: CopyOptions): Promise<void> {
  const snapshot = await openSnapshot(target)
  try {
    const digests = await blobDigests(snapshot.query)
    const [from, to] = [readBlobs(join(dir, 'blobs')), await openBlobs(join(target, 'blobs'))]
    for (const [i, digest] of digests.entries()) {
      signal?.throwIfAborted()
      // Reading checks the digest.
      const bytes = await from.get(digest)
      if (!bytes) throw new StoreError('corrupt', `blob ${digest} is missing`)
      await to.put(bytes)
      if (i % BLOBS_TOLD === 0 || i === digests.length - 1)
        onProgress?.({ part: 'blobs', done: i + 1, of: digests.length })
    }
  } finally {
    snapshot.close()
  }
}

/** With its permissions: readable for its owner only. */
async function copyKey(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await syncPath(to, 'r')
}

async function syncPath(path: string, flags: string): Promise<void> {
  // Windows opens no directories, and syncs no files that are open for reading.
  if (process.platform === 'win32') return
  const file = await open(path, flags)
  await file.sync().finally(() => file.close())
}
