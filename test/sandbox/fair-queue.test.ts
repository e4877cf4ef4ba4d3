import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairQueue } from '../../src/sandbox/fair-queue.ts'

function queueOf(...items: string[]): FairQueue<string> {
  const queue = new FairQueue<string>()
  for (const item of items) queue.push(item[0]!, item)
  return queue
}

/** Serves everybody in turns. */
function served(queue: FairQueue<string>): string[] {
  const order: string[] = []
  for (let [next] = queue.turns(); next !== undefined; [next] = queue.turns()) {
    order.push(next)
    assert.ok(queue.remove(next[0]!, next))
  }
  assert.equal(queue.size, 0)
  return order
}

test('principals take turns, each in its own order', () => {
  assert.deepEqual(queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2').turns(), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
  assert.deepEqual(served(queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2')), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
  assert.deepEqual(served(queueOf()), [])
})

test('who comes late waits for one turn of the others, not for all that they asked for', () => {
  const queue = queueOf('a1', 'a2', 'a3', 'b1')
  queue.remove('a', 'a1')
  queue.push('d', 'd1')
  assert.deepEqual(served(queue), ['b1', 'a2', 'd1', 'a3'])
})

test('who comes back has the place before those that came later, and those who are passed over keep theirs', () => {
  const queue = queueOf('a1', 'a2', 'a3', 'b1')
  for (const item of ['a1', 'a2']) queue.remove('a', item)
  for (const item of ['a2', 'a1']) queue.pushBack('a', item, (one, other) => one < other)
  queue.pushBack('c', 'c1', () => false)
  assert.equal(
    queue.first((principal) => principal === 'b'),
    'a1',
  )
  assert.equal(
    queue.first(() => true),
    undefined,
  )
  assert.deepEqual(served(queue), ['b1', 'a1', 'c1', 'a2', 'a3'])
})

test('leaving the line keeps the turns of those who stay', () => {
  const queue = queueOf('a1', 'a2', 'b1', 'b2')
  assert.ok(queue.remove('a', 'a2'))
  assert.equal(queue.remove('a', 'a2'), false)
  assert.equal(queue.remove('nobody', 'x'), false)
  assert.deepEqual(served(queue), ['a1', 'b1', 'b2'])
})

test('who has the most waiting gives up the newest, but for somebody with fewer only', () => {
  const queue = queueOf('a1', 'a2', 'a3', 'b1')
  assert.equal(queue.takeFromLongest('a'), undefined)
  assert.equal(queue.takeFromLongest('b'), 'a3')
  assert.equal(queue.takeFromLongest('b'), undefined)
  assert.equal(queue.takeFromLongest('c'), 'a2')
  assert.equal(queue.takeFromLongest('c'), undefined)
  assert.deepEqual(queue.clear(), ['a1', 'b1'])
  assert.equal(queue.takeFromLongest('c'), undefined)
})

test('what somebody has waiting elsewhere counts too, but cannot be taken', () => {
  const elsewhere = (principal: string): number => (principal === 'b' ? 3 : 0)
  const queue = queueOf('a1', 'a2', 'a3', 'b1')
  assert.equal(queue.takeFromLongest('b', elsewhere), undefined)
  assert.equal(queue.takeFromLongest('c', elsewhere), 'b1')
  assert.equal(queue.takeFromLongest('c', elsewhere), 'a3')
  assert.deepEqual(served(queue), ['a1', 'a2'])
})
