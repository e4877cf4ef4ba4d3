// The worker's end of the wire: whole frames from a parent, however the bytes come, and the end of the process when it is gone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChannel } from '../../src/sandbox/channel.ts'
import { rehearse } from '../../src/sandbox/rehearse.ts'
import { createNonce, encodeFrame, FRAME } from '../../src/sandbox/wire.ts'

const GONE = new Error('gone')
const leave = (): never => {
  throw GONE
}

test('frames come whole whatever parts they are read in, then the parent is gone', () => {
  const nonce = createNonce()
  const bytes = Buffer.concat([1, 2].map((n) => encodeFrame(FRAME.run, nonce, Buffer.from(`run ${n}`))))
  for (const step of [1, 7, bytes.length]) {
    let at = 0
    const read = (into: Buffer): number => {
      const count = bytes.copy(into, 0, at, at + step)
      at += count
      return count
    }
    const channel = openChannel({ read, write: () => 0 }, leave)
    for (const n of [1, 2]) {
      const got = channel.receive(FRAME.run)
      assert.deepEqual([got.nonce, got.payload.toString()], [nonce, `run ${n}`])
    }
    assert.throws(() => channel.receive(FRAME.run), GONE)
  }
})

test('a frame is written whole whatever parts are taken', () => {
  const nonce = createNonce()
  const taken: Buffer[] = []
  const write = (bytes: Uint8Array): number =>
    taken.push(Buffer.from(bytes.subarray(0, 5))) && Math.min(5, bytes.length)
  openChannel({ read: () => 0, write }, leave).send(FRAME.log, nonce, Buffer.from('a line'))
  assert.deepEqual(Buffer.concat(taken), encodeFrame(FRAME.log, nonce, Buffer.from('a line')))
})

test('the next run may come before what the run under way waits for', () => {
  const bytes = Buffer.concat([
    encodeFrame(FRAME.run, createNonce(), Buffer.from('next')),
    encodeFrame(FRAME.answer, createNonce(), Buffer.from('answer')),
  ])
  const channel = openChannel({ read: (into) => bytes.copy(into), write: () => 0 }, leave)
  assert.equal(channel.receive(FRAME.answer).payload.toString(), 'answer')
  assert.equal(channel.receive(FRAME.run).payload.toString(), 'next')
  // But no more than a few.
  assert.throws(() => {
    for (let i = 0; i < 20; i++) channel.receive(FRAME.answer)
  }, /an unexpected frame of type 2/)
})

test('a frame that is not due is an error, even from a trusted parent', () => {
  const frame = encodeFrame(FRAME.answer, createNonce())
  const channel = openChannel({ read: (into) => frame.copy(into), write: () => 0 }, leave)
  assert.throws(() => channel.receive(FRAME.run), /an unexpected frame of type 10/)
})

test('the rehearsal of a new worker comes to its end in every mode', () => rehearse(2))
