/** Nesting that ANRF reads and writes: deeper text is refused before a recursive reader meets it. */
const JSON_DEPTH_MAX = 500

/** The value of a JSON text (RFC 8259), or why there is none. */
type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'syntax' | 'depth'; readonly message: string }

/**
 * Reads untrusted JSON text in UTF-8. Depth is bounded before parsing, because code that walks the
 * value later may recurse. Never throws.
 */
export function readJson(bytes: Uint8Array, depthMax: number = JSON_DEPTH_MAX): JsonResult {
  if (nestsDeeperThan(bytes, depthMax))
    return { ok: false, reason: 'depth', message: `the text nests deeper than ${depthMax}` }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown }
  } catch (error) {
    return { ok: false, reason: 'syntax', message: error instanceof SyntaxError ? error.message : 'not UTF-8 text' }
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

function nestsDeeperThan(bytes: Uint8Array, depthMax: number): boolean {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > depthMax) return true
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return false
}
