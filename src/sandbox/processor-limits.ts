import { openLibc } from './isolation/libc.ts'
import { numberOf } from './isolation/numbers.ts'

/** prlimit(2): RLIMIT_CPU counts the seconds of a process from its start. */
const RLIMIT_CPU = 0
const RLIMIT_BYTES = 16
/** Whoever looks from outside ends a run before that. */
const SLACK_S = 2

/**
 * The kernel's bound of a process's time on processors, which holds also while nobody can look from outside. It knows whole
 * seconds only, and a process that is not confined may raise it.
 */
export type ProcessorLimits = {
  /** The process may take `ms` more, rounded up, than the `usedMs` that it has taken; false when it cannot be bounded. */
  bound(pid: number, usedMs: number, ms: number): boolean
}

/** Undefined where processes cannot be bounded from outside: elsewhere than on Linux, or by a Node without node:ffi. */
export async function openProcessorLimits(): Promise<ProcessorLimits | undefined> {
  if (process.platform !== 'linux') return undefined
  try {
    const libc = await openLibc()
    const prlimit = numberOf('prlimit64')
    const limits = Buffer.alloc(RLIMIT_BYTES)
    const bound = (pid: number, usedMs: number, ms: number): boolean => {
      // The hard bound stays: who is not root could not raise the soft one again.
      if (libc.call(prlimit, pid, RLIMIT_CPU, 0n, limits) !== 0n) return false
      limits.writeBigUInt64LE(BigInt(Math.ceil((usedMs + ms) / 1000) + SLACK_S), 0)
      return libc.call(prlimit, pid, RLIMIT_CPU, limits, 0n) === 0n
    }
    return { bound }
  } catch {
    return undefined
  }
}
