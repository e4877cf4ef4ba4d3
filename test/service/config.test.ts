import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSigningKey } from '../../src/document/index.ts'
import { readConfig } from '../../src/service/index.ts'

test('defaults, then the environment, then what the caller sets; the result is frozen', () => {
  const read = readConfig({ ANRF_PORT: '9000', ANRF_WORKERS: '3', ANRF_HOST: '' }, { workers: 5 })
  assert.ok('config' in read)
  assert.deepEqual([read.config.host, read.config.port, read.config.workers], ['127.0.0.1', 9000, 5])
  assert.ok(Object.isFrozen(read.config))
})

test('everything that is wrong in the environment is reported together', () => {
  const read = readConfig({
    ANRF_PORT: '70000',
    ANRF_WORKERS: '-1',
    ANRF_LOG_LEVEL: 'loud',
    ANRF_SIGNATURES: 'maybe',
    ANRF_TRUSTED_KEYS: '/nowhere',
    ANRF_CEILINGS: 'wall=0',
  })
  assert.ok('diagnostics' in read)
  assert.equal(read.diagnostics.length, 6)
  assert.match(read.diagnostics[0]!.message, /^ANRF_PORT is "70000", not a whole number from 0 to 65535$/)
})

test('ceilings are read by name', () => {
  const read = readConfig({ ANRF_CEILINGS: 'wall=5000, memory=67108864' })
  assert.ok('config' in read)
  assert.deepEqual(read.config.ceilings, { wall: 5000, memory: 67_108_864 })
  for (const text of ['wall', 'walls=1', '__proto__=1', 'wall=-1', 'wall=600001', 'wall=1;memory=2'])
    assert.ok('diagnostics' in readConfig({ ANRF_CEILINGS: text }), text)
})

test('tools are read from a file, and secrets from variables', () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-config-'))
  const path = join(dir, 'tools.json')
  const operation = { description: '', input: true, output: true, binding: { command: ['./run'] } }
  writeFileSync(path, JSON.stringify({ tools: [{ name: 'crm', description: '', operations: { run: operation } }] }))
  const secrets = 'CRM_KEY@crm.example.com=CRM; OTHER@other.example.com=OTHER'
  const read = readConfig({ ANRF_TOOLS: path, ANRF_SECRETS: secrets, CRM: 'a-secret-value', OTHER: 'another-value' })
  assert.ok('config' in read)
  assert.deepEqual([...read.config.tools.keys()], ['crm'])
  assert.deepEqual(
    read.config.secrets.map(({ name, value }) => [name, value]),
    [
      ['CRM_KEY', 'a-secret-value'],
      ['OTHER', 'another-value'],
    ],
  )
  writeFileSync(
    path,
    JSON.stringify({ tools: [{ name: 'crm', description: '', operations: { run: { ...operation, binding: {} } } }] }),
  )
  const wrong = readConfig({ ANRF_TOOLS: path, ANRF_SECRETS: secrets, CRM: 'short', OTHER: 'another-value' })
  assert.ok('diagnostics' in wrong)
  assert.match(wrong.diagnostics[0]!.message, /not a file of tools: \/tools\/0\/operations\/run\/binding/)
  assert.match(
    wrong.diagnostics[1]!.message,
    /not a list of secrets: the secret "CRM_KEY": its value has not from 8 to/,
  )
  assert.ok(!JSON.stringify(wrong).includes('short'))
  rmSync(dir, { recursive: true })
})

test('trusted keys are read from files, with names that rules of signatures use', () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-config-'))
  const keys = ['alice', 'bob'].map((name) => {
    const { publicKey, keyId } = generateSigningKey()
    writeFileSync(join(dir, name), publicKey)
    return { name, keyId, path: join(dir, name) }
  })
  const [alice, bob] = keys
  const read = (trusted: string, signatures: string): ReturnType<typeof readConfig> =>
    readConfig({ ANRF_TRUSTED_KEYS: trusted, ANRF_SIGNATURES: signatures })
  const required = read(alice!.path, 'required')
  assert.ok('config' in required)
  assert.deepEqual(required.config.signatureRules, [{ pattern: '*', count: 1 }])
  const all = `alice=${alice!.path}, bob=${bob!.path}`
  const ruled = read(all, 'acme.*=2 of alice, bob; *=1')
  assert.ok('config' in ruled)
  assert.deepEqual(
    ruled.config.trustedKeys.map(({ name, keyId }) => [name, keyId]),
    keys.map(({ name, keyId }) => [name, keyId]),
  )
  assert.deepEqual(ruled.config.signatureRules, [
    { pattern: 'acme.*', count: 2, keys: ['alice', 'bob'] },
    { pattern: '*', count: 1 },
  ])
  for (const [trusted, signatures, expected] of [
    [`a=${alice!.path},b=${alice!.path}`, '', /different keys/],
    [`a=${alice!.path},a=${bob!.path}`, '', /different keys/],
    [`a=${join(dir, 'nobody')}`, '', /readable files/],
    [all, 'acme.*=2 of alice', /more keys than it names/],
    [all, 'acme.*=1 of carol', /names of ANRF_TRUSTED_KEYS \(carol\)/],
    [all, '*=1; *=2', /two rules/],
    [all, 'sometimes', /not PATTERN=COUNT/],
  ] as const) {
    const wrong = read(trusted, signatures)
    assert.ok('diagnostics' in wrong, signatures)
    assert.match(wrong.diagnostics[0]!.message, expected)
  }
  rmSync(dir, { recursive: true })
})
