// The commands of the README are run as they stand, in order, and must print what stands below them. A line `...` stands
// for any lines, and `<...>` for any text. ANRF_UPDATE=1 writes what they print now; review the difference.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

test('every command of the README prints what the README says', () => {
  const text = readFileSync(path, 'utf8')
  const steps = consoleSteps(text)
  assert.ok(steps.length >= 8)
  const shown = steps.map((step) => run(step.command))
  if (isUpdate) writeFileSync(path, rewrite(text, shown))
  else steps.forEach((step, i) => assert.match(shown[i]!, patternOf(step.expected), `$ ${step.command}\n${shown[i]}`))
})

test('every file that the README links to exists', () => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!)
  assert.deepEqual(
    links.filter((target) => spawnSync('test', ['-e', join(root, target)]).status !== 0),
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

function run(command: string): string {
  // The export line of the README has a placeholder for the key; here both are in the environment.
  if (command.startsWith('export ')) return ''
  assert.ok(service?.adminKey)
  const env = {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    ANRF_SERVER: service.url,
    ANRF_KEY: service.adminKey,
  }
  const done = spawnSync('sh', ['-c', command], { cwd: root, env, encoding: 'utf8', timeout: 60_000 })
  return done.stdout.trimEnd()
}

function patternOf(expected: string): RegExp {
  const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const lines = expected
    .split('\n')
    .map((line) => (line === '...' ? '[^]*' : line.split('<...>').map(quote).join('.*')))
  return new RegExp(`^${lines.join('\n')}$`)
}

function rewrite(text: string, shown: readonly string[]): string {
  let next = 0
  return text.replaceAll(/^```console\n(.*?)^```$/gms, (_, block: string) => {
    const parts = block.split(/^\$ /m).slice(1)
    const lines = parts.map(
      (part) => `$ ${part.split('\n')[0]}\n${shown[next] === '' ? '' : `${shown[next]}\n`}${(next++, '')}`,
    )
    return `\`\`\`console\n${lines.join('')}\`\`\``
  })
}
