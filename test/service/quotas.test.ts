// Buckets by a clock of the test, and what callers see of quotas over HTTP.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createMemoryBuckets, type Charge } from '../../src/service/quotas/buckets.ts'
import { rateLimitFields } from '../../src/service/quotas/fields.ts'
import { overlay, parseQuotas } from '../../src/service/quotas/table.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const charge = (amount: number, more: Partial<Charge> = {}): Charge => ({
  key: 'a',
  quota: 10,
  windowSeconds: 5,
  amount,
  ...more,
})

test('a bucket gives its quota at once, then as fast as it fills, and says when', async () => {
  let now = 0
  const buckets = createMemoryBuckets(() => now)
  for (let left = 9; left >= 0; left--) {
    const taken = await buckets.take([charge(1)])
    assert.deepEqual([taken.ok, taken.levels[0]!.remaining], [true, left])
  }
  const refused = await buckets.take([charge(1)])
  assert.deepEqual(refused, {
    ok: false,
    short: 0,
    retryAfterSeconds: 1,
    levels: [{ remaining: 0, secondsUntilWhole: 5 }],
  })
  now = 499
  assert.equal((await buckets.take([charge(1)])).ok, false)
  now = 500
  assert.equal((await buckets.take([charge(1)])).ok, true)
  now = 1_000_000
  assert.equal((await buckets.take([charge(10)])).ok, true, 'never more than the quota')
  assert.equal((await buckets.take([charge(1)])).ok, false)
})

test('of several buckets all give or none', async () => {
  const buckets = createMemoryBuckets(() => 0)
  const small = charge(1, { key: 'small', quota: 1 })
  assert.equal((await buckets.take([charge(1), small])).ok, true)
  const refused = await buckets.take([charge(1), small])
  assert.ok(!refused.ok)
  assert.deepEqual([refused.short, refused.levels[0]!.remaining], [1, 9])
})

test('what was used is taken even if it is more than there is, and is waited for', async () => {
  let now = 0
  const buckets = createMemoryBuckets(() => now)
  assert.equal((await buckets.take([charge(0)])).ok, true)
  await buckets.spend([charge(30)])
  const refused = await buckets.take([charge(0)])
  assert.ok(!refused.ok)
  assert.equal(refused.retryAfterSeconds, 10)
  now = 10_000
  assert.equal((await buckets.take([charge(0)])).ok, false, 'empty is not enough')
  now = 10_001
  assert.equal((await buckets.take([charge(0)])).ok, true)
})

test('in no order of requests does a bucket give more than its quota and what flowed in', async () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 4000 }), amount: fc.integer({ min: 1, max: 6 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      let now = 0
      let given = 0
      const buckets = createMemoryBuckets(() => now)
      for (const { wait, amount } of steps) {
        now += wait
        if ((await buckets.take([charge(amount)])).ok) given += amount
        assert.ok(given <= 10 + (now / 1000) * 2 + 1e-6, `${given} after ${now} ms`)
      }
    }),
    { numRuns: 300 },
  )
})

test('the memory of buckets is bounded: those that nobody touched for longest go first', async () => {
  const buckets = createMemoryBuckets(() => 0, 3)
  for (const key of ['a', 'b', 'c']) await buckets.take([charge(10, { key })])
  await buckets.take([charge(0, { key: 'a' })])
  await buckets.take([charge(1, { key: 'd' })])
  assert.equal((await buckets.take([charge(1, { key: 'a' })])).ok, false, 'a is known')
  assert.equal((await buckets.take([charge(1, { key: 'b' })])).ok, true, 'b is forgotten')
})

test('quotas are read from one line, and a tenant has its own in their place', () => {
  assert.deepEqual(parseQuotas('principal-requests=100/60, tenant-concurrency=4'), {
    'principal-requests': { quota: 100, windowSeconds: 60 },
    'tenant-concurrency': { quota: 4, windowSeconds: 1 },
  })
  for (const text of ['requests=1', 'principal-requests', 'principal-requests=0', 'tenant-fuel=1/0', '__proto__=1'])
    assert.equal(typeof parseQuotas(text), 'string', text)
  assert.match(String(parseQuotas('tenant-concurrency=4/2')), /tenant-concurrency has no seconds/)
  const quotas = parseQuotas('principal-requests=1,tenant-requests=2')
  assert.ok(typeof quotas === 'object')
  const own = { 'tenant-requests': null, 'tenant-fuel': { quota: 5, windowSeconds: 1 } }
  assert.deepEqual(overlay(quotas, own), {
    'principal-requests': { quota: 1, windowSeconds: 1 },
    'tenant-fuel': { quota: 5, windowSeconds: 1 },
  })
})

test('the fields are structured, and their numbers are integers of at most 15 digits', () => {
  const level = { remaining: -5, secondsUntilWhole: 7 }
  assert.deepEqual(rateLimitFields([]), {})
  assert.deepEqual(rateLimitFields([{ name: 'tenant-fuel', quota: { quota: 1e6, windowSeconds: 60 }, level }]), {
    'ratelimit-policy': '"tenant-fuel";q=1000000;qu="fuel";w=60',
    ratelimit: '"tenant-fuel";r=0;t=7',
  })
})

let on: TestService
const keys: Record<string, string> = {}

before(async () => {
  on = await startTestService({ workers: 2, processes: 4, isRecorded: true })
  await on.client.publish(troubleDocumentBytes())
  for (const id of ['acme', 'globex']) {
    await on.ask('POST', '/tenants', { body: { id } })
    const body = { label: 'x', scopes: ['admin'], tenant: id }
    keys[id] = String((await on.ask('POST', '/keys', { body })).body['key'])
    const type = 'application/octet-stream'
    await on.ask('POST', '/artifacts', { key: keys[id], body: troubleDocumentBytes(), type })
  }
})
after(() => stopTestService(on))

const limit = async (tenant: string, quotas: object): Promise<void> => {
  const { status, body } = await on.ask('PUT', `/tenants/${tenant}/quotas`, { body: quotas })
  assert.equal(status, 200, JSON.stringify(body))
}
const execute = (tenant: string, entry: string, more: object = {}): Promise<Answer> =>
  on.ask('POST', '/execute/trouble', { key: keys[tenant]!, body: { entry, ...more } })
const codeOf = ({ status, body }: Answer): string => `${status} ${String(body['code'])}`

test('without quotas there are no fields', async () => {
  const { headers } = await on.ask('GET', '/artifacts', { key: keys['acme']! })
  assert.deepEqual([headers.get('ratelimit'), headers.get('ratelimit-policy')], [null, null])
})

test('requests beyond the quota are answered 429 at once, with what to wait for; other tenants are not affected', async () => {
  await limit('acme', { 'principal-requests': { quota: 3, windowSeconds: 3600 } })
  for (const left of [2, 1, 0]) {
    const { status, headers } = await on.ask('GET', '/artifacts', { key: keys['acme']! })
    assert.equal(status, 200)
    assert.equal(headers.get('ratelimit-policy'), '"principal-requests";q=3;w=3600')
    assert.match(headers.get('ratelimit') ?? '', new RegExp(`^"principal-requests";r=${left};t=\\d+$`))
  }
  const refused = await on.ask('GET', '/artifacts', { key: keys['acme']! })
  assert.equal(codeOf(refused), '429 ANRF5025')
  assert.deepEqual(refused.body['violatedPolicies'], ['principal-requests'])
  const wait = Number(refused.headers.get('retry-after'))
  assert.ok(wait > 1000 && wait <= 1200, String(wait))
  assert.equal((await on.ask('GET', '/artifacts', { key: keys['globex']! })).status, 200)
  await limit('acme', {})
  assert.equal((await on.ask('GET', '/artifacts', { key: keys['acme']! })).status, 200)
})

test('fuel is taken when it was used, and nothing begins while there is none', async () => {
  await limit('acme', { 'tenant-fuel': { quota: 1000, windowSeconds: 86_400 } })
  const spent = await execute('acme', 'spin', { limits: { fuel: 5000 } })
  assert.equal(spent.status, 422)
  const refused = await execute('acme', 'count')
  assert.equal(codeOf(refused), '429 ANRF5025')
  assert.match(refused.headers.get('ratelimit') ?? '', /^"tenant-fuel";r=0;t=\d+$/)
  assert.equal((await execute('globex', 'count')).status, 200)
  assert.equal((await on.ask('GET', '/artifacts', { key: keys['acme']! })).status, 200, 'reading costs no fuel')
  await limit('acme', {})
  assert.equal((await execute('acme', 'count')).status, 200)
})

test('doing an execution again costs what it uses, and is bounded as the first time', async () => {
  const spent = await execute('acme', 'spin', { limits: { fuel: 5000 } })
  const replay = (): Promise<Answer> =>
    on.ask('POST', `/executions/${String(spent.body['executionId'])}/replay`, { key: keys['acme']!, body: {} })
  await limit('acme', { 'program-fuel': { quota: 1000, windowSeconds: 86_400 } })
  const again = await replay()
  assert.deepEqual([again.status, again.body], [200, { kind: 'same' }])
  assert.equal(codeOf(await replay()), '429 ANRF5025')
  assert.equal(codeOf(await execute('acme', 'count')), '429 ANRF5025')
  await limit('acme', {})
})

test('a program has a quota of its own in each tenant', async () => {
  for (const id of ['acme', 'globex']) await limit(id, { 'program-requests': { quota: 1, windowSeconds: 86_400 } })
  assert.equal((await execute('acme', 'count')).status, 200)
  assert.equal(codeOf(await execute('acme', 'count')), '429 ANRF5025')
  assert.equal((await execute('globex', 'count')).status, 200)
  for (const id of ['acme', 'globex']) await limit(id, {})
})

test('a tenant has as many executions at once as it may, whoever asks for them', async () => {
  await limit('acme', { 'tenant-concurrency': { quota: 1, windowSeconds: 1 } })
  const body = { label: 'other', scopes: ['execute'] }
  const other = String((await on.ask('POST', '/keys', { key: keys['acme']!, body })).body['key'])
  const spinning = execute('acme', 'spin', { limits: { fuel: 1e12, wall: 1500 } })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const refused = await on.ask('POST', '/execute/trouble', { key: other, body: { entry: 'count' } })
  assert.equal(codeOf(refused), '429 ANRF5011')
  assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal((await execute('globex', 'count')).status, 200)
  await spinning
  assert.equal((await execute('acme', 'count')).status, 200)
  await limit('acme', {})
})

test('quotas of a tenant are shown with those in force, and checked', async () => {
  await limit('globex', { 'tenant-fuel': null, 'tenant-requests': { quota: 1000, windowSeconds: 1 } })
  const { body } = await on.ask('GET', '/tenants/globex/quotas')
  assert.deepEqual(body, {
    overrides: { 'tenant-fuel': null, 'tenant-requests': { quota: 1000, windowSeconds: 1 } },
    inForce: { 'tenant-requests': { quota: 1000, windowSeconds: 1 } },
  })
  for (const wrong of [
    { x: null },
    { 'tenant-fuel': { quota: 0, windowSeconds: 1 } },
    { 'tenant-fuel': { quota: 1 } },
    [],
  ])
    assert.equal(codeOf(await on.ask('PUT', '/tenants/globex/quotas', { body: wrong })), '422 ANRF5004')
  assert.equal((await on.ask('PUT', '/tenants/nobody/quotas', { body: {} })).status, 404)
  assert.equal((await on.ask('GET', '/tenants/nobody/quotas')).status, 404)
  await limit('globex', {})
})
