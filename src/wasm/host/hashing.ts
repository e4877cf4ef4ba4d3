/** What the host does for hashes of compiled code. */

/** A factor of 64 bits for hashes, odd, that nobody can know beforehand. */
export function newHashFactor(): bigint {
  const [drawn] = crypto.getRandomValues(new BigInt64Array(1))
  return drawn! | 1n
}

/** A divisor of 30 bits, by which bigints are told apart. */
const BIGINT_DIVISOR = BigInt.asUintN(30, newHashFactor()) | (1n << 29n)

/** Numbers for keys that have no place for their identity in compiled code: equal for what is the same. */
export class Identities {
  readonly #known = new WeakMap<object, number>()
  #count = 0

  of(key: object | bigint): number {
    if (typeof key === 'bigint') return Number(key % BIGINT_DIVISOR)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, ++this.#count)
    return this.#count
  }
}
