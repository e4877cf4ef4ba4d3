import type * as Ffi from 'node:ffi'

type Argument = bigint | number | Uint8Array

/**
 * System calls of this process, through node:ffi. It is experimental in Node, so that this is the only file that knows it.
 * A call that fails gives -1n, whatever the error.
 */
export type Libc = {
  /** syscall(2): buffers are given as their address, and must live until the call is over. */
  call(number: number, ...args: readonly Argument[]): bigint
  /** fork(3), by the C library, which puts its own affairs in order in the child: 0 there, the child's id here, -1 for failure. */
  fork(): number
  /** The address of a buffer's bytes. */
  addressOf(buffer: Uint8Array): bigint
}

const ARGUMENTS_MAX = 6

/** Rejects where this Node has no node:ffi, or the C library another name. */
export async function openLibc(): Promise<Libc> {
  const { dlopen, getRawPointer } = await importQuietly()
  // Variadic in C; on x64 and arm64 whole numbers are passed alike.
  const signature = { arguments: ['i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64'], return: 'i64' } as const
  const { syscall, fork } = dlopen('libc.so.6', {
    syscall: signature,
    fork: { arguments: [], return: 'i32' },
  }).functions
  const addressOf = (buffer: Uint8Array): bigint => getRawPointer(buffer)
  return {
    addressOf,
    fork,
    call: (number, ...args) => {
      const words = args.map((arg) => (arg instanceof Uint8Array ? addressOf(arg) : BigInt(arg)))
      while (words.length < ARGUMENTS_MAX) words.push(0n)
      const [a, b, c, d, e, f] = words as [bigint, bigint, bigint, bigint, bigint, bigint]
      return syscall(BigInt(number), a, b, c, d, e, f)
    },
  }
}

/** Node tells everybody on standard error that node:ffi is experimental, where this is no news to anyone. */
async function importQuietly(): Promise<typeof Ffi> {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return await import('node:ffi')
  } finally {
    process.emitWarning = emitWarning
  }
}
