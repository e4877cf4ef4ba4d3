import type { Encoded, Frame, Limits, Outcome } from '../base/index.ts'
import { describeThrown, encodeValue, Limited, Thrown, type Trapped } from '../values/index.ts'

/** The outcome that `make` encodes, unless it exceeds the output limit. */
export function encodedOutcome(make: () => Outcome): Outcome {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof Limited)) throw error
    return { kind: 'limited', limit: error.limit, message: error.message, stack: [] }
  }
}

/** Arguments after a call; nothing when they are larger than the output limit. */
export function encodedArguments(args: readonly unknown[], bytesMax: number): readonly Encoded[] | undefined {
  try {
    return encodeValue(args, bytesMax) as readonly Encoded[]
  } catch (error) {
    if (error instanceof Limited) return undefined
    throw error
  }
}

/** The outcome of a run that failed at the place that the stack tells. */
export function failureOutcome(failure: Thrown | Trapped | Limited, stack: readonly Frame[], limits: Limits): Outcome {
  if (failure instanceof Thrown)
    return encodedOutcome(() => ({ kind: 'threw', error: describeThrown(failure.value, limits), stack }))
  if (failure instanceof Limited) return { kind: 'limited', limit: failure.limit, message: failure.message, stack }
  return { kind: 'trapped', trap: failure.trap, message: failure.message, stack }
}
