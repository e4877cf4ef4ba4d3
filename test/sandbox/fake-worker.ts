// A worker without an engine: the entry of a run names what it does, good or bad. It speaks the wire by itself where it misbehaves.
import { readSync, writeSync } from 'node:fs'
import { writeCall, writeLeft } from '../../src/sandbox/effect-frames.ts'
import { createFrameReader, encodeFrame, FRAME, NO_NONCE } from '../../src/sandbox/wire.ts'
import { readRunMessage } from '../../src/sandbox/messages.ts'
import { createRandom, Malice, resultFrame as result, resultPayload, resultWithText } from './hostile-peer.ts'

const CHANNEL_FD = 3
const reader = createFrameReader()
const chunk = Buffer.alloc(64 * 1024)

function send(...frames: Buffer[]): void {
  const bytes = Buffer.concat(frames)
  for (let at = 0; at < bytes.length;) at += writeSync(CHANNEL_FD, bytes, at)
}

function receive(): { type: number; nonce: Buffer; payload: Buffer } {
  for (;;) {
    const got = reader.next({ largestBytes: 2 ** 30, payloadBytesMax: () => 2 ** 30 })
    if (got.kind === 'frame') return { ...got.frame, nonce: Buffer.from(got.frame.nonce) }
    if (got.kind === 'violation') throw new Error(got.message)
    const count = readSync(CHANNEL_FD, chunk)
    if (count === 0) process.exit(0)
    reader.push(chunk.subarray(0, count))
  }
}

const raw = (nonce: Buffer, payload: Buffer): Buffer => encodeFrame(FRAME.result, nonce, payload)
const ofText = (nonce: Buffer, text: string | Buffer): Buffer => raw(nonce, resultWithText(text))
/** A result that says so much of its fuel. */
const ofFuel = (nonce: Buffer, fuel: number): Buffer =>
  raw(
    nonce,
    resultPayload({ usage: { allocatedBytes: 2, depthMax: 3, logBytes: 4, wallMs: 5, cpuMs: 6, peakBytes: 7, fuel } }),
  )
const log = (nonce: Buffer, line: string): Buffer => encodeFrame(FRAME.log, nonce, Buffer.from(`\0${line}`))

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const hang = (): never => {
  for (;;) sleep(1e6)
}
const length = (n: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

/** `brought`: the program, if it came along. */
type Behaviour = (nonce: Buffer, args: readonly unknown[], brought: Buffer | undefined) => void

const behaviours: Record<string, Behaviour> = {
  // Good ones.
  echo: (nonce, args) => send(log(nonce, 'a line'), result(nonce, args)),
  program: (nonce, _, brought) => {
    if (!brought) send(encodeFrame(FRAME.need, nonce))
    send(result(nonce, (brought ?? receive().payload).length))
  },
  drip: (nonce) => {
    const bytes = result(nonce, 'in single bytes')
    for (const byte of bytes) send(Buffer.from([byte]))
  },
  pid: (nonce) => send(result(nonce, process.pid)),
  plain: (nonce) => send(result(nonce, 1)),
  hang: (nonce) => {
    send(log(nonce, 'before'))
    hang()
  },
  spin: () => {
    for (;;);
  },
  exit: (nonce) => {
    send(log(nonce, 'last words'))
    process.exit(3)
  },
  throw: () => {
    throw new Error('a defect of the worker')
  },
  heap: () => {
    const kept: unknown[] = []
    for (;;) kept.push(new Array(1000).fill(kept.length))
  },
  resident: () => {
    const kept: Buffer[] = []
    for (;;) kept.push(Buffer.alloc(2 ** 20, 1))
  },
  // Hostile ones: each must end as `crashed` by a violation.
  'zero length': () => send(length(0)) ?? hang(),
  'length below the header': () => send(length(8)) ?? hang(),
  'length of four gigabytes': (nonce) => send(length(0xffffffff), Buffer.from([FRAME.result]), nonce) ?? hang(),
  'a result over its bound': (nonce) => send(length(9 + 2 ** 28), Buffer.from([FRAME.result]), nonce) ?? hang(),
  'unknown type': (nonce) => send(encodeFrame(99, nonce)) ?? hang(),
  'a frame that only the parent sends': (nonce) => send(encodeFrame(FRAME.run, nonce)) ?? hang(),
  'ready twice': () => send(encodeFrame(FRAME.ready, NO_NONCE)) ?? hang(),
  'need twice': (nonce) => send(encodeFrame(FRAME.need, nonce), encodeFrame(FRAME.need, nonce)) ?? hang(),
  'need with a payload': (nonce) => send(encodeFrame(FRAME.need, nonce, Buffer.alloc(1))) ?? hang(),
  'a wrong nonce': () => send(result(Buffer.alloc(8, 7), 1)) ?? hang(),
  'no nonce': () => send(result(NO_NONCE, 1)) ?? hang(),
  'two results in one chunk': (nonce) => send(result(nonce, 1), result(nonce, 2)) ?? hang(),
  'surplus bytes after the result': (nonce) => send(result(nonce, 1), Buffer.from([0])) ?? hang(),
  'a flood of garbage': () => send(Buffer.alloc(60_000, 0xa5)) ?? hang(),
  'a result without its numbers': (nonce) => send(raw(nonce, Buffer.from('{"outcome":{"kind":"ret'))) ?? hang(),
  'truncated JSON': (nonce) => send(ofText(nonce, '{"outcome":{"kind":"ret')) ?? hang(),
  'JSON nested 200,000 deep': (nonce) =>
    send(ofText(nonce, `{"outcome":{"kind":"returned","value":${'['.repeat(2e5)}${']'.repeat(2e5)}}}`)) ?? hang(),
  'not UTF-8': (nonce) => send(ofText(nonce, Buffer.from([0x22, 0xff, 0x22]))) ?? hang(),
  'an outcome of no known kind': (nonce) => send(raw(nonce, resultPayload({ outcome: { kind: 'won' } }))) ?? hang(),
  'an outcome that only the parent says': (nonce) =>
    send(raw(nonce, resultPayload({ outcome: { kind: 'cancelled', message: '' } }))) ?? hang(),
  'a limit named __proto__': (nonce) =>
    send(raw(nonce, resultPayload({ outcome: { kind: 'limited', limit: '__proto__', message: '', stack: [] } }))) ??
    hang(),
  'usage that is no number': (nonce) => send(ofFuel(nonce, NaN)) ?? hang(),
  'usage below nothing': (nonce) => send(ofFuel(nonce, -1)) ?? hang(),
  'endless usage': (nonce) => send(ofFuel(nonce, Infinity)) ?? hang(),
  'neither read nor unread': (nonce) => send(raw(nonce, resultPayload({ readsWorld: 2 }))) ?? hang(),
  'a log level that is not there': (nonce) => send(encodeFrame(FRAME.log, nonce, Buffer.from([200, 65]))) ?? hang(),
  'an empty log frame': (nonce) => send(encodeFrame(FRAME.log, nonce)) ?? hang(),
  'half a frame, then the end': (nonce) => {
    send(result(nonce, 1).subarray(0, 20))
    process.exit(0)
  },
  // Hostile in the first run of a worker only.
  'need of what came along': (nonce) => send(encodeFrame(FRAME.need, nonce)) ?? hang(),
  // Answers, and writes once more when nobody asked.
  'a frame after the run': (nonce) => {
    send(result(nonce, 'fine'))
    send(log(nonce, 'late'))
  },
  // Whatever comes of the seed that it is given. Where that is an answer like any other it lives on, and answers the next.
  noise: (nonce, args) => {
    const malice = new Malice(createRandom(Number(args[0])))
    send(...malice.frames(nonce, 'noise', [nonce]))
  },
  // Reads the first byte of an answer, and asks for more without reading on.
  greedy: (nonce) => {
    for (let sequence = 0; ; sequence++) {
      send(encodeFrame(FRAME.effect, nonce, writeCall({ sequence, name: 'kv.get', args: '[]' })))
      send(encodeFrame(FRAME.wait, nonce, writeLeft({ fuel: 1, allocation: 1 })))
      if (sequence === 0) readSync(CHANNEL_FD, chunk, 0, 1, null)
    }
  },
  // Calls programs, and says each time that nothing of what it was given is used.
  'a rich caller': (nonce) => {
    for (let sequence = 0; sequence < 50; sequence++) {
      send(encodeFrame(FRAME.effect, nonce, writeCall({ sequence, name: 'programs.call', args: '{}' })))
      send(encodeFrame(FRAME.wait, nonce, writeLeft({ fuel: 2 ** 53 - 1, allocation: 2 ** 53 - 1 })))
      receive()
    }
    send(result(nonce, 'done'))
  },
  'a wait without amounts': (nonce) => {
    send(encodeFrame(FRAME.effect, nonce, writeCall({ sequence: 0, name: 'kv.get', args: '[]' })))
    send(encodeFrame(FRAME.wait, nonce))
    hang()
  },
  'a wait with less than nothing': (nonce) => {
    send(encodeFrame(FRAME.effect, nonce, writeCall({ sequence: 0, name: 'kv.get', args: '[]' })))
    send(encodeFrame(FRAME.wait, nonce, writeLeft({ fuel: -1, allocation: NaN })))
    hang()
  },
  'a call given up twice': (nonce) => {
    send(encodeFrame(FRAME.effect, nonce, writeCall({ sequence: 0, name: 'kv.get', args: '[]' })))
    for (let i = 0; i < 2; i++) send(encodeFrame(FRAME.cancel, nonce, Buffer.alloc(4)))
    hang()
  },
  'a flood of log lines': (nonce) => {
    const line = log(nonce, 'x'.repeat(1000))
    for (;;) send(line)
  },
}

/** The behaviours that break the protocol while a run is under way. */
export const HOSTILE: readonly string[] = Object.keys(behaviours).slice(
  Object.keys(behaviours).indexOf('zero length'),
  Object.keys(behaviours).indexOf('half a frame, then the end'),
)

if (import.meta.main) {
  send(encodeFrame(FRAME.ready, NO_NONCE))
  for (;;) {
    const { nonce, payload } = receive()
    const { entry, args, bringsProgram } = readRunMessage(payload)
    behaviours[entry]!(nonce, args, bringsProgram ? receive().payload : undefined)
  }
}
