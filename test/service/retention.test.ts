// What is old goes: first what was given, said and logged, then the record; and nothing that anybody still waits for or refers to.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listEntries } from '../../src/audit/index.ts'
import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import type { ServiceConfig } from '../../src/service/index.ts'
import { openStore } from '../../src/store/index.ts'
import { library } from '../golden/anrf.ts'
import { ageStore, olderId } from './age.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

const PROGRAM = `
import { requestApproval } from 'anrf:approvals'
import * as kv from 'anrf:kv'

/** Says the text to the world, to its log, and to its caller. */
export async function say(text: string): Promise<string> {
  await kv.get(text)
  console.log(text)
  if (text === '') throw new RangeError('nothing to say')
  return text
}

export async function ask(text: string): Promise<string> {
  const { note } = await requestApproval(text)
  return text + note
}
`
const PRIVATE = 'a very private text'
const DAYS = 40

function documentBytes(): Uint8Array {
  const read = (path: string): string | undefined => (path === 'main.ts' ? PROGRAM : undefined)
  const { program, diagnostics } = compile({ read }, library, { main: 'main.ts' })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const { module, describe } = program
  return encodeDocument(
    buildDocument({ name: 'talk', version: '1.0.0', module, program: describe(), limits: {}, capabilities: [] }),
  )
}

const GRANTS = parseGrants(['kv', 'approvals'])
const CONFIG: Partial<ServiceConfig> = { grants: 'grants' in GRANTS ? GRANTS.grants : [], isRecorded: true }
/** Sweeps once at its start. */
const restart = async (on: TestService, config: Partial<ServiceConfig>): Promise<TestService> => {
  await on.service.close()
  return startTestService({ ...CONFIG, ...config }, { dir: on.dir, key: on.key })
}
const say = (on: TestService, entry: string, text: string, headers = {}): Promise<Answer> =>
  on.ask('POST', '/execute/talk', { body: { entry, inputs: { text } }, headers })
const idOf = ({ body }: Answer): string => olderId(String(body['executionId']), DAYS)

type Audited = { readonly action: string; readonly details: { readonly count: number; readonly until: string } }

/** The entries about retention, oldest first. */
async function sweptIn(dir: string): Promise<readonly Audited[]> {
  const store = await openStore(dir)
  const { entries } = await listEntries(store.sql.query, {}, { limit: 1000 })
  store.close()
  const swept = entries.filter(({ action }) => /\.(expire|remove)$/.test(action)).toReversed()
  for (const { principal, tenant } of swept) assert.deepEqual([principal, tenant], ['service', 'default'])
  return swept as unknown as Audited[]
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await what()) return
    await sleep(10)
  }
  throw new Error('it does not come')
}

const isThere = (on: TestService, path: string, status = 200): Promise<boolean> =>
  on.ask('GET', path).then((answer) => answer.status === status)

let on: TestService
/** Executions from long ago, by how they ended. */
let ids: { readonly returned: string; readonly threw: string; readonly suspended: string; readonly keyed: string }
/** Batches from long ago: one ended, of the other an item waits for a decision. */
let batches: { readonly ended: string; readonly open: string }
before(async () => {
  on = await startTestService(CONFIG)
  await on.client.publish(documentBytes())
  const batch = async (entry: string): Promise<string> => {
    const inputs = [{ text: `${PRIVATE} 1` }, { text: `${PRIVATE} 2` }, { txt: PRIVATE }]
    const { body } = await on.ask('POST', '/batches', { body: { program: 'talk', entry, inputs } })
    const id = String(body['batchId'])
    const isDone = async (): Promise<boolean> =>
      !('pending' in ((await on.ask('GET', `/batches/${id}`)).body['outcomes'] as object))
    await until(isDone)
    return olderId(id, DAYS)
  }
  ids = {
    returned: idOf(await say(on, 'say', PRIVATE)),
    threw: idOf(await say(on, 'say', '')),
    suspended: idOf(await say(on, 'ask', 'waits')),
    keyed: idOf(await say(on, 'say', 'keyed', { 'idempotency-key': 'k' })),
  }
  batches = { ended: await batch('say'), open: await batch('ask') }
  await on.service.close()
  await ageStore(on.dir, DAYS)
  on = await startTestService(CONFIG, { dir: on.dir, key: on.key })
})
after(() => stopTestService(on))

test('by default everything is kept', async () => {
  await sleep(50)
  assert.deepEqual(await sweptIn(on.dir), [])
  assert.equal((await on.ask('GET', `/executions/${ids.returned}/recording`)).status, 200)
})

test('of what is old the digests stay: the record, its effects and the same receipt can be had, the rest is 410', async () => {
  const routes = ['/receipt', '/effects'] as const
  const had = new Map<string, unknown>()
  for (const id of [ids.returned, ids.threw])
    for (const route of routes) had.set(id + route, (await on.ask('GET', `/executions/${id}${route}`)).body)
  const record = (await on.ask('GET', `/executions/${ids.returned}`)).body
  on = await restart(on, { payloadDays: 30 })
  await until(async () => 'expiredAt' in (await on.ask('GET', `/batches/${batches.ended}`)).body)
  await until(async () => 'expired' in (await on.ask('GET', `/executions/${ids.threw}`)).body)
  for (const [path, body] of had) assert.deepEqual((await on.ask('GET', `/executions/${path}`)).body, body)

  const { answer, ...rest } = record
  const { expired, ...now } = (await on.ask('GET', `/executions/${ids.returned}`)).body
  assert.deepEqual(now, rest)
  const { at, ...digests } = expired as { at: string; outcome: object }
  assert.ok(Date.parse(at) <= Date.now())
  const statement = JSON.parse(
    Buffer.from(
      (had.get(`${ids.returned}/receipt`) as { dsseEnvelope: { payload: string } }).dsseEnvelope.payload,
      'base64',
    ).toString(),
  ) as { predicate: object }
  const { usage } = answer as { usage: object }
  const told = JSON.stringify(statement.predicate)
  assert.ok(told.includes((digests.outcome as { digest: string }).digest), told)
  assert.deepEqual(Object.keys(digests), ['outcome', 'logs', 'usage'])
  assert.deepEqual((digests as unknown as { usage: object }).usage, usage)

  const gone = ['/logs', '/recording'].map((route) => on.ask('GET', `/executions/${ids.returned}${route}`))
  const stream = on.ask('GET', `/executions/${ids.returned}/logs`, { headers: { accept: 'text/event-stream' } })
  const replay = on.ask('POST', `/executions/${ids.returned}/replay`, { body: {} })
  for (const { status, body } of await Promise.all([...gone, stream, replay]))
    assert.deepEqual([status, body['code'], body['executionId']], [410, 'ANRF5045', ids.returned])
  assert.equal((await on.ask('POST', `/executions/${ids.returned}/cancel`)).status, 409)
  const { body } = await on.ask('GET', '/executions?limit=50')
  const listed = body['executions'] as { id: string; outcome: string; expiredAt?: string }[]
  assert.equal(listed.find(({ id }) => id === ids.returned)?.expiredAt, at)
})

test('what waits, what a key refers to, and what is of a batch that has not ended stays whole', async () => {
  assert.equal((await on.ask('GET', `/executions/${ids.suspended}`)).body['expired'], undefined)
  const again = await say(on, 'say', 'keyed', { 'idempotency-key': 'k' })
  assert.deepEqual([again.headers.get('idempotent-replayed'), again.body['output']], ['true', { result: 'keyed' }])
  assert.equal((await on.ask('GET', `/executions/${ids.keyed}/recording`)).status, 200)
  const { body } = await on.ask('GET', `/batches/${batches.open}`)
  assert.deepEqual([body['state'], body['expiredAt']], ['running', undefined])
  for (const { answer } of (await resultsOf(batches.open)).slice(0, 2)) assert.ok(answer)
})

type Result = {
  readonly position: number
  readonly answer?: unknown
  readonly expiredAt?: string
  readonly executionId?: string
}
const resultsOf = async (id: string): Promise<Result[]> =>
  (await on.ask('GET', `/batches/${id}/results`)).body['results'] as Result[]

test('results of an old batch say that they have expired', async () => {
  const results = await resultsOf(batches.ended)
  assert.equal(results.length, 3)
  for (const { answer, expiredAt, executionId } of results) {
    assert.equal(answer, undefined)
    assert.equal(expiredAt !== undefined, executionId !== undefined)
  }
})

test('nothing of an expired payload is left in the files of the store', async () => {
  const files = (): string[] => globSync('anrf.sqlite*', { cwd: on.dir })
  const has = (text: string): string[] => files().filter((file) => readFileSync(join(on.dir, file)).includes(text))
  // The control: what is kept is found.
  assert.notDeepEqual(has('keyed'), [])
  // Only the batch that has not ended has it.
  const ofBatch = (text: string): number =>
    files()
      .map((file) => readFileSync(join(on.dir, file), 'latin1').split(text).length - 1)
      .reduce((a, b) => a + b)
  assert.equal(ofBatch(`${PRIVATE}"`), ofBatch(`{"txt":"${PRIVATE}"`))
})

test('each step of a sweep is one entry of the audit log: what, how many, and until which time', async () => {
  const swept = await sweptIn(on.dir)
  assert.deepEqual(
    swept.map(({ action, details }) => [action, details.count]),
    [
      ['batches.expire', 3],
      // Of the batch three: one was refused and ran nowhere, but has a record.
      ['executions.expire', 5],
    ],
  )
  for (const { details } of swept)
    assert.ok(Math.abs(Date.now() - 30 * 86_400_000 - Date.parse(details.until)) < 3_600_000)
  const { body } = await on.ask('GET', '/audit/tenant/entries?action=executions.expire')
  assert.equal((body['entries'] as unknown[]).length, 1)
  const metrics = await fetch(`${on.service.url}/metrics`, { headers: { authorization: `Bearer ${on.key}` } })
  assert.match(await metrics.text(), /^anrf_retention_removed_total\{anrf_kind="payload"\} 5$/m)
})

test('records go after their time, and answer as what never was', async () => {
  on = await restart(on, { payloadDays: 10, executionDays: 30 })
  await until(() => isThere(on, `/batches/${batches.ended}`, 404))
  await until(() => isThere(on, `/executions/${ids.threw}`, 404))
  for (const route of ['', '/logs', '/effects', '/receipt', '/recording'])
    assert.equal((await on.ask('GET', `/executions/${ids.returned}${route}`)).body['code'], 'ANRF5003', route)
  assert.equal((await on.ask('GET', `/batches/${batches.ended}/results`)).status, 404)
  const { body } = await on.ask('GET', '/executions?limit=50')
  const listed = (body['executions'] as { id: string }[]).map(({ id }) => id)
  assert.deepEqual([listed.includes(ids.suspended), listed.includes(ids.keyed), listed.length], [true, true, 5])
  const store = await openStore(on.dir)
  for (const table of ['effect_call', 'run', 'decision'])
    assert.deepEqual(
      await store.sql.query(
        `select execution_id from ${table} where execution_id not in (select id from execution) and execution_id not in (select execution_id from run)`,
      ),
      [],
    )
  assert.deepEqual(await store.sql.query('select * from batch_item where batch_id = ?', [batches.ended]), [])
  store.close()
})

test('what was suspended goes on after all that time, and ages from its end', async () => {
  const decided = await on.ask('POST', `/executions/${ids.suspended}/decisions/0`, {
    body: { approved: true, note: '!' },
  })
  assert.equal(decided.status, 202)
  const ended = async (): Promise<Answer> => on.ask('GET', `/executions/${ids.suspended}`)
  await until(async () => (await ended()).body['outcome'] === 'returned')
  on = await restart(on, { payloadDays: 10, executionDays: 30 })
  await sleep(50)
  assert.deepEqual(((await ended()).body['answer'] as { output: object }).output, { result: 'waits!' })
})

test('a key that is out of its time refers to nothing', async () => {
  await on.service.close()
  await ageStore(on.dir, 2, { withKeys: true })
  on = await restart({ ...on, service: { ...on.service, close: async () => undefined } }, { executionDays: 30 })
  await until(() => isThere(on, `/executions/${olderId(ids.keyed, 2)}`, 404))
  const again = await say(on, 'say', 'keyed', { 'idempotency-key': 'k' })
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, null])
})
