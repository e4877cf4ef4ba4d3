import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SERVE = fileURLToPath(new URL('../service/serve.ts', import.meta.url))
const STANDBY = fileURLToPath(new URL('standby.ts', import.meta.url))

/** A service in a process of its own, which may be killed. */
export type ServiceProcess = {
  readonly url: string
  /** The first key of a new store. */
  readonly key: string | undefined
  readonly workers: () => readonly number[]
  /** Whether it was killed, or is about to be: before that no request of it may fail. */
  readonly isKilled: () => boolean
  /** SIGTERM; resolves when the process has ended in good order. */
  stop(): Promise<void>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
}

/** For a service whose programs may change the world at a port, and which keeps its compiled code beside its store. */
export function serviceEnv(dir: string, port: number): Readonly<Record<string, string>> {
  return {
    ANRF_ALLOW: `http=+private POST http://127.0.0.1:${port};kv`,
    ANRF_PAYLOADS: 'keep',
    ANRF_WORKERS: '2',
    NODE_COMPILE_CACHE: join(dir, 'code'),
  }
}

/** Rejects when the process ends before it listens. */
export function startProcess(dir: string, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  return listening(spawnService(SERVE, dir, env))
}

/** A process that has loaded the code of the service and has not opened its store. */
export type Standby = {
  /** Rejects when the process ends before it listens. */
  start(): Promise<ServiceProcess>
  kill(): Promise<void>
}

/** Has a process ready, so that the next service is there soon after the one before was killed. */
export function prepareProcess(dir: string, env: Readonly<Record<string, string>>): Standby {
  const child = spawnService(STANDBY, dir, env)
  const start = (): Promise<ServiceProcess> => {
    child.stdin.write('start\n')
    return listening(child)
  }
  return { start, kill: () => ended(child, 'SIGKILL') }
}

type Child = ReturnType<typeof spawnService>

function spawnService(program: string, dir: string, env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
}

async function listening(child: Child): Promise<ServiceProcess> {
  const { url, key } = JSON.parse(await firstLine(child)) as { url: string; key?: string }
  let isKilled = false
  const end = (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    isKilled = true
    return ended(child, signal)
  }
  return {
    url,
    key,
    workers: () => childrenOf(child),
    isKilled: () => isKilled,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function firstLine(child: Child): Promise<string> {
  const lines = createInterface(child.stdout)
  // The end of its output is the end of the process.
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string | undefined]
  if (line === undefined) throw new Error('the service ended before it listened')
  return line
}

async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** Processes of Linux whose parent is this one (proc(5)). */
function childrenOf({ pid }: ChildProcess): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
      .map(Number)
  } catch {
    return []
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
