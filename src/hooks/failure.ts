/** Why a hook gave no answer that counts, or did not take an event: the only list. */
export const HOOK_FAILURES = {
  timeout: 'it took longer than it may',
  unreachable: 'it could not be reached, or may not be',
  answer: 'what it answered is no answer',
  failed: 'it tried, and could not',
  gone: 'it wants to be told no more (410)',
  busy: 'all workers are busy',
  cancelled: 'nobody waits for its answer any more',
} as const

export type HookFailureReason = keyof typeof HOOK_FAILURES

/** Thrown by the way to a hook; any other error there is a defect. */
export class HookFailure extends Error {
  readonly reason: HookFailureReason
  /** How long it asks to be left alone, in ms. */
  readonly retryAfterMs: number | undefined

  constructor(reason: HookFailureReason, message: string, retryAfterMs?: number) {
    super(message)
    this.name = 'HookFailure'
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}
