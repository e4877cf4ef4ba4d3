import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KV_BOUNDS } from '../../src/broker/kv.ts'
import { openStore } from '../../src/store/index.ts'
import { callerOf, type Caller } from './harness.ts'

const dir = mkdtempSync(join(tmpdir(), 'anrf-kv-'))
let store = await openStore(dir)
after(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

const space = (program: string, principal = 'key-1'): Caller =>
  callerOf({ grants: ['kv'], host: { kv: { sql: store.sql, principal, program } }, limits: { io: 1e9 } })

test('what was set is there for the same program of the same principal, and for no other, also after a restart', async () => {
  const values = {
    text: 'ä\u0000\ud800',
    number: -1.5,
    list: [1, null, { z: 1, a: 2 }],
    empty: {},
    no: null,
    yes: true,
  }
  for (const [key, value] of Object.entries(values)) await space('p').value('kv.set', { key, value })
  store.close()
  store = await openStore(dir)
  for (const [key, value] of Object.entries(values)) {
    const found = await space('p').value('kv.get', { key })
    assert.equal(JSON.stringify(found), JSON.stringify({ found: true, value }))
  }
  const nothing = { found: false, value: null }
  assert.deepEqual(await space('q').value('kv.get', { key: 'text' }), nothing)
  assert.deepEqual(await space('p', 'key-2').value('kv.get', { key: 'text' }), nothing)
})

test('a key is taken away once', async () => {
  const { value } = space('delete')
  await value('kv.set', { key: 'a', value: 1 })
  assert.deepEqual(await value('kv.delete', { key: 'a' }), { found: true })
  assert.deepEqual(await value('kv.delete', { key: 'a' }), { found: false })
})

test('keys are listed by prefix, in order, in pages', async () => {
  const { value } = space('list')
  for (const key of ['b%', 'a_2', 'a_1', 'aX', 'a_10', 'c', 'ä', '\u{1f600}']) await value('kv.set', { key, value: 0 })
  const keys = async (prefix: string, after: string, limit: number): Promise<unknown> =>
    ((await value('kv.list', { prefix, after, limit })) as { keys: unknown }).keys
  assert.deepEqual(await keys('a_', '', 10), ['a_1', 'a_10', 'a_2'])
  assert.deepEqual(await keys('a_', 'a_1', 1), ['a_10'])
  assert.deepEqual(await keys('', 'aX', 10), ['a_1', 'a_10', 'a_2', 'b%', 'c', 'ä', '\u{1f600}'])
  assert.deepEqual(await keys('b%', '', 10), ['b%'])
  assert.deepEqual(await keys('\u{1f600}', '', 10), ['\u{1f600}'])
})

test('of those who compare and set at once, one wins', async () => {
  const { value } = space('cas')
  const attempt = (expected: unknown, next: unknown): Promise<unknown> =>
    value('kv.compareAndSet', { key: 'k', expected, value: next })
  const first = await Promise.all(Array.from({ length: 20 }, (_, i) => attempt(null, { i, a: 1 })))
  assert.equal(first.filter((answer) => (answer as { done: boolean }).done).length, 1)
  assert.deepEqual(await attempt({ value: { a: 1, i: 0 } }, 'next'), { done: true })
  assert.deepEqual(await attempt({ value: { a: 1, i: 0 } }, 'next'), { done: false })
  assert.deepEqual(await attempt(null, 'next'), { done: false })
})

test('a space is bounded in keys, in bytes and in the size of a value', async () => {
  const { value, failure } = space('full')
  assert.equal(await failure('kv.set', { key: 'big', value: 'x'.repeat(KV_BOUNDS.valueBytes) }), 'quota')
  const chunk = 'x'.repeat(KV_BOUNDS.valueBytes - 100)
  for (let i = 0; i < 16; i++) await value('kv.set', { key: `k${i}`, value: chunk })
  assert.equal(await failure('kv.set', { key: 'more', value: chunk }), 'quota')
  await value('kv.set', { key: 'k0', value: chunk })
  await value('kv.delete', { key: 'k0' })
  await value('kv.set', { key: 'more', value: chunk })

  const many = space('many')
  await many.value('kv.set', { key: 'k1', value: 1 })
  await store.sql.tx((query) => query(`update kv_space set keys = ? where program = 'many'`, [KV_BOUNDS.keys]))
  assert.equal(await many.failure('kv.set', { key: 'more', value: 1 }), 'quota')
  await many.value('kv.set', { key: 'k1', value: 2 })
  await many.value('kv.delete', { key: 'k1' })
  await many.value('kv.set', { key: 'more', value: 1 })
})

test('keys that a database cannot tell apart are refused', async () => {
  const { failure } = space('keys')
  for (const key of ['a\0b', '\ud800', '']) assert.equal(await failure('kv.set', { key, value: 1 }), 'arguments')
  assert.equal(await failure('kv.list', { prefix: '\udc00', after: '', limit: 1 }), 'arguments')
  assert.equal(await failure('kv.set', { key: 'a' }), 'arguments')
})

test('without a grant there is nothing, without a store neither', async () => {
  const denied = callerOf({ host: { kv: { sql: store.sql, principal: 'a', program: 'b' } } })
  assert.equal(await denied.failure('kv.get', { key: 'a' }), 'denied')
  assert.equal(await callerOf({ grants: ['kv'] }).failure('kv.get', { key: 'a' }), 'unavailable')
})
