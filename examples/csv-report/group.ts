/** What the rows of one group come to. */
export interface Group {
  name: string
  rows: number
  total: number
  largest: number
}

/** Adds a value to its group, which is made where it is new. Groups stay in the order of their first row. */
export function addToGroup(groups: Group[], name: string, value: number): void {
  const group = groups.find((g) => g.name === name)
  if (group === undefined) {
    groups.push({ name, rows: 1, total: value, largest: value })
    return
  }
  group.rows++
  group.total += value
  group.largest = Math.max(group.largest, value)
}

/** The groups by falling total; equal totals by name. */
export function ranked(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1))
}
