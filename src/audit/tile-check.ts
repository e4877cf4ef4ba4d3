import type { Node } from './frontier.ts'
import type { LogSource } from './source.ts'
import { isKept, TILE_LEVELS, TILE_WIDTH } from './tree.ts'

/** Compares the hashes that a source keeps in tiles with those that its entries give. */
export class TileCheck {
  readonly #source: LogSource
  readonly #tell: (message: string) => void
  /** Of each level: how many hashes its full tiles had, and those of the one that is not full yet. */
  readonly #levels: { index: number; hashes: string[] }[] = []

  constructor(source: LogSource, tell: (message: string) => void) {
    this.#source = source
    this.#tell = tell
  }

  async append(nodes: readonly Node[]): Promise<void> {
    for (const node of nodes) {
      if (node.level !== 0 && !isKept(node)) continue
      const level = node.level / TILE_LEVELS
      const tile = (this.#levels[level] ??= { index: 0, hashes: [] })
      tile.hashes.push(node.hash.toString('hex'))
      if (tile.hashes.length < TILE_WIDTH) continue
      await this.#compare(level, tile.index++, tile.hashes)
      tile.hashes = []
    }
  }

  /** Compares the tiles at the right edge, behind which and above which there are none. */
  async finish(): Promise<void> {
    this.#levels.push({ index: 0, hashes: [] })
    for (const [level, { index, hashes }] of this.#levels.entries()) await this.#compare(level, index, hashes)
  }

  async #compare(level: number, index: number, hashes: readonly string[]): Promise<void> {
    if (level < this.#source.tileLevelMin) return
    const kept = await this.#source.tile({ level, index, width: hashes.length })
    if (kept !== hashes.join('')) this.#tell(`tile ${index} of level ${level} is not that of the entries`)
  }
}
