// Executions that are accepted before they run: Prefer, deadlines, priorities, cancelling, restarts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readPrefer } from '../../src/service/http/prefer.ts'
import { openStore } from '../../src/store/index.ts'
import { askerOf, freshDir, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  on = await startTestService({ acceptedMax: 40, acceptedPerPrincipalMax: 30 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const SPIN = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } }
const ADD = { entry: 'add', inputs: { a: 1, b: 2 } }

type Options = { readonly prefer?: string; readonly key?: string; readonly ask?: TestService['ask'] }
const execute = (
  body: object,
  { prefer = 'respond-async', key = on.key, ask = on.ask }: Options = {},
): Promise<Answer> => ask('POST', '/execute/trouble', { body, key, headers: { prefer } })
const read = (id: string, ask = on.ask): Promise<Answer> => ask('GET', `/executions/${id}`)
const cancel = (id: string, key = on.key): Promise<Answer> => on.ask('POST', `/executions/${id}/cancel`, { key })
const idOf = ({ body }: Answer): string => String(body['executionId'])

async function untilEnded(id: string, ask = on.ask): Promise<Answer> {
  for (let i = 0; i < 3000; i++) {
    const answer = await read(id, ask)
    if (answer.body['finishedAt'] !== undefined && answer.body['outcome'] !== 'suspended') return answer
    await sleep(10)
  }
  throw new Error(`${id} does not end`)
}

async function untilRunning(id: string): Promise<void> {
  for (let i = 0; i < 500 && (await read(id)).body['outcome'] !== 'running'; i++) await sleep(10)
}

async function newKey(scopes: string[]): Promise<string> {
  return String((await on.ask('POST', '/keys', { body: { label: 'test', scopes } })).body['key'])
}

test('the field Prefer is read as RFC 7240 says, and what is not known is ignored', () => {
  const waits = (field: string | undefined): unknown => readPrefer(field)?.applied
  assert.equal(waits(undefined), undefined)
  assert.equal(waits('return=minimal'), undefined)
  assert.equal(waits('respond-async'), 'respond-async')
  assert.equal(waits('Respond-Async, WAIT=10'), 'respond-async, wait=10')
  assert.equal(waits('foo; some="a, b", wait = "5"; x=1'), 'wait=5')
  assert.equal(waits('wait=1, wait=2'), 'wait=1')
  for (const bad of ['wait=-1', 'wait=x', 'wait', 'wait=1.5', '=,;;', ',']) assert.equal(waits(bad), undefined, bad)
  assert.equal(waits('wait=999999'), 'wait=600')
})

test('an accepted execution is answered 202 with its place, and runs', async () => {
  const accepted = await execute(ADD)
  assert.equal(accepted.status, 202)
  assert.equal(accepted.headers.get('location'), `/executions/${idOf(accepted)}`)
  assert.equal(accepted.headers.get('preference-applied'), 'respond-async')
  assert.equal(accepted.body['outcome'], 'queued')
  const { body } = await untilEnded(idOf(accepted))
  assert.deepEqual((body['answer'] as { output: unknown }).output, { result: 3 })
})

test('who would rather wait gets the answer itself if it comes in time, and 202 otherwise', async () => {
  const quick = await execute(ADD, { prefer: 'respond-async, wait=30' })
  assert.equal(quick.status, 200)
  assert.equal(quick.headers.get('preference-applied'), 'respond-async, wait=30')
  assert.deepEqual(quick.body['output'], { result: 3 })
  const failed = await execute({ entry: 'fail', inputs: { message: 'no' } }, { prefer: 'wait=30' })
  assert.equal(failed.status, 422)
  assert.match(failed.headers.get('content-type') ?? '', /problem\+json/)
  const slow = await execute(SPIN, { prefer: 'wait=1' })
  assert.equal(slow.status, 202)
  assert.equal((await cancel(idOf(slow))).status, 200)
})

test('what does not fit is refused before it is accepted', async () => {
  const { status, body } = await execute({ entry: 'add', inputs: { a: 1 } })
  assert.equal(status, 422)
  assert.equal(body['progress'], 'not-started')
  const missing = await on.ask('POST', '/execute/nobody', { body: ADD, headers: { prefer: 'respond-async' } })
  assert.equal(missing.status, 404)
  assert.equal(missing.body['progress'], 'not-started')
})

test('an execution is cancelled where it is: waiting or running; twice is once; what has ended is a conflict', async () => {
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const waiting = idOf(await execute(ADD))
  assert.equal((await read(waiting)).body['outcome'], 'queued')

  const unbegun = await cancel(waiting)
  assert.equal(unbegun.status, 200)
  assert.equal(unbegun.body['outcome'], 'cancelled')
  assert.equal((unbegun.body['answer'] as { progress: string }).progress, 'not-started')

  const begun = await cancel(running)
  assert.equal(begun.status, 200)
  const { progress, logs } = begun.body['answer'] as { progress: string; logs: string[] }
  assert.deepEqual([progress, logs], ['ended', ['before']])

  assert.deepEqual((await cancel(running)).body, begun.body)
  assert.deepEqual((await cancel(waiting)).body, unbegun.body)
  const ended = idOf(await execute(ADD, { prefer: 'wait=30' }))
  const late = await cancel(ended)
  assert.deepEqual([late.status, late.body['code']], [409, 'ANRF5040'])
  assert.equal((await cancel('01a207e0-6e40-77fa-9a9a-ec738ad6e677')).status, 404)
})

test('executions of another key can be neither seen nor cancelled', async () => {
  const running = idOf(await execute(SPIN))
  const key = await newKey(['execute', 'read'])
  assert.equal((await cancel(running, key)).status, 404)
  assert.equal((await on.ask('GET', `/executions/${running}`, { key })).status, 404)
  await cancel(running)
})

test('an execution that another process of the same store runs is cancelled', async () => {
  const other = await startTestService({}, { dir: on.dir, key: on.key })
  const id = idOf(await execute(SPIN, { ask: other.ask }))
  await untilRunning(id)
  const { status } = await cancel(id)
  assert.ok(status === 200 || status === 202, String(status))
  assert.equal((await untilEnded(id)).body['outcome'], 'cancelled')
  await other.service.close()
})

test('what has not begun by its deadline does not run', async () => {
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const late = idOf(await execute({ ...ADD, timeout: 50 }))
  const inTime = idOf(await execute({ ...ADD, deadline: new Date(Date.now() + 3_600_000).toISOString() }))
  const { body } = await untilEnded(late)
  const answer = body['answer'] as { status: number; progress: string; outcome: { kind: string } }
  assert.deepEqual([answer.status, answer.progress, answer.outcome.kind], [504, 'not-started', 'expired'])
  await cancel(running)
  assert.equal((await untilEnded(inTime)).body['outcome'], 'returned')
})

test('a deadline holds for who waits for the answer too', async () => {
  const past = await on.ask('POST', '/execute/trouble', { body: { ...ADD, deadline: '2001-01-01T00:00:00Z' } })
  assert.deepEqual([past.status, (past.body['outcome'] as { kind: string }).kind], [504, 'expired'])
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const { status, body } = await on.ask('POST', '/execute/trouble', { body: { ...ADD, timeout: 100 } })
  assert.deepEqual([status, body['progress']], [504, 'not-started'])
  await cancel(running)
  for (const wrong of [
    { deadline: 'tomorrow' },
    { deadline: '2026-12-31T23:59:60Z' },
    { timeout: 0 },
    { timeout: 1.5 },
  ])
    assert.equal((await on.ask('POST', '/execute/trouble', { body: { ...ADD, ...wrong } })).status, 422)
})

test('what is urgent is begun first, and only who may can say that it is', async () => {
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const ids = { low: '', normal: '', high: '' }
  for (const priority of ['low', 'normal', 'high'] as const) ids[priority] = idOf(await execute({ ...ADD, priority }))
  const key = await newKey(['execute'])
  const refused = await execute({ ...ADD, priority: 'high' }, { key })
  assert.deepEqual([refused.status, refused.body['code']], [403, 'ANRF5002'])
  assert.equal((await execute({ ...ADD, priority: 'urgent' })).status, 422)
  await cancel(running)
  const ended = await Promise.all(Object.values(ids).map((id) => untilEnded(id)))
  const [low, normal, high] = ended.map(({ body }) => String(body['finishedAt']))
  assert.ok(high! <= normal! && normal! <= low!, `${high} ${normal} ${low}`)
})

test('principals take turns, whatever one of them has queued', async () => {
  const key = await newKey(['execute', 'read'])
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const many = await Promise.all(Array.from({ length: 20 }, () => execute(ADD)))
  const one = idOf(await execute(ADD, { key }))
  await cancel(running)
  const last = (await Promise.all(many.map((answer) => untilEnded(idOf(answer))))).map(({ body }) =>
    String(body['finishedAt']),
  )
  const mine = (await untilEnded(one)).body['finishedAt'] as string
  assert.ok(last.filter((at) => at < mine).length <= 3, 'it waited behind all that another one asked for')
})

test('no more are accepted than may wait: of all 503, of one key 429', async () => {
  const running = idOf(await execute(SPIN))
  await untilRunning(running)
  const own = await Promise.all(Array.from({ length: 35 }, () => execute(ADD)))
  const refused = own.filter(({ status }) => status !== 202)
  assert.equal(refused.length, 5)
  for (const { status, headers, body } of refused) {
    assert.deepEqual([status, body['code'], body['progress']], [429, 'ANRF5011', 'not-started'])
    assert.match(headers.get('retry-after') ?? '', /^\d+$/)
  }
  const key = await newKey(['execute'])
  const others = await Promise.all(Array.from({ length: 12 }, () => execute(ADD, { key })))
  assert.deepEqual(others.map(({ status }) => status).sort(), [...Array(10).fill(202), 503, 503])
  await cancel(running)
  for (const answer of own) if (answer.status === 202) await untilEnded(idOf(answer))
})

test('what was accepted is in the store: it is taken up by the next start, and by another process', async () => {
  const dir = freshDir()
  const first = await startTestService({ drainMs: 0 }, { dir })
  await first.client.publish(troubleDocumentBytes())
  const running = idOf(
    await execute({ ...SPIN, limits: { fuel: 1e12, wall: 1500 } }, { key: first.key, ask: first.ask }),
  )
  const waiting = await Promise.all(Array.from({ length: 5 }, () => execute(ADD, { key: first.key, ask: first.ask })))
  // A second process is there when the first one ends.
  const second = await startTestService({}, { dir, key: first.key })
  await first.service.close()
  try {
    const ask = askerOf(second.service.url, first.key)
    for (const answer of waiting) assert.equal((await untilEnded(idOf(answer), ask)).body['outcome'], 'returned')
    assert.equal((await untilEnded(running, ask)).body['outcome'], 'limited')
  } finally {
    await second.service.close()
  }
  const store = await openStore(dir)
  assert.deepEqual(await store.sql.query('select * from run'), [])
  store.close()
})
