import { createFrameReader, encodeFrame } from './wire.ts'

const CHUNK_BYTES = 256 * 2 ** 10
const FRAME_BYTES_MAX = 2 ** 30

/** The worker's end of the wire, which blocks: its parent is trusted, and speaks only when something is due. */
export type Channel = {
  send(type: number, nonce: Buffer, payload?: Uint8Array): void
  /** The next frame, which is of `type`. The payload is valid until the next one. */
  receive(type: number): { readonly nonce: Buffer; readonly payload: Buffer }
}

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
  return {
    send: (type, nonce, payload) => {
      const frame = encodeFrame(type, nonce, payload)
      let at = port.write(frame)
      while (at < frame.length) at += port.write(frame.subarray(at))
    },
    receive: (type) => {
      const payloadBytesMax = (t: number): number | undefined => (t === type ? FRAME_BYTES_MAX : undefined)
      for (;;) {
        const got = reader.next({ largestBytes: FRAME_BYTES_MAX, payloadBytesMax })
        if (got.kind === 'violation') throw new Error(got.message)
        if (got.kind === 'frame') return { nonce: Buffer.from(got.frame.nonce), payload: got.frame.payload }
        const count = port.read(chunk)
        if (count === 0) leave()
        reader.push(chunk.subarray(0, count))
      }
    },
  }
}
