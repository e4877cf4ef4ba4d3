// The commands of the README are run as they stand, in order, and must print what stands below them. A line `...` stands
// for any lines, and `<...>` for any text. ANRF_UPDATE=1 writes what they print now; review the difference.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { readConfig, startService } from '../src/service/index.ts'

const root = dirname(import.meta.dirname)
const path = join(root, 'README.md')
const isUpdate = Boolean(process.env.ANRF_UPDATE)
const data = mkdtempSync(join(tmpdir(), 'anrf-readme-'))

type Step = { readonly command: string; readonly expected: string }

let service: Awaited<ReturnType<typeof startService>> | undefined

before(async () => {
  const read = readConfig({}, { port: 0, dataDir: data, logLevel: 'silent' })
  assert.ok('config' in read)
  service = await startService(read.config)
})

after(async () => {
  await service?.close()
  rmSync(data, { recursive: true })
})

test('every command of the README prints what the README says', async () => {
  const text = readFileSync(path, 'utf8')
  const steps = consoleSteps(text)
  assert.ok(steps.length >= 8)
  const shown: string[] = []
  for (const step of steps) shown.push(await run(step.command))
  if (isUpdate) writeFileSync(path, rewrite(text, steps, shown))
  else steps.forEach((step, i) => assert.match(shown[i]!, patternOf(step.expected), `$ ${step.command}\n${shown[i]}`))
})

test('every file that the README links to exists', () => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!)
  assert.deepEqual(
    links.filter((target) => !existsSync(join(root, target))),
    [],
  )
})

/** The `$ ` lines of the console blocks with what stands below each. */
function consoleSteps(text: string): Step[] {
  return [...text.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block]) =>
    block!
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command, ...expected] = part.trimEnd().split('\n')
        return { command: command!, expected: expected.join('\n') }
      }),
  )
}

/** What a command prints. Asynchronous, since the service that it may ask lives in this process. */
function run(command: string): Promise<string> {
  // The export line has a placeholder for the key; here both variables are in the environment already.
  if (command.startsWith('export ')) return Promise.resolve('')
  assert.ok(service?.adminKey)
  const env = {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    ANRF_SERVER: service.url,
    ANRF_KEY: service.adminKey,
  }
  return new Promise((done) => {
    execFile('sh', ['-c', command], { cwd: root, env, timeout: 60_000 }, (_, stdout) => done(stdout.trimEnd()))
  })
}

function patternOf(expected: string): RegExp {
  const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const lines = expected
    .split('\n')
    .map((line) => (line === '...' ? '[^]*' : line.split('<...>').map(quote).join('.*')))
  return new RegExp(`^${lines.join('\n')}$`)
}

/** The text with what the commands print now; what still matches stays, with its wildcards. */
function rewrite(text: string, steps: readonly Step[], shown: readonly string[]): string {
  let next = 0
  const renew = ({ command, expected }: Step, now: string): string => {
    const kept = patternOf(expected).test(now) ? expected : veilChanging(now)
    return `$ ${command}\n${kept === '' ? '' : `${kept}\n`}`
  }
  return text.replaceAll(/^```console\n(.*?)^```$/gms, (_, block: string) => {
    const count = block.split(/^\$ /m).length - 1
    const lines = steps.slice(next, next + count).map((step, i) => renew(step, shown[next + i]!))
    next += count
    return `\`\`\`console\n${lines.join('')}\`\`\``
  })
}

/** What differs from run to run, or with every change of the compiler, as a wildcard. */
function veilChanging(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:<...>')
    .replaceAll(/"executionId":"[^"]*"/g, '"executionId":"<...>"')
    .replaceAll(/"usage":\{[^}]*\}/g, '"usage":{<...>}')
}
