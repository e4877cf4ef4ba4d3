import { createFrameReader, encodeFrame, FRAME, RUNS_AHEAD_MAX } from './wire.ts'

const CHUNK_BYTES = 256 * 2 ** 10
const FRAME_BYTES_MAX = 2 ** 30

/**
 * The worker's end of the wire, which blocks: its parent is trusted, and speaks only when something is due. The next runs may come early,
 * while one is under way, and wait here.
 */
export type Channel = {
  send(type: number, nonce: Buffer, payload?: Uint8Array): void
  /** The next frame, which is of `type`. The payload is valid until the next one. */
  receive(type: number): Received
}

type Received = { readonly nonce: Buffer; readonly payload: Buffer }

/** Bytes to and from the parent. */
export type Port = {
  /** Fills a part of the buffer and says how much; 0 at the end. */
  read(into: Buffer): number
  /** Takes a part of the bytes and says how much. */
  write(bytes: Uint8Array): number
}

/** `leave` ends the process when the parent is gone. */
export function openChannel(port: Port, leave: () => never): Channel {
  const reader = createFrameReader()
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const early: Received[] = []
  return {
    send: (type, nonce, payload) => {
      const frame = encodeFrame(type, nonce, payload)
      let at = port.write(frame)
      while (at < frame.length) at += port.write(frame.subarray(at))
    },
    receive: (type) => {
      const first = type === FRAME.run ? early.shift() : undefined
      if (first) return first
      const isDue = (t: number): boolean => t === type || (t === FRAME.run && early.length < RUNS_AHEAD_MAX)
      const payloadBytesMax = (t: number): number | undefined => (isDue(t) ? FRAME_BYTES_MAX : undefined)
      for (;;) {
        const got = reader.next({ largestBytes: FRAME_BYTES_MAX, payloadBytesMax })
        if (got.kind === 'violation') throw new Error(got.message)
        if (got.kind === 'frame') {
          const { payload } = got.frame
          const nonce = Buffer.from(got.frame.nonce)
          if (got.frame.type === type) return { nonce, payload }
          early.push({ nonce, payload: Buffer.from(payload) })
          continue
        }
        const count = port.read(chunk)
        if (count === 0) leave()
        reader.push(chunk.subarray(0, count))
      }
    },
  }
}
