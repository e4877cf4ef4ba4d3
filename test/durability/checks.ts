import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { checkStore } from '../../src/audit/index.ts'
import { openSnapshot, type Query, type Row, type Snapshot } from '../../src/store/index.ts'
import { FROM_THE_START, type Acknowledged, type ExecuteAnswer, type Part, type Result } from './acknowledged.ts'
import type { Ledger } from './ledger.ts'
import { ENTRIES } from './load.ts'
import type { Trail } from './trail.ts'

/** Tenths of a second in which at least one of the executions that are left must end. */
const PATIENCE = 600

/** What a kill left is whole, and has what was acknowledged. Cheap: it looks at what came since the kill before. */
export async function checkAfterKill(
  dir: string,
  trail: Trail,
  part: Part,
  checkpoints: readonly string[],
): Promise<void> {
  await withSnapshot(dir, async (snapshot) => {
    assert.deepEqual(snapshot.findDamage(), [], 'the database is damaged')
    await trail.follow(snapshot.query, checkpoints)
    trail.checkDeeds(part)
    await checkRows(snapshot, part)
  })
}

/** Reads the whole store, and the audit log from its first entry on against the last checkpoint that was kept. */
export async function checkWhole(dir: string, noted: Acknowledged): Promise<void> {
  const checkpoint = noted.checkpoints.at(-1)
  const { problems } = await checkStore(dir, { ...(checkpoint !== undefined && { checkpoint }) })
  assert.deepEqual(problems, [], 'the store is damaged')
  await withSnapshot(dir, (snapshot) => checkRows(snapshot, noted.since(FROM_THE_START)))
}

async function withSnapshot<T>(dir: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const snapshot = await openSnapshot(dir)
  try {
    return await work(snapshot)
  } finally {
    snapshot.close()
  }
}

/** Everything that was acknowledged is there. */
async function checkRows({ query, blobs }: Snapshot, part: Part): Promise<void> {
  for (const answer of part.executions) {
    const kept = await answerOf(query, answer.executionId)
    assert.ok(kept, `execution ${answer.executionId} was answered and is lost`)
    assert.ok(isDeepStrictEqual(kept, answer), `execution ${answer.executionId} has another answer than was given`)
  }
  for (const { id } of part.accepted)
    assert.ok(
      (await exists(query, 'select 1 from run where execution_id = ?', id)) || (await answerOf(query, id)),
      `execution ${id} was accepted and is lost`,
    )
  for (const { id, tags } of part.batches) {
    const rows = await query('select position from batch_item where batch_id = ?', [id])
    assert.ok(await exists(query, 'select 1 from batch where id = ?', id), `batch ${id} was accepted and is lost`)
    assert.equal(rows.length, tags.length, `batch ${id} has not all of its items`)
  }
  for (const { id, bytes } of part.artifacts) {
    const [row] = await query<Row & { readonly blob: string }>('select blob from artifact where id = ?', [id])
    assert.ok(row, `artifact ${id} was published and is lost`)
    const kept = await blobs.get(row.blob)
    assert.ok(kept && Buffer.compare(kept, bytes) === 0, `artifact ${id} has not the bytes that were published`)
  }
}

async function answerOf(query: Query, id: string): Promise<unknown> {
  const [row] = await query<Row & { readonly answer: string }>('select answer from execution where id = ?', [id])
  return row && (JSON.parse(row.answer) as unknown)
}

const exists = async (query: Query, text: string, id: string): Promise<boolean> => (await query(text, [id])).length > 0

export type Outcome = {
  readonly executions: number
  readonly effects: number
  /** Effects whose outcome the program was told is not known: those under way in a kill. */
  readonly unknown: number
}

/** Once nothing is under way: what was accepted ended, once, and each effect was done at most once and is accounted for. */
export async function checkEnded(dir: string, noted: Acknowledged, trail: Trail, world: Ledger): Promise<Outcome> {
  return withSnapshot(dir, async ({ query }) => {
    await trail.follow(query, noted.checkpoints)
    trail.checkDeeds(noted)
    const results = await resultsByTag(query, trail)
    checkAccepted(noted, results)
    await checkBatches(query, noted, trail)
    const unknown = await checkEffects(query, world, [...results.values()])
    return { executions: results.size, effects: world.counts.size, unknown }
  })
}

type Ended = { readonly id: string; readonly result: Result }

/** All executions by what they were asked for: each returned, and stands once in the audit log. */
async function resultsByTag(query: Query, trail: Trail): Promise<ReadonlyMap<string, Ended>> {
  const found = new Map<string, Ended>()
  type Found = Row & { readonly id: string; readonly outcome: string; readonly answer: string }
  for (const { id, outcome, answer } of await query<Found>('select id, outcome, answer from execution')) {
    assert.equal(outcome, 'returned', `${id}: ${answer}`)
    assert.equal(trail.count('executions.end', id), 1, `the end of ${id} does not stand once in the audit log`)
    const { result } = (JSON.parse(answer) as ExecuteAnswer).output
    const other = found.get(result.tag)
    assert.equal(other, undefined, `${result.tag} was executed twice: ${id} and ${other?.id}`)
    found.set(result.tag, { id, result })
  }
  return found
}

function checkAccepted(noted: Acknowledged, results: ReadonlyMap<string, Ended>): void {
  for (const { id, tag } of noted.accepted)
    assert.equal(results.get(tag)?.id, id, `execution ${id} was accepted and did not end`)
  for (const { id, tags } of noted.batches)
    for (const tag of tags) assert.ok(results.has(tag), `item ${tag} of batch ${id} did not end`)
}

async function checkBatches(query: Query, noted: Acknowledged, trail: Trail): Promise<void> {
  for (const { id, tags } of noted.batches) {
    const [batch] = await query<Row & { readonly state: string }>('select state from batch where id = ?', [id])
    assert.equal(batch?.state, 'ended', `batch ${id}`)
    const items = await query(
      `select distinct execution_id from batch_item where batch_id = ? and outcome = 'returned'`,
      [id],
    )
    assert.equal(items.length, tags.length, `not every item of batch ${id} is an execution that returned`)
    assert.equal(trail.count('batches.end', id), 1, `the end of batch ${id} does not stand once in the audit log`)
  }
}

/** No effect was done twice, each that was acknowledged was done, and each is known to its program or known to be unknown. */
async function checkEffects(query: Query, world: Ledger, ended: readonly Ended[]): Promise<number> {
  for (const [key, count] of world.counts) assert.equal(count, 1, `effect ${key} was done ${count} times`)
  for (const [path, count] of world.paths) assert.equal(count, 1, `effect ${path} was done ${count} times`)
  const calls = await query<
    Row & { readonly execution_id: string; readonly sequence: number; readonly answer: string }
  >(`select execution_id, sequence, answer from effect_call where name = 'http.fetch'`)
  assert.equal(calls.length, ended.length * ENTRIES)
  const unknown = calls.filter(({ answer }) => answer.includes('outcome-unknown'))
  for (const { execution_id: id, sequence, answer } of calls)
    if (!answer.includes('outcome-unknown')) assert.equal(world.counts.get(`${id}:${sequence}`), 1, answer)
  const sum = (of: 'done' | 'unknown'): number => ended.reduce((total, { result }) => total + result[of], 0)
  assert.deepEqual([sum('done'), sum('unknown')], [calls.length - unknown.length, unknown.length])
  return unknown.length
}

/** Whether anything that was accepted is still under way, and how much. */
function countOpen(dir: string): Promise<number> {
  return withSnapshot(dir, async ({ query }) => {
    const [row] = await query<Row & { readonly n: number }>(
      `select (select count(*) from run where state in ('running', 'queued')) +
        (select count(*) from batch_item where outcome is null) as n`,
    )
    return row!.n
  })
}

/** Resolves when everything that was accepted has ended. */
export async function untilAllEnded(dir: string): Promise<void> {
  // As long as there are fewer and fewer, somebody goes on with them.
  for (let [before, patience] = [await countOpen(dir), PATIENCE]; before > 0; patience--) {
    assert.ok(patience > 0, `${before} executions are left that nobody goes on with`)
    await sleep(100)
    const now = await countOpen(dir)
    if (now < before) patience = PATIENCE
    before = now
  }
}
