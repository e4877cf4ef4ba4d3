import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** A program made ready to run in one engine. `run` gives the checksum of the program for a size. */
export type Runner = { run(n: number): number; dispose(): void }

setFlagsFromString('--expose-gc')

const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

/**
 * Collects what died young: what one engine leaves behind would otherwise be collected in the time of the next. No more than that: when nothing is left
 * of the shapes of objects that a script makes, the host throws away code that it optimised for them, which scripts that go on do not meet.
 */
export const collectYoung = (): void => collect({ type: 'minor' })

/** CPU time (user and system, all threads) that `work` took, in ms, and what it gave. */
export function timeCpu<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return { value, ms: (user + system) / 1000 }
}

/** The value below which `part` of the values lie, between neighbours in proportion. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const below = sorted[Math.floor(at)]!
  return below + (sorted[Math.ceil(at)]! - below) * (at % 1)
}

/** The middle of the values, the mean of the middle two for an even number of them. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Half of the distance between the quarters, as a part of the median: how much the rounds differ. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values)
}

/** The geometric mean, for ratios. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length)
}

/** An engine that is fast and wrong has no time worth printing. */
export function checkChecksum(engine: string, program: string, found: number, expected: number): void {
  if (!Object.is(found, expected)) throw new Error(`${engine} gives ${found} for ${program}, which is ${expected}`)
}
