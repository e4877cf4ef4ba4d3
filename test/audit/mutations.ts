// npm run audit-mutations -- --count 10000 --seed 1: alters copies of an audit log, and asks verifiers whether they see it.
import { parseArgs } from 'node:util'
import { GO_ABSENT } from './go-verifier.ts'
import { runMutations } from './run-mutations.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const count = Number(values.count)
const seed = Number(values.seed)
const startedMs = performance.now()
const report = await runMutations({
  folders: count,
  stores: Math.ceil(count / 2),
  seed,
  onProgress: (line) => process.stderr.write(`\r${line} `),
})
process.stderr.write('\n')
if (!report.hasGo) process.stderr.write(`not checked by an independent verifier: ${GO_ABSENT}\n`)
const seconds = Math.round((performance.now() - startedMs) / 1000)
process.stdout.write(`${JSON.stringify({ seed, ...report, seconds }, undefined, 1)}\n`)
process.exitCode = report.missed.length + report.controls.length === 0 ? 0 : 1
