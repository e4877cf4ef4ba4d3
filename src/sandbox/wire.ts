import { randomFillSync } from 'node:crypto'

/**
 * The wire between the service and a worker: one byte stream of frames
 * `u32 length | u8 type | u64 nonce | payload`, big-endian; `length` counts what follows it.
 * The nonce names one execution, so that an answer can never be taken for that of another.
 * `ready` carries nonce 0.
 */
export const FRAME = {
  /** worker -> parent, once: the worker can take a run. Payload empty. */
  ready: 1,
  /** parent -> worker: execute, after the run that is under way if there is one. Payload: see `writeRunMessage`. */
  run: 2,
  /** worker -> parent: the program of this run is not known here. Payload empty. */
  need: 3,
  /** parent -> worker: the bytes of the program, in answer to `need`, or behind a `run` that says so. */
  program: 4,
  /** worker -> parent: one log line. Payload: level (one byte of LOG_LEVELS' index), UTF-8 text. */
  log: 5,
  /** worker -> parent: the end of the run. Payload: see `writeResultMessage`. */
  result: 6,
  /** worker -> parent: a call of an effect begins. Payload: see `writeCall`. */
  effect: 7,
  /** worker -> parent: a call is given up. Payload: its number. */
  cancel: 8,
  /** worker -> parent: the run waits for an answer. Payload empty; nothing else comes before `answer`. */
  wait: 9,
  /** parent -> worker: the answer, in reply to `wait`. Payload: see `writeAnswer`. */
  answer: 10,
} as const

/** So many runs may be sent while one is under way. */
export const RUNS_AHEAD_MAX = 8

/** So many programs a worker keeps loaded, those that it ran last. */
export const PROGRAMS_KEPT_MAX = 64

/** The descriptor of a worker's end. */
export const CHANNEL_FD = 3

const NONCE_BYTES = 8
export const NO_NONCE: Buffer = Buffer.alloc(NONCE_BYTES)
const LENGTH_BYTES = 4
const HEADER_BYTES = LENGTH_BYTES + 1 + NONCE_BYTES
const STAGE_BYTES = 4 * 2 ** 10
/** A stage that grew beyond this is given back when it is empty. */
const STAGE_BYTES_KEPT = 2 ** 20

/** `payload` is a view that is valid until the next `push`. */
export type Frame = { readonly type: number; readonly nonce: Buffer; readonly payload: Buffer }

/**
 * What the reader may accept now: only frames of execution `nonce` (a worker takes any: it has one
 * parent), and for each type the greatest payload in bytes, or undefined if it may not come.
 */
export type Expectation = {
  readonly nonce?: Buffer
  /** The greatest payload of any type, so that a length is judged before its type is here. */
  readonly largestBytes: number
  payloadBytesMax(type: number): number | undefined
}

type ReadResult =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'wait' }
  /** `tooLarge` is the type of a frame that is refused for its size alone. */
  | { readonly kind: 'violation'; readonly message: string; readonly tooLarge?: number }

/** Random bytes for nonces to come: asking the system for each costs as much as all else that the parent computes for a run. */
let randomBytes = Buffer.alloc(0)
const NONCES_AT_ONCE = 512

/** A name for an execution that nobody can guess. */
export function createNonce(): Buffer {
  if (randomBytes.length === 0) randomBytes = randomFillSync(Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE))
  const nonce = randomBytes.subarray(0, NONCE_BYTES)
  randomBytes = randomBytes.subarray(NONCE_BYTES)
  return nonce
}

export function encodeFrame(type: number, nonce: Buffer, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  frame.writeUInt32BE(frame.length - LENGTH_BYTES, 0)
  frame.writeUInt8(type, LENGTH_BYTES)
  nonce.copy(frame, LENGTH_BYTES + 1)
  frame.set(payload, HEADER_BYTES)
  return frame
}

/** Cuts a byte stream into frames. Holds at most one accepted frame and one chunk; judges a frame as soon as its header is there. */
export type FrameReader = {
  push(chunk: Uint8Array): void
  /** The next frame under `expected`, which may differ from frame to frame. Never throws. */
  next(expected: Expectation): ReadResult
  /** Bytes that came and are not consumed. */
  pendingBytes(): number
}

export function createFrameReader(): FrameReader {
  // One growing buffer rather than a list of chunks: a peer that drips single bytes must not cost an object for each.
  let bytes = Buffer.allocUnsafe(STAGE_BYTES)
  let start = 0
  let end = 0

  function push(chunk: Uint8Array): void {
    if (start === end) start = end = 0
    if (end + chunk.length > bytes.length) {
      const kept = bytes.subarray(start, end)
      const fits = kept.length + chunk.length <= bytes.length
      const target = fits ? bytes : Buffer.allocUnsafe(Math.max(2 * bytes.length, kept.length + chunk.length))
      kept.copy(target, 0)
      bytes = target
      end = kept.length
      start = 0
    }
    bytes.set(chunk, end)
    end += chunk.length
  }

  function next(expected: Expectation): ReadResult {
    const size = end - start
    if (size < LENGTH_BYTES) return { kind: 'wait' }
    const length = bytes.readUInt32BE(start)
    const payloadBytes = length + LENGTH_BYTES - HEADER_BYTES
    const type = size > LENGTH_BYTES ? bytes.readUInt8(start + LENGTH_BYTES) : undefined
    if (payloadBytes < 0) return violation(`a frame of length ${length}`)
    if (payloadBytes > expected.largestBytes) return violation(`a frame of length ${length}`, type)
    if (type === undefined) return { kind: 'wait' }
    const payloadBytesMax = expected.payloadBytesMax(type)
    if (payloadBytesMax === undefined) return violation(`an unexpected frame of type ${type}`)
    if (payloadBytes > payloadBytesMax)
      return violation(`a frame of type ${type} with ${payloadBytes} of at most ${payloadBytesMax} bytes`, type)
    if (size < HEADER_BYTES) return { kind: 'wait' }
    const nonce = bytes.subarray(start + LENGTH_BYTES + 1, start + HEADER_BYTES)
    if (expected.nonce && !nonce.equals(expected.nonce))
      return violation(`a frame of type ${type} for another execution`)
    if (size < LENGTH_BYTES + length) return { kind: 'wait' }
    const payload = bytes.subarray(start + HEADER_BYTES, start + LENGTH_BYTES + length)
    start += LENGTH_BYTES + length
    // A large frame's memory goes with it.
    if (start === end && bytes.length > STAGE_BYTES_KEPT) {
      bytes = Buffer.allocUnsafe(STAGE_BYTES)
      start = end = 0
    }
    return { kind: 'frame', frame: { type, nonce, payload } }
  }

  return { push, next, pendingBytes: () => end - start }
}

function violation(message: string, tooLarge?: number): ReadResult {
  return { kind: 'violation', message, ...(tooLarge !== undefined && { tooLarge }) }
}
