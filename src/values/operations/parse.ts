import { Limited, Thrown } from '../failure.ts'
import type { ValueHost } from '../host.ts'
import { Table } from '../table.ts'
import { newRefArray } from '../value.ts'

/** Levels of nesting that JSON text may have. */
const JSON_DEPTH_MAX = 2_000
/** Bytes that a unit of JSON text may become: `[` is an array. */
export const JSON_BYTES_PER_UNIT = 16

/**
 * JSON.parse (25.5.1) of a text, as a value of `json`: objects become dicts. Throws the SyntaxError of the host as an Error of the
 * program, {@link Limited} for text that is nested too deeply.
 */
export function parseJson(host: ValueHost, text: string): unknown {
  host.requireMemory(JSON_BYTES_PER_UNIT * text.length)
  return fromPlain(readText(host, text), 0)
}

function readText(host: ValueHost, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Thrown(host.newError('SyntaxError', error.message))
    throw error
  }
}

/** A plain value of the host as a value of `json`. */
function fromPlain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > JSON_DEPTH_MAX) throw new Limited('depth', 'JSON text is nested too deeply')
  if (Array.isArray(value)) {
    const list = newRefArray()
    for (const item of value) list.push(fromPlain(item, depth + 1))
    return list
  }
  const dict = new Table('dict')
  for (const [key, item] of Object.entries(value)) dict.set(key, fromPlain(item, depth + 1))
  return dict
}
