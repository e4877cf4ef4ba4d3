import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closedPort, type EffectPort } from '../../src/effects/index.ts'

const LEFT = { fuel: 0, allocation: 0 }

const sleep = (port: EffectPort, sequence: number, ms: number): void =>
  port.start({ sequence, name: 'clock.sleep', args: JSON.stringify({ ms }) })

const answers = (port: EffectPort): { sequence: number; elapsed: number }[] => {
  const all = []
  for (let next = port.next(LEFT); next; next = port.next(LEFT))
    all.push({ sequence: next.sequence, elapsed: next.elapsed })
  return all
}

test('without a way to the world, sleeps end in the order of their times', () => {
  const port = closedPort()
  sleep(port, 0, 50)
  sleep(port, 1, 5)
  sleep(port, 2, 5)
  sleep(port, 3, 20)
  port.cancel(3)
  assert.deepEqual(answers(port), [
    { sequence: 1, elapsed: 5 },
    { sequence: 2, elapsed: 5 },
    { sequence: 0, elapsed: 50 },
  ])
  sleep(port, 4, 1)
  assert.deepEqual(answers(port), [{ sequence: 4, elapsed: 51 }])
})

test('without a way to the world, all other calls come to errors, before any sleep ends', () => {
  const port = closedPort()
  sleep(port, 0, 1)
  port.start({ sequence: 1, name: 'http.fetch', args: '{}' })
  sleep(port, 2, -1)
  const [first, second, third] = [port.next(LEFT), port.next(LEFT), port.next(LEFT)]
  assert.match(first!.text, /CapabilityError/)
  assert.match(second!.text, /CapabilityError/)
  assert.deepEqual([first!.sequence, second!.sequence, third!.sequence], [1, 2, 0])
  assert.equal(third!.text, '{"value":null}')
})
