import type { Entry } from './entry.ts'
import type { Tile } from './tiles.ts'

/** An entry that was read, or what is wrong with it. `leaf` are the bytes that the tree covers. */
export type SourceEntry = {
  readonly sequence: number
  readonly leaf: Uint8Array | string
  readonly read: Entry | { readonly problem: string }
}

/** A log that may have been altered, wherever it lies. Reading it rejects only when the disk or the store fails. */
export type LogSource = {
  /** The newest checkpoint that it has. */
  readonly checkpoint: string | undefined
  /** The key that lies beside it, as text, which whoever altered the log could have replaced. */
  readonly logKey: string | undefined
  /** The right edge of its tree and the size of that, where they are kept. */
  readonly edge?: { readonly size: number; readonly peaks: string }
  /** In the order in which they stand. */
  entries(): AsyncGenerator<SourceEntry>
  /** The lowest level of which hashes are kept. */
  readonly tileLevelMin: number
  /** The hashes that are kept in a tile, and behind it if it is partial, one after another in hexadecimal. */
  tile(tile: Tile): Promise<string>
  close(): void
}
