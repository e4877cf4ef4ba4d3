// Policies of an operator over HTTP: what they refuse and how that is told, and how they are replaced while requests come.
import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { listEntries, type ListedEntry } from '../../src/audit/index.ts'
import { PoliciesError } from '../../src/service/index.ts'
import { openStore } from '../../src/store/index.ts'
import { freshDir, startTestService, stopTestService, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-policies-'))
/** As a whole or not at all, which is how files of a service should be replaced. */
function write(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text)
  renameSync(join(folder, `${name}.new`), join(folder, name))
}

const FORBID = `@id("no-trouble") @reason("trouble is not wanted here")
forbid(principal, action in Action::"executions", resource is Program)
when { resource has name && resource.name == "trouble" } unless { principal.scopes.contains("operate") };`

let on: TestService
let user: string

before(async () => {
  write('a.cedar', FORBID)
  on = await startTestService({ policyFolder: folder })
  await on.client.publish(troubleDocumentBytes())
  const { body } = await on.ask('POST', '/keys', { body: { label: 'user', scopes: ['execute', 'read'] } })
  user = String(body['key'])
})
after(async () => {
  await stopTestService(on)
  rmSync(folder, { recursive: true, force: true })
})

const add = (key: string, reference = 'trouble'): ReturnType<TestService['ask']> =>
  on.ask('POST', `/execute/${reference}`, { key, body: { entry: 'add', inputs: { a: 1, b: 2 } } })

async function entries(): Promise<readonly ListedEntry[]> {
  const store = await openStore(on.dir)
  const listed = await listEntries(store.sql.query, {}, { limit: 10_000 })
  store.close()
  return listed.entries.toReversed()
}

test('what a policy forbids is a 403 with the policy and its reason, in the audit log as well', async () => {
  const { status, body } = await add(user)
  assert.equal(status, 403)
  assert.equal(body['code'], 'ANRF5033')
  assert.match(String(body['detail']), /may not do executions\.start: forbidden by no-trouble \(trouble is not wanted/)
  const policy = {
    action: 'executions.start',
    policies: [{ id: 'no-trouble', effect: 'forbid', reason: 'trouble is not wanted here' }],
    errors: [],
  }
  assert.deepEqual(body['policy'], policy)
  const told = (await entries()).at(-1)
  assert.deepEqual([told?.action, told?.outcome], ['executions.start', 'refused'])
  assert.deepEqual(told?.details?.['policy'], policy)
})

test('however a program is named, what is looked at is what the registry has', async () => {
  const { body } = await on.ask('GET', '/artifacts/trouble')
  for (const reference of ['trouble', 'trouble@1.0.0', String(body['id'])])
    assert.equal((await add(user, encodeURIComponent(reference))).body['code'], 'ANRF5033', reference)
  assert.equal((await add(user, 'nothing')).status, 404)
  assert.equal((await add(on.key)).status, 200)
})

test('what scopes do not permit is said as ever', async () => {
  const { status, body } = await on.ask('POST', '/keys', { key: user, body: { label: 'x', scopes: ['read'] } })
  assert.deepEqual([status, body['code']], [403, 'ANRF5002'])
})

test('policies are shown and explained to whoever operates the service, not to admins', async () => {
  const { body } = await on.ask('GET', '/policies')
  assert.match(String(body['revision']), /^sha256:[0-9a-f]{64}$/)
  assert.deepEqual(
    (body['policies'] as { id: string; file: string }[]).map(({ id, file }) => [id, file]),
    [['no-trouble', 'a.cedar']],
  )
  assert.match(String(body['schema']), /^action "policies\.read"/m)
  const asked = {
    principal: { id: 'eve', scopes: ['execute'] },
    action: 'executions.start',
    program: { name: 'trouble' },
  }
  const explained = await on.ask('POST', '/policies/explain', { body: asked })
  assert.deepEqual(
    [explained.body['allowed'], (explained.body['policies'] as { id: string }[])[0]?.id],
    [false, 'no-trouble'],
  )
  assert.equal((await on.ask('POST', '/policies/explain', { body: { ...asked, action: 'x' } })).status, 404)
  assert.equal((await on.ask('POST', '/policies/explain', { body: { ...asked, attrs: {} } })).status, 422)
  const made = await on.ask('POST', '/keys', { body: { label: 'admin', scopes: ['admin'] } })
  assert.equal((await on.ask('GET', '/policies', { key: String(made.body['key']) })).status, 403)
})

test('a folder with an error changes nothing, says everything, and is told', async () => {
  const { revision } = (await on.ask('GET', '/policies')).body
  write('b.cedar', 'permit(principal, action, resource) when { resource.nam == "x" };\nforbid(oops);')
  const { status, body } = await on.ask('POST', '/policies/reload')
  assert.equal(status, 422)
  const codes = (body['diagnostics'] as { code: string; location: { path: string } }[]).map(
    ({ code, location }) => `${code} ${location.path}`,
  )
  assert.ok(codes.includes('ANRF5030 b.cedar') && codes.includes('ANRF5031 b.cedar'), codes.join())
  assert.equal((await add(user)).body['code'], 'ANRF5033')
  const shown = (await on.ask('GET', '/policies')).body
  assert.equal(shown['revision'], revision)
  assert.equal((shown['rejected'] as { diagnostics: unknown[] }).diagnostics.length, codes.length)
  const told = (await entries()).findLast(({ action }) => action === 'policies.reload')
  assert.deepEqual([told?.action, told?.outcome, told?.subject], ['policies.reload', 'refused', revision])
  rmSync(join(folder, 'b.cedar'))
  assert.equal((await on.ask('POST', '/policies/reload')).status, 200)
  assert.equal((await on.ask('GET', '/policies')).body['rejected'], undefined)
})

test('a change of the folder is noticed without being told', async () => {
  const { revision } = (await on.ask('GET', '/policies')).body
  write('c.cedar', '@id("nobody") forbid(principal == Principal::"nobody", action, resource);')
  let now = revision
  // Only a watcher that says nothing for a minute fails this.
  for (let i = 0; i < 600 && now === revision; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    now = (await on.ask('GET', '/policies')).body['revision']
  }
  assert.notEqual(now, revision)
  rmSync(join(folder, 'c.cedar'))
  await on.service.reloadPolicies()
})

test('under load every request is decided by the one set or the other, and none by neither', async () => {
  const rounds = 12
  const done = new AbortController()
  const codes = new Map<unknown, number>()
  const worker = async (): Promise<void> => {
    while (!done.signal.aborted) {
      const { status, body } = await on.ask('GET', '/artifacts/trouble', { key: user })
      const code = status === 200 ? 200 : body['code']
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
  }
  const load = Array.from({ length: 8 }, worker)
  for (let i = 0; i < rounds; i++) {
    const verb = i % 2 === 0 ? 'forbid' : 'permit'
    write('load.cedar', `@id("load-${i}") ${verb}(principal, action == Action::"artifacts.read", resource);`)
    assert.deepEqual(await on.service.reloadPolicies(), [])
    const expected = verb === 'forbid' ? 403 : 200
    // What was acknowledged holds for the next request.
    assert.equal((await on.ask('GET', '/artifacts/trouble', { key: user })).status, expected)
    write('load.cedar', 'permit(broken')
    assert.equal((await on.service.reloadPolicies()).length, 1)
    assert.equal((await on.ask('GET', '/artifacts/trouble', { key: user })).status, expected)
  }
  done.abort()
  await Promise.all(load)
  assert.deepEqual([...codes.keys()].sort(), [200, 'ANRF5033'])
  rmSync(join(folder, 'load.cedar'))
  await on.service.reloadPolicies()
})

test('a service does not start with policies that are refused', async () => {
  write('d.cedar', 'permit(principal, action == Action::"no.such", resource);')
  await assert.rejects(startTestService({ policyFolder: folder }, { dir: freshDir() }), (error: unknown) => {
    assert.ok(error instanceof PoliciesError)
    assert.equal(error.diagnostics[0]?.code, 'ANRF5031')
    return true
  })
  rmSync(join(folder, 'd.cedar'))
})
