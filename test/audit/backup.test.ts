// Backups of stores that are in use, what a deep check finds, and starting a service on what was restored.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import { BackupError, backupStore, checkStore, openAuditedStore, recordEvent } from '../../src/audit/index.ts'
import { openStore, StoreError, type CopyProgress } from '../../src/store/index.ts'
import { BLOB_COLUMNS } from '../../src/store/blob-columns.ts'
import { startTestService, stopTestService, type TestService } from '../service/harness.ts'
import { troubleDocumentBytes } from '../service/programs.ts'

const base = mkdtempSync(join(tmpdir(), 'anrf-backup-'))
let dirs = 0
const freshDir = (): string => join(base, String(++dirs))

let on: TestService
before(async () => {
  on = await startTestService()
  for (const version of ['1.0.0', '1.0.1']) assert.ok((await on.client.publish(troubleDocumentBytes(version))).ok)
  await on.ask('POST', '/execute/trouble', { body: { entry: 'add', inputs: { a: 1, b: 2 } } })
})
after(async () => {
  await stopTestService(on)
  rmSync(base, { recursive: true, force: true })
})

test('a service is started on the backup of one that runs, and has all that it had', async () => {
  const target = freshDir()
  const told: CopyProgress[] = []
  const report = await backupStore(on.dir, target, { onProgress: (progress) => told.push(progress) })
  assert.deepEqual([report.problems, report.blobs, report.audit.size], [[], 2, 4])
  assert.deepEqual(told.at(-1), { part: 'blobs', done: 2, of: 2 })
  for (const key of ['audit-key.pem', 'receipt-key.pem'])
    assert.equal(statSync(join(target, key)).mode & 0o777, process.platform === 'win32' ? 0o666 : 0o600)
  const restored = await startTestService({}, { dir: target, key: on.key })
  const { body } = await restored.ask('POST', '/execute/trouble@1.0.1', {
    body: { entry: 'add', inputs: { a: 20, b: 22 } },
  })
  assert.deepEqual(body['output'], { result: 42 })
  const keyOf = async ({ ask }: TestService): Promise<unknown> => (await ask('GET', '/receipt-key', { key: null })).body
  assert.deepEqual(await keyOf(restored), await keyOf(on))
  await restored.service.close()
  assert.equal((await checkStore(target)).audit.size, 5)
})

test('a backup while another process writes is of one moment, and has what was acknowledged before', async () => {
  const dir = freshDir()
  const { store } = await openAuditedStore(dir)
  const first = { action: 'a', tenant: '', principal: 'p', subject: 'first', outcome: 'done' } as const
  await store.sql.tx((query) => recordEvent(query, first))
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), dir, 'w', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  writer.stdout.on('data', (chunk: Buffer) => said.push(...chunk.toString().split('\n').slice(1)))
  while (said.length < 50) await once(writer.stdout, 'data')
  for (let i = 0; i < 3; i++) {
    const before = said.length
    const report = await backupStore(dir, freshDir())
    assert.deepEqual(report.problems, [])
    assert.ok(report.audit.size > before, `${report.audit.size} of ${before}`)
  }
  writer.kill('SIGKILL')
  await once(writer, 'close')
  store.close()
})

test('a backup that was stopped, or cannot be whole, leaves nothing', async () => {
  const [stopped, target, full] = [freshDir(), freshDir(), freshDir()]
  const stop = AbortSignal.abort(new Error('stopped'))
  await assert.rejects(backupStore(on.dir, stopped, { signal: stop }), /stopped/)
  const damaged = freshDir()
  await backupStore(on.dir, damaged)
  rmSync(globSync(join(damaged, 'blobs/??/*'))[0]!)
  await assert.rejects(
    backupStore(damaged, target),
    (error) => error instanceof StoreError && error.fault === 'corrupt',
  )
  mkdirSync(full)
  writeFileSync(join(full, 'mine'), 'not to be lost')
  await assert.rejects(backupStore(on.dir, full), BackupError)
  await assert.rejects(backupStore(on.dir, join(full, 'mine')), BackupError)
  await assert.rejects(backupStore(freshDir(), freshDir()), StoreError)
  assert.deepEqual(readdirSync(full), ['mine'])
  for (const path of [stopped, target]) assert.equal(existsSync(path), false)
  assert.deepEqual(
    readdirSync(base).filter((name) => name.startsWith('.')),
    [],
  )
})

test('a deep check tells damage of pages, of documents and of the log apart, all at once', async () => {
  const dir = freshDir()
  await backupStore(on.dir, dir)
  const [changed, gone] = globSync(join(dir, 'blobs/??/*'))
  writeFileSync(changed!, 'another program')
  rmSync(gone!)
  const db = new DatabaseSync(join(dir, 'anrf.sqlite'))
  db.exec("update audit_entry set principal = 'mallory' where sequence = 1")
  db.close()
  const { problems } = await checkStore(dir)
  assert.deepEqual(problems.map(({ code, message }) => `${code} ${message.replace(/sha256:\w+/, 'D')}`).sort(), [
    'ANRF5104 entry 1: what was sealed does not fit its seal',
    'ANRF5107 blob D is missing',
    'ANRF5107 blob D was changed on disk',
  ])
  const path = join(dir, 'anrf.sqlite')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xa5, 4096 * 4, 4096 * 10))
  const found = await checkStore(dir).then(
    ({ problems: all }) => all.some(({ code }) => code === 'ANRF5107'),
    (error: unknown) => error instanceof StoreError && error.fault === 'corrupt',
  )
  assert.equal(found, true)
})

test('every column that names blobs is looked at', async () => {
  const store = await openStore(freshDir())
  const db = new DatabaseSync(join(base, String(dirs), 'anrf.sqlite'), { readOnly: true })
  const columns = db
    .prepare("select m.name as t, c.name as c from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'")
    .all()
    .flatMap((row) => (/blob/.test(String(row['c'])) ? [{ table: row['t'], column: row['c'] }] : []))
  db.close()
  store.close()
  assert.deepEqual(columns, [...BLOB_COLUMNS])
})

type Done = { readonly exit: string; readonly out: string; readonly err: string }

async function anrf(words: readonly string[]): Promise<Done> {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array): void => void (said.out += String(text)),
    err: (text: string): void => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(''),
    folder: base,
    env: { ANRF_DATA: on.dir },
    stopped: new AbortController().signal,
  }
  return { exit: await runCommandLine(terminal, words), ...said }
}

test('anrf backup writes a folder or an archive, and anrf store check reads them', async () => {
  const folder = await anrf(['backup', 'kept'])
  assert.equal(folder.exit, 'ok', folder.err)
  assert.match(folder.out, /kept: checked, 2 blobs, 4 audit entries\n$/)
  assert.match((await anrf(['backup', 'kept'])).err, /kept is there already, and is not empty/)
  assert.equal((await anrf(['store', 'check', 'kept'])).out, 'ok: 2 blobs, 4 audit entries\n')
  assert.equal(JSON.parse((await anrf(['store', 'check', '--json'])).out).ok, true)
  const archive = await anrf(['backup', 'kept.tar.gz', '--json'])
  assert.equal(JSON.parse(archive.out).audit.size, 4)
  assert.equal((await anrf(['backup', 'kept.tar.gz'])).exit, 'usage')
  // Both have the private keys.
  for (const name of ['kept', 'kept.tar.gz']) assert.equal(statSync(join(base, name)).mode & 0o077, 0, name)
  mkdirSync(join(base, 'unpacked'))
  assert.equal(spawnSync('tar', ['-xf', join(base, 'kept.tar.gz'), '-C', join(base, 'unpacked')]).status, 0)
  assert.equal((await anrf(['store', 'check', 'unpacked'])).exit, 'ok')
  rmSync(globSync(join(base, 'kept/blobs/??/*'))[0]!)
  const damaged = await anrf(['store', 'check', 'kept'])
  assert.equal(damaged.exit, 'refused')
  assert.match(damaged.err, /ANRF5107[^]*is missing/)
  assert.equal((await anrf(['store', 'check', 'nowhere'])).exit, 'usage')
  writeFileSync(join(base, 'unpacked/anrf.sqlite'), '')
  for (const words of [
    ['store', 'check', 'unpacked'],
    ['audit', 'key', 'unpacked'],
  ]) {
    const { exit, err } = await anrf(words)
    assert.deepEqual([exit, /anrf\.sqlite has no tables of a store/.test(err)], ['usage', true], err)
  }
  assert.deepEqual(
    readdirSync(base).filter((name) => name.startsWith('.')),
    [],
  )
})
