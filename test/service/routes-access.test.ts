// Derived from the route table: for every route, keys that have ended, tenants that are disabled, keys of another tenant, and
// bodies that do not fit. A new route with a parameter says in THINGS what there is of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROUTES } from '../../src/service/routes/index.ts'
import type { Route } from '../../src/service/routes/route.ts'
import { makeWorld, type Tenant, type World } from './fuzz/world.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

let on: TestService
let world: World
const ended: Record<'expired' | 'revoked' | 'disabled', string> = { expired: '', revoked: '', disabled: '' }

before(async () => {
  on = await startTestService({ bodyBytesMax: 100_000 })
  world = await makeWorld(on.service.url, on.key)
  const makeKey = async (more: object = {}): Promise<{ id: string; key: string }> => {
    const { body } = await on.ask('POST', '/keys', { body: { label: 'x', scopes: ['admin', 'operate'], ...more } })
    return body as { id: string; key: string }
  }
  ended.expired = (await makeKey({ expiresAt: new Date(Date.now() + 500).toISOString() })).key
  const revoked = await makeKey()
  await on.ask('DELETE', `/keys/${revoked.id}`)
  ended.revoked = revoked.key
  ended.disabled = (await makeKey({ tenant: 'gamma' })).key
  await on.ask('POST', '/tenants/gamma/disable')
  await sleep(600)
})
after(() => stopTestService(on))

const OCTETS = 'application/octet-stream'

/** What of a tenant the parameter of a route names, by the beginning of its path; absent where it is nobody's or not of a tenant. */
const THINGS: Readonly<Record<string, keyof Tenant['ids'] | 'of the service' | 'made by others'>> = {
  artifacts: 'artifacts',
  execute: 'artifacts',
  verify: 'artifacts',
  executions: 'executions',
  keys: 'keys',
  tenants: 'of the service',
  hooks: 'of the service',
  audit: 'of the service',
  policies: 'of the service',
  overrides: 'made by others',
  batches: 'made by others',
  deliveries: 'made by others',
  traces: 'made by others',
}

/** Bodies that routes take, where `{}` is none. */
const BODIES: Readonly<Record<string, object>> = {
  'executions.start': { entry: 'count' },
  'executions.decide': { approved: true },
  'artifacts.yank': { reason: 'a test' },
  'artifacts.approve': { approved: true },
}

const bodyOf = ({ action }: Route): object => BODIES[action] ?? {}
const topicOf = ({ path }: Route): string => path.split('/')[1] ?? ''
const pathWith = ({ path }: Route, id: string): string =>
  path.replace(/:\w+/, encodeURIComponent(id)).replace(':other', encodeURIComponent(id)).replaceAll(/:\w+/g, '0')

function ask(route: Route, id: string, key: string | null, body: unknown = bodyOf(route)): Promise<Answer> {
  return on.ask(route.method, pathWith(route, id), { key, ...(route.method === 'GET' ? {} : { body }) })
}

const scoped = ROUTES.filter(({ scope }) => scope !== undefined)

test('every route with a parameter says what there is of it', () => {
  const unknown = scoped.filter((route) => route.path.includes(':') && THINGS[topicOf(route)] === undefined)
  assert.deepEqual(
    unknown.map(({ method, path }) => `${method} ${path}`),
    [],
    'name its topic in THINGS, so that it is asked for with keys of another tenant',
  )
})

for (const route of scoped)
  test(`${route.method} ${route.path} takes no key that has ended, and none of a disabled tenant`, async () => {
    for (const [why, expected] of [
      ['expired', '401 ANRF5020'],
      ['revoked', '401 ANRF5020'],
      ['disabled', '403 ANRF5021'],
    ] as const) {
      const { status, body, headers } = await ask(route, 'nothing', ended[why])
      assert.equal(`${status} ${String(body['code'])}`, expected, why)
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
    }
  })

for (const route of scoped) {
  const kind = THINGS[topicOf(route)]
  if (!route.path.includes(':') || kind === undefined || kind === 'of the service' || kind.includes(' ')) continue
  test(`${route.method} ${route.path} does not show or touch what another tenant has`, async () => {
    const [alpha, beta] = world.tenants
    for (const id of alpha.ids[kind as keyof Tenant['ids']].filter((one) => !one.startsWith('trouble'))) {
      const foreign = await ask(route, id, beta.keys[0]!)
      assert.equal(foreign.status, 404, JSON.stringify(foreign.body))
      assert.ok(!JSON.stringify(foreign.body).includes(alpha.marker))
      const unknown = await ask(route, `${id.slice(0, -4)}0000`, beta.keys[0]!)
      assert.equal(unknown.status, foreign.status, 'it is as if it were not there')
      // The control: for its own tenant it is there.
      if (route.method === 'GET') {
        const own = await ask(route, id, alpha.keys[0]!)
        assert.ok(
          own.status === 200 || /not kept|no receipt|no README/.test(String(own.body['detail'])),
          JSON.stringify(own.body),
        )
      }
    }
  })
}

/** Bodies whose members the route knows all; what is about something else, as a bundle of a signature, has its own rules. */
const isJson = ({ body }: Route): boolean =>
  typeof body === 'object' && (body as { additionalProperties?: boolean }).additionalProperties === false

for (const route of ROUTES.filter(isJson))
  test(`${route.method} ${route.path} refuses bodies that do not fit as problems that say where`, async () => {
    const send = (body: unknown, type?: string): Promise<Answer> =>
      on.ask(route.method, pathWith(route, 'nothing'), { body, ...(type !== undefined && { type }) })
    const statusOf = async (answer: Promise<Answer>): Promise<string> => {
      const { status, body, headers } = await answer
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(body['status'], status)
      return `${status} ${String(body['code'])}`
    }
    for (const body of ['[]', '"text"', 'null', '7', JSON.stringify({ ...bodyOf(route), unexpected: 1 })])
      assert.equal(await statusOf(send(body)), '422 ANRF5004', body)
    for (const body of ['{', '', '{"a":1,}', '\u0000']) assert.match(await statusOf(send(body)), /^400 /, body)
    assert.equal(await statusOf(send('{}', 'text/plain')), '415 ANRF5004')
    assert.equal(await statusOf(send('{}', OCTETS)), '415 ANRF5004')
    assert.equal(await statusOf(send(`{"a":"${'x'.repeat(100_001)}"}`)), '413 ANRF5007')
  })

for (const route of ROUTES.filter(({ query }) => query !== undefined))
  test(`${route.method} ${route.path} refuses parameters that it does not know`, async () => {
    const body = route.method === 'GET' ? {} : { body: bodyOf(route) }
    const { status, body: said } = await on.ask(route.method, `${pathWith(route, 'nothing')}?unexpected=1`, body)
    assert.equal(`${status} ${String(said['code'])}`, '422 ANRF5004')
  })
