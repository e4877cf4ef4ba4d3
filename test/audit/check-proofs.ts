// Checks proofs as RFC 9162 tells verifiers to, by its iterative algorithms, which share nothing with how proofs are made.
import { hashNode } from '../../src/base/index.ts'

/** Section 2.1.3.2. */
export function isIncluded(
  leaf: Buffer,
  { sequence, size, hashes, root }: { sequence: number; size: number; hashes: readonly Buffer[]; root: Buffer },
): boolean {
  let [fn, sn, r] = [sequence, size - 1, leaf]
  for (const p of hashes) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = hashNode(p, r)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else r = hashNode(r, p)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && r.equals(root)
}

/** Section 2.1.4.2. */
export function isConsistent(
  from: { size: number; root: Buffer },
  to: { size: number; root: Buffer },
  hashes: readonly Buffer[],
): boolean {
  if (from.size === to.size) return hashes.length === 0 && from.root.equals(to.root)
  const path = Number.isInteger(Math.log2(from.size)) ? [from.root, ...hashes] : [...hashes]
  let [fn, sn] = [from.size - 1, to.size - 1]
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)]
  const first = path.shift()
  if (!first) return false
  let [fr, sr] = [first, first]
  for (const c of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      ;[fr, sr] = [hashNode(c, fr), hashNode(c, sr)]
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else sr = hashNode(sr, c)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && fr.equals(from.root) && sr.equals(to.root)
}
