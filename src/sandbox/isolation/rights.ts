import type { Libc } from './libc.ts'
import { numberOf } from './numbers.ts'

const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_CLOEXEC = 0o2_000_000
const SOL_SOCKET = 1
const SCM_RIGHTS = 1
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
const MSG_CMSG_CLOEXEC = 0x4000_0000

/** `struct cmsghdr` before its data: length, level and type. */
const HEADER_BYTES = 16
const FD_BYTES = 4
/** `struct msghdr` on 64-bit systems, and where its members lie. */
const MESSAGE_BYTES = 56
const AT = { vectors: 16, vectorCount: 24, control: 32, controlLength: 40 } as const

/** Two connected sockets, neither of which another program inherits (unix(7)). */
export function makePair(libc: Libc): readonly [number, number] {
  const pair = Buffer.alloc(2 * FD_BYTES)
  if (libc.call(numberOf('socketpair'), AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0n, pair) !== 0n)
    throw new Error('a pair of sockets is refused')
  return [pair.readInt32LE(0), pair.readInt32LE(FD_BYTES)]
}

/** Sends bytes, and descriptors with them, without waiting; false where not all of it could be sent. */
export function sendRights(libc: Libc, fd: number, bytes: Uint8Array, descriptors: readonly number[]): boolean {
  const control = Buffer.alloc(descriptors.length === 0 ? 0 : spaceFor(descriptors.length))
  if (descriptors.length > 0) {
    control.writeBigUInt64LE(BigInt(HEADER_BYTES + FD_BYTES * descriptors.length), 0)
    control.writeInt32LE(SOL_SOCKET, 8)
    control.writeInt32LE(SCM_RIGHTS, 12)
    for (const [i, descriptor] of descriptors.entries()) control.writeInt32LE(descriptor, HEADER_BYTES + FD_BYTES * i)
  }
  const vector = Buffer.alloc(16)
  const message = messageOf(libc, bytes, vector, control)
  return libc.call(numberOf('sendmsg'), fd, message, MSG_DONTWAIT | MSG_NOSIGNAL) === BigInt(bytes.length)
}

/** Waits for bytes and the descriptors that come with them, at most `descriptorsMax`. No bytes at the end. */
export function receiveRights(
  libc: Libc,
  fd: number,
  bytes: Buffer,
  descriptorsMax: number,
): { readonly count: number; readonly descriptors: readonly number[] } {
  const control = Buffer.alloc(spaceFor(descriptorsMax))
  const vector = Buffer.alloc(16)
  const message = messageOf(libc, bytes, vector, control)
  const count = Number(libc.call(numberOf('recvmsg'), fd, message, MSG_CMSG_CLOEXEC))
  const given = Number(message.readBigUInt64LE(AT.controlLength))
  if (count <= 0 || given < HEADER_BYTES) return { count: Math.max(0, count), descriptors: [] }
  const length = (Number(control.readBigUInt64LE(0)) - HEADER_BYTES) / FD_BYTES
  const descriptors = Array.from({ length }, (_, i) => control.readInt32LE(HEADER_BYTES + FD_BYTES * i))
  return { count, descriptors }
}

/** CMSG_SPACE(3): headers are aligned to eight bytes. */
const spaceFor = (descriptors: number): number => HEADER_BYTES + 8 * Math.ceil((FD_BYTES * descriptors) / 8)

function messageOf(libc: Libc, bytes: Uint8Array, vector: Buffer, control: Buffer): Buffer {
  vector.writeBigUInt64LE(libc.addressOf(bytes), 0)
  vector.writeBigUInt64LE(BigInt(bytes.length), 8)
  const message = Buffer.alloc(MESSAGE_BYTES)
  message.writeBigUInt64LE(libc.addressOf(vector), AT.vectors)
  message.writeBigUInt64LE(1n, AT.vectorCount)
  if (control.length > 0) message.writeBigUInt64LE(libc.addressOf(control), AT.control)
  message.writeBigUInt64LE(BigInt(control.length), AT.controlLength)
  return message
}
