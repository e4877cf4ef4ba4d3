/** A small seeded generator of random numbers, so that a failing round can be run again. */
export type Random = {
  /** From 0 up to 1. */
  readonly fraction: () => number
  /** An integer from 0 up to `limit`. */
  readonly below: (limit: number) => number
}

/** A linear congruential generator modulo 2^32 (Numerical Recipes, 7.1). */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { fraction, below: (limit) => Math.floor(fraction() * limit) }
}
