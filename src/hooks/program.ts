import { setTimeout as sleep } from 'node:timers/promises'
import type { Limits, Outcome } from '../base/index.ts'
import { HookFailure } from './failure.ts'
import type { ProgramTarget, Way } from './hook.ts'

/** A run of a published program for a hook: an execution of its own, with a record, that has no hooks. */
export type ProgramRun = {
  readonly hook: string
  readonly reference: string
  readonly entry: string | undefined
  readonly tenant: string
  readonly limits: Partial<Limits>
  /** By the names of parameters. */
  readonly inputs: Readonly<Record<string, string>>
}

export type RunProgram = (
  run: ProgramRun,
  signal: AbortSignal,
) => Promise<Outcome | { readonly kind: 'busy'; readonly detail: string }>

const BUSY_WAIT_MS = 100
const PRINCIPAL_PREFIX = 'hook:'

/** Who runs the program of a hook. Nobody who asks over HTTP is one of these. */
export const hookPrincipal = (hook: string): string => `${PRINCIPAL_PREFIX}${hook}`
export const isHookPrincipal = (principal: string): boolean => principal.startsWith(PRINCIPAL_PREFIX)

/** A way that calls `entry(event: string)` of a program, with the event as JSON. */
export function openProgram(hook: string, target: ProgramTarget, runProgram: RunProgram): Way {
  const { reference, entry, tenant, limits } = target
  return {
    send: async (event, occasion, signal) => {
      const run = { hook, reference, entry, tenant, limits, inputs: { event: JSON.stringify(event) } }
      for (;;) {
        const outcome = await runProgram(run, signal)
        if (outcome.kind === 'returned') return plainOf(outcome.value)
        // Before anything ran the caller may ask again later; what ran already should not be lost to a moment without a worker.
        if (outcome.kind !== 'busy' || occasion === 'before' || signal.aborted) throw failureOf(outcome, signal)
        await sleep(BUSY_WAIT_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    close: async () => undefined,
  }
}

/** A member that is `undefined` is as one that is absent. */
function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => !isUndefined(member)))
}

const isUndefined = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '$' in value && value.$ === 'undefined'

function failureOf(
  outcome: Exclude<Awaited<ReturnType<RunProgram>>, { kind: 'returned' }>,
  { aborted, reason }: AbortSignal,
): HookFailure {
  if (aborted) {
    const isTimeout = (reason as Error | undefined)?.name === 'TimeoutError'
    return new HookFailure(isTimeout ? 'timeout' : 'cancelled', isTimeout ? 'it took too long' : 'it was given up')
  }
  switch (outcome.kind) {
    case 'busy':
      return new HookFailure('busy', outcome.detail)
    case 'threw':
      return new HookFailure('failed', `it threw ${outcome.error.name}: ${outcome.error.message}`)
    case 'refused':
      return new HookFailure('failed', outcome.diagnostics.map(({ message }) => message).join('; '))
    case 'suspended':
      return new HookFailure('failed', 'it waits for a decision, and nobody waits for a hook that does')
    default:
      return new HookFailure('failed', outcome.message)
  }
}
