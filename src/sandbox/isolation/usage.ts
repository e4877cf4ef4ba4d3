import { readFileSync } from 'node:fs'

/** Processor time so far, all threads, and memory: resident now, and the most that ever was. */
export type ProcessUsage = { readonly cpuMs: number; readonly residentBytes: number; readonly peakBytes: number }

/** Ticks per second of /proc: USER_HZ, 100 on every Linux that Node supports. */
const TICK_MS = 10

/** What a process of this machine uses, as proc(5) tells; undefined elsewhere and when it is gone. */
export function readUsage(pid: number | undefined): ProcessUsage | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined
  try {
    // The second field is the name in parentheses and may hold spaces; count from behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const bytes = (name: string): number =>
      1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS
    return { cpuMs, residentBytes: bytes('VmRSS'), peakBytes: bytes('VmHWM') }
  } catch {
    return undefined
  }
}

/** Whether a process has ended, although its parent may not know that yet. */
export function isDead(pid: number | undefined): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, ''))
  } catch {
    return true
  }
}

/** The only child of a process, such as the worker that a container's first process waits for. */
export function childOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  try {
    // CONFIG_PROC_CHILDREN, which distributions set.
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
    return /^\d+$/.test(children) ? Number(children) : undefined
  } catch {
    return undefined
  }
}
