// npm run replays -- --count 10000: records executions with effects, and does each again in every mode.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { resolveLimits, type Mode } from '../../src/base/index.ts'
import { createBroker } from '../../src/broker/index.ts'
import { isRepeatable, parseGrants } from '../../src/effects/index.ts'
import { memoryJournal, replayRecording, Session, type Recording } from '../../src/journal/index.ts'
import { createPool, NO_ISOLATION, type ExecuteReport, type ExecuteRequest } from '../../src/sandbox/index.ts'
import { openStore } from '../../src/store/index.ts'
import { compileText } from '../journal/programs.ts'
import { makeRandom } from '../ir/random.ts'
import { REPLAYED } from './replayed-programs.ts'

const MODES: readonly Mode[] = ['interpret', 'jit']
const LIMITS = resolveLimits({})

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const [count, seed] = [Number(values.count), Number(values.seed)]
const random = makeRandom(seed)
const programs = REPLAYED.map(compileText)
const dir = mkdtempSync(join(tmpdir(), 'anrf-replays-'))
const store = await openStore(dir)
const pool = createPool({ isolation: NO_ISOLATION, size: 2, spares: 2 })
let answered = 0
const server = createServer((request, response) => {
  request.resume()
  if (request.url?.startsWith('/json')) response.end(JSON.stringify({ count: ++answered }))
  else response.writeHead(200, { 'content-type': 'text/plain' }).end(`answer ${++answered}`)
})
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
const { port } = server.address() as AddressInfo
const parsed = parseGrants(['kv', `http=+private http://127.0.0.1:${port}`])
if ('diagnostics' in parsed) throw new Error(parsed.diagnostics[0]?.message)
const { grants } = parsed

async function execute(request: ExecuteRequest): Promise<ExecuteReport> {
  const report = await pool.execute(request)
  if ('rejected' in report) throw new Error(report.rejected)
  return report
}

async function record(i: number): Promise<Recording> {
  const program = programs[random.int(programs.length)]!
  const executionId = `replay-${seed}-${i}`
  const kv = { sql: store.sql, principal: 'replays', program: 'replays' }
  const performer = createBroker({ executionId, grants, limits: LIMITS, host: { kv } })
  const journal = memoryJournal()
  const startedMs = performance.now()
  const effects = new Session({
    performer,
    limits: LIMITS,
    journal: journal.writer,
    past: [],
    isRepeatable,
    elapsed: () => performance.now() - startedMs,
  })
  const world = { time: Date.now(), seed: random.int(2 ** 32) }
  const asked = { entry: 'main', args: [port, random.int(100_000)], mode: random.pick(MODES), limits: LIMITS, world }
  const report = await execute({ ...program, ...asked, effects })
  performer.close()
  const now = new Date().toISOString()
  return {
    format: 'anrf-recording/1',
    program: Buffer.from(program.programBytes).toString('base64'),
    ...asked,
    startedAt: now,
    finishedAt: now,
    ...report,
    journal: journal.entries(),
  }
}

let [calls, different] = [0, 0]
const outcomes: Record<string, number> = {}
async function work(next: () => number): Promise<void> {
  for (let i = next(); i < count; i = next()) {
    const recording = await record(i)
    calls += recording.journal.length
    outcomes[recording.outcome.kind] = (outcomes[recording.outcome.kind] ?? 0) + 1
    for (const mode of MODES) {
      const { verdict } = await replayRecording(recording, execute, mode)
      if (verdict.kind === 'same') continue
      different++
      process.stdout.write(`${JSON.stringify({ executionId: recording.executionId, mode, verdict })}\n`)
    }
    if (i % 100 === 0) process.stderr.write(`\r${i} of ${count}, ${calls} calls, ${different} different `)
  }
}

const startedMs = performance.now()
let at = 0
await Promise.all([work(() => at++), work(() => at++)])
const seconds = Math.round((performance.now() - startedMs) / 1000)
process.stderr.write('\n')
process.stdout.write(
  `${JSON.stringify({ seed, recorded: count, calls, modes: MODES, outcomes, different, seconds })}\n`,
)
await pool.close(0)
server.close()
server.closeAllConnections()
store.close()
rmSync(dir, { recursive: true, force: true })
process.exitCode = different === 0 ? 0 : 1
