// What the audit log tells, derived from the route table: a deed leaves one entry, a refusal one, and nothing that was said is in them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listEntries, type ListedEntry } from '../../src/audit/index.ts'
import { SCOPES } from '../../src/service/identity/principal.ts'
import { ROUTES } from '../../src/service/routes/index.ts'
import type { Route } from '../../src/service/routes/route.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { DEEDS, DEEDS_CONFIG, READERS } from './deeds.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

let on: TestService
let store: Store
const keys: Record<string, string> = {}

before(async () => {
  on = await startTestService(DEEDS_CONFIG)
  store = await openStore(on.dir)
  for (const scope of SCOPES) {
    const { body } = await on.ask('POST', '/keys', { body: { label: scope, scopes: [scope] } })
    keys[scope] = String(body['key'])
  }
})
after(async () => {
  store.close()
  await stopTestService(on)
})

const entriesOf = async (from: Store): Promise<readonly ListedEntry[]> =>
  (await listEntries(from.sql.query, {}, { limit: 10_000 })).entries.toReversed()

/** What was told while `work` was done. */
async function toldOf(work: () => Promise<unknown>): Promise<readonly ListedEntry[]> {
  const { length } = await entriesOf(store)
  await work()
  return (await entriesOf(store)).slice(length)
}

test('every route that changes something says which entry it leaves', () => {
  const silent = ROUTES.filter(({ method, leaves, action }) => method !== 'GET' && !leaves && !READERS.has(action))
  assert.deepEqual(
    silent.map(({ action }) => action),
    [],
    'give the row `leaves` and record the event in its transaction (deedOf), or name it in READERS of deeds.ts',
  )
  const unknown = ROUTES.filter(({ leaves, action }) => leaves !== undefined && !DEEDS[action])
  assert.deepEqual(
    unknown.map(({ action }) => action),
    [],
    'say in DEEDS of deeds.ts how it is done',
  )
})

for (const { action, leaves } of ROUTES.filter((route) => route.leaves !== undefined))
  test(`${action} leaves exactly one entry ${leaves}`, async () => {
    const deed = DEEDS[action]
    assert.ok(deed)
    let answer: Answer | undefined
    const told = await toldOf(async () => (answer = await deed(on.ask, async (scope) => keys[scope]!)))
    assert.ok(answer && answer.status < 400, JSON.stringify(answer?.body))
    const its = told.filter((entry) => entry.action === leaves)
    // Before it stand those of what the deed needs: keys that are revoked, programs that run.
    assert.equal(its.length, 1, JSON.stringify(told))
    const [entry] = its
    assert.equal(entry?.outcome, 'done')
    // An entry is of the tenant that it is about.
    assert.equal(entry?.tenant, action.startsWith('tenants.') ? entry?.subject : 'default')
    assert.equal(entry?.principal, on.key.split('_')[1])
    assert.ok(entry?.subject)
  })

const ask = ({ method, path }: Route, key: string | null): Promise<Answer> =>
  on.ask(method, path.replaceAll(/:\w+/g, 'nothing'), { key, ...(method === 'GET' ? {} : { body: '{}' }) })

for (const route of ROUTES.filter(({ scope }) => scope !== undefined))
  test(`${route.action} refused for want of its scope leaves one entry`, async () => {
    const key = keys[route.scope === 'read' ? 'execute' : 'read']!
    const all = await toldOf(async () => assert.equal((await ask(route, key)).status, 403))
    // An execution that a test before let go on may end meanwhile.
    const told = all.filter((entry) => entry.action !== 'executions.end')
    assert.equal(told.length, 1)
    const [{ action, principal, outcome, reasons, subject }] = told as [ListedEntry]
    assert.deepEqual([action, principal, outcome], [route.action, key.split('_')[1], 'refused'])
    assert.match(String(reasons?.[0]), /^ANRF5002: .* lacks the scope /)
    assert.equal(subject, route.path.includes(':') ? subject : '')
  })

test('requests that only read, or fail for another reason, leave none', async () => {
  const told = await toldOf(async () => {
    for (const path of ['/artifacts', '/keys', '/livez', '/executions/nothing']) await on.ask('GET', path)
    await on.ask('POST', '/keys', { body: { label: 'x', scopes: ['root'] } })
    await on.ask('POST', '/execute/nothing', { body: {} })
    await on.ask('DELETE', '/keys/nothing')
  })
  assert.deepEqual(told, [])
})

test('a flood of bad keys leaves some entries and one count of the rest', async () => {
  const own = await startTestService()
  const flood = 200
  for (let i = 0; i < flood; i += 20)
    await Promise.all(Array.from({ length: 20 }, () => own.ask('GET', '/artifacts', { key: 'nonsense' })))
  await own.service.close()
  const closed = await openStore(own.dir)
  const rows = await entriesOf(closed)
  closed.close()
  const refused = rows.filter(({ outcome }) => outcome === 'refused')
  assert.ok(refused.length <= 22, String(refused.length))
  const counts = refused.map(({ details }) => Number(details?.['count'] ?? 1))
  assert.equal(
    counts.reduce((a, b) => a + b),
    flood,
  )
  const summary = refused.at(-1)
  assert.equal(summary?.action, 'requests.refuse')
  assert.deepEqual(summary?.details?.['addresses'], { '127.0.0.1': summary?.details?.['count'] })
  assert.ok(!JSON.stringify(rows).includes('nonsense'))
})

test('an entry of an execution has digests and codes, never what was said in it', async () => {
  const told = await toldOf(async () => {
    await on.ask('POST', '/execute/trouble', { body: { entry: 'echo', inputs: { text: 'a very private text' } } })
    await on.ask('POST', '/execute/trouble', { body: { entry: 'echo', inputs: { txt: 'a very private text' } } })
  })
  assert.deepEqual(
    told.map(({ action, outcome }) => `${action} ${outcome}`),
    ['executions.end done', 'executions.end refused'],
  )
  assert.deepEqual([...(told[1]?.reasons ?? [])].sort(), ['ANRF4002', 'ANRF4003'])
  assert.ok(!JSON.stringify(told).includes('private'))
})

test('who did what long ago is forgotten when the configuration says so', async () => {
  const own = await startTestService()
  const { sql, close } = await openStore(own.dir).then((opened) => ({ ...opened }))
  const [first] = (await listEntries(sql.query, {}, { limit: 1 })).entries
  assert.equal(first?.isRedacted, false)
  await own.service.close()
  // Nobody waits a day: the clock of the entry is not covered by anything here.
  await sql.tx((query) => query("update audit_entry set at = '2020-01-01T00:00:00.000Z'"))
  const again = await startTestService({ auditDays: 30 }, { dir: own.dir, key: own.key })
  await again.service.close()
  const { entries } = await listEntries(sql.query, {}, { limit: 10 })
  close()
  assert.deepEqual(
    entries.map(({ action, isRedacted, reasons }) => [action, isRedacted, reasons]),
    [
      ['audit.redact', false, ['older than 30 days']],
      ['keys.create', true, undefined],
    ],
  )
})
