import type { EffectPort } from '../effects/index.ts'
import { Limited } from '../values/index.ts'

/**
 * The way to the world of a run that may move `bytesMax` bytes: a call whose arguments alone are more ends the run here, so that
 * they never leave it.
 */
export function boundedPort(port: EffectPort, bytesMax: number): EffectPort {
  return {
    start: (call) => {
      if (Buffer.byteLength(call.args) > bytesMax)
        throw new Limited('io', 'the arguments of a call are more than may go out')
      port.start(call)
    },
    cancel: (sequence) => port.cancel(sequence),
    next: (left) => port.next(left),
  }
}
