// A sweep may end at any moment, and several processes may sweep the same store: each execution is whole or has expired, and is counted once.
import assert from 'node:assert/strict'
import { randomUUIDv7 } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkStore, listEntries } from '../../src/audit/index.ts'
import { openStore, type Row, type Store } from '../../src/store/index.ts'
import { startProcess, type ServiceProcess } from '../durability/service-process.ts'
import { makeRandom } from '../ir/random.ts'
import { olderId } from './age.ts'
import { freshDir } from './harness.ts'

/** What the files of a store grow by with each: enough that a page of its own is erased. */
const TEXT = 'said by a program. '.repeat(300)

/** Executions that ended long ago, as a service writes them, each with its arguments and one call. */
async function fill({ sql }: Store, count: number): Promise<void> {
  const answer = JSON.stringify({ output: { result: TEXT }, logs: ['a line'], usage: { fuel: 1 } })
  const at = new Date(Date.now() - 100 * 86_400_000).toISOString()
  for (let i = 0; i < count; i += 100)
    await sql.tx(async (query) => {
      for (let k = i; k < Math.min(count, i + 100); k++) {
        const id = olderId(randomUUIDv7(), 100)
        await query(
          `insert into execution (id, tenant, artifact_id, entry, mode, principal, started_at, finished_at, inputs_digest, outcome, status, answer)
            values (?, 'default', 'sha256:0', 'main', 'jit', 'somebody', ?, ?, 'sha256:1', 'returned', 200, ?)`,
          [id, at, at, answer],
        )
        await query(
          `insert into run (execution_id, artifact_id, principal, entry, mode, args, inputs_digest, limits, world, grants, started_at, state, owner, waits_for, epoch)
            values (?, 'sha256:0', 'somebody', 'main', 'jit', ?, 'sha256:1', '{}', '{}', '[]', ?, 'kept', '', '[]', 1)`,
          [id, JSON.stringify([TEXT]), at],
        )
        await query(
          `insert into effect_call (execution_id, sequence, name, args, args_digest, answer, answer_digest, cancelled) values (?, 0, 'kv.get', ?, 'sha256:2', ?, 'sha256:3', 0)`,
          [id, TEXT, TEXT],
        )
      }
    })
}

type Counts = { readonly records: number; readonly whole: number; readonly expired: number; readonly told: number }

/** What is in the store; fails when an execution is neither whole nor expired, or is counted twice. */
async function look({ sql }: Store, action: string): Promise<Counts> {
  const [row] = await sql.query<Row & Omit<Counts, 'told'> & { readonly halves: number; readonly orphans: number }>(
    `select count(*) as records,
      sum(case when expired is null and e.answer <> '' and r.args is not null and c.args is not null and c.answer is not null then 1 else 0 end) as whole,
      sum(case when expired is not null and e.answer = '' and r.args is null and c.args is null and c.answer is null and c.sequence is not null then 1 else 0 end) as expired
      from execution e left join run r on r.execution_id = e.id left join effect_call c on c.execution_id = e.id`,
  )
  const { records, whole, expired } = row!
  assert.equal((whole ?? 0) + (expired ?? 0), records, 'an execution is neither whole nor expired')
  const [orphans] = await sql.query<{ n: number }>(
    'select count(*) as n from effect_call where execution_id not in (select id from execution)',
  )
  assert.equal(orphans!.n, 0)
  let told = 0
  const { entries } = await listEntries(sql.query, { action }, { limit: 10_000 })
  for (const { details } of entries) told += Number(details?.['count'])
  return { records, whole: whole ?? 0, expired: expired ?? 0, told }
}

const COUNT = 2000

for (const { what, env, action, goneOf } of [
  {
    what: 'payloads',
    env: { ANRF_PAYLOAD_DAYS: '30' },
    action: 'executions.expire',
    goneOf: ({ expired }: Counts): number => expired,
  },
  {
    what: 'records',
    env: { ANRF_EXECUTION_DAYS: '30' },
    action: 'executions.remove',
    goneOf: ({ records }: Counts): number => COUNT - records,
  },
] as const)
  test(
    `kills and stops in the middle of a sweep of ${what} leave each execution whole or gone, and counted once`,
    { timeout: 180_000 },
    async (t) => {
      const seed = Date.now() % 2 ** 31
      const random = makeRandom(seed)
      const dir = freshDir()
      const running = new Set<ServiceProcess>()
      t.after(() => Promise.all([...running].map((one) => one.kill())))
      const start = async (given: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
        const service = await startProcess(dir, given)
        running.add(service)
        return service
      }
      let service = await start({})
      await service.stop()
      const store = await openStore(dir)
      await fill(store, COUNT)
      const gone = async (): Promise<number> => goneOf(await look(store, action))
      let inTheMiddle = 0
      for (let round = 1; round <= 4; round++) {
        const target = Math.min(COUNT - 1, (await gone()) + 1 + random.int(COUNT / 6))
        service = await start(env)
        // The last one is told to stop, and there are two at once before.
        const other = round === 3 ? await start(env) : undefined
        while ((await gone()) < target) await sleep(1)
        await Promise.all([other?.kill(), round === 4 ? service.stop() : service.kill()])
        const counts = await look(store, action)
        assert.equal(counts.told, goneOf(counts), 'the audit log tells of another number')
        if (goneOf(counts) < COUNT) inTheMiddle++
      }
      t.diagnostic(`seed ${seed}: ${inTheMiddle} of 4 ends in the middle of a sweep`)
      assert.ok(inTheMiddle > 0)
      service = await start(env)
      while ((await gone()) < COUNT) await sleep(10)
      await service.stop()
      const { told } = await look(store, action)
      assert.equal(told, COUNT)
      store.close()
      const { problems } = await checkStore(dir)
      assert.deepEqual(problems, [])
      rmSync(dir, { recursive: true })
    },
  )

test('the file does not shrink, and what expired gives room for as much again', { timeout: 120_000 }, async (t) => {
  const dir = freshDir()
  const store = await openStore(dir)
  const sizes: number[] = []
  for (let round = 0; round < 3; round++) {
    await fill(store, 1000)
    await store.compact()
    sizes.push(statSync(join(dir, 'anrf.sqlite')).size)
    const service = await startProcess(dir, { ANRF_PAYLOAD_DAYS: '30' })
    t.after(() => service.kill())
    while ((await look(store, 'executions.expire')).whole > 0) await sleep(10)
    await service.stop()
  }
  const [first, ...others] = sizes.map((size) => Math.round(size / 2 ** 20))
  t.diagnostic(`MiB with 1000 whole executions, each time more that have expired: ${[first, ...others].join(', ')}`)
  // Records stay, at less than a KiB each.
  for (const size of others) assert.ok(size <= first! + 3, String(sizes))
  store.close()
  rmSync(dir, { recursive: true })
})
