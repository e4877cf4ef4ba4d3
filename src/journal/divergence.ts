import type { EffectCall } from '../effects/index.ts'

const TEXT_MAX = 200

/** The first call of a run that is not the one that its journal has in that place. */
export function describeDivergence(entry: EffectCall, call: EffectCall): string {
  if (entry.name !== call.name) return `call ${call.sequence} is ${call.name}, the journal has ${entry.name}`
  return `call ${call.sequence} (${call.name}) has the arguments ${shorten(call.args)}, the journal has ${shorten(entry.args)}`
}

/** A call of a run that its journal ends before. */
export function describeUnknown({ sequence, name, args }: EffectCall): string {
  return `call ${sequence} (${name}) with the arguments ${shorten(args)} is not in the journal`
}

/** A call of a journal that its run ends before. */
export function describeUnmade({ sequence, name }: EffectCall): string {
  return `call ${sequence} (${name}) is in the journal, and the run does not make it`
}

const shorten = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text)
