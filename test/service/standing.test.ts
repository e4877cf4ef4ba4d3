// What is suspended for days goes on with the rights of that day: not with those of a key that was revoked meanwhile.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readIssuers } from '../../src/service/gateway/issuer.ts'
import { insertDecision } from '../../src/service/executions/decisions.ts'
import { openStore } from '../../src/store/index.ts'
import { approvalDocumentBytes, DEEDS_CONFIG } from './deeds.ts'
import { AUDIENCE, makeKey as makeSigningKey, mint, startIssuer } from './issuer.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

let on: TestService

before(async () => {
  on = await startTestService(DEEDS_CONFIG)
  await on.ask('POST', '/artifacts', { body: approvalDocumentBytes(), type: OCTETS })
})
after(() => stopTestService(on))
const OCTETS = 'application/octet-stream'

type Key = { readonly id: string; readonly key: string }
const makeKey = async (spec: object = {}): Promise<Key> =>
  (await on.ask('POST', '/keys', { body: { label: 'x', scopes: ['execute'], ...spec } })).body as unknown as Key

async function suspend({ key }: Key): Promise<string> {
  const { status, body } = await on.ask('POST', '/execute/approval', { key, body: {} })
  assert.equal(status, 202, JSON.stringify(body))
  return String(body['executionId'])
}

const decide = async (id: string): Promise<void> => {
  const { status } = await on.ask('POST', `/executions/${id}/decisions/0`, { body: { approved: true } })
  assert.equal(status, 202)
}

/** How the execution of a tenant stands, from the store. */
async function outcomeOf(id: string): Promise<string> {
  const store = await openStore(on.dir)
  const [row] = await store.sql.query<{ outcome: string }>('select outcome from execution where id = ?', [id])
  store.close()
  return String(row?.outcome)
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await check()) return
    await sleep(50)
  }
  assert.fail('it did not come')
}

/** Why the execution was not gone on with, once or more often. */
async function refusalsOf(id: string): Promise<readonly string[]> {
  const store = await openStore(on.dir)
  const rows = await store.sql.query<{ reasons: string | null }>(
    `select reasons from audit_entry where action = 'executions.resume' and subject = ? order by sequence`,
    [id],
  )
  store.close()
  return rows.flatMap(({ reasons }) => JSON.parse(reasons ?? '[]') as string[])
}

test('with a key that is still valid it goes on, also one that was rotated meanwhile', async () => {
  const key = await makeKey()
  const id = await suspend(key)
  await on.ask('POST', `/keys/${key.id}/rotate`, { body: { graceSeconds: 0 } })
  await decide(id)
  await until(async () => (await outcomeOf(id)) === 'returned')
  assert.deepEqual(await refusalsOf(id), [])
})

test('a revoked key does not let it go on, which the audit log tells; another key of the identity does', async () => {
  const key = await makeKey()
  const id = await suspend(key)
  assert.equal((await on.ask('DELETE', `/keys/${key.id}`)).status, 204)
  await decide(id)
  await until(async () => (await refusalsOf(id)).length > 0)
  assert.equal(await outcomeOf(id), 'suspended')
  assert.match((await refusalsOf(id))[0]!, /^ANRF5022: .* has no valid key with the scope execute any more$/)
  // A key that may not execute changes nothing.
  await makeKey({ scopes: ['read'], principal: key.id })
  await until(async () => (await refusalsOf(id)).length > 1)
  assert.equal(await outcomeOf(id), 'suspended')
  await makeKey({ principal: key.id })
  await until(async () => (await outcomeOf(id)) === 'returned')
})

test('an expired key does not either, also not after a restart', async () => {
  const key = await makeKey({ expiresAt: new Date(Date.now() + 1500).toISOString() })
  const id = await suspend(key)
  await sleep(1600)
  await decide(id)
  await until(async () => (await refusalsOf(id)).length > 0)
  await on.service.close()
  on = await startTestService(DEEDS_CONFIG, { dir: on.dir, key: on.key })
  await until(async () => (await refusalsOf(id)).length > 1)
  assert.equal(await outcomeOf(id), 'suspended')
})

test('what a disabled tenant has suspended stays so, and goes on when it is enabled', async () => {
  await on.ask('POST', '/tenants', { body: { id: 'acme' } })
  const key = await makeKey({ tenant: 'acme', scopes: ['admin'] })
  await on.ask('POST', '/artifacts', { key: key.key, body: approvalDocumentBytes(), type: OCTETS })
  const id = await suspend(key)
  await on.ask('POST', '/tenants/acme/disable')
  const decision = { key: key.key, body: { approved: true } }
  assert.equal((await on.ask('POST', `/executions/${id}/decisions/0`, decision)).status, 403)
  const store = await openStore(on.dir)
  await store.sql.tx((query) => insertDecision(query, id, 0, { approved: true, by: 'somebody', note: '' }))
  store.close()
  await on.service.close()
  on = await startTestService(DEEDS_CONFIG, { dir: on.dir, key: on.key })
  await until(async () => (await refusalsOf(id)).length > 0)
  assert.match((await refusalsOf(id))[0]!, /the tenant acme is not served$/)
  assert.equal(await outcomeOf(id), 'suspended')
  await on.ask('POST', '/tenants/acme/enable')
  await until(async () => (await outcomeOf(id)) === 'returned')
})

test('an identity that comes with tokens goes on after its token has expired, as long as its issuer is configured', async (t) => {
  const signing = await makeSigningKey('only')
  const issuer = await startIssuer([signing])
  t.after(() => issuer.stop())
  const read = readIssuers({ issuers: [{ issuer: issuer.url, audience: AUDIENCE, clockSkewSeconds: 0 }] })
  assert.ok('issuers' in read)
  const restart = async (more: object): Promise<void> => {
    await on.service.close()
    on = await startTestService({ ...DEEDS_CONFIG, ...more }, { dir: on.dir, key: on.key })
  }
  await restart(read)
  const exp = Math.floor(Date.now() / 1000) + 3
  const token = await mint(issuer.url, signing, { claims: { scope: 'execute', exp } })
  const ids = [await suspend({ id: '', key: token }), await suspend({ id: '', key: token })] as const
  await sleep(3100)
  assert.equal((await on.ask('POST', '/execute/approval', { key: token, body: {} })).status, 401)
  await decide(ids[0])
  await until(async () => (await outcomeOf(ids[0])) === 'returned')
  await restart({ issuers: [] })
  await decide(ids[1])
  await until(async () => (await refusalsOf(ids[1])).length > 0)
  assert.equal(await outcomeOf(ids[1]), 'suspended')
  await restart(read)
  await until(async () => (await outcomeOf(ids[1])) === 'returned')
})
