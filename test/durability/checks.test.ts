// The checks of the durability test must see what they are there for: each kind of loss, done to a store on purpose.
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { freshDir } from '../service/harness.ts'
import { makeRandom } from '../ir/random.ts'
import { Acknowledged, FROM_THE_START } from './acknowledged.ts'
import { checkAfterKill, checkEnded, checkWhole, untilAllEnded } from './checks.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { ask, Load } from './load.ts'
import { programDocument } from './program.ts'
import { serviceEnv, startProcess } from './service-process.ts'
import { Trail } from './trail.ts'

const dir = freshDir()
const noted = new Acknowledged()
let world: Ledger
let logKey: string

before(async () => {
  world = await openLedger(() => 1)
  const service = await startProcess(dir, serviceEnv(dir, world.port))
  const key = service.key!
  await ask(service, key, 'POST', '/artifacts', programDocument('poster'))
  logKey = String((await ask(service, key, 'GET', '/audit/key'))?.body).trim()
  const load = new Load(key, world.port, makeRandom(1), noted)
  while (noted.mark().includes(0)) for (const one of await load.begin(service, 4)) assert.equal(one.status, 'fulfilled')
  await untilAllEnded(dir)
  await load.settle(service, load.keyed)
  await service.kill()
})
after(() => {
  world.close()
  rmSync(dir, { recursive: true, force: true })
})

/** All checks, on a copy of the store to which something was done. */
async function checkWith(harm: (copy: string) => void): Promise<void> {
  const copy = freshDir()
  try {
    cpSync(dir, copy, { recursive: true })
    harm(copy)
    const trail = new Trail(logKey)
    await checkAfterKill(copy, trail, noted.since(FROM_THE_START), noted.checkpoints)
    await checkEnded(copy, noted, trail, world)
    await checkWhole(copy, noted)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const sql =
  (text: string, subject?: () => string) =>
  (copy: string): void => {
    const db = new DatabaseSync(join(copy, 'anrf.sqlite'))
    try {
      db.prepare(text).run(...(subject ? [subject()] : []))
    } finally {
      db.close()
    }
  }

test('nothing is said of a store to which nothing was done', () => checkWith(() => undefined))

const HARMS: readonly [string, (copy: string) => void, RegExp][] = [
  [
    'an answered execution is gone',
    sql('delete from execution where id = ?', () => noted.executions[0]!.executionId),
    /was answered and is lost/,
  ],
  [
    'an answer is another one',
    sql(`update execution set answer = '{}' where id = ?`, () => noted.executions[0]!.executionId),
    /another answer than was given/,
  ],
  [
    'an accepted execution is gone',
    (copy) => {
      sql('delete from run where execution_id = ?', () => noted.accepted[0]!.id)(copy)
      sql('delete from execution where id = ?', () => noted.accepted[0]!.id)(copy)
    },
    /was accepted and is lost/,
  ],
  ['a batch is gone', sql('delete from batch where id = ?', () => noted.batches[0]!.id), /was accepted and is lost/],
  [
    'an item of a batch is gone',
    sql('delete from batch_item where batch_id = ? and position = 1', () => noted.batches[0]!.id),
    /has not all of its items/,
  ],
  [
    'a batch does not end',
    sql(`update batch set state = 'running' where id = ?`, () => noted.batches[0]!.id),
    /running/,
  ],
  [
    'an artifact is gone',
    sql('delete from artifact where id = ?', () => noted.artifacts[0]!.id),
    /was published and is lost/,
  ],
  ['its bytes are gone', (copy) => rmSync(join(copy, 'blobs'), { recursive: true }), /has not the bytes|ENOENT/],
  [
    'the last entry of the audit log is gone',
    sql('delete from audit_entry where sequence = (select max(sequence) from audit_entry)'),
    /entries of the audit log are gone/,
  ],
  [
    'the audit log begins in another way',
    sql(`update audit_entry set action = 'keys.create' where sequence = 1`),
    /are not those of before/,
  ],
  [
    'an effect is missing',
    sql(
      `delete from effect_call where execution_id = ? and name = 'http.fetch'`,
      () => noted.executions[0]!.executionId,
    ),
    /!==/,
  ],
]

for (const [what, harm, message] of HARMS)
  test(`seen: ${what}`, () => assert.rejects(checkWith(harm), (error: Error) => message.test(String(error))))

test('seen: an effect that was done twice under another id', async () => {
  const [path] = world.paths.keys()
  const again = await fetch(`http://127.0.0.1:${world.port}${path}`, {
    method: 'POST',
    headers: { 'idempotency-key': '"other"' },
  })
  assert.equal(again.status, 200)
  await assert.rejects(
    checkWith(() => undefined),
    /was done 2 times/,
  )
})
