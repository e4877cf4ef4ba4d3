import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreError, storeErrorOf } from './error.ts'

/** Content-addressed bytes. A digest is `sha256:` and 64 hexadecimal digits. */
export type Blobs = BlobReader & {
  /** Durable when the promise resolves; storing the same bytes again does nothing. */
  put(bytes: Uint8Array): Promise<string>
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
    if (await exists(path)) return digest
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

  return { put, ...readBlobs(dir) }
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
