// `anrf policy` on folders and against a service, and the reload of a service by a signal, as processes.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const main = join(import.meta.dirname, '../../src/apps/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'anrf-policy-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ['good', 'bad']) mkdirSync(join(folder, name))
writeFileSync(
  join(folder, 'good/a.cedar'),
  `@id("no-payroll") @reason("by hand")
forbid(principal, action == Action::"executions.start", resource) when { resource has name && resource.name == "payroll" };
@id("night") forbid(principal, action, resource) when { context.time.toTime() < duration("6h") };`,
)
writeFileSync(
  join(folder, 'good/profiles.json'),
  '{"profiles":[{"name":"small","ceilings":{"fuel":1000},"grants":["kv"]}]}',
)
writeFileSync(
  join(folder, 'bad/a.cedar'),
  'permit(principal, action == Action::"executions.strat", resource);\nforbid(x);',
)

type Done = { readonly code: number | null; readonly out: string; readonly err: string }

function anrf(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Done> {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ANRF_ALLOW: 'kv', ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += String(chunk)))
  child.stderr.on('data', (chunk) => (said.err += String(chunk)))
  return new Promise((done) => child.on('close', (code) => done({ code, ...said })))
}

test('check says what a folder has, or everything that is wrong with it', async () => {
  const good = await anrf(['policy', 'check', 'good'])
  assert.deepEqual([good.code, good.out], [0, 'good: ok, 2 policies, profiles small, default\n'])
  const bounded = await anrf(['policy', 'check', 'good'], { ANRF_ALLOW: 'approvals' })
  assert.equal(bounded.code, 3)
  assert.match(bounded.err, /ANRF5032.*kv is beyond what the service may grant/)
  const bad = await anrf(['policy', 'check', 'bad', '--json'])
  assert.equal(bad.code, 2)
  const { ok, diagnostics } = JSON.parse(bad.out) as { ok: boolean; diagnostics: { code: string }[] }
  assert.deepEqual([ok, diagnostics.map(({ code }) => code)], [false, ['ANRF5031', 'ANRF5030']])
  assert.equal((await anrf(['policy', 'check'])).code, 64)
  assert.equal((await anrf(['policy', 'sing'])).code, 64)
})

test('explain says what would be decided and why, and ends with 5 when it is denied', async () => {
  const noon = ['--time', String(Date.UTC(2026, 0, 5, 12))]
  const asked = ['policy', 'explain', 'good', '--scope', 'execute', ...noon]
  const allowed = await anrf(asked)
  assert.deepEqual([allowed.code, allowed.out.split('\n')[0]], [0, 'allowed: somebody executions.start'])
  const denied = await anrf([...asked, '--program', '{"name":"payroll"}'])
  assert.deepEqual([denied.code, denied.out], [5, 'denied: somebody executions.start\n  forbid no-payroll: by hand\n'])
  const none = await anrf([...asked, '--action', 'policies.read', '--json'])
  assert.equal(none.code, 5)
  assert.deepEqual((JSON.parse(none.out) as { policies: unknown[] }).policies, [])
  const night = await anrf(['policy', 'explain', 'good', '--action', 'run-with', '--time', '0'])
  assert.match(night.out, /forbid night/)
  for (const [more, code] of [
    [['--action', 'no.such'], 64],
    [['--program', '{'], 2],
    [['--program', '{"nam":1}'], 64],
    [['--time', 'noon'], 64],
  ] as const)
    assert.equal((await anrf([...asked, ...more])).code, code, more.join(' '))
})

test('show prints a schema and policies that a folder can begin with', async () => {
  const { code, out } = await anrf(['policy', 'show', '--json'])
  assert.equal(code, 0)
  const { schema, defaults } = JSON.parse(out) as { schema: string; defaults: string }
  assert.match(schema, /^action "executions\.start" in \[Action::"scope:execute", Action::"executions"\]/m)
  mkdirSync(join(folder, 'own'))
  writeFileSync(join(folder, 'own/a.cedar'), defaults.replaceAll('@id("default/', '@id("own/'))
  assert.equal((await anrf(['policy', 'check', 'own'])).code, 0)
})

test('a service reads its folder again on SIGHUP, and explains by it', async () => {
  mkdirSync(join(folder, 'served'))
  const file = join(folder, 'served/a.cedar')
  writeFileSync(file, '@id("first") forbid(principal == Principal::"eve", action, resource);')
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data', 'store'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ANRF_POLICIES: 'served', ANRF_WORKERS: '1', ANRF_SPARES: '0' },
  })
  try {
    const [url, key] = await new Promise<[string, string]>((done, fail) => {
      let out = ''
      child.on('close', () => fail(new Error(`it ended: ${out}`)))
      child.stdout.on('data', (chunk) => {
        const [, at, text] = /ANRF_SERVER=(\S+) ANRF_KEY=(\S+)/.exec((out += String(chunk))) ?? []
        if (at !== undefined && text !== undefined) done([at, text])
      })
    })
    const explain = (): Promise<Done> =>
      anrf(['policy', 'explain', '--principal', 'eve', '--scope', 'execute', '--server', url, '--key', key])
    assert.match((await explain()).out, /^denied: eve executions\.start\n {2}forbid first\n$/)
    writeFileSync(file, '@id("second") forbid(principal == Principal::"eve", action, resource);')
    child.kill('SIGHUP')
    let said = await explain()
    for (let i = 0; i < 60 && !said.out.includes('second'); i++) said = await explain()
    assert.match(said.out, /forbid second/)
    assert.equal(child.exitCode, null)
  } finally {
    child.removeAllListeners('close')
    child.kill('SIGTERM')
    await new Promise((done) => child.once('close', done))
  }
})
