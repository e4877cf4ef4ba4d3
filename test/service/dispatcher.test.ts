// The dispatcher by itself: whose turn it is, and what becomes of jobs that cannot be done now.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Dispatcher, type Job, type Later } from '../../src/service/accepted/dispatcher.ts'

const OPTIONS = { places: 2, waitingMax: 100, waitingPerPrincipalMax: 100 }
const LINE: Later = { waitMs: 10, keeps: 'line' }

/** Jobs of principals that may do `max` at once each, and when each was tried and begun. Whatever the test comes to, nothing of it goes on behind it. */
function world(t: TestContext, options = OPTIONS, max = 1) {
  const dispatcher = new Dispatcher(options)
  const begun: string[] = []
  const under = new Map<string, number>()
  let tried = 0
  const left = new Set<string>()
  const ends = new Map<string, () => void>()
  const add = (name: string, more: Partial<Job> & { readonly isLong?: boolean; readonly later?: Later } = {}): void => {
    const principal = name.slice(0, 1)
    left.add(name)
    const run = async (): Promise<Later | undefined> => {
      tried++
      await sleep(1)
      const now = under.get(principal) ?? 0
      if (now >= max) return more.later ?? LINE
      under.set(principal, now + 1)
      begun.push(name)
      if (more.isLong) await new Promise<void>((end) => ends.set(name, end))
      under.set(principal, under.get(principal)! - 1)
      left.delete(name)
      return undefined
    }
    dispatcher.addAgain({ principal, priority: 'normal', run, ...more })
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(1, undefined, { signal: t.signal })
  }
  const idle = (): Promise<void> => until(() => left.size === 0)
  const running = (name: string): Promise<void> => until(() => begun.includes(name))
  /** What waits is tried now and then, and runs for that long. */
  const reaches = ({ waiting, running: count }: Dispatcher['status']): Promise<void> =>
    until(() => dispatcher.status.waiting === waiting && dispatcher.status.running === count)
  t.after(() => {
    for (const end of ends.values()) end()
    return dispatcher.close()
  })
  return {
    dispatcher,
    begun,
    add,
    until,
    idle,
    running,
    reaches,
    end: (name: string) => ends.get(name)!(),
    tries: () => tried,
  }
}

test('what cannot be done now has no place, keeps its order, and waits before what came later', async (t) => {
  const { begun, add, idle, running, reaches, end } = world(t)
  add('a1', { isLong: true })
  for (const name of ['a2', 'a3', 'a4', 'b1', 'b2']) add(name)
  await running('b2')
  assert.deepEqual(begun, ['a1', 'b1', 'b2'])
  await reaches({ waiting: 3, running: 1 })
  end('a1')
  await idle()
  assert.deepEqual(begun, ['a1', 'b1', 'b2', 'a2', 'a3', 'a4'])
})

test('a long line is not tried as a whole: one job when something of its principal ends, or after a while', async (t) => {
  const { add, idle, begun, tries } = world(t, { ...OPTIONS, places: 16 })
  const names = Array.from({ length: 50 }, (_, i) => `a${i}`)
  const beganMs = performance.now()
  for (const name of names) add(name)
  await idle()
  assert.deepEqual(begun, names)
  // Each once, those at the beginning that found the places free, and now and then one after a while.
  const whiles = (performance.now() - beganMs) / LINE.waitMs
  assert.ok(tries() <= 50 + 16 + whiles, `${tries()} tries, ${whiles} times the while`)
})

test('a line that is held keeps no other priority, and the more urgent one begins first', async (t) => {
  const { begun, add, idle, until, running, reaches, end, tries } = world(t)
  add('a1', { isLong: true })
  await running('a1')
  add('a2', { priority: 'low' })
  add('a3')
  add('a4', { priority: 'high' })
  // Until all three were tried and wait: one that is just being tried goes first, whatever it is.
  await until(() => tries() >= 4)
  await reaches({ waiting: 3, running: 1 })
  end('a1')
  await idle()
  assert.deepEqual(begun, ['a1', 'a4', 'a3', 'a2'])
})

test('what waits by itself keeps nothing else of its principal, and queues again', async (t) => {
  const { dispatcher, begun, add, idle, running, reaches } = world(t)
  let isRefused = true
  const job = async (): Promise<Later | undefined> => {
    if (isRefused) return { waitMs: 20, keeps: 'job' }
    return void begun.push('quota')
  }
  dispatcher.addAgain({ principal: 'a', priority: 'normal', run: job })
  add('a1')
  await running('a1')
  await reaches({ waiting: 1, running: 0 })
  isRefused = false
  await running('quota')
  await idle()
  assert.deepEqual(begun, ['a1', 'quota'])
})

test('a deadline wakes what waits in a held line, once', async (t) => {
  const { dispatcher, begun, add, running, end, idle } = world(t)
  add('a1', { isLong: true })
  await running('a1')
  add('a2')
  const told = Promise.withResolvers<void>()
  let said = 0
  const late = async (): Promise<undefined> => {
    said++
    told.resolve()
  }
  dispatcher.addAgain({ principal: 'a', priority: 'normal', run: late, expireAt: Date.now() + 30 })
  await told.promise
  assert.deepEqual([said, begun], [1, ['a1']])
  end('a1')
  await idle()
  assert.equal(said, 1)
})

test('what is late and cannot even say so is tried in its turn, not again and again', async (t) => {
  const { add, running, end, idle, tries } = world(t)
  add('a1', { isLong: true })
  await running('a1')
  add('a2', { expireAt: Date.now() - 1, later: { waitMs: 50, keeps: 'line' } })
  await sleep(120)
  assert.ok(tries() <= 5, `${tries()} tries`)
  end('a1')
  await idle()
})

test('what becomes late while it is tried says so, though others have all places for long', async (t) => {
  const { dispatcher, add, running, end } = world(t, { ...OPTIONS, places: 1 })
  const told = Promise.withResolvers<void>()
  const expireAt = Date.now() + 20
  const late = async (): Promise<Later | undefined> => {
    if (Date.now() >= expireAt) return told.resolve() as undefined
    while (Date.now() < expireAt) await sleep(1)
    return { waitMs: 3_600_000, keeps: 'job' }
  }
  dispatcher.addAgain({ principal: 'a', priority: 'normal', run: late, expireAt })
  add('b1', { isLong: true })
  await running('b1')
  await told.promise
  end('b1')
})

test('what waits when the dispatcher is closed is not begun any more', async (t) => {
  const { dispatcher, begun, add, running, end } = world(t)
  add('a1', { isLong: true })
  await running('a1')
  add('a2')
  add('a3', { later: { waitMs: 1, keeps: 'job' } })
  await sleep(5)
  const closed = dispatcher.close()
  end('a1')
  await closed
  await sleep(30)
  assert.deepEqual(begun, ['a1'])
})
