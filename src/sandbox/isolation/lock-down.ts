import { existsSync, fstatSync } from 'node:fs'
import type { IsolationLevel } from '../../base/index.ts'
import { CHANNEL_FD } from '../wire.ts'
import { buildFilter, encodeFilter } from './bpf.ts'
import { giveUpFiles } from './landlock.ts'
import { openLibc, type Libc } from './libc.ts'
import { numberOf, processorOf } from './numbers.ts'

/** prctl(2). */
const PR_SET_PDEATHSIG = 1
const PR_GET_SECCOMP = 21
const PR_SET_NO_NEW_PRIVS = 38
const SECCOMP_MODE_FILTER = 2n
const SIGKILL = 9n

/** seccomp(2). */
const SET_MODE_FILTER = 1
const GET_ACTION_AVAIL = 2
/** For every thread of the process, those of V8 too. */
const FLAG_TSYNC = 1
const RET_KILL_PROCESS = Buffer.from([0, 0, 0, 0x80])

/** What setrlimit(2) calls the limits of a process: no new descriptor, no file written, no core, no process, no locked memory. */
const RLIMIT = { data: 2, core: 4, files: 7, size: 1, processes: 6, locked: 8, messages: 12 } as const
const AT_FDCWD = -100
/** Node opens some twenty before it runs a script. */
const DESCRIPTORS_MAX = 64
const S_IFMT = 0o170_000
const UTSNAME_BYTES = 512

/** Files of every system that a container does not show; an OCI runtime needs two of them itself. */
const OUTSIDE = {
  container: ['/proc/self', '/dev/null', '/etc/passwd', '/bin/sh', '/sys/kernel'],
  oci: ['/etc/passwd', '/bin/sh', '/sys/kernel'],
} as const

/** The word that makes a worker break out as soon as it is ready. */
export const BREAK_OUT = 'break-out'

/** What is left to a process that is locked down. */
export type Confined = {
  /** Ends the process at once: Node's own way out wakes and waits for threads, by calls that are forbidden now. */
  leave(code: number): never
  /** Asks the kernel a harmless question that must end the process by SIGSYS; returns where it does not. */
  breakOut(): void
}

/**
 * Gives up all rights that a worker does not need to answer frames, and proves that they are gone; throws where that cannot be
 * proved. To be called when everything is loaded, and before the first byte is read that is not trusted.
 * `dataBytes` bounds the private memory of the process.
 */
export async function lockDown(level: IsolationLevel, dataBytes: number): Promise<Confined> {
  if (level === 'none') {
    await dieWithParent()
    return { leave: (code) => process.exit(code), breakOut: () => undefined }
  }
  return confine(await openLibc(), level, dataBytes)
}

/**
 * The same where system calls are at hand, at once: for a process that was forked, which must not come back to an event loop.
 * `wakes`: see {@link findWakes}.
 */
export function confine(
  libc: Libc,
  level: Exclude<IsolationLevel, 'none'>,
  dataBytes: number,
  wakes: readonly number[] = findWakes(),
): Confined {
  if (level !== 'seccomp') proveContainer(libc, level)
  libc.call(numberOf('prctl'), PR_SET_PDEATHSIG, SIGKILL)
  if (libc.call(numberOf('prctl'), PR_SET_NO_NEW_PRIVS, 1n) !== 0n) throw new Error('no-new-privs is refused')
  const canOpen = opensRoot(libc)
  if (giveUpFiles(libc) && (opensRoot(libc) || !canOpen)) throw new Error('Landlock does not close files')
  lowerLimits(libc, dataBytes)
  installInner(libc, wakes)
  return {
    leave: (code) => {
      libc.call(numberOf('exit_group'), code)
      throw new Error('exit_group(2) does not return')
    },
    breakOut: () => void libc.call(numberOf('seccomp'), GET_ACTION_AVAIL, 0n, RET_KILL_PROCESS),
  }
}

/**
 * Asks Linux to kill this process when its parent ends (prctl(2)), since a program that computes does not look at its channel.
 * Where that is not possible, an orphan runs on until its next log line, its fuel or its end (docs/LIMITS.md).
 */
async function dieWithParent(): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    const libc = await openLibc()
    libc.call(numberOf('prctl'), PR_SET_PDEATHSIG, SIGKILL)
  } catch {
    // Not here then: nothing else was promised at this level.
  }
}

/** A container shows nothing of the system, and a filter held when this process began. */
function proveContainer(libc: Libc, level: keyof typeof OUTSIDE): void {
  const seen = OUTSIDE[level].filter((path) => existsSync(path))
  if (seen.length > 0) throw new Error(`the container shows ${seen.join(', ')}`)
  if (libc.call(numberOf('prctl'), PR_GET_SECCOMP) !== SECCOMP_MODE_FILTER) throw new Error('there is no outer filter')
}

/** Limits that hold for this process from now on; descriptors that are open stay. */
function lowerLimits(libc: Libc, dataBytes: number): void {
  for (const [name, resource] of Object.entries(RLIMIT)) {
    const bound = name === 'data' ? BigInt(dataBytes) : 0n
    const limits = Buffer.from(new BigUint64Array([bound, bound]).buffer)
    if (libc.call(numberOf('prlimit64'), 0n, resource, limits, 0n) !== 0n)
      throw new Error(`the limit ${name} is refused`)
  }
}

/** Whether the root folder can be opened. */
function opensRoot(libc: Libc): boolean {
  const descriptor = libc.call(numberOf('openat'), AT_FDCWD, Buffer.from('/\0'), 0n)
  if (descriptor < 0n) return false
  libc.call(numberOf('close'), descriptor)
  return true
}

/** The inner filter, with a control: a call that it refuses works before it, and not after it. */
function installInner(libc: Libc, wakes: readonly number[]): void {
  const processor = processorOf()
  if (!processor) throw new Error(`no filter for ${process.arch}`)
  // `process.pid` would be that of the process that this one was forked from.
  const self = Number(libc.call(numberOf('getpid')))
  const instructions = encodeFilter(buildFilter('inner', processor, { self, wakes }))
  const program = Buffer.alloc(16)
  program.writeUInt16LE(instructions.length / 8, 0)
  program.writeBigUInt64LE(libc.addressOf(instructions), 8)
  const names = Buffer.alloc(UTSNAME_BYTES)
  const canAsk = (): boolean => libc.call(numberOf('uname'), names) === 0n
  if (!canAsk()) throw new Error('the control of the inner filter fails')
  if (libc.call(numberOf('seccomp'), SET_MODE_FILTER, FLAG_TSYNC, program) !== 0n)
    throw new Error('the inner filter is refused')
  if (canAsk()) throw new Error('the inner filter does not hold')
}

/** The descriptors that Node made for its event loops: files of no type (eventfd(2), epoll(7)). */
export function findWakes(): number[] {
  const descriptors = Array.from({ length: DESCRIPTORS_MAX }, (_, fd) => fd)
  return descriptors.filter((fd) => fd > CHANNEL_FD && isUntyped(fd))
}

function isUntyped(fd: number): boolean {
  try {
    return (fstatSync(fd).mode & S_IFMT) === 0
  } catch {
    return false
  }
}
