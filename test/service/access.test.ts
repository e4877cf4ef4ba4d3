// Who may do what, derived from the route table, and what the service says about itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { diagnostic } from '../../src/base/index.ts'
import type { Verifier } from '../../src/service/index.ts'
import { includesScope, SCOPES } from '../../src/service/identity/principal.ts'
import { ROUTES } from '../../src/service/routes/index.ts'
import type { Route } from '../../src/service/routes/route.ts'
import { complaintsOf, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
const keys: Record<string, string> = {}

/** Refuses before or after, or breaks, by the `label` that is asked for. */
const verifier: Verifier = {
  name: 'by label',
  async before({ entry, args }) {
    if (entry === 'echo' && args[0] === 'break') throw new Error('a defect of the verifier')
    if (entry !== 'echo' || args[0] !== 'before') return { ok: true }
    return { ok: false, diagnostics: [diagnostic('ANRF5010', { message: 'not this text' })] }
  },
  async after(_, { outcome }) {
    if (outcome.kind !== 'returned' || outcome.value !== 'after') return { ok: true }
    return { ok: false, diagnostics: [diagnostic('ANRF5010', { message: 'not this result' })] }
  },
}

before(async () => {
  on = await startTestService({ verifiers: [verifier] })
  await on.client.publish(troubleDocumentBytes())
  for (const scope of SCOPES) {
    const { body } = await on.ask('POST', '/keys', { body: { label: scope, scopes: [scope] } })
    keys[scope] = String(body['key'])
  }
})
after(() => stopTestService(on))

const scoped = ROUTES.filter((route) => route.scope !== undefined)
const ask = ({ method, path }: Route, key: string | null): Promise<Answer> => {
  const body = method === 'GET' ? {} : { body: '{}' }
  return on.ask(method, path.replace(/:\w+/, 'nothing'), { key, ...body })
}

for (const route of scoped)
  test(`${route.method} ${route.path} asks for a key with its scope`, async () => {
    for (const key of [null, 'nonsense', `anrf_${'0'.repeat(16)}_${'0'.repeat(64)}`, `${on.key.slice(0, -1)}x`]) {
      const answer = await ask(route, key)
      assert.equal(answer.status, 401)
      assert.equal(answer.body['code'], 'ANRF5001')
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
    }
    for (const scope of SCOPES) {
      const isAllowed = includesScope([scope], route.scope!)
      const answer = await ask(route, keys[scope]!)
      assert.equal(answer.status === 403, !isAllowed, `${scope}: ${answer.status}`)
      if (!isAllowed) assert.equal(answer.body['code'], 'ANRF5002')
    }
  })

test('a wrong secret of a known key is not accepted, and the stored hash is not the secret', async () => {
  const [, id, secret] = on.key.split('_')
  const other = secret!.replace(/^./, (c) => (c === '0' ? '1' : '0'))
  assert.equal((await on.ask('GET', '/artifacts', { key: `anrf_${id}_${other}` })).status, 401)
  assert.ok(!JSON.stringify((await on.ask('GET', '/keys')).body).includes(secret!))
})

test('health needs no key, and readiness names the isolation', async () => {
  assert.deepEqual((await on.ask('GET', '/livez', { key: null })).body, { status: 'ok' })
  const ready = await on.ask('GET', '/readyz', { key: null })
  assert.equal(ready.status, 200)
  assert.match(String(ready.body['isolation']), /^(container|seccomp)$/)
  assert.ok(['v1', 'v2', 'none'].includes(String(ready.body['cgroups'])))
})

test('every answer has a request id, which a problem repeats', async () => {
  const { headers, body } = await on.ask('GET', '/artifacts/nobody')
  assert.equal(body['requestId'], headers.get('x-request-id'))
})

test('the OpenAPI document has every route with its answers', async () => {
  const { body } = await on.ask('GET', '/openapi.json', { key: null })
  assert.equal(body['openapi'], '3.1.0')
  const paths = body['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>
  for (const { method, path, output, scope } of ROUTES) {
    const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    assert.ok(operation, `${method} ${path}`)
    for (const status of [...Object.keys(output), ...(scope === undefined ? [] : ['401', '403'])])
      assert.ok(operation.responses[status], `${method} ${path} ${status}`)
  }
  const count = Object.values(paths).reduce((n, methods) => n + Object.keys(methods).length, 0)
  assert.equal(count, ROUTES.length)
})

test('a verifier refuses an execution before it runs, or its result, or by failing', async () => {
  const execute = (text: string): Promise<Answer> =>
    on.ask('POST', '/execute/trouble', { body: { inputs: { text }, entry: 'echo' } })
  assert.equal((await execute('fine')).status, 200)
  const before = await execute('before')
  assert.equal(before.status, 422)
  assert.deepEqual(complaintsOf(before.body), ['ANRF5010 '])
  assert.equal(before.body['usage'], undefined)
  const after = await execute('after')
  assert.equal(after.body['code'], 'ANRF5010')
  assert.equal(JSON.stringify(after.body).includes('"after"'), false)
  assert.equal((await execute('break')).body['error'], 'the verifier by label failed')
  const record = await on.ask('GET', `/executions/${String(after.body['executionId'])}`)
  assert.equal(record.body['outcome'], 'refused')
})
