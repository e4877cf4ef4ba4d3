import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom, type Random } from '../ir/random.ts'
import { freshDir } from '../service/harness.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { programDocument } from './program.ts'
import { startProcess, type ServiceProcess } from './service-process.ts'

export type DurabilityOptions = {
  /** How often a worker or the whole service is killed. */
  readonly kills: number
  readonly seed: number
  /** Executions asked for between two kills. */
  readonly batch: number
  readonly onProgress?: (line: string) => void
}

export type DurabilityReport = {
  readonly serviceKills: number
  readonly workerKills: number
  /** Executions that were answered, and those that were taken up after their callers were cut off. */
  readonly acknowledged: number
  readonly takenUp: number
  readonly effects: number
  /** Effects whose outcome the program was told is not known: those under way in a kill. */
  readonly unknown: number
}

type Result = { readonly done: number; readonly unknown: number; readonly die: number }
type Acknowledged = { readonly id: string; readonly result: Result }

const ENTRIES = 6
/** Tenths of a second in which at least one of the executions that are left must end. */
const PATIENCE = 600

/**
 * Kills workers and the whole service at random points while executions change the world, and checks after each restart that
 * nothing that was acknowledged is lost and that no effect was done twice. Throws an AssertionError otherwise.
 */
export async function runDurability({ kills, seed, batch, onProgress }: DurabilityOptions): Promise<DurabilityReport> {
  const random = makeRandom(seed)
  const dir = freshDir()
  const ledger = await openLedger(() => random.int(4))
  const env = {
    ANRF_ALLOW: `http=+private POST http://127.0.0.1:${ledger.port};kv`,
    ANRF_PAYLOADS: 'keep',
    ANRF_WORKERS: '2',
  }
  let service = await startProcess(dir, env)
  const key = service.key!
  await ask(service, key, 'POST', '/artifacts', programDocument())
  const acknowledged: Acknowledged[] = []
  let [serviceKills, workerKills] = [0, 0]
  try {
    for (let round = 0; round < kills; round++) {
      const running = Array.from({ length: batch }, () => execute(service, key, ledger))
      await sleep(random.int(700))
      if (random.oneIn(3)) {
        workerKills += killWorker(service, random)
      } else {
        await service.kill()
        serviceKills++
        service = await startProcess(dir, env)
      }
      for (const one of await Promise.all(running)) if (one) acknowledged.push(one)
      await checkAcknowledged(service, key, acknowledged.slice(-batch))
      onProgress?.(`${round + 1} kills, ${acknowledged.length} acknowledged, ${ledger.counts.size} effects`)
    }
    const results = await untilAllEnded(dir)
    await checkAcknowledged(service, key, acknowledged)
    const unknown = checkEffects(ledger, dir, results)
    const takenUp = results.length - acknowledged.length
    const effects = ledger.counts.size
    return { serviceKills, workerKills, acknowledged: acknowledged.length, takenUp, effects, unknown }
  } finally {
    await service.kill()
    ledger.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** An execution that was answered; undefined when its caller was cut off. */
async function execute(service: ServiceProcess, key: string, { port }: Ledger): Promise<Acknowledged | undefined> {
  const body = JSON.stringify({ inputs: { port, entries: ENTRIES } })
  const answer = await ask(service, key, 'POST', '/execute/poster', body).catch(() => undefined)
  if (!answer) return undefined
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const { executionId, output } = answer.body as { executionId: string; output: { result: Result } }
  return { id: executionId, result: output.result }
}

async function ask(
  service: ServiceProcess,
  key: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: body as string }),
  })
  return { status: response.status, body: await response.json() }
}

/** How many were killed: none when no worker lives just then. */
function killWorker(service: ServiceProcess, random: Random): number {
  const workers = service.workers()
  if (workers.length === 0) return 0
  try {
    process.kill(random.pick(workers), 'SIGKILL')
    return 1
  } catch {
    return 0
  }
}

/** What was answered is answered again, in every word. */
async function checkAcknowledged(service: ServiceProcess, key: string, list: readonly Acknowledged[]): Promise<void> {
  for (const { id, result } of list) {
    const { status, body } = await ask(service, key, 'GET', `/executions/${id}`)
    assert.equal(status, 200, `execution ${id} was acknowledged and is lost`)
    const { answer } = body as { answer: { output: { result: Result } } }
    assert.deepEqual(answer.output.result, result)
  }
}

function query<T>(dir: string, sql: string): readonly T[] {
  const db = new DatabaseSync(join(dir, 'anrf.sqlite'), { readOnly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}

/** The results of all executions, once none is under way. */
async function untilAllEnded(dir: string): Promise<readonly Result[]> {
  const running = (): number => query<{ n: number }>(dir, `select count(*) as n from run where state = 'running'`)[0]!.n
  // As long as there are fewer and fewer, somebody goes on with them.
  for (let [before, patience] = [running(), PATIENCE]; before > 0 && patience > 0; patience--) {
    await sleep(100)
    const now = running()
    if (now < before) patience = PATIENCE
    before = now
  }
  const left = query<{ execution_id: string }>(dir, `select execution_id from run where state = 'running'`)
  assert.deepEqual(left, [], 'executions are left that nobody goes on with')
  return query<{ id: string; outcome: string; answer: string }>(dir, 'select id, outcome, answer from execution').map(
    ({ id, outcome, answer }) => {
      assert.equal(outcome, 'returned', `${id}: ${answer}`)
      return (JSON.parse(answer) as { output: { result: Result } }).output.result
    },
  )
}

/** No effect was done twice, each that was acknowledged was done, and each is known to its program or known to be unknown. */
function checkEffects({ counts }: Ledger, dir: string, results: readonly Result[]): number {
  for (const [key, count] of counts) assert.equal(count, 1, `effect ${key} was done ${count} times`)
  const calls = query<{ execution_id: string; sequence: number; answer: string }>(
    dir,
    `select execution_id, sequence, answer from effect_call where name = 'http.fetch'`,
  )
  assert.equal(calls.length, results.length * ENTRIES)
  const unknown = calls.filter(({ answer }) => answer.includes('outcome-unknown'))
  for (const { execution_id: id, sequence, answer } of calls)
    if (!answer.includes('outcome-unknown')) assert.equal(counts.get(`${id}:${sequence}`), 1, answer)
  assert.equal(
    results.reduce((sum, { done }) => sum + done, 0),
    calls.length - unknown.length,
  )
  assert.equal(
    results.reduce((sum, one) => sum + one.unknown, 0),
    unknown.length,
  )
  return unknown.length
}
