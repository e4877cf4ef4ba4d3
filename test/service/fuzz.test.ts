// Any request to any route gets an answer that is no error of ours, comes in time, and has nothing of another tenant. The seed is in
// the name; `npm run fuzz:routes -- --seed S` sends many more.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ROUTES } from '../../src/service/routes/index.ts'
import { fuzzRoute } from './fuzz/run.ts'
import { makeWorld, type World } from './fuzz/world.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

const REQUESTS = 100
const seed = Math.floor(Math.random() * 2 ** 31)
let on: TestService
let world: World

before(async () => {
  on = await startTestService({ ceilings: { wall: 500, fuel: 1_000_000 } })
  world = await makeWorld(on.service.url, on.key)
})
after(() => stopTestService(on))

for (const route of ROUTES)
  test(`${route.method} ${route.path} answers whatever comes (seed ${seed})`, async () => {
    const { failures, statuses } = await fuzzRoute(world, route, REQUESTS, seed)
    assert.deepEqual(failures, [])
    assert.equal(
      Object.values(statuses).reduce((a, b) => a + b),
      REQUESTS,
    )
    assert.equal((await on.ask('GET', '/readyz')).status, 200)
  })

test('the texts of a tenant are what its own keys read, so that looking for them can fail', async () => {
  for (const { keys, marker, ids } of world.tenants)
    for (const path of [
      '/artifacts/trouble@1.0.0',
      `/executions/${ids.executions[0]}`,
      '/keys?limit=999',
      `/overrides/${ids.overrides[0]}`,
    ])
      assert.ok(JSON.stringify((await on.ask('GET', path, { key: keys[0]! })).body).includes(marker), path)
})
