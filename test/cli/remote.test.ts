// Commands that ask a service: logging in, and what there is to see and do.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import { renderTrace } from '../../src/apps/cli/render-trace.ts'
import { startTestService, stopTestService, type TestService } from '../service/harness.ts'
import { troubleDocumentBytes } from '../service/programs.ts'

const home = mkdtempSync(join(tmpdir(), 'anrf-home-'))
const path = join(home, 'anrf/credentials.json')
let on: TestService

before(async () => {
  on = await startTestService()
  await on.client.publish(troubleDocumentBytes())
})
after(async () => {
  await stopTestService(on)
  rmSync(home, { recursive: true })
})

async function anrf(words: readonly string[], input = '', env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array) => void (said.out += String(text)),
    err: (text: string) => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(input),
    folder: home,
    env: { XDG_CONFIG_HOME: home, ...env },
    stopped: new AbortController().signal,
  }
  return { exit: await runCommandLine(terminal, words), ...said }
}

test('login keeps a key that is valid for the user only, and no other', async () => {
  const wrong = await anrf(['login', on.service.url, '--key', `${on.key.slice(0, -1)}x`])
  assert.equal(wrong.exit, 'denied')
  assert.throws(() => statSync(path))
  const { exit, out } = await anrf(['login', `${on.service.url}/`, '--key', '-'], `${on.key}\n`)
  assert.equal(exit, 'ok')
  assert.match(out, /logged in to http:\S+ as [0-9a-f]{16} of default, which may operate, admin/)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    server: on.service.url,
    keys: { [on.service.url]: on.key },
  })
  assert.equal((await anrf(['login', 'ftp://x', '--key', 'k'])).exit, 'usage')
  assert.equal((await anrf(['login', on.service.url], 'two words')).exit, 'usage')
})

test('commands ask the service that was logged in to, and send its key to no other', async () => {
  const me = await anrf(['whoami', '--json'])
  assert.deepEqual(JSON.parse(me.out).tenant, 'default')
  assert.equal(JSON.parse(me.out).server, on.service.url)
  // The same machine under another name is another service: the key is not sent there.
  const other = await anrf(['whoami', '--server', on.service.url.replace('127.0.0.1', 'localhost')])
  assert.equal(other.exit, 'denied')
  assert.equal((await anrf(['whoami'], '', { ANRF_KEY: 'nonsense' })).exit, 'denied')
})

test('what is published is listed and shown', async () => {
  const listed = await anrf(['list'])
  assert.match(listed.out, /^artifact +id +bytes +published\ntrouble@1\.0\.0 +sha256:[0-9a-f]{64} +\d+ /)
  assert.equal(JSON.parse((await anrf(['list', '--name', 'nobody', '--json'])).out).artifacts.length, 0)
  assert.equal((await anrf(['list', '--limit', '0'])).exit, 'usage')
  assert.equal(JSON.parse((await anrf(['show', 'trouble', '--json'])).out).name, 'trouble')
  assert.equal((await anrf(['show', 'nobody'])).exit, 'refused')
})

test('an execution is shown, and its trace drawn or printed as OTLP/JSON', async () => {
  const ran = await anrf(['execute', 'trouble', '--entry', 'add', '--input', '{"a":1,"b":2}', '--json'])
  const { executionId } = JSON.parse(ran.out) as { executionId: string }
  assert.equal(JSON.parse((await anrf(['show', executionId, '--json'])).out).outcome, 'returned')
  const { exit, out } = await anrf(['trace', executionId])
  assert.equal(exit, 'ok')
  assert.match(out, new RegExp(`^trace [0-9a-f]{32}, execution ${executionId}\n`))
  for (const name of ['POST /execute/{anrfId}', '  admit', '  execute', '    run in a worker', '  result'])
    assert.ok(out.includes(`\n${name} `), name)
  const json = JSON.parse((await anrf(['trace', executionId, '--json'])).out)
  assert.ok(json.resourceSpans[0].scopeSpans[0].spans.length > 8)
  assert.equal((await anrf(['cancel', executionId])).exit, 'refused')
  assert.equal((await anrf(['trace', 'nothing'])).exit, 'refused')
})

test('executions are listed, and their logs printed or followed to the end', async () => {
  const ran = await anrf(['execute', 'trouble', '--entry', 'add', '--input', '{"a":7,"b":2}', '--json'])
  const { executionId } = JSON.parse(ran.out) as { executionId: string }
  assert.match(
    (await anrf(['executions', '--limit', '1'])).out,
    new RegExp(`\n${executionId} +returned +\\S+ +\\w+ +add\n$`),
  )
  assert.equal(JSON.parse((await anrf(['executions', '--outcome', 'threw', '--json'])).out).executions.length, 0)
  assert.equal((await anrf(['logs', executionId])).out, 'adding 7\n')
  const followed = await anrf(['logs', executionId, '--follow'])
  assert.deepEqual([followed.exit, followed.out], ['ok', 'adding 7\n'])
  assert.match(followed.err, /has ended: returned/)
  assert.equal((await anrf(['logs', 'nothing', '--follow'])).exit, 'refused')
})

test('keys are made, listed, rotated and revoked', async () => {
  const made = await anrf(['keys', 'create', '--label', 'build', '--scope', 'read', '--scope', 'publish'])
  assert.match(made.out, /^anrf_[0-9a-f]{16}_[0-9a-f]{64}\n$/)
  const id = made.out.split('_')[1]!
  assert.match((await anrf(['keys', 'list'])).out, new RegExp(`^${id} .* read,publish +- +build$`, 'm'))
  const rotated = await anrf(['keys', 'rotate', id, '--grace', '60', '--json'])
  assert.notEqual(JSON.parse(rotated.out).id, id)
  assert.equal((await anrf(['keys', 'revoke', id])).out, `key ${id} is revoked\n`)
  assert.match((await anrf(['keys', 'list'])).out, new RegExp(`^${id} .* revoked +build$`, 'm'))
  assert.equal((await anrf(['keys', 'create', '--label', 'x'])).exit, 'usage')
  assert.equal((await anrf(['keys', 'revoke', 'nobody'])).exit, 'refused')
})

test('logout forgets the key; a file that is not one of credentials is not touched', async () => {
  assert.equal((await anrf(['logout'])).out, `logged out of ${on.service.url}\n`)
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { keys: {} })
  assert.match((await anrf(['logout'])).out, /^not logged in/)
  writeFileSync(path, '{"keys": [')
  const { exit, err } = await anrf(['whoami'])
  assert.equal(exit, 'usage')
  assert.match(err, /is not a file of credentials/)
  assert.equal(readFileSync(path, 'utf8'), '{"keys": [')
})

test('a waterfall has every span under its parent, marks failures, and shows no control characters', () => {
  const span = (spanId: string, parentId: string | undefined, startUs: number, durationUs: number, name: string) => ({
    spanId,
    ...(parentId !== undefined && { parentId }),
    name,
    kind: 'internal' as const,
    startUs,
    durationUs,
    attributes: {},
  })
  const text = renderTrace(
    {
      traceId: 't',
      startedMs: 0,
      isSampled: true,
      executionIds: [],
      dropped: 3,
      spans: [
        span('c', 'b', 500, 1, 'late\u001b[31m'),
        { ...span('b', 'a', 250, 500, 'inner'), error: 'threw' },
        span('a', 'elsewhere', 0, 1000, 'outer'),
      ],
    },
    false,
  )
  assert.equal(
    text,
    [
      'trace t',
      '1970-01-01T00:00:00.000Z, 1.00 ms, 3 spans',
      '',
      `outer         │${'━'.repeat(40)}│   1.00 ms`,
      `  inner       │${' '.repeat(10)}${'━'.repeat(20)}${' '.repeat(10)}│    500 us  error=threw`,
      `    late␛[31m │${' '.repeat(20)}╴${' '.repeat(19)}│      1 us`,
      'and 3 more spans that were not kept',
      '',
    ].join('\n'),
  )
})
