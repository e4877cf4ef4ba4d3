// An execution that a process claimed and cannot work on now: others may take it up, and what was done of it stays known.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import { claimRun, findRun, giveRunBack, insertRun, type StoredRun } from '../../src/journal/index.ts'
import { openStore } from '../../src/store/index.ts'
import { freshDir } from '../service/harness.ts'

const RUN: StoredRun = {
  executionId: 'one',
  artifactId: 'sha256:1',
  principal: 'ada',
  tenant: 'default',
  entry: 'main',
  mode: 'interpret',
  args: [],
  inputsDigest: '',
  limits: resolveLimits(),
  world: { time: 0, seed: 1 },
  grants: [],
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'queued',
  owner: 'before',
  epoch: 1,
  waitsFor: [],
  asked: { priority: 'normal', isFresh: false, clamped: [] },
  isCancelAsked: false,
}

test('it is what it was, whoever had it; one that was begun meanwhile is as its process had left it', async (t) => {
  const { sql, close } = await openStore(freshDir())
  t.after(close)
  const stands = async (): Promise<unknown[]> => {
    const { state, owner, epoch } = (await findRun(sql, 'one'))!
    return [state, owner, epoch]
  }
  await sql.tx((query) => insertRun(query, RUN))
  const claimed = (await claimRun(sql, RUN, 'here'))!
  await giveRunBack(sql, claimed, RUN)
  assert.deepEqual(await stands(), ['queued', 'before', 2])

  const again = (await claimRun(sql, { ...RUN, epoch: 2 }, 'here'))!
  // An attempt was begun, and died; the next one was refused.
  await claimRun(sql, again, 'here')
  await giveRunBack(sql, again, { ...RUN, epoch: 2 })
  assert.deepEqual(await stands(), ['running', '', 4])

  // Of one that somebody else has meanwhile nothing changes.
  const other = (await claimRun(sql, (await findRun(sql, 'one'))!, 'there'))!
  await giveRunBack(sql, again, RUN)
  assert.deepEqual(await stands(), ['running', 'there', other.epoch])
})
