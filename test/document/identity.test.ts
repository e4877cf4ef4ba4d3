import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  buildDocument,
  canonicalJson,
  documentId,
  encodeDocument,
  isDocumentId,
  isProgramName,
  isProgramVersion,
  programNameOf,
} from '../../src/document/index.ts'
import { brief, editSample, open, refuse } from './open-helpers.ts'
import { sampleParts } from './sample.ts'

test('the canonical form is that of RFC 8785, section 3.2.4', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
  assert.equal(canonicalJson(value), expected)
})

test('keys are sorted by UTF-16 code units, as RFC 8785 section 3.2.3 shows', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
  assert.deepEqual(Object.keys(JSON.parse(text) as object).sort(), [...sorted].sort())
  assert.equal(text, `{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`)
})

test('numbers that JSON cannot hold do not share a canonical form with others', () => {
  assert.notEqual(canonicalJson({ a: -0 }), canonicalJson({ a: 0 }))
  assert.throws(() => canonicalJson(Number.NaN))
  assert.throws(() => canonicalJson(undefined))
})

test('a lone surrogate is escaped, in values and keys, and shares its form with nothing else', () => {
  assert.equal(canonicalJson({ b: 'x\ud800y', '\udc00': -0 }), String.raw`{"b":"x\ud800y","\udc00":{"$":"-0"}}`)
  assert.equal(canonicalJson(['\ud83d\ude00', '\ud800']), String.raw`["😀","\ud800"]`)
  const texts = ['\ud800', '\ud801', '\ufffd', '\uffff', '\uffffd800', '\uffff\ud800', String.raw`\ud800`, 'd800']
  const all = [...texts, ...texts.map((text) => `${text}\udfff`)]
  assert.equal(new Set(all.map(canonicalJson)).size, all.length)
  for (const text of all) assert.equal(JSON.parse(canonicalJson(text)), text)
})

test('the identity changes with every part of the document but not with anrf_id', () => {
  const document = buildDocument(sampleParts())
  assert.ok(isDocumentId(document.anrfId))
  assert.equal(documentId({ ...document, anrfId: 'other' }), document.anrfId)
  const ids = new Set([
    document.anrfId,
    open(editSample((d) => (d.metadata['note'] = 'x'))).id,
    open(editSample((d) => d.intent.tags.push('x'))).id,
    open(editSample((d) => (d.security.limits['fuel'] = 7))).id,
    buildDocument({ ...sampleParts(), version: '1.2.1' }).anrfId,
  ])
  assert.equal(ids.size, 5)
})

test('a changed document, and another than was asked for, are refused', () => {
  const document = buildDocument(sampleParts())
  const changed = encodeDocument({ ...document, metadata: { ...document.metadata, note: 'x' } })
  assert.deepEqual(brief(refuse(changed)), ['ANRF3002 /anrf_id'])
  const bytes = encodeDocument(document)
  assert.deepEqual(brief(refuse(bytes, { expectedId: `sha256:${'0'.repeat(64)}` })), ['ANRF3002 '])
  assert.equal(open(bytes, { expectedId: document.anrfId }).id, document.anrfId)
})

test('names and versions of programs are told from other text', () => {
  for (const name of ['a', 'word-count', 'a.b_c-9', 'Total']) assert.ok(isProgramName(name), name)
  for (const name of ['', '9a', 'a--b', 'a/b', 'a b', '-a', 'a-', 'ä', `a${'b'.repeat(100)}`])
    assert.ok(!isProgramName(name), name)
  for (const version of ['0.0.0', '1.2.10', '1.0.0-rc.1', '1.0.0-x-y.0a']) assert.ok(isProgramVersion(version), version)
  for (const version of ['', '1', '1.2', 'v1.2.3', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0+b', '1.0.0 '])
    assert.ok(!isProgramVersion(version), version)
})

test('a program name is made from a path', () => {
  const cases = {
    'src/word-count.ts': 'word-count',
    'Über maß.ts': 'ber-ma',
    '01_sum.ts': 'sum',
    'a..b.anrf': 'a-b',
    '.ts': 'program',
  }
  for (const [path, name] of Object.entries(cases)) assert.equal(programNameOf(path), name, path)
})
