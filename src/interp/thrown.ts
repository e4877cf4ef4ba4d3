import { encodeValue } from './encode.ts'
import { UNSET } from './layout.ts'
import { toText } from './text.ts'
import type { Machine } from './machine.ts'
import { Closure, ErrorInstance, Instance, readField } from './values.ts'
import type { Encoded } from '../base/index.ts'

/**
 * A thrown value as people see it: its name and message if it has such properties, else its
 * type and its text. Throws {@link Limited} when it is larger than the output limit.
 */
export function describeThrown(machine: Machine, value: unknown): { name: string; message: string; value: Encoded } {
  const name = property(value, 'name') ?? (value instanceof Closure ? 'function' : typeof value)
  const message = property(value, 'message') ?? (value instanceof Closure ? 'function' : value)
  return {
    name: toText(machine, name),
    message: toText(machine, message),
    value: encodeValue(value, machine.limits.output),
  }
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
