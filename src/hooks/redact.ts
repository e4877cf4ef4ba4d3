/** What takes the place of a redacted value. */
const REDACTED = '[redacted]'

/**
 * Puts `[redacted]` in the place of the value that a JSON pointer (RFC 6901) names; the value that was given stays as it is.
 * A pointer to what is not there changes nothing: the value there was not to be seen, and is not.
 */
export function redactAt(value: unknown, pointer: string): unknown {
  return redactPath(value, keysOf(pointer))
}

/** Whether a JSON pointer names something. */
export function isAt(value: unknown, pointer: string): boolean {
  let at = value
  for (const key of keysOf(pointer)) {
    if (!hasMember(at, key)) return false
    at = (at as Readonly<Record<string, unknown>>)[key]
  }
  return true
}

const keysOf = (pointer: string): readonly string[] => pointer.split('/').slice(1).map(unescapeToken)

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

function hasMember(value: unknown, key: string): value is object {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return !Array.isArray(value) || /^\d+$/.test(key)
}

function redactPath(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return REDACTED
  if (!hasMember(value, key)) return value
  if (Array.isArray(value)) return value.with(Number(key), redactPath(value[Number(key)], rest))
  const inner = redactPath((value as Readonly<Record<string, unknown>>)[key], rest)
  return Object.fromEntries(Object.entries(value).map(([name, old]) => [name, name === key ? inner : old]))
}
