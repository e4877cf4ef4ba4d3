const PR_SET_PDEATHSIG = 1
const SIGKILL = 9n

/**
 * Asks Linux to kill this process when its parent ends (prctl(2)), since a program that computes
 * does not look at its channel. Costs 3 ms. Where that is not possible, an orphan runs on until its
 * next log line, its fuel or its end (docs/LIMITS.md); nobody hears of it any more.
 */
export async function dieWithParent(): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    // node:ffi is experimental: a Node without it, or a libc of another name, must not keep a worker from starting.
    const { dlopen } = await import('node:ffi')
    const signature = { arguments: ['i32', 'u64', 'u64', 'u64', 'u64'], return: 'i32' } as const
    dlopen('libc.so.6', { prctl: signature }).functions.prctl(PR_SET_PDEATHSIG, SIGKILL, 0n, 0n, 0n)
  } catch {
    // Not here then.
  }
}
