// Programs and processes in trouble: each ends with its typed answer, and the next request succeeds.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createClient } from '../../src/client/index.ts'
import {
  askerOf,
  freshDir,
  startTestService,
  stopTestService,
  type Answer,
  type Ask,
  type TestService,
} from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  on = await startTestService({ queueMax: 2, drainMs: 2000 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const execute = (entry: string, inputs: object, limits: object = {}, ask: Ask = on.ask): Promise<Answer> =>
  ask('POST', '/execute/trouble', { body: { inputs, entry, limits } })

async function assertAlive(ask: Ask = on.ask): Promise<void> {
  const { status, body } = await execute('add', { a: 1, b: 2 }, {}, ask)
  assert.equal(status, 200, JSON.stringify(body))
}

const CASES: readonly { entry: string; inputs?: object; limits: object; limit: string }[] = [
  { entry: 'spin', limits: { fuel: 100_000 }, limit: 'fuel' },
  { entry: 'spin', limits: { fuel: 1e12, wall: 500 }, limit: 'wall' },
  { entry: 'spin', limits: { fuel: 1e12, cpu: 100 }, limit: 'cpu' },
  { entry: 'grow', limits: { allocation: 1e6 }, limit: 'allocation' },
  { entry: 'grow', limits: { memory: 32 * 2 ** 20 }, limit: 'memory' },
  { entry: 'recurse', inputs: { n: 0 }, limits: {}, limit: 'depth' },
  { entry: 'chatter', limits: { logs: 5000 }, limit: 'logs' },
  { entry: 'huge', inputs: { n: 1000 }, limits: { output: 1000 }, limit: 'output' },
]

for (const { entry, inputs = {}, limits, limit } of CASES)
  test(`${entry} ends at its ${limit} limit with what it logged, and is recorded`, async () => {
    const { status, body } = await execute(entry, inputs, limits)
    assert.equal(status, 422)
    const outcome = body['outcome'] as { kind: string; limit: string }
    assert.deepEqual([outcome.kind, outcome.limit], ['limited', limit])
    assert.equal(body['type'], 'urn:anrf:outcome:limited')
    assert.equal(typeof body['error'], 'string')
    if (entry === 'spin') assert.deepEqual(body['logs'], ['before'])
    const record = await on.ask('GET', `/executions/${String(body['executionId'])}`)
    assert.deepEqual(record.body['answer'], body)
    await assertAlive()
  })

test('an exception and a trap are answered as what they are', async () => {
  const threw = await execute('fail', { message: 'not today' })
  assert.equal(threw.status, 422)
  assert.equal(threw.body['error'], 'RangeError: not today')
  assert.deepEqual(threw.body['logs'], ['about to fail'])
  const trapped = await execute('trap', {})
  assert.equal((trapped.body['outcome'] as { trap: string }).trap, 'index-out-of-bounds')
})

test('limits above their ceiling are lowered, and the answer says so, whether it failed or not', async () => {
  const failed = await execute('trap', {}, { fuel: 1e13, wall: 5000 })
  const clamped = [{ limit: 'fuel', asked: 1e13, given: 1e12 }]
  assert.deepEqual(failed.body['clamped'], clamped)
  const { status, body } = await execute('echo', { text: 'x' }, { fuel: 1e13 })
  assert.equal(status, 200)
  assert.deepEqual(body['clamped'], clamped)
  const record = await on.ask('GET', `/executions/${String(body['executionId'])}`)
  assert.deepEqual((record.body['answer'] as { clamped: unknown }).clamped, clamped)
  assert.equal((await execute('echo', { text: 'x' }, { fuel: 1e6 })).body['clamped'], undefined)
})

test('a service may have ceilings of its own', async () => {
  const own = await startTestService({ ceilings: { fuel: 5000 } })
  await own.client.publish(troubleDocumentBytes())
  const { body } = await execute('spin', {}, { fuel: 100_000 }, own.ask)
  assert.deepEqual((body['clamped'] as { limit: string }[])[0], { limit: 'fuel', asked: 100_000, given: 5000 })
  assert.equal((body['usage'] as { fuel: number }).fuel, 5000)
  await stopTestService(own)
})

// Elsewhere the process ids of a service's workers cannot be had from outside; test/sandbox kills workers everywhere.
if (process.platform === 'linux')
  test('a worker killed in the middle of a run is a crash, and is replaced', async () => {
    const running = execute('spin', {}, { fuel: 1e12 })
    const before = await endedBy('exit')
    const killed = await killWorkers()
    const { status, body } = await running
    // The spare was killed too, and is not to be given the next run.
    for (let i = 0; i < 300 && (await endedBy('exit')) < before + killed; i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    assert.equal(status, 502)
    assert.equal((body['outcome'] as { kind: string }).kind, 'crashed')
    assert.equal(body['error'], 'the worker ended by SIGKILL')
    await assertAlive()
  })

test('more requests than may wait are turned away with Retry-After, and the service goes on', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => execute('spin', {}, { fuel: 20_000_000 })))
  const turnedAway = answers.filter(({ status }) => status === 503)
  assert.ok(turnedAway.length >= 1 && turnedAway.length <= 6, String(turnedAway.length))
  for (const { headers, body } of turnedAway) {
    assert.match(headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal(body['code'], 'ANRF5005')
  }
  assert.equal(answers.length - turnedAway.length, answers.filter(({ status }) => status === 422).length)
  await assertAlive()
})

test('a key with as many executions as it may have is told so, and can be answered later', async () => {
  const spinning = execute('spin', {}, { fuel: 1e12, wall: 1000 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { status, headers, body } = await execute('add', { a: 1, b: 2 }, { concurrency: 1 })
  assert.equal(status, 429)
  assert.equal(body['code'], 'ANRF5011')
  assert.match(headers.get('retry-after') ?? '', /^\d+$/)
  await spinning
  assert.equal((await execute('add', { a: 1, b: 2 }, { concurrency: 1 })).status, 200)
})

test('an execution may have a process of its own, which is gone afterwards', async () => {
  const before = await endedBy('retired')
  const options = { body: { inputs: { a: 1, b: 2 }, entry: 'add' } }
  assert.equal((await on.ask('POST', '/execute/trouble?process=fresh', options)).status, 200)
  for (let i = 0; i < 300 && (await endedBy('retired')) <= before; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok((await endedBy('retired')) > before)
  assert.equal((await on.ask('POST', '/execute/trouble?process=other', options)).status, 422)
})

test('a caller who leaves ends the execution', async () => {
  const controller = new AbortController()
  const options = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 }, signal: controller.signal }
  const running = on.client.execute('trouble', {}, options)
  setTimeout(() => controller.abort(), 100)
  assert.equal((await running).ok, false)
  // There is one worker: this only succeeds when the other run is over.
  await assertAlive()
})

test('a blob changed on disk is not run', async () => {
  const own = await startTestService()
  await own.client.publish(troubleDocumentBytes())
  for (const path of globSync(join(own.dir, 'blobs/??/*'))) writeFileSync(path, 'something else')
  const { status, body } = await execute('add', { a: 1, b: 2 }, {}, own.ask)
  assert.equal(status, 500)
  assert.equal(body['code'], 'ANRF5008')
  assert.equal(JSON.stringify(body).includes(own.dir), false)
  await stopTestService(own)
})

test('a port that is taken rejects the start and leaves nothing behind', async () => {
  const port = Number(new URL(on.service.url).port)
  await assert.rejects(startTestService({ port }), { code: 'EADDRINUSE' })
})

test('the first key is made by the first start that succeeds: one that fails shows none', async () => {
  const dir = freshDir()
  const port = Number(new URL(on.service.url).port)
  await assert.rejects(startTestService({ port }, { dir }), { code: 'EADDRINUSE' })
  await assert.rejects(startTestService({ metricsListen: { host: '127.0.0.1', port } }, { dir }), {
    code: 'EADDRINUSE',
  })
  const own = await startTestService({}, { dir })
  assert.ok(own.service.adminKey)
  await stopTestService(own)
})

test('two services on one store see the same artifacts, executions and keys', async () => {
  const other = await startTestService({}, { dir: on.dir, key: on.key })
  const { body } = await execute('add', { a: 20, b: 22 }, {}, other.ask)
  assert.deepEqual(body['output'], { result: 42 })
  assert.equal((await on.ask('GET', `/executions/${String(body['executionId'])}`)).status, 200)
  const versions = Array.from({ length: 10 }, (_, i) => troubleDocumentBytes(`7.0.${i}`))
  const published = await Promise.all(versions.map((bytes, i) => (i % 2 ? on : other).client.publish(bytes)))
  assert.ok(published.every((result) => result.ok))
  const same = troubleDocumentBytes('8.0.0')
  const twice = await Promise.all([on.client.publish(same), other.client.publish(same)])
  assert.ok(twice.every((result) => result.ok))
  await other.service.close()
  await assertAlive()
})

test('a stop waits for what runs, answers it, and turns new requests away', async () => {
  const own = await startTestService()
  await own.client.publish(troubleDocumentBytes())
  await assertAlive(own.ask)
  const running = execute('spin', {}, { fuel: 40_000_000 }, own.ask)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const closing = own.service.close()
  assert.equal(((await running).body['outcome'] as { limit: string }).limit, 'fuel')
  await closing
  await assert.rejects(own.ask('GET', '/livez'))
  await stopTestService(own)
})

type Served = { child: ChildProcess; url: string; key: string; lines: string[] }

async function serve(dir: string, key?: string): Promise<Served> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let rest = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop()!
    lines.push(...parts)
  })
  while (lines.length === 0) await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
  const first = JSON.parse(lines[0]!) as { url: string; key?: string }
  return { child, lines, url: first.url, key: first.key ?? key! }
}

/** How many workers have ended in this way. */
async function endedBy(kind: 'exit' | 'retired'): Promise<number> {
  const { body } = await on.ask('GET', '/readyz')
  return (body['workers'] as { counts: Record<string, number> }).counts[kind]!
}

/** Kills the worker processes of this process, once they had time to begin. */
async function killWorkers(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 150))
  const pids = workersOf(process.pid)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  return pids.length
}

/** The worker processes whose parent is `parent`, found in /proc. */
function workersOf(parent: number): number[] {
  const found: number[] = []
  for (const path of globSync('/proc/[0-9]*/cmdline')) {
    const [, , pid] = path.split('/')
    try {
      // proc(5): the fourth field of stat is the parent.
      const its = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]
      const isWorker = readFileSync(path, 'latin1').includes('worker-main.ts')
      if (isWorker && Number(its) === parent) found.push(Number(pid))
    } catch {
      // The process ended meanwhile.
    }
  }
  return found
}

test('what was answered before a SIGKILL of the service is on record after it', async () => {
  const dir = freshDir()
  const first = await serve(dir)
  const client = createClient(first)
  assert.ok((await client.publish(troubleDocumentBytes())).ok)
  const answered: string[] = []
  const load = Promise.all(
    [0, 1].map(async () => {
      for (;;) {
        const result = await client.execute('trouble', { a: 1, b: 2 }, { entry: 'add' })
        if (!result.ok) return
        answered.push(result.value.executionId)
      }
    }),
  )
  while (answered.length < 50) await new Promise((resolve) => setTimeout(resolve, 5))
  first.child.kill('SIGKILL')
  await load
  const second = await serve(dir, first.key)
  const ask = askerOf(second.url, first.key)
  for (const id of answered) assert.equal((await ask('GET', `/executions/${id}`)).status, 200)
  await assertAlive(ask)
  second.child.kill('SIGTERM')
  const [code] = (await once(second.child, 'exit')) as [number | null]
  assert.equal(code, 0)
  assert.equal(second.lines.at(-1), 'stopped')
})

// Elsewhere a worker finds out at its next log line or at the end of its run.
if (process.platform === 'linux')
  test('a worker ends with its service, whatever it is doing', async () => {
    const { child, url, key } = await serve(freshDir())
    const client = createClient({ url, key })
    await client.publish(troubleDocumentBytes())
    const running = client.execute('trouble', {}, { entry: 'spin', limits: { fuel: 1e12, wall: 600_000 } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const workers = workersOf(child.pid!)
    child.kill('SIGKILL')
    assert.ok(workers.length >= 1)
    assert.equal((await running).ok, false)
    while (workers.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10))
  })

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
