import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { IsolationLevel } from '../base/index.ts'
import { readUsage, type ProcessUsage } from './isolation/usage.ts'
import { CHANNEL_FD } from './wire.ts'

/** What an isolation launches: the script of a worker and the bound of its heap. */
export type LaunchSpec = {
  /** The greatest JavaScript heap of the process, in bytes. */
  readonly heapBytes: number
  /** The worker's main file; another one only in tests. */
  readonly script?: string
  /** Flags of Node beside those of every worker. */
  readonly flags?: readonly string[]
  /** Words behind those of the level, for the script. */
  readonly words?: readonly string[]
}

/** How a worker process ended. `stderr` is the end of what it said, for the reason of a crash. */
export type Exit = {
  readonly code: number | null
  readonly signal: string | null
  readonly stderr: string
  /** It ended with the process that it was forked from. */
  readonly isOrphan?: true
}

/** A worker as its parent sees it; nothing here assumes that it is a process of this machine. */
export type Launched = {
  readonly stream: Duplex
  /** Ends the worker at once and for certain. */
  kill(): void
  /** CPU time and memory of the worker so far, where the platform tells. */
  usage(): ProcessUsage | undefined
  /** The process of the worker itself, as this one sees it, once it is ready; where workers are processes of this machine. */
  processId(): number | undefined
  readonly exited: Promise<Exit>
  /** Names the worker in logs and tests; a process id here, which ends the worker when it is killed. */
  readonly pid: number | undefined
}

/** The seam of isolation: container, OCI, seccomp or microVM launchers have this type. */
export type Launch = (spec: LaunchSpec) => Launched

/** Workers of one level. `startZygote`: a process of the level that may fork, where there can be one; `channel` is its socket. */
export type Isolation = {
  readonly level: IsolationLevel
  readonly launch: Launch
  readonly startZygote?: (spec: LaunchSpec, channel: number) => Started
}

/** A process to start in place of a worker's own: its words, and what it reads at descriptors from 4 on. */
export type Command = {
  readonly words: readonly [string, ...string[]]
  readonly environment: Readonly<Record<string, string>>
  readonly inputs?: readonly Uint8Array[]
  /** A descriptor to be its channel, in place of a new socket. */
  readonly channel?: number
  /** For a command that makes a container: its first process, whose end is the end of all, and the worker, whose usage counts. */
  readonly container?: { firstPid(pid: number): number | undefined; workerPid(pid: number): number | undefined }
}

export const WORKER_MAIN: string = fileURLToPath(new URL('worker-main.ts', import.meta.url))
/**
 * Where Node keeps the compiled form of our own files: with it a worker is ready in 60 ms instead
 * of 150. Where the folder cannot be written, workers start slowly and are otherwise the same.
 */
export const CODE_CACHE: string = fileURLToPath(new URL('../../node_modules/.cache/worker', import.meta.url))
export const STDERR_BYTES_MAX = 16 * 2 ** 10

/** How long a container may take to have a first process, when it is to be killed. */
const CONTAINER_MS_MAX = 2000
const LOOK_AGAIN_MS = 5

/** The host's own stack for a program's calls, in KiB: half of what the system gives a process by default. */
const STACK_KIB = 3_900
const SYSTEM_STACK_BYTES = 8 * 2 ** 20
/** What a Node at rest maps privately, most of it never touched. */
const NODE_DATA_BYTES = 2 ** 30

/**
 * How V8 runs compiled programs (docs/decisions/0013): optimised from the first call, since its baseline code cannot be left in
 * the middle of a loop; with more functions compiled in place of their calls than by default; and with as much stack as is safe, so that
 * deep recursion need not be run again in another mode.
 */
export const ENGINE_FLAGS: readonly string[] = [
  '--no-liftoff',
  '--wasm-inlining-factor=10',
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

/** The words that start a worker: Node, its flags, the script, then the level and the bound of its private memory in bytes. */
export function workerWords(level: IsolationLevel, spec: LaunchSpec): readonly [string, ...string[]] {
  const { heapBytes, script = WORKER_MAIN, flags: ownFlags = [], words = [] } = spec
  const heapMib = Math.max(16, Math.ceil(heapBytes / 2 ** 20))
  const flags = [`--max-old-space-size=${heapMib}`, ...ENGINE_FLAGS, ...ownFlags, '--no-warnings']
  return [process.execPath, ...flags, script, level, String(NODE_DATA_BYTES + 2 * heapBytes), ...words]
}

/**
 * All that a worker's environment holds: nothing that the parent knows. Local time is UTC to programs. Without io_uring,
 * whose rings would be a way around a filter of system calls.
 */
export const WORKER_ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: CODE_CACHE,
  TZ: 'UTC',
  UV_USE_IO_URING: '0',
}

/** A command under way. */
export type Started = Omit<Launched, 'stream' | 'usage'> & { readonly channel: Duplex | null }

/** Starts a command with no standard input or output, and one socket. */
export function launchCommand(command: Command): Launched {
  const started = startCommand(command)
  const stream = started.channel!
  return {
    ...started,
    stream,
    kill: () => {
      started.kill()
      stream.destroy()
    },
    usage: () => readUsage(started.processId()),
  }
}

/** The same where the channel may be the caller's own. */
export function startCommand({ words, environment, inputs = [], channel, container }: Command): Started {
  const [program, ...args] = words
  const child = spawn(program, args, {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', channel ?? 'pipe', ...inputs.map(() => 'pipe' as const)],
  })
  for (const [i, input] of inputs.entries()) {
    const pipe = child.stdio[CHANNEL_FD + 1 + i] as Duplex | undefined
    // A process that ends at once reads nothing: its end says so.
    pipe?.on('error', () => undefined).end(input)
  }
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('latin1')).slice(-STDERR_BYTES_MAX)
  })
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
    child.once('close', (code, signal) => resolve({ ...readStatus(code, signal), stderr }))
  })
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  /** Its first process ends a container; until there is one, who makes it must not be killed, or would leave half of it behind. */
  const end = (patienceMs: number): void => {
    if (hasEnded()) return
    const first = container ? container.firstPid(child.pid!) : child.pid
    if (first !== undefined) killProcess(first)
    else if (patienceMs > 0) setTimeout(end, LOOK_AGAIN_MS, patienceMs - LOOK_AGAIN_MS)
    else child.kill('SIGKILL')
  }
  let inContainer: number | undefined
  const workerPid = (): number | undefined => {
    if (hasEnded()) return undefined
    return container ? (inContainer ??= container.workerPid(child.pid!)) : child.pid
  }
  return {
    channel: (child.stdio[CHANNEL_FD] as Duplex | null | undefined) ?? null,
    kill: () => end(CONTAINER_MS_MAX),
    processId: workerPid,
    exited,
    pid: child.pid,
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))

export const signalName = (number: number): string => SIGNALS.get(number) ?? `signal ${number}`

/** Who waits for another process says its signal as 128 and the number (sh(1)); Node itself ends with less than 128. */
function readStatus(code: number | null, signal: string | null): Omit<Exit, 'stderr'> {
  const name = code !== null && code > 128 ? SIGNALS.get(code - 128) : undefined
  return name === undefined ? { code, signal } : { code: null, signal: name }
}

/** Isolation `none`: a plain child process of this Node. It bounds time and heap, and keeps the parent's memory apart. */
export const NO_ISOLATION: Isolation = {
  level: 'none',
  launch: (spec) => launchCommand({ words: workerWords('none', spec), environment: WORKER_ENVIRONMENT }),
}
