export { askAfter, askBefore, isEnd, sendTo, type Asking, type Shown } from './ask.ts'
export { Counts } from './counts.ts'
export {
  countDeliveries,
  DELIVERY_STATES,
  findDelivery,
  listDeliveries,
  redeliver,
  type Delivery,
  type DeliveryState,
} from './deliveries.ts'
export { Deliverer } from './deliverer.ts'
export { EVENTS, newEvent, type EventName } from './event.ts'
export { HookFailure } from './failure.ts'
export { type Filtered } from './filter.ts'
export { type Hook, type Included } from './hook.ts'
export { NO_HOOKS, readHooks, type HooksManifest } from './manifest.ts'
export { closeHooks, HooksError, openHooks } from './open.ts'
export { openVerifierModules, type VerifierModule } from './verifier-module.ts'
export { putDown, type Told } from './outbox.ts'
export { hookPrincipal, isHookPrincipal, type ProgramRun, type RunProgram } from './program.ts'
