import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { copyStore, type CopyProgress } from '../store/index.ts'
import { checkStore, type StoreReport } from './check-store.ts'

/** Why there is no backup; nothing has its name. */
export class BackupError extends Error {}

type BackupOptions = { readonly onProgress?: (progress: CopyProgress) => void; readonly signal?: AbortSignal }

/**
 * Copies a store that may be in use to a folder that is empty or not there, and checks the copy. It has its name only when it
 * is whole. A service can be started on it. Rejects with a `BackupError` or a `StoreError`.
 */
export async function backupStore(dir: string, target: string, options: BackupOptions = {}): Promise<StoreReport> {
  if ((await filesIn(target)).length > 0) throw new BackupError(`${target} is there already, and is not empty`)
  const incoming = join(dirname(target), `.${basename(target)}.${randomUUID()}`)
  try {
    await mkdir(incoming, { recursive: true, mode: 0o700 })
    await copyStore(dir, incoming, options)
    const report = await checkStore(incoming, options.signal ? { signal: options.signal } : {})
    if (report.problems.length > 0) throw new BackupError(`the copy is damaged: ${report.problems[0]!.message}`)
    await rmdir(target).catch(() => undefined)
    await rename(incoming, target)
    return report
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new BackupError(code === 'ENOTDIR' ? `${folder} is a file` : `${folder} cannot be read: ${code}`)
  }
}
