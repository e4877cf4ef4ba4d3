// The frame reader and the reader of results against bytes of every kind: they may refuse, they never throw.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import {
  readLogLine,
  readResultMessage,
  readRunMessage,
  writeRunMessage,
  type RunMessage,
} from '../../src/sandbox/messages.ts'
import { createRandom, resultPayload, resultWithText } from './hostile-peer.ts'
import {
  createFrameReader,
  encodeFrame,
  FRAME,
  NO_NONCE,
  type Expectation,
  type Frame,
} from '../../src/sandbox/wire.ts'

const seed = Number(process.env['ANRF_SEED'] ?? randomInt(2 ** 31))
const nonce = Buffer.from('12345678')
const MAX = 1000
const expected: Expectation = {
  nonce,
  largestBytes: MAX,
  payloadBytesMax: (type) => (type === FRAME.log || type === FRAME.result ? MAX : undefined),
}

const outcomes = [
  { kind: 'returned', value: { $: 'NaN' } },
  { kind: 'threw', error: { name: 'Error', message: 'm', value: null }, stack: [{ function: 'f' }] },
  { kind: 'limited', limit: 'fuel', message: 'm', stack: [] },
  { kind: 'refused', diagnostics: [{ code: 'ANRF2001', severity: 'error', message: 'm', pointer: '/a' }] },
]
const results = outcomes.map((outcome) => resultPayload({ outcome, args: [1], readsWorld: true }))

test('frames come out as they went in, however the bytes are cut', () => {
  const random = createRandom(seed)
  const reader = createFrameReader()
  const payloads = Array.from({ length: 500 }, (_, i) => Buffer.alloc(random(MAX), i))
  const bytes = Buffer.concat(payloads.map((payload) => encodeFrame(FRAME.log, nonce, payload)))
  const got: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random(random(10) === 0 ? 5000 : 40)
    reader.push(bytes.subarray(at, at + size))
    at += size
    for (let next = reader.next(expected); next.kind !== 'wait'; next = reader.next(expected)) {
      assert.equal(next.kind, 'frame', `seed ${seed}`)
      got.push(Buffer.from((next as { frame: Frame }).frame.payload))
    }
  }
  assert.equal(Buffer.compare(Buffer.concat(got), Buffer.concat(payloads)), 0, `seed ${seed}`)
  assert.equal(got.length, payloads.length)
  assert.equal(reader.pendingBytes(), 0)
})

test('a frame is judged as soon as its header is there', () => {
  const judge = (bytes: Buffer): string => {
    const reader = createFrameReader()
    reader.push(bytes)
    return reader.next(expected).kind
  }
  assert.equal(judge(Buffer.from([0, 0, 0])), 'wait')
  for (const length of [0, 8]) assert.equal(judge(Buffer.from([0, 0, 0, length])), 'violation')
  assert.equal(judge(Buffer.from([0xff, 0xff, 0xff, 0xff])), 'violation')
  assert.equal(judge(Buffer.from([0, 0, 0, 9])), 'wait')
  assert.equal(judge(Buffer.from([0, 0, 0, 9, 77])), 'violation')
  assert.equal(judge(Buffer.from([0xff, 0xff, 0xff, 0xff, FRAME.log])), 'violation')
  assert.equal(judge(encodeFrame(FRAME.log, NO_NONCE).subarray(0, 13)), 'violation')
})

test('60,000 damaged frames are refused or read, and nothing throws', () => {
  const random = createRandom(seed)
  for (let i = 0; i < 60_000; i++) {
    const frame = encodeFrame(FRAME.result, nonce, results[random(results.length)])
    for (let n = random(4); n >= 0; n--) frame[random(frame.length)] = random(256)
    const reader = createFrameReader()
    reader.push(frame.subarray(0, random(8) === 0 ? random(frame.length) : frame.length))
    const result = reader.next(expected)
    if (result.kind !== 'frame') continue
    const { payload, type } = result.frame
    if (type === FRAME.log) readLogLine(payload)
    else readResultMessage(payload)
  }
})

test('every kind of outcome is understood, and no member of it may be missing', () => {
  for (const [i, outcome] of outcomes.entries()) {
    assert.deepEqual(readResultMessage(results[i]!)?.outcome, outcome)
    for (const name of Object.keys(outcome)) {
      const { [name]: _, ...rest } = outcome as Record<string, unknown>
      assert.equal(readResultMessage(resultPayload({ outcome: rest })), undefined, name)
    }
  }
})

test('a result has all of its numbers, and each of them counts something', () => {
  const [whole] = results
  const { usage } = readResultMessage(whole!)!
  for (const name of Object.keys(usage))
    for (const count of [NaN, Infinity, -1, 2 ** 60])
      assert.equal(readResultMessage(resultPayload({ usage: { ...usage, [name]: count } })), undefined, name)
  for (let length = 0; length < whole!.indexOf('{'); length++)
    assert.equal(readResultMessage(whole!.subarray(0, length)), undefined)
  assert.equal(readResultMessage(resultPayload({ readsWorld: 0.5 })), undefined)
  for (const text of ['', '[]', '{"outcome":1}', '{"args":[]}'])
    assert.equal(readResultMessage(resultWithText(text)), undefined)
})

test('what a run is asked with arrives as it was', () => {
  const limits = resolveLimits({ fuel: 2 ** 50, wall: 1.5 })
  const message: RunMessage = {
    programId: 'sha256:00',
    entry: 'f',
    args: ['ü', { $: 'NaN' }, [null]],
    limits,
    mode: 'jit',
    world: { time: 2 ** 53 - 1, seed: 0 },
  }
  for (const bringsProgram of [false, true])
    assert.deepEqual(readRunMessage(writeRunMessage(message, bringsProgram)), { ...message, bringsProgram })
})
