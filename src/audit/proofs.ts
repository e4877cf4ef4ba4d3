import { largestPowerBelow } from '../base/index.ts'
import type { Query } from '../store/index.ts'
import { TreeReader } from './hashes.ts'

/** The proof that the entry of a sequence is in the first `size` entries: PATH of RFC 9162 section 2.1.3.1. `sequence < size`. */
export function proveInclusion(query: Query, sequence: number, size: number): Promise<readonly Buffer[]> {
  const tree = new TreeReader(query, size)
  const path = async (start: number, end: number): Promise<Buffer[]> => {
    if (end - start === 1) return []
    const split = start + largestPowerBelow(end - start)
    return sequence < split
      ? [...(await path(start, split)), await tree.range(split, end)]
      : [...(await path(split, end)), await tree.range(start, split)]
  }
  return path(0, size)
}

/**
 * The proof that the first `before` entries are the beginning of the first `size`: PROOF of RFC 9162 section 2.1.4.1.
 * `0 < before <= size`; empty when they are equal.
 */
export function proveConsistency(query: Query, before: number, size: number): Promise<readonly Buffer[]> {
  const tree = new TreeReader(query, size)
  const proof = async (start: number, end: number, isKnown: boolean): Promise<Buffer[]> => {
    if (before === end) return isKnown ? [] : [await tree.range(start, end)]
    const split = start + largestPowerBelow(end - start)
    return before <= split
      ? [...(await proof(start, split, isKnown)), await tree.range(split, end)]
      : [...(await proof(split, end, false)), await tree.range(start, split)]
  }
  return proof(0, size, true)
}
