import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { redact } from '../../src/telemetry/redact.ts'

const KEY = `anrf_${'0a'.repeat(8)}_${'5e'.repeat(32)}`

test('secrets are taken out by the names of fields, and keys wherever they stand', () => {
  assert.deepEqual(
    redact({
      method: 'GET',
      headers: { authorization: 'Bearer x', Cookie: 'a=b', accept: '*/*' },
      nested: [{ password: 'x', clientSecret: 'y', token: undefined }],
      detail: `the key ${KEY} is not valid`,
      said: 'authorization: Bearer abcdefgh.ijkl',
      tokens: 5,
    }),
    {
      method: 'GET',
      headers: { authorization: '[redacted]', Cookie: '[redacted]', accept: '*/*' },
      nested: [{ password: '[redacted]', clientSecret: '[redacted]', token: undefined }],
      detail: `the key anrf_${'0a'.repeat(8)}_[redacted] is not valid`,
      said: 'authorization: Bearer [redacted]',
      tokens: 5,
    },
  )
})

test('what is deep or cyclic ends', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  assert.match(JSON.stringify(redact(cyclic)), /\[deep\]/)
})

test('log lines have none of them, errors neither', () => {
  const code = `
    const { createLog } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/telemetry/log.ts'))})
    const error = Object.assign(new Error('refused: ${KEY}', { cause: new Error('Basic dXNlcjpwYXNzd29yZA==') }), { config: { headers: { authorization: 'Bearer abcdefghijk' } } })
    const log = createLog('info').child({ trace_id: 'abc' })
    log.error({ err: error, key: 'k-123456789' }, 'failed')
    log.debug({}, 'not said')
  `
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.equal(stderr.trim().split('\n').length, 1)
  const line = JSON.parse(stderr) as Record<string, unknown>
  assert.deepEqual([line['msg'], line['trace_id'], line['key']], ['failed', 'abc', '[redacted]'])
  for (const secret of ['5e5e', 'dXNlcjpwYXNzd29yZA', 'abcdefghijk', 'k-123456789'])
    assert.ok(!stderr.includes(secret), secret)
})
