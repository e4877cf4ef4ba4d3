// Fresh runs of a pool whose workers are forked: what a program leaves behind, limits, and what happens when the zygote fails.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resolveLimits, type Encoded, type Limits, type Mode } from '../../../src/base/index.ts'
import { MODES } from '../../../src/engine/index.ts'
import {
  createForks,
  createPool,
  NO_ISOLATION,
  openIsolation,
  programIdOf,
  type ExecuteReport,
  type ForksChange,
  type Pool,
} from '../../../src/sandbox/index.ts'
import { ClosedSession } from '../../../src/sandbox/effect-session.ts'
import type { Isolation } from '../../../src/sandbox/launch.ts'
import { troubleBytes } from '../../service/programs.ts'

const programBytes = troubleBytes()
const program = { programBytes, programId: programIdOf(programBytes) }
const MODE_NAMES = Object.keys(MODES) as Mode[]

type Asked = { readonly mode?: string; readonly principal?: string; readonly limits?: Partial<Limits> }

function executeFresh(pool: Pool, entry: string, args: Encoded[] = [], asked: Asked = {}): ReturnType<Pool['execute']> {
  const { mode = 'interpret', principal = 'a', limits = {} } = asked
  return pool.execute({ ...program, entry, args, mode, principal, limits: resolveLimits(limits), isFresh: true })
}

async function outcomeOf(...given: Parameters<typeof executeFresh>): Promise<ExecuteReport['outcome']> {
  const report = await executeFresh(...given)
  assert.ok('outcome' in report, JSON.stringify(report))
  return report.outcome
}

const isolation = await openIsolation('auto')
if ('refused' in isolation) throw new Error(isolation.refused.message)

/** A pool whose zygote is open, where this machine can have one. */
async function openPool(
  t: TestContext,
  forksMax?: number,
): Promise<{ pool: Pool; changes: ForksChange[] } | undefined> {
  const forks = createForks(isolation as Isolation, forksMax === undefined ? {} : { forksMax })
  if (!forks) {
    t.diagnostic(`workers are not forked at the level ${(isolation as Isolation).level}`)
    return undefined
  }
  const changes: ForksChange[] = []
  forks.tellOfChanges((change) => changes.push(change))
  const pool = createPool({ isolation: isolation as Isolation, size: 2, spares: 1, processes: 3, forks })
  t.after(() => pool.close(0))
  await forks.open()
  assert.deepEqual(changes, [{ isOpen: true }])
  return { pool, changes }
}

const parentOf = (pid: number): number =>
  Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
const isForked = (pid: number): boolean => {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
  return words[0] === process.execPath && words.some((word) => word.endsWith('zygote-main.ts'))
}

for (const mode of MODE_NAMES)
  describe(mode, () => {
    test('every fresh run has a process of its own that ends with it', async (t) => {
      const opened = await openPool(t)
      if (!opened) return
      const { pool } = opened
      assert.equal(pool.status().fresh, 'zygote')
      const seen = new Set<number>()
      for (let i = 0; i < 8; i++) {
        const before = pool.status().pids.filter(isForked)
        assert.deepEqual(await outcomeOf(pool, 'count', [], { mode, principal: i % 2 ? 'a' : 'b' }), {
          kind: 'returned',
          value: 1,
        })
        const after = new Set(pool.status().pids)
        const used = before.filter((pid) => !after.has(pid))
        assert.ok(used.length <= 1 && used.every((pid) => !seen.has(pid)))
        for (const pid of used) seen.add(pid)
        await nextTurn()
      }
      assert.equal(pool.status().counts.exit, 0)
    })

    test('limits hold in a forked process as in every other', async (t) => {
      const opened = await openPool(t)
      if (!opened) return
      const { pool } = opened
      const limits: readonly (readonly [keyof Limits, string, Encoded[], Partial<Limits>])[] = [
        ['wall', 'spin', [], { fuel: 1e12, wall: 200 }],
        ['cpu', 'spin', [], { fuel: 1e12, cpu: 100 }],
        ['memory', 'grow', [], { memory: 32 * 2 ** 20 }],
        ['fuel', 'spin', [], { fuel: 100_000 }],
        ['depth', 'recurse', [0], { depth: 50_000 }],
      ]
      for (const [limit, entry, args, asked] of limits) {
        const outcome = await outcomeOf(pool, entry, args, { mode, limits: asked })
        assert.equal(outcome.kind === 'limited' && outcome.limit, limit, JSON.stringify(outcome))
        assert.deepEqual(await outcomeOf(pool, 'add', [1, 2], { mode }), { kind: 'returned', value: 3 })
      }
      assert.equal(pool.status().fresh, 'zygote')
    })
  })

test('a program that needs a larger heap than forked processes have gets a process that is started for it', async (t) => {
  const opened = await openPool(t)
  if (!opened) return
  const limits = { memory: 2 * resolveLimits().memory }
  assert.deepEqual(await outcomeOf(opened.pool, 'add', [1, 2], { limits }), { kind: 'returned', value: 3 })
})

test('when the zygote is lost, fresh runs get started processes, none fails, and later they are forked again', async (t) => {
  const opened = await openPool(t)
  if (!opened) return
  const { pool, changes } = opened
  await outcomeOf(pool, 'count')
  const forked = pool.status().pids.find(isForked)
  process.kill(parentOf(forked!), 'SIGKILL')
  while (changes.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(changes[1]!.isOpen, false)
  assert.equal(pool.status().fresh, 'spares')
  for (let i = 0; i < 3; i++) assert.deepEqual(await outcomeOf(pool, 'count'), { kind: 'returned', value: 1 })
  while (changes.length < 3) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(changes[2], { isOpen: true })
  assert.deepEqual(await outcomeOf(pool, 'count'), { kind: 'returned', value: 1 })
  assert.equal(pool.status().fresh, 'zygote')
})

test('runs whose zygote is lost are done again, exactly, and nobody sees a line of the log twice', async (t) => {
  const opened = await openPool(t)
  if (!opened) return
  const { pool } = opened
  /** Loses the zygote as soon as the run has printed; how often it began. */
  async function runAndLose(mode: Mode): Promise<number> {
    const lines: string[] = []
    let starts = 0
    const report = await pool.execute({
      ...program,
      ...{ entry: 'spin', args: [], mode, principal: 'a', isFresh: true },
      limits: resolveLimits({ fuel: 20_000_000 }),
      onStart: () => void starts++,
      onLog: (_, line) => {
        lines.push(line)
        if (starts === 1) process.kill(parentOf(pool.status().pids.find(isForked)!), 'SIGKILL')
      },
    })
    assert.ok('outcome' in report)
    assert.ok(report.outcome.kind === 'limited' && report.outcome.limit === 'fuel', JSON.stringify(report))
    assert.deepEqual([lines, report.logs, report.usage.fuel], [['before'], ['before'], 20_000_000])
    while (pool.status().fresh !== 'zygote') await new Promise((resolve) => setTimeout(resolve, 20))
    return starts
  }
  // On a busy machine a run may be over before its line is heard of.
  for (const mode of MODE_NAMES) while ((await runAndLose(mode)) !== 2);
})

test('a run that may have reached the world is not done again by the pool', async (t) => {
  const opened = await openPool(t)
  if (!opened) return
  const { pool } = opened
  const limits = resolveLimits({ fuel: 1e12 })
  const report = await pool.execute({
    ...program,
    ...{ entry: 'spin', args: [], mode: 'interpret', principal: 'a', limits, isFresh: true },
    effects: new ClosedSession(),
    onLog: () => process.kill(parentOf(pool.status().pids.find(isForked)!), 'SIGKILL'),
  })
  assert.ok('outcome' in report && report.outcome.kind === 'crashed', JSON.stringify(report))
  assert.deepEqual(report.logs, ['before'])
})

test('a zygote is replaced after so many forks, while runs go on', async (t) => {
  const opened = await openPool(t, 6)
  if (!opened) return
  const { pool, changes } = opened
  const zygotes = new Set<number>()
  while (zygotes.size < 2) {
    for (const pid of pool.status().pids.filter(isForked)) zygotes.add(parentOf(pid))
    assert.deepEqual(await outcomeOf(pool, 'count'), { kind: 'returned', value: 1 })
  }
  assert.equal(changes.length, 1, 'nobody noticed')
})

test('a zygote that cannot be had costs no request, and the reason is told', async (t) => {
  const startZygote: NonNullable<Isolation['startZygote']> = () => {
    throw new Error('no zygote on this machine')
  }
  const forks = createForks({ ...NO_ISOLATION, startZygote })!
  const changes: ForksChange[] = []
  forks.tellOfChanges((change) => changes.push(change))
  const pool = createPool({ isolation: NO_ISOLATION, size: 1, spares: 1, processes: 2, forks })
  t.after(() => pool.close(0))
  // The first fresh run asks for it.
  assert.deepEqual(await outcomeOf(pool, 'count'), { kind: 'returned', value: 1 })
  await forks.open()
  assert.match(changes[0]!.reason!, /no zygote on this machine/)
  assert.equal(pool.status().fresh, 'spares')
  assert.deepEqual(await outcomeOf(pool, 'count'), { kind: 'returned', value: 1 })
})

test('a level without zygotes has none', () => {
  assert.equal(createForks(NO_ISOLATION), undefined)
})
