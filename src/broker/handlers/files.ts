import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, open, opendir, rename, unlink, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FilesGrant } from '../../effects/index.ts'
import { decodeBase64, decodeText } from '../bytes.ts'
import { requireGrant, type CallContext, type Json } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import { APPEND, CREATE, fileFailureOf, inFolder, READ, type Folder } from '../files/folder.ts'
import { isUnfinished, parsePath, unfinishedName } from '../files/path.ts'
import type { IoMeter } from '../meter.ts'
import type { Handlers } from './handler.ts'

const FILE_BYTES_MAX = 64 * 2 ** 20
const CHUNK_BYTES_MIN = 4096
const CHUNK_BYTES_MAX = 256 * 2 ** 10
const ENTRIES_MAX = 10_000

export const FILES: Handlers['files'] = {
  async read({ path, base64 }, context) {
    const bytes = await onFile(path, 'read', context, (folder, name) =>
      withFile(folder.at(name), READ, path, (file, { size }) => readAll(file, size, context.meter)),
    )
    return base64 ? bytes.toString('base64') : textOf(bytes, path)
  },
  async write({ path, text, base64 }, context) {
    const bytes = base64 ? decodeBase64(text, 'files: the text') : Buffer.from(text)
    await onFile(path, 'write', context, (folder, name) => replaceFile(folder, name, bytes))
    return null
  },
  async append({ path, text }, context) {
    await onFile(path, 'write', context, (folder, name) =>
      withFile(folder.at(name), APPEND, path, async (file, { nlink }) => {
        if (nlink > 1) throw severalNames(path)
        await file.writeFile(text)
        await file.sync()
      }),
    )
    return null
  },
  async list({ path }, context) {
    return onFolder(path, context, (folder) => listEntries(folder, path))
  },
  async stat({ path }, context) {
    if (parsePath(path).parts.length === 0) return onFolder(path, context, async () => ({ kind: 'folder', size: 0 }))
    return onFile(path, 'read', context, async (folder, name) => describe(await lstat(folder.at(name))))
  },
  async remove({ path }, context) {
    await onFile(path, 'write', context, async (folder, name) => {
      await unlink(folder.at(name))
      await folder.sync()
    })
    return null
  },
}

/** Does the work in the folder of a file, by the name of the file in it. */
async function onFile<T>(
  path: string,
  access: 'read' | 'write',
  context: CallContext,
  work: (folder: Folder, name: string) => Promise<T>,
): Promise<T> {
  const { name, parts } = parsePath(path)
  const root = rootOf(name, access, context)
  const last = parts.at(-1)
  if (last === undefined) throw new EffectFailure('conflict', `files: ${JSON.stringify(path)}: it is a folder`)
  // Where a file may be written, the folders on the way are made.
  return inFolder(root, parts.slice(0, -1), access === 'write', (folder) => work(folder, last)).catch(
    (error: unknown) => {
      throw fileFailureOf(error, path)
    },
  )
}

async function onFolder<T>(path: string, context: CallContext, work: (folder: Folder) => Promise<T>): Promise<T> {
  const { name, parts } = parsePath(path)
  return inFolder(rootOf(name, 'read', context), parts, false, work).catch((error: unknown) => {
    throw fileFailureOf(error, path)
  })
}

function rootOf(name: string, access: 'read' | 'write', context: CallContext): string {
  const grant = requireGrant(context, { kind: 'files', access, name }) as FilesGrant
  return resolve(context.host.root ?? '.', grant.folder)
}

/** Opens what must be a plain file: devices and pipes are none. */
async function withFile<T>(
  at: string,
  flags: number,
  path: string,
  work: (file: FileHandle, found: Stats) => Promise<T>,
): Promise<T> {
  const file = await open(at, flags)
  try {
    const found = await file.stat()
    if (!found.isFile()) throw new EffectFailure('conflict', `files: ${JSON.stringify(path)}: it is no file`)
    return await work(file, found)
  } finally {
    await file.close()
  }
}

/**
 * The file may be one outside of the folder under another name (link(2)), and the descriptor does not say which. Replacing is another
 * thing: it gives the name to a new file, and leaves the old one as it is.
 */
const severalNames = (path: string): EffectFailure =>
  new EffectFailure(
    'conflict',
    `files: ${JSON.stringify(path)}: the file has several names (hard links), and may lie outside of the folder too: write it as a whole, which leaves the others as they are`,
  )

/** Reads to the end, wherever that is by then: the size may change under our hands. */
async function readAll(file: FileHandle, sizeBytes: number, meter: IoMeter): Promise<Buffer> {
  const chunks: Buffer[] = []
  const chunkBytes = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, sizeBytes))
  for (let total = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null)
    if (bytesRead === 0) return Buffer.concat(chunks)
    total += bytesRead
    meter.takeIn(bytesRead)
    if (total > FILE_BYTES_MAX)
      throw new EffectFailure('too-large', `files: a file has at most ${FILE_BYTES_MAX} bytes`)
    chunks.push(buffer.subarray(0, bytesRead))
  }
}

function textOf(bytes: Buffer, path: string): string {
  const text = decodeText(bytes)
  if (text === undefined)
    throw new EffectFailure('encoding', `files: ${JSON.stringify(path)} is not UTF-8 text; read it as base64`)
  return text
}

/** All or nothing: the new content is durable under another name before it takes the place of the old (rename(2)). */
async function replaceFile(folder: Folder, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = folder.at(unfinishedName(randomUUID()))
  const old = await lstat(folder.at(name)).catch(() => undefined)
  const file = await open(unfinished, CREATE, 0o666)
  try {
    try {
      await file.writeFile(bytes)
      if (old?.isFile()) await file.chmod(old.mode & 0o777)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, folder.at(name))
  } catch (error) {
    await unlink(unfinished).catch(() => undefined)
    throw error
  }
  await folder.sync()
}

async function listEntries(folder: Folder, path: string): Promise<Json> {
  const entries: { name: string; kind: string; size: number }[] = []
  for await (const { name } of await opendir(folder.at('.'))) {
    if (isUnfinished(name)) continue
    // What was removed meanwhile is not there.
    const found = await lstat(folder.at(name)).catch(() => undefined)
    if (found) entries.push({ name, ...describe(found) })
    if (entries.length > ENTRIES_MAX)
      throw new EffectFailure('too-large', `files: ${JSON.stringify(path)} has more than ${ENTRIES_MAX} entries`)
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function describe(found: Stats): { kind: string; size: number } {
  if (found.isFile()) return { kind: 'file', size: found.size }
  return { kind: found.isDirectory() ? 'folder' : 'other', size: 0 }
}
