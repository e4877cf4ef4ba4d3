import { createHash, randomUUID } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreError, storeErrorOf } from './error.ts'

/** Content-addressed bytes. A digest is `sha256:` and 64 hexadecimal digits. */
export type Blobs = BlobReader & {
  /** Durable when the promise resolves. Storing the same bytes again mends them if they were changed on disk. */
  put(bytes: Uint8Array): Promise<string>
  /** Whether there is a blob, looked up at once, so that a transaction can ask. */
  has(digest: string): boolean
  /** Takes a blob away at once, so that a transaction can do it that sees nobody needs it; one put since `before` (ms since 1970) stays. */
  remove(digest: string, before: number): boolean
  /** Digests of blobs, at most `max` behind `after`, in order. */
  list(after: string, max: number): Promise<readonly string[]>
  /** Removes what writers left that were killed before `before` (ms since 1970); how many files. */
  removeUnfinished(before: number): Promise<number>
}

export type BlobReader = {
  /** The bytes, whose digest was checked, or undefined when there are none. */
  get(digest: string): Promise<Uint8Array | undefined>
}

const DIGEST = /^sha256:([0-9a-f]{2})([0-9a-f]{62})$/

export async function openBlobs(dir: string): Promise<Blobs> {
  const incoming = join(dir, 'incoming')
  await mkdir(incoming, { recursive: true }).catch(fail)

  async function put(bytes: Uint8Array): Promise<string> {
    const digest = digestOf(bytes)
    const path = pathOf(dir, digest)!
    if (await isWhole(path, digest)) {
      // Whoever wrote it may have been killed before its name was durable.
      await syncDirectory(dirname(path)).catch(fail)
      return digest
    }
    const temporary = join(incoming, randomUUID())
    try {
      const made = await mkdir(dirname(path), { recursive: true })
      await writeDurably(temporary, bytes)
      await rename(temporary, path)
      // The name is durable only when its directory is; a directory just made must be so in its own.
      await syncDirectory(dirname(path))
      if (made !== undefined) await syncDirectory(dir)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined)
      throw storeErrorOf(error)
    }
    return digest
  }

  return { put, ...readBlobs(dir), ...sweepableBlobs(dir, incoming) }
}

function sweepableBlobs(dir: string, incoming: string): Omit<Blobs, 'put' | 'get'> {
  const has = (digest: string): boolean => existsSync(pathOf(dir, digest) ?? join(dir, 'no digest'))

  function remove(digest: string, before: number): boolean {
    const path = pathOf(dir, digest)
    try {
      if (!path || statSync(path).mtimeMs >= before) return false
      rmSync(path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw storeErrorOf(error)
    }
  }

  async function list(after: string, max: number): Promise<readonly string[]> {
    const found: string[] = []
    const folders = (await readdir(dir).catch(fail)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()
    for (const folder of folders) {
      if (`sha256:${folder}~` <= after) continue
      for (const file of (await readdir(join(dir, folder)).catch(fail)).sort()) {
        const digest = `sha256:${folder}${file}`
        if (DIGEST.test(digest) && digest > after) found.push(digest)
        if (found.length >= max) return found
      }
    }
    return found
  }

  async function removeUnfinished(before: number): Promise<number> {
    let removed = 0
    for (const name of await readdir(incoming).catch(fail)) {
      const path = join(incoming, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
      if (mtimeMs >= before) continue
      await rm(path, { force: true }).catch(fail)
      removed++
    }
    return removed
  }

  return { has, remove, list, removeUnfinished }
}

async function isWhole(path: string, digest: string): Promise<boolean> {
  return (await exists(path)) && digestOf(await readFile(path).catch(fail)) === digest
}

/** The blobs that are there, without making anything. */
export function readBlobs(dir: string): BlobReader {
  async function get(digest: string): Promise<Uint8Array | undefined> {
    const path = pathOf(dir, digest)
    if (!path || !(await exists(path))) return undefined
    const bytes = await readFile(path).catch(fail)
    if (digestOf(bytes) !== digest) throw new StoreError('corrupt', `blob ${digest} was changed on disk`)
    return bytes
  }
  return { get }
}

function pathOf(dir: string, digest: string): string | undefined {
  const [, first, rest] = DIGEST.exec(digest) ?? []
  return first && rest ? join(dir, first, rest) : undefined
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? false : fail(error)),
  )
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; NTFS journals names by itself.
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  await directory.sync().finally(() => directory.close())
}

function fail(error: unknown): never {
  throw storeErrorOf(error)
}
