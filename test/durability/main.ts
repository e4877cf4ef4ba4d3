// npm run durability -- --kills 1000 --seed 1: kills the service at random points while it is asked for everything that it acknowledges.
import { parseArgs } from 'node:util'
import { runDurability } from './run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '5' },
    minutes: { type: 'string', default: 'Infinity' },
  },
})
const seed = Number(values.seed)
const startedMs = performance.now()
process.stderr.write(`seed ${seed}\n`)
// Ctrl-C ends it in good order, with a report of what was done until then.
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
const report = await runDurability({
  kills: Number(values.kills),
  seed,
  batch: Number(values.batch),
  minutes: Number(values.minutes),
  signal: stop.signal,
  onProgress: (line) => process.stderr.write(`\r${line} `),
})
process.stderr.write('\n')
const seconds = Math.round((performance.now() - startedMs) / 1000)
process.stdout.write(`${JSON.stringify({ seed, ...report, seconds })}\n`)
