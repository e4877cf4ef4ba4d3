import type { LimitName, Pending } from '../base/index.ts'
import { closedPort, type EffectAnswer, type EffectCall } from '../effects/index.ts'

/** What becomes of a run that waits for the world. */
export type Next =
  | { readonly kind: 'answer'; readonly answer: EffectAnswer }
  /** No call is under way. */
  | { readonly kind: 'none' }
  /** What is awaited may take days: the run ends here, and goes on in another process when there is an answer. */
  | { readonly kind: 'suspended'; readonly waitsFor: readonly Pending[] }
  | { readonly kind: 'limited'; readonly limit: LimitName }
  /** The journal of an earlier run says otherwise than this one does. */
  | { readonly kind: 'diverged'; readonly message: string }

/** Bytes that effects brought in and took out. */
export type EffectUsage = { readonly bytesIn: number; readonly bytesOut: number }

/** The world as one execution has it, on the trusted side: what its calls come to. */
export type EffectSession = {
  /** Begins a call; calls come in the order of their numbers. */
  start(call: EffectCall): void
  /** Gives up a call. */
  cancel(sequence: number): void
  /** The next answer; asked again only when this has been told. Rejects only for a defect of ours. */
  next(): Promise<Next>
  usage(): EffectUsage
  /** The run has ended: gives up what is under way. */
  close(): void
}

/** Of an execution that was given no way to the world: every call is answered with an error. */
export function closedSession(): EffectSession {
  const { start, cancel, next } = closedPort()
  return {
    start,
    cancel,
    next: async () => {
      const answer = next()
      return answer ? { kind: 'answer', answer } : { kind: 'none' }
    },
    usage: () => ({ bytesIn: 0, bytesOut: 0 }),
    close: () => undefined,
  }
}
