// `anrf audit`, in this process against a terminal that remembers, on the store of a service that is running.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import type { Exit } from '../../src/apps/cli/exit-codes.ts'
import { startTestService, stopTestService, type TestService } from '../service/harness.ts'

let on: TestService
before(async () => {
  on = await startTestService()
  for (const label of ['a', 'b', 'c']) await on.ask('POST', '/keys', { body: { label, scopes: ['read'] } })
  await on.ask('GET', '/keys', { key: null })
})
after(() => stopTestService(on))

type Done = { readonly exit: Exit; readonly out: string; readonly err: string }

async function anrf(words: readonly string[], data = on.dir): Promise<Done> {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array): void => void (said.out += String(text)),
    err: (text: string): void => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(''),
    folder: on.dir,
    env: { ANRF_DATA: data },
    stopped: new AbortController().signal,
  }
  return { exit: await runCommandLine(terminal, words), ...said }
}

test('a log is shown, newest last, and its entries are found by what they say', async () => {
  const { out } = await anrf(['audit', 'show'])
  const lines = out.trimEnd().split('\n')
  assert.equal(lines.length, 5)
  assert.match(lines[0]!, /^ {5}0 {2}\S+Z {2}default {2}keys\.create {2}done {2}service [0-9a-f]{16}$/)
  assert.match(lines[4]!, /keys\.list {2}refused {2}anonymous - {2}ANRF5001: /)
  const refused = await anrf(['audit', 'show', '--outcome', 'refused', '--json'])
  assert.equal(JSON.parse(refused.out).action, 'keys.list')
  assert.equal((await anrf(['audit', 'show', '--limit', '2'])).out, `${lines.slice(3).join('\n')}\n`)
  assert.equal((await anrf(['audit', 'show', '--until', '2020-01-01'])).out, '')
  assert.equal((await anrf(['audit', 'show', '--until', 'yesterday'])).exit, 'usage')
  assert.equal((await anrf(['audit', 'show', '--limit', '0'])).exit, 'usage')
})

test('checkpoint and key are printed, and a log that is in use is checked by them', async () => {
  writeFileSync(join(on.dir, 'checkpoint.txt'), (await anrf(['audit', 'checkpoint'])).out)
  writeFileSync(join(on.dir, 'log-key.txt'), (await anrf(['audit', 'key'])).out)
  const given = ['--checkpoint', 'checkpoint.txt', '--log-key', 'log-key.txt']
  const { exit, out, err } = await anrf(['audit', 'verify', ...given])
  assert.deepEqual([exit, err], ['ok', ''])
  assert.match(out, /^ok: 5 entries, 0 redacted, root \S{43}=\n$/)
  const alone = await anrf(['audit', 'verify', '--json'])
  assert.equal(JSON.parse(alone.out).ok, true)
  assert.match((await anrf(['audit', 'verify'])).err, /no --checkpoint was given[^]*no --log-key was given/)
  assert.equal((await anrf(['audit', 'verify', '--log-key', 'no+key'])).exit, 'refused')
  assert.equal((await anrf(['audit', 'verify', '--checkpoint', 'nothing.txt'])).exit, 'usage')
})

test('an exported log is checked like the store, and says what was altered', async () => {
  assert.match((await anrf(['audit', 'export', 'out'])).out, /^5 entries in /)
  assert.equal((await anrf(['audit', 'verify', 'out'])).exit, 'ok')
  assert.equal((await anrf(['audit', 'checkpoint', 'out'])).out, readFileSync(join(on.dir, 'out/checkpoint'), 'utf8'))
  assert.equal((await anrf(['audit', 'export', 'out'])).exit, 'usage')
  const checkpoint = join(on.dir, 'out/checkpoint')
  renameSync(checkpoint, `${checkpoint}.away`)
  const bare = await anrf(['audit', 'verify', 'out'])
  assert.equal(bare.exit, 'refused')
  assert.match(bare.err, /ANRF5101[^]*the log has entries and no checkpoint \(the file checkpoint of an export\)/)
  renameSync(`${checkpoint}.away`, checkpoint)
  const path = join(on.dir, 'out/sealed/000')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"anonymous"', '"somebody"'))
  const { exit, out, err } = await anrf(['audit', 'verify', 'out'])
  assert.equal(exit, 'refused')
  assert.match(err, /ANRF5104/)
  assert.match(err, /entry 4: what was sealed does not fit its seal/)
  assert.match(out, /^altered: 5 entries/)
  const { problems } = JSON.parse((await anrf(['audit', 'verify', 'out', '--json'])).out)
  assert.equal(problems.length, 1)
})

test('entries are redacted while the service runs, for a reason that is kept', async () => {
  const principal = on.key.split('_')[1]!
  const words = ['audit', 'redact', '--principal', principal, '--reason', 'left the company']
  assert.equal((await anrf(['audit', 'redact', '--principal', principal])).exit, 'usage')
  assert.equal((await anrf(['audit', 'redact', '--reason', 'x'])).exit, 'usage')
  assert.equal((await anrf(['audit', 'redact', '--entries', '3-1', '--reason', 'x'])).exit, 'usage')
  assert.equal((await anrf([...words, '--dry-run'])).out, '3 entries would be redacted\n')
  assert.equal((await anrf(words)).out, '3 entries redacted\n')
  const { out } = await anrf(['audit', 'show'])
  assert.ok(!out.includes(` ${principal} `))
  assert.match(out, /audit\.redact {2}done {2}local:\S+ 1\.\.3 {2}left the company; entries 1-3\n$/)
  const verified = await anrf(['audit', 'verify', '--checkpoint', 'checkpoint.txt', '--log-key', 'log-key.txt'])
  assert.equal(verified.exit, 'ok')
  assert.match(verified.out, /^ok: 6 entries, 3 redacted/)
  assert.equal(verified.err, 'note: the given checkpoint covers the first 5 entries\n')
  // The service goes on with the same log.
  await on.ask('POST', '/keys', { body: { label: 'd', scopes: ['read'] } })
  assert.match((await anrf(['audit', 'verify'])).out, /^ok: 7 entries/)
})

test('what is no store, of another version, or has no log, is said', async () => {
  for (const words of [
    ['verify'],
    ['show'],
    ['checkpoint'],
    ['key'],
    ['export', 'x'],
    ['redact', '--entries', '1', '--reason', 'x'],
  ])
    assert.match(
      (await anrf(['audit', ...words], join(on.dir, 'nowhere'))).err,
      /cannot open the store in .*: there is no store/,
    )
  const old = join(on.dir, 'old')
  mkdirSync(old)
  const db = new DatabaseSync(join(old, 'anrf.sqlite'))
  db.exec('create table migration (number integer primary key)')
  db.close()
  assert.match((await anrf(['audit', 'show'], old)).err, /made by an earlier version/)
})

test('commands of two words have help of their own', async () => {
  const short = await anrf(['help', 'audit'])
  assert.match(short.out, /verify \[options\] \[folder\]/)
  const long = await anrf(['help', 'audit', 'verify'])
  assert.match(long.out, /^Usage: anrf audit verify \[options\] \[folder\]/)
  assert.deepEqual(await anrf(['audit', 'verify', '--help']), long)
  assert.equal((await anrf(['audit', 'verifi'])).exit, 'usage')
  assert.equal((await anrf(['audit'])).exit, 'usage')
})
