import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSecret, type Secret } from '../../src/broker/index.ts'
import { Secrets } from '../../src/broker/secrets.ts'
import { formatGrant, parseGrant, type Grant } from '../../src/effects/index.ts'

function secret(name: string, value: string, ...hosts: string[]): Secret {
  const read = readSecret(name, value, hosts.length > 0 ? hosts : ['api.example.com'])
  assert.ok('secret' in read, JSON.stringify(read))
  return read.secret
}
const grant = (text: string): Grant => {
  const parsed = parseGrant(text)
  assert.ok('grant' in parsed)
  return parsed.grant
}

const percent = (text: string): string => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')

/** Spellings in which servers write a text, also as a part of something longer. */
const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  upper: (text) => text.toUpperCase(),
  percent,
  'percent of percent': (text) => percent(text).replaceAll('%', '%25'),
  component: encodeURIComponent,
  form: (text) => new URLSearchParams({ text }).toString(),
  json: (text) => JSON.stringify({ text }),
  'json with solidus': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  html: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;').replaceAll("'", '&#x27;'),
  javascript: (text) => [...text].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 behind one letter': (text) => Buffer.from(`a${text}`).toString('base64'),
  'base64url within': (text) => Buffer.from(`ab${text}c`).toString('base64url'),
  // As MIME (RFC 2045 section 6.8) and tools of the command line have it.
  'base64 in lines': (text) => Buffer.from(text).toString('base64').replaceAll(/.{7}/g, '$&\r\n'),
  'base64 in lines in json': (text) => JSON.stringify(Buffer.from(text).toString('base64').replaceAll(/.{5}/g, '$&\n')),
  'base64 with solidus in json': (text) => Buffer.from(text).toString('base64').replaceAll('/', '\\/'),
  'base64 in a query': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
}

const values = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 8, maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes))
  .filter((text) => text.trim() === text)

test('a secret of the greatest length is found in every spelling, and nothing is said of it', () => {
  let state = 1
  const letter = (): string => String.fromCharCode(0x21 + ((state = (state * 48_271) % 2_147_483_647) % 94))
  const value = Array.from({ length: 8192 }, letter).join('')
  const secrets = new Secrets([secret('KEY', value)], [], 'run')
  for (const [spelling, spell] of Object.entries(SPELLINGS)) {
    const redacted = secrets.redactText(`<${spell(value)}>`)
    assert.ok(redacted.includes(secrets.placeholder('KEY')!), spelling)
    // Where parts meet, letters of base64 that stand for both may stay.
    assert.ok(redacted.length < 300, `${spelling}: ${redacted.slice(0, 300)}`)
  }
})

test('a secret is found in every spelling, whatever it is made of', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(...Object.keys(SPELLINGS)), (value, spelling) => {
      const secrets = new Secrets([secret('KEY', value)], [], 'run')
      const placeholder = secrets.placeholder('KEY')!
      const text = `before ${SPELLINGS[spelling]!(value)} after`
      const redacted = secrets.redactText(text)
      assert.ok(redacted.includes(placeholder), `${spelling}: ${text}`)
      assert.equal(secrets.redact(Buffer.from(text, 'latin1')).toString('latin1'), redacted)
      const rest = redacted.replaceAll(placeholder, '')
      assert.ok(!rest.includes(value) && !rest.includes(value.slice(4)), `${spelling}: ${redacted}`)
    }),
    { numRuns: 600 },
  )
})

test('what is no secret stays as it is, byte for byte', () => {
  const secrets = new Secrets([secret('KEY', 'abcdefgh')], [], 'run')
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) & 255))
  assert.deepEqual(secrets.redact(bytes), bytes)
  assert.equal(secrets.redactText('abcdefg h abcdefg'), 'abcdefg h abcdefg')
})

test('of secrets that begin alike none leaves its end behind', () => {
  const secrets = new Secrets([secret('A', 'begin-alike'), secret('B', 'begin-alike-and-more')], [], 'run')
  assert.equal(secrets.redactText('begin-alike-and-more'), secrets.placeholder('B'))
  assert.equal(secrets.redactText('begin-alike'), secrets.placeholder('A'))
})

test('placeholders follow from execution and name, and are filled in only for hosts of their secret', () => {
  const made = (executionId: string): Secrets =>
    new Secrets(
      [secret('A', 'value-of-a', 'api.example.com:8443', 'http://localhost:80')],
      [grant('secrets=A')],
      executionId,
    )
  const placeholder = made('run').placeholder('A')!
  assert.equal(made('run').placeholder('A'), placeholder)
  assert.notEqual(made('other').placeholder('A'), placeholder)
  assert.equal(made('run').placeholder('B'), undefined)
  const fill = (url: string): string => made('run').fillHeader(`Bearer ${placeholder}`, new URL(url))
  assert.equal(fill('https://api.example.com:8443/any?path'), 'Bearer value-of-a')
  assert.equal(fill('http://localhost/'), 'Bearer value-of-a')
  const elsewhere = [
    'https://api.example.com/',
    'http://api.example.com:8443/',
    'https://x.api.example.com:8443/',
    'https://localhost/',
  ]
  for (const url of elsewhere) assert.throws(() => fill(url), { code: 'denied' }, url)
})

test('a secret that could not be sent or found again is refused, without its value', () => {
  const wrong = (name: string, value: string, ...hosts: string[]): string => {
    const read = readSecret(name, value, hosts)
    assert.ok('diagnostics' in read)
    return read.diagnostics.map(({ code, message }) => `${code} ${message}`).join('; ')
  }
  assert.match(wrong('a-b', 'longenough', 'a.example'), /^ANRF4011 the secret "a-b": its name has other letters/)
  assert.match(wrong('A', 'short', 'a.example'), /not from 8 to 8192 letters/)
  assert.match(wrong('A', 'has\nline-ends', 'a.example'), /letters that no header can have$/)
  assert.match(wrong('A', ' spaces-around', 'a.example'), /without spaces around$/)
  assert.match(wrong('A', 'longenough'), /it has no host$/)
  assert.match(wrong('A', 'longenough', '*.example'), /expected one host and one port$/)
  assert.match(wrong('A', 'longenough', 'a.example/path'), /expected one host and one port$/)
  assert.match(wrong('A', 'longenough', 'http://a.example'), /only this machine may have a secret without https$/)
  assert.match(wrong('A', 'longenough', 'http://10.0.0.1'), /only this machine/)
  assert.match(wrong('A', 'longenough', 'GET a.example'), /expected a host/)
  assert.ok(!wrong('a-b', 'secret-value\n', 'x y').includes('secret-value'))
  assert.equal(formatGrant(secret('A', 'longenough', 'a.example').hosts[0]!), 'http=+private https://a.example')
})
