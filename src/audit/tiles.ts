import { TILE_WIDTH } from './tree.ts'

/** Where C2SP tlog-tiles has things below the prefix of a log. */

/** A tile: `level` 0 has the hashes of leaves, -1 the entries themselves. `width` is less than 256 for one at the right edge. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number }

export const ENTRIES_LEVEL = -1

/** `tile/0/x001/234.p/7`: three digits at a time, all but the last with an `x`. */
export function tilePath({ level, index, width }: Tile): string {
  const name = level === ENTRIES_LEVEL ? 'entries' : String(level)
  return `tile/${name}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

export function indexPath(index: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/')
}

/** Reads what `tilePath` gives; undefined for any other text. */
export function parseTilePath(path: string): Tile | undefined {
  const [, name, indexText, widthText] = TILE_PATH.exec(path) ?? []
  if (name === undefined || indexText === undefined) return undefined
  const level = name === 'entries' ? ENTRIES_LEVEL : Number(name)
  const tile = { level, index: Number(indexText.replaceAll(/[x/]/g, '')), width: Number(widthText ?? TILE_WIDTH) }
  return tile.width > 0 && tilePath(tile) === path ? tile : undefined
}

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/

/** The tiles of one level over `count` things of it, the last of which may be partial. */
export function* tilesOf(level: number, count: number): Generator<Tile> {
  for (let index = 0; index * TILE_WIDTH < count; index++)
    yield { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) }
}

/** Entries one after another, each behind its length in two bytes, big-endian. */
export function encodeBundle(leaves: readonly string[]): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const bytes = Buffer.from(leaf)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** The entries of a bundle; undefined when the bytes are no bundle. */
export function decodeBundle(bytes: Buffer): readonly Buffer[] | undefined {
  const entries: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 <= bytes.length ? at + 2 + bytes.readUInt16BE(at) : Infinity
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}
