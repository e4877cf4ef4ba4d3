import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readTools } from '../../src/broker/index.ts'
import { FAILURES } from '../../src/broker/failure.ts'
import { KV_BOUNDS } from '../../src/broker/kv.ts'
import { compile } from '../../src/front/index.ts'
import { libraryWith } from '../effects/library.ts'
import { CAPABILITIES, formatGrant, parseGrant } from '../../src/effects/index.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/EFFECTS.md'), 'utf8')
const code = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, inside]) => inside!)

test('docs/EFFECTS.md names every operation, every grammar and every failure', () => {
  const operations = Object.entries(CAPABILITIES).flatMap(([name, { effects }]) =>
    Object.keys(effects).map((operation) => `\`${name}.${operation}\``),
  )
  const scopes = Object.values(CAPABILITIES).flatMap((row) => ('scope' in row ? [row.scope] : []))
  const failures = Object.entries(FAILURES).filter(([failure]) => failure !== 'denied')
  for (const part of [...operations, ...failures.map(([failure, doc]) => `| \`${failure}\` | ${doc} |`)])
    assert.ok(text.includes(part), part)
  for (const scope of scopes.filter((scope) => scope.includes(':'))) assert.ok(text.includes(`\`${scope}\``), scope)
  assert.ok(text.includes(`${KV_BOUNDS.keys.toLocaleString('en')} keys`) && KV_BOUNDS.bytes === 16 * 2 ** 20)
})

test('every grant in docs/EFFECTS.md is one', () => {
  const grants = [...text.matchAll(/`((?:http|files|programs|secrets)=[^`]+|kv|approvals|tool:crm(?:=[^`]+)?)`/g)].map(
    ([, grant]) => grant!,
  )
  assert.ok(grants.length >= 17, String(grants.length))
  for (const grant of grants) {
    const parsed = parseGrant(grant)
    assert.ok('grant' in parsed, grant)
    assert.ok(formatGrant(parsed.grant).startsWith(grant.split('=')[0]!))
  }
})

test('the tools in docs/EFFECTS.md are understood, its denial is one that is given, and its programs compile', () => {
  const [denial, tools] = code('json').map((inside) => JSON.parse(inside) as Record<string, unknown>)
  const read = readTools(tools, { folder: '/' })
  assert.ok('tools' in read)
  assert.deepEqual(Object.keys(denial!), ['capability', 'asked', 'rule', 'allowed', 'advice'])
  const library = libraryWith([...read.tools.values()].map(({ description }) => description))
  const programs = code('ts')
  assert.equal(programs.length, 3)
  for (const program of programs) {
    const { diagnostics } = compile({ read: () => program }, library, { main: 'main.ts' })
    assert.deepEqual(diagnostics, [], program)
  }
})
