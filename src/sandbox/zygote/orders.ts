/**
 * What the service asks of a zygote, one number of four bytes each, little-endian: `FORK` with two descriptors, the channel and the
 * standard error of the child; `BREAK_OUT` with the same, for a child that proves that its bounds hold; or the id of a child that
 * ended. The zygote answers each in turn by two numbers: the id of the
 * child, and its status as waitpid(2) has it, `ALIVE` if it has not ended, or `FAILED`.
 */
export const FORK = 0
export const BREAK_OUT = -1
export const ALIVE = -1
export const FAILED = -2
export const ORDER_BYTES = 4
export const ANSWER_BYTES = 8
export const DESCRIPTORS_PER_FORK = 2

export type Answer = { readonly id: number; readonly status: number }

export function encodeOrder(order: number): Buffer {
  const bytes = Buffer.alloc(ORDER_BYTES)
  bytes.writeInt32LE(order)
  return bytes
}

export function encodeAnswer({ id, status }: Answer): Buffer {
  const bytes = Buffer.alloc(ANSWER_BYTES)
  bytes.writeInt32LE(id, 0)
  bytes.writeInt32LE(status, 4)
  return bytes
}

export const decodeAnswer = (bytes: Buffer): Answer => ({ id: bytes.readInt32LE(0), status: bytes.readInt32LE(4) })
