import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ARGUMENTS } from '../../src/broker/arguments.ts'
import { HANDLERS } from '../../src/broker/handlers/table.ts'
import { CAPABILITIES } from '../../src/effects/index.ts'
import { callerOf } from './harness.ts'

test('every operation of the table of capabilities has a handler and a schema of arguments', () => {
  const operations = (table: object): string[] =>
    Object.entries(table)
      .flatMap(([name, of]) => Object.keys(of as object).map((operation) => `${name}.${operation}`))
      .sort()
  const declared = Object.fromEntries(Object.entries(CAPABILITIES).map(([name, row]) => [name, row.effects]))
  assert.deepEqual(operations(ARGUMENTS), operations(declared))
  assert.deepEqual(operations(HANDLERS), operations(declared))
})

test('sleeps wake in the order of their ends, and of their beginnings where they end together', async () => {
  const { call } = callerOf({})
  const woken: number[] = []
  const sleeps = [30, 10, 20, 10, 10, 0].map((ms, i) => call('clock.sleep', { ms }).then(() => woken.push(i)))
  await Promise.all(sleeps)
  assert.deepEqual(woken, [5, 1, 3, 4, 2, 0])
})

test('sleeps that begin in one turn of a run end in the order of their times, however late their calls come', async () => {
  const { call, broker } = callerOf({})
  const woken: number[] = []
  const sleep = (ms: number): Promise<unknown> => call('clock.sleep', { ms }).then(() => woken.push(ms))
  broker.waits(false)
  const first = sleep(5)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(woken, [])
  const second = sleep(1)
  broker.waits(true)
  await Promise.all([first, second])
  assert.deepEqual(woken, [1, 5])
})

test('a call is given up with its signal, with the broker, and before it begins', async () => {
  const { call, broker } = callerOf({})
  const controller = new AbortController()
  const aborted = call('clock.sleep', { ms: 1e6 }, controller.signal)
  const closed = call('clock.sleep', { ms: 1e6 })
  controller.abort()
  assert.deepEqual(await aborted, { error: { name: 'cancelled', message: 'the sleep was given up' } })
  broker.close()
  assert.deepEqual(await closed, { error: { name: 'cancelled', message: 'the sleep was given up' } })
  assert.ok('error' in (await call('clock.sleep', { ms: 0 })))
})

test('bytes of arguments and answers are counted, and end the run at the limit', async () => {
  const { call, broker } = callerOf({ limits: { io: 100 } })
  await call('clock.sleep', { ms: 0 })
  assert.deepEqual(broker.usage(), {
    bytesOut: '{"ms":0}'.length,
    bytesIn: '{"value":null}'.length,
    nestedBytes: 0,
  })
  assert.deepEqual(await call('clock.sleep', { ms: 0, more: 'x'.repeat(100) }), { ended: 'io' })
})

test('effects that do not exist are refused, however they are called', async () => {
  const { failure } = callerOf({})
  for (const name of [
    '',
    '.',
    'http',
    'clock.',
    '.sleep',
    'clock.now',
    'constructor.name',
    '__proto__.toString',
    'clock.__proto__',
  ])
    assert.equal(await failure(name, {}), 'unavailable', name)
})

test('malformed arguments are an error that says where, never a crash', async () => {
  const { call, failure } = callerOf({})
  assert.deepEqual(await call('clock.sleep', { ms: 'soon' }), {
    error: { name: 'arguments', message: 'clock.sleep: /ms must be number' },
  })
  for (const args of [
    '',
    '{',
    '[]',
    'null',
    '{"ms":-1}',
    '{"ms":1e99}',
    '{"ms":1,"x":2}',
    '{"ms":NaN}',
    '['.repeat(1e5),
  ])
    assert.equal(await failure('clock.sleep', args), 'arguments', args.slice(0, 20))
})

test('whatever is sent to whatever effect is answered', async () => {
  const names = Object.entries(ARGUMENTS).flatMap(([name, of]) =>
    Object.keys(of).map((operation) => `${name}.${operation}`),
  )
  const keys = fc.constantFrom(
    'key',
    'path',
    'url',
    'ms',
    'name',
    'text',
    'base64',
    'value',
    'method',
    'headers',
    '__proto__',
  )
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant('a/../b'),
  )
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(keys, scalar))
  const args = fc.oneof(
    fc.string(),
    fc.dictionary(keys, value, { maxKeys: 8 }).map((object) => JSON.stringify(object)),
  )
  const { call } = callerOf({ limits: { io: 1e9 } })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), args, async (name, args) => {
      if (name === 'clock.sleep') args = args.replaceAll(/\d/g, '0')
      assert.ok('error' in (await call(name, args)) || name === 'clock.sleep')
    }),
    { numRuns: 2000 },
  )
})
