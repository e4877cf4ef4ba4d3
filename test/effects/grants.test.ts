import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  denialOf,
  formatGrant,
  grantsWithin,
  isWithin,
  meetGrants,
  checkScopes,
  parseGrant,
  parseGrants,
  permits,
  type Asked,
  type Grant,
} from '../../src/effects/index.ts'

function grantOf(text: string): Grant {
  const parsed = parseGrant(text)
  assert.ok('grant' in parsed, `${text}: ${'grant' in parsed ? '' : parsed.diagnostics[0]!.message}`)
  return parsed.grant
}

const messageOf = (text: string): string => {
  const parsed = parseGrant(text)
  assert.ok('diagnostics' in parsed, `${text} was taken`)
  assert.equal(parsed.diagnostics[0]!.code, 'ANRF4010')
  return parsed.diagnostics[0]!.message
}

/** A grant as it may be written, and its one printed form. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['http=api.example.com', 'http=https://api.example.com'],
  ['http=API.Example.com:443', 'http=https://api.example.com'],
  ['http=http://example.com:80/', 'http=http://example.com'],
  ['http=GET,POST https://api.example.com:8443/v1/', 'http=GET,POST https://api.example.com:8443/v1/'],
  ['http=bücher.example', 'http=https://xn--bcher-kva.example'],
  ['http=*.example.com/a', 'http=https://*.example.com/a'],
  ['http=GET *', 'http=GET https://*'],
  ['http=*:*', 'http=https://*:*'],
  ['http=+private http://127.0.0.1:8080', 'http=+private http://127.0.0.1:8080'],
  ['http=+private GET http://0x7f.1', 'http=+private GET http://127.0.0.1'],
  ['http=+private http://[0:0::1]:80', 'http=+private http://[::1]'],
  ['http=+private db.internal', 'http=+private https://db.internal'],
  ['http=93.184.216.34', 'http=https://93.184.216.34'],
  ['files=read:./data', 'files=read:./data=data'],
  ['files=write:/var/out/=results', 'files=write:/var/out/=results'],
  ['files=./a=b=c', 'files=./a=b=c'],
  ['kv', 'kv'],
  ['approvals', 'approvals'],
  ['programs=invoice', 'programs=invoice'],
  ['programs=invoice@^1', 'programs=invoice@^1'],
  ['programs=invoice@1.2.0-rc.1', 'programs=invoice@1.2.0-rc.1'],
  ['secrets=CRM_KEY', 'secrets=CRM_KEY'],
  ['tool:crm', 'tool:crm'],
  ['tool:crm=lookup,search', 'tool:crm=lookup,search'],
]

for (const [text, printed] of WRITTEN)
  test(`the grant ${text} is ${printed}`, () => {
    assert.equal(formatGrant(grantOf(text)), printed)
    assert.deepEqual(grantOf(printed), grantOf(text))
  })

/** What is no grant, and what the diagnostic says about it. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['', /there is no capability ""/],
  ['htp=a', /no capability "htp", but http$/],
  ['network', /no capability "network"; there are approvals, files, http/],
  ['constructor', /no capability/],
  ['clock', /every run has clock, it needs no grant$/],
  ['http', /expected a scope of the form/],
  ['http=', /expected a scope of the form/],
  ['http=ftp://a', /expected a scope of the form/],
  ['http=https://user@a', /expected a scope of the form/],
  ['http=https://a?b', /expected a scope of the form/],
  ['http=get a', /methods in upper case/],
  ['http=GET POST a', /expected a scope of the form/],
  ['http=a:0', /port from 1 to 65535/],
  ['http=a:99999', /port from 1 to 65535/],
  ['http=a.*', /expected a host/],
  ['http=*.10.0.0.1', /expected a host/],
  ['http=a%2eb', /expected a host/],
  ['http=127.0.0.1', /`\+private ` before the scope: 127\.0\.0\.1 is of the range "loopback"/],
  ['http=2130706433', /127\.0\.0\.1 is of the range "loopback"/],
  ['http=[::ffff:10.0.0.1]', /IPv4-mapped private network/],
  ['http=localhost:3000', /localhost is this machine/],
  ['http=a.localhost', /is this machine/],
  ['http=+private *', /a host with \+private/],
  ['http=+private 224.0.0.1', /can be reached, not one of the range "multicast"/],
  ['http=a/../b', /path without dots/],
  ['http=a/%2e%2e%2fb', /path without dots/],
  ['files', /a folder/],
  ['files=', /a folder/],
  ['files=read:', /a folder|a name/],
  ['files=..', /`\.\.=NAME`/],
  ['files=/', /`\/=NAME`/],
  ['files=./a=b/c', /a name of letters/],
  ['kv=all', /no scope: only `kv`/],
  ['approvals=', /no scope/],
  ['programs=', /name of a program/],
  ['programs=a@', /range of versions/],
  ['programs=a@latest', /range of versions/],
  ['secrets=', /name of a secret/],
  ['secrets=a-b', /name of a secret/],
  ['tool:', /name of a tool/],
  ['tool:a b', /name of a tool/],
  ['tool:crm=', /names of operations/],
]

for (const [text, message] of REFUSED)
  test(`${JSON.stringify(text)} is no grant`, () => assert.match(messageOf(text), message))

const http = (method: string, url: string): Asked => {
  const { protocol, hostname, port, pathname } = new URL(url)
  const scheme = protocol === 'https:' ? 'https' : 'http'
  return {
    kind: 'http',
    method,
    scheme,
    host: hostname,
    port: Number(port || (scheme === 'https' ? 443 : 80)),
    path: pathname,
  }
}
const program = (name: string, version?: string): Asked => ({ kind: 'programs', name, version })
const file = (access: 'read' | 'write', name: string): Asked => ({ kind: 'files', access, name })
const tool = (name: string, operation: string): Asked => ({ kind: 'tool', name, operation })

/** A grant, what it permits, and what it does not. */
const PERMITS: readonly (readonly [string, readonly Asked[], readonly Asked[]])[] = [
  [
    'http=api.example.com',
    [http('DELETE', 'https://api.example.com/x?y'), http('GET', 'https://API.EXAMPLE.COM:443/a%2fb')],
    [
      http('GET', 'http://api.example.com/'),
      http('GET', 'https://api.example.com:8443/'),
      http('GET', 'https://example.com/'),
      http('GET', 'https://api.example.com.evil.com/'),
      http('GET', 'https://xapi.example.com/'),
      http('GET', 'https://api.example.com./'),
    ],
  ],
  [
    'http=*.example.com',
    [http('GET', 'https://a.example.com/'), http('GET', 'https://a.b.example.com/')],
    [http('GET', 'https://example.com/'), http('GET', 'https://aexample.com/'), http('GET', 'https://.example.com/')],
  ],
  [
    'http=GET,HEAD https://a.example:8443/v1',
    [
      http('GET', 'https://a.example:8443/v1'),
      http('HEAD', 'https://a.example:8443/v1/x'),
      http('GET', 'https://a.example:8443/v1/x..y/.z'),
    ],
    [
      http('POST', 'https://a.example:8443/v1'),
      http('GET', 'https://a.example:8443/v10'),
      http('GET', 'https://a.example:8443/'),
      http('GET', 'https://a.example:8443/v1/../admin'),
      http('GET', 'https://a.example:8443/v1/%2e%2e/admin'),
      http('GET', 'https://a.example:8443/v1/..%2fadmin'),
      http('GET', 'https://a.example:8443/v1/..%5cadmin'),
      http('GET', 'https://a.example:8443/v1/%252e%252e%252fadmin'),
      http('GET', 'https://a.example:8443/v1/..;/admin'),
      http('GET', 'https://a.example:8443/v1/..;a=b/admin'),
      http('GET', 'https://a.example:8443/v1/x%00'),
    ],
  ],
  ['http=a.example/v1/', [http('GET', 'https://a.example/v1/x')], [http('GET', 'https://a.example/v1')]],
  ['http=*:*', [http('GET', 'https://any.example:1234/')], [http('GET', 'http://any.example:1234/')]],
  ['files=read:./data', [file('read', 'data')], [file('write', 'data'), file('read', 'other')]],
  ['files=write:./data', [file('write', 'data')], [file('read', 'data')]],
  ['files=./data', [file('write', 'data'), file('read', 'data')], []],
  ['programs=a', [program('a'), program('a', '9.0.0'), program('a', '1.0.0-rc.1')], [program('b')]],
  ['programs=a@1.2.0', [program('a', '1.2.0')], [program('a'), program('a', '1.2.1')]],
  [
    'programs=a@^1.2',
    [program('a', '1.2.0'), program('a', '1.99.0')],
    [program('a', '1.1.9'), program('a', '2.0.0'), program('a', '1.3.0-rc.1'), program('a')],
  ],
  ['programs=a@^0.2.3', [program('a', '0.2.3'), program('a', '0.2.9')], [program('a', '0.3.0'), program('a', '0.2.2')]],
  ['programs=a@^0.0.3', [program('a', '0.0.3')], [program('a', '0.0.4')]],
  ['programs=a@^0.0', [program('a', '0.0.9')], [program('a', '0.1.0')]],
  ['programs=a@^0', [program('a', '0.9.0')], [program('a', '1.0.0')]],
  ['programs=a@~1.2.3', [program('a', '1.2.3'), program('a', '1.2.9')], [program('a', '1.3.0')]],
  ['programs=a@~1', [program('a', '1.9.0')], [program('a', '2.0.0')]],
  ['secrets=A', [{ kind: 'secrets', name: 'A' }], [{ kind: 'secrets', name: 'B' }, { kind: 'kv' }]],
  ['tool:crm', [tool('crm', 'a')], [tool('erp', 'a')]],
  ['tool:crm=a,b', [tool('crm', 'a')], [tool('crm', 'c')]],
]

for (const [text, yes, no] of PERMITS)
  test(`what ${text} permits`, () => {
    const grant = grantOf(text)
    for (const asked of yes) assert.ok(permits(grant, asked), JSON.stringify(asked))
    for (const asked of no) assert.ok(!permits(grant, asked), JSON.stringify(asked))
  })

test('a denial names the grant that comes closest and what would be allowed', () => {
  const grants = ['kv', 'http=b.example', 'http=GET https://a.example/v1'].map(grantOf)
  assert.deepEqual(denialOf(grants, http('POST', 'https://a.example/v1/x')), {
    capability: 'http',
    asked: 'POST https://a.example:443/v1/x',
    rule: 'http=GET https://a.example/v1 does not permit the method POST',
    allowed: ['http=https://b.example', 'http=GET https://a.example/v1'],
    advice:
      'Ask whoever runs this program for a grant, or do without. Do not route around this: no other host, path, tool or spelling is meant to reach it.',
  })
  assert.equal(denialOf([], tool('crm', 'a')).rule, 'no grant of tool:crm')
  assert.equal(denialOf(grants, file('read', 'x')).rule, 'no grant of files')
})

test('a program gets only grants of what it asks for', () => {
  const grants = ['kv', 'http=*', 'tool:crm', 'tool:crm2', 'secrets=KEY'].map(grantOf)
  const within = (...names: string[]): string[] =>
    grantsWithin(
      grants,
      names.map((name) => ({ name })),
    ).map(formatGrant)
  assert.deepEqual(within('kv', 'tool:crm', 'clock'), ['kv', 'tool:crm'])
  assert.deepEqual(within('tool', 'tool:', 'htt'), [])
})

/** What a grant leaves of what a document declares, by the scopes of both. */
const SCOPED: readonly (readonly [grant: string, scopes: readonly string[], permitted: readonly string[]])[] = [
  ['http=*', ['api.example.com'], ['http=https://api.example.com']],
  ['http=api.example.com', ['*'], ['http=https://api.example.com']],
  ['http=*.example.com', ['api.example.com', 'www.example.org'], ['http=https://api.example.com']],
  // Neither is within the other: what both permit.
  [
    'http=GET,POST https://*.example.com/v1',
    ['POST,DELETE https://api.example.com/'],
    ['http=POST https://api.example.com/v1'],
  ],
  ['http=GET https://a.example', ['POST https://a.example'], []],
  ['http=a.example', ['http://a.example'], []],
  ['http=*:*', ['a.example:8443'], ['http=https://a.example:8443']],
  ['http=a.example/v1', ['a.example/v2'], []],
  ['http=a.example/v1', ['a.example/v10'], []],
  ['http=+private http://127.0.0.1:80', ['+private http://127.0.0.1'], ['http=+private http://127.0.0.1']],
  ['http=a.example', ['+private a.example'], ['http=https://a.example']],
  ['files=./work=data', ['read:data'], ['files=read:./work=data']],
  ['files=read:./work=data', ['write:data'], []],
  ['files=read:./work=data', ['other'], []],
  ['tool:crm', ['lookup'], ['tool:crm=lookup']],
  ['tool:crm=lookup,search', ['search,remove'], ['tool:crm=search']],
  ['tool:crm=lookup', ['remove'], []],
  ['programs=invoice@^1.2', ['invoice'], ['programs=invoice@^1.2']],
  ['programs=invoice', ['invoice@1.2.0', 'other'], ['programs=invoice@1.2.0']],
  ['secrets=KEY', ['OTHER', 'KEY'], ['secrets=KEY']],
  // What cannot be read permits nothing, and never all.
  ['http=*', ['a b c'], []],
  ['kv', ['everything'], []],
  ['kv', [], ['kv']],
]

for (const [grant, scopes, permitted] of SCOPED)
  test(`${grant} for a program that declares ${scopes.join(' and ') || 'no scope'} is ${permitted.join(' and ') || 'nothing'}`, () => {
    const [name = ''] = grant.split('=')
    const met = grantsWithin([grantOf(grant)], [{ name, scopes }])
    assert.deepEqual(met.map(formatGrant), permitted)
  })

test('what is met permits only what both permit', () => {
  const hosts = fc.constantFrom('*', 'a.example', '*.example', '*.b.example', 'x.b.example')
  const scopes = fc
    .tuple(
      fc.constantFrom('', 'GET ', 'GET,POST '),
      hosts,
      fc.constantFrom('', ':8443', ':*'),
      fc.constantFrom('', '/v1', '/v1/x'),
    )
    .map((parts) => `http=${parts[0]}https://${parts[1]}${parts[2]}${parts[3]}`)
  const calls = fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PUT'),
      fc.constantFrom('a.example', 'x.b.example', 'b.example'),
      fc.constantFrom('', ':8443'),
      fc.constantFrom('/', '/v1', '/v1/x/y', '/v2'),
    )
    .map(([method, host, port, path]) => http(method, `https://${host}${port}${path}`))
  fc.assert(
    fc.property(scopes, scopes, calls, (one, other, call) => {
      const met = grantsWithin([grantOf(one)], [{ name: 'http', scopes: [other.slice('http='.length)] }])
      const both = permits(grantOf(one), call) && permits(grantOf(other), call)
      assert.equal(
        met.some((grant) => permits(grant, call)),
        both,
      )
    }),
    { numRuns: 2000 },
  )
})

test('all that is wrong with the scopes of a document is told together', () => {
  const wrong = checkScopes([
    { name: 'http', scopes: ['api.example.com', 'a b c'] },
    { name: 'kv', scopes: ['all'] },
    { name: 'clock' },
  ])
  assert.deepEqual(
    wrong.map(({ code }) => code),
    ['ANRF4010', 'ANRF4010'],
  )
})

test('all that is wrong with several grants is told together', () => {
  const read = parseGrants(['htp=a', 'kv', 'files=read:./a=data', 'files=write:./b=data', 'secrets='])
  assert.ok('diagnostics' in read)
  assert.deepEqual(
    read.diagnostics.map(({ message }) => /htp|secrets|stands for \.\/a already/.exec(message)?.[0]),
    ['htp', 'secrets', 'stands for ./a already'],
  )
  assert.ok('grants' in parseGrants(['files=read:./a=data', 'files=write:./a=data']))
})

test('no text breaks the parser, and what it takes it prints so that it reads the same', () => {
  const part = fc.constantFrom(
    'http',
    'files',
    '=',
    ':',
    '/',
    '*',
    '.',
    ' ',
    '+private',
    'GET',
    ',',
    'a',
    '[::1]',
    '@',
    '^1',
    '..',
    '%2f',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (text) => {
      const parsed = parseGrant(text)
      if ('grant' in parsed) assert.deepEqual(grantOf(formatGrant(parsed.grant)), parsed.grant)
      else assert.ok(parsed.diagnostics.length > 0)
    }),
    { numRuns: 3000 },
  )
})

/** Grants, the first within the second or not. */
const WITHIN: readonly (readonly [string, string, boolean])[] = [
  ['http=GET https://api.example.com/v1', 'http=api.example.com', true],
  ['http=api.example.com', 'http=GET https://api.example.com/v1', false],
  ['http=GET api.example.com', 'http=GET,POST api.example.com', true],
  ['http=GET,PUT api.example.com', 'http=GET,POST api.example.com', false],
  ['http=a.b.example.com', 'http=*.example.com', true],
  ['http=*.b.example.com', 'http=*.example.com', true],
  ['http=example.com', 'http=*.example.com', false],
  ['http=*.example.com', 'http=*.b.example.com', false],
  ['http=*', 'http=*.example.com', false],
  ['http=x.example', 'http=*', true],
  ['http=http://x.example', 'http=https://x.example', false],
  ['http=x.example:8443', 'http=x.example:*', true],
  ['http=x.example:*', 'http=x.example:8443', false],
  ['http=x.example/v12', 'http=x.example/v1', false],
  ['http=+private x.example', 'http=x.example', false],
  ['http=x.example', 'http=+private x.example', true],
  ['files=read:./d', 'files=./d', true],
  ['files=./d', 'files=read:./d', false],
  ['files=read:./d=e', 'files=./d', false],
  ['programs=a@1.2.3', 'programs=a@^1', true],
  ['programs=a@^1', 'programs=a', true],
  ['programs=a@^1.2', 'programs=a@^1', false],
  ['programs=b', 'programs=a', false],
  ['tool:crm=lookup', 'tool:crm', true],
  ['tool:crm', 'tool:crm=lookup', false],
  ['secrets=A', 'secrets=B', false],
  ['kv', 'kv', true],
  ['kv', 'approvals', false],
]
for (const [narrow, wide, expected] of WITHIN)
  test(`${narrow} is ${expected ? '' : 'not '}within ${wide}`, () => {
    assert.equal(isWithin(grantOf(narrow), grantOf(wide)), expected)
  })

test('what a grant within another permits, the other permits', () => {
  const grants = [...WITHIN.flatMap(([a, b]) => [a, b]), ...WRITTEN.map(([text]) => text)].map(grantOf)
  const pairs = grants.flatMap((narrow) =>
    grants.filter((wide) => isWithin(narrow, wide)).map((wide) => [narrow, wide] as const),
  )
  const asked: fc.Arbitrary<Asked> = fc.oneof(
    fc.record({
      kind: fc.constant('http' as const),
      method: fc.constantFrom('GET', 'POST', 'PUT'),
      scheme: fc.constantFrom('http' as const, 'https' as const),
      host: fc.constantFrom('x.example', 'api.example.com', 'example.com', 'a.b.example.com', '127.0.0.1'),
      port: fc.constantFrom(80, 443, 8443),
      path: fc.constantFrom('/', '/v1', '/v1/x', '/v12', '/v1/%2e%2e/x', '/v1/..;/x'),
    }),
    fc.record({
      kind: fc.constant('files' as const),
      access: fc.constantFrom('read' as const, 'write' as const),
      name: fc.constantFrom('d', 'e', 'data'),
    }),
    fc.record({
      kind: fc.constant('programs' as const),
      name: fc.constantFrom('a', 'b', 'invoice'),
      version: fc.constantFrom(undefined, '1.2.3', '1.0.0', '2.0.0'),
    }),
  )
  let shown = 0
  fc.assert(
    fc.property(fc.constantFrom(...pairs), asked, ([narrow, wide], call) => {
      if (!permits(narrow, call)) return
      shown++
      assert.ok(permits(wide, call), `${formatGrant(narrow)} in ${formatGrant(wide)}: ${JSON.stringify(call)}`)
    }),
    { numRuns: 20_000, seed: 35 },
  )
  assert.ok(shown > 100, String(shown))
})

test('two lists of grants meet in the narrower of each pair', () => {
  const meet = (some: readonly string[], others: readonly string[]): readonly string[] =>
    meetGrants(some.map(grantOf), others.map(grantOf)).map(formatGrant)
  assert.deepEqual(meet(['kv', 'http=x.example/v1'], ['http=GET x.example', 'http=x.example']), [
    'http=https://x.example/v1',
  ])
  assert.deepEqual(meet(['http=x.example'], ['http=GET x.example/v1', 'kv']), ['http=GET https://x.example/v1'])
  assert.deepEqual(meet(['kv'], ['kv']), ['kv'])
  assert.deepEqual(meet([], ['kv']), [])
})
