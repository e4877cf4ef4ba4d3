import { CHANNEL_FD } from '../wire.ts'

/** Numbers of errors as a filter gives them: equal on x64 and arm64 (errno(3)). `IGNORED`: a success without effect. */
export const ERRNO = { IGNORED: 0, EPERM: 1, EBADF: 9, ENOSYS: 38 } as const
type Refusal = 'kill' | keyof typeof ERRNO

/** What only the process that installs a filter knows: its id, and the descriptors by which its threads wake each other. */
export type Installer = { readonly self: number; readonly wakes: readonly number[] }

/** One argument of a call: its low 32 bits, under `mask`, must be one of `values`. */
export type Condition = {
  readonly arg: number
  readonly mask?: number
  readonly values: readonly (number | keyof Installer)[]
}

/** Allowed when all conditions hold. */
type Rule = { readonly when: readonly Condition[]; readonly otherwise: Refusal }

/** What a filter answers to a call: `kill` ends the whole process by SIGSYS. */
export type Verdict = 'allow' | Refusal | Rule

const MAP_SHARED_OR_PRIVATE = 0x0f
const MAP_PRIVATE = 0x02
const MAP_ANONYMOUS = 0x20
const CLONE_THREAD = 0x1_0000
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (clone(2)). */
const CLONE_NEW = 0x80 | 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000
const CLONE_VM = 0x100
/** The part of the flags that is the signal of a child's end. */
const CSIGNAL = 0xff
const SIGCHLD = 17
/** madvise(2); `MADV_DONTFORK`, 10, is what V8 marks its heap with. */
const MADV = { willNeed: 3, dontNeed: 4, free: 8, hugePage: 14, noHugePage: 15, dontDump: 16 } as const
const SIGABRT = 6
const STDERR_FD = 2

/** So that a descriptor which leaked into the process is of no use. */
export const channelReads: Verdict = { when: [{ arg: 0, values: [CHANNEL_FD, 'wakes'] }], otherwise: 'EBADF' }
export const channelWrites: Verdict = {
  when: [{ arg: 0, values: [CHANNEL_FD, STDERR_FD, 'wakes'] }],
  otherwise: 'EBADF',
}
/** Anonymous and private: shared memory would not count for RLIMIT_DATA, and there is no file to map. */
export const privateMemory: Verdict = {
  when: [{ arg: 3, mask: MAP_SHARED_OR_PRIVATE | MAP_ANONYMOUS, values: [MAP_PRIVATE | MAP_ANONYMOUS] }],
  otherwise: 'EPERM',
}
export const threadsOnly: Verdict = {
  when: [{ arg: 0, mask: CLONE_THREAD | CLONE_NEW, values: [CLONE_THREAD] }],
  otherwise: 'kill',
}
/** For a process that may fork: by what fork(3) of the C library asks for, memory of its own. */
export const threadsAndForks: Verdict = {
  when: [{ arg: 0, mask: CLONE_THREAD | CLONE_NEW | CLONE_VM | CSIGNAL, values: [CLONE_THREAD | CLONE_VM, SIGCHLD] }],
  otherwise: 'kill',
}
/** All advice of madvise(2) that V8 and the C library give, but for that which takes pages away from a forked child. */
export const adviceButForks: Verdict = {
  when: [{ arg: 2, values: [MADV.dontNeed, MADV.free, MADV.willNeed, MADV.hugePage, MADV.noHugePage, MADV.dontDump] }],
  otherwise: 'IGNORED',
}
export const abortOnly: Verdict = { when: [{ arg: 2, values: [SIGABRT] }], otherwise: 'kill' }
export const selfAbort: Verdict = {
  when: [
    { arg: 0, values: ['self'] },
    { arg: 2, values: [SIGABRT] },
  ],
  otherwise: 'kill',
}
