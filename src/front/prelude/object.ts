// Functions of Object that make dictionaries, as ECMA-262 20.1.2 words them.

/** Throws where an entry is no object. */
declare function requireEntry(entry: unknown): void

export function object_fromEntries<V>(entries: [string, V][]): Record<string, V> {
  const out: Record<string, V> = {}
  for (const entry of entries) {
    if (!(entry instanceof Array)) requireEntry(entry)
    // The question makes room for a value that is missing.
    const value = entry[1]
    out[entry[0]] = value ?? value
  }
  return out
}

export function object_groupBy<T>(items: T[], callback: (value: T, index: number) => string): Record<string, T[]> {
  if (items === undefined || items === null) throw new TypeError('Object.groupBy called on null or undefined')
  const groups: Record<string, T[]> = Object.create(null)
  let index = 0
  for (const item of items) {
    const key = callback(item, index)
    index++
    if (Object.hasOwn(groups, key)) groups[key].push(item)
    else groups[key] = [item]
  }
  return groups
}

/** Object.assign (20.1.2.1) of sources in a list. */
export function object_assign_all<T extends object, S>(target: T, sources: S[]): T {
  for (const source of sources) Object.assign(target, source)
  return target
}
