import type { ExecutionUsage, LimitName, Pending } from '../base/index.ts'
import { closedPort, type EffectAnswer, type EffectCall, type EffectPort, type Left } from '../effects/index.ts'
import { NO_EFFECTS } from './messages.ts'

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

/** Bytes that effects brought in and took out, and those of programs that were called. */
export type EffectUsage = { readonly bytesIn: number; readonly bytesOut: number; readonly nestedBytes?: number }

/** The same, and what programs used that the run called, with those that these called. */
export type SessionUsage = EffectUsage &
  Pick<ExecutionUsage, 'nestedFuel' | 'nestedAllocatedBytes' | 'nestedEffects' | 'nestedBytes'>

/** The world as one execution has it, on the trusted side: what its calls come to. */
export type EffectSession = {
  /** Begins a call; calls come in the order of their numbers. */
  start(call: EffectCall): void
  /** Gives up a call. */
  cancel(sequence: number): void
  /**
   * The next answer; asked again only when this has been told. `left`: what the run says that it has left. Rejects only for a
   * defect of ours.
   */
  next(left: Left): Promise<Next>
  /** Calls of effects that are not the run's own any more: programs that it called have made them, or may. */
  effectsTaken(): number
  usage(): SessionUsage
  /** The run has ended: gives up what is under way. */
  close(): void
}

/** Of an execution that was given no way to the world: every call is answered with an error. */
export class ClosedSession implements EffectSession {
  #port: EffectPort | undefined

  start(call: EffectCall): void {
    this.#port ??= closedPort()
    this.#port.start(call)
  }

  cancel(sequence: number): void {
    this.#port?.cancel(sequence)
  }

  async next(left: Left): Promise<Next> {
    const answer = this.#port?.next(left)
    return answer ? { kind: 'answer', answer } : { kind: 'none' }
  }

  effectsTaken(): number {
    return 0
  }

  usage(): SessionUsage {
    return NO_EFFECTS
  }

  close(): void {
    // Nothing is under way that anybody else knows of.
  }
}
