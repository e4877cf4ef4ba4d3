// What a server on the open network must stand: hostile heads, slow clients, pages of other origins, and secrets of its own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect as connectTls, type DetailedPeerCertificate } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { readConfig, type ServiceConfig } from '../../src/service/index.ts'
import { ROUTES } from '../../src/service/routes/index.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

const ORIGIN = 'https://app.example.com'
let on: TestService

before(async () => {
  on = await startTestService({ corsOrigins: [ORIGIN], headerBytesMax: 8192 })
})
after(() => stopTestService(on))

/** What the server says to raw bytes, until it closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(on.service.url).port), '127.0.0.1', () => socket.write(text))
    let got = ''
    socket.on('data', (chunk) => (got += chunk.toString('latin1')))
    socket.once('close', () => resolve(got)).once('error', reject)
    socket.setTimeout(15_000, () => socket.destroy(new Error('the server holds the connection')))
  })
}

const statusOf = (answer: string): string => answer.split('\r\n', 1)[0]!

test('every answer has the fields that protect its reader, and none that says what runs here', async () => {
  for (const [method, path, key] of [
    ['GET', '/livez', null],
    ['GET', '/artifacts', on.key],
    ['GET', '/artifacts', null],
    ['GET', '/nowhere', null],
    ['POST', '/keys', on.key],
  ] as const) {
    const { headers } = await on.ask(method, path, { key, ...(method === 'POST' ? { body: '{' } : {}) })
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.equal(headers.get('strict-transport-security'), null, 'only where there is TLS')
    for (const name of ['server', 'x-powered-by']) assert.equal(headers.get(name), null)
  }
})

test('heads that are too large, too many fields, and what is no HTTP are refused as problems', async () => {
  const large = await raw(`GET /livez HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(9000)}\r\n\r\n`)
  assert.match(statusOf(large), /^HTTP\/1\.1 431 /)
  assert.match(large, /ANRF5026/)
  const fields = Array.from({ length: 120 }, (_, i) => `x${i}: 1\r\n`).join('')
  const many = await raw(`GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${fields}\r\n`)
  assert.match(statusOf(many), /^HTTP\/1\.1 431 /)
  for (const text of [
    'nonsense\r\n\r\n',
    'POST /keys HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /keys HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    'GET /livez HTTP/1.1\r\nhost: x\r\nbad\u0000name: 1\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  ]) {
    const answer = await raw(text)
    assert.match(statusOf(answer), /^HTTP\/1\.1 400 /, JSON.stringify(text))
  }
  assert.equal((await on.ask('GET', '/livez')).status, 200)
})

test('without Host, with two of them, or with an unknown expectation a request is refused as any other is', async () => {
  for (const [fields, status] of [
    ['', 400],
    ['host: x\r\nhost: y\r\n', 400],
    ['host: x\r\nexpect: tea\r\n', 417],
    ['host: x\r\nexpect: 100-continue, tea\r\n', 417],
  ] as const) {
    const answer = await raw(`GET /livez HTTP/1.1\r\nconnection: close\r\n${fields}\r\n`)
    assert.match(
      answer,
      new RegExp(`^(HTTP/1\\.1 100 Continue\\s+)?HTTP/1\\.1 ${status} [^]*nosniff[^]*application/problem\\+json`, 'i'),
      answer,
    )
    const [, body = ''] = /\r\n\r\n(?:[0-9a-f]+\r\n)?(\{[^]*\})/.exec(answer) ?? []
    const problem = JSON.parse(body) as Record<string, unknown>
    assert.deepEqual([problem['status'], problem['code']], [status, 'ANRF5004'])
    assert.equal(typeof problem['requestId'], 'string')
  }
  for (const head of [
    'GET /livez HTTP/1.0\r\n',
    'GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-Continue\r\n',
  ])
    assert.match(await raw(`${head}\r\n`), /^HTTP\/1\.1 (200|100 Continue\r\n\r\nHTTP\/1\.1 200) OK/)
})

test('a body in another coding or charset is refused by every route that takes one, and never misread', async () => {
  const taking = ROUTES.filter(({ body, scope }) => body !== undefined && scope !== undefined)
  assert.ok(taking.length > 10, String(taking.length))
  for (const { method, path } of taking) {
    const send = (headers: Record<string, string>): ReturnType<TestService['ask']> =>
      on.ask(method, path.replaceAll(/:\w+/g, 'x'), { body: gzipSync('{}'), headers })
    const coded = await send({ 'content-encoding': 'gzip' })
    assert.deepEqual([coded.status, coded.body['code']], [415, 'ANRF5004'], path)
    assert.equal(coded.headers.get('accept-encoding'), 'identity')
    for (const charset of ['iso-8859-1', '"utf-16"', 'utf-8x']) {
      const { status, body } = await send({ 'content-type': `application/json; charset=${charset}` })
      assert.deepEqual([status, body['code']], [415, 'ANRF5004'], `${path} ${charset}`)
    }
  }
  const plain = { 'content-encoding': 'Identity', 'content-type': 'application/json;Charset="UTF-8"' }
  const taken = await on.ask('POST', '/keys', { body: '{"label":"ü","scopes":["read"]}', headers: plain })
  assert.equal(taken.status, 201, JSON.stringify(taken.body))
})

test('a client that sends its head little by little is cut off, and others are served meanwhile', async () => {
  const slow = raw('GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ')
  assert.equal((await on.ask('GET', '/livez')).status, 200)
  const answer = await slow
  assert.match(statusOf(answer), /^HTTP\/1\.1 408 /)
})

test('connections have a bound', async () => {
  const own = await startTestService({ connectionsMax: 2 })
  const port = Number(new URL(own.service.url).port)
  const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  await Promise.all(held.map((socket) => new Promise((done) => socket.once('connect', done))))
  const third = connect(port, '127.0.0.1')
  await new Promise((done) => third.once('close', done).once('error', () => undefined))
  // Those that were there before are served as ever.
  for (const socket of held) {
    const answered = new Promise<Buffer>((done) => socket.once('data', done))
    socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
    assert.match(String(await answered), /^HTTP\/1\.1 200 /)
    socket.destroy()
  }
  await stopTestService(own)
})

const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(`${url}/artifacts`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  })

test('pages of the listed origins may ask, others may not, and by default none', async () => {
  const asked = await preflight(on.service.url, ORIGIN)
  assert.equal(asked.status, 204)
  assert.equal(asked.headers.get('access-control-allow-origin'), ORIGIN)
  assert.match(asked.headers.get('access-control-allow-headers') ?? '', /authorization/)
  for (const { method } of ROUTES)
    assert.ok(asked.headers.get('access-control-allow-methods')?.includes(method), method)
  assert.equal(asked.headers.get('access-control-allow-credentials'), null)
  const read = await fetch(`${on.service.url}/livez`, { headers: { origin: ORIGIN } })
  assert.equal(read.headers.get('access-control-allow-origin'), ORIGIN)
  assert.equal(read.headers.get('vary'), 'Origin')
  for (const origin of ['https://evil.example.com', 'null', `${ORIGIN}.evil.com`, `${ORIGIN}:8443`]) {
    const refused = await preflight(on.service.url, origin)
    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, null], origin)
  }
  const own = await startTestService()
  assert.equal((await preflight(own.service.url, ORIGIN)).headers.get('access-control-allow-origin'), null)
  await stopTestService(own)
})

test('origins and proxies are checked when the configuration is read', () => {
  const messageOf = (env: Record<string, string>): string => {
    const read = readConfig(env)
    return 'config' in read ? 'ok' : read.diagnostics.map(({ message }) => message).join('\n')
  }
  assert.equal(messageOf({ ANRF_CORS_ORIGINS: `${ORIGIN}, http://localhost:3000` }), 'ok')
  for (const origins of ['*', 'app.example.com', `${ORIGIN}/`, 'null'])
    assert.match(messageOf({ ANRF_CORS_ORIGINS: origins }), /not a list of origins/)
  assert.equal(messageOf({ ANRF_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, ::1' }), 'ok')
  for (const proxies of ['all', '10.0.0.0/33', 'example.com', '10.0.0.0/8/8', ''])
    if (proxies !== '') assert.match(messageOf({ ANRF_TRUSTED_PROXIES: proxies }), /not a list of addresses/)
  assert.match(messageOf({ ANRF_TLS_CERT: '/nowhere', ANRF_TLS_MIN: '1.0' }), /ENOENT[^]*not 1\.2 or 1\.3/)
})

/** A certificate that signs itself, made by openssl (`apt-get install openssl`). */
function makeCertificate(dir: string, name: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(dir, `${name}.crt`), join(dir, `${name}.key`)]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  return { cert, key }
}

function get(url: string, options: RequestOptions): Promise<{ status: number; hsts: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(`${url}/livez`, { rejectUnauthorized: false, agent: false, ...options }, (response) => {
      response
        .resume()
        .once('end', () =>
          resolve({ status: response.statusCode ?? 0, hsts: response.headers['strict-transport-security'] }),
        )
    })
    asked.once('error', reject).end()
  })
}

/** The name in the certificate that the server shows. */
function shownBy(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false }
    const socket = connectTls(options, () => {
      resolve(String((socket.getPeerCertificate(true) as DetailedPeerCertificate).subject.CN))
      socket.end()
    }).once('error', reject)
  })
}

test('with a certificate the service speaks TLS, says so, changes it without a stop, and can ask clients for theirs', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-tls-'))
  const [first, second, client] = ['first', 'second', 'client'].map((name) => makeCertificate(dir, name)) as [
    ReturnType<typeof makeCertificate>,
    ReturnType<typeof makeCertificate>,
    ReturnType<typeof makeCertificate>,
  ]
  const tls: Partial<ServiceConfig> = { tlsCert: first.cert, tlsKey: first.key, tlsMin: 'TLSv1.3' }
  const own = await startTestService(tls)
  assert.match(own.service.url, /^https:/)
  assert.deepEqual(await get(own.service.url, {}), { status: 200, hsts: 'max-age=31536000' })
  await assert.rejects(get(own.service.url, { maxVersion: 'TLSv1.2' }))
  assert.equal(await shownBy(own.service.url), 'first')
  writeFileSync(first.cert, 'not a certificate')
  assert.match(String(own.service.reloadTls()), /PEM|no start line/i)
  assert.equal(await shownBy(own.service.url), 'first')
  writeFileSync(first.cert, readFileSync(second.cert))
  assert.match(String(own.service.reloadTls()), /key values mismatch/)
  writeFileSync(first.key, readFileSync(second.key))
  assert.equal(own.service.reloadTls(), undefined)
  assert.equal(await shownBy(own.service.url), 'second')
  await stopTestService(own)

  const strict = await startTestService({ ...tls, tlsClients: 'required', tlsClientCa: client.cert })
  await assert.rejects(get(strict.service.url, {}))
  await assert.rejects(get(strict.service.url, { cert: readFileSync(second.cert), key: readFileSync(second.key) }))
  const shown = { cert: readFileSync(client.cert), key: readFileSync(client.key) }
  assert.equal((await get(strict.service.url, shown)).status, 200)
  await stopTestService(strict)
  rmSync(dir, { recursive: true })
})

test('who asks for a part of TLS is not served without it, and what is wrong with its files is said with their names', () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-tls-'))
  const [own, other] = [makeCertificate(dir, 'own'), makeCertificate(dir, 'other')]
  const junk = join(dir, 'junk.pem')
  writeFileSync(junk, 'no certificate')
  const pair = { ANRF_TLS_CERT: own.cert, ANRF_TLS_KEY: own.key }
  const complaintsOf = (env: Record<string, string>): string => {
    const read = readConfig(env)
    return 'config' in read ? 'none' : read.diagnostics.map(({ message }) => message).join('\n')
  }
  assert.equal(complaintsOf(pair), 'none')
  assert.equal(complaintsOf({ ...pair, ANRF_TLS_CLIENT_CA: other.cert, ANRF_TLS_CLIENTS: 'required' }), 'none')
  assert.match(complaintsOf({ ANRF_TLS_CERT: own.cert }), /^TLS needs both/)
  assert.match(complaintsOf({ ANRF_TLS_KEY: own.key }), /^TLS needs both/)
  assert.match(complaintsOf({ ANRF_TLS_CLIENT_CA: other.cert, ANRF_TLS_CLIENTS: 'required' }), /^TLS needs both/)
  assert.match(complaintsOf({ ...pair, ANRF_TLS_CLIENTS: 'optional' }), /needs ANRF_TLS_CLIENT_CA$/)
  assert.match(complaintsOf({ ...pair, ANRF_TLS_CERT: junk }), /junk\.pem is no certificate/)
  assert.match(complaintsOf({ ...pair, ANRF_TLS_CLIENT_CA: junk }), /junk\.pem is no certificate/)
  assert.match(complaintsOf({ ...pair, ANRF_TLS_KEY: other.key }), /other\.key cannot be used together: .*mismatch/)
  rmSync(dir, { recursive: true })
})

test('what a proxy says of its clients is believed only where the proxy is trusted', async () => {
  const headers = { 'x-forwarded-proto': 'https' }
  const told = await fetch(`${on.service.url}/livez`, { headers })
  assert.equal(told.headers.get('strict-transport-security'), null)
  const own = await startTestService({ trustedProxies: ['127.0.0.1'] })
  const believed = await fetch(`${own.service.url}/livez`, { headers })
  assert.equal(believed.headers.get('strict-transport-security'), 'max-age=31536000')
  await stopTestService(own)
})
