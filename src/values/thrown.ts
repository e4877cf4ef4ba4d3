import { THROWN } from '../ir/index.ts'
import type { Encoded, Limits } from '../base/index.ts'
import { encodeValue } from './encode.ts'
import { Limited, Trapped } from './failure.ts'
import { UNSET } from './layout.ts'
import { toText } from './text.ts'
import type { ValueHost } from './host.ts'
import { Closure, Instance, readField } from './value.ts'

type Memory = Pick<ValueHost, 'requireMemory'>

/**
 * A thrown value as people see it: its name and message if it has such properties, else its
 * type and its text. Throws {@link Limited} when it is larger than the output limit.
 */
export function describeThrown(
  thrown: unknown,
  limits: Limits,
): { readonly name: string; readonly message: string; readonly value: Encoded } {
  const host: Memory = {
    requireMemory: (bytes) => {
      if (bytes > limits.memory) throw new Limited('memory', 'out of memory')
    },
  }
  const value = held(thrown)
  const name = property(value, 'name')
  return {
    name: name === undefined ? kindName(value) : textOf(host, name),
    message: textOf(host, property(value, 'message') ?? value),
    value: encodeValue(value, limits.output),
  }
}

/** What an object holds that is there for it to be thrown. */
function held(thrown: unknown): unknown {
  if (!(thrown instanceof Instance)) return thrown
  const { role, fields } = thrown.layout.def
  return role === 'record' && fields[0]?.name === THROWN ? readField(thrown, 0) : thrown
}

/** What String gives, as far as it can be known: functions have no source text here. */
function textOf(host: Memory, value: unknown): string {
  try {
    return toText(host, value)
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
