import { lowerModule } from '../src/wasm/lower/index.ts'
import { findCallCycles, narrowNumbers } from '../src/passes/index.ts'
import { compileToModule, prepare, runOnce } from './anrf.ts'
import type { Figure } from './history.ts'
import { median } from './measure.ts'

/** Rounds after which our own code is compiled by the host. */
const WARM_ROUNDS = 60

/** What running a compiled program once more costs beside its own work: a run of next to nothing, wall time in ms. */
export function timeRunAgain(rounds: number): Figure {
  const program = prepare(compileToModule('sort-records'))
  const times = Array.from({ length: WARM_ROUNDS + rounds }, () => timed(() => runOnce(program, 'jit', 1)))
  return { name: 'run of a cached program', value: median(times.slice(WARM_ROUNDS)), unit: 'ms' }
}

/** How long making code takes for each function of the 300-line program and its library, once our code is warm; in µs. */
export function timeEncoding(rounds: number): Figure[] {
  const module = compileToModule('compile-300')
  const cyclic = findCallCycles(module)
  const passes: number[] = []
  const encoding: number[] = []
  for (let round = 0; round < WARM_ROUNDS + rounds; round++) {
    let narrowed = module
    passes.push(timed(() => void (narrowed = narrowNumbers(module, 2 ** 31 - 2))))
    encoding.push(timed(() => void lowerModule(narrowed, cyclic, { charges: true })))
  }
  const each = (times: readonly number[]): number => (median(times.slice(WARM_ROUNDS)) * 1000) / module.funcs.length
  return [
    { name: 'passes per function', value: each(passes), unit: 'us' },
    { name: 'encoding per function', value: each(encoding), unit: 'us' },
  ]
}

function timed(work: () => void): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}
