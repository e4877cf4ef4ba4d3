// Goal: no bytes make the reader throw, hang, take memory without bound, or accept what it did not understand.
// Method: hand-made malformed documents, each with its typed answer, then seeded mutations of good ones.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOUNDS,
  buildDocument,
  decodeDocument,
  encodeDocument,
  encodeDocumentJson,
  openDocument,
} from '../../src/document/index.ts'
import { brief, bytesOf, readFixture } from './open-helpers.ts'
import { sampleParts } from './sample.ts'

function problems(bytes: Uint8Array): string[] {
  const decoded = decodeDocument(bytes)
  return 'diagnostics' in decoded ? brief(decoded.diagnostics) : []
}

test('JSON that does not follow the schema is refused with a pointer for each difference', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', ['ANRF3001 ']],
    ['{', ['ANRF3001 ']],
    ['{"a', ['ANRF3001 ']],
    ['[]', ['ANRF3001 ']],
    ['{"nonsense":1}', ['ANRF3001 /nonsense']],
    ['{"anrfId":"x"}', ['ANRF3001 /anrfId']],
    ['{"anrf_id":1,"version":[],"intent":"x"}', ['ANRF3001 /anrf_id', 'ANRF3001 /version', 'ANRF3001 /intent']],
    ['{"intent":{"tags":["a",2]}}', ['ANRF3001 /intent/tags/1']],
    ['{"intent":{"tags":["a",null]}}', ['ANRF3001 /intent/tags/1']],
    ['{"intent":{"tags":{}}}', ['ANRF3001 /intent/tags']],
    ['{"metadata":{"a/b~c":1}}', ['ANRF3001 /metadata/a~1b~0c']],
    ['{"metadata":[]}', ['ANRF3001 /metadata']],
    ['{"anrf_id":"\\ud800"}', ['ANRF3001 /anrf_id']],
    ['{"metadata":{"\\ud800":""}}', ['ANRF3001 /metadata']],
    ['{"execution":{"code":"!!"}}', ['ANRF3001 /execution/code']],
    ['{"execution":{"code":"QUI"}}', ['ANRF3001 /execution/code']],
    ['{"execution":{"code":"QUJ="}}', ['ANRF3001 /execution/code']],
    ['{"security":{"override_status":"yes"}}', ['ANRF3001 /security/override_status']],
    ['{"security":{"limits":{"fuel":"NaN"}}}', ['ANRF3001 /security/limits/fuel']],
    ['{"security":{"limits":{"fuel":1e999}}}', ['ANRF3001 /security/limits/fuel']],
    ['{"version":"v1","version":"v1.1"}', ['ANRF3001 /version']],
  ]
  for (const [text, expected] of cases) assert.deepEqual(problems(bytesOf(text)), expected, text)
})

test('null stands for an absent field, as the published documents use it', () => {
  const decoded = decodeDocument(bytesOf('{"version":null,"security":{"override_justification":null}}'))
  assert.ok('document' in decoded)
  assert.equal(decoded.document.version, '')
})

test('a member that is given twice is refused with its place', () => {
  assert.deepEqual(problems(bytesOf('{"version":"1","version":"1"}')), ['ANRF3001 /version'])
  assert.deepEqual(problems(bytesOf('{"metadata":{"a":"1","b":"2","a":"3"}}')), ['ANRF3001 /metadata/a'])
})

test('text that is not UTF-8 is refused', () => {
  assert.deepEqual(problems(Buffer.from('{"anrf_id":"\xff"}', 'latin1')), ['ANRF3001 '])
})

test('protobuf with unknown fields, wrong wire types or repeated single fields is refused', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    // field 7 of ANRF, a string
    ['3a0161', ['ANRF3001 ']],
    // anrf_id as a varint
    ['0801', ['ANRF3001 /anrf_id']],
    // version twice
    ['120161120162', ['ANRF3001 /version']],
    // intent with its unknown field 9
    ['1a024a00', ['ANRF3001 /intent']],
    // metadata: an entry with a third field
    ['320a0a016112016b1a01ff00', ['ANRF3001 /metadata']],
    // group
    ['0b0c', ['ANRF3001 /anrf_id']],
    // field number 0
    ['0000', ['ANRF3001 ']],
    // length beyond the end
    ['0aff', ['ANRF3001 ']],
    ['0affffffff0f61', ['ANRF3001 ']],
    // anrf_id is not UTF-8
    ['0a01ff', ['ANRF3001 ']],
  ]
  for (const [hex, expected] of cases) assert.deepEqual(problems(Buffer.from(hex, 'hex')), expected, hex)
})

test('oversized and deeply nested documents are refused before they are built', () => {
  assert.deepEqual(problems(Buffer.alloc(BOUNDS.bytes + 1, 0x20)), ['ANRF3008 '])
  assert.deepEqual(problems(bytesOf('{"intent":'.repeat(100_000))), ['ANRF3008 '])
  assert.deepEqual(problems(bytesOf(`{"a":${'['.repeat(1_000_000)}`)), ['ANRF3008 '])
  assert.deepEqual(problems(bytesOf(`{"intent":{"tags":[${'[],'.repeat(400_000)}[]]}}`)), ['ANRF3008 '])
  // Two bytes for each empty semantic node: half a million messages in 1 MB.
  const nodes = Buffer.alloc(1_000_000)
  for (let i = 0; i < nodes.length; i += 2) nodes[i] = 0x0a
  const length = Buffer.from([0x22, 0xc0, 0x84, 0x3d])
  assert.deepEqual(problems(Buffer.concat([length, nodes])), ['ANRF3008 '])
})

test('a document has at most a hundred diagnostics, of bounded length', () => {
  const tags = Array.from({ length: 5000 }, (_, i) => i)
  const many = decodeDocument(bytesOf(JSON.stringify({ intent: { tags } })))
  assert.ok('diagnostics' in many)
  assert.equal(many.diagnostics.length, BOUNDS.diagnostics)
  const long = decodeDocument(bytesOf(JSON.stringify({ ['x'.repeat(1_000_000)]: 1 })))
  assert.ok('diagnostics' in long)
  assert.ok(JSON.stringify(long).length < 3000)
})

/** xorshift32. */
function randomizer(seed: number): (below: number) => number {
  let state = seed || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = Buffer.from(bytes)
  switch (random(5)) {
    case 0:
      return copy.subarray(0, random(copy.length))
    case 1:
      copy.writeUInt8(random(256), random(copy.length))
      return copy
    case 2: {
      const [from, to] = [random(copy.length), random(copy.length)]
      return Buffer.concat([copy.subarray(0, from), copy.subarray(to)])
    }
    case 3: {
      const at = random(copy.length)
      return Buffer.concat([copy.subarray(0, at), Buffer.from([random(256), random(256)]), copy.subarray(at)])
    }
    default: {
      const at = random(copy.length)
      copy.writeUInt8(copy.readUInt8(at) ^ (1 << random(8)), at)
      return copy
    }
  }
}

test('mutated documents are opened or refused with diagnostics, never thrown at', (t) => {
  const seed = Number(process.env['ANRF_SEED'] ?? Date.now() & 0x7fffffff)
  t.diagnostic(`ANRF_SEED=${seed}`)
  const random = randomizer(seed)
  const document = buildDocument(sampleParts())
  const good = [encodeDocument(document), bytesOf(encodeDocumentJson(document)), readFixture('published-sum.json')]
  let refused = 0
  for (let i = 0; i < 6000; i++) {
    let bytes = good[i % good.length] ?? Buffer.alloc(0)
    for (let times = random(3); times >= 0; times--) if (bytes.length > 0) bytes = mutate(bytes, random)
    const opened = openDocument(bytes)
    if ('diagnostics' in opened) refused++
    // Our own documents carry their identity: what opens is what was made.
    else if (i % 3 < 2) assert.equal(opened.id, document.anrfId, Buffer.from(bytes).toString('base64'))
  }
  assert.ok(refused > 4000)
})

test('random bytes are refused', () => {
  const random = randomizer(20_260_101)
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(Array.from({ length: 1 + random(40) }, () => random(256)))
    assert.ok('diagnostics' in openDocument(bytes), bytes.toString('hex'))
  }
})
