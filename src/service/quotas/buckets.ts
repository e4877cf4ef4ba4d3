/** What is taken from one bucket. */
export type Charge = {
  /** Names the bucket; who shares it has the same. */
  readonly key: string
  readonly quota: number
  readonly windowSeconds: number
  /** Units to take; 0 only asks that the bucket is not empty. */
  readonly amount: number
}

/** What a bucket holds; below 0 when more was spent than it held. */
export type Level = { readonly remaining: number; readonly secondsUntilWhole: number }

/** All was taken, or nothing because one bucket, `charges[short]`, has enough only after a while. */
export type Taken =
  | { readonly ok: true; readonly levels: readonly Level[] }
  | {
      readonly ok: false
      readonly short: number
      readonly retryAfterSeconds: number
      readonly levels: readonly Level[]
    }

/** Token buckets. In one process they are in its memory; several processes would share them behind these functions. */
export type Buckets = {
  take(charges: readonly Charge[]): Promise<Taken>
  /** Takes what was used already, whatever is there. */
  spend(charges: readonly Charge[]): Promise<void>
}

type Bucket = { level: number; atMs: number }

/** Beyond this the buckets that nobody touched for longest are forgotten: most of them are whole again. */
const BUCKETS_MAX = 100_000

/** Buckets in memory. `now`: milliseconds of a clock that never goes back. */
export function createMemoryBuckets(now: () => number = () => performance.now(), bucketsMax = BUCKETS_MAX): Buckets {
  // In the order in which they were touched.
  const buckets = new Map<string, Bucket>()

  function refill({ key, quota, windowSeconds }: Charge): Bucket {
    const atMs = now()
    const known = buckets.get(key)
    const gained = known ? ((atMs - known.atMs) / 1000) * (quota / windowSeconds) : 0
    const bucket = { level: known ? Math.min(quota, known.level + gained) : quota, atMs }
    buckets.delete(key)
    buckets.set(key, bucket)
    return bucket
  }

  function evict(): void {
    for (const key of buckets.keys()) {
      if (buckets.size <= bucketsMax) return
      buckets.delete(key)
    }
  }

  const levelOf = ({ level }: Bucket, { quota, windowSeconds }: Charge): Level => ({
    remaining: Math.floor(level),
    secondsUntilWhole: Math.ceil(((quota - level) * windowSeconds) / quota),
  })

  return {
    async take(charges) {
      const filled = charges.map(refill)
      const needs = charges.map(({ amount }) => Math.max(amount, Number.MIN_VALUE))
      const short = filled.findIndex(({ level }, i) => level < needs[i]!)
      if (short < 0) for (const [i, bucket] of filled.entries()) bucket.level -= charges[i]!.amount
      const levels = filled.map((bucket, i) => levelOf(bucket, charges[i]!))
      evict()
      if (short < 0) return { ok: true, levels }
      const { quota, windowSeconds, amount } = charges[short]!
      const missing = Math.max(amount - filled[short]!.level, 0)
      return { ok: false, short, levels, retryAfterSeconds: Math.max(1, Math.ceil((missing * windowSeconds) / quota)) }
    },
    async spend(charges) {
      for (const charge of charges) refill(charge).level -= charge.amount
      evict()
    },
  }
}
