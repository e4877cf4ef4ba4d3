// The pool against real processes whose worker is a script that behaves, or misbehaves, as it is told.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { resolveLimits, type Limits } from '../../src/base/index.ts'
import { NO_AMOUNTS, type Amounts, type EffectCall } from '../../src/effects/index.ts'
import { memoryJournal, Session, type Performed } from '../../src/journal/index.ts'
import { NO_EFFECTS } from '../../src/sandbox/messages.ts'
import {
  createPool,
  NO_ISOLATION,
  openProcessorLimits,
  type ExecuteReport,
  type ExecuteRequest,
  type Pool,
} from '../../src/sandbox/index.ts'
import type { Launch } from '../../src/sandbox/launch.ts'
import { HOSTILE } from './fake-worker.ts'

const script = join(import.meta.dirname, 'fake-worker.ts')
const pool = createPool({ isolation: NO_ISOLATION, size: 1, queueMax: 3, script })
after(() => pool.close())

function request(entry: string, limits: Partial<Limits> = {}): ExecuteRequest {
  const programBytes = new Uint8Array(10)
  return {
    programId: 'sha256:00',
    programBytes,
    entry,
    args: [1, 'two'],
    limits: resolveLimits(limits),
    mode: 'interpret',
  }
}

async function execute(entry: string, limits: Partial<Limits> = {}, on: Pool = pool): Promise<ExecuteReport> {
  const report = await on.execute(request(entry, limits))
  if ('rejected' in report) throw new Error(report.rejected)
  return report
}

/** After whatever happened, the next request is answered. */
async function assertAlive(on: Pool = pool): Promise<void> {
  const report = await execute('echo', {}, on)
  assert.deepEqual(report.outcome, { kind: 'returned', value: [1, 'two'] })
  assert.deepEqual(report.logs, ['a line'])
}

test('a run gives its result, its log lines and its usage', async () => {
  const report = await execute('echo')
  assert.deepEqual(report.outcome, { kind: 'returned', value: [1, 'two'] })
  assert.deepEqual(report.logs, ['a line'])
  assert.equal(report.usage.fuel, 1)
  assert.match(report.executionId, /^[0-9a-f-]{36}$/)
})

test('the first run of a worker brings its program along, and later ones are asked about what is not known', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 1, script })
  for (let runs = 0; runs < 2; runs++)
    assert.deepEqual((await execute('program', {}, own)).outcome, { kind: 'returned', value: 10 })
  await own.close()
  // To ask for what is there breaks the protocol.
  const other = createPool({ isolation: NO_ISOLATION, size: 1, script })
  const { outcome } = await execute('need of what came along', {}, other)
  assert.equal(outcome.kind, 'crashed')
  await other.close()
})

test('an answer in single bytes is put together', async () => {
  assert.deepEqual((await execute('drip')).outcome, { kind: 'returned', value: 'in single bytes' })
})

test('one worker serves runs one after another', async () => {
  await assertAlive()
  const [pid] = pool.status().pids
  await assertAlive()
  assert.deepEqual(pool.status().pids, [pid])
})

test('the wall limit ends a worker that hangs or spins, and keeps its log lines', async () => {
  const hung = await execute('hang', { wall: 500 })
  assert.equal(hung.outcome.kind === 'limited' && hung.outcome.limit, 'wall')
  assert.deepEqual(hung.logs, ['before'])
  await assertAlive()
  const spun = await execute('spin', { wall: 150 })
  assert.equal(spun.outcome.kind === 'limited' && spun.outcome.limit, 'wall')
  await assertAlive()
})

test('a worker whose heap is full is limited by memory', async () => {
  const report = await execute('heap', { wall: 60_000 })
  assert.equal(report.outcome.kind === 'limited' && report.outcome.limit, 'memory', JSON.stringify(report.outcome))
  await assertAlive()
})

// Resident memory is read from /proc; elsewhere only the heap is bounded (docs/LIMITS.md).
if (process.platform === 'linux')
  test('memory outside of the heap is limited too', async () => {
    const report = await execute('resident', { wall: 60_000 })
    assert.equal(report.outcome.kind === 'limited' && report.outcome.limit, 'memory', JSON.stringify(report.outcome))
    await assertAlive()
  })

if (process.platform === 'linux')
  test('the kernel bounds processor time where nobody looks from outside', async () => {
    const launch: Launch = (spec) => ({ ...NO_ISOLATION.launch(spec), usage: () => undefined })
    const processorLimits = await openProcessorLimits()
    const own = createPool({ isolation: { level: 'none', launch }, processorLimits, size: 1, script })
    await assertAlive(own)
    const { outcome } = await execute('spin', { cpu: 1, wall: 600_000 }, own)
    assert.equal(outcome.kind === 'limited' && outcome.limit, 'cpu', JSON.stringify(outcome))
    await assertAlive(own)
    await own.close()
  })

test('a worker that ends by itself is a crash that keeps its log lines', async () => {
  const report = await execute('exit')
  assert.deepEqual(report.outcome, { kind: 'crashed', message: 'the worker ended with exit code 3' })
  assert.deepEqual(report.logs, ['last words'])
  assert.equal((await execute('throw')).outcome.kind, 'crashed')
  assert.equal((await execute('half a frame, then the end')).outcome.kind, 'crashed')
  await assertAlive()
})

test('a worker that the filter of system calls ended is told from others', async () => {
  await assertAlive()
  const [pid] = pool.status().pids
  const report = await pool.execute({ ...request('hang'), onLog: () => process.kill(pid!, 'SIGSYS') })
  const message = 'the worker made a system call that its sandbox forbids'
  assert.deepEqual('outcome' in report && report.outcome, { kind: 'crashed', message })
  await assertAlive()
})

test('a worker that is killed from outside is a crash', async () => {
  await assertAlive()
  const [pid] = pool.status().pids
  const running = pool.execute({ ...request('hang'), onLog: () => process.kill(pid!, 'SIGKILL') })
  const report = await running
  assert.deepEqual('outcome' in report && report.outcome, { kind: 'crashed', message: 'the worker ended by SIGKILL' })
  await assertAlive()
})

for (const entry of HOSTILE)
  test(`a hostile worker is killed and replaced: ${entry}`, async () => {
    const report = await execute(entry, { wall: 30_000 })
    assert.equal(report.outcome.kind, 'crashed', JSON.stringify(report.outcome).slice(0, 300))
    assert.match(report.outcome.kind === 'crashed' ? report.outcome.message : '', /^the worker broke the protocol: /)
    await assertAlive()
  })

test('a call that is given up twice is a violation', async () => {
  assert.equal((await execute('a call given up twice')).outcome.kind, 'crashed')
  await assertAlive()
})

test('hostile processes that say damaged frames end alone', async () => {
  const seed = Number(process.env['ANRF_SEED'] ?? randomInt(2 ** 31))
  const kinds = new Set<string>()
  for (let i = 0; i < 40; i++) {
    const report = await pool.execute({ ...request('noise', { wall: 200 }), args: [seed + i] })
    assert.ok('outcome' in report, `seed ${seed + i}`)
    kinds.add(report.outcome.kind)
    if (i % 8 === 0) await assertAlive()
  }
  assert.ok(kinds.has('crashed'), `seed ${seed}: ${[...kinds].join()}`)
  await assertAlive()
})

test('a worker that does not read its answers is given no more, and ends by time', async () => {
  let calls = 0
  const text = 'x'.repeat(2 ** 20)
  const effects = {
    start: () => void calls++,
    cancel: () => undefined,
    next: async () => ({ kind: 'answer' as const, answer: { sequence: calls - 1, elapsed: 0, text } }),
    effectsTaken: () => 0,
    usage: () => ({ ...NO_EFFECTS, bytesIn: calls * text.length }),
    close: () => undefined,
  }
  const report = await pool.execute({ ...request('greedy', { wall: 500 }), effects })
  assert.equal('outcome' in report && report.outcome.kind === 'limited' && report.outcome.limit, 'wall')
  assert.equal(calls, 1)
  await assertAlive()
})

test('a worker that says that it has more left than it was given has programs run for no more than that', async () => {
  const grants: Amounts[] = []
  const perform = async (_: EffectCall, __: AbortSignal, grant: Amounts = NO_AMOUNTS): Promise<Performed> => {
    grants.push(grant)
    // The program says that it used nothing of that; its caller is charged what it says.
    return {
      kind: 'answer',
      text: '{"value":1}',
      used: grants.length % 2 === 0 ? { ...grant, effects: 0 } : NO_AMOUNTS,
    }
  }
  const performer = { perform, usage: () => ({ bytesIn: 0, bytesOut: 0 }) }
  const rest = { journal: memoryJournal().writer, past: [], isRepeatable: () => true, elapsed: () => 0 }
  const limits = { fuel: 100_000, allocation: 1_000_000, effects: 5000 }
  const effects = new Session({ performer, limits: resolveLimits(limits), ...rest })
  const report = await pool.execute({ ...request('a rich caller', limits), effects })
  assert.ok('outcome' in report && report.outcome.kind === 'returned', JSON.stringify(report))
  const used = grants.filter((_, i) => i % 2 === 1)
  for (const name of ['fuel', 'allocation'] as const) {
    const all = used.reduce((sum, grant) => sum + grant[name], 0)
    assert.ok(all <= limits[name], `${name}: ${all}`)
  }
  assert.equal(
    report.usage.nestedFuel,
    used.reduce((sum, { fuel }) => sum + fuel, 0),
  )
  await assertAlive()
})

for (const entry of ['a wait without amounts', 'a wait with less than nothing'])
  test(`${entry} breaks the protocol`, async () => {
    const { outcome } = await execute(entry)
    assert.ok(outcome.kind === 'crashed' && /a wait that is not understood/.test(outcome.message))
    await assertAlive()
  })

test('a worker that speaks when nobody asked is replaced, and its answer before that stands', async () => {
  const report = await execute('a frame after the run')
  // The late frame may come in the same chunk as the result, which then is not believed either.
  assert.ok(report.outcome.kind === 'returned' || report.outcome.kind === 'crashed')
  await new Promise((resolve) => setTimeout(resolve, 100))
  await assertAlive()
})

test('a flood of log lines is cut off', async () => {
  const report = await execute('a flood of log lines', { logs: 10_000 })
  assert.equal(report.outcome.kind === 'limited' && report.outcome.limit, 'logs')
  assert.ok(report.logs.length < 100)
  await assertAlive()
})

test('a full queue turns requests away, and those that wait are served', async () => {
  const all = ['echo', 'echo', 'echo', 'echo', 'echo', 'echo'].map((entry) => pool.execute(request(entry)))
  const reports = await Promise.all(all)
  const turnedAway = reports.filter((report) => 'rejected' in report)
  assert.ok(turnedAway.length >= 1 && turnedAway.length <= 3, String(turnedAway.length))
  await assertAlive()
})

test('an execution is cancelled by its id or by a signal, waiting or running', async () => {
  const running = pool.execute({
    ...request('hang'),
    executionId: 'first',
    onLog: () => assert.ok(pool.cancel('first')),
  })
  const waiting = pool.execute({ ...request('echo'), executionId: 'second' })
  assert.ok(pool.cancel('second'))
  const bySignal = pool.execute(request('echo'), AbortSignal.abort())
  for (const report of await Promise.all([running, waiting, bySignal]))
    assert.equal('outcome' in report && report.outcome.kind, 'cancelled')
  assert.equal(pool.cancel('first'), false)
  await assertAlive()
})

test('many requests run on one place, also when one of them kills its worker', async () => {
  const kinds: string[] = []
  const entries = ['echo', 'exit', 'echo', 'zero length', 'echo'].map((entry) => request(entry))
  const rejection = await pool.executeAll(entries, (report) => kinds.push(report.outcome.kind))
  assert.equal(rejection, undefined)
  assert.deepEqual(kinds, ['returned', 'crashed', 'returned', 'crashed', 'returned'])
})

test('the requests behind the one that runs while the pool closes are not begun', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 1, script })
  let closed: Promise<void> | undefined
  const kinds: string[] = []
  const rejection = await own.executeAll([request('echo'), request('echo')], (report) => {
    kinds.push(report.outcome.kind)
    closed = own.close()
  })
  assert.deepEqual([kinds, rejection], [['returned'], { rejected: 'closing' }])
  await closed
})

test('a worker that cannot start is told, and not tried for ever', async () => {
  const broken = createPool({ isolation: NO_ISOLATION, size: 1, script: join(import.meta.dirname, 'no-such-file.ts') })
  const { outcome } = await execute('echo', {}, broken)
  assert.deepEqual(outcome, { kind: 'crashed', message: 'no worker could be started: it ended at once' })
  await broken.close()
})

test('a larger memory limit gets a worker with a larger heap', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 1, script })
  await execute('echo', {}, own)
  const [small] = own.status().pids
  await execute('echo', { memory: 600 * 2 ** 20 }, own)
  const [large] = own.status().pids
  assert.notEqual(small, large)
  await execute('echo', {}, own)
  assert.deepEqual(own.status().pids, [large])
  await own.close()
})

test('workers are retired after their number of runs, and kept warm', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 1, spares: 1, processes: 1, runsPerWorkerMax: 2, script })
  assert.equal(own.status().workers, 1)
  const pids = new Set<number | undefined>()
  for (let i = 0; i < 4; i++) await execute('echo', {}, own).then(() => pids.add(own.status().pids[0]))
  assert.ok(pids.size >= 2)
  await own.close()
})

test('workers are retired after the number of programs that they were sent', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 1, spares: 1, processes: 1, programsPerWorkerMax: 2, script })
  const pids: (number | undefined)[] = []
  for (let i = 0; i < 4; i++) await execute('program', {}, own).then(() => pids.push(own.status().pids.at(-1)))
  assert.equal(new Set(pids).size, 3)
  await execute('echo', {}, own)
  await own.close()
})

test('closing waits for what runs, turns away what comes, and leaves no process', async () => {
  const own = createPool({ isolation: NO_ISOLATION, size: 2, script })
  const first = own.execute(request('echo'))
  const closing = own.close()
  assert.deepEqual(await own.execute(request('echo')), { rejected: 'closing' })
  assert.equal('outcome' in (await first) && ((await first) as ExecuteReport).outcome.kind, 'returned')
  await closing
  assert.equal(own.status().workers, 0)
  const other = createPool({ isolation: NO_ISOLATION, size: 1, script })
  const hung = other.execute(request('hang'))
  await other.close(200)
  assert.equal(((await hung) as ExecuteReport).outcome.kind, 'cancelled')
})
