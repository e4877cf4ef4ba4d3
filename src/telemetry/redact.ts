/** Names of fields whose values are nobody's business. */
const SECRET_NAME =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api[-_]?key|key|secret|client[-_]?secret|private[-_]?key|pass(word|wd|phrase)?|token|(access|refresh|id)[-_]?token)$/i
/** Keys of this service and credentials of HTTP, wherever in a text they stand. */
const SECRET_TEXT = /\banrf_([0-9a-f]{16})_[0-9a-f]{64}\b|\b(bearer|basic) +[\w+/=.~-]{8,}/gi
const REDACTED = '[redacted]'
const DEPTH_MAX = 6

/** A value without the secrets that names or texts give away; errors are left to their serialiser. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value
  if (depth === DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => [
    name,
    SECRET_NAME.test(name) && field !== undefined ? REDACTED : redact(field, depth + 1),
  ])
  return Object.fromEntries(fields)
}

function redactText(text: string): string {
  // Most texts have none, and this is asked for each of them.
  if (!/anrf_|earer|asic/i.test(text)) return text
  return text.replaceAll(SECRET_TEXT, (_, id: string | undefined, scheme: string | undefined) =>
    id === undefined ? `${scheme} ${REDACTED}` : `anrf_${id}_${REDACTED}`,
  )
}
