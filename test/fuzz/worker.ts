// One process of the fuzzer: it goes through its seeds until its time is over, and tells its parent about it. The seed at
// work stands in a file, so that the parent knows it when this process hangs or dies.
import { openSync, writeSync } from 'node:fs'
import { chooseEngines } from './choose-engines.ts'
import type { DiffEngine } from './engines.ts'
import { SEEDS_AT_ONCE, type Job, type Report } from './protocol.ts'
import { takeCoverage } from './reference-coverage.ts'
import { describeFinding, describeSourceFinding, type Described } from './report.ts'
import { fuzzSeed } from './session.ts'
import { emptyTally, type Tally } from './tally.ts'

const REPORT_MS = 500
/**
 * Seeds that one process tries: V8 keeps the types of all modules that it ever compiled, and aborts at two million. A program of TypeScript
 * adds 45 of them; it takes a thousand until V8 has compiled the compiler.
 */
const SEEDS_MAX: Readonly<Record<Job['kind'], number>> = { ir: 10_000, ts: 16_000, mutants: 8_000 }

/** Tries some seeds and says what was found, made small or `asFound`. */
type Step = (
  seeds: readonly number[],
  engines: readonly DiffEngine[],
  tally: Tally,
  asFound: boolean,
) => Promise<Described | undefined>

const STEPS: Readonly<Record<Job['kind'], Step>> = {
  ir: async ([seed], engines, tally, asFound) => {
    const finding = fuzzSeed(seed!, engines, tally)
    return finding && describeFinding(finding, engines, asFound)
  },
  mutants: async ([seed], engines, tally, asFound) => {
    const { fuzzMutant } = await import('./mutants/session.ts')
    const finding = await fuzzMutant(seed!, engines, tally)
    return finding && describeSourceFinding(finding, engines, asFound, 'mutants')
  },
  ts: async (seeds, engines, tally, asFound) => {
    // The compiler is large, and nobody needs it for modules.
    const { fuzzSources } = await import('./ts/session.ts')
    const finding = await fuzzSources(seeds, engines, tally)
    return finding && describeSourceFinding(finding, engines, asFound)
  },
}

/** The parent may be gone already. */
const send = (report: Report): void => {
  process.send?.(report)
}

async function work(job: Job): Promise<void> {
  const engines = chooseEngines(job.engines)
  const place = openSync(job.placeFile, 'w')
  const step = STEPS[job.kind]
  const seeds = SEEDS_AT_ONCE[job.kind]
  let tally = emptyTally()
  let reportAt = performance.now() + REPORT_MS
  const report = (): void => {
    const { ops, kinds } = takeCoverage()
    send({ kind: 'tally', tally: { ...tally, ops, kinds } })
    tally = emptyTally()
    reportAt = performance.now() + REPORT_MS
  }
  let at = job.first
  let isFound = false
  for (
    let tried = 0;
    at < job.end && Date.now() < job.deadline && tried < SEEDS_MAX[job.kind];
    at += job.step * seeds
  ) {
    tried += seeds
    const some = Array.from({ length: seeds }, (_, i) => at + i).filter((seed) => seed < job.end)
    writeSync(place, String(at).padEnd(20), 0)
    const finding = await step(some, engines, tally, job.asFound)
    if (finding) {
      report()
      send({ kind: 'finding', ...finding })
      isFound = !job.goesOn
      if (isFound) break
    }
    if (performance.now() < reportAt) continue
    report()
    // Lets messages go out.
    await new Promise((resolve) => setImmediate(resolve))
  }
  report()
  send({ kind: 'done', ...(at < job.end && Date.now() < job.deadline && !isFound && { next: at }) })
}

process.once('message', (job: Job) => void work(job).then(() => process.disconnect?.()))
