// The commands, run in this process against a terminal that remembers; programs still run in worker processes.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import type { Exit } from '../../src/apps/cli/exit-codes.ts'
import type { Terminal } from '../../src/apps/cli/terminal.ts'
import { generateSigningKey } from '../../src/document/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-cli-'))
after(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

write(
  'sum.ts',
  `/** Adds the numbers from 1 to n. */
export function sum(n: number): number {
  let total = 0
  for (let i = 1; i <= n; i++) total += i
  console.log('added', n)
  return total
}
`,
)
write('throws.ts', `export function f(): number { throw new RangeError('too far') }`)
write('loops.ts', `export function f(): void { for (;;) {} }`)
write('broken.ts', 'export function f( {')
write('refused.ts', `export function f(name: string): number {\n  import(name)\n  return 1\n}\n`)
write('two.ts', 'export const one = (): number => 1\nexport const two = (): number => 2\n')

write(
  'ask.ts',
  `import { requestApproval } from 'anrf:approvals'
export async function ask(what: string): Promise<string> {
  const { approved, note } = await requestApproval(what)
  return approved ? 'yes: ' + note : 'no'
}
`,
)
write(
  'wait.ts',
  `import { sleep } from 'anrf:clock'
export async function wait(ms: number): Promise<boolean> {
  const before = Date.now()
  await sleep(ms)
  console.log(Math.random() < 1)
  return Date.now() - before >= ms
}
`,
)

type Done = { readonly exit: Exit; readonly out: string; readonly err: string }

async function anrf(
  words: readonly string[],
  more: Partial<Terminal> & { readonly input?: string } = {},
): Promise<Done> {
  const said = { out: '', err: '' }
  const exit = await runCommandLine(
    {
      out: (text) => (said.out += String(text)),
      err: (text) => (said.err += text),
      colours: false,
      readStdin: () => Promise.resolve(more.input ?? ''),
      folder,
      env: {},
      stopped: new AbortController().signal,
      ...more,
    },
    words,
  )
  return { exit, ...said }
}

test('run prints the result on standard output and the log on standard error', async () => {
  assert.deepEqual(await anrf(['run', 'sum.ts', '--input', '{"n":4}']), { exit: 'ok', out: '10\n', err: 'added 4\n' })
})

test('run takes inputs from a file and from standard input', async () => {
  write('in.json', '{"n":3}')
  assert.equal((await anrf(['run', 'sum.ts', '--input', '@in.json'])).out, '6\n')
  assert.equal((await anrf(['run', 'sum.ts', '--input', '-'], { input: '{"n":2}' })).out, '3\n')
})

test('run --json prints one object with everything', async () => {
  const { out, err } = await anrf(['run', 'sum.ts', '--input', '{"n":4}', '--json'])
  const { executionId, usage, isolation, ...rest } = JSON.parse(out)
  assert.deepEqual(rest, { outcome: 'returned', output: { result: 10 }, logs: ['added 4'], mode: 'interpret' })
  assert.match(executionId, /^[0-9a-f-]{36}$/)
  assert.ok(usage.fuel >= 4)
  assert.match(isolation, /^(container|seccomp)$/)
  assert.equal(err, '')
})

test('an isolation is taken from the option, else from the environment, and must be one of those that there are', async () => {
  const levelOf = async (words: string[], env = {}): Promise<string> => {
    const { out } = await anrf(['run', 'sum.ts', '--input', '{"n":4}', '--json', ...words], { env })
    return (JSON.parse(out) as { isolation: string }).isolation
  }
  assert.equal(await levelOf(['--isolation', 'none']), 'none')
  assert.equal(await levelOf([], { ANRF_ISOLATION: 'seccomp' }), 'seccomp')
  assert.equal(await levelOf(['--isolation', 'none'], { ANRF_ISOLATION: 'seccomp' }), 'none')
  const { exit, err } = await anrf(['run', 'sum.ts', '--isolation', 'strong'])
  assert.equal(exit, 'usage')
  assert.match(err, /there is no isolation strong: use auto, container, oci, seccomp, none/)
})

test('an isolation that cannot be had is refused with what to install, and nothing runs', async () => {
  const env = { ANRF_OCI_RUNTIME: 'no-such-runtime' }
  const { exit, out, err } = await anrf(['run', 'sum.ts', '--input', '{"n":4}', '--isolation', 'oci'], { env })
  assert.equal(exit, 'failed')
  assert.equal(out, '')
  assert.match(err, /ANRF7001/)
  assert.match(err, /oci needs no-such-runtime, which is not installed/)
  assert.match(err, /--isolation none/)
})

test('an exception is exit 1 with its name, message and place', async () => {
  const { exit, out, err } = await anrf(['run', 'throws.ts'])
  assert.equal(exit, 'threw')
  assert.equal(out, '')
  assert.match(err, /^RangeError: too far\n {4}at f \(throws\.ts:1:\d+\)\n$/)
})

test('a limit above its ceiling is lowered, which is said in a note or in the object', async () => {
  const { exit, out, err } = await anrf(['run', 'sum.ts', '--input', '{"n":4}', '--timeout', '999_999_999'])
  assert.equal(exit, 'ok')
  assert.equal(out, '10\n')
  assert.match(err, /^note: --timeout was lowered from 999999999 to 600000 ms, the ceiling\n/)
  const json = await anrf(['run', 'sum.ts', '--input', '{"n":4}', '--timeout', '999_999_999', '--json'])
  const { clamped } = JSON.parse(json.out) as { clamped: unknown }
  assert.deepEqual(clamped, [{ limit: 'wall', asked: 999_999_999, given: 600_000 }])
})

test('an endless loop is exit 4, by fuel and by time', async () => {
  const fuel = await anrf(['run', 'loops.ts', '--fuel', '1000'])
  assert.equal(fuel.exit, 'failed')
  assert.match(fuel.err, /^limit fuel: /)
  const wall = await anrf(['run', 'loops.ts', '--timeout', '200', '--json'])
  assert.equal(wall.exit, 'failed')
  assert.equal(JSON.parse(wall.out).failure.limit, 'wall')
})

test('what does not parse is exit 2, what is refused is exit 3, both with the code in a frame', async () => {
  const broken = await anrf(['run', 'broken.ts'])
  assert.equal(broken.exit, 'unparsed')
  assert.match(broken.err, /^error\[ANRF1001\]: .*\n *--> broken\.ts:1:\d+\n/)
  const refused = await anrf(['check', 'refused.ts'])
  assert.equal(refused.exit, 'refused')
  assert.match(refused.err, /^error\[ANRF1101\]: .*\n *--> refused\.ts:2:3\n *\|\n2 \| {3}import\(name\)\n/)
})

test('inputs that do not fit are refused with their JSON pointer; text that is not JSON does not parse', async () => {
  const wrong = await anrf(['run', 'sum.ts', '--input', '{"n":"x","m":1}'])
  assert.equal(wrong.exit, 'refused')
  assert.match(wrong.err, /error\[ANRF4001\].*\n *--> \/n\n/)
  assert.match(wrong.err, /error\[ANRF4003\].*\n *--> \/m\n/)
  assert.equal((await anrf(['run', 'sum.ts', '--input', '{n:1}'])).exit, 'unparsed')
})

test('a program with several entries asks which, and says what there is', async () => {
  const { exit, err } = await anrf(['run', 'two.ts'])
  assert.equal(exit, 'refused')
  assert.match(err, /--entry with one of: one, two/)
  assert.equal((await anrf(['run', 'two.ts', '--entry', 'two'])).out, '2\n')
})

test('wrong usage is exit 64 and says what to do', async () => {
  for (const [words, message] of [
    [['run', 'none.ts'], /cannot read none\.ts: there is no such file/],
    [['run', 'sum.ts', '--fuel', 'many'], /--fuel takes a whole number of events, not many/],
    [['run', 'sum.ts', '--mode', 'warp'], /no mode warp/],
    [['rnu', 'sum.ts'], /Did you mean run\?/],
    [['run'], /anrf help run/],
    [['--explain', 'ANRF9999'], /no diagnostic ANRF9999/],
    [['--explain', 'proxi'], /no page about proxi\. Did you mean proxy\?/],
    [['publish', 'main.ts'], /give it a name/],
  ] as const) {
    const { exit, err } = await anrf(words)
    assert.equal(exit, 'usage', words.join(' '))
    assert.match(err, message)
  }
})

test('--explain has a page for codes and for features, by any of their names, and a list', async () => {
  assert.match((await anrf(['--explain', '1101'])).out, /^ANRF1101 \(error\): Feature outside the language\n/)
  const page = await anrf(['--explain', 'Proxy'])
  assert.equal(page.exit, 'ok')
  assert.match(page.out, /^proxy \(refused\): Proxy\n[\s\S]*\nRefused:\n  [\s\S]*\nWrite instead:\n  /)
  for (const words of [
    ['proxy'],
    ['`with`'],
    ['setImmediate'],
    ['object.freeze'],
    ['Point.prototype'],
    ['dynamic', 'import'],
  ])
    assert.equal((await anrf(['--explain', ...words])).exit, 'ok', words.join(' '))
  for (const words of [['--explain'], ['--explain=']])
    assert.match((await anrf(words)).out, /^ {2}ANRF1001 {2}Syntax error$[\s\S]*^ {2}proxy +Proxy$/m)
})

test('build writes the same document wherever it is called, which run and check accept', async () => {
  const built = await anrf(['build', 'sum.ts'])
  assert.equal(built.exit, 'ok')
  const id = built.out.trim()
  assert.match(id, /^sha256:[0-9a-f]{64}$/)
  const elsewhere = await anrf(['build', join(folder, 'sum.ts'), '--output', 'again.json', '--json'], {
    folder: tmpdir(),
  })
  assert.equal(JSON.parse(elsewhere.out).anrfId, id)
  assert.equal(readFileSync(join(tmpdir(), 'again.json'), 'utf8'), readFileSync(join(folder, 'sum.anrf.json'), 'utf8'))
  rmSync(join(tmpdir(), 'again.json'))
  assert.equal((await anrf(['run', 'sum.anrf.json', '--input', '{"n":4}'])).out, '10\n')
  assert.equal((await anrf(['check', 'sum.anrf.json'])).exit, 'ok')
})

test('the binary form of a document runs as well, and a changed one is refused', async () => {
  await anrf(['build', 'sum.ts', '--binary', '--output', 'sum.anrf'])
  assert.equal((await anrf(['run', 'sum.anrf', '--input', '{"n":4}'])).out, '10\n')
  await anrf(['build', 'sum.ts'])
  write('renamed.json', readFileSync(join(folder, 'sum.anrf.json'), 'utf8').replace('"1.0.0"', '"9.9.9"'))
  const changed = await anrf(['run', 'renamed.json', '--input', '{"n":4}'])
  assert.equal(changed.exit, 'refused')
  assert.match(changed.err, /ANRF3002/)
})

test('build --sign writes a signature beside the document, and takes only Ed25519 keys', async () => {
  write('key.pem', generateSigningKey().privateKey)
  assert.equal((await anrf(['build', 'sum.ts', '--sign', 'key.pem'])).exit, 'ok')
  assert.ok(existsSync(join(folder, 'sum.anrf.json.sig')))
  const wrong = await anrf(['build', 'sum.ts', '--sign', 'in.json'])
  assert.equal(wrong.exit, 'usage')
  assert.match(wrong.err, /not an Ed25519 private key/)
})

test('inspect shows identity, entries, capabilities and the IR', async () => {
  const { out } = await anrf(['inspect', 'sum.ts'])
  assert.match(out, /^program +sum@1\.0\.0\nidentity +sha256:[0-9a-f]{64}\n/)
  assert.match(out, /^entries +sum\(n: number\): number$/m)
  assert.match(out, /^capabilities +log$/m)
  assert.match(out, /^fn sum/m)
  assert.equal(JSON.parse((await anrf(['inspect', 'sum.ts', '--json'])).out).document.metadata.name, 'sum')
})

test('inspect says how dynamic a program is: how much, in which functions, and where', async () => {
  assert.match((await anrf(['inspect', 'two.ts'])).out, /^boxed +none of \d+ expressions: /m)
  write(
    'dynamic.ts',
    'export function pick(x: unknown, n?: number): number {\n  return typeof x === "number" ? x : (n ?? 0)\n}\n',
  )
  const { out } = await anrf(['inspect', 'dynamic.ts'])
  assert.match(out, /^boxed +4 of \d+ expressions \(\d+\.\d %\): 2 json, 2 union$/m)
  assert.match(out, /^ +pick: 4 of \d+, at dynamic\.ts:2:17 \(json\), dynamic\.ts:2:34 \(json\), dynamic\.ts:2:39 /m)
  const { boxed } = JSON.parse((await anrf(['inspect', 'dynamic.ts', '--json'])).out)
  assert.deepEqual([boxed.any, boxed.json, boxed.union, boxed.functions.length], [0, 2, 2, 1])
  assert.deepEqual(boxed.functions[0].places[0].location.start, { line: 2, column: 17 })
})

test('batch answers case by case, in order, and goes on after a case that fails', async () => {
  const cases = ['{"entry":"sum","args":[4]}', '{"entry":"sum","args":["x"]}', '{"entry":"sum","args":[5]}']
  const { exit, out, err } = await anrf(['batch', 'sum.ts'], { input: cases.join('\n') })
  assert.equal(out, '{"ok":10,"args":[4]}\nnull\n{"ok":15,"args":[5]}\n')
  assert.equal(exit, 'failed')
  assert.equal(JSON.parse(err).case, 1)
})

test('batch: an exception is an answer', async () => {
  write('throws.jsonl', '{"entry":"f","args":[]}\n')
  const { exit, out } = await anrf(['batch', 'throws.ts', '--cases', 'throws.jsonl'])
  assert.equal(out, '{"throw":{"name":"RangeError","message":"too far"}}\n')
  assert.equal(exit, 'ok')
})

test('batch says as one JSON line which feature keeps a program from running', async () => {
  const cases = { input: '{"entry":"f","args":[{}]}' }
  const refused = await anrf(['batch', 'refused.ts'], cases)
  assert.equal(refused.exit, 'refused')
  assert.equal(JSON.parse(refused.err).stage, 'compile')
  assert.ok(JSON.parse(refused.err).feature)
  assert.equal((await anrf(['batch', 'broken.ts'], cases)).exit, 'unparsed')
})

test('a run that is stopped from outside ends as cancelled', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 300)
  const { exit, out } = await anrf(['run', 'loops.ts', '--json'], { stopped: stop.signal })
  assert.equal(exit, 'failed')
  assert.equal(JSON.parse(out).outcome, 'cancelled')
})

test('a service that is not there is said so', async () => {
  const { exit, err } = await anrf(['execute', 'sum', '--server', 'http://127.0.0.1:9', '--key', 'k'])
  assert.equal(exit, 'failed')
  assert.match(err, /anrf serve/)
})

test('a run is recorded, and done again in every mode without waiting', async () => {
  const ran = await anrf(['run', 'wait.ts', '--input', '{"ms":5}', '--record', 'wait.json'])
  assert.deepEqual([ran.exit, ran.out], ['ok', 'true\n'])
  for (const mode of ['interpret', 'jit']) {
    const { exit, out } = await anrf(['replay', 'wait.json', '--mode', mode])
    assert.deepEqual([exit, out], ['ok', 'same: outcome returned, 1 calls of effects answered from the journal\n'])
  }
  const text = readFileSync(join(folder, 'wait.json'), 'utf8')
  write('changed.json', text.replace('{\\"ms\\":5}', '{\\"ms\\":6}'))
  const changed = await anrf(['replay', 'changed.json'])
  assert.equal(changed.exit, 'refused')
  assert.match(changed.out, /call 0 \(clock\.sleep\) has the arguments {"ms":5}, the journal has {"ms":6}/)
  write('broken.json', text.slice(0, -20))
  assert.match((await anrf(['replay', 'broken.json'])).err, /ANRF4004/)
  write('odd.json', '{"format":"anrf-recording/1"}')
  assert.match((await anrf(['replay', 'odd.json'])).err, /ANRF6001/)
})

test('serve takes what publish sends, executes it, keeps to limits, and stops when told to', async () => {
  const stop = new AbortController()
  const listening = Promise.withResolvers<Record<string, string>>()
  const served = anrf(['serve', '--port', '0', '--data', 'served'], {
    stopped: stop.signal,
    env: { ANRF_LOG_LEVEL: 'silent', ANRF_ALLOW: 'approvals', ANRF_PAYLOADS: 'keep' },
    out: (text) => {
      const [, url, key] = /ANRF_SERVER=(\S+) ANRF_KEY=(\S+)/.exec(String(text)) ?? []
      if (url && key) listening.resolve({ ANRF_SERVER: url, ANRF_KEY: key })
    },
  })
  const env = await listening.promise
  const published = await anrf(['publish', 'sum.ts', '--release', '1.2.0'], { env })
  assert.match(published.out, /^sum@1\.2\.0 sha256:[0-9a-f]{64}\n$/)
  const executed = await anrf(['execute', 'sum', '--input', '{"n":4}'], { env })
  assert.equal(executed.out, '10\n')
  assert.match(executed.err, /^added 4\nexecution [0-9a-f-]{36}\n$/)
  const { out } = await anrf(['execute', 'sum@1.2.0', '--input', '{"n":4}', '--json'], { env })
  assert.deepEqual(JSON.parse(out).output, { result: 10 })
  const limited = await anrf(['execute', 'sum', '--input', '{"n":4}', '--fuel', '2'], { env })
  assert.equal(limited.exit, 'failed')
  assert.match(limited.err, /^limit fuel: /)
  assert.equal((await anrf(['execute', 'sum', '--input', '{"n":"x"}'], { env })).exit, 'refused')
  assert.equal((await anrf(['execute', 'none'], { env })).exit, 'refused')
  assert.equal((await anrf(['execute', 'sum'], { env: { ...env, ANRF_KEY: 'wrong' } })).exit, 'denied')
  await anrf(['publish', 'ask.ts'], { env })
  const asked = await anrf(['execute', 'ask', '--input', '{"what":"Go?"}'], { env })
  assert.equal(asked.exit, 'suspended')
  const [, id = ''] = /^execution ([0-9a-f-]{36})$/m.exec(asked.err) ?? []
  assert.match(asked.err, /suspended until there is an answer to approvals\.request \(call 0\)/)
  assert.equal((await anrf(['decide', id, '0', '--approve', '--refuse'], { env })).exit, 'usage')
  const decided = await anrf(['decide', id, '0', '--approve', '--note', 'go'], { env })
  assert.deepEqual([decided.exit, decided.out], ['ok', `execution ${id} goes on\n`])
  assert.equal((await anrf(['decide', id, '0', '--refuse'], { env })).exit, 'refused')
  let replayed = await anrf(['replay', id], { env })
  for (let i = 0; i < 100 && !replayed.out.startsWith('same: outcome returned'); i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    replayed = await anrf(['replay', id], { env })
  }
  assert.equal(replayed.exit, 'ok', replayed.err + replayed.out)
  stop.abort()
  assert.equal((await served).exit, 'ok')
})

test('demo publishes and executes the examples, on a new store and on one that has them', async () => {
  for (const _ of [1, 2]) {
    const { exit, out, err } = await anrf(['demo', '--once', '--port', '0'])
    assert.equal(exit, 'ok', err)
    assert.equal(out.match(/^ {2}execution +[0-9a-f-]{36}$/gm)?.length, 3)
    assert.equal(out.match(/^invoice-totals@1\.0\.0/gm)?.length, 1)
    assert.match(out, /admin key, shown only now: anrf_\w+\n/)
  }
})
