/** A program made ready to run in one engine. `run` gives the checksum of the program for a size. */
export type Runner = { readonly name: string; run(n: number): number; dispose(): void }

/** What one engine needed for one program: CPU time of the whole process in ms, median of the rounds. */
export type Measured = { readonly name: string; readonly cpuMs: number; readonly checksum: number }

/** CPU time (user and system, all threads) that `work` took, in ms, and what it gave. */
export function timeCpu<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return { value, ms: (user + system) / 1000 }
}

/** The middle of the values, the mean of the middle two for an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Runs every runner once to warm up and then `rounds` times in turns, so that a slow spell of the machine meets all of
 * them. Throws when their checksums differ: an engine that is fast and wrong has no time worth printing.
 */
export function measureInTurns(runners: readonly Runner[], n: number, rounds: number): Measured[] {
  const checksums = runners.map((runner) => runner.run(n))
  runners.forEach(({ name }, i) => {
    if (!Object.is(checksums[i], checksums[0])) {
      throw new Error(`${name} gives ${checksums[i]}, ${runners[0]!.name} gives ${checksums[0]}`)
    }
  })
  const times = runners.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    runners.forEach((runner, i) => times[i]!.push(timeCpu(() => runner.run(n)).ms))
  }
  return runners.map(({ name }, i) => ({ name, cpuMs: median(times[i]!), checksum: checksums[i]! }))
}

/** The geometric mean, for ratios. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length)
}
