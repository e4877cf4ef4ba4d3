// One program, many inputs: progress, results by position, partial failure, cancelling, restarts.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
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
  on = await startTestService({ workers: 2, batchItemsMax: 200 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const begin = async (body: object, ask: Ask = on.ask): Promise<string> => {
  const { status, body: answer, headers } = await ask('POST', '/batches', { body: { program: 'trouble', ...body } })
  assert.equal(status, 202, JSON.stringify(answer))
  assert.equal(headers.get('location'), `/batches/${String(answer['batchId'])}`)
  return String(answer['batchId'])
}

async function untilEnded(id: string, ask: Ask = on.ask): Promise<Answer> {
  for (let i = 0; i < 600; i++) {
    const answer = await ask('GET', `/batches/${id}`)
    if (answer.body['state'] === 'ended') return answer
    await sleep(20)
  }
  throw new Error(`batch ${id} does not end`)
}

async function linesOf(
  id: string,
  query = '',
): Promise<readonly { position: number; outcome: string; answer?: object }[]> {
  const response = await fetch(`${on.service.url}/batches/${id}/results${query}`, {
    headers: { authorization: `Bearer ${on.key}`, accept: 'application/jsonl' },
  })
  assert.equal(response.headers.get('content-type'), 'application/jsonl')
  const text = await response.text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { position: number; outcome: string })
}

const numbers = (n: number): object[] => Array.from({ length: n }, (_, i) => ({ a: i, b: 1 }))

test('every item is an execution; results stand by position, and some may fail', async () => {
  const inputs = [...numbers(20), { a: 'x', b: 1 }, { a: 1 }]
  const id = await begin({ entry: 'add', inputs, concurrency: 4 })
  const { body } = await untilEnded(id)
  assert.deepEqual([body['items'], body['done'], body['outcomes']], [22, 22, { returned: 20, refused: 2 }])
  const lines = await linesOf(id)
  assert.deepEqual(
    lines.map(({ position }) => position),
    inputs.map((_, i) => i),
  )
  const results = lines.map(({ answer }) => (answer as { output?: { result: number } }).output?.result)
  assert.deepEqual(results, [...numbers(20).map((_, i) => i + 1), undefined, undefined])
  const listed = await on.ask('GET', `/executions?batch=${id}&limit=100`)
  assert.equal((listed.body['executions'] as unknown[]).length, 22)
  const page = await on.ask('GET', `/batches/${id}/results?limit=5&after=9`)
  assert.deepEqual(
    (page.body['results'] as { position: number }[]).map(({ position }) => position),
    [10, 11, 12, 13, 14],
  )
  assert.equal(page.body['next'], '14')
})

test('inputs may come as JSON lines, and results go out as they come', async () => {
  const body = numbers(12)
    .map((one) => JSON.stringify(one))
    .join('\n')
  const type = 'application/jsonl'
  const { status, body: answer } = await on.ask('POST', '/batches?program=trouble&entry=add', { body, type })
  assert.equal(status, 202, JSON.stringify(answer))
  const lines = await linesOf(String(answer['batchId']), '?follow=true')
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    Array.from({ length: 12 }, () => 'returned'),
  )
  const broken = await on.ask('POST', '/batches?program=trouble&entry=add', { body: '{}\n{', type })
  assert.deepEqual([broken.status, broken.body['error']?.toString().startsWith('line 2')], [400, true])
  assert.equal((await on.ask('POST', '/execute/trouble', { body: '{}', type })).status, 415)
})

test('what is wrong for all items is said at once, and nothing is begun', async () => {
  const ask = (body: object): Promise<Answer> => on.ask('POST', '/batches', { body })
  const codes = [
    await ask({ program: 'nobody', inputs: [{}] }),
    await ask({ program: 'trouble', entry: 'nothing', inputs: [{}] }),
    await ask({ program: 'trouble', entry: 'add', inputs: [] }),
    await ask({ program: 'trouble', entry: 'add', inputs: numbers(201) }),
    await ask({ entry: 'add', inputs: [{}] }),
  ].map(({ status, body }) => `${status} ${String(body['code'])} ${String(body['progress'])}`)
  assert.deepEqual(codes, [
    '404 ANRF5003 not-started',
    '422 ANRF1105 not-started',
    '422 ANRF5044 not-started',
    '422 ANRF5044 not-started',
    '422 ANRF5004 not-started',
  ])
})

test('a cancelled batch ends what runs and begins nothing more', async () => {
  const id = await begin({ entry: 'spin', limits: { fuel: 1e12, wall: 60_000 }, inputs: numbers(6).map(() => ({})) })
  await sleep(400)
  const cancelled = await on.ask('POST', `/batches/${id}/cancel`)
  assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
  const { body } = await untilEnded(id)
  assert.deepEqual(body['outcomes'], { cancelled: 6 })
  assert.equal((await on.ask('POST', `/batches/${id}/cancel`)).status, 200)
  const ended = await begin({ entry: 'add', inputs: numbers(1) })
  await untilEnded(ended)
  assert.equal((await on.ask('POST', `/batches/${ended}/cancel`)).status, 409)
})

test('at its deadline a batch ends what has not begun, whatever still runs', async () => {
  const spin = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 }, inputs: numbers(6).map(() => ({})) }
  const id = await begin({ ...spin, concurrency: 1, timeout: 700 })
  const outcomes = async (): Promise<Record<string, number>> =>
    (await on.ask('GET', `/batches/${id}`)).body['outcomes'] as Record<string, number>
  for (let i = 0; i < 200 && (await outcomes())['expired'] !== 5; i++) await sleep(20)
  assert.deepEqual(await outcomes(), { pending: 1, expired: 5 })
  const lines = await linesOf(id)
  assert.deepEqual(
    lines.map((line) => line),
    [1, 2, 3, 4, 5].map((position) => ({ position, outcome: 'expired', status: 504 })),
  )
  await on.ask('POST', `/batches/${id}/cancel`)
  assert.deepEqual((await untilEnded(id)).body['outcomes'], { cancelled: 1, expired: 5 })
  const late = await begin({ entry: 'add', inputs: numbers(200), deadline: '2001-01-01T00:00:00Z' })
  assert.deepEqual((await untilEnded(late)).body['outcomes'], { expired: 200 })
})

test('at its deadline a batch ends what waits for rights', async () => {
  const made = await on.ask('POST', '/keys', { body: { label: 'late', scopes: ['execute', 'read'] } })
  const ask = askerOf(on.service.url, String(made.body['key']))
  const spin = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } }
  const busy = await begin({ ...spin, inputs: [{}, {}], concurrency: 2 })
  const id = await begin({ entry: 'add', inputs: numbers(9), concurrency: 3, timeout: 600 }, ask)
  await on.ask('DELETE', `/keys/${String(made.body['id'])}`)
  assert.deepEqual((await untilEnded(id)).body['outcomes'], { expired: 9 })
  await on.ask('POST', `/batches/${busy}/cancel`)
  await untilEnded(busy)
})

test('a batch of another key is not there, and one with a key is made once', async () => {
  const made = await on.ask('POST', '/keys', { body: { label: 'other', scopes: ['execute', 'read'] } })
  const key = String(made.body['key'])
  const id = await begin({ entry: 'add', inputs: numbers(1) })
  for (const path of [`/batches/${id}`, `/batches/${id}/results`])
    assert.equal((await on.ask('GET', path, { key })).status, 404)
  assert.equal((await on.ask('POST', `/batches/${id}/cancel`, { key })).status, 404)
  const ask = (): Promise<Answer> =>
    on.ask('POST', '/batches', {
      body: { program: 'trouble', entry: 'add', inputs: numbers(2) },
      headers: { 'idempotency-key': 'batch' },
    })
  const [first, second] = [await ask(), await ask()]
  assert.deepEqual(second.body, first.body)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
})

test('a batch is gone on with after a restart, and every item is done once', async () => {
  const dir = freshDir()
  const first = await startTestService({ drainMs: 0 }, { dir })
  await first.client.publish(troubleDocumentBytes())
  const id = await begin({ entry: 'add', inputs: numbers(60) }, first.ask)
  while (Number((await first.ask('GET', `/batches/${id}`)).body['done']) < 5) await sleep(5)
  await first.service.close()
  const second = await startTestService({}, { dir, key: first.key })
  const ask = askerOf(second.service.url, first.key)
  const { body } = await untilEnded(id, ask)
  assert.deepEqual(body['outcomes'], { returned: 60 })
  const { body: page } = await ask('GET', `/batches/${id}/results?limit=100`)
  const results = page['results'] as { position: number; answer: { output: { result: number } } }[]
  for (const { position, answer } of results) assert.equal(answer.output.result, position + 1)
  await second.service.close()
})

test('a batch that may not go on keeps nobody else waiting, and goes on when its rights are back', async () => {
  const made = await on.ask('POST', '/keys', { body: { label: 'gone', scopes: ['execute', 'read'] } })
  const id = await begin(
    { entry: 'add', inputs: numbers(200), concurrency: 16 },
    askerOf(on.service.url, String(made.body['key'])),
  )
  await on.ask('DELETE', `/keys/${String(made.body['id'])}`)
  const others = await begin({ entry: 'add', inputs: numbers(4) })
  assert.deepEqual((await untilEnded(others)).body['outcomes'], { returned: 4 })
  const { body: waiting } = await on.ask('GET', `/batches/${id}`)
  assert.equal(waiting['state'], 'running')
  assert.ok(Number(waiting['done']) < 200, JSON.stringify(waiting))
  const body = { label: 'back', scopes: ['execute'], principal: waiting['principal'] }
  assert.equal((await on.ask('POST', '/keys', { body })).status, 201)
  assert.deepEqual((await untilEnded(id)).body['outcomes'], { returned: 200 })
})

test('items beyond a quota wait until it fills again, and are not lost', async () => {
  const quotas = { 'program-requests': { quota: 3, windowSeconds: 1 } }
  assert.equal((await on.ask('PUT', '/tenants/default/quotas', { body: quotas })).status, 200)
  const id = await begin({ entry: 'add', inputs: numbers(8) })
  assert.deepEqual((await untilEnded(id)).body['outcomes'], { returned: 8 })
  await on.ask('PUT', '/tenants/default/quotas', { body: {} })
})

test('a key is free again when the store failed before there was a batch', async (t) => {
  const dir = freshDir()
  const first = await startTestService({}, { dir })
  await first.client.publish(troubleDocumentBytes())
  await first.service.close()
  const file = readdirSync(join(dir, 'blobs'), { recursive: true, withFileTypes: true }).find((one) => one.isFile())
  const path = join(file!.parentPath, file!.name)
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.subarray(1))
  const second = await startTestService({}, { dir, key: first.key })
  t.after(() => second.service.close())
  const ask = (): Promise<Answer> =>
    askerOf(second.service.url, first.key)('POST', '/batches', {
      body: { program: 'trouble', entry: 'add', inputs: numbers(1) },
      headers: { 'idempotency-key': 'once' },
    })
  assert.equal((await ask()).status, 500)
  writeFileSync(path, bytes)
  assert.equal((await ask()).status, 202)
})
