// Whose runs a worker takes, who waits, and who is turned away. Workers are scripts that say their process id.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resolveLimits, type Limits } from '../../src/base/index.ts'
import { createPool, NO_ISOLATION, type ExecuteRequest, type Pool, type Rejection } from '../../src/sandbox/index.ts'

const script = join(import.meta.dirname, 'fake-worker.ts')

function poolOf(t: TestContext, options: Omit<Parameters<typeof createPool>[0], 'isolation'>): Pool {
  const pool = createPool({ isolation: NO_ISOLATION, script, ...options })
  t.after(() => pool.close(0))
  return pool
}

type Asked = { readonly isFresh?: boolean; readonly limits?: Partial<Limits>; readonly onLog?: () => void }

const request = (principal: string, entry: string, { limits = {}, ...more }: Asked = {}): ExecuteRequest => {
  const program = { programId: 'sha256:00', programBytes: new Uint8Array(1), mode: 'interpret' }
  return { ...program, entry, args: [], limits: resolveLimits(limits), principal, ...more }
}

/** The process that a run of the principal was in. */
async function pidOf(pool: Pool, principal: string, isFresh = false): Promise<unknown> {
  const report = await pool.execute(request(principal, 'pid', { isFresh }))
  assert.ok('outcome' in report && report.outcome.kind === 'returned', JSON.stringify(report))
  return report.outcome.value
}

test('a worker never runs for two principals, and is used again for its own', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 3 })
  const owner = new Map<unknown, string>()
  for (let round = 0; round < 4; round++)
    for (const principal of ['a', 'b', 'c']) {
      const pid = await pidOf(pool, principal)
      assert.equal(owner.get(pid) ?? principal, principal)
      owner.set(pid, principal)
    }
  assert.equal(owner.size, 3)
})

test('more principals than processes: who waited longest gives way, and no process serves two', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 2 })
  const owner = new Map<unknown, string>()
  for (let round = 0; round < 3; round++)
    for (const principal of ['a', 'b', 'c']) {
      const pid = await pidOf(pool, principal)
      assert.equal(owner.get(pid) ?? principal, principal)
      owner.set(pid, principal)
      assert.ok(pool.status().workers <= 2)
    }
  assert.equal(owner.size, 9)
})

test('a fresh run has a process of its own that ends with it, and the principal keeps the other one', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 3, spares: 1 })
  const own = await pidOf(pool, 'a')
  const fresh = [await pidOf(pool, 'a', true), await pidOf(pool, 'a', true)]
  assert.equal(new Set([own, ...fresh]).size, 3)
  assert.equal(await pidOf(pool, 'a'), own)
  for (const pid of fresh) await assertGone(Number(pid))
})

async function assertGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('spares are ready before anybody asks and are made again, after the answer', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 4, spares: 2 })
  assert.equal(pool.status().workers, 2)
  const before = new Set(pool.status().pids)
  assert.ok(before.has(Number(await pidOf(pool, 'a'))))
  await nextTurn()
  assert.equal(pool.status().workers, 3)
  await pidOf(pool, 'b')
  await nextTurn()
  assert.equal(pool.status().workers, 4)
})

/** Runs of one who asks for more without end that may come before a run of another: where there is a process for each, as many as its start takes. */
const MOST_BEFORE = { 1: 6, 4: Infinity } as const

for (const processes of [1, 4] as const)
  test(`principals are served in turns by ${processes} processes, however much one asks for`, async (t) => {
    const pool = poolOf(t, { size: 1, processes })
    const over = new AbortController()
    // Another run of `a` is asked for as soon as one ends.
    let ofFlood = 0
    const flood = async (): Promise<void> => {
      for (; !over.signal.aborted; ofFlood++) await pidOf(pool, 'a')
    }
    const floods = [flood(), flood(), flood()]
    for (const principal of ['b', 'c', 'b']) {
      const before = ofFlood
      await pidOf(pool, principal)
      // Those that were under way, and one turn.
      assert.ok(ofFlood - before <= MOST_BEFORE[processes], `${ofFlood - before} runs of another came before`)
    }
    over.abort()
    await Promise.all(floods)
  })

test('a full queue costs who has the most waiting its newest; with as many as others one is turned away', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 2, queueMax: 3 })
  const begun = Promise.withResolvers<void>()
  const hung = pool.execute(request('a', 'hang', { onLog: begun.resolve }))
  await begun.promise
  const waiting = ['a1', 'a2', 'a3'].map((executionId) => pool.execute({ ...request('a', 'pid'), executionId }))
  assert.deepEqual(await pool.execute(request('a', 'pid')), { rejected: 'overloaded' })
  const other = pool.execute({ ...request('b', 'pid'), executionId: 'b1' })
  assert.deepEqual(await waiting[2], { rejected: 'overloaded' })
  const third = pool.execute(request('c', 'pid'))
  assert.deepEqual(await waiting[1], { rejected: 'overloaded' })
  assert.deepEqual(await pool.execute(request('d', 'pid')), { rejected: 'overloaded' })
  assert.equal(pool.status().queued, 3)
  await pool.close(0)
  for (const report of await Promise.all([hung, waiting[0]!, other, third]))
    assert.equal('outcome' in report && report.outcome.kind, 'cancelled')
})

test('a principal may have as many under way as its limit says, and others are not affected', async (t) => {
  const pool = poolOf(t, { size: 2, processes: 3 })
  const limits = { concurrency: 2 }
  const held = [pool.execute(request('a', 'hang', { limits })), pool.execute(request('a', 'pid', { limits }))]
  const rejected: Rejection = { rejected: 'concurrency', max: 2 }
  assert.deepEqual(await pool.execute(request('a', 'pid', { limits })), rejected)
  assert.ok(await pidOf(pool, 'b'))
  await held[1]
  assert.ok('outcome' in (await pool.execute(request('a', 'pid', { limits }))))
})

test('principals that share a number have it together, each share by itself', async (t) => {
  const pool = poolOf(t, { size: 3, processes: 4 })
  const shares = [
    { name: 'tenant', max: 2 },
    { name: 'program', max: 9 },
  ]
  const shared = (principal: string, entry: string): ExecuteRequest => ({ ...request(principal, entry), shares })
  const held = [pool.execute(shared('a', 'hang')), pool.execute(shared('b', 'pid'))]
  assert.deepEqual(await pool.execute(shared('c', 'pid')), { rejected: 'concurrency', max: 2, share: 'tenant' })
  // A principal of that name is somebody else.
  assert.ok(await pidOf(pool, 'tenant'))
  await held[1]
  assert.ok('outcome' in (await pool.execute(shared('c', 'pid'))))
})

test('a worker that its principal does not use any more ends, spares do not', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 3, spares: 1, idleMsMax: 50 })
  const pid = Number(await pidOf(pool, 'a'))
  await assertGone(pid)
  assert.equal(pool.status().workers, 1)
})

test('what became of workers is counted', async (t) => {
  const pool = poolOf(t, { size: 1, processes: 1 })
  await pool.execute(request('a', 'exit'))
  await pool.execute(request('a', 'zero length'))
  await pool.execute(request('a', 'hang', { limits: { wall: 50 } }))
  await pidOf(pool, 'b')
  await pidOf(pool, 'c')
  const { started, limit, violation, exit, boot } = pool.status().counts
  assert.deepEqual({ started, limit, violation, exit, boot }, { started: 5, limit: 1, violation: 1, exit: 1, boot: 0 })
})
