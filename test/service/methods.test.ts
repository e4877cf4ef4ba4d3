// Derived from the route table: methods that a path does not have, HEAD where there is GET, and routes that take no body.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { ROUTES } from '../../src/service/routes/index.ts'
import { pathsOf } from '../../src/service/routes/paths.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  on = await startTestService({ streamsMax: 5 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

/** Those that fetch sends. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']
const urlOf = (path: string): string => path.replaceAll(/:\w+/g, '1')
const codeOf = ({ status, body }: Answer): string => `${status} ${String(body['code'])}`

test('the paths of the table have the methods of all routes that requests find there', () => {
  const row = (method: 'GET' | 'POST' | 'DELETE', path: string, scope?: 'read') =>
    ({ action: `${method} ${path}`, method, path, scope }) as const
  const paths = pathsOf([
    row('DELETE', '/a/:id', 'read'),
    row('GET', '/a/b', 'read'),
    row('POST', '/a/:id/c', 'read'),
    row('POST', '/d'),
  ])
  assert.deepEqual(
    paths.map(({ path, methods, isOpen }) => `${path} ${methods.join(' ')}${isOpen ? ' open' : ''}`),
    ['/a/:id DELETE', '/a/b DELETE GET HEAD', '/a/:id/c POST', '/d POST open'],
  )
})

for (const { path, methods, isOpen } of pathsOf(ROUTES))
  test(`${path} has ${methods.join(', ')} and says so of every other method, to who may ask at all`, async () => {
    for (const method of METHODS.filter((one) => !methods.includes(one))) {
      if (method === 'HEAD') {
        assert.equal((await rawOf(method, urlOf(path), on.key)).status, 405)
        continue
      }
      // A body that is broken, and not looked at.
      const broken = method === 'GET' ? {} : { body: '{' }
      const { status, body, headers } = await on.ask(method, urlOf(path), broken)
      assert.deepEqual([status, body['code'], headers.get('allow')], [405, 'ANRF5004', methods.join(', ')], method)
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(body['requestId'], headers.get('x-request-id'))
      const nobody = await on.ask(method, urlOf(path), { ...broken, key: null })
      assert.equal(codeOf(nobody), isOpen ? '405 ANRF5004' : '401 ANRF5001', method)
      assert.equal(nobody.headers.has('allow'), isOpen)
    }
  })

const GETS = ROUTES.filter(({ method, path }) => method === 'GET' && path !== '/metrics')
for (const { path } of GETS)
  test(`HEAD ${path} is answered like GET, without a body`, async () => {
    const url = urlOf(path).replace('/artifacts/1', '/artifacts/trouble')
    for (const key of [on.key, null]) {
      const [head, get] = [await rawOf('HEAD', url, key), await rawOf('GET', url, key)]
      assert.deepEqual([head.status, head.type, head.text], [get.status, get.type, ''])
      assert.ok(get.text.length > 0)
    }
  })

async function rawOf(
  method: string,
  path: string,
  key: string | null,
): Promise<{ status: number; type: string | null; text: string; length: string | null }> {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(`${on.service.url}${path}`, { method, headers })
  const [type, length] = [response.headers.get('content-type'), response.headers.get('content-length')]
  return { status: response.status, type, text: await response.text(), length }
}

test('HEAD says how long the body would be, and holds no stream open', async () => {
  const [head, get] = [await rawOf('HEAD', '/receipt-key', on.key), await rawOf('GET', '/receipt-key', on.key)]
  assert.equal(head.length, String(Buffer.byteLength(get.text)))
  assert.equal((await rawOf('HEAD', '/openapi.json', null)).status, 200)
  assert.equal((await on.ask('POST', '/openapi.json', { key: null })).headers.get('allow'), 'GET, HEAD')
  const { body } = await on.ask('POST', '/execute/trouble', {
    body: { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } },
    headers: { prefer: 'respond-async' },
  })
  const id = String(body['executionId'])
  const headers = { authorization: `Bearer ${on.key}`, accept: 'text/event-stream' }
  // More than a key may have open.
  for (let i = 0; i < 10; i++) {
    const { status } = await fetch(`${on.service.url}/executions/${id}/logs`, { method: 'HEAD', headers })
    assert.equal(status, 200)
  }
  await on.ask('POST', `/executions/${id}/cancel`)
})

test('what says that it is JSON and is empty is no body for a route that takes none', async () => {
  const bare = ROUTES.filter(({ method, body }) => method !== 'GET' && body === undefined)
  assert.ok(bare.length > 3)
  for (const { method, path } of bare.filter((route) => !route.path.startsWith('/tenants'))) {
    const [empty, none] = [await on.ask(method, urlOf(path), { body: '' }), await on.ask(method, urlOf(path))]
    assert.deepEqual(codeOf(empty), codeOf(none), `${method} ${path}`)
    assert.notEqual(empty.status, 400, path)
  }
  assert.equal(codeOf(await on.ask('POST', '/execute/trouble', { body: '' })), '400 ANRF4004')
})

test('no body at all is refused by every route that takes one, with or without a length', async () => {
  const taking = ROUTES.filter(({ body, path }) => body !== undefined && !path.startsWith('/tenants'))
  assert.ok(taking.some(({ body }) => body === 'document') && taking.length > 3)
  for (const { method, path } of taking)
    for (const length of [{}, { 'content-length': '0' }]) {
      const status = await statusWithout(method, urlOf(path), length)
      assert.ok(status >= 400 && status < 500, `${method} ${path} with ${JSON.stringify(length)}: ${status}`)
    }
})

/** The answer to a request that has neither body nor type, as `fetch` does not send it. */
function statusWithout(method: string, path: string, length: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${on.key}`, ...length }
    const sent = request(`${on.service.url}${path}`, { method, headers }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end()
  })
}
