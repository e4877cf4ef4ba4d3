// Events on their way to hooks: put down in the transaction of the deed, sent until they are taken, and seen by their tenant only.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { retryDelayMs } from '../../src/hooks/retry.ts'
import { startProcess } from '../durability/service-process.ts'
import { manifestOf, webhook } from '../hooks/manifest.ts'
import { SECRET, startReceiver, type Received } from '../hooks/receiver.ts'
import { askerOf, freshDir, startTestService, stopTestService, type Ask, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

type Listed = {
  readonly id: string
  readonly hook: string
  readonly type: string
  readonly subject: string
  readonly state: string
  readonly attempts: number
  readonly dueAt: string
  readonly failure?: string
  readonly failureDetail?: string
}

const receiver = await startReceiver(SECRET)
const telling = (path: string, on: readonly string[], more: object = {}): object => ({
  name: path,
  on,
  ...webhook(`${receiver.url}/${path}`),
  retryMs: 10,
  ...more,
})

async function serviceWith(hooks: readonly object[], run: (on: TestService) => Promise<void>): Promise<void> {
  const on = await startTestService({ hooks: manifestOf({ hooks }) })
  try {
    await on.client.publish(troubleDocumentBytes())
    await run(on)
  } finally {
    await stopTestService(on)
  }
}

const publish = (ask: Ask, bytes = troubleDocumentBytes(), key?: string): ReturnType<Ask> =>
  ask('POST', '/artifacts', { body: bytes, type: 'application/octet-stream', ...(key !== undefined && { key }) })
const execute = async (ask: Ask, entry: string, inputs: object): Promise<string> =>
  String((await ask('POST', '/execute/trouble', { body: { entry, inputs } })).body['executionId'])
const list = async (ask: Ask, query = ''): Promise<readonly Listed[]> =>
  (await ask('GET', `/deliveries${query}`)).body['deliveries'] as Listed[]

/** Deliveries once each is in one of `states`. */
async function settled(ask: Ask, ...states: string[]): Promise<readonly Listed[]> {
  for (;;) {
    const found = await list(ask)
    if (found.length > 0 && found.every(({ state }) => states.includes(state))) return found
    await sleep(20)
  }
}

const about = (seen: readonly Received[], subject: string): readonly Received[] =>
  seen.filter(({ event }) => event?.subject === subject)

test('the end of an execution and a publication are told, with as much as is configured', async () => {
  const hooks = [
    telling('plain', ['artifact.published', 'execution.ended']),
    telling('full', ['execution.ended'], { include: ['output', 'logs'], only: { outcomes: ['returned'] } }),
  ]
  await serviceWith(hooks, async ({ ask }) => {
    const returned = await execute(ask, 'add', { a: 1, b: 2 })
    const threw = await execute(ask, 'fail', { message: 'm' })
    const found = await settled(ask, 'delivered')
    assert.deepEqual(found.map(({ hook, type }) => `${hook} ${type}`).sort(), [
      'full anrf.execution.ended',
      'plain anrf.artifact.published',
      'plain anrf.execution.ended',
      'plain anrf.execution.ended',
    ])
    const plain = about(receiver.seen, returned).find(({ path }) => path === 'plain')
    const full = about(receiver.seen, returned).find(({ path }) => path === 'full')
    const { name, version, outcome, status, output } = plain!.event.data
    assert.deepEqual([name, version, outcome, status, output], ['trouble', '1.0.0', 'returned', 200, undefined])
    assert.deepEqual([full!.event.data['output'], full!.event.data['logs']], [{ result: 3 }, ['adding 1']])
    assert.equal(about(receiver.seen, threw).length, 1)
  })
})

test('an event that is not taken is sent again with the same id and a new signature, until it is', async () => {
  await serviceWith([telling('flaky', ['execution.ended'])], async ({ ask }) => {
    const id = await execute(ask, 'echo', { text: 'x' })
    const [delivery] = await settled(ask, 'delivered')
    assert.equal(delivery!.attempts, 3)
    const tries = about(receiver.seen, id)
    assert.equal(tries.length, 3)
    assert.equal(new Set(tries.map((one) => one.id)).size, 1)
  })
})

test('a receiver that says when to come again is left alone until then, and six hours at most', async () => {
  const names = ['later', 'tomorrow', 'broken']
  const hooks = names.map((name) => telling(name, ['execution.ended'], { attempts: 2 }))
  await serviceWith(hooks, async ({ ask }) => {
    const sentAt = Date.now()
    await execute(ask, 'echo', { text: 'x' })
    await receiver.until((seen) => names.every((name) => seen.some(({ path }) => path === name)))
    let found: readonly Listed[] = []
    for (;;) {
      found = await list(ask)
      if (found.length === 3 && found.every(({ failure, state }) => failure && state !== 'sending')) break
      await sleep(20)
    }
    const hoursOf = (hook: string): number => {
      const { dueAt } = found.find((one) => one.hook === hook)!
      return Math.round((Date.parse(dueAt) - sentAt) / 3_600_000)
    }
    assert.deepEqual([hoursOf('later'), hoursOf('tomorrow')], [1, 6])
    // Its second attempt was the last, without a pause.
    const broken = await (async (): Promise<Listed> => {
      for (;;) {
        const one = (await list(ask)).find(({ hook }) => hook === 'broken')!
        if (one.state === 'dead') return one
        await sleep(20)
      }
    })()
    assert.equal(broken.attempts, 2)
  })
})

test('an event that nobody takes is given up after its attempts, and is sent again when asked for', async () => {
  await serviceWith([telling('fail', ['execution.ended'], { attempts: 3 })], async ({ ask }) => {
    const subject = await execute(ask, 'echo', { text: 'x' })
    const [dead] = await settled(ask, 'dead')
    const { attempts, failure, failureDetail } = dead!
    assert.deepEqual([attempts, failure, failureDetail], [3, 'failed', 'it answered 500'])
    assert.equal((await list(ask, '?state=delivered')).length, 0)
    const again = await ask('POST', `/deliveries/${dead!.id}/redeliver`)
    assert.equal(again.status, 202)
    assert.equal((again.body['event'] as { subject: string }).subject, subject)
    await receiver.until((seen) => about(seen, subject).length === 6)
    await settled(ask, 'dead')
    const { body } = await ask('GET', '/hooks')
    const [hook] = body['hooks'] as { counts: object; deliveries: object }[]
    assert.deepEqual(hook!.deliveries, { dead: 1 })
    assert.deepEqual(hook!.counts, { asked: 0, allowed: 0, refused: 0, changed: 0, failed: 6, told: 0 })
  })
})

test('a receiver that is gone is told no more', async () => {
  await serviceWith([telling('gone', ['execution.ended'])], async ({ ask }) => {
    await execute(ask, 'echo', { text: 'x' })
    const [dead] = await settled(ask, 'dead')
    assert.deepEqual([dead!.attempts, dead!.failure], [1, 'gone'])
  })
})

const HANGS_MS = 60_000

test('a hook that hangs holds up no other, nor a stop', async () => {
  let begun = 0
  const hooks = [telling('hang', ['execution.ended'], { timeoutMs: HANGS_MS }), telling('quick', ['execution.ended'])]
  await serviceWith(hooks, async ({ ask }) => {
    const ids: string[] = []
    for (let i = 0; i < 10; i++) ids.push(await execute(ask, 'echo', { text: String(i) }))
    await receiver.until((seen) => ids.every((id) => about(seen, id).some(({ path }) => path === 'quick')))
    begun = performance.now()
  })
  assert.ok(performance.now() - begun < HANGS_MS / 2, 'the stop waits for the hook')
})

test('programs and modules are told like webhooks', async () => {
  const hook = { name: 'local', on: ['execution.ended'], module: './module.mjs', attempts: 2, retryMs: 10 }
  await serviceWith([hook], async ({ ask }) => {
    await execute(ask, 'echo', { text: 'x' })
    await execute(ask, 'fail', { message: 'm' })
    const states = (await settled(ask, 'delivered', 'dead')).map(({ state, attempts }) => `${state} ${attempts}`)
    assert.deepEqual(states, ['delivered 1', 'dead 2'])
  })
})

test('deliveries of a tenant are seen by nobody of another, and details of the network by who operates the service', async () => {
  await serviceWith([telling('fail', ['artifact.published'], { attempts: 1 })], async ({ ask }) => {
    const [own] = await settled(ask, 'dead')
    await ask('POST', '/tenants', { body: { id: 'other' } })
    const made = await ask('POST', '/keys', { body: { label: 'other', scopes: ['admin'], tenant: 'other' } })
    const key = String(made.body['key'])
    assert.equal((await publish(ask, troubleDocumentBytes('2.0.0'), key)).status, 201)
    const theirs = async (): Promise<readonly Listed[]> =>
      (await ask('GET', '/deliveries', { key })).body['deliveries'] as Listed[]
    while ((await theirs())[0]?.state !== 'dead') await sleep(20)
    const [their, ...more] = await theirs()
    assert.deepEqual([more.length, their!.failure, their!.failureDetail], [0, 'failed', undefined])
    for (const [method, path] of [
      ['GET', `/deliveries/${own!.id}`],
      ['POST', `/deliveries/${own!.id}/redeliver`],
    ] as const)
      assert.equal((await ask(method, path, { key })).status, 404)
    assert.equal((await ask('GET', `/deliveries/${their!.id}`)).status, 404)
    assert.equal((await list(ask)).length, 1)
    assert.equal((await ask('GET', '/hooks', { key })).status, 403)
    assert.equal((await ask('POST', '/hooks/fail/test', { key })).status, 403)
  })
})

test('a test event shows what a hook does with it', async () => {
  const hooks = [telling('quick', ['before']), telling('fail', ['execution.ended'])]
  await serviceWith(hooks, async ({ ask }) => {
    const good = await ask('POST', '/hooks/quick/test')
    assert.equal(good.body['ok'], true)
    assert.equal(receiver.seen.at(-1)!.event.type, 'anrf.hook.test')
    const bad = await ask('POST', '/hooks/fail/test')
    assert.deepEqual([bad.body['ok'], bad.body['failure'], bad.body['detail']], [false, 'failed', 'it answered 500'])
    assert.equal((await ask('POST', '/hooks/nobody/test')).status, 404)
  })
})

test('pauses grow threefold to six hours, and are by chance up to half as long', () => {
  const pauses = Array.from({ length: 12 }, (_, i) => retryDelayMs(i + 1, 5000, undefined, () => 0))
  assert.deepEqual(pauses.slice(0, 4), [5000, 15_000, 45_000, 135_000])
  assert.equal(pauses.at(-1), 6 * 60 * 60 * 1000)
  assert.equal(
    retryDelayMs(1, 5000, undefined, () => 0.999),
    2502,
  )
  // What the receiver asks for counts where it is longer, up to the longest pause.
  assert.deepEqual(
    [0, 4999, 60_000, 9e9, Infinity].map((asked) => retryDelayMs(1, 5000, asked, () => 0)),
    [5000, 5000, 60_000, 21_600_000, 21_600_000],
  )
})

const KILLS = 5
test(`events of acknowledged executions arrive after SIGKILL (${KILLS} kills, each with executions under way)`, async () => {
  const dir = freshDir()
  const file = join(dir, 'hooks.json')
  const { webhook: target } = webhook(`${receiver.url}/killed`) as { webhook: object }
  const hook = { name: 'killed', on: ['execution.ended', 'artifact.published'], webhook: target, retryMs: 10 }
  writeFileSync(file, JSON.stringify({ hooks: [hook] }))
  const env = { ANRF_HOOKS: file, HOOK_SECRET: SECRET }
  const acknowledged: string[] = []
  const arrived = (seen: readonly Received[], subject: string): readonly Received[] =>
    about(seen, subject).filter(({ path }) => path === 'killed')
  let key: string | undefined
  for (let kill = 0; kill <= KILLS; kill++) {
    const running = await startProcess(dir, env)
    const ask = askerOf(running.url, (key ??= running.key!))
    if (kill === 0) acknowledged.push(String((await publish(ask)).body['id']))
    const asked = Array.from({ length: 20 }, async (_, i) => {
      const { status, body } = await ask('POST', '/execute/trouble', {
        body: { entry: 'echo', inputs: { text: String(i) } },
      })
      if (status === 200) acknowledged.push(String(body['executionId']))
    })
    // Killed as soon as a few were acknowledged, while others run and events are on their way.
    const wanted = acknowledged.length + 3
    const enough = (async () => {
      while (acknowledged.length < wanted) await sleep(1)
    })()
    await Promise.race([enough, Promise.allSettled(asked)])
    if (kill === KILLS) await receiver.until((seen) => acknowledged.every((id) => arrived(seen, id).length > 0))
    await running.kill()
    await Promise.allSettled(asked)
  }
  const late = await startProcess(dir, env)
  await receiver.until((seen) => acknowledged.every((id) => arrived(seen, id).length > 0))
  await late.kill()
  for (const id of acknowledged) {
    const ids = new Set(arrived(receiver.seen, id).map((one) => one.id))
    assert.equal(ids.size, 1, 'however often it came, it is one event')
  }
  assert.ok(acknowledged.length >= 3 * KILLS, `${acknowledged.length} acknowledged`)
  rmSync(dir, { recursive: true, force: true })
})
