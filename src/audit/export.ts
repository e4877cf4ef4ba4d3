import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashLeaf } from '../base/index.ts'
import { leafOf, type Sealed } from './entry.ts'
import { Frontier } from './frontier.ts'
import { encodeSealed } from './sealed-lines.ts'
import type { LogSource, SourceEntry } from './source.ts'
import { CHECKPOINT_FILE, LOG_KEY_FILE, sealedPath } from './source-folder.ts'
import { encodeBundle, ENTRIES_LEVEL, tilePath } from './tiles.ts'
import { isKept, TILE_LEVELS, TILE_WIDTH } from './tree.ts'

/** Why a log was not exported; nothing was written, or not all. */
export class ExportError extends Error {}

type ExportOptions = { readonly onProgress?: (entries: number) => void; readonly signal?: AbortSignal }

/**
 * Writes a log into an empty folder as static files in the layout of C2SP tlog-tiles: `checkpoint`, `tile/`, and beside them
 * `log-key` and `sealed/` with the parts that may be erased. The checkpoint is written last. The number of entries.
 * Rejects with an `ExportError` when the folder is not empty or an entry cannot be read.
 */
export async function exportLog(source: LogSource, dir: string, options: ExportOptions = {}): Promise<number> {
  await mkdir(dir, { recursive: true })
  if ((await readdir(dir)).length > 0) throw new ExportError('the folder is not empty')
  const writer = new TileWriter(dir)
  const edge = Frontier.empty()
  for await (const one of source.entries()) {
    options.signal?.throwIfAborted()
    const { leaf, sealed } = read(one)
    await writer.addEntry(one.sequence, leaf, sealed)
    for (const node of edge.append(hashLeaf(leaf)))
      if (node.level === 0 || isKept(node)) await writer.addHash(node.level / TILE_LEVELS, node.hash)
    options.onProgress?.(edge.size)
  }
  await writer.finish()
  if (source.logKey !== undefined) await writeFile(join(dir, LOG_KEY_FILE), `${source.logKey}\n`)
  await writeFile(join(dir, CHECKPOINT_FILE), source.checkpoint ?? '')
  return edge.size
}

function read({ sequence, read: entry }: SourceEntry): { leaf: string; sealed: Sealed | undefined } {
  if ('problem' in entry) throw new ExportError(`entry ${sequence}: ${entry.problem}`)
  return { leaf: leafOf(entry), sealed: entry.sealed }
}

/** Gathers a tile of each kind, and writes it when it is full. */
class TileWriter {
  readonly #dir: string
  readonly #hashes: { index: number; hashes: Buffer[] }[] = []
  #leaves: string[] = []
  #sealed = new Map<number, Sealed>()
  #index = 0

  constructor(dir: string) {
    this.#dir = dir
  }

  async addEntry(sequence: number, leaf: string, sealed: Sealed | undefined): Promise<void> {
    this.#leaves.push(leaf)
    if (sealed) this.#sealed.set(sequence, sealed)
    if (this.#leaves.length === TILE_WIDTH) await this.#flushEntries()
  }

  async addHash(level: number, hash: Buffer): Promise<void> {
    const tile = (this.#hashes[level] ??= { index: 0, hashes: [] })
    tile.hashes.push(hash)
    if (tile.hashes.length === TILE_WIDTH) await this.#flushHashes(level)
  }

  async finish(): Promise<void> {
    if (this.#leaves.length > 0) await this.#flushEntries()
    for (const [level, { hashes }] of this.#hashes.entries()) if (hashes.length > 0) await this.#flushHashes(level)
  }

  async #flushEntries(): Promise<void> {
    const index = this.#index++
    const width = this.#leaves.length
    await this.#write(tilePath({ level: ENTRIES_LEVEL, index, width }), encodeBundle(this.#leaves))
    if (this.#sealed.size > 0) await this.#write(sealedPath(index), encodeSealed(this.#sealed))
    this.#leaves = []
    this.#sealed = new Map()
  }

  async #flushHashes(level: number): Promise<void> {
    const tile = this.#hashes[level]!
    const path = tilePath({ level, index: tile.index++, width: tile.hashes.length })
    await this.#write(path, Buffer.concat(tile.hashes))
    tile.hashes = []
  }

  async #write(path: string, content: Buffer | string): Promise<void> {
    const full = join(this.#dir, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, content)
  }
}
