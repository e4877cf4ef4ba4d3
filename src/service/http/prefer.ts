/** What a caller prefers of the way in which an answer is given (RFC 7240). */
export type Preference = {
  /** How long the caller would rather wait for the end than be told to come back, in ms. */
  readonly waitMs: number
  /** The preferences that count, as `Preference-Applied` says them. */
  readonly applied: string
}

/** Waiting longer costs a connection for nothing: whoever wants to know asks again. */
const WAIT_S_MAX = 600

const TOKEN = String.raw`[!#$%&'*+.^_\x60|~\w-]+`
const PREFERENCE = new RegExp(`^\\s*(${TOKEN})\\s*(?:=\\s*(?:"([^"]*)"|(${TOKEN})))?\\s*(?:;|$)`)

/**
 * Reads the field `Prefer`: `respond-async` (section 4.1), `wait` (section 4.3). Undefined when the answer is to be given
 * in place; what is not known or not well formed is ignored, and the first of two counts, as section 2 says.
 */
export function readPrefer(field: string | undefined): Preference | undefined {
  const found = new Map<string, string>()
  for (const part of (field ?? '').split(',')) {
    const [, name, quoted, token] = PREFERENCE.exec(part) ?? []
    if (name !== undefined && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), quoted ?? token ?? '')
  }
  const isAsync = found.has('respond-async')
  const wait = found.get('wait')
  const waitS = wait !== undefined && /^\d+$/.test(wait) ? Math.min(WAIT_S_MAX, Number(wait)) : undefined
  if (!isAsync && waitS === undefined) return undefined
  const applied = [...(isAsync ? ['respond-async'] : []), ...(waitS === undefined ? [] : [`wait=${waitS}`])]
  return { waitMs: (waitS ?? 0) * 1000, applied: applied.join(', ') }
}
