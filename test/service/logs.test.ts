// The log of an execution while it runs, and lists of executions.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

let on: TestService
before(async () => {
  on = await startTestService({ streamHeartbeatMs: 50, streamStallMs: 500, streamsMax: 3 })
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const SPIN = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } }
const ADD = { entry: 'add', inputs: { a: 1, b: 2 } }
const accept = async (body: object, key = on.key): Promise<string> => {
  const { body: answer } = await on.ask('POST', '/execute/trouble', { body, key, headers: { prefer: 'respond-async' } })
  return String(answer['executionId'])
}
const run = async (body: object = ADD, key = on.key): Promise<string> =>
  String((await on.ask('POST', '/execute/trouble', { body, key })).body['executionId'])
const cancel = (id: string): Promise<Answer> => on.ask('POST', `/executions/${id}/cancel`)
const newKey = async (scopes: string[]): Promise<string> =>
  String((await on.ask('POST', '/keys', { body: { label: 'test', scopes } })).body['key'])

type Event = { readonly name: string; readonly id: string | undefined; readonly data: Record<string, unknown> }

/** Reads server-sent events until `until` says so, or the stream ends. */
async function follow(
  id: string,
  { lastId, until = () => false }: { lastId?: string; until?: (event: Event) => boolean } = {},
): Promise<{ readonly events: readonly Event[]; readonly comments: number }> {
  const leaving = new AbortController()
  const response = await fetch(`${on.service.url}/executions/${id}/logs`, {
    headers: {
      authorization: `Bearer ${on.key}`,
      accept: 'text/event-stream',
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    },
    signal: leaving.signal,
  })
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const events: Event[] = []
  let [rest, comments] = ['', 0]
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) {
      if (part.startsWith(':')) comments++
      else events.push(readEvent(part))
      const last = events.at(-1)
      if (last && until(last)) {
        leaving.abort()
        return { events, comments }
      }
    }
  }
  return { events, comments }
}

function readEvent(text: string): Event {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
  return { name: field('event')!, id: field('id'), data: JSON.parse(field('data')!) as Record<string, unknown> }
}

test('lines come while the program runs, and the end with its outcome', async () => {
  const id = await accept(SPIN)
  const following = follow(id)
  for (let i = 0; i < 500 && (await on.ask('GET', `/executions/${id}/logs`)).body['next'] !== 1; i++) await sleep(10)
  const { body } = await on.ask('GET', `/executions/${id}/logs`)
  assert.deepEqual(body, { executionId: id, logs: ['before'], next: 1 })
  await sleep(150)
  await cancel(id)
  const { events, comments } = await following
  assert.deepEqual(events, [
    { name: 'log', id: '1', data: { line: 1, text: 'before' } },
    { name: 'end', id: undefined, data: { executionId: id, outcome: 'cancelled', status: 409 } },
  ])
  assert.ok(comments >= 2, 'heartbeats come while nothing happens')
})

test('who lost the connection goes on behind the last line', async () => {
  const id = await run({ entry: 'chatter', limits: { logs: 5000 } })
  const { body } = await on.ask('GET', `/executions/${id}/logs`)
  const lines = body['logs'] as string[]
  const all = await follow(id)
  assert.equal(all.events.length, lines.length + 1)
  const part = await follow(id, { until: ({ id: at }) => at === '10' })
  const rest = await follow(id, { lastId: part.events.at(-1)!.id! })
  assert.deepEqual([...part.events, ...rest.events], all.events)
  assert.equal((await follow(id, { lastId: 'nonsense' })).events.length, all.events.length)
  const page = await on.ask('GET', `/executions/${id}/logs?after=${lines.length - 1}`)
  assert.deepEqual(page.body['logs'], lines.slice(-1))
})

test('both modes say the same lines', async () => {
  for (const mode of ['interpret', 'jit']) {
    const { body } = await on.ask('POST', `/execute/trouble?mode=${mode}`, {
      body: ADD,
      headers: { prefer: 'wait=30' },
    })
    const { events } = await follow(String(body['executionId']))
    assert.deepEqual(
      events.map(({ name, data }) => data['text'] ?? name),
      ['adding 1', 'end'],
    )
  }
})

test('nobody reads the log of another key, nor lists its executions', async () => {
  const id = await run()
  const key = await newKey(['execute', 'read'])
  assert.equal((await on.ask('GET', `/executions/${id}/logs`, { key })).status, 404)
  const stream = await on.ask('GET', `/executions/${id}/logs`, { key, headers: { accept: 'text/event-stream' } })
  assert.equal(stream.status, 404)
  const { body } = await on.ask('GET', '/executions', { key })
  assert.deepEqual(body, { executions: [] })
  assert.equal((await on.ask('GET', '/executions?principal=somebody', { key })).status, 403)
})

test('a reader that takes nothing is cut off, and only so many streams are open at once', async () => {
  const id = await run({ entry: 'chatter', limits: { logs: 16 * 2 ** 20, fuel: 1e9 } })
  const { hostname, port } = new URL(on.service.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    `GET /executions/${id}/logs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${on.key}\r\naccept: text/event-stream\r\n\r\n`,
  )
  socket.pause()
  const ended = new Promise((resolve) => socket.once('close', resolve))
  await sleep(1500)
  // Only now it reads: what the system had for it, and then the end.
  socket.on('error', () => undefined)
  let bytes = 0
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    text = chunk.toString('latin1')
  })
  socket.resume()
  await ended
  assert.ok(bytes < 16 * 2 ** 20 && !text.includes('event: end'), `${bytes} bytes`)

  const spinning = await accept(SPIN)
  const open = Array.from({ length: 3 }, () => follow(spinning))
  await sleep(300)
  const refused = await on.ask('GET', `/executions/${spinning}/logs`, { headers: { accept: 'text/event-stream' } })
  assert.equal(refused.status, 429)
  await cancel(spinning)
  await Promise.all(open)
  assert.ok((await follow(spinning)).events.length > 0)
})

test('executions are listed newest first, by what is asked, in pages that what comes meanwhile does not shift', async () => {
  const key = await newKey(['execute', 'read'])
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.unshift(await run(ADD, key))
  const failed = await run({ entry: 'fail', inputs: { message: 'x' } }, key)
  const list = async (query: string, by = key): Promise<{ ids: string[]; next?: string }> => {
    const { status, body } = await on.ask('GET', `/executions?${query}`, { key: by })
    assert.equal(status, 200, JSON.stringify(body))
    const { executions, next } = body as { executions: { id: string }[]; next?: string }
    return { ids: executions.map((one) => one.id), ...(next !== undefined && { next }) }
  }
  assert.deepEqual((await list('')).ids, [failed, ...ids])
  assert.deepEqual((await list('outcome=threw')).ids, [failed])
  assert.deepEqual((await list('entry=add&program=trouble')).ids, ids)
  assert.deepEqual((await list('program=nobody')).ids, [])
  const first = await list('limit=2')
  const newer = await run(ADD, key)
  const second = await list(`limit=3&after=${first.next}`)
  assert.deepEqual([...first.ids, ...second.ids], [failed, ...ids.slice(0, 4)])
  assert.deepEqual((await list(`to=${new Date(Date.now() - 3_600_000).toISOString()}`)).ids, [])
  assert.equal((await list(`from=${new Date(Date.now() - 3_600_000).toISOString()}`)).ids[0], newer)
  for (const wrong of ['from=2026-12-31T23:59:60Z', 'outcome=failed'])
    assert.equal((await on.ask('GET', `/executions?${wrong}`, { key })).status, 422, wrong)
  const spinning = await accept(SPIN, key)
  assert.deepEqual((await list('state=open')).ids, [spinning])
  assert.equal((await list('state=ended')).ids.includes(spinning), false)
  const principal = key.split('_')[1]!
  assert.equal((await list(`principal=${principal}`, on.key)).ids[0], spinning)
  await cancel(spinning)
})
