// Members of Map and Set that call back or make arrays and tables, as ECMA-262 24.1 and 24.2 word them. A loop over a table
// that changes sees what was added and nothing that was taken out.

/** Throws where an entry is no object, which has no key and no value, though a text has elements (24.1.1.2). */
declare function requireEntry(entry: unknown): void

type MapCallback<K, V> = (value: V, key: K, map: Map<K, V>) => unknown
type SetCallback<T> = (value: T, key: T, set: Set<T>) => unknown

export function map_fill<K, V>(self: Map<K, V>, entries: [K, V][]): Map<K, V> {
  for (const entry of entries) {
    if (!(entry instanceof Array)) requireEntry(entry)
    // The question makes room for a value that is missing: a list that is no pair may be shorter.
    const value = entry[1]
    self.set(entry[0], value ?? value)
  }
  return self
}

export function map_forEach<K, V>(self: Map<K, V>, callback: MapCallback<K, V>): void {
  for (const [key, value] of self) callback(value, key, self)
}

export function map_keys<K, V>(self: Map<K, V>): K[] {
  const out: K[] = []
  for (const key of self.keys()) out.push(key)
  return out
}

export function map_values<K, V>(self: Map<K, V>): V[] {
  const out: V[] = []
  for (const value of self.values()) out.push(value)
  return out
}

export function map_entries<K, V>(self: Map<K, V>): [K, V][] {
  const out: [K, V][] = []
  for (const entry of self) out.push(entry)
  return out
}

export function map_groupBy<K, T>(items: T[], callback: (value: T, index: number) => K): Map<K, T[]> {
  if (items === undefined || items === null) throw new TypeError('Map.groupBy called on null or undefined')
  const groups = new Map<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = callback(item, index)
    index++
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

export function set_fill<T>(self: Set<T>, values: T[]): Set<T> {
  for (const value of values) self.add(value)
  return self
}

export function set_forEach<T>(self: Set<T>, callback: SetCallback<T>): void {
  for (const value of self) callback(value, value, self)
}

export function set_values<T>(self: Set<T>): T[] {
  const out: T[] = []
  for (const value of self) out.push(value)
  return out
}

export function set_entries<T>(self: Set<T>): [T, T][] {
  const out: [T, T][] = []
  for (const entry of self.entries()) out.push(entry)
  return out
}

/** How many values another set says that it has, which a class that extends Set may say otherwise (GetSetRecord, 24.2.1.2). */
function set_size<T>(other: Set<T>): number {
  const size = +other.size
  if (size !== size) throw new TypeError('The .size property is NaN')
  if (size < 0) throw new RangeError(`'${size}' is an invalid size`)
  return size
}

export function set_union<T>(self: Set<T>, other: Set<T>): Set<T> {
  set_size(other)
  const out = new Set<T>()
  for (const value of self) out.add(value)
  for (const value of other.keys()) out.add(value)
  return out
}

export function set_intersection<T>(self: Set<T>, other: Set<T>): Set<T> {
  const out = new Set<T>()
  if (self.size <= set_size(other)) {
    for (const value of self) if (other.has(value)) out.add(value)
  } else {
    for (const value of other.keys()) if (self.has(value)) out.add(value)
  }
  return out
}

export function set_difference<T>(self: Set<T>, other: Set<T>): Set<T> {
  const size = set_size(other)
  const out = new Set<T>(self)
  if (self.size <= size) {
    for (const value of self) if (other.has(value)) out.delete(value)
  } else for (const value of other.keys()) out.delete(value)
  return out
}

export function set_symmetricDifference<T>(self: Set<T>, other: Set<T>): Set<T> {
  set_size(other)
  const out = new Set<T>(self)
  for (const value of other.keys())
    if (self.has(value)) out.delete(value)
    else out.add(value)
  return out
}

export function set_isSubsetOf<T>(self: Set<T>, other: Set<T>): boolean {
  if (self.size > set_size(other)) return false
  for (const value of self) if (!other.has(value)) return false
  return true
}

export function set_isSupersetOf<T>(self: Set<T>, other: Set<T>): boolean {
  if (self.size < set_size(other)) return false
  for (const value of other.keys()) if (!self.has(value)) return false
  return true
}

export function set_isDisjointFrom<T>(self: Set<T>, other: Set<T>): boolean {
  if (self.size <= set_size(other)) {
    for (const value of self) if (other.has(value)) return false
  } else for (const value of other.keys()) if (self.has(value)) return false
  return true
}
