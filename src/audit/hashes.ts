import { hashLeaf, hashNode, largestPowerBelow, rootOf } from '../base/index.ts'
import { StoreError, type Query } from '../store/index.ts'
import { entryOfRow, leafOf, type EntryRow } from './entry.ts'
import { ENTRIES_LEVEL, encodeBundle, type Tile } from './tiles.ts'
import { TILE_LEVELS, TILE_WIDTH } from './tree.ts'

/** How many things of its level a tile could have at a size of the log. */
export const widthAt = ({ level, index }: Pick<Tile, 'level' | 'index'>, size: number): number =>
  Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** Math.max(0, level)) - index * TILE_WIDTH)

/** The bytes of a tile that the log has (C2SP tlog-tiles). */
export async function readTileBytes(query: Query, tile: Tile): Promise<Buffer> {
  if (tile.level === ENTRIES_LEVEL) return encodeBundle(await readLeaves(query, tile))
  return Buffer.concat(await readHashes(query, tile))
}

/** The leaf of an entry of the log. */
export async function readLeaf(query: Query, sequence: number): Promise<string | undefined> {
  const [row] = await query<EntryRow>('select * from audit_entry where sequence = ?', [sequence])
  return row && leafOf(entryOfRow(row))
}

async function readLeaves(query: Query, { index, width }: Tile): Promise<string[]> {
  const first = index * TILE_WIDTH
  const rows = await query<EntryRow>(
    'select * from audit_entry where sequence >= ? and sequence < ? order by sequence',
    [first, first + width],
  )
  return whole(
    rows.map((row) => leafOf(entryOfRow(row))),
    width,
  )
}

async function readHashes(query: Query, tile: Tile): Promise<Buffer[]> {
  if (tile.level === 0) return (await readLeaves(query, tile)).map(hashLeaf)
  const first = tile.index * TILE_WIDTH
  const rows = await query<{ hash: string }>(
    'select hash from audit_node where level = ? and position >= ? and position < ? order by position',
    [tile.level, first, first + tile.width],
  )
  return whole(
    rows.map(({ hash }) => Buffer.from(hash, 'hex')),
    tile.width,
  )
}

function whole<T>(list: T[], length: number): T[] {
  if (list.length !== length) throw new StoreError('corrupt', 'entries of the audit log are gone')
  return list
}

/** The tree of a log at one size, read tile by tile as its nodes are asked for. */
export class TreeReader {
  readonly #query: Query
  readonly #size: number
  readonly #tiles = new Map<string, Promise<Buffer[]>>()

  constructor(query: Query, size: number) {
    this.#query = query
    this.#size = size
  }

  /** MTH(D[start:end]) of RFC 9162 section 2.1.1, for a range that is a subtree. */
  async range(start: number, end: number): Promise<Buffer> {
    const count = end - start
    if (Number.isInteger(Math.log2(count))) return this.#node(Math.log2(count), start / count)
    const split = start + largestPowerBelow(count)
    return hashNode(await this.range(start, split), await this.range(split, end))
  }

  /** The root over the hashes of a tile that lie below a full node. */
  async #node(level: number, position: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / TILE_LEVELS)
    const count = 2 ** (level % TILE_LEVELS)
    const first = position * count
    const hashes = await this.#tile(tileLevel, Math.floor(first / TILE_WIDTH))
    const at = first % TILE_WIDTH
    return rootOf(hashes.slice(at, at + count))
  }

  #tile(level: number, index: number): Promise<Buffer[]> {
    const key = `${level}/${index}`
    const known = this.#tiles.get(key)
    const read = known ?? readHashes(this.#query, { level, index, width: widthAt({ level, index }, this.#size) })
    this.#tiles.set(key, read)
    return read
  }
}
