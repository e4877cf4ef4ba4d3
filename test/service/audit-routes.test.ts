// The audit log over HTTP: entries for those who may see them, and what a verifier elsewhere needs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openAuditedStore, parseVerifier, recordEvent } from '../../src/audit/index.ts'
import { openCheckpoint, type Checkpoint } from '../../src/audit/checkpoint.ts'
import { decodeBundle, tilesOf, tilePath, ENTRIES_LEVEL } from '../../src/audit/tiles.ts'
import { hashLeaf, merkleRoot, rootOf } from '../../src/base/index.ts'
import { isConsistent, isIncluded } from '../audit/check-proofs.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
const ENTRIES = 600

before(async () => {
  on = await startTestService()
  const { store } = await openAuditedStore(on.dir)
  const record = (i: number): Promise<void> =>
    store.sql.tx((query) =>
      recordEvent(query, {
        action: i % 100 === 0 ? 'tests.rare' : 'tests.do',
        tenant: i % 2 === 0 ? 'acme' : 'default',
        principal: `p${i % 5}`,
        subject: `s${i}`,
        outcome: 'done',
      }),
    )
  await Promise.all(Array.from({ length: ENTRIES }, (_, i) => record(i)))
  store.close()
})
after(() => stopTestService(on))

const get = (path: string, key: string | null = on.key): Promise<Response> =>
  fetch(`${on.service.url}${path}`, key === null ? {} : { headers: { authorization: `Bearer ${key}` } })
const text = async (path: string): Promise<string> => (await get(path)).text()
const bytes = async (path: string): Promise<Buffer> => Buffer.from(await (await get(path)).arrayBuffer())

async function checkpoint(): Promise<Checkpoint> {
  const verifier = parseVerifier(await (await get('/audit/key', null)).text())
  assert.ok(verifier)
  const opened = openCheckpoint(await text('/audit/checkpoint'), verifier)
  assert.ok('checkpoint' in opened)
  return opened.checkpoint
}

async function leaves(size: number): Promise<Buffer[]> {
  const bundles = await Promise.all(
    [...tilesOf(ENTRIES_LEVEL, size)].map(async (tile) => decodeBundle(await bytes(`/audit/${tilePath(tile)}`))!),
  )
  return bundles.flat()
}

type Entry = { readonly sequence: number; readonly tenant: string; readonly action: string; readonly principal: string }
const list = async (path: string, key = on.key): Promise<{ entries: Entry[]; next?: string }> => {
  const { status, body } = await on.ask('GET', path, { key })
  assert.equal(status, 200, JSON.stringify(body))
  return body as { entries: Entry[]; next?: string }
}

test('a verifier that has only HTTP makes the root again from bundles, and from tiles', async () => {
  const { size, root } = await checkpoint()
  assert.equal(size, ENTRIES + 1)
  const all = await leaves(size)
  assert.equal(merkleRoot(all), root.toString('hex'))
  const tiles = await Promise.all([...tilesOf(0, size)].map((tile) => bytes(`/audit/${tilePath(tile)}`)))
  const hashes = all.map(hashLeaf)
  assert.ok(Buffer.concat(tiles).equals(Buffer.concat(hashes)))
  const above = await bytes(`/audit/${tilePath({ level: 1, index: 0, width: 2 })}`)
  assert.ok(above.equals(Buffer.concat([rootOf(hashes.slice(0, 256)), rootOf(hashes.slice(256, 512))])))
})

test('there are no tiles beyond the log, and no other files', async () => {
  for (const path of ['0/003', '0/000.p/0', '0/002', '1/000', 'entries/002', '0/..%2F..%2Fkey', '2/000', 'x', '0/2'])
    assert.equal((await get(`/audit/tile/${path}`)).status, 404, path)
  for (const path of ['0/000.p/7', '0/002.p/89', 'entries/001'])
    assert.equal((await get(`/audit/tile/${path}`)).status, 200, path)
})

test('an entry is proved to be in the log, at the newest size and at sizes before', async () => {
  const { size, root } = await checkpoint()
  const hashes = (await leaves(size)).map(hashLeaf)
  for (const [sequence, at] of [
    [0, size],
    [255, size],
    [256, size],
    [size - 1, size],
    [0, 1],
    [100, 300],
    [511, 512],
    [5, 257],
  ] as const) {
    const { body } = await on.ask('GET', `/audit/inclusion/${sequence}${at === size ? '' : `?size=${at}`}`)
    const proof = (body['hashes'] as string[]).map((hash) => Buffer.from(hash, 'base64'))
    const atRoot = at === size ? root : rootOf(hashes.slice(0, at))
    const leaf = hashLeaf(String(body['leaf']))
    assert.ok(isIncluded(leaf, { sequence, size: at, hashes: proof, root: atRoot }), `${sequence} in ${at}`)
    assert.ok(!isIncluded(hashLeaf('another'), { sequence, size: at, hashes: proof, root: atRoot }))
    assert.equal(body['checkpoint'] !== undefined, at === size)
  }
  for (const path of [`${size}`, '5?size=5', `0?size=${size + 1}`, '-1', 'x', '1e2'])
    assert.equal((await on.ask('GET', `/audit/inclusion/${path}`)).status, 404, path)
  assert.equal((await on.ask('GET', '/audit/inclusion/0?size=x')).status, 422)
})

test('a log is proved to be the beginning of a later one', async () => {
  const { size } = await checkpoint()
  const hashes = (await leaves(size)).map(hashLeaf)
  const at = (n: number): { size: number; root: Buffer } => ({ size: n, root: rootOf(hashes.slice(0, n)) })
  const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 300, 512, 600, size]
  for (const from of sizes)
    for (const to of sizes.filter((n) => n >= from)) {
      const { body } = await on.ask('GET', `/audit/consistency/${from}?to=${to}`)
      const proof = (body['hashes'] as string[]).map((hash) => Buffer.from(hash, 'base64'))
      assert.ok(isConsistent(at(from), at(to), proof), `${from} to ${to}`)
      if (from < to) assert.ok(!isConsistent({ size: from, root: hashLeaf('another') }, at(to), proof))
    }
  for (const path of ['0', `${size + 1}`, '5?to=4', `1?to=${size + 1}`])
    assert.equal((await on.ask('GET', `/audit/consistency/${path}`)).status, 404, path)
})

test('entries are found by what they say, page by page, the newest first', async () => {
  const rare = await list('/audit/entries?action=tests.rare')
  assert.deepEqual(
    rare.entries.map(({ sequence }) => sequence),
    [501, 401, 301, 201, 101, 1],
  )
  const seen: number[] = []
  let after = ''
  do {
    const page = await list(`/audit/entries?principal=p3&limit=50${after}`)
    seen.push(...page.entries.map(({ sequence }) => sequence))
    after = page.next === undefined ? '' : `&after=${page.next}`
  } while (after !== '')
  assert.equal(seen.length, 120)
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((a, b) => b - a),
  )
  assert.equal((await list('/audit/entries?until=2020-01-01T00:00:00Z')).entries.length, 0)
  for (const query of ['limit=0', 'after=-1', 'from=yesterday', 'from=2016-12-31T23:59:60Z', 'outcome=x', 'colour=red'])
    assert.equal((await on.ask('GET', `/audit/entries?${query}`)).status, 422, query)
})

test('the admin of a tenant sees its entries and no others, and not the log', async () => {
  await on.ask('POST', '/tenants', { body: { id: 'acme' } })
  const made = await on.ask('POST', '/keys', { body: { label: 'a', scopes: ['admin'], tenant: 'acme' } })
  const key = String(made.body['key'])
  const { entries } = await list('/audit/tenant/entries?limit=999', key)
  assert.ok(entries.length >= 300)
  assert.ok(entries.every(({ tenant }) => tenant === 'acme'))
  assert.equal((await on.ask('GET', '/audit/tenant/entries?tenant=default', { key })).status, 422)
  for (const path of ['entries', 'checkpoint', 'tile/0/000', 'inclusion/0', 'consistency/1'])
    assert.equal((await on.ask('GET', `/audit/${path}`, { key })).status, 403, path)
})

test('what an operator does to another tenant is told to the admins of that tenant, and not to those of the own', async () => {
  await on.ask('POST', '/tenants', { body: { id: 'umbrella', label: 'not for others' } })
  const keyFor = async (tenant: string, scope: string): Promise<{ id: string; key: string }> => {
    const { body } = await on.ask('POST', '/keys', { body: { label: 'not for others', scopes: [scope], tenant } })
    return { id: String(body['id']), key: String(body['key']) }
  }
  const [theirs, ours] = [await keyFor('umbrella', 'admin'), await keyFor('default', 'admin')]
  await on.ask('POST', '/artifacts', {
    key: theirs.key,
    body: troubleDocumentBytes(),
    type: 'application/octet-stream',
  })
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const asked = { program: 'trouble', rule: 'grants', justification: 'not for others', expiresAt }
  const { id } = (await on.ask('POST', '/overrides', { key: theirs.key, body: asked })).body
  const decision = await on.ask('POST', `/overrides/${String(id)}/decision`, { body: { approved: true } })
  assert.equal(decision.status, 200, JSON.stringify(decision.body))
  await on.ask('DELETE', `/overrides/${String(id)}`)
  const quotas = { 'tenant-requests': { quota: 1000, windowSeconds: 1 } }
  await on.ask('PUT', '/tenants/umbrella/quotas', { body: quotas })
  const second = await keyFor('umbrella', 'read')
  const rotated = await on.ask('POST', `/keys/${second.id}/rotate`, { body: {} })
  await on.ask('DELETE', `/keys/${String(rotated.body['id'])}`)
  await on.ask('POST', '/tenants/umbrella/disable')
  await on.ask('POST', '/tenants/umbrella/enable')
  const told = (await list('/audit/tenant/entries?limit=999', theirs.key)).entries.map(({ action }) => action)
  assert.deepEqual(
    told.toReversed().filter((action) => !action.startsWith('artifacts.')),
    [
      ...['tenants.create', 'keys.create', 'overrides.request', 'overrides.decide', 'overrides.revoke'],
      ...['tenants.set-quotas', 'keys.create', 'keys.rotate', 'keys.revoke', 'tenants.disable', 'tenants.enable'],
    ],
  )
  const others = JSON.stringify(await list('/audit/tenant/entries?limit=999', ours.key))
  assert.doesNotMatch(others, /umbrella|overrides\./)
})
