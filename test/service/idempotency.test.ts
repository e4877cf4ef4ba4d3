// Requests with an Idempotency-Key are done once: repeated, at the same time, and across kills of the service.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Verifier } from '../../src/service/flow/verifier.ts'
import { openStore } from '../../src/store/index.ts'
import { startProcess, type ServiceProcess } from '../durability/service-process.ts'
import { makeRandom } from '../ir/random.ts'
import { askerOf, freshDir, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  on = await startTestService({ workers: 2 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const ADD = { entry: 'add', inputs: { a: 1, b: 2 } }
type Options = { readonly prefer?: string; readonly key?: string }
const execute = (field: string, body: object = ADD, { prefer, key = on.key }: Options = {}): Promise<Answer> =>
  on.ask('POST', '/execute/trouble', {
    body,
    key,
    headers: { 'idempotency-key': field, ...(prefer !== undefined && { prefer }) },
  })
const idOf = ({ body }: Answer): string => String(body['executionId'])

test('the same request with the same key is answered the same, and done once', async () => {
  const key = randomUUID()
  const first = await execute(key)
  assert.equal(first.headers.get('idempotent-replayed'), null)
  const second = await execute(`"${key}"`)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(second.body, first.body)
  assert.equal(second.headers.get('location'), first.headers.get('location'))
  const failed = await execute('fails', { entry: 'fail', inputs: { message: 'x' } })
  assert.equal(failed.status, 422)
  assert.deepEqual((await execute('fails', { entry: 'fail', inputs: { message: 'x' } })).body, failed.body)
})

/** Asks for an execution that goes on until it is ended, and leaves when `until` says so. */
async function leave(field: string, body: object, until: () => Promise<unknown>): Promise<void> {
  const leaving = new AbortController()
  const asked = fetch(`${on.service.url}/execute/trouble`, {
    method: 'POST',
    headers: { authorization: `Bearer ${on.key}`, 'content-type': 'application/json', 'idempotency-key': field },
    body: JSON.stringify(body),
    signal: leaving.signal,
  })
  await until()
  leaving.abort()
  await assert.rejects(asked, { name: 'AbortError' })
}

const LONG = { entry: 'spin', inputs: {}, limits: { fuel: 30_000_000 } }

async function untilOneRuns(): Promise<void> {
  for (;;) {
    const { workers } = (await on.ask('GET', '/readyz')).body as { workers: { running: number } }
    if (workers.running === 1) return
  }
}

test('a caller who lost the connection asks again, and has the result of another execution', async () => {
  await leave('lost', LONG, untilOneRuns)
  let again = await execute('lost', LONG)
  while (again.body['code'] === 'ANRF5042') again = await execute('lost', LONG)
  assert.equal((again.body['outcome'] as Record<string, unknown>)['kind'], 'limited', JSON.stringify(again.body))
  assert.equal(again.headers.get('idempotent-replayed'), null)
  assert.equal(idOf(await execute('lost', LONG)), idOf(again))
  const { body } = await on.ask('GET', '/executions?outcome=cancelled')
  assert.equal((body['executions'] as unknown[]).length, 1)
})

test('inputs may have half of a surrogate pair, as any text of a program may', async () => {
  const half = { entry: 'total', inputs: { lines: [], label: '\ud83d' } }
  const [first, second] = [await execute('half', half), await execute('half', half)]
  assert.deepEqual([first.status, second.body], [200, first.body])
  const other = await execute('half', { ...half, inputs: { ...half.inputs, label: '\ufffd' } })
  assert.equal(other.body['code'], 'ANRF5043')
  assert.equal((await on.ask('GET', `/executions/${idOf(first)}/receipt`)).status, 200)
})

test('a key belongs to who uses it, and to one request', async () => {
  const made = await on.ask('POST', '/keys', { body: { label: 'other', scopes: ['execute'] } })
  const first = await execute('mine')
  const other = await execute('mine', ADD, { key: String(made.body['key']) })
  assert.notEqual(idOf(first), idOf(other))
  const changed = await execute('mine', { ...ADD, inputs: { a: 2, b: 2 } })
  assert.deepEqual([changed.status, changed.body['code']], [422, 'ANRF5043'])
  const target = await on.ask('POST', '/execute/trouble?mode=jit', {
    body: ADD,
    headers: { 'idempotency-key': 'mine' },
  })
  assert.equal(target.status, 422)
  for (const wrong of ['""', '"a', 'a b', 'x'.repeat(256), '"a"; b']) {
    const { status, body } = await execute(wrong)
    assert.deepEqual([status, body['code'], body['progress']], [400, 'ANRF5041', 'not-started'])
  }
})

test('of many at the same time one is done; the others are told so, or get its answer', async () => {
  for (const prefer of [undefined, 'respond-async']) {
    const key = randomUUID()
    const options = prefer === undefined ? {} : { prefer }
    const answers = await Promise.all(Array.from({ length: 20 }, () => execute(key, ADD, options)))
    const done = answers.filter(({ status }) => status === 200 || status === 202)
    assert.equal(new Set(done.map(idOf)).size, 1)
    const refused = answers.filter(({ status }) => status === 409)
    assert.equal(done.length + refused.length, 20)
    for (const { body } of refused) assert.equal(body['code'], 'ANRF5042')
    assert.equal(done.filter(({ headers }) => headers.get('idempotent-replayed') === null).length, 1)
  }
})

test('an accepted request is answered with its place again, or with its answer for who would wait', async () => {
  const key = randomUUID()
  const first = await execute(key, ADD, { prefer: 'respond-async' })
  const again = await execute(key, ADD, { prefer: 'respond-async' })
  assert.deepEqual([again.status, again.body], [202, first.body])
  while ((await on.ask('GET', `/executions/${idOf(first)}`)).body['outcome'] !== 'returned') await sleep(10)
  const ended = await execute(key, ADD, { prefer: 'wait=1' })
  assert.deepEqual([ended.status, ended.headers.get('idempotent-replayed')], [200, 'true'])
})

test('what came to nothing can be asked for again with the same key', async () => {
  const missing = await on.ask('POST', '/execute/later', { body: ADD, headers: { 'idempotency-key': 'later' } })
  assert.equal(missing.status, 404)
  const again = await on.ask('POST', '/execute/later', { body: ADD, headers: { 'idempotency-key': 'later' } })
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [404, null])
})

test('a key is not stuck when the store takes neither the execution nor that nothing came of it', async () => {
  let lock: DatabaseSync | undefined
  const verifier: Verifier = {
    name: 'meanwhile',
    before: async () => {
      // Another process holds the store for longer than anybody waits: the request has its key by now.
      if (isToBeHeld) (lock = new DatabaseSync(join(own.dir, 'anrf.sqlite'))).exec('begin immediate')
      return { ok: true }
    },
  }
  let isToBeHeld = true
  const own = await startTestService({ verifiers: [verifier] })
  await own.client.publish(troubleDocumentBytes())
  const ask = (headers: Readonly<Record<string, string>>): Promise<Answer> =>
    own.ask('POST', '/execute/trouble', { body: ADD, headers: { prefer: 'respond-async', ...headers } })
  const refused = await ask({ 'idempotency-key': 'held' })
  lock!.close()
  assert.deepEqual([refused.status, refused.body['code'], refused.body['progress']], [503, 'ANRF5005', 'not-started'])
  isToBeHeld = false
  const again = await ask({ 'idempotency-key': 'held' })
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [202, null], JSON.stringify(again.body))
  // For other processes of the store it is given back as soon as the store takes it.
  const store = await openStore(own.dir)
  const unsettled = async (): Promise<number> =>
    (await store.sql.query('select key from idempotency where settled = 0')).length
  while ((await unsettled()) > 0) await sleep(50)
  assert.equal((await ask({ 'idempotency-key': 'held' })).headers.get('idempotent-replayed'), 'true')
  store.close()
  await stopTestService(own)
})

test('a key is forgotten after its time', async () => {
  const own = await startTestService({ idempotencyMs: 1 })
  await own.client.publish(troubleDocumentBytes())
  const ask = (): Promise<Answer> =>
    own.ask('POST', '/execute/trouble', { body: ADD, headers: { 'idempotency-key': 'short' } })
  const first = await ask()
  await sleep(5)
  assert.notEqual(idOf(await ask()), idOf(first))
  await stopTestService(own)
})

test('kills between a request and its answer never make two executions of one key', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const random = makeRandom(seed)
  const dir = freshDir()
  let service: ServiceProcess = await startProcess(dir, {})
  const key = service.key!
  await askerOf(service.url, key)('POST', '/artifacts', {
    body: troubleDocumentBytes(),
    type: 'application/octet-stream',
  })
  const KEYS = 8
  for (let round = 0; round < 4; round++) {
    const ask = askerOf(service.url, key)
    const asked = Array.from({ length: KEYS }, (_, i) =>
      ask('POST', '/execute/trouble', {
        body: { ...ADD, inputs: { a: i, b: round } },
        headers: { 'idempotency-key': `${round}-${i}`, ...(i % 2 === 0 && { prefer: 'respond-async' }) },
      }).catch(() => undefined),
    )
    await sleep(random.int(60))
    await service.kill()
    const before = await Promise.all(asked)
    service = await startProcess(dir, {})
    const again = askerOf(service.url, key)
    for (let i = 0; i < KEYS; i++) {
      const options = {
        body: { ...ADD, inputs: { a: i, b: round } },
        headers: { 'idempotency-key': `${round}-${i}`, ...(i % 2 === 0 && { prefer: 'respond-async' }) },
      }
      const answer = await again('POST', '/execute/trouble', options)
      assert.ok(answer.status === 200 || answer.status === 202, JSON.stringify(answer.body))
      const acknowledged = before[i]
      if (acknowledged) assert.equal(idOf(answer), idOf(acknowledged))
    }
  }
  await service.kill()
  const store = await openStore(dir)
  const ids = await store.sql.query<{ id: string; inputs: string }>(
    'select id, inputs_digest as inputs from execution union select execution_id as id, inputs_digest as inputs from run',
  )
  store.close()
  assert.equal(new Set(ids.map(({ inputs }) => inputs)).size, ids.length, 'an execution was made twice')
  assert.equal(ids.length, 4 * KEYS)
})
