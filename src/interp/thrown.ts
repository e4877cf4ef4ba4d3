import type { Encoded } from '../base/index.ts'
import { encodeValue } from './encode.ts'
import { Limited, Trapped } from './failure.ts'
import { UNSET } from './layout.ts'
import { toText } from './text.ts'
import type { Machine } from './machine.ts'
import { Closure, ErrorInstance, Instance, readField } from './values.ts'

/**
 * A thrown value as people see it: its name and message if it has such properties, else its
 * type and its text. Throws {@link Limited} when it is larger than the output limit.
 */
export function describeThrown(machine: Machine, value: unknown): { name: string; message: string; value: Encoded } {
  const name = property(value, 'name')
  return {
    name: name === undefined ? kindName(value) : textOf(machine, name),
    message: textOf(machine, property(value, 'message') ?? value),
    value: encodeValue(value, machine.limits.output),
  }
}

/** What String gives, as far as it can be known: functions have no source text here. */
function textOf(machine: Machine, value: unknown): string {
  try {
    return toText(machine, value)
  } catch (error) {
    if (error instanceof Trapped || error instanceof Limited) return kindName(value)
    throw error
  }
}

function kindName(value: unknown): string {
  return value instanceof Closure ? 'function' : typeof value
}

function property(value: unknown, name: string): unknown {
  if (!(value instanceof Instance)) return undefined
  const field = value.layout.def.fields.findIndex((f) => f.name === name)
  const found = field < 0 ? undefined : readField(value, field)
  return found === UNSET ? undefined : found
}

/** Where a thrown value comes from: an Error knows where it was made. */
export function traceOf(value: unknown, thrownAt: Int32Array): Int32Array {
  return value instanceof ErrorInstance ? value.trace : thrownAt
}
