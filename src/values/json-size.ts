/**
 * A lower bound for the code units of the JSON text of a plain host value. Parts that are shared are counted each
 * time they are written, yet looked at once: a small value may be a text larger than any memory.
 */
export function jsonSize(value: unknown): number {
  return sizeOf(value, new Map())
}

/** Objects at work count as nothing: cycles are for JSON.stringify to refuse. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 1
  const found = known.get(value)
  if (found !== undefined) return found
  known.set(value, 0)
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += 1 + sizeOf(item, known)
  else
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) size += key.length + 4 + sizeOf(item, known)
  known.set(value, size)
  return size
}
