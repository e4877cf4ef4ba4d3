import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { run } from '../src/engine/index.ts'
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

/** Memory that a run may keep when it is measured how soon it is stopped; the default. */
const MEMORY = 256 * 2 ** 20

/**
 * How long after the last sample within the limit a run that keeps too much is stopped, in ms. Live bytes are found as in
 * the worker: garbage is collected only when the heap looks too large.
 */
export function timeMemoryVerdict(rounds: number): Figure {
  const program = prepare(compileToModule('grow'))
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const times = Array.from({ length: Math.min(rounds, 3) }, () => {
    collect()
    const base = heapBytes()
    let within = performance.now()
    const liveBytes = (): number => {
      if (heapBytes() - base > MEMORY) collect()
      const live = Math.max(0, heapBytes() - base)
      if (live <= MEMORY) within = performance.now()
      return live
    }
    const limits = { memory: MEMORY }
    run(program, { entry: 'run', args: [0], limits, mode: 'jit', host: { log: () => undefined, liveBytes } })
    return performance.now() - within
  })
  return { name: 'memory verdict', value: median(times), unit: 'ms' }
}

function heapBytes(): number {
  const { used_heap_size: used, external_memory: external } = getHeapStatistics()
  return used + external
}

function timed(work: () => void): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}
