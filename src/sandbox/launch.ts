import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Duplex } from 'node:stream'

/** What an isolation launches: the script of a worker and the bound of its heap. */
type LaunchSpec = {
  /** The greatest JavaScript heap of the process, in bytes. */
  readonly heapBytes: number
  /** The worker's main file; another one only in tests. */
  readonly script?: string
}

/** How a worker process ended. `stderr` is the end of what it said, for the reason of a crash. */
export type Exit = { readonly code: number | null; readonly signal: string | null; readonly stderr: string }

/** A worker as its parent sees it; nothing here assumes that it is a process of this machine. */
export type Launched = {
  readonly stream: Duplex
  /** Ends the worker at once and for certain. */
  kill(): void
  /** CPU time and resident memory so far, where the platform tells. */
  usage(): { readonly cpuMs: number; readonly residentBytes: number } | undefined
  readonly exited: Promise<Exit>
  /** Names the worker in logs and tests; a process id here. */
  readonly pid: number | undefined
}

/** The seam of isolation: container, seccomp, OCI or microVM launchers have this type. */
export type Launch = (spec: LaunchSpec) => Launched

const WORKER_MAIN = fileURLToPath(new URL('worker-main.ts', import.meta.url))
/**
 * Where Node keeps the compiled form of our own files: with it a worker is ready in 60 ms instead
 * of 150. Where the folder cannot be written, workers start slowly and are otherwise the same.
 */
const CODE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/worker', import.meta.url))
const STDERR_BYTES_MAX = 16 * 2 ** 10
/** The descriptor of the worker's end of the channel. */
const CHANNEL_FD = 3

/** The host's own stack for a program's calls, in KiB: half of what the system gives a process by default. */
const STACK_KIB = 3_900
const SYSTEM_STACK_BYTES = 8 * 2 ** 20

/**
 * How V8 runs compiled programs (docs/decisions/0013): optimised from the first call, since its baseline code cannot be left in
 * the middle of a loop; and with as much stack as is safe, so that deep recursion need not be run again in another mode.
 */
export const ENGINE_FLAGS: readonly string[] = [
  '--no-liftoff',
  ...(hasSystemStack() ? [`--stack-size=${STACK_KIB}`] : []),
]

/** Whether processes get the stack that is usual; what V8 takes beyond it would end the process. */
function hasSystemStack(): boolean {
  try {
    const soft = /^Max stack size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return soft === 'unlimited' || Number(soft) >= SYSTEM_STACK_BYTES
  } catch {
    return false
  }
}

/**
 * Isolation `none`: a plain child process of this Node with an empty environment, no standard
 * input or output, and one socket. It bounds time and heap, and keeps the parent's memory apart.
 */
export const launchProcess: Launch = ({ heapBytes, script = WORKER_MAIN }) => {
  const heapMib = Math.max(16, Math.ceil(heapBytes / 2 ** 20))
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${heapMib}`, ...ENGINE_FLAGS, '--no-warnings', script],
    // Nothing that the parent knows is to be read in the environment. Local time is UTC to programs.
    { env: { NODE_COMPILE_CACHE: CODE_CACHE, TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  )
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('latin1')).slice(-STDERR_BYTES_MAX)
  })
  const stream = child.stdio[CHANNEL_FD] as Duplex
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
    child.once('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  return {
    stream,
    kill: () => void child.kill('SIGKILL'),
    usage: () => (child.pid === undefined ? undefined : readProcessUsage(child.pid)),
    exited,
    pid: child.pid,
  }
}

/** Ticks per second of /proc: USER_HZ, 100 on every Linux that Node supports. */
const TICK_MS = 10

function readProcessUsage(pid: number): { cpuMs: number; residentBytes: number } | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    // proc(5): the second field is the name in parentheses and may hold spaces; count from behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const residentKib = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, residentBytes: Number(residentKib) * 1024 }
  } catch {
    return undefined
  }
}
