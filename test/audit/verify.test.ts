// What a verifier says of logs that are fine, that were redacted, and of keys and checkpoints that are not theirs.
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  exportLog,
  ExportError,
  listEntries,
  openAuditedStore,
  openFolderSource,
  openStoreSource,
  parseVerifier,
  recordEvent,
  redactEntries,
  verifyLog,
  type AuditedStore,
  type LogReport,
} from '../../src/audit/index.ts'
import { rangesText, union, without } from '../../src/audit/ranges.ts'
import { parseTilePath, tilePath } from '../../src/audit/tiles.ts'
import { openSnapshot, StoreError } from '../../src/store/index.ts'

const base = mkdtempSync(join(tmpdir(), 'anrf-verify-'))
after(() => rmSync(base, { recursive: true }))
let dirs = 0
const freshDir = (): string => join(base, String(++dirs))

const record = ({ store }: AuditedStore, count: number, principal = 'somebody'): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      store.sql.tx((query) =>
        recordEvent(query, {
          action: 'tests.do',
          tenant: 'default',
          principal,
          subject: `s${i}`,
          outcome: 'done',
          details: { of: principal },
        }),
      ),
    ),
  )

async function verify(dir: string, checkpoint?: string, key?: string): Promise<LogReport> {
  const source = await (dir.endsWith('-folder') ? openFolderSource(dir) : openStoreSource(dir))
  try {
    const verifier = parseVerifier(key ?? source.logKey!)!
    return await verifyLog(source, { verifier, ...(checkpoint !== undefined && { checkpoint }) })
  } finally {
    source.close()
  }
}

const codesOf = ({ problems }: LogReport): string[] => problems.map(({ code }) => code)

async function checkpointOf(dir: string): Promise<string> {
  const source = await openStoreSource(dir)
  source.close()
  return source.checkpoint!
}

test('a log of several tiles is fine while it grows, against every checkpoint that it ever had', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  const checkpoints: string[] = []
  for (const count of [1, 254, 1, 1, 300]) {
    await record(log, count)
    checkpoints.push(await checkpointOf(dir))
    for (const checkpoint of checkpoints) assert.deepEqual((await verify(dir, checkpoint)).problems, [])
  }
  assert.equal((await verify(dir)).size, 557)
  log.store.close()
})

test('an exported log is the same log, and its folder must be empty', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  await record(log, 600)
  const source = await openStoreSource(dir)
  const folder = `${freshDir()}-folder`
  assert.equal(await exportLog(source, folder), 600)
  assert.deepEqual(await verify(folder, source.checkpoint), await verify(dir, source.checkpoint))
  await assert.rejects(exportLog(source, folder), ExportError)
  source.close()
  log.store.close()
})

test('an empty log is fine, and has no checkpoint', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  const report = await verify(dir)
  assert.deepEqual([report.size, report.problems], [0, []])
  log.store.close()
})

test('a redacted log is fine against checkpoints from before, and nothing of what was erased is on the disk', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  await record(log, 300)
  await record(log, 3, 'a name that nobody else has')
  await record(log, 5)
  const checkpoint = await checkpointOf(dir)
  const filter = { principal: 'a name that nobody else has' }
  const redaction = { filter, tenant: '', principal: 'operator', reason: 'asked to be forgotten' }
  const onDisk = (): boolean =>
    globSync(join(dir, 'anrf.sqlite*')).some((path) => readFileSync(path).includes('a name that nobody else has'))
  assert.equal(onDisk(), true)
  assert.deepEqual(await redactEntries(log.store, redaction), { count: 3, isOffDisk: true })
  assert.equal(onDisk(), false)
  const report = await verify(dir, checkpoint)
  assert.deepEqual([report.problems, report.redacted, report.size], [[], 3, 309])
  const { entries } = await listEntries(log.store.sql.query, {}, { limit: 10 })
  const [told, ...others] = entries
  assert.equal(told?.action, 'audit.redact')
  assert.deepEqual(told?.redacts, [[300, 302]])
  assert.deepEqual(told?.reasons, ['asked to be forgotten'])
  const erased = others.filter(({ isRedacted }) => isRedacted)
  assert.deepEqual(
    erased.map(({ sequence, action, principal }) => [sequence, action, principal]),
    [
      [302, 'tests.do', undefined],
      [301, 'tests.do', undefined],
      [300, 'tests.do', undefined],
    ],
  )
  assert.deepEqual(await redactEntries(log.store, redaction), { count: 0, isOffDisk: true })
  assert.equal((await verify(dir)).size, 309)
  log.store.close()
})

test('while another process reads, what was erased is gone for queries, and it is said that it may be on the disk', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  await record(log, 3)
  const snapshot = await openSnapshot(dir)
  const redaction = { filter: {}, tenant: '', principal: 'operator', reason: 'x' }
  assert.deepEqual(await redactEntries(log.store, redaction), { count: 3, isOffDisk: false })
  snapshot.close()
  log.store.close()
})

test('a checkpoint by another key, of another log or cut short is not valid', async () => {
  const [dir, other] = [freshDir(), freshDir()]
  const logs = [await openAuditedStore(dir), await openAuditedStore(other)]
  for (const log of logs) await record(log, 5)
  const checkpoint = await checkpointOf(dir)
  assert.deepEqual(codesOf(await verify(dir, await checkpointOf(other))), ['ANRF5101'])
  assert.deepEqual(codesOf(await verify(dir, checkpoint.slice(0, -10))), ['ANRF5101'])
  assert.deepEqual(codesOf(await verify(dir, '')), ['ANRF5101'])
  const source = await openStoreSource(other)
  source.close()
  assert.deepEqual(codesOf(await verify(dir, checkpoint, source.logKey)), ['ANRF5101', 'ANRF5101'])
  for (const log of logs) log.store.close()
})

test('an older copy in the place of a log is fine by itself, and is seen by a newer checkpoint', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  await record(log, 5)
  const source = await openStoreSource(dir)
  const old = `${freshDir()}-folder`
  await exportLog(source, old)
  source.close()
  await record(log, 5)
  assert.deepEqual((await verify(old)).problems, [])
  assert.deepEqual(codesOf(await verify(old, await checkpointOf(dir))), ['ANRF5103', 'ANRF5103'])
  log.store.close()
})

test('a folder without a store has no log to open', async () => {
  await assert.rejects(openStoreSource(freshDir()), StoreError)
})

test('ranges are joined and taken from each other', () => {
  assert.deepEqual(
    union([
      [5, 6],
      [1, 2],
      [3, 3],
      [6, 9],
    ]),
    [
      [1, 3],
      [5, 9],
    ],
  )
  assert.deepEqual(
    without(
      [[1, 9]],
      [
        [0, 1],
        [3, 4],
        [9, 12],
      ],
    ),
    [
      [2, 2],
      [5, 8],
    ],
  )
  assert.deepEqual(
    without(
      [
        [1, 2],
        [4, 5],
      ],
      [[1, 5]],
    ),
    [],
  )
  assert.deepEqual(without([[1, 2]], []), [[1, 2]])
  assert.equal(
    rangesText([
      [1, 1],
      [3, 4],
    ]),
    '1, 3 to 4',
  )
})

test('paths of tiles are those of C2SP tlog-tiles, and no others are read', () => {
  const paths = ['tile/0/000', 'tile/0/x001/x234/067.p/1', 'tile/entries/255.p/255', 'tile/5/x999/999']
  for (const path of paths) assert.equal(tilePath(parseTilePath(path)!), path)
  for (const path of [
    'tile/0/0',
    'tile/0/x000/067',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/../key',
    'tile/00/000',
  ])
    assert.equal(parseTilePath(path), undefined, path)
})
