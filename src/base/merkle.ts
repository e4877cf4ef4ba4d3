import { createHash } from 'node:crypto'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/**
 * The root of the Merkle tree over a list of leaves, as lower-case hex: MTH of RFC 9162 section 2.1.1 with SHA-256. The
 * prefixes keep a leaf from being taken for a node. The root of no leaves is the hash of nothing.
 */
export function merkleRoot(leaves: readonly (Uint8Array | string)[]): string {
  return subtree(leaves, 0, leaves.length).toString('hex')
}

function subtree(leaves: readonly (Uint8Array | string)[], from: number, to: number): Buffer {
  const size = to - from
  if (size === 0) return createHash('sha256').digest()
  if (size === 1) return createHash('sha256').update(LEAF).update(leaves[from]!).digest()
  const split = from + largestPowerBelow(size)
  const [left, right] = [subtree(leaves, from, split), subtree(leaves, split, to)]
  return createHash('sha256').update(NODE).update(left).update(right).digest()
}

/** The greatest power of two that is less than `n`, which is at least 2. */
function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1))
}
