import { LIMITS, type LimitName, type Limits, type Outcome, type Pending } from '../base/index.ts'
import type { Exit } from './launch.ts'

/** Why a worker is no more. */
export type Death =
  | { readonly kind: 'limit'; readonly limit: LimitName }
  | { readonly kind: 'cancelled' | 'retired' }
  | { readonly kind: 'suspended'; readonly waitsFor: readonly Pending[] }
  /** The run did otherwise than its journal says. */
  | { readonly kind: 'diverged'; readonly message: string }
  | { readonly kind: 'violation' | 'boot'; readonly message: string }
  | { readonly kind: 'exit'; readonly exit: Exit }

/** The outcome of the run that a worker's death ended. */
export function deathOutcome(death: Death, limits: Limits | undefined): Outcome {
  switch (death.kind) {
    case 'limit':
      return limited(death.limit, limits)
    case 'cancelled':
      return { kind: 'cancelled', message: 'the execution was cancelled' }
    case 'retired':
      return { kind: 'cancelled', message: 'the pool was closed' }
    case 'suspended':
      return { kind: 'suspended', message: suspensionText(death.waitsFor), waitsFor: death.waitsFor }
    case 'diverged':
      return { kind: 'crashed', message: `the replay diverged: ${death.message}` }
    case 'violation':
      return { kind: 'crashed', message: `the worker broke the protocol: ${death.message}` }
    case 'boot':
      return { kind: 'crashed', message: `no worker could be started: ${death.message}` }
    case 'exit':
      if (death.exit.signal === 'SIGXCPU') return limited('cpu', limits)
      return isOutOfMemory(death.exit) ? limited('memory', limits) : { kind: 'crashed', message: describe(death.exit) }
  }
}

function suspensionText(waitsFor: readonly Pending[]): string {
  const calls = waitsFor.map(({ sequence, name }) => `${name} (call ${sequence})`).join(', ')
  return `the execution is suspended until there is an answer to ${calls}`
}

function limited(limit: LimitName, limits: Limits | undefined): Outcome {
  const { unit, doc } = LIMITS[limit]
  const bound = limits ? ` of ${limits[limit]} ${unit}` : ''
  return { kind: 'limited', limit, message: `the ${limit} limit${bound} was reached (${doc})`, stack: [] }
}

/** V8 reports the end of its heap on stderr and aborts; the words are those of v8::Utils::ReportOOMFailure and its callers. */
function isOutOfMemory({ signal, code, stderr }: Exit): boolean {
  const isAbort = signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL' || code === 134 || code === 133
  return isAbort && /heap out of memory|invalid (array|table) (length|size)|Allocation failed|OOM/i.test(stderr)
}

/** Without what it said on stderr: that may name paths of this machine, and is for the operator (see `stderrOf`). */
function describe({ code, signal }: Exit): string {
  // What a filter of system calls does to a process (seccomp(2), SECCOMP_RET_KILL_PROCESS).
  if (signal === 'SIGSYS') return 'the worker made a system call that its sandbox forbids'
  return `the worker ended ${signal ? `by ${signal}` : code === null ? 'before it ran' : `with exit code ${code}`}`
}

/** The last words of a worker that ended by itself, for the operator's log. */
export function stderrOf(death: Death): string {
  return death.kind === 'exit' ? death.exit.stderr.trim() : ''
}
