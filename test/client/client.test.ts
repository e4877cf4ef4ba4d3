// How the client is used, and what it does when a service is slow, busy or gone.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { AnrfError, createClient, unwrap, type Client } from 'anrf/client'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void
let handle: Handler = () => undefined
let asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    asked.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    handle(request, response, body)
  })
})
let client: Client
let url = ''

before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = createClient({ url: `${url}/`, key: 'anrf_0_0', pauseMs: 1 })
})
beforeEach(() => {
  asked = []
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const PROBLEM = {
  type: 'urn:anrf:problem:ANRF5005',
  title: 'Busy',
  status: 503,
  detail: 'all workers are busy',
  error: 'x',
  code: 'ANRF5005',
}

test('a call sends the key, encodes what it is given, and answers the value', async () => {
  handle = (_, response) => json(response, 200, { executionId: 'x' })
  const read = await client.executions.read('a/b?c')
  assert.deepEqual(read, { ok: true, value: { executionId: 'x' } })
  assert.equal(asked[0]!.url, '/executions/a%2Fb%3Fc')
  assert.equal(asked[0]!.headers.authorization, 'Bearer anrf_0_0')
})

test('execute and publish are short ways', async () => {
  handle = (_, response) => json(response, 200, {})
  await client.execute('sum@1.0.0', { n: 10 }, { entry: 'sum', mode: 'jit', limits: { fuel: 5 } })
  await client.publish(new Uint8Array([1, 2, 255]))
  await client.publish(new Uint8Array([1, 2, 255]), { mediaType: 'bundle' })
  assert.deepEqual(
    asked.map(({ method, url: at, body }) => [method, at, body]),
    [
      ['POST', '/execute/sum%401.0.0?mode=jit', '{"inputs":{"n":10},"entry":"sum","limits":{"fuel":5}}'],
      ['POST', '/artifacts', Buffer.from([1, 2, 255]).toString()],
      ['POST', '/artifacts', '{"document":"AQL/","signature":{"mediaType":"bundle"}}'],
    ],
  )
  assert.deepEqual(
    asked.map(({ headers }) => headers['content-type']),
    ['application/json', 'application/octet-stream', 'application/json'],
  )
})

test('a problem is a value, or an error with code and status for those who unwrap it', async () => {
  handle = (_, response) => json(response, 404, { ...PROBLEM, status: 404, code: 'ANRF5003', detail: 'there is none' })
  const read = await client.artifacts.read('nobody')
  assert.ok(!read.ok)
  assert.equal(read.problem.code, 'ANRF5003')
  assert.throws(
    () => unwrap(read),
    (error: AnrfError) => error.code === 'ANRF5003' && error.status === 404 && error.message === 'there is none',
  )
})

test('what a proxy on the way says is a problem too', async () => {
  handle = (_, response) => response.writeHead(502, 'Bad Gateway', { 'content-type': 'text/html' }).end('<h1>no</h1>')
  const read = await client.artifacts.read('x')
  assert.deepEqual([read.ok, !read.ok && read.problem.status, asked.length], [false, 502, 1])
})

test('reading is tried again while the service is busy, as often as asked and not sooner', async () => {
  handle = (_, response) => (asked.length < 3 ? json(response, 503, PROBLEM) : json(response, 200, { id: 'x' }))
  assert.equal((await client.artifacts.read('x')).ok, true)
  assert.equal(asked.length, 3)
  asked = []
  handle = (_, response) => json(response, 429, PROBLEM, { 'retry-after': '0' })
  assert.equal((await client.artifacts.read('x')).ok, false)
  assert.equal(asked.length, 3)
  asked = []
  // Nobody waits for an hour.
  handle = (_, response) => json(response, 429, PROBLEM, { 'retry-after': '3600' })
  assert.deepEqual([(await client.artifacts.read('x')).ok, asked.length], [false, 1])
})

test('what may not be done twice is not tried again', async () => {
  handle = (_, response) => json(response, 503, PROBLEM)
  await client.keys.create({ label: 'x', scopes: ['read'] })
  assert.equal(asked.length, 1)
})

test('an execution is asked for once, however often it is sent: every attempt has the same key', async () => {
  handle = (request, response) =>
    asked.length === 1
      ? request.socket.destroy()
      : asked.length === 2
        ? json(response, 503, PROBLEM)
        : json(response, 200, {})
  assert.equal((await client.execute('sum', { n: 1 })).ok, true)
  const keys = asked.map(({ headers }) => headers['idempotency-key'])
  assert.equal(keys.length, 3)
  assert.match(String(keys[0]), /^"[0-9a-f-]{36}"$/)
  assert.equal(new Set(keys).size, 1)
  await client.execute('sum', { n: 1 }, { idempotencyKey: 'mine' })
  assert.equal(asked.at(-1)!.headers['idempotency-key'], '"mine"')
  await client.execute('sum', { n: 1 })
  assert.notEqual(asked.at(-1)!.headers['idempotency-key'], keys[0])
})

test('a broken connection is tried again when reading, and a service that is gone is a problem of status 0', async () => {
  handle = (request, response) => (asked.length < 2 ? request.socket.destroy() : json(response, 200, {}))
  assert.equal((await client.artifacts.read('x')).ok, true)
  const gone = await createClient({ url: 'http://127.0.0.1:9', retries: 1, pauseMs: 1 }).health.live()
  assert.ok(!gone.ok)
  assert.equal(gone.problem.status, 0)
  assert.match(gone.problem.detail, /^http:\/\/127\.0\.0\.1:9 cannot be reached/)
})

test('a signal ends a call, also one that waits to try again', async () => {
  // Not before the service was asked: what is on its way would come to the next test.
  const asking = new AbortController()
  handle = () => asking.abort()
  assert.equal((await client.artifacts.read('x', { signal: asking.signal })).ok, false)
  const waiting = new AbortController()
  handle = (_, response) => {
    json(response, 503, PROBLEM)
    setTimeout(() => waiting.abort(), 20)
  }
  const slow = createClient({ url, pauseMs: 60_000, pauseMsMax: 60_000 })
  assert.equal((await slow.artifacts.read('x', { signal: waiting.signal })).ok, false)
})

test('lists are read to their end, page by page, and a page that fails is thrown', async () => {
  handle = (request, response) => {
    const after = new URL(request.url!, url).searchParams.get('after')
    if (after === 'b') return json(response, 403, { ...PROBLEM, status: 403, code: 'ANRF5002' })
    json(
      response,
      200,
      after === null ? { artifacts: [{ id: 'a' }], next: 'a' } : { artifacts: [{ id: 'b' }], next: 'b' },
    )
  }
  const ids: string[] = []
  await assert.rejects(async () => {
    for await (const { id } of client.artifacts.listAll({ query: { name: 'x' } })) ids.push(id)
  }, AnrfError)
  assert.deepEqual(ids, ['a', 'b'])
  assert.deepEqual(
    asked.map(({ url: at }) => at),
    ['/artifacts?name=x', '/artifacts?name=x&after=a', '/artifacts?name=x&after=b'],
  )
})

test('bytes come as bytes', async () => {
  handle = (_, response) =>
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.from([0, 255]))
  assert.deepEqual(unwrap(await client.artifacts.download('x')), new Uint8Array([0, 255]))
})

test('a log is followed to its end: a connection that breaks is opened again behind the last line', async () => {
  const event = (line: number): string => `id: ${line}\nevent: log\ndata: {"line":${line},"text":"line ${line}"}\n\n`
  handle = (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (request.headers['last-event-id'] === '0') {
      response.write(`: comment\n\n${event(1)}${event(2)}id: 3\nevent: lo`, () => response.destroy())
      return
    }
    const [head, tail] = [event(3).slice(0, 20), event(3).slice(20)]
    response.write(head, () => response.end(`${tail}event: end\ndata: {"outcome":"returned","status":200}\n\n`))
  }
  const seen: string[] = []
  for await (const one of client.followLog('x')) seen.push(one.kind === 'log' ? one.text : one.outcome)
  assert.deepEqual(seen, ['line 1', 'line 2', 'line 3', 'returned'])
  assert.deepEqual(
    asked.map(({ headers }) => [headers['last-event-id'], headers.accept]),
    [
      ['0', 'text/event-stream'],
      ['2', 'text/event-stream'],
    ],
  )
})

test('a log that is refused, or that breaks off again and again, is thrown', async () => {
  const all = async (): Promise<void> => {
    for await (const _ of client.followLog('x'));
  }
  handle = (_, response) => json(response, 404, { ...PROBLEM, status: 404, code: 'ANRF5003' })
  await assert.rejects(all, (error: AnrfError) => error.code === 'ANRF5003')
  assert.equal(asked.length, 1)
  asked = []
  handle = (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end()
  await assert.rejects(all, (error: AnrfError) => error.status === 0)
  assert.equal(asked.length, 3)
})
