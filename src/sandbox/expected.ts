import type { Limits } from '../base/index.ts'
import { LEFT_BYTES } from './effect-frames.ts'
import { FRAME, NO_NONCE, type Expectation } from './wire.ts'

const RESULT_OVERHEAD_BYTES = 2 ** 20
/** What a call says beside its arguments. */
const CALL_OVERHEAD_BYTES = 512
const FRAME_BYTES_MAX = 512 * 2 ** 20
const SEQUENCE_BYTES = 4

/** From a worker that starts: that it is ready, and nothing else. */
export const READY_EXPECTED: Expectation = {
  nonce: NO_NONCE,
  largestBytes: 0,
  payloadBytesMax: (type) => (type === FRAME.ready ? 0 : undefined),
}

/** How far a run has come, as far as it decides what may come next. */
export type Progress = {
  /** The program was sent, asked for or not. */
  hasProgram: boolean
  /** Calls of effects begun; the next one has this number. */
  calls: number
  /** Calls that were given up. */
  cancels: number
  /** The run waits for an answer. */
  waits: boolean
}

/** What may come during a run, by how far it has come. */
export function runExpected(nonce: Buffer, limits: Limits, progress: Progress): Expectation {
  const logBytes = Math.min(FRAME_BYTES_MAX, 4 * limits.logs + 1)
  const callBytes = Math.min(FRAME_BYTES_MAX, limits.io + CALL_OVERHEAD_BYTES)
  const resultBytes = Math.min(FRAME_BYTES_MAX, 8 * limits.output + RESULT_OVERHEAD_BYTES)
  const payloadBytesMax = (type: number): number | undefined => {
    if (progress.waits) return undefined
    switch (type) {
      case FRAME.need:
        return progress.hasProgram ? undefined : 0
      case FRAME.log:
        return logBytes
      case FRAME.effect:
        return callBytes
      case FRAME.cancel:
        return progress.cancels < progress.calls ? SEQUENCE_BYTES : undefined
      case FRAME.wait:
        return LEFT_BYTES
      case FRAME.result:
        return resultBytes
      default:
        return undefined
    }
  }
  return { nonce, largestBytes: Math.max(logBytes, callBytes, resultBytes), payloadBytesMax }
}
