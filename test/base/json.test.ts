import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from '../../src/base/index.ts'

const read = (text: string): ReturnType<typeof readJson> => readJson(Buffer.from(text))
const placeOf = (text: string): string | undefined => {
  const json = read(text)
  return json.ok ? undefined : json.pointer
}

test('text is read as JSON.parse reads it, and names like those of prototypes are names', () => {
  for (const text of [
    '0',
    '"a:b"',
    '[]',
    '{"a":{"a":{"a":[{"a":1},{"a":2}]}}}',
    '{"__proto__":1,"constructor":2}',
    '{"":1}',
  ])
    assert.deepEqual(read(text), { ok: true, value: JSON.parse(text) as unknown }, text)
  // Colons, quotes and braces in strings are letters.
  const text = JSON.stringify({ 'a":{': ':"}', b: String.raw`\":`, '\\': ['{"a":1,"a":1}'] })
  assert.deepEqual(read(text), { ok: true, value: JSON.parse(text) as unknown })
})

test('bytes that are not UTF-8 are refused, and leave nothing behind for the next text', () => {
  for (const cut of [[0x22, 0xe2, 0x82], [0x22, 0xff, 0x22], [0xe2]]) {
    const json = readJson(Uint8Array.from(cut))
    assert.deepEqual(json, { ok: false, reason: 'syntax', message: 'not UTF-8 text' })
    assert.deepEqual(read('"€"'), { ok: true, value: '€' })
  }
})

test('a member that is given twice is refused with its place, whatever is between and however it is written', () => {
  assert.equal(placeOf('{"a":1,"a":1}'), '/a')
  assert.equal(placeOf('{"a":{"b":1},"c":2,"a":{}}'), '/a')
  assert.equal(placeOf(String.raw`{"a":1,"\u0061":2}`), '/a')
  assert.equal(placeOf('{"__proto__":1,"__proto__":2}'), '/__proto__')
  assert.equal(placeOf('[{"a":1},{"b":[0,[],{"x/y":1,"~":2,"x/y":3}]}]'), '/1/b/2/x~1y')
  assert.equal(placeOf('{"":1,"":2}'), '/')
  assert.equal(placeOf(`{"a":"${'\\n'.repeat(4_000_000)}","a":1}`), '/a')
  const json = read('{"a":1,"a":2}')
  assert.deepEqual(json, {
    ok: false,
    reason: 'duplicate',
    message: 'the member "a" is given twice, at "/a"',
    pointer: '/a',
  })
})

test('a member twice is found wherever it is put into any text, and nothing is found without', () => {
  let seed = 20_260
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  const valueOf = (depth: number, twice: { left: number }): string => {
    const kind = depth === 0 ? 0 : random(3)
    if (kind === 0) return ['1', 'null', '"x:\\"{"', '-2.5e3', '[]', '{}'][random(6)]!
    if (kind === 1) return `[${Array.from({ length: random(4) }, () => valueOf(depth - 1, twice)).join(', ')}]`
    const members = Array.from({ length: 1 + random(4) }, (_, i) => `"k${i}": ${valueOf(depth - 1, twice)}`)
    if (twice.left-- === 0) members.push(`"k0":${valueOf(depth - 1, { left: -1 })}`)
    return `{${members.join(',')}}`
  }
  let found = 0
  for (let i = 0; i < 2000; i++) {
    const twice = { left: random(6) }
    const text = valueOf(4, twice)
    const has = twice.left < 0
    assert.equal(read(text).ok, !has, text)
    if (has) found++
  }
  assert.ok(found > 300, `${found} texts had a member twice`)
})
