// docs/HOOKS.md says what the code says, and its examples work. ANRF_UPDATE=1 rewrites what is printed.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EVENTS, readHooks } from '../../src/hooks/index.ts'
import { compileText } from './programs.ts'
import { OLD_SECRET, SECRET } from './receiver.ts'

const path = join(import.meta.dirname, '../../docs/HOOKS.md')
const text = readFileSync(path, 'utf8')
const examples = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!)

test('the receiver and the events are those of the code', () => {
  const receiver = readFileSync(join(import.meta.dirname, 'verify-webhook.ts'), 'utf8')
  const rows = Object.entries(EVENTS).map(([name, { about }]) => `| \`${name}\` | \`anrf.${name}\` | ${about} |`)
  const printed = {
    receiver: `\`\`\`ts\n${receiver}\`\`\`\n`,
    events: `${['| name in `on` | type | when |', '|---|---|---|', ...rows].join('\n')}\n`,
  }
  const expected = Object.entries(printed).reduce(
    (rest, [name, content]) =>
      rest.replace(
        new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}${content}${end}`,
      ),
    text,
  )
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, expected)
  else assert.equal(text, expected)
})

test('the example of a file of hooks is one', () => {
  const env = { HOOK_SECRET: SECRET, NEW_SECRET: SECRET, OLD_SECRET }
  const read = readHooks(JSON.parse(examples('json')[0]!), { folder: '/etc/anrf', env })
  assert.ok('manifest' in read, JSON.stringify(read))
  assert.deepEqual(
    read.manifest.hooks.map(({ target }) => target.kind),
    ['webhook', 'program', 'module', 'webhook'],
  )
})

test('the example of a program compiles', () => {
  const program = examples('ts').find((code) => code.includes('export function main'))
  assert.ok(compileText('no-numbers-out', program!).length > 0)
})
