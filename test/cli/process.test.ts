// The command as a process of its own: what only a process shows.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

const main = join(import.meta.dirname, '../../src/apps/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'anrf-process-'))
after(() => rmSync(folder, { recursive: true }))

writeFileSync(join(folder, 'one.ts'), `export function one(): number {\n  console.log('here')\n  return 1\n}\n`)
writeFileSync(join(folder, 'loops.ts'), `export function f(): void {\n  console.log('begun')\n  for (;;) {}\n}\n`)

type Done = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `anrf words`; `onErr` sees standard error as it comes, and the process. */
function anrf(
  words: readonly string[],
  flags: readonly string[] = [],
  onErr?: (err: string, pid: number) => void,
): Promise<Done> {
  const child = spawn(process.execPath, [...flags, main, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => {
    err += chunk
    onErr?.(err, child.pid!)
  })
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })))
}

test('a run ends with exit code 0, and with 64 where there is no such file', async () => {
  assert.deepEqual(await anrf(['run', 'one.ts']), { code: 0, out: '1\n', err: 'here\n' })
  assert.equal((await anrf(['run', 'none.ts'])).code, 64)
})

test('Ctrl-C ends a run that would not end, with exit code 130', async () => {
  let isSent = false
  const { code, err } = await anrf(['run', 'loops.ts'], [], (said, pid) => {
    if (isSent || !said.includes('begun')) return
    isSent = true
    process.kill(pid, 'SIGINT')
  })
  assert.equal(code, 130)
  assert.match(err, /cancelled/)
})

test('running a document never loads the TypeScript compiler', async () => {
  await anrf(['build', 'one.ts'])
  const watch = join(folder, 'watch.mjs')
  writeFileSync(
    watch,
    `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) {
  if (/node_modules.typescript|src.front/.test(url)) process.stderr.write('loaded ' + url + '\\n')
  return next(url, context)
} })`,
  )
  const flags = ['--import', watch]
  assert.deepEqual(await anrf(['run', 'one.anrf.json'], flags), { code: 0, out: '1\n', err: 'here\n' })
  assert.match((await anrf(['check', 'one.ts'], flags)).err, /typescript/)
})

test('a reader that goes away is no error', async () => {
  const child = spawn('sh', ['-c', `"$0" "$1" help | head -n 1`, process.execPath, main], { cwd: dirname(main) })
  let err = ''
  child.stderr.on('data', (chunk) => (err += chunk))
  assert.equal(await new Promise((done) => child.on('close', done)), 0)
  assert.equal(err, '')
})
