// The file of hooks: everything that is wrong is told at once, and never a secret.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redactAt, isAt } from '../../src/hooks/redact.ts'
import { signatureHeaders } from '../../src/hooks/signature.ts'
import { complaintsOf, manifestOf, webhook } from './manifest.ts'
import { OLD_SECRET, SECRET } from './receiver.ts'
import { verifyWebhook } from './verify-webhook.ts'

const hook = (more: object): object => ({ name: 'guard', on: ['before'], ...more })

test('defaults: closed, five seconds, shown nothing', () => {
  const { hooks } = manifestOf({ hooks: [hook(webhook('https://hooks.example.com/anrf', { private: false }))] })
  const { isFailOpen, timeoutMs, include, only, attemptsMax } = hooks[0]!
  assert.deepEqual(
    { isFailOpen, timeoutMs, include, only, attemptsMax },
    { isFailOpen: false, timeoutMs: 5000, include: [], only: {}, attemptsMax: 12 },
  )
})

test('everything that is wrong is told together, with its place', () => {
  const target = { module: './guard.mjs' }
  assert.deepEqual(
    complaintsOf({
      hooks: [
        hook({}),
        hook({ ...target, program: { reference: 'guard' } }),
        hook({
          name: 'a',
          ...webhook('http://hooks.example.com/', { private: false, secrets: ['HOOK_SECRET', 'NOT_THERE'] }),
        }),
        hook({ name: 'b', ...webhook('https://10.1.2.3/', { private: false, secrets: ['SHORT', 'PLAIN'] }) }),
        hook({ name: 'c', ...target, only: { programs: ['a b'], outcomes: ['fine'] } }),
      ],
      verifiers: [{ name: 'static', module: './verify.mjs' }],
    }),
    [
      '/hooks/0: a hook has one of webhook, program and module',
      '/hooks/1: a hook has one of webhook, program and module',
      '/hooks/2/webhook/secrets/1: the environment has no variable NOT_THERE',
      '/hooks/2/webhook/url: expected a URL of https: (or http: with "private": true), without a password',
      '/hooks/3/webhook/secrets/0: a secret has from 24 to 64 bytes in base64',
      '/hooks/3/webhook/secrets/1: a secret has the form whsec_BASE64',
      '/hooks/3/webhook/url: 10.1.2.3 is of this machine or its network: "private": true opens it',
      '/hooks/4/only/programs/0: the grant "programs=a b" is not understood: expected the name of a program: `NAME[@RANGE]`',
      '/hooks/4/only/outcomes/0: there is no outcome fine: returned, threw, trapped, limited, refused, cancelled, crashed',
      '/hooks/1/name: there is another one of the name guard',
      '/verifiers/0/name: there is another one of the name static',
    ],
  )
})

test('a secret that is missing is told once, however many hooks name it', () => {
  const named = webhook('https://hooks.example.com/', { secrets: ['NOT_THERE', 'NOT_THERE'] })
  assert.deepEqual(complaintsOf({ hooks: [hook({ name: 'a', ...named }), hook({ name: 'b', ...named })] }), [
    '/hooks/0/webhook/secrets/0: the environment has no variable NOT_THERE',
  ])
})

test('members, occasions and kinds that nobody knows are no hooks', () => {
  for (const wrong of [
    { name: 'Guard' },
    { on: [] },
    { on: ['during'] },
    { onFailure: 'maybe' },
    { timeoutMs: 0 },
    { include: ['secrets'] },
    { retries: 3 },
  ])
    assert.equal(
      complaintsOf({ hooks: [hook({ module: './x.mjs', ...wrong })] }).length > 0,
      true,
      JSON.stringify(wrong),
    )
  for (const wrong of [null, [], 'hooks', { hook: [] }]) assert.notDeepEqual(complaintsOf(wrong), [])
  assert.deepEqual(complaintsOf({}), [])
})

test('a signature is that of the specification, and of each secret while one is changed for another', () => {
  // The example of the documentation of Standard Webhooks.
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const headers = signatureHeaders([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')
  assert.deepEqual(headers[2], ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='])
  const keys = [SECRET, OLD_SECRET].map((text) => Buffer.from(text.slice('whsec_'.length), 'base64'))
  const both = Object.fromEntries(signatureHeaders(keys, 'id', 1000, '{}'))
  for (const secret of [SECRET, OLD_SECRET]) assert.deepEqual(verifyWebhook(both, '{}', secret, 1000), {})
  assert.throws(
    () => verifyWebhook(both, '{}', `whsec_${Buffer.alloc(32, 9).toString('base64')}`, 1000),
    /not by this secret/,
  )
  assert.throws(() => verifyWebhook(both, '{ }', SECRET, 1000), /not by this secret/)
})

test('what was signed long ago is turned away, and so is a timestamp that was changed', () => {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const headers = Object.fromEntries(signatureHeaders([key], 'id', 1000, '{}'))
  assert.throws(() => verifyWebhook(headers, '{}', SECRET, 1301), /too old/)
  assert.throws(() => verifyWebhook(headers, '{}', SECRET, 699), /too new/)
  assert.throws(
    () => verifyWebhook({ ...headers, 'webhook-timestamp': '1301' }, '{}', SECRET, 1301),
    /not by this secret/,
  )
  assert.throws(() => verifyWebhook({ ...headers, 'webhook-timestamp': 'now' }, '{}', SECRET, 1301), /too old/)
  assert.deepEqual(verifyWebhook(headers, '{}', SECRET, 1300), {})
})

test('a JSON pointer redacts what it names and nothing else', () => {
  const value = { a: [{ 'b/c': 1, 'd~e': 2 }], __proto__: { x: 1 }, length: 5 }
  assert.deepEqual(redactAt(value, '/a/0/b~1c'), { a: [{ 'b/c': '[redacted]', 'd~e': 2 }], length: 5 })
  assert.deepEqual(redactAt(value, '/a/0/d~0e'), { a: [{ 'b/c': 1, 'd~e': '[redacted]' }], length: 5 })
  assert.deepEqual(redactAt(value, '/a'), { a: '[redacted]', length: 5 })
  for (const nothing of ['/b', '/a/1', '/a/length', '/a/-', '/x', '/a/0/b/c']) {
    assert.equal(isAt(value, nothing), false, nothing)
    assert.deepEqual(redactAt(value, nothing), { a: value.a, length: 5 }, nothing)
  }
  const own = JSON.parse('{"__proto__": {"x": 1}}') as unknown
  assert.equal(JSON.stringify(redactAt(own, '/__proto__/x')), '{"__proto__":{"x":"[redacted]"}}')
})
