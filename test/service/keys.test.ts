// Keys from their making to their end, tenants, and who may give what.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService

before(async () => {
  on = await startTestService()
  for (const id of ['acme', 'globex']) assert.equal((await on.ask('POST', '/tenants', { body: { id } })).status, 201)
})
after(() => stopTestService(on))

type Made = { readonly id: string; readonly key: string }

async function makeKey(spec: object, key?: string): Promise<Made> {
  const { status, body } = await on.ask('POST', '/keys', {
    body: { label: 'test', ...spec },
    ...(key === undefined ? {} : { key }),
  })
  assert.equal(status, 201, JSON.stringify(body))
  return { id: String(body['id']), key: String(body['key']) }
}

const codeOf = ({ status, body }: Answer): string => `${status} ${String(body['code'])}`
const ask = async (key: string): Promise<string> => codeOf(await on.ask('GET', '/artifacts', { key }))

/** What the audit log has about a subject. */
function actionsOn(subject: string): string[] {
  const db = new DatabaseSync(join(on.dir, 'anrf.sqlite'), { readOnly: true })
  const rows = db.prepare('select action from audit_entry where subject = ? order by sequence').all(subject)
  db.close()
  return rows.map((row) => String(row['action']))
}

test('a key is revoked at once, and only once; the audit log has both ends', async () => {
  const { id, key } = await makeKey({ scopes: ['read'] })
  assert.equal(await ask(key), '200 undefined')
  assert.equal((await on.ask('DELETE', `/keys/${id}`)).status, 204)
  const refused = await on.ask('GET', '/artifacts', { key })
  assert.equal(codeOf(refused), '401 ANRF5020')
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="anrf", error="invalid_token"')
  assert.equal((await on.ask('DELETE', `/keys/${id}`)).status, 404)
  assert.deepEqual(actionsOn(id), ['keys.create', 'keys.revoke'])
})

test('that a key was revoked is told only to who has its secret', async () => {
  const { id, key } = await makeKey({ scopes: ['read'] })
  await on.ask('DELETE', `/keys/${id}`)
  assert.equal(await ask(key.replace(/.$/, (c) => (c === '0' ? '1' : '0'))), '401 ANRF5001')
})

test('a key ends by itself at its time', async () => {
  const { key } = await makeKey({ scopes: ['read'], expiresAt: new Date(Date.now() + 700).toISOString() })
  assert.equal(await ask(key), '200 undefined')
  await sleep(800)
  assert.equal(await ask(key), '401 ANRF5020')
})

test('a key with scopes that are not there, without a label, or that has ended when it begins is refused', async () => {
  for (const body of [
    { label: 'x', scopes: ['root'] },
    { label: 'x', scopes: [] },
    { label: '', scopes: ['read'] },
    { label: 'x', scopes: ['read'], expiresAt: 'tomorrow' },
    { label: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
    { label: 'x', scopes: ['read'], tenant: '../etc' },
    {},
  ])
    assert.equal(codeOf(await on.ask('POST', '/keys', { body })), '422 ANRF5004', JSON.stringify(body))
})

test('a rotated key has the same identity and scopes, and the one before stays valid for the grace period only', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const old = await makeKey({ scopes: ['read'], expiresAt })
  const rotated = await on.ask('POST', `/keys/${old.id}/rotate`, { body: { graceSeconds: 1 } })
  assert.equal(rotated.status, 201)
  assert.equal(await ask(old.key), '200 undefined')
  assert.equal(await ask(String(rotated.body['key'])), '200 undefined')
  await sleep(1100)
  assert.equal(await ask(old.key), '401 ANRF5020')
  assert.equal(await ask(String(rotated.body['key'])), '200 undefined')
  const { body } = await on.ask('GET', '/keys?limit=999')
  const keys = body['keys'] as Record<string, unknown>[]
  const made = keys.find(({ id }) => id === rotated.body['id'])!
  assert.equal(made['principal'], old.id)
  assert.ok(String(made['expiresAt']) >= expiresAt)
  // A key that has ended cannot live on in another one.
  assert.equal((await on.ask('POST', `/keys/${old.id}/rotate`, { body: {} })).status, 404)
})

test('rotation does not let a key live longer than it was to', async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const old = await makeKey({ scopes: ['read'], expiresAt })
  const { body } = await on.ask('POST', `/keys/${old.id}/rotate`, { body: { graceSeconds: 86_400 } })
  assert.equal(body['oldExpiresAt'], expiresAt)
})

test('nobody gives, rotates or ends what is beyond the own scopes', async () => {
  const { key: admin } = await makeKey({ scopes: ['admin'] })
  const operator = await makeKey({ scopes: ['operate'] })
  const give = await on.ask('POST', '/keys', { key: admin, body: { label: 'x', scopes: ['admin', 'operate'] } })
  assert.equal(codeOf(give), '403 ANRF5002')
  assert.match(String(give.body['detail']), /lacks the scope operate/)
  const rotate = await on.ask('POST', `/keys/${operator.id}/rotate`, { key: admin, body: {} })
  assert.equal(codeOf(rotate), '403 ANRF5002')
  assert.equal(codeOf(await on.ask('DELETE', `/keys/${operator.id}`, { key: admin })), '403 ANRF5002')
  const body = { label: 'x', scopes: ['read'], principal: operator.id }
  assert.equal(codeOf(await on.ask('POST', '/keys', { key: admin, body })), '403 ANRF5002')
})

test('several keys have one identity, of the same tenant only', async () => {
  const first = await makeKey({ scopes: ['read'], tenant: 'acme' })
  const second = await makeKey({ scopes: ['read', 'execute'], tenant: 'acme', principal: first.id })
  const { body } = await on.ask('GET', '/keys?tenant=acme')
  const keys = body['keys'] as Record<string, unknown>[]
  assert.equal(keys.find(({ id }) => id === second.id)!['principal'], first.id)
  const other = { label: 'x', scopes: ['read'], tenant: 'globex', principal: first.id }
  assert.equal((await on.ask('POST', '/keys', { body: other })).status, 404)
})

test('the admin of a tenant sees and makes the keys of that tenant, and of no other', async () => {
  const acme = await makeKey({ scopes: ['admin'], tenant: 'acme' })
  const globex = await makeKey({ scopes: ['read'], tenant: 'globex' })
  const { body } = await on.ask('GET', '/keys?limit=999', { key: acme.key })
  const keys = body['keys'] as Record<string, unknown>[]
  assert.deepEqual([...new Set(keys.map(({ tenant }) => tenant))], ['acme'])
  assert.equal(codeOf(await on.ask('GET', '/keys?tenant=globex', { key: acme.key })), '403 ANRF5002')
  const made = await makeKey({ scopes: ['read'] }, acme.key)
  assert.ok(JSON.stringify((await on.ask('GET', '/keys?tenant=acme')).body).includes(made.id))
  const give = { label: 'x', scopes: ['read'], tenant: 'globex' }
  assert.equal(codeOf(await on.ask('POST', '/keys', { key: acme.key, body: give })), '403 ANRF5002')
  assert.equal((await on.ask('DELETE', `/keys/${globex.id}`, { key: acme.key })).status, 404)
  assert.equal((await on.ask('POST', `/keys/${globex.id}/rotate`, { key: acme.key, body: {} })).status, 404)
  assert.equal(await ask(globex.key), '200 undefined')
})

test('keys are listed in parts, and when they were used is known to the hour', async () => {
  const { id, key } = await makeKey({ scopes: ['read'], tenant: 'globex' })
  await ask(key)
  const seen: unknown[] = []
  for (let next: unknown = ''; next !== undefined;) {
    const { body } = await on.ask('GET', `/keys?tenant=globex&limit=1&after=${String(next)}`)
    const keys = body['keys'] as Record<string, unknown>[]
    assert.ok(keys.length <= 1)
    seen.push(...keys.map((one) => one['id']))
    next = body['next']
    const used = keys.find((one) => one['id'] === id)?.['lastUsedAt']
    if (keys[0]?.['id'] === id) assert.match(String(used), /^\d{4}-\d\d-\d\dT/)
  }
  assert.ok(seen.includes(id))
  assert.equal(new Set(seen).size, seen.length)
})

test('a tenant is made once, listed, and its requests are refused while it is disabled', async () => {
  const made = await on.ask('POST', '/tenants', { body: { id: 'initech', label: 'Initech' } })
  assert.deepEqual([made.status, made.headers.get('location')], [201, '/tenants/initech'])
  assert.equal(codeOf(await on.ask('POST', '/tenants', { body: { id: 'initech' } })), '409 ANRF5006')
  assert.equal(codeOf(await on.ask('POST', '/tenants', { body: { id: 'No Name' } })), '422 ANRF5004')
  assert.ok(JSON.stringify((await on.ask('GET', '/tenants')).body).includes('"label":"Initech"'))
  const { key } = await makeKey({ scopes: ['admin'], tenant: 'initech' })
  assert.equal((await on.ask('POST', '/artifacts', { key, body: troubleDocumentBytes(), type: OCTETS })).status, 201)
  assert.ok((await on.ask('POST', '/tenants/initech/disable')).body['disabledAt'])
  assert.equal(await ask(key), '403 ANRF5021')
  assert.equal(codeOf(await on.ask('POST', '/execute/trouble', { key, body: { entry: 'count' } })), '403 ANRF5021')
  assert.equal((await on.ask('POST', '/tenants/initech/enable')).body['disabledAt'], undefined)
  assert.equal((await on.ask('POST', '/execute/trouble', { key, body: { entry: 'count' } })).status, 200)
  assert.deepEqual(actionsOn('initech'), ['tenants.create', 'tenants.disable', 'tenants.enable'])
  assert.equal((await on.ask('POST', '/tenants/nobody/disable')).status, 404)
  assert.equal((await on.ask('GET', '/tenants/nobody')).status, 404)
})
const OCTETS = 'application/octet-stream'

test('nobody disables the own tenant, and a key for a tenant that is not there is refused', async () => {
  assert.equal(codeOf(await on.ask('POST', '/tenants/default/disable')), '409 ANRF5006')
  const body = { label: 'x', scopes: ['read'], tenant: 'nowhere' }
  assert.equal(codeOf(await on.ask('POST', '/keys', { body })), '404 ANRF5003')
})
