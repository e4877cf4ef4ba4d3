import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDuplicate, openStore, StoreError, type Store } from '../../src/store/index.ts'
import { createSqliteSql } from '../../src/store/sql.ts'
import { syncLog } from '../../src/store/sync-log.ts'

const base = mkdtempSync(join(tmpdir(), 'anrf-store-'))
after(() => rmSync(base, { recursive: true }))
let dirs = 0
const freshDir = (): string => join(base, String(++dirs))

const INSERT = 'insert into api_key (id, secret_hash, scopes, label, created_at) values (?, ?, ?, ?, ?)'
const insert = (store: Store, id: string): Promise<unknown> =>
  store.sql.tx((query) => query(INSERT, [id, 'hash', '[]', '', '2026-01-01T00:00:00Z']))
const ids = async (store: Store): Promise<string[]> =>
  (await store.sql.query<{ id: string }>('select id from api_key order by id')).map((row) => row.id)

const isFault = (fault: string) => (error: unknown) => error instanceof StoreError && error.fault === fault

test('what was written is there after opening again', async () => {
  const dir = freshDir()
  const first = await openStore(dir)
  await insert(first, 'a')
  const digest = await first.blobs.put(Buffer.from('bytes'))
  first.close()
  const second = await openStore(dir)
  assert.deepEqual(await ids(second), ['a'])
  assert.equal(Buffer.from((await second.blobs.get(digest))!).toString(), 'bytes')
  assert.equal(await second.blobs.put(Buffer.from('bytes')), digest)
  second.close()
})

test('a folder that is made for a store is for its owner only, and one that was there stays as it is', async () => {
  const dir = freshDir()
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
  ;(await openStore(dir)).close()
  assert.equal(modeOf(dir), '700')
  const given = mkdtempSync(join(base, 'given-'))
  chmodSync(given, 0o750)
  ;(await openStore(given)).close()
  assert.equal(modeOf(given), '750')
})

test('a transaction that fails leaves nothing, and takes none of its group with it', async () => {
  const store = await openStore(freshDir())
  const results = await Promise.allSettled([
    insert(store, 'a'),
    store.sql.tx(async (query) => {
      await query(INSERT, ['b', 'hash', '[]', '', ''])
      throw new Error('no')
    }),
    insert(store, 'a'),
    insert(store, 'c'),
  ])
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.ok(results[2].status === 'rejected' && isDuplicate(results[2].reason))
  assert.deepEqual(await ids(store), ['a', 'c'])
  store.close()
})

test('reads cannot write, and see only what is committed', async () => {
  const store = await openStore(freshDir())
  await assert.rejects(store.sql.query(INSERT, ['a', '', '', '', '']))
  await store.sql.tx(async (query) => {
    await query(INSERT, ['a', '', '', '', ''])
    assert.deepEqual(await ids(store), [])
  })
  assert.deepEqual(await ids(store), ['a'])
  store.close()
})

test('a blob that was changed on disk is not given out', async () => {
  const dir = freshDir()
  const store = await openStore(dir)
  const digest = await store.blobs.put(Buffer.from('the program'))
  const [path] = globSync(join(dir, 'blobs/??/*'))
  writeFileSync(path!, 'the pr0gram')
  await assert.rejects(store.blobs.get(digest), isFault('corrupt'))
  assert.equal(await store.blobs.get(`sha256:${'0'.repeat(64)}`), undefined)
  assert.equal(await store.blobs.get('sha256:../../../etc/passwd'), undefined)
  store.close()
})

test('a damaged database is refused at opening', async () => {
  const dir = freshDir()
  const store = await openStore(dir)
  for (let i = 0; i < 200; i++) void insert(store, `key ${i}`)
  await insert(store, 'last')
  store.close()
  const path = join(dir, 'anrf.sqlite')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xa5, 4096, 4096 * 6))
  await assert.rejects(openStore(dir), isFault('corrupt'))
  writeFileSync(path, 'this is no database at all, but long enough to have a header of its own '.repeat(20))
  await assert.rejects(openStore(dir), isFault('corrupt'))
})

test('a database that was cut off or is gone is no new store', async () => {
  const dir = freshDir()
  const store = await openStore(dir)
  await insert(store, 'a')
  store.close()
  const path = join(dir, 'anrf.sqlite')
  const bytes = readFileSync(path)
  writeFileSync(path, '')
  await assert.rejects(openStore(dir), isFault('corrupt'))
  rmSync(path)
  await assert.rejects(openStore(dir), isFault('corrupt'))
  writeFileSync(path, bytes)
  const back = await openStore(dir)
  assert.deepEqual(await ids(back), ['a'])
  back.close()
})

test('a store of a later version is refused', async () => {
  const dir = freshDir()
  const store = await openStore(dir)
  await store.sql.tx((query) => query("insert into migration values (999, 'of the future', '')"))
  await store.sql.tx((query) => query("insert into migration values (1000, 'of the future', '')"))
  store.close()
  await assert.rejects(openStore(dir), isFault('newer'))
})

test('a directory that cannot be made and a store that was closed give typed errors', async () => {
  const file = join(base, 'a file')
  writeFileSync(file, '')
  await assert.rejects(openStore(join(file, 'store')), isFault('io'))
  const store = await openStore(freshDir())
  store.close()
  await assert.rejects(store.sql.query('select 1'), isFault('closed'))
  await assert.rejects(insert(store, 'a'), isFault('closed'))
})

test('a full disk gives a typed error, and the store goes on when there is space again', async () => {
  const db = new DatabaseSync(':memory:')
  db.exec('create table t (v text); pragma max_page_count = 20')
  const sql = createSqliteSql(db, db, async () => undefined)
  const big = 'x'.repeat(200_000)
  const results = await Promise.allSettled([
    sql.tx((query) => query('insert into t values (?)', ['small'])),
    sql.tx((query) => query('insert into t values (?)', [big])),
  ])
  assert.ok(results[1].status === 'rejected' && isFault('full')(results[1].reason))
  db.exec('pragma max_page_count = 1000')
  await sql.tx((query) => query('insert into t values (?)', [big]))
  const [row] = await sql.query<{ n: number }>('select count(*) as n from t where v <> ?', ['small'])
  assert.equal(row?.n, 1)
  const [small] = await sql.query<{ n: number }>("select count(*) as n from t where v = 'small'")
  assert.equal(small?.n, results[0].status === 'fulfilled' ? 1 : 0)
})

test('a commit is acknowledged, and told to readers, only when it is durable', async () => {
  const db = new DatabaseSync(':memory:')
  db.exec('create table t (v text)')
  const disk = Promise.withResolvers<void>()
  const sql = createSqliteSql(db, db, () => disk.promise)
  const told: string[] = []
  const written = sql.tx((query) => query("insert into t values ('a')")).then(() => told.push('writer'))
  await sleep(20)
  const seen = sql.query<{ v: string }>('select v from t').then((rows) => told.push(`reader ${rows[0]?.v}`))
  await sleep(20)
  assert.deepEqual(told, [])
  disk.resolve()
  await Promise.all([written, seen])
  assert.deepEqual(told.toSorted(), ['reader a', 'writer'])
})

test('after the disk refused to make a commit durable, no commit is acknowledged any more', async () => {
  const log = syncLog(join(freshDir(), 'there is no such store'))
  await assert.rejects(log.sync(), isFault('io'))
  const sql = createSqliteSql(new DatabaseSync(':memory:'), new DatabaseSync(':memory:'), log.sync)
  await assert.rejects(
    sql.tx((query) => query('select 1')),
    isFault('io'),
  )
  log.close()
})

/** Starts a writer and collects the ids that it acknowledged. */
function startWriter(
  dir: string,
  prefix: string,
  count: number,
): { acked: () => string[]; kill: () => void; ended: Promise<unknown> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), dir, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  // The last line may be cut off.
  return { acked: () => said.split('\n').slice(0, -1), kill: () => child.kill('SIGKILL'), ended: once(child, 'close') }
}

test('two processes that open a new store at the same time both write to it', async () => {
  const dir = freshDir()
  const writers = ['a', 'b'].map((prefix) => startWriter(dir, prefix, 100))
  await Promise.all(writers.map((writer) => writer.ended))
  const store = await openStore(dir)
  assert.equal((await ids(store)).length, 200)
  store.close()
})

test('whatever was acknowledged before a SIGKILL is there', async () => {
  const dir = freshDir()
  for (let round = 0; round < 4; round++) {
    const writer = startWriter(dir, `${round}-`, 1e9)
    while (writer.acked().length < 20 * (round + 1)) await new Promise((resolve) => setTimeout(resolve, 5))
    writer.kill()
    await writer.ended
    const store = await openStore(dir)
    const found = new Set(await ids(store))
    assert.deepEqual(
      writer.acked().filter((id) => !found.has(id)),
      [],
    )
    store.close()
  }
})
