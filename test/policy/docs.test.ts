// docs/POLICY.md shows what the code has. ANRF_UPDATE=1 rewrites its parts.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { printDefaultSet, printSchema, RULE_NAMES, RULES } from '../../src/policy/index.ts'
import { policyActions } from '../../src/service/index.ts'

const path = join(import.meta.dirname, '../../docs/POLICY.md')
const fenced = (text: string): string => `\`\`\`cedar\n${text}\`\`\``

const rules = [
  '| rule | what it bounds | without it | enforced by | example |',
  '|---|---|---|---|---|',
  ...RULE_NAMES.map((name) => {
    const { about, otherwise, enforcedBy, example } = RULES[name]
    return `| \`${name}\` | ${about} | ${otherwise} | ${enforcedBy} | \`${JSON.stringify(example)}\` |`
  }),
].join('\n')

test('docs/POLICY.md shows the schema and the default set of the code', async () => {
  const actions = await policyActions()
  const parts = { rules, defaults: fenced(printDefaultSet(actions)), schema: fenced(printSchema([])) }
  const text = readFileSync(path, 'utf8')
  const expected = Object.entries(parts).reduce(
    (rest, [name, content]) =>
      rest.replace(
        new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end -->)`),
        (_, a: string, b: string) => `${a}${content}\n${b}`,
      ),
    text,
  )
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, expected)
  else assert.equal(text, expected)
})
