import { hash } from 'node:crypto'

/** Keep a leaf from being taken for a node: RFC 9162 section 2.1.1. */
const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

/** The hash of a leaf, 32 bytes: SHA-256 of a zero and its bytes. */
export function hashLeaf(leaf: Uint8Array | string): Buffer {
  return hash('sha256', Buffer.concat([LEAF, typeof leaf === 'string' ? Buffer.from(leaf) : leaf]), 'buffer')
}

/** The hash of a node of the tree over the hashes of its halves. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer')
}

/**
 * The root of the Merkle tree over a list of leaves, as lower-case hex: MTH of RFC 9162 section 2.1.1 with SHA-256. The root of
 * no leaves is the hash of nothing.
 */
export function merkleRoot(leaves: readonly (Uint8Array | string)[]): string {
  return rootOf(leaves.map(hashLeaf)).toString('hex')
}

/** The root over the hashes of leaves, or of the nodes of one level that are full. */
export function rootOf(hashes: readonly Uint8Array[]): Buffer {
  return hashes.length === 0 ? hash('sha256', '', 'buffer') : subtree(hashes, 0, hashes.length)
}

function subtree(hashes: readonly Uint8Array[], from: number, to: number): Buffer {
  const size = to - from
  if (size === 1) return Buffer.from(hashes[from]!)
  const split = from + largestPowerBelow(size)
  return hashNode(subtree(hashes, from, split), subtree(hashes, split, to))
}

/** The greatest power of two that is less than `n`, which is at least 2. */
export function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1))
}
