/** The name of a program: letters, digits and single separators `.`, `_`, `-`, at most 100 characters. */
export function isProgramName(text: string): boolean {
  return text.length <= 100 && /^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/.test(text)
}

/** A version by SemVer 2.0 without build metadata, which takes no part in precedence. */
export function isProgramVersion(text: string): boolean {
  const core =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/
  return text.length <= 100 && core.test(text)
}

/** A program name made from a file path or any text: `src/Word Count.ts` gives `Word-Count`. */
export function programNameOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.(ts|mts|cts|anrf|json)$/, '')
  const name = base
    .replaceAll(/[^A-Za-z0-9]+/g, (s) => (s === '_' || s === '.' ? s : '-'))
    .replaceAll(/^[^A-Za-z]+|[^A-Za-z0-9]+$/g, '')
  return isProgramName(name.slice(0, 100)) ? name.slice(0, 100) : 'program'
}

/**
 * Turns a name of the source into an id of letters, digits and `_`, not yet taken; equal names
 * get `_2`, `_3` in the order in which they come.
 */
export function createIds(): (prefix: string, name: string) => string {
  const counts = new Map<string, number>()
  const taken = new Set<string>()
  return (prefix, name) => {
    const base = `${prefix}_${name.replaceAll(/[^A-Za-z0-9_]+/g, '_').slice(0, 60) || 'anonymous'}`
    let n = counts.get(base) ?? 0
    let id = base
    do id = ++n === 1 ? base : `${base}_${n}`
    while (taken.has(id))
    counts.set(base, n)
    taken.add(id)
    return id
  }
}

/** Text that protobuf can carry: a lone surrogate, which UTF-8 cannot hold, is written as its escape. */
export function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  return text.replaceAll(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
}
