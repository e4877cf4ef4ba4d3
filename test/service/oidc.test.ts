// Tokens of a real OpenID Connect issuer, a process of its own on loopback, and of whoever would like to be one.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { exportSPKI, generateKeyPair, importJWK, type CryptoKey } from 'jose'
import { readIssuers, type Issuer } from '../../src/service/gateway/issuer.ts'
import { KeysUnavailable, openKeySet } from '../../src/service/gateway/key-set.ts'
import { readConfig } from '../../src/service/index.ts'
import { AUDIENCE, CLIENT, makeKey, mint, startIssuer, type IssuerKey, type TestIssuer } from './issuer.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const [first, second] = [await makeKey('first'), await makeKey('second')]
let issuer: TestIssuer
let on: TestService

function issuersOf(...given: readonly object[]): readonly Issuer[] {
  const read = readIssuers({ issuers: given })
  assert.ok('issuers' in read, JSON.stringify(read))
  return read.issuers
}

before(async () => {
  issuer = await startIssuer([first])
  const issuers = issuersOf({
    issuer: issuer.url,
    audience: AUDIENCE,
    cooldownSeconds: 1,
    tenant: { claim: 'org', values: { 'org-1': 'acme' } },
  })
  on = await startTestService({ issuers })
  await on.ask('POST', '/tenants', { body: { id: 'acme' } })
})
after(async () => {
  await stopTestService(on)
  await issuer.stop()
})

const claims = { org: 'org-1' }
const ask = (key: string, to = on): Promise<Answer> => to.ask('GET', '/artifacts', { key })
const minted = (more: object = {}, header: object = {}, key: IssuerKey = first): Promise<string> =>
  mint(issuer.url, key, { header, claims: { ...claims, ...more } })

/** What a token is refused with; the header says the same. */
async function refusalOf(token: string, to = on): Promise<string> {
  const { status, body, headers } = await ask(token, to)
  if (status === 401) assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm="anrf", error="invalid_token"/)
  assert.ok(!JSON.stringify(body).includes(token.slice(0, 40)), 'the token is not in the answer')
  return `${status} ${String(body['code'])} ${String(body['detail'])}`
}

test('a client gets a token from the issuer and executes with it, in the tenant and with the scopes that it has there', async () => {
  const { body } = await on.ask('POST', '/keys', { body: { label: 'x', scopes: ['admin'], tenant: 'acme' } })
  const type = 'application/octet-stream'
  await on.ask('POST', '/artifacts', { key: String(body['key']), body: troubleDocumentBytes(), type })
  const token = await issuer.ask('execute read')
  const answer = await on.ask('POST', '/execute/trouble', { key: token, body: { entry: 'count' } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const record = await on.ask('GET', `/executions/${String(answer.body['executionId'])}`, { key: token })
  assert.equal(record.body['principal'], `acme:${issuer.url}#${CLIENT.id}`)
  assert.equal(record.body['tenant'], 'acme')
  const other = await on.ask('POST', '/keys', { key: token, body: { label: 'x', scopes: ['read'] } })
  assert.equal(`${other.status} ${String(other.body['code'])}`, '403 ANRF5002')
  assert.equal(other.headers.get('www-authenticate'), 'Bearer realm="anrf", error="insufficient_scope", scope="admin"')
  const reader = await issuer.ask('read')
  assert.equal((await on.ask('POST', '/execute/trouble', { key: reader, body: { entry: 'count' } })).status, 403)
})

test('a token that somebody made with the keys of the issuer is as good as its own: the control of what follows', async () => {
  assert.equal((await ask(await minted())).status, 200)
})

test('a token is refused for what is wrong with it, in words', async () => {
  const now = Math.floor(Date.now() / 1000)
  const cases: readonly (readonly [object, object, string])[] = [
    [{ exp: now - 31 }, {}, 'has expired'],
    [{ exp: undefined }, {}, 'has no claim exp'],
    [{ nbf: now + 600 }, {}, 'is not valid yet'],
    [{ aud: 'https://other.example.com' }, {}, 'is for another audience'],
    [{ aud: undefined }, {}, 'has no claim aud'],
    [{ sub: undefined }, {}, 'has no claim sub'],
    [{ sub: '' }, {}, 'has a subject that is not 1 to 255 printable letters of ASCII'],
    ...[7, true, ['a'], { a: 1 }, null].map(
      (sub) => [{ sub }, {}, 'has a subject that is not 1 to 255 printable letters of ASCII'] as const,
    ),
    [{ sub: 'a\nb' }, {}, 'has a subject that is not 1 to 255 printable letters of ASCII'],
    [{ org: 'org-2' }, {}, 'names no tenant of this service in the claim org'],
    [{ org: '__proto__' }, {}, 'names no tenant of this service in the claim org'],
    [{ org: undefined }, {}, 'names no tenant of this service in the claim org'],
    [{ cnf: { jkt: 'x' } }, {}, 'is bound to a key, which this service does not ask for'],
    [{}, { typ: 'logout+jwt' }, 'is of another type than an access token'],
    [{}, { kid: 'nobody' }, 'is signed with a key that its issuer does not have'],
  ]
  for (const [more, header, why] of cases)
    assert.equal(await refusalOf(await minted(more, header)), `401 ANRF5023 the token ${why}`)
  assert.equal((await ask(await minted({ exp: now - 10 }))).status, 200, 'within the clock skew')
})

test('nobody becomes an issuer by saying so', async (t) => {
  const own = await makeKey('first')
  assert.match(await refusalOf(await minted({}, {}, own)), /has a signature that is not of its issuer/)
  const impostor = await startIssuer([own])
  t.after(() => impostor.stop())
  assert.match(await refusalOf(await impostor.ask('read')), /is of no issuer whose tokens this service takes/)
  assert.match(await refusalOf(await minted({ iss: `${issuer.url}/` })), /is of no issuer/)
  // Where the keys are is never asked of the token (RFC 8725, section 3.10).
  const header = { jku: `${impostor.url}/jwks`, jwk: own.jwk, x5u: impostor.url }
  assert.match(
    await refusalOf(await mint(issuer.url, own, { header, claims })),
    /has a signature that is not of its issuer/,
  )
})

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('neither no signature nor one with the public key as a secret counts', async () => {
  const [, payload, signature] = (await minted()).split('.') as [string, string, string]
  for (const alg of ['none', 'None', 'NONE', 'nOnE'])
    for (const end of ['', signature])
      assert.match(
        await refusalOf(`${part({ alg, kid: 'first' })}.${payload}.${end}`),
        /is signed in a way that is not allowed|is not a signed token/,
      )
  const { d: _, ...publicJwk } = first.jwk as { d: string }
  const pem = await exportSPKI(
    (await importJWK({ ...publicJwk, ext: true }, 'ES256', { extractable: true })) as CryptoKey,
  )
  for (const secret of [pem, JSON.stringify(publicJwk), '']) {
    const head = part({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })
    const mac = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')
    assert.match(await refusalOf(`${head}.${payload}.${mac}`), /is signed in a way that is not allowed for its issuer/)
  }
})

test('what is not a token is not taken for one, and a giant one is not looked at', async () => {
  const [head, payload, signature] = (await minted()).split('.') as [string, string, string]
  for (const text of [
    'a.b.c',
    '..',
    `${head}.${payload}`,
    `${head}.${payload}.${signature}.x`,
    `${head}..${signature}`,
  ])
    assert.match(await refusalOf(text), /^401 ANRF500?1|^401 ANRF5023/, text)
  const flipped = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  assert.match(await refusalOf(flipped), /has a signature that is not of its issuer/)
  const changed = part({ ...(JSON.parse(String(Buffer.from(payload, 'base64url'))) as object), scope: 'execute' })
  assert.match(await refusalOf(`${head}.${changed}.${signature}`), /has a signature that is not of its issuer/)
  assert.match(await refusalOf(await minted({ more: 'x'.repeat(8000) })), /is longer than 8192 bytes/)
})

test('scopes come by their names, but those of administrators and operators only where the configuration gives them', async (t) => {
  const key = await minted({ scope: 'read admin operate execute' })
  assert.equal((await ask(key)).status, 200)
  assert.equal((await on.ask('GET', '/keys', { key })).status, 403)
  assert.equal((await on.ask('GET', '/tenants', { key })).status, 403)
  const roles = { claim: ['realm', 'roles'], values: { boss: ['admin'] } }
  const issuers = issuersOf({ issuer: issuer.url, audience: [AUDIENCE, 'other'], scopes: roles })
  const own = await startTestService({ issuers })
  t.after(() => stopTestService(own))
  const boss = await minted({ realm: { roles: ['boss', 7] } })
  assert.equal((await own.ask('GET', '/keys', { key: boss })).status, 200)
  assert.equal((await own.ask('GET', '/tenants', { key: boss })).status, 403)
  assert.equal((await own.ask('GET', '/keys', { key: await minted({ scope: 'admin' }) })).status, 403)
})

test('keys of the issuer change: new ones are read when a token names them, old ones end', async () => {
  const old = await minted()
  await issuer.rotate([second])
  await sleep(1100)
  const token = await issuer.ask('read')
  assert.equal((await ask(token)).status, 200)
  assert.match(await refusalOf(old), /is signed with a key that its issuer does not have/)
  await issuer.rotate([second, first])
  await sleep(1100)
  assert.equal((await ask(old)).status, 200)
})

test('while the issuer is down its known keys still count, unknown ones are not judged, and it is found again', async (t) => {
  const token = await minted()
  assert.equal((await ask(token)).status, 200)
  const { port } = issuer
  await issuer.stop()
  assert.equal((await ask(token)).status, 200)
  const third = await makeKey('third')
  await sleep(1100)
  const unknown = await ask(await minted({}, {}, third))
  assert.equal(`${unknown.status} ${String(unknown.body['code'])}`, '503 ANRF5024')
  assert.equal(unknown.headers.get('retry-after'), '5')
  const issuers = issuersOf({ issuer: issuer.url, audience: AUDIENCE })
  const late = await startTestService({ issuers })
  t.after(() => stopTestService(late))
  assert.match(await refusalOf(token, late), /^503 ANRF5024/)
  issuer = await startIssuer([first, third], port)
  await sleep(2100)
  assert.equal((await ask(token, late)).status, 200)
  assert.equal((await ask(await minted({}, {}, third))).status, 200)
})

test('a clock that is set back does not make the pause after a failure longer', async (t) => {
  const { d: _, ...publicJwk } = first.jwk as { d: string }
  let isDown = true
  const flaky = await startBadIssuer((path, url) => ({
    status: isDown ? 500 : 200,
    body: JSON.stringify(path === '/k' ? { keys: [publicJwk] } : { issuer: url, jwks_uri: `${url}/k` }),
  }))
  t.after(() => flaky.stop())
  const [one] = issuersOf({ issuer: flaky.url, audience: AUDIENCE })
  const keys = openKeySet(one!, () => undefined)
  const [protectedHeader, payload, signature] = (await mint(flaky.url, first)).split('.') as [string, string, string]
  const find = async (): Promise<unknown> =>
    keys({ alg: 'ES256', kid: 'first' }, { protected: protectedHeader, payload, signature })
  await assert.rejects(find(), KeysUnavailable)
  isDown = false
  const before = Date.now() - 3_600_000
  t.mock.method(Date, 'now', () => before)
  await sleep(2100)
  assert.equal(((await find()) as CryptoKey).type, 'public')
})

/** A server that is no good issuer. */
async function startBadIssuer(
  answer: (path: string, url: string) => { status?: number; body: string; location?: string },
) {
  const asked: string[] = []
  let url = ''
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body, location } = answer(request.url ?? '', url)
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked, stop: () => new Promise((done) => server.close(done).closeAllConnections()) }
}

test('what an issuer says of itself is read within bounds, and must be about itself', async (t) => {
  const good = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }
  const answers: readonly ((path: string, url: string) => { status?: number; body: string; location?: string })[] = [
    () => ({ body: JSON.stringify(good) }),
    (_, url) => ({ body: JSON.stringify({ issuer: url, jwks_uri: 'http://keys.example.com/' }) }),
    (_, url) => ({ body: JSON.stringify({ issuer: url, jwks_uri: 'file:///etc/passwd' }) }),
    () => ({ body: 'not json' }),
    () => ({ body: 'x'.repeat(300 * 1024) }),
    () => ({ status: 302, body: '', location: `${issuer.url}/.well-known/openid-configuration` }),
    (path, url) => ({ body: path === '/k' ? '{"keys": 1}' : JSON.stringify({ issuer: url, jwks_uri: `${url}/k` }) }),
  ]
  for (const answer of answers) {
    const bad = await startBadIssuer(answer)
    t.after(() => bad.stop())
    const own = await startTestService({ issuers: issuersOf({ issuer: bad.url, audience: AUDIENCE }) })
    t.after(() => stopTestService(own))
    assert.match(await refusalOf(await mint(bad.url, first), own), /^503 ANRF5024/, String(answer))
    // A flood of requests does not become a flood to the issuer.
    const asked = bad.asked.length
    const token = await mint(bad.url, first)
    await Promise.all(Array.from({ length: 20 }, () => refusalOf(token, own)))
    assert.ok(bad.asked.length <= asked + 2, `${bad.asked.length - asked} more requests`)
  }
})

test('a flood of tokens with unknown keys does not become a flood to the issuer', async (t) => {
  const asked: string[] = []
  const { d: _, ...publicJwk } = first.jwk as { d: string }
  const counting = await startBadIssuer((path, url) => {
    asked.push(path)
    t.after(() => counting.stop())
    return { body: JSON.stringify(path === '/k' ? { keys: [publicJwk] } : { issuer: url, jwks_uri: `${url}/k` }) }
  })
  const own = await startTestService({ issuers: issuersOf({ issuer: counting.url, audience: AUDIENCE }) })
  t.after(() => stopTestService(own))
  assert.equal((await ask(await mint(counting.url, first), own)).status, 200)
  for (let i = 0; i < 30; i++)
    assert.match(await refusalOf(await mint(counting.url, first, { header: { kid: `k${i}` } }), own), /^401 ANRF5023/)
  assert.deepEqual(asked, ['/.well-known/openid-configuration', '/k'])
})

test('neither an algorithm beyond those of the issuer nor a key that is too short is taken', async (t) => {
  const { privateKey } = await generateKeyPair('ES384')
  const token = await mint(issuer.url, { ...first, privateKey }, { header: { alg: 'ES384' }, claims })
  assert.match(await refusalOf(token), /is signed in a way that is not allowed for its issuer/)
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const keys = [{ ...short.publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' }]
  const careless = await startBadIssuer((path, url) => ({
    body: JSON.stringify(path === '/k' ? { keys } : { issuer: url, jwks_uri: `${url}/k` }),
  }))
  t.after(() => careless.stop())
  const own = await startTestService({ issuers: issuersOf({ issuer: careless.url, audience: AUDIENCE }) })
  t.after(() => stopTestService(own))
  const signed = `${part({ alg: 'RS256', kid: 'short' })}.${(await mint(careless.url, first)).split('.')[1]}`
  const signature = sign('sha256', Buffer.from(signed), short.privateKey).toString('base64url')
  assert.match(await refusalOf(`${signed}.${signature}`, own), /is signed with a key that is not fit for it/)
})

test('the file of issuers is checked as a whole', () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-oidc-'))
  const path = join(dir, 'oidc.json')
  const one = { issuer: 'https://login.example.com/', audience: 'anrf' }
  const read = (content: unknown): string => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    const given = readConfig({ ANRF_OIDC: path })
    return 'config' in given ? 'ok' : given.diagnostics.map(({ message }) => message).join('\n')
  }
  assert.equal(read({ issuers: [one] }), 'ok')
  assert.equal(read({ issuers: [{ ...one, issuer: 'http://127.0.0.1:1/' }] }), 'ok')
  for (const [content, why] of [
    ['{', /ANRF_OIDC is .*, not a file of issuers: /],
    [{ issuers: [] }, /issuers/],
    [{ issuers: [{ ...one, algorithms: ['HS256'] }] }, /algorithms/],
    [{ issuers: [{ ...one, algorithms: ['none'] }] }, /algorithms/],
    [{ issuers: [{ ...one, issuer: 'http://login.example.com' }] }, /issuer is no https URL/],
    [{ issuers: [{ ...one, issuer: 'https://login.example.com/#x' }] }, /issuer is no https URL/],
    [{ issuers: [{ ...one, jwksUri: 'http://login.example.com/keys' }] }, /jwksUri is no https URL/],
    [{ issuers: [{ ...one, clockSkewSeconds: 3600 }] }, /clockSkewSeconds/],
    [{ issuers: [{ ...one, scopes: { claim: 'x', values: { y: ['root'] } } }] }, /scopes/],
    [{ issuers: [{ ...one, misspelt: true }] }, /issuers\/0/],
    [{ issuers: [one, one] }, /names an issuer twice/],
  ] as const)
    assert.match(read(content), why)
  assert.match(readConfigOf(join(dir, 'nowhere.json')), /ENOENT/)
  rmSync(dir, { recursive: true })
})
const readConfigOf = (path: string): string => JSON.stringify(readConfig({ ANRF_OIDC: path }))
