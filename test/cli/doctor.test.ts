// What `anrf doctor` sees, of a machine that is well and of everything that is not.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import { openAuditedStore, recordEvent } from '../../src/audit/index.ts'
import { createRegistry } from '../../src/registry/index.ts'
import { troubleDocumentBytes } from '../service/programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-doctor-'))
const dataDir = join(folder, 'data')
after(() => rmSync(folder, { recursive: true }))

before(async () => {
  mkdirSync(dataDir, { mode: 0o700 })
  const { store } = await openAuditedStore(dataDir)
  const tenant = 'default'
  await createRegistry({ store }).publish({ tenant, bytes: troubleDocumentBytes(), publishedBy: 'me' })
  store.close()
})

type Row = { check: string; status: string; detail: string; hint?: string }

async function doctor(words: readonly string[] = [], env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array) => void (said.out += String(text)),
    err: (text: string) => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(''),
    folder,
    env: { XDG_CONFIG_HOME: join(folder, 'config'), ...env },
    stopped: new AbortController().signal,
  }
  const all = ['doctor', '--data', 'data', '--port', '0', '--isolation', 'none', '--json', ...words]
  const exit = await runCommandLine(terminal, all)
  const { ok, checks } = JSON.parse(said.out) as { ok: boolean; checks: Row[] }
  return { exit, ok, of: (name: string): Row => checks.find(({ check }) => check === name)!, checks }
}

test('a machine that is well: one row for each check, exit code 0, and nothing was changed', async () => {
  const before = readdirSync(dataDir).sort()
  const { exit, ok, of, checks } = await doctor(['--deep'])
  assert.deepEqual([exit, ok], ['ok', true])
  assert.equal(new Set(checks.map(({ check }) => check)).size, checks.length)
  assert.match(of('store').detail, /^1 artifacts, 0 executions; every document has its digest, the audit log its root$/)
  assert.match(of('sync').detail, /^\d+\.\d ms for fsync/)
  assert.equal(of('isolation').status, 'warning')
  assert.equal(of('files').status, 'ok')
  assert.deepEqual(
    readdirSync(dataDir)
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort(),
    before.filter((name) => !/-(wal|shm)$/.test(name)),
  )
})

test('a folder without a store is fine, and is not made', async () => {
  const { of } = await doctor(['--data', 'nowhere/yet'])
  assert.match(of('store').detail, /^none yet; it will be made in .*nowhere\/yet$/)
  assert.ok(!readdirSync(folder).includes('nowhere'))
})

test('keys that others can read, a wrong configuration, a port in use: each an error or a warning with what to do', async () => {
  chmodSync(join(dataDir, 'audit-key.pem'), 0o644)
  const open = await doctor()
  assert.deepEqual([open.exit, open.of('files').status], ['failed', 'error'])
  assert.match(open.of('files').hint!, /^chmod 600 .*audit-key\.pem$/)
  chmodSync(join(dataDir, 'audit-key.pem'), 0o600)

  const misspelt = await doctor(['--set', 'logLevl=warn'], {})
  assert.deepEqual([misspelt.exit, misspelt.of('configuration').status], ['failed', 'error'])
  // Whatever kind of mistake it is, all are said at once.
  writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ wokers: 2, workers: -1 }))
  const wrong = await doctor(['--config', 'wrong.json', '--set', 'logLevl=warn'], { ANRF_QUEUE: 'long' })
  const places = ['--set has a setting "logLevl"', 'a setting "wokers"', 'workers of wrong.json is', 'ANRF_QUEUE is']
  for (const place of places) assert.ok(wrong.of('configuration').detail.includes(place), place)

  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const busy = await doctor(['--port', String(port)])
  server.close()
  assert.deepEqual([busy.exit, busy.of('port').status], ['ok', 'warning'])
})

test('a program is there with its path, or not there with the command that installs it', async () => {
  const { of } = await doctor()
  for (const name of ['bwrap', 'runc', 'docker-registry', 'prometheus', 'go', 'gcc']) {
    const { status, detail, hint = '' } = of(name)
    if (status === 'ok') assert.match(detail, new RegExp(`^/.*/${name}$`))
    else assert.deepEqual([status, detail.startsWith('not installed'), hint.length > 0], ['note', true, true])
  }
})

test('a clock that is behind the last entry of the audit log is an error', async (t) => {
  const { store } = await openAuditedStore(dataDir)
  const event = { action: 'x.y', tenant: 'default', principal: 'me', subject: 's', outcome: 'done' } as const
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2999-01-01') })
  await store.sql.tx((query) => recordEvent(query, event))
  t.mock.timers.reset()
  store.close()
  const { exit, of } = await doctor()
  assert.deepEqual([exit, of('clock').status], ['failed', 'error'])
  assert.match(of('clock').detail, /last entry of the audit log is of 2999/)
})

test('a damaged document is found by --deep, a damaged database without it', async () => {
  const blobs = join(dataDir, 'blobs')
  const first = readdirSync(blobs).find((name) => name !== 'incoming')
  const [rest] = readdirSync(join(blobs, first!))
  writeFileSync(join(blobs, first!, rest!), 'something else')
  assert.equal((await doctor()).of('store').status, 'ok')
  assert.match((await doctor(['--deep'])).of('store').detail, /was changed on disk/)
  const path = join(dataDir, 'anrf.sqlite')
  writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4096), Buffer.alloc(8192, 0xff)]))
  const { exit, of } = await doctor()
  assert.deepEqual([exit, of('store').status], ['failed', 'error'])
})
