import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { leafOf, type Entry, type Sealed } from './entry.ts'
import { checkForm } from './form.ts'
import { decodeSealed } from './sealed-lines.ts'
import type { LogSource, SourceEntry } from './source.ts'
import { decodeBundle, ENTRIES_LEVEL, indexPath, tilePath, type Tile } from './tiles.ts'
import { TILE_WIDTH } from './tree.ts'

/** What lies in an exported log beside its tiles. */
export const CHECKPOINT_FILE = 'checkpoint'
export const LOG_KEY_FILE = 'log-key'
const TILES_FOLDER = 'tile'
export const sealedPath = (index: number): string => `sealed/${indexPath(index)}`

/** A log in the layout of C2SP tlog-tiles, as `anrf audit export` writes it. Rejects when the folder cannot be read. */
export async function openFolderSource(dir: string): Promise<LogSource> {
  return {
    checkpoint: (await readIfThere(join(dir, CHECKPOINT_FILE)))?.toString(),
    logKey: (await readIfThere(join(dir, LOG_KEY_FILE)))?.toString(),
    entries: () => entriesOf(dir),
    tileLevelMin: 0,
    tile: (tile) => readTile(dir, tile),
    close: () => undefined,
  }
}

/** Whether a folder has an exported log, rather than a store; one whose checkpoint is gone is one too. */
export async function isLogFolder(dir: string): Promise<boolean> {
  if ((await readIfThere(join(dir, CHECKPOINT_FILE))) !== undefined) return true
  return (await stat(join(dir, TILES_FOLDER)).catch(() => undefined))?.isDirectory() ?? false
}

async function* entriesOf(dir: string): AsyncGenerator<SourceEntry> {
  for (let index = 0; ; index++) {
    const bytes = await readBundle(dir, index)
    if (!bytes) return
    yield* readEntries(dir, index, bytes)
    if (bytes.isPartial) return
  }
}

async function* readEntries(dir: string, index: number, { bytes }: Bundle): AsyncGenerator<SourceEntry> {
  const first = index * TILE_WIDTH
  const leaves = decodeBundle(bytes) ?? [bytes]
  const sealed = decodeSealed(await readText(join(dir, sealedPath(index))), first, first + leaves.length)
  for (const [i, leaf] of leaves.entries()) {
    const read = sealed
      ? readLeaf(leaf, sealed.get(first + i))
      : { problem: 'the file of what was sealed is malformed' }
    yield { sequence: first + i, leaf, read }
  }
}

/** Strict: only the bytes that `leafOf` gives. */
function readLeaf(leaf: Buffer, sealed: Sealed | undefined): SourceEntry['read'] {
  try {
    const { redacts, ...members } = JSON.parse(leaf.toString()) as Omit<Entry, 'sealed'>
    const entry: Entry = { ...members, redacts, sealed }
    if (!Buffer.from(leafOf(entry)).equals(leaf)) return { problem: 'its leaf is malformed' }
    const problem = checkForm(entry)
    return problem === undefined ? entry : { problem }
  } catch {
    return { problem: 'its leaf is malformed' }
  }
}

type Bundle = { readonly bytes: Buffer; readonly isPartial: boolean }

/** The full bundle, or the longest partial one; undefined when there is none. */
async function readBundle(dir: string, index: number): Promise<Bundle | undefined> {
  const tile: Tile = { level: ENTRIES_LEVEL, index, width: TILE_WIDTH }
  const full = await readIfThere(join(dir, tilePath(tile)))
  if (full) return { bytes: full, isPartial: false }
  const widths = (await readdir(join(dir, `${tilePath(tile)}.p`)).catch(() => [])).map(Number)
  const width = Math.max(0, ...widths.filter((n) => Number.isInteger(n) && n < TILE_WIDTH))
  const bytes = width === 0 ? undefined : await readIfThere(join(dir, tilePath({ ...tile, width })))
  return bytes && { bytes, isPartial: true }
}

/** A tile without hashes has no file. */
async function readTile(dir: string, tile: Tile): Promise<string> {
  const path = tilePath(tile.width === 0 ? { ...tile, width: TILE_WIDTH } : tile)
  return (await readIfThere(join(dir, path)))?.toString('hex') ?? ''
}

const readText = async (path: string): Promise<string> => (await readIfThere(path))?.toString() ?? ''

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
