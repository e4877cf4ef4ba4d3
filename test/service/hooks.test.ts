// Hooks before and after executions: a webhook receiver in a process of its own, modules, and programs in the sandbox.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { manifestOf, webhook } from '../hooks/manifest.ts'
import { OLD_SECRET, SECRET, startReceiver } from '../hooks/receiver.ts'
import { compileText } from '../hooks/programs.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const receiver = await startReceiver(SECRET)

/** A service with these hooks and the trouble program, which ends with its test. */
async function serviceWith(hooks: readonly object[], run: (on: TestService) => Promise<void>): Promise<void> {
  const on = await startTestService({ hooks: manifestOf({ hooks }), workers: 2, isRecorded: true })
  try {
    await on.client.publish(troubleDocumentBytes())
    await run(on)
  } finally {
    await stopTestService(on)
  }
}

const execute = (on: TestService, entry: string, inputs: object, program = 'trouble'): Promise<Answer> =>
  on.ask('POST', `/execute/${program}`, { body: { inputs, entry } })
const echo = (on: TestService, text: string): Promise<Answer> => execute(on, 'echo', { text })
const answersWith = (path: string, more: object = {}): object => ({
  name: 'guard',
  on: ['before'],
  ...webhook(`${receiver.url}/${path}`),
  ...more,
})

describe('a webhook before an execution', () => {
  test('is told who asks for what, signed, and not what the inputs are', async () => {
    await serviceWith([answersWith('allow')], async (on) => {
      assert.equal((await echo(on, 'a secret')).status, 200)
      const { event, body, headers } = receiver.seen.at(-1)!
      assert.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8')
      assert.equal(headers['webhook-id'], event.id)
      assert.deepEqual([event.specversion, event.type, event.tenant], ['1.0', 'anrf.execution.before', 'default'])
      assert.match(event.source, /^urn:anrf:service:/)
      const { executionId, entry, name, hook, inputs, limits, inputsDigest } = event.data
      assert.deepEqual([executionId, entry, name, hook, inputs], [event.subject, 'echo', 'trouble', 'guard', undefined])
      assert.match(String(inputsDigest), /^sha256:/)
      assert.equal((limits as { fuel: number }).fuel, 2_000_000_000)
      assert.ok(!body.includes('a secret'))
    })
  })

  test('is shown the inputs when it is configured so', async () => {
    await serviceWith([answersWith('allow', { include: ['inputs'] })], async (on) => {
      await echo(on, 'shown')
      assert.deepEqual(receiver.seen.at(-1)!.event.data['inputs'], { text: 'shown' })
    })
  })

  test('refuses with its name and reason; nothing runs, and the record says so', async () => {
    await serviceWith([answersWith('refuse')], async (on) => {
      const { status, body } = await echo(on, 'x')
      assert.equal(status, 403)
      assert.equal(body['code'], 'ANRF5060')
      assert.equal(body['detail'], 'the hook guard refused the execution: not on Sundays')
      assert.equal(body['usage'], undefined)
      assert.deepEqual(body['hooks'], [{ hook: 'guard', stage: 'before', did: 'refused', reason: 'not on Sundays' }])
      const record = await on.ask('GET', `/executions/${String(body['executionId'])}`)
      assert.equal(record.body['outcome'], 'refused')
      assert.deepEqual((record.body['answer'] as Answer['body'])['hooks'], body['hooks'])
    })
  })

  test('narrows limits and never widens them', async () => {
    await serviceWith([answersWith('narrow')], async (on) => {
      const { status, body } = await execute(on, 'spin', {})
      assert.equal(status, 422)
      assert.equal((body['outcome'] as { limit: string }).limit, 'fuel')
      assert.deepEqual(body['clamped'], [{ limit: 'fuel', asked: 2_000_000_000, given: 1000 }])
      assert.equal((body['usage'] as { fuel: number }).fuel, 1000)
    })
  })

  test('is told with an old secret and a new one while they are changed', async () => {
    const old = await startReceiver(OLD_SECRET)
    const hook = answersWith('allow', webhook(`${old.url}/allow`, { secrets: ['HOOK_SECRET', 'OLD_HOOK_SECRET'] }))
    await serviceWith([hook], async (on) => assert.equal((await echo(on, 'x')).status, 200))
    await serviceWith([answersWith('allow', webhook(`${old.url}/allow`))], async (on) => {
      assert.equal((await echo(on, 'x')).status, 502)
      assert.match(old.seen.at(-1)!.rejected!, /not by this secret/)
    })
  })

  const failures = {
    hang: 'timeout',
    fail: 'failed',
    redirect: 'failed',
    flood: 'answer',
    close: 'unreachable',
    garbage: 'answer',
    unknown: 'answer',
    empty: 'answer',
    gone: 'gone',
  }
  for (const [path, why] of Object.entries(failures))
    test(`that does "${path}" gives no answer: closed refuses, open goes on, and what it said is not told`, async () => {
      const more = { timeoutMs: path === 'hang' ? 200 : 5000 }
      await serviceWith([answersWith(path, more)], async (on) => {
        const { status, body } = await echo(on, 'x')
        assert.equal(status, 502)
        assert.equal(body['code'], 'ANRF5062')
        assert.match(String(body['detail']), /^the hook guard gave no answer: /)
        assert.ok(!JSON.stringify(body).includes('127.0.0.1'))
      })
      await serviceWith([answersWith(path, { ...more, onFailure: 'open' })], async (on) => {
        const { status, body } = await echo(on, 'x')
        assert.equal(status, 200)
        const [deed] = body['hooks'] as { did: string; open: boolean; why: string }[]
        assert.deepEqual([deed!.did, deed!.open, deed!.why], ['failed', true, why])
      })
    })

  test('at an address of this machine is not reached unless that is granted, whatever its name is', async () => {
    const port = new URL(receiver.url).port
    const seen = receiver.seen.length
    const hook = answersWith('allow', webhook(`https://localtest.example:${port}/allow`, { private: false }))
    await serviceWith([hook], async (on) => assert.equal((await echo(on, 'x')).status, 502))
    assert.equal(receiver.seen.length, seen)
  })

  test('is there for the tenants and programs that it names', async () => {
    const only = (only: object): object => answersWith('refuse', { only })
    await serviceWith([only({ programs: ['trouble@^2.0'] })], async (on) =>
      assert.equal((await echo(on, 'x')).status, 200),
    )
    await serviceWith([only({ programs: ['trouble@^1.0'] })], async (on) =>
      assert.equal((await echo(on, 'x')).status, 403),
    )
    await serviceWith([only({ tenants: ['other'] })], async (on) => assert.equal((await echo(on, 'x')).status, 200))
    await serviceWith([only({ tenants: ['default'] })], async (on) => assert.equal((await echo(on, 'x')).status, 403))
  })
})

describe('hooks after an execution', () => {
  const later = (path: string, more: object = {}): object => answersWith(path, { on: ['after'], ...more })

  test('see how it ended and what it used, and its output when configured so', async () => {
    await serviceWith([later('allow'), later('allow', { name: 'reader', include: ['output', 'logs'] })], async (on) => {
      assert.equal((await execute(on, 'add', { a: 1, b: 2 })).status, 200)
      const [blind, reader] = receiver.seen.slice(-2).map(({ event }) => event.data)
      assert.deepEqual([blind!['outcome'], blind!['output'], blind!['logs']], ['returned', undefined, undefined])
      assert.deepEqual([reader!['output'], reader!['logs']], [{ result: 3 }, ['adding 1']])
      assert.equal((reader!['usage'] as { effects: number }).effects, 0)
    })
  })

  test('reject: the caller gets neither result nor log, but what ran', async () => {
    await serviceWith([later('refuse')], async (on) => {
      const { status, body } = await execute(on, 'add', { a: 87_654_320, b: 1 })
      assert.equal(status, 422)
      assert.equal(body['code'], 'ANRF5061')
      assert.equal(body['detail'], 'the hook guard rejected the result: not on Sundays; the program ran')
      assert.ok((body['usage'] as { fuel: number }).fuel >= 0)
      const record = JSON.stringify((await on.ask('GET', `/executions/${String(body['executionId'])}`)).body)
      for (const text of [JSON.stringify(body), record])
        assert.ok(!text.includes('adding') && !text.includes('87654321'))
    })
  })

  test('redact by pointers; what there is not is not named', async () => {
    await serviceWith([later('redact')], async (on) => {
      const returned = await execute(on, 'add', { a: 1, b: 2 })
      assert.deepEqual([returned.body['output'], returned.body['logs']], [{ result: '[redacted]' }, ['[redacted]']])
      assert.deepEqual(returned.body['hooks'], [
        { hook: 'guard', stage: 'after', did: 'redacted', pointers: ['/output/result', '/logs'] },
      ])
      const path = `/executions/${String(returned.body['executionId'])}`
      assert.deepEqual((await on.ask('GET', path)).body['answer'], returned.body)
      assert.equal((await on.ask('GET', `${path}/recording`)).status, 404)
      assert.equal((await on.ask('POST', `${path}/replay`, { body: {} })).status, 404)
      const threw = await execute(on, 'fail', { message: 'a secret' })
      assert.equal(threw.status, 422)
      assert.equal(threw.body['error'], 'RangeError: [redacted]')
      assert.deepEqual(threw.body['logs'], ['[redacted]'])
    })
  })

  test('are asked of executions that were accepted first, with the inputs that nobody sends any more', async () => {
    await serviceWith([later('redact', { include: ['inputs', 'output'] })], async (on) => {
      const body = { inputs: { a: 1, b: 2 }, entry: 'add' }
      const accepted = await on.ask('POST', '/execute/trouble', { body, headers: { prefer: 'respond-async' } })
      assert.equal(accepted.status, 202)
      const path = `/executions/${String(accepted.body['executionId'])}`
      for (;;) {
        const { body: record } = await on.ask('GET', path)
        if (record['answer'] === undefined || record['outcome'] !== 'returned') continue
        assert.deepEqual((record['answer'] as Answer['body'])['output'], { result: '[redacted]' })
        break
      }
      const { inputs, output } = receiver.seen.at(-1)!.event.data
      assert.deepEqual([inputs, output], [{ a: 1, b: 2 }, { result: 3 }])
    })
  })

  test('are not asked when nothing ran, nor for outcomes that they do not name', async () => {
    await serviceWith([later('refuse', { only: { outcomes: ['threw'] } })], async (on) => {
      const seen = receiver.seen.length
      assert.equal((await echo(on, 'x')).status, 200)
      assert.equal((await execute(on, 'echo', { text: 1 })).status, 422)
      assert.equal(receiver.seen.length, seen)
      assert.equal((await execute(on, 'fail', { message: 'm' })).body['code'], 'ANRF5061')
    })
  })

  test('that give no answer keep the result back when closed, and not when open', async () => {
    await serviceWith([later('fail')], async (on) => {
      const { status, body } = await echo(on, 'kept')
      assert.equal(status, 502)
      assert.ok(!JSON.stringify(body).includes('"kept"'))
    })
    await serviceWith([later('fail', { onFailure: 'open' })], async (on) =>
      assert.deepEqual((await echo(on, 'given')).body['output'], { result: 'given' }),
    )
  })
})

describe('a module', () => {
  const module = (more: object = {}): object => ({
    name: 'local',
    on: ['before', 'after'],
    module: './module.mjs',
    include: ['inputs', 'output'],
    timeoutMs: 500,
    ...more,
  })

  test('refuses, redacts, and may throw, hang, loop and exit without harm to others', async () => {
    await serviceWith([module()], async (on) => {
      assert.equal((await echo(on, 'fine')).status, 200)
      const refused = await echo(on, 'refuse')
      assert.equal(refused.body['detail'], 'the hook local refused the execution: somebody asks for echo')
      assert.deepEqual((await echo(on, 'secret')).body['output'], { result: '[redacted]' })
      for (const text of ['throw', 'hang', 'exit', 'nothing', 'loop']) {
        const [broken] = await Promise.all([echo(on, text), on.ask('GET', '/livez')])
        assert.equal(broken.body['code'], 'ANRF5062', text)
      }
      // The thread that looped was ended, or is about to be; the next call has a new one.
      while ((await echo(on, 'fine')).status !== 200);
    })
  })

  for (const [path, expected] of [
    ['./nowhere.mjs', /Cannot find module/],
    ['./broken.mjs', /a module that does not load/],
    ['./receiver.ts', /its default export is no object/],
  ] as const)
    test(`${path} does not fit: the service does not start`, async () => {
      await assert.rejects(
        startTestService({ hooks: manifestOf({ hooks: [module({ module: path })] }) }),
        (error: Error & { diagnostics: { code: string }[] }) =>
          expected.test(error.message) && error.diagnostics[0]!.code === 'ANRF5063',
      )
    })

  test('that lacks a function of an occasion does not fit', async () => {
    const hooks = manifestOf({ hooks: [module({ on: ['before', 'execution.ended'], module: './before-only.mjs' })] })
    await assert.rejects(startTestService({ hooks }), /the hook local: its default export has no function notify/)
  })
})

describe('a program', () => {
  const program = (entry: string, more: object = {}): object => ({
    name: 'checker',
    on: ['before'],
    program: { reference: 'checker', entry, limits: { wall: 2000, fuel: 1_000_000 } },
    include: ['inputs', 'output'],
    timeoutMs: 3000,
    ...more,
  })
  const CHECKER = `
    import { fetch } from 'anrf:http'
    type Answer = { allow: boolean; reason?: string; redact?: string[] }

    export function check(event: string): Answer {
      const { data } = JSON.parse(event)
      if (data.inputs.text === 'refuse') return { allow: false, reason: 'the word ' + data.inputs.text }
      return { allow: true }
    }
    export function redact(event: string): Answer {
      return { allow: true, redact: JSON.parse(event).data.output.result === 'secret' ? ['/output/result'] : [] }
    }
    export function loop(event: string): Answer {
      for (;;) if (event === '') return { allow: true }
    }
    export async function reach(event: string): Promise<Answer> {
      return { allow: (await fetch('http://169.254.169.254/' + event.length)).ok }
    }
    export function number(event: string): number { return event.length }
  `
  const withChecker = (hook: object, run: (on: TestService) => Promise<void>): Promise<void> =>
    serviceWith([hook], async (on) => {
      await on.client.publish(compileText('checker', CHECKER))
      await run(on)
    })

  test('refuses and redacts, in executions of its own that have records and no hooks', async () => {
    await withChecker(program('check'), async (on) => {
      assert.equal((await echo(on, 'fine')).status, 200)
      const { status, body } = await echo(on, 'refuse')
      assert.equal(status, 403)
      assert.equal(body['detail'], 'the hook checker refused the execution: the word refuse')
    })
    await withChecker(program('redact', { on: ['after'] }), async (on) => {
      assert.deepEqual((await echo(on, 'secret')).body['output'], { result: '[redacted]' })
      assert.deepEqual((await echo(on, 'plain')).body['output'], { result: 'plain' })
    })
  })

  test('that loops, reaches for the world, or answers something else gives no answer', async () => {
    for (const entry of ['loop', 'reach', 'number', 'nothing'])
      await withChecker(program(entry), async (on) => {
        const { status, body } = await echo(on, 'x')
        assert.deepEqual([entry, status, body['code']], [entry, 502, 'ANRF5062'])
      })
  })

  test('that is not published refuses until it is', async () => {
    await serviceWith([program('check')], async (on) => {
      assert.equal((await echo(on, 'fine')).body['code'], 'ANRF5062')
    })
  })
})

test('hooks are asked in the order of the file; one that refuses is the last', async () => {
  const named = (name: string, path: string): object => answersWith(path, { name })
  const seen = receiver.seen.length
  await serviceWith(
    [named('first', 'allow'), named('second', 'narrow'), named('third', 'refuse'), named('fourth', 'allow')],
    async (on) => {
      await echo(on, 'x')
      const told = receiver.seen.slice(seen).map(({ event }) => event.data)
      assert.deepEqual(
        told.map(({ hook }) => hook),
        ['first', 'second', 'third'],
      )
      assert.deepEqual(
        told.map(({ limits }) => (limits as { fuel: number }).fuel),
        [2_000_000_000, 2_000_000_000, 1000],
      )
    },
  )
})

test('how often hooks were asked or told, what came of it and how long it took is in the metrics', async () => {
  const hooks = [
    answersWith('allow', { name: 'lets' }),
    answersWith('refuse', { name: 'stops', on: ['after'] }),
    answersWith('fail', { name: 'breaks', onFailure: 'open' }),
    answersWith('empty', { name: 'hears', on: ['execution.ended'] }),
  ]
  await serviceWith(hooks, async (on) => {
    await echo(on, 'x')
    const counts = async (): Promise<readonly string[]> => {
      const response = await fetch(`${on.service.url}/metrics`, { headers: { authorization: `Bearer ${on.key}` } })
      const lines = (await response.text()).matchAll(/^anrf_hook_duration_seconds_count\{(.*)\} (\d+)$/gm)
      return [...lines].map(([, labels, n]) => `${labels!.replaceAll(/anrf_\w+=|"/g, '')} ${n}`).sort()
    }
    while (!(await counts()).some((line) => line.startsWith('hears'))) await sleep(20)
    assert.deepEqual(await counts(), [
      'breaks,before,failed 1',
      'hears,event,told 1',
      'lets,before,allowed 1',
      'stops,after,refused 1',
    ])
  })
})
