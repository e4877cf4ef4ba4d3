/** What a session did, in counts that add up over processes. */
export type Tally = {
  programs: number
  /** Modules that these were in: small programs share them. */
  modules: number
  runs: number
  inconclusive: number
  /** Runs by how they ended: `returned`, `trapped index-out-of-bounds` ... */
  readonly ends: Record<string, number>
  /** Operations by how often they were executed. */
  readonly ops: Record<string, number>
  /** Kinds of types by how often an executed operation gave a value of them. */
  readonly kinds: Record<string, number>
  /** Constructs and library members by how many of the programs that were looked at have them. */
  readonly features: Record<string, number>
}

export function emptyTally(): Tally {
  return { programs: 0, modules: 0, runs: 0, inconclusive: 0, ends: {}, ops: {}, kinds: {}, features: {} }
}

export function countIn(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by
}

export function addTally(to: Tally, more: Tally): void {
  to.programs += more.programs
  to.modules += more.modules
  to.runs += more.runs
  to.inconclusive += more.inconclusive
  for (const group of ['ends', 'ops', 'kinds', 'features'] as const)
    for (const [key, count] of Object.entries(more[group])) countIn(to[group], key, count)
}
