/** A source of random choices that one number repeats (mulberry32 by Tommy Ettinger, public domain). */
export type Random = {
  /** An integer from 0 to `below - 1`. */
  readonly int: (below: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** True once in `times`. */
  readonly oneIn: (times: number) => boolean
}

export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { int, pick: (items) => items[int(items.length)]!, oneIn: (times) => int(times) === 0 }
}
