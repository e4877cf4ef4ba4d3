import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorldReader, type Budget, type EffectPort } from '../../src/effects/index.ts'

/** Of a run of which nothing is taken. */
const BUDGET: Budget = { left: () => ({ fuel: 1, allocation: 1 }), take: (...taken) => assert.deepEqual(taken, [0, 0]) }

test('the clock begins at the time of the world and each reading is a millisecond later', () => {
  const world = new WorldReader({ time: 1000, seed: 1 })
  assert.equal(world.wasRead, false)
  assert.deepEqual([world.now(), world.now(), world.elapsed(), world.now()], [1000, 1001, 2, 1003])
  assert.equal(world.wasRead, true)
})

test('the same seed gives the same numbers, other seeds others, also where only the upper half differs', () => {
  const take = (seed: number): string => {
    const world = new WorldReader({ time: 0, seed })
    return Array.from({ length: 8 }, () => world.random()).join(' ')
  }
  assert.equal(take(7), take(7))
  const seeds = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]
  assert.equal(new Set(seeds.map(take)).size, seeds.length)
})

test('random numbers are spread evenly over 0 to below 1', () => {
  const world = new WorldReader({ time: 0, seed: 42 })
  const counts = Array.from({ length: 16 }, () => 0)
  for (let i = 0; i < 160_000; i++) {
    const x = world.random()
    assert.ok(x >= 0 && x < 1)
    counts[Math.floor(x * 16)]!++
  }
  // Chi squared with 15 degrees of freedom is above 44 once in 10,000.
  const chi = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)
  assert.ok(chi < 44, `chi squared ${chi}`)
})

test('calls are numbered in order, each answer is handed over once, and the clock follows it', () => {
  const cancelled: number[] = []
  const answers = [
    { sequence: 1, elapsed: 40, text: '{"value":1}' },
    { sequence: 0, elapsed: 50, text: '{"value":0}' },
  ]
  const port: EffectPort = {
    start: () => undefined,
    cancel: (sequence) => void cancelled.push(sequence),
    next: () => answers.shift(),
  }
  const world = new WorldReader({ time: 1000, seed: 0 }, port)
  assert.deepEqual([world.startCall('kv.get', '{}'), world.startCall('kv.get', '{}')], [0, 1])
  assert.equal(world.now(), 1000)
  assert.equal(world.nextCall(BUDGET), 1)
  assert.deepEqual([world.answerOf(0), world.answerOf(1), world.now()], ['', '{"value":1}', 1040])
  assert.deepEqual([world.nextCall(BUDGET), world.answerOf(1), world.elapsed()], [0, '', 50])
  assert.deepEqual([world.nextCall(BUDGET), world.answerOf(0)], [-1, ''])
  for (const sequence of [-1, 0.5, 2, NaN, 1]) world.cancelCall(sequence)
  assert.deepEqual(cancelled, [1])
})

test('behind a closed port every call comes to an error, in order, but for those given up', () => {
  const world = new WorldReader({ time: 0, seed: 0 })
  for (let i = 0; i < 3; i++) world.startCall('http.fetch', '{}')
  world.cancelCall(1)
  assert.deepEqual([world.nextCall(BUDGET), world.nextCall(BUDGET), world.nextCall(BUDGET)], [0, 2, -1])
})
