import { checkArguments } from '../../src/engine/index.ts'
import { checkModule, type Module } from '../../src/ir/index.ts'
import { generateModule, SMALL_SIZES } from '../ir/generate.ts'
import { mutateModule } from '../ir/mutate.ts'
import { makeRandom, type Random } from '../ir/random.ts'
import { withTags } from '../ir/tagged.ts'
import { makeArguments } from './arguments.ts'
import type { DiffEngine } from './engines.ts'
import type { Mismatch } from './observation.ts'
import { countIn, type Tally } from './tally.ts'
import { describeEnd, LIMITS, runTrial, tightenLimits, type Call, type Trial } from './trial.ts'

/** A trial in which engines disagreed. */
export type Finding = {
  readonly seed: number
  readonly module: Module
  readonly trial: Trial
  readonly mismatch: Mismatch
}

/** How often an entry is called, with different arguments; a probe does many things in little time. */
type Calls = { readonly entries: number; readonly each: number; readonly probes: number }
const FEW_CALLS: Calls = { entries: 2, each: 1, probes: 2 }
const MANY_CALLS: Calls = { entries: 3, each: 2, probes: 5 }

/** A seed in so many gives a large program, which is called often; the time goes to many small ones. */
const LARGE_EVERY = 64
const isLarge = (seed: number): boolean => seed % LARGE_EVERY === 0

const MUTATED_EVERY = 4
const TAGGED_EVERY = 4

/** Makes the module of a seed, calls its entries under several limits, and gives the first disagreement, if there is one. */
export function fuzzSeed(seed: number, engines: readonly DiffEngine[], tally: Tally): Finding | undefined {
  const random = makeRandom(seed ^ 0x5eed)
  const module = makeModule(seed, random)
  tally.programs++
  tally.modules++
  for (const call of chooseCalls(module, random, isLarge(seed) ? MANY_CALLS : FEW_CALLS)) {
    const found = fuzzCall(seed, module, call, random, engines, tally)
    if (found) return found
  }
  return undefined
}

/** A generated module, at times with tags, or one whose parts were moved about so that they still fit: what no generator thinks of. */
function makeModule(seed: number, random: Random): Module {
  const generated = isLarge(seed) ? generateModule(seed) : generateModule(seed, SMALL_SIZES)
  const ofTags = makeRandom(seed ^ 0x7a65)
  const module = ofTags.oneIn(TAGGED_EVERY) ? withTags(generated, ofTags) : generated
  if (!random.oneIn(MUTATED_EVERY)) return module
  const mutated = mutateModule(module, random)
  return checkModule(mutated).length === 0 ? mutated : module
}

function fuzzCall(
  seed: number,
  module: Module,
  call: Call,
  random: Random,
  engines: readonly DiffEngine[],
  tally: Tally,
): Finding | undefined {
  let trial: Trial | undefined = { call, limits: LIMITS }
  for (let round = 0; trial; round++) {
    const { verdict, first } = runTrial(engines, module, trial)
    tally.runs++
    countIn(tally.ends, describeEnd(first))
    if (verdict === 'inconclusive') tally.inconclusive++
    else if (verdict) return { seed, module, trial, mismatch: verdict }
    const limits = round === 0 ? tightenLimits(LIMITS, first, random) : undefined
    trial = limits && { call, limits }
  }
  return undefined
}

function chooseCalls(module: Module, random: Random, { entries: most, each, probes }: Calls): Call[] {
  // The initialiser runs anyway.
  const entries = module.entries.filter(({ name, func }) => name !== 'probe' && func !== module.init)
  while (entries.length > most) entries.splice(random.int(entries.length), 1)
  const calls = [...entries, ...module.entries.filter(({ name }) => name === 'probe')].flatMap(({ name, params }) =>
    Array.from({ length: params.length === 0 ? 1 : name === 'probe' ? probes : each }, () => ({
      entry: name,
      args: makeArguments(
        random,
        module,
        params.map(({ type }) => type),
      ),
    })),
  )
  // No program is given what is refused: of several kinds of objects another may be meant than was made.
  return calls.filter(({ entry, args }) => 'args' in checkArguments(module, entry, args))
}
