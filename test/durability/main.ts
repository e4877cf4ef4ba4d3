// npm run durability -- --kills 200 --seed 1: kills workers and the service while executions change the world.
import { parseArgs } from 'node:util'
import { runDurability } from './run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '6' },
  },
})
const startedMs = performance.now()
const report = await runDurability({
  kills: Number(values.kills),
  seed: Number(values.seed),
  batch: Number(values.batch),
  onProgress: (line) => process.stderr.write(`\r${line} `),
})
process.stderr.write('\n')
process.stdout.write(
  `${JSON.stringify({ seed: Number(values.seed), ...report, seconds: Math.round((performance.now() - startedMs) / 1000) })}\n`,
)
