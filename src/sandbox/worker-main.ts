// The worker process: the only file of this folder that loads the engine. It has no environment, no standard input or
// output, and one descriptor, on which it reads and writes frames synchronously: a blocked read costs less than an event loop.
import type { IsolationLevel, Mode } from '../base/index.ts'
import { readSync, writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { loadProgram, run, type Program } from '../engine/index.ts'
import { readAnswer, writeCall, writeSequence } from './effect-frames.ts'
import { BREAK_OUT, lockDown, type Confined } from './isolation/lock-down.ts'
import { LOG_LEVELS, NO_USAGE, type LogLevel, type ResultMessage, type RunMessage } from './messages.ts'
import { programIdOf } from './program-id.ts'
import { collect, heapBytes, startRunMeter, type RunMeter } from './run-meter.ts'
import { warmUp } from './warm-up.ts'
import { CHANNEL_FD, createFrameReader, encodeFrame, FRAME, NO_NONCE } from './wire.ts'

const STDERR_FD = 2
const CHUNK_BYTES = 256 * 2 ** 10
const FRAME_BYTES_MAX = 2 ** 30
/** Programs kept loaded, least recently used first in the map's order. */
const PROGRAMS_MAX = 64
/** Garbage that may stay between runs before it is collected while nobody waits. */
const IDLE_GARBAGE_BYTES = 32 * 2 ** 20

type Loaded = ReturnType<typeof loadProgram>

const programs = new Map<string, Loaded>()
const reader = createFrameReader()
const chunk = Buffer.allocUnsafe(CHUNK_BYTES)

function send(type: number, nonce: Buffer, payload?: Uint8Array): void {
  const frame = encodeFrame(type, nonce, payload)
  for (let at = 0; at < frame.length;) at += writeSync(CHANNEL_FD, frame, at)
}

/** The next frame of the parent, which is trusted. The process ends when the parent is gone. */
function receive(type: number): { nonce: Buffer; payload: Buffer } {
  for (;;) {
    const got = reader.next({
      largestBytes: FRAME_BYTES_MAX,
      payloadBytesMax: (t) => (t === type ? FRAME_BYTES_MAX : undefined),
    })
    if (got.kind === 'violation') throw new Error(got.message)
    if (got.kind === 'frame') return { nonce: Buffer.from(got.frame.nonce), payload: got.frame.payload }
    const count = readSync(CHANNEL_FD, chunk)
    if (count === 0) confined.leave(0)
    reader.push(chunk.subarray(0, count))
  }
}

/** The program of a run, loaded once per worker: asked for only when it is not known. */
function findProgram(programId: string, nonce: Buffer): Loaded {
  const known = programs.get(programId)
  programs.delete(programId)
  const loaded = known ?? requestProgram(programId, nonce)
  programs.set(programId, loaded)
  if (programs.size > PROGRAMS_MAX) programs.delete(programs.keys().next().value!)
  return loaded
}

function requestProgram(programId: string, nonce: Buffer): Loaded {
  send(FRAME.need, nonce)
  const bytes = new Uint8Array(receive(FRAME.program).payload)
  if (programIdOf(bytes) !== programId) throw new Error('the program is not the one that was named')
  return loadProgram(bytes)
}

function execute(program: Program, message: RunMessage, nonce: Buffer, meter: RunMeter): ResultMessage {
  const report = run(program, {
    entry: message.entry,
    args: message.args,
    limits: message.limits,
    world: message.world,
    mode: message.mode as Mode,
    host: {
      now: () => performance.now(),
      log: (level, line) => {
        const text = Buffer.from(`\0${line}`)
        text[0] = Math.max(0, LOG_LEVELS.indexOf(level as LogLevel))
        send(FRAME.log, nonce, text)
      },
      liveBytes: () => meter.liveBytes(message.limits.memory),
      effects: {
        start: (call) => send(FRAME.effect, nonce, writeCall(call)),
        cancel: (sequence) => send(FRAME.cancel, nonce, writeSequence(sequence)),
        next: () => {
          send(FRAME.wait, nonce)
          return readAnswer(receive(FRAME.answer).payload)
        },
      },
    },
  })
  return { ...report, usage: { ...report.usage, ...meter.used() } }
}

function serveRun(): void {
  const { nonce, payload } = receive(FRAME.run)
  const meter = startRunMeter()
  const message = JSON.parse(payload.toString()) as RunMessage
  const loaded = findProgram(message.programId, nonce)
  const result: ResultMessage =
    'diagnostics' in loaded
      ? { outcome: { kind: 'refused', ...loaded }, usage: { ...NO_USAGE, ...meter.used() }, readsWorld: false }
      : execute(loaded.program, message, nonce, meter)
  send(FRAME.result, nonce, Buffer.from(JSON.stringify(result)))
}

function serve(): void {
  send(FRAME.ready, NO_NONCE)
  for (let quietBytes = heapBytes(); ;) {
    serveRun()
    if (heapBytes() - quietBytes < IDLE_GARBAGE_BYTES) continue
    collect()
    quietBytes = heapBytes()
  }
}

/** A defect of ours is told on standard error, for the operator. */
function describeDefect(error: unknown): string {
  return `${error instanceof Error ? error.stack : String(error)}\n`
}

const [level, dataBytes, word] = process.argv.slice(2)
warmUp()
// Workers end by SIGKILL, when Node would write nothing: so what this start compiled is written now.
if (level === 'none') flushCompileCache()
// Everything is loaded, and nothing untrusted was read.
const confined: Confined = await lockDown(level as IsolationLevel, Number(dataBytes))
try {
  if (word === BREAK_OUT) {
    send(FRAME.ready, NO_NONCE)
    confined.breakOut()
  } else serve()
  confined.leave(0)
} catch (error) {
  writeSync(STDERR_FD, describeDefect(error))
  confined.leave(1)
}
