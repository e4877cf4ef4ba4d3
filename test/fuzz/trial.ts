import { resolveLimits, type Encoded, type Limits } from '../../src/base/index.ts'
import type { Module } from '../../src/ir/index.ts'
import type { Random } from '../ir/random.ts'
import type { DiffEngine } from './engines.ts'
import { compareSightings, type Mismatch, type Observation, type Sighting } from './observation.ts'

/** A call of an entry; arguments in the order of its parameters. */
export type Call = { readonly entry: string; readonly args: readonly Encoded[] }

/** One call under some limits: the unit that engines are compared by. */
export type Trial = { readonly call: Call; readonly limits: Limits }

/**
 * Limits under which random programs end soon, with little in memory. That of memory is out of the way, since runs that
 * end there tell nothing.
 */
export const LIMITS = resolveLimits({
  fuel: 2000,
  allocation: 400_000,
  memory: 2 ** 30,
  depth: 50,
  output: 200_000,
  logs: 200_000,
})

export type TrialResult = {
  readonly sightings: readonly Sighting[]
  readonly verdict: Mismatch | 'inconclusive' | undefined
  /** What the first engine saw. */
  readonly first: Observation
}

/** Limits that models do not have: they know neither how values are written nor how lines are printed. */
const UNMODELLED: ReadonlySet<string> = new Set(['output', 'logs', 'memory'])

/**
 * Runs a trial in every engine and compares. Models come last and only where the others did not end at a limit that
 * models do not have, since what lies beyond may be without end.
 */
export function runTrial(engines: readonly DiffEngine[], module: Module, { call, limits }: Trial): TrialResult {
  const sightings: Sighting[] = []
  let beyond = false
  let withheld = false
  const isModel = (engine: DiffEngine): boolean => engine.isModel === true
  for (const engine of engines) if (!isModel(engine)) see(engine)
  for (const engine of engines) if (isModel(engine) && !beyond) see(engine)
  return { sightings, verdict: compareSightings(sightings), first: sightings[0]!.observation }

  function see(engine: DiffEngine): void {
    const seen = engine.run(module, call.entry, call.args, limits)
    beyond ||= seen.end === 'limited' && UNMODELLED.has(seen.value)
    withheld ||= seen.args === 'null'
    // Arguments that are greater than the output limit are not given back, which models do not know of.
    const observation = isModel(engine) && withheld ? { ...seen, args: undefined } : seen
    sightings.push({ engine: engine.name, observation })
  }
}

/** How a run ended, in few words. */
export function describeEnd({ end, value }: Observation): string {
  return end === 'trapped' || end === 'limited' ? `${end} ${value}` : end
}

/** Less of something than a run used, so that it ends at a random point of its way; often nothing. */
export function tightenLimits(limits: Limits, used: Observation, { int, oneIn }: Random): Limits | undefined {
  const below = (amount: number): number => 1 + int(amount)
  if (used.fuel > 1 && oneIn(3)) return { ...limits, fuel: below(used.fuel) }
  if (used.allocatedBytes > 1 && oneIn(4)) return { ...limits, allocation: below(used.allocatedBytes) }
  if (used.depthMax > 1 && oneIn(3)) return { ...limits, depth: below(used.depthMax) }
  return undefined
}
