// The event loop looks for what comes while a run is alone, and not for longer.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { stayAwake } from '../../src/sandbox/stay-awake.ts'

/** How often was asked whether it is still needed, when that says no at the given question and the clock moves by `stepMs` at each. */
async function countLooks(noAt: number, stepMs: number): Promise<number> {
  let nowMs = 0
  const clock = mock.method(performance, 'now', () => nowMs)
  let looks = 0
  stayAwake(() => {
    looks++
    nowMs += stepMs
    return looks < noAt
  })
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  clock.mock.restore()
  return looks
}

test('it looks until it is not needed any more', async () => assert.equal(await countLooks(5, 0), 5))

test('it looks for 0.2 ms', async () => assert.equal(await countLooks(Infinity, 0.06), 4))
