import { hashNode, rootOf } from '../base/index.ts'

const HASH_BYTES = 32

/** A node of the tree that will never change: the one at `position` among those of its level over full halves. */
export type Node = { readonly level: number; readonly position: number; readonly hash: Buffer }

/**
 * The right edge of a Merkle tree (RFC 9162 section 2.1): the roots of its full subtrees, the largest first, one for each bit
 * of its size. With it a leaf is appended in O(log n) without the leaves before it.
 */
export class Frontier {
  #size: number
  readonly #peaks: Buffer[]

  private constructor(size: number, peaks: Buffer[]) {
    this.#size = size
    this.#peaks = peaks
  }

  static empty(): Frontier {
    return new Frontier(0, [])
  }

  /** From what `encode` gave; undefined when it is not of a tree of this size. */
  static decode(size: number, text: string): Frontier | undefined {
    const bytes = Buffer.from(text, 'hex')
    const count = bitsOf(size)
    if (bytes.length * 2 !== text.length || bytes.length !== count * HASH_BYTES) return undefined
    const peaks = Array.from({ length: count }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
    return new Frontier(size, peaks)
  }

  /** The peaks one after another, lower-case hex. */
  encode(): string {
    return Buffer.concat(this.#peaks).toString('hex')
  }

  get size(): number {
    return this.#size
  }

  /** Appends a leaf by its hash, and gives every node that is full by it, the leaf's own first. */
  append(leafHash: Buffer): readonly Node[] {
    let position = this.#size++
    const nodes: Node[] = [{ level: 0, position, hash: leafHash }]
    let hash = leafHash
    for (let level = 1; position % 2 === 1; level++) {
      hash = hashNode(this.#peaks.pop()!, hash)
      position = (position - 1) / 2
      nodes.push({ level, position, hash })
    }
    this.#peaks.push(hash)
    return nodes
  }

  /** The root of the whole tree. */
  root(): Buffer {
    const [last, ...before] = this.#peaks.toReversed()
    return last ? before.reduce((right, left) => hashNode(left, right), last) : rootOf([])
  }
}

/** The ones in the binary form of a whole number, which may have more than 32 bits. */
const bitsOf = (n: number): number => n.toString(2).replaceAll('0', '').length
