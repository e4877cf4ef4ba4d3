// Settings from a file and from --set, what goes before what, and what is said of mistakes.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  DEFAULT_CONFIG,
  environmentLayer,
  readLayers,
  SETTINGS,
  type Layer,
} from '../../src/service/settings/config.ts'
import { readAssignments, readConfigFile } from '../../src/service/settings/config-file.ts'
import { describeConfig } from '../../src/service/settings/describe-config.ts'
import { keyOf } from '../../src/service/settings/setting.ts'

const dir = mkdtempSync(join(tmpdir(), 'anrf-config-file-'))
after(() => rmSync(dir, { recursive: true }))

function read(content: unknown): ReturnType<typeof readConfigFile> {
  const path = join(dir, 'anrf.config.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readConfigFile(path, 'anrf.config.json')
}

function layerOf(result: ReturnType<typeof readConfigFile>): Layer {
  assert.deepEqual(result.diagnostics, [])
  return result.layer
}

function complaintsOf(result: ReturnType<typeof readConfigFile>): string[] {
  return result.diagnostics.map(
    ({ code, message, hint }) => `${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  )
}

test('a setting that is given twice is refused, in the file itself and in the files it names', () => {
  assert.deepEqual(complaintsOf(read('{"port":1,"host":"::1","port":2}')), [
    'ANRF5070 anrf.config.json is not JSON: the member "port" is given twice, at "/port"',
  ])
  const file = join(dir, 'twice.json')
  writeFileSync(file, '{"hooks":[{"name":"one","name":"two"}],"tools":[{"name":"one","name":"two"}]}')
  for (const env of ['ANRF_HOOKS', 'ANRF_TOOLS', 'ANRF_OIDC']) {
    const said = SETTINGS.find((setting) => setting.env === env)?.read(file, {})
    assert.match(String(said), /the member "name" is given twice, at "\/hooks\/0\/name"/, env)
  }
  const quotas = SETTINGS.find(({ env }) => env === 'ANRF_QUOTAS')
  assert.equal(quotas?.read('tenant-fuel=1,tenant-fuel=2', {}), 'a list of quotas (tenant-fuel once, not twice)')
})

test('a setting with two letters swapped has its hint', () => {
  for (const [slip, meant] of [
    ['prot', 'port'],
    ['hsot', 'host'],
    ['lgoLevel', 'logLevel'],
  ] as const)
    assert.deepEqual(complaintsOf(readAssignments([`${slip}=1`])), [
      `ANRF5070 --set has a setting "${slip}", which there is not | Did you mean ${meant}?`,
    ])
})

test('every setting has a name of its own, and its default text means what holds without it', () => {
  const keys = SETTINGS.map(keyOf)
  assert.equal(new Set(keys).size, keys.length)
  for (const key of keys) assert.match(key, /^[a-z][A-Za-z0-9]*$/)
  for (const { env, read: readText, default: text } of SETTINGS) {
    if (text === undefined) continue
    const part = readText(text, {})
    assert.notEqual(typeof part, 'string', env)
    for (const [name, value] of Object.entries(part))
      assert.deepEqual(value, DEFAULT_CONFIG[name as keyof typeof DEFAULT_CONFIG], `${env}: ${name}`)
  }
})

test('an option goes before the environment, that before the file, and that before the default', () => {
  const file = layerOf(read({ port: 1001, queue: 11, workers: 2 }))
  const environment = environmentLayer({ ANRF_PORT: '1002', ANRF_QUEUE: '12', ANRF_WORKERS: '' })
  const assigned = layerOf(readAssignments(['port=1003']))
  const result = readLayers([assigned, environment, file], {})
  assert.ok('config' in result)
  const { port, queueMax, workers, drainMs } = result.config
  assert.deepEqual([port, queueMax, workers, drainMs], [1003, 12, 2, DEFAULT_CONFIG.drainMs])
  const described = describeConfig([assigned, environment, file]).filter(({ key }) =>
    /^(port|queue|workers|drainMs)$/.test(key),
  )
  assert.deepEqual(
    described.map(({ key, value, origin }) => [key, value, origin]),
    [
      ['port', '1003', 'flag'],
      ['drainMs', '10000', 'default'],
      ['workers', '2', 'file'],
      ['queue', '12', 'environment'],
    ],
  )
})

test('a file has lists as arrays and NAME=VALUE as objects', () => {
  const file = layerOf(
    read({ allow: ['kv', 'http=api.example.com'], ceilings: { wall: 5000, memory: 67_108_864 }, $schema: 'x' }),
  )
  const result = readLayers([file], {})
  assert.ok('config' in result, JSON.stringify(result))
  assert.deepEqual(result.config.ceilings, { wall: 5000, memory: 67_108_864 })
  assert.equal(result.config.grants.length, 2)
})

test('all mistakes of a file are said at once, with what was probably meant', () => {
  assert.deepEqual(complaintsOf(read({ prt: 1, logLevl: 'x', workers: null, nothingLikeIt: 1, __proto__x: 1 })), [
    'ANRF5070 anrf.config.json has a setting "prt", which there is not | Did you mean port?',
    'ANRF5070 anrf.config.json has a setting "logLevl", which there is not | Did you mean logLevel?',
    'ANRF5070 workers of anrf.config.json is no text, number, list or object of them',
    'ANRF5070 anrf.config.json has a setting "nothingLikeIt", which there is not | docs/CONFIGURATION.md has all settings.',
    'ANRF5070 anrf.config.json has a setting "__proto__x", which there is not | docs/CONFIGURATION.md has all settings.',
  ])
  assert.match(complaintsOf(read('{"port": }'))[0]!, /ANRF5070 anrf\.config\.json is not JSON/)
  assert.match(complaintsOf(read('[1]'))[0]!, /is not an object of settings/)
  assert.match(complaintsOf(readConfigFile(join(dir, 'none'), 'none'))[0]!, /none cannot be read: ENOENT/)
})

test('a value that does not fit is named by its place, and a secret is not shown', () => {
  const file = layerOf(read({ port: 70_000, otelExporterOtlpHeaders: 'Bearer-abc', $schema: 'x' }))
  const result = readLayers([file, environmentLayer({ ANRF_QUEUE: 'x' })], {})
  assert.ok('diagnostics' in result)
  assert.deepEqual(
    result.diagnostics.map(({ message }) => message.replace(/, not .*/, '')),
    [
      'port of anrf.config.json is "70000"',
      'ANRF_QUEUE is "x"',
      'otelExporterOtlpHeaders of anrf.config.json is a secret',
    ],
  )
  const described = describeConfig([layerOf(read({ otelExporterOtlpHeaders: { a: 'b' } }))])
  const headers = described.find(({ origin }) => origin === 'file')
  assert.equal(headers?.value, '(hidden)')
})

test('--set takes KEY=VALUE, of settings that there are', () => {
  assert.deepEqual(layerOf(readAssignments(['logLevel=warn', 'allow=http=a.example'])).values, {
    ANRF_LOG_LEVEL: 'warn',
    ANRF_ALLOW: 'http=a.example',
  })
  assert.deepEqual(complaintsOf(readAssignments(['port', 'logLevl=x', 'queue='])), [
    'ANRF5070 --set takes KEY=VALUE, not "port"',
    'ANRF5070 --set has a setting "logLevl", which there is not | Did you mean logLevel?',
    'ANRF5070 --set takes KEY=VALUE, not "queue="',
  ])
})
