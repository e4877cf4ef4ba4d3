// Accepted executions over a concurrency limit: they wait without a place, in their order, and are not lost.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '../../src/store/index.ts'
import { startProcess } from '../durability/service-process.ts'
import {
  askerOf,
  freshDir,
  startTestService,
  stopTestService,
  type Answer,
  type Ask,
  type TestService,
} from './harness.ts'
import { troubleDocumentBytes, wideDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  const quotas = { 'principal-concurrency': { quota: 1, windowSeconds: 1 } }
  on = await startTestService({ workers: 2, processes: 4, quotas })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const SPIN = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } }
const ADD = { entry: 'add', inputs: { a: 1, b: 2 } }

const accept = async (body: object, ask: Ask = on.ask): Promise<string> => {
  const { status, body: answer } = await ask('POST', '/execute/trouble', { body, headers: { prefer: 'respond-async' } })
  assert.equal(status, 202, JSON.stringify(answer))
  return String(answer['executionId'])
}
const read = async (id: string, ask: Ask = on.ask): Promise<Answer['body']> =>
  (await ask('GET', `/executions/${id}`)).body
const cancel = (id: string): Promise<Answer> => on.ask('POST', `/executions/${id}/cancel`)

async function until(id: string, outcome: string, ask: Ask = on.ask): Promise<Answer['body']> {
  for (let i = 0; i < 3000; i++) {
    const body = await read(id, ask)
    if (body['outcome'] === outcome) return body
    await sleep(10)
  }
  throw new Error(`${id} does not come to ${outcome}: ${JSON.stringify(await read(id, ask))}`)
}

async function othersAsk(): Promise<Ask> {
  const { body } = await on.ask('POST', '/keys', { body: { label: 'other', scopes: ['execute', 'read'] } })
  return askerOf(on.service.url, String(body['key']))
}

const many = async (n: number, body: object, ask?: Ask): Promise<readonly string[]> => {
  const ids: string[] = []
  for (let i = 0; i < n; i++) ids.push(await accept(body, ask))
  return ids
}

test('fifty long executions of a principal that may have one at once do not delay the execution of another', async () => {
  const [first, ...waiting] = await many(50, SPIN)
  await until(first!, 'running')
  const ask = await othersAsk()
  for (let i = 0; i < 3; i++) await until(await accept(ADD, ask), 'returned', ask)
  assert.equal((await read(first!))['outcome'], 'running')
  for (const id of waiting) assert.equal((await cancel(id)).body['outcome'], 'cancelled')
  const { body } = await cancel(first!)
  assert.deepEqual([body['outcome'], (body['answer'] as { progress: string }).progress], ['cancelled', 'ended'])
})

test('they begin in the order in which they were accepted', async () => {
  const ids = await many(20, ADD)
  const ended = await Promise.all(ids.map((id) => until(id, 'returned')))
  const times = ended.map(({ finishedAt }) => String(finishedAt))
  assert.deepEqual(times.toSorted(), times)
})

test('of those that wait the urgent one is begun first', async () => {
  const running = await accept(SPIN)
  await until(running, 'running')
  const low = await many(3, { ...ADD, priority: 'low' })
  const high = await accept({ ...ADD, priority: 'high' })
  await cancel(running)
  const at = async (id: string): Promise<string> => String((await until(id, 'returned'))['finishedAt'])
  const first = await at(high)
  const ends = await Promise.all(low.map(at))
  // One that is just being tried when there is room goes first, whatever it is.
  assert.ok(ends.filter((one) => one < first).length <= 1, `${first} ${ends.join(' ')}`)
})

test('what has not begun by its deadline does not run, also when it is not the first of those that wait', async () => {
  const running = await accept(SPIN)
  await until(running, 'running')
  const late = await many(3, { ...ADD, timeout: 300 })
  for (const id of late) {
    const { answer } = await until(id, 'expired')
    assert.equal((answer as { progress: string }).progress, 'not-started')
  }
  assert.equal((await read(running))['outcome'], 'running')
  await cancel(running)
})

test('what one program may have at once keeps no other program of the same principal', async () => {
  await on.client.publish(wideDocumentBytes('1.0.0', 'wide'))
  const quotas = { 'principal-concurrency': null, 'program-concurrency': { quota: 1, windowSeconds: 1 } }
  assert.equal((await on.ask('PUT', '/tenants/default/quotas', { body: quotas })).status, 200)
  const [running, ...waiting] = await many(10, SPIN)
  await until(running!, 'running')
  const refused = await on.ask('POST', '/execute/trouble', { body: ADD })
  assert.deepEqual([refused.status, refused.body['violatedPolicies']], [429, ['program-concurrency']])
  const { body } = await on.ask('POST', '/execute/wide', { body: ADD, headers: { prefer: 'respond-async' } })
  await until(String(body['executionId']), 'returned')
  assert.equal((await read(running!))['outcome'], 'running')
  for (const id of [...waiting, running!]) await cancel(id)
  assert.equal((await on.ask('PUT', '/tenants/default/quotas', { body: {} })).status, 200)
})

test('SIGKILL while executions wait over the limit loses none, and none is done twice', async () => {
  const dir = freshDir()
  const env = { ANRF_WORKERS: '2', ANRF_QUOTAS: 'principal-concurrency=1' }
  const first = await startProcess(dir, env)
  const key = first.key!
  const ask = askerOf(first.url, key)
  await ask('POST', '/artifacts', { body: troubleDocumentBytes(), type: 'application/octet-stream' })
  const ids = [
    await accept({ ...SPIN, limits: { fuel: 1e12, wall: 1500 } }, ask),
    ...(await many(20, ADD, ask)),
    await accept({ ...ADD, timeout: 3_600_000 }, ask),
  ]
  await until(ids[0]!, 'running', ask)
  await first.kill()
  const second = await startProcess(dir, env)
  const again = askerOf(second.url, key)
  await until(ids[0]!, 'limited', again)
  for (const id of ids.slice(1)) await until(id, 'returned', again)
  await second.stop()
  const store = await openStore(dir)
  assert.deepEqual(await store.sql.query('select * from run'), [])
  assert.equal((await store.sql.query('select id from execution')).length, ids.length)
  store.close()
})
