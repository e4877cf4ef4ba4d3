// Connections that a run keeps: when one is used again, and that no check is left out for it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '../../src/broker/index.ts'
import { callerOf, type Caller } from './harness.ts'
import { CERTIFICATE, fetchOf, startServer, type TestServer } from './server.ts'

type Counted = TestServer & { connections(): number }

async function counted(scheme: 'http' | 'https' = 'http', at?: { host: string; port: number }): Promise<Counted> {
  let connections = 0
  const started = await startServer((_, response) => void response.end('fine'), scheme, at)
  started.server.on(scheme === 'http' ? 'connection' : 'secureConnection', () => connections++)
  return { ...started, connections: () => connections }
}

function on(t: TestContext, host: Host, ...grants: string[]): Caller {
  const caller = callerOf({ grants, host: { authorities: [CERTIFICATE], ...host } })
  t.after(() => caller.broker.close())
  return caller
}

const LOCAL: Host = { resolve: async () => ['127.0.0.1'] }
const bodyOf = async (caller: Caller, url: string, more: object = {}): Promise<unknown> =>
  ((await caller.value('http.fetch', fetchOf(url, more))) as { body: unknown }).body

for (const scheme of ['http', 'https'] as const)
  test(`requests of a run, one after the other, go over one connection: ${scheme}`, async (t) => {
    const { port, connections, seen } = await counted(scheme)
    const name = scheme === 'http' ? 'api.test' : 'secure.test'
    const caller = on(t, LOCAL, `http=+private ${scheme}://${name}:${port}`)
    for (let i = 0; i < 5; i++) assert.equal(await bodyOf(caller, `${scheme}://${name}:${port}/${i}`), 'fine')
    assert.deepEqual([connections(), seen.length], [1, 5])
  })

test('what may not be sent twice has a connection of its own, and so has each run', async (t) => {
  const { port, connections } = await counted()
  const url = `http://api.test:${port}/`
  const grant = `http=+private http://api.test:${port}`
  const caller = on(t, LOCAL, grant)
  await bodyOf(caller, url)
  await bodyOf(caller, url, { method: 'POST', body: 'x' })
  await bodyOf(caller, url)
  assert.equal(connections(), 2)
  await bodyOf(on(t, LOCAL, grant), url)
  assert.equal(connections(), 3)
})

test('a name that means another address since then is asked there, whatever is still open', async (t) => {
  const first = await counted()
  const second = await counted('http', { host: '127.0.0.2', port: first.port })
  let address = '127.0.0.1'
  const caller = on(t, { resolve: async () => [address] }, `http=+private http://flip.test:${first.port}`)
  const url = `http://flip.test:${first.port}/`
  await bodyOf(caller, url)
  address = '127.0.0.2'
  await bodyOf(caller, url)
  assert.deepEqual([first.seen.length, second.seen.length], [1, 1])
  // And one that means what no grant opens is denied, though a connection to what it meant is open.
  address = '169.254.169.254'
  assert.equal(await caller.failure('http.fetch', fetchOf(url)), 'denied')
  address = '127.0.0.1'
  await bodyOf(caller, url)
  assert.deepEqual([first.connections(), first.seen.length, second.seen.length], [1, 2, 1])
})

test('a connection is of one origin: another name at the same address has its own', async (t) => {
  const { port, connections } = await counted()
  const caller = on(t, LOCAL, `http=+private http://one.test:${port}`, `http=+private http://two.test:${port}`)
  await bodyOf(caller, `http://one.test:${port}/`)
  await bodyOf(caller, `http://two.test:${port}/`)
  assert.equal(connections(), 2)
  assert.equal(await caller.failure('http.fetch', fetchOf(`http://three.test:${port}/`)), 'denied')
})

test('a connection that the server ended meanwhile costs nothing but another one', async (t) => {
  const { port, server, connections } = await counted()
  const url = `http://api.test:${port}/`
  const caller = on(t, LOCAL, `http=+private http://api.test:${port}`)
  for (let i = 0; i < 20; i++) {
    assert.equal(await bodyOf(caller, url), 'fine')
    // Now and then the request is on its way already when the end of the connection comes.
    if (i % 2 === 0) server.closeIdleConnections()
    else server.closeAllConnections()
    if (i % 3 === 0) await sleep(2)
  }
  assert.equal(connections(), 20)
})

test('nothing is open when the run has ended', async (t) => {
  const { port, server } = await counted()
  const caller = on(t, LOCAL, `http=+private http://api.test:${port}`)
  await bodyOf(caller, `http://api.test:${port}/`)
  const open = (): Promise<number> => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  assert.equal(await open(), 1)
  caller.broker.close()
  for (let i = 0; i < 500 && (await open()) > 0; i++) await sleep(2)
  assert.equal(await open(), 0)
})

test('bytes that a server sends when nobody asked end no process, and are no answer of another server', async (t) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine')
      socket.write('\0\0garbage HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil')
      setImmediate(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate'))
    })
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const good = await counted()
  const grants = [`http=+private http://bad.test:${port}`, `http=+private http://api.test:${good.port}`]
  const caller = on(t, LOCAL, ...grants)
  for (let i = 0; i < 10; i++) {
    const result = await caller.call('http.fetch', fetchOf(`http://bad.test:${port}/`))
    assert.ok('value' in result || ('error' in result && result.error.name === 'network'), JSON.stringify(result))
    if (i % 2 === 0) await sleep(1)
    assert.equal(await bodyOf(caller, `http://api.test:${good.port}/`), 'fine')
  }
})
