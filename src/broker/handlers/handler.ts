import type { CAPABILITIES, CapabilityName } from '../../effects/index.ts'
import type { ArgumentsOf } from '../arguments.ts'
import type { CallContext, Json } from '../context.ts'

/** Answers one call whose arguments were checked. What the program sees as an error is thrown as an `EffectFailure`. */
export type Handler<A> = (args: A, context: CallContext) => Promise<Json>

/** The handlers of all operations of all capabilities. */
export type Handlers = {
  readonly [C in CapabilityName]: {
    readonly [O in keyof (typeof CAPABILITIES)[C]['effects']]: Handler<ArgumentsOf<C, O>>
  }
}
