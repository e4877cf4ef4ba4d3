// One process of the fuzzer: it goes through its seeds until its time is over, and tells its parent about it. The seed at
// work stands in a file, so that the parent knows it when this process hangs or dies.
import { openSync, writeSync } from 'node:fs'
import { chooseEngines } from './engines.ts'
import type { Job, Report } from './protocol.ts'
import { takeCoverage } from './reference-coverage.ts'
import { describeFinding } from './report.ts'
import { fuzzSeed } from './session.ts'
import { emptyTally } from './tally.ts'

const REPORT_MS = 500

/** The parent may be gone already, which its end of the channel tells. */
const send = (report: Report): void => {
  process.send?.(report)
}

async function work(job: Job): Promise<void> {
  const engines = chooseEngines(job.engines)
  const place = openSync(job.placeFile, 'w')
  let tally = emptyTally()
  let reportAt = performance.now() + REPORT_MS
  const report = (): void => {
    const { ops, kinds } = takeCoverage()
    send({ kind: 'tally', tally: { ...tally, ops, kinds } })
    tally = emptyTally()
    reportAt = performance.now() + REPORT_MS
  }
  for (let seed = job.first; seed < job.end && Date.now() < job.deadline; seed += job.step) {
    writeSync(place, String(seed).padEnd(20), 0)
    const finding = fuzzSeed(seed, engines, tally)
    if (finding) {
      report()
      send({ kind: 'finding', seed, text: describeFinding(finding, engines) })
      break
    }
    if (performance.now() < reportAt) continue
    report()
    // Lets messages go out.
    await new Promise((resolve) => setImmediate(resolve))
  }
  report()
  send({ kind: 'done' })
}

process.once('message', (job: Job) => void work(job).then(() => process.disconnect?.()))
