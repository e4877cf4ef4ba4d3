import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Host } from '../../src/broker/index.ts'
import { callerOf, type Caller } from './harness.ts'
import { CERTIFICATE, fetchOf, startServer } from './server.ts'

type Fetched = {
  status: number
  statusText: string
  url: string
  redirected: boolean
  headers: [string, string][]
  body: string
  base64: boolean
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'api.test': ['127.0.0.1'],
  'secure.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
}
const host: Host = { resolve: async (name) => NAMES[name] ?? [], authorities: [CERTIFICATE] }
const on = (...grants: string[]): Caller => callerOf({ grants, host })
const ANY = ['http=+private http://api.test:*', 'http=+private https://secure.test:*']
const fetchOn = async (caller: Caller, url: string, more: object = {}): Promise<Fetched> =>
  (await caller.value('http.fetch', fetchOf(url, more))) as Fetched

const { port, seen } = await startServer((request, response) => {
  const url = new URL(request.url!, 'http://x')
  const to = url.searchParams.get('to')
  if (to !== null) response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: to }).end('moved')
  else
    response
      .writeHead(
        200,
        'Fine',
        [
          ['X-One', 'a'],
          ['x-one', 'b'],
          ['content-type', 'text/plain'],
        ].flat(),
      )
      .end('grüß')
})
const base = `http://api.test:${port}`

test('a request goes out as it was asked for, and its answer comes back whole', async () => {
  const headers = [
    ['X-Mine', 'ä'],
    ['x-mine', 'two'],
  ]
  const answer = await fetchOn(on(...ANY), `${base}/a%20b?q=1#part`, { method: 'post', headers, body: 'körper' })
  const { method, url, headers: sent, body } = seen.at(-1)!
  assert.deepEqual([method, url, body], ['POST', '/a%20b?q=1', 'körper'])
  assert.equal(sent['x-mine'], 'ä, two')
  assert.equal(sent.host, `api.test:${port}`)
  assert.equal(sent['content-type'], 'text/plain;charset=UTF-8')
  assert.equal(sent['content-length'], '7')
  assert.equal(sent['idempotency-key'], '"run:0"')
  const { headers: received, ...rest } = answer
  assert.deepEqual(rest, {
    status: 200,
    statusText: 'Fine',
    url: `${base}/a%20b?q=1`,
    redirected: false,
    body: 'grüß',
    base64: false,
  })
  assert.deepEqual(received.slice(0, 3), [
    ['x-one', 'a'],
    ['x-one', 'b'],
    ['content-type', 'text/plain'],
  ])
})

test('an idempotency key is given to what is not safe, unless the program has its own', async () => {
  const caller = on(...ANY)
  const keyOf = async (method: string, headers: string[][] = []): Promise<unknown> => {
    await fetchOn(caller, base, { method, headers })
    return seen.at(-1)!.headers['idempotency-key']
  }
  assert.deepEqual(await Promise.all(['GET', 'HEAD', 'OPTIONS'].map((method) => keyOf(method))), [
    undefined,
    undefined,
    undefined,
  ])
  assert.equal(await keyOf('DELETE'), '"run:3"')
  assert.equal(await keyOf('PATCH'), '"run:4"')
  assert.equal(await keyOf('PUT', [['Idempotency-Key', 'mine']]), 'mine')
})

test('bytes that are no text come in base64, and go out from it', async () => {
  const bytes = Buffer.from([0, 255, 1])
  const echo = await startServer((_, response) => response.end(bytes))
  const answer = await fetchOn(on(...ANY), `http://api.test:${echo.port}/`, {
    method: 'PUT',
    body: bytes.toString('base64'),
    base64: true,
  })
  assert.deepEqual([answer.body, answer.base64], ['AP8B', true])
  assert.equal(echo.seen[0]!.headers['content-length'], '3')
  assert.equal(echo.seen[0]!.headers['content-type'], undefined)
})

test('codings are undone, several too, and what is not known stays', async () => {
  const big = 'text '.repeat(10_000)
  const codings = {
    gzip: gzipSync(big),
    br: brotliCompressSync(big),
    deflate: deflateSync(big),
    zstd: zstdCompressSync(big),
  }
  const coded: Record<string, Buffer> = {
    ...codings,
    'gzip, br': brotliCompressSync(gzipSync(big)),
    strange: Buffer.from(big),
  }
  const server = await startServer(({ url }, response) => {
    const coding = decodeURIComponent(url!.slice(1))
    response.writeHead(200, { 'content-encoding': coding }).end(coded[coding])
  })
  for (const coding of Object.keys(coded)) {
    const { body } = await fetchOn(on(...ANY), `http://api.test:${server.port}/${encodeURIComponent(coding)}`)
    assert.ok(body === big, coding)
  }
  const empty = await startServer((_, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end())
  assert.equal((await fetchOn(on(...ANY), `http://api.test:${empty.port}/`)).status, 204)
  const head = await fetchOn(on(...ANY), `http://api.test:${server.port}/gzip`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.body], [200, ''])
})

test('redirects change method and body as Fetch says', async () => {
  const caller = on(...ANY)
  const after = async (status: number, method: string): Promise<unknown> => {
    const to = encodeURIComponent('/end')
    const answer = await fetchOn(caller, `${base}/?status=${status}&to=${to}`, {
      method,
      body: method === 'GET' ? null : 'body',
    })
    assert.ok(answer.redirected && answer.url === `${base}/end`)
    return [seen.at(-1)!.method, seen.at(-1)!.body]
  }
  assert.deepEqual(await after(301, 'POST'), ['GET', ''])
  assert.deepEqual(await after(302, 'POST'), ['GET', ''])
  assert.deepEqual(await after(302, 'PUT'), ['PUT', 'body'])
  assert.deepEqual(await after(303, 'PUT'), ['GET', ''])
  assert.deepEqual(await after(307, 'POST'), ['POST', 'body'])
  assert.deepEqual(await after(308, 'GET'), ['GET', ''])
})

test('a program may see redirects itself, or have none', async () => {
  const caller = on(...ANY)
  const manual = await fetchOn(caller, `${base}/?to=/end`, { redirect: 'manual' })
  assert.deepEqual([manual.status, manual.body, manual.redirected], [302, 'moved', false])
  assert.equal(await caller.failure('http.fetch', fetchOf(`${base}/?to=/end`, { redirect: 'error' })), 'network')
  assert.equal(await caller.failure('http.fetch', fetchOf(`${base}/?to=${encodeURIComponent('ftp://x')}`)), 'network')
  const loop = await startServer((_, response) => response.writeHead(302, { location: '/' }).end())
  assert.equal(await caller.failure('http.fetch', fetchOf(`http://api.test:${loop.port}/`)), 'network')
  assert.equal(loop.seen.length, 11)
})

test('credentials stay with their origin', async () => {
  const other = await startServer((_, response) => response.end('other'))
  const caller = on(...ANY, 'http=+private http://other.test:*')
  const headers = [
    ['authorization', 'Bearer x'],
    ['cookie', 'a=b'],
    ['x-mine', 'kept'],
  ]
  await fetchOn(caller, `${base}/?to=${encodeURIComponent(`http://other.test:${other.port}/`)}`, { headers })
  const { authorization, cookie, 'x-mine': mine } = other.seen[0]!.headers
  assert.deepEqual([authorization, cookie, mine], [undefined, undefined, 'kept'])
  await fetchOn(caller, `${base}/?to=/end`, { headers })
  assert.equal(seen.at(-1)!.headers.authorization, 'Bearer x')
})

test('https needs a certificate for the name, from an authority that is known', async () => {
  const secure = await startServer((_, response) => response.end('safe'), 'https')
  const url = (name: string): string => `https://${name}:${secure.port}/`
  const grants = ['http=+private https://secure.test:*', 'http=+private https://other.test:*']
  assert.equal((await fetchOn(on(...grants), url('secure.test'))).body, 'safe')
  assert.equal(await on(...grants).failure('http.fetch', fetchOf(url('other.test'))), 'network')
  const stranger = callerOf({ grants, host: { resolve: host.resolve! } })
  assert.deepEqual(await stranger.call('http.fetch', fetchOf(url('secure.test'))), {
    error: {
      name: 'network',
      message: `http: secure.test:${secure.port}: its certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    },
  })
})

test('malformed requests are errors before anything is sent', async () => {
  const caller = on(...ANY)
  const before = seen.length
  const wrong: readonly object[] = [
    fetchOf('api.test'),
    fetchOf('ftp://api.test/'),
    fetchOf('data:text/plain,x'),
    fetchOf(`http://user:pass@api.test:${port}/`),
    ...['CONNECT', 'trace', 'TRACK', 'A B', 'GET\r\n'].map((method) => fetchOf(base, { method })),
    fetchOf(base, { body: 'x' }),
    fetchOf(base, { method: 'POST', body: 'no base64', base64: true }),
    fetchOf(base, { headers: [['a', 'x'.repeat(40_000)]] }),
    fetchOf(base, { headers: Array.from({ length: 201 }, () => ['a', 'b']) }),
    fetchOf(base, { redirect: 'sometimes' }),
    fetchOf(base, { timeoutMs: -1 }),
  ]
  for (const args of wrong)
    assert.equal(await caller.failure('http.fetch', args), 'arguments', JSON.stringify(args).slice(0, 200))
  assert.equal(seen.length, before)
})

/** A server that says whatever it is told, byte for byte. */
async function startRaw(serve: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => serve(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  return `http://api.test:${(server.address() as AddressInfo).port}/`
}

test('answers that break off, are none, or never end are errors', async () => {
  const caller = on(...ANY)
  const failing = async (serve: (socket: Socket) => void, more: object = {}): Promise<string> =>
    caller.failure('http.fetch', fetchOf(await startRaw(serve), more))
  assert.equal(await failing((socket) => socket.destroy()), 'network')
  assert.equal(await failing((socket) => socket.end('no http at all\r\n\r\n')), 'network')
  assert.equal(await failing((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort')), 'network')
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'
  assert.equal(await failing((socket) => socket.write(switching)), 'network')
  const truncated = gzipSync('x'.repeat(1000)).subarray(0, 20)
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 20\r\n\r\n`
  assert.equal(await failing((socket) => socket.end(Buffer.concat([Buffer.from(head), truncated]))), 'network')
  assert.equal(await failing((socket) => socket.write('HTTP/1.1 200 OK\r\n'), { timeoutMs: 50 }), 'timeout')
  assert.equal(await failing((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nbegin'), { timeoutMs: 50 }), 'timeout')
  assert.equal(
    await failing((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`)),
    'too-large',
  )
})

test('names without an address, ports without a server, and calls that are given up', async () => {
  const caller = on('http=+private http://api.test:*', 'http=http://nowhere.test')
  assert.equal(await caller.failure('http.fetch', fetchOf('http://nowhere.test/')), 'network')
  const gone = createTcpServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  await once(gone, 'close')
  assert.deepEqual(await caller.call('http.fetch', fetchOf(`http://api.test:${port}/`)), {
    error: { name: 'network', message: `http: api.test:${port}: nothing listens there` },
  })
  const slow = await startRaw(() => undefined)
  const controller = new AbortController()
  const pending = caller.call('http.fetch', fetchOf(slow), controller.signal)
  setImmediate(() => controller.abort())
  const result = await pending
  assert.ok('error' in result && result.error.name === 'cancelled')
})

test('bytes of requests and answers are counted', async () => {
  const caller = on(...ANY)
  await fetchOn(caller, base, { method: 'POST', body: 'x'.repeat(1000) })
  const { bytesIn, bytesOut } = caller.broker.usage()
  assert.ok(bytesOut > 1000 && bytesOut < 1300, String(bytesOut))
  assert.ok(bytesIn > 100 && bytesIn < 1000, String(bytesIn))
})

test('a name server that never answers holds up neither the request beyond its time nor other runs', async () => {
  const asked: string[] = []
  const slow: Host = {
    resolve: (name) => {
      asked.push(name)
      return name === 'slow.test' ? new Promise(() => undefined) : Promise.resolve(['127.0.0.1'])
    },
  }
  const grants = ['http=+private http://slow.test:*', ...ANY]
  const caller = callerOf({ grants, host: slow })
  const waiting = [1, 2].map(() => caller.failure('http.fetch', fetchOf('http://slow.test/', { timeoutMs: 50 })))
  assert.equal((await fetchOn(callerOf({ grants, host: slow }), base)).status, 200)
  assert.deepEqual(await Promise.all(waiting), ['timeout', 'timeout'])
  assert.equal((await fetchOn(caller, base)).status, 200)
  assert.deepEqual(asked, ['slow.test', 'api.test', 'slow.test', 'api.test'])
})
