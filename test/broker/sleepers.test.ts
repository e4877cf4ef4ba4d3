import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Sleepers } from '../../src/broker/sleepers.ts'

const NEVER = new AbortController().signal

/** Keeps the thread at work, as a run does whose code is being compiled. */
function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('a sleep counts from the time at which its turn began, however long the turn takes', async () => {
  const sleepers = new Sleepers()
  const woken: string[] = []
  const before = sleepers.sleep(50, NEVER).then(() => woken.push('before'))
  sleepers.waits(false)
  work(100)
  const within = sleepers.sleep(5, NEVER).then(() => woken.push('within'))
  sleepers.waits(true)
  await Promise.all([before, within])
  assert.deepEqual(woken, ['within', 'before'])
})
