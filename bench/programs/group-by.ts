/** Groups n log entries by service, level and hour in dictionaries, and reports on the groups. */
interface Entry {
  service: string
  level: string
  hour: number
  duration: number
  user: string
}

interface Summary {
  count: number
  slowest: number
  total: number
  users: number
}

const SERVICES = ['auth', 'billing', 'catalog', 'delivery', 'email', 'search']
const LEVELS = ['debug', 'info', 'warning', 'error']

function makeEntries(n: number): Entry[] {
  const entries: Entry[] = []
  let seed = 23
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647
    entries.push({
      service: SERVICES[seed % SERVICES.length],
      level: LEVELS[(seed >> 5) % LEVELS.length],
      hour: (seed >> 9) % 24,
      duration: (seed >> 3) % 5000,
      user: `u${(seed >> 7) % 500}`,
    })
  }
  return entries
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {}
  for (const item of items) (groups[keyOf(item)] ??= []).push(item)
  return groups
}

function countBy<T>(items: T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) {
    const key = keyOf(item)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function summarize(entries: Entry[]): Summary {
  const summary: Summary = { count: entries.length, slowest: 0, total: 0, users: 0 }
  for (const { duration } of entries) {
    summary.total += duration
    summary.slowest = Math.max(summary.slowest, duration)
  }
  summary.users = Object.keys(countBy(entries, (entry) => entry.user)).length
  return summary
}

/** Services by name, in each the summaries of its levels. */
function summarizeServices(entries: Entry[]): Record<string, Record<string, Summary>> {
  const report: Record<string, Record<string, Summary>> = {}
  for (const [service, ofService] of Object.entries(groupBy(entries, (entry) => entry.service))) {
    const levels = groupBy(ofService, (entry) => entry.level)
    report[service] = Object.fromEntries(Object.entries(levels).map(([level, group]) => [level, summarize(group)]))
  }
  return report
}

/** The five users with most errors in each hour. */
function rankUsers(entries: Entry[]): string[] {
  const errors = entries.filter(({ level }) => level === 'error')
  const hours = Object.groupBy(errors, ({ hour }) => String(hour))
  return Object.entries(hours).map(([hour, group]) => {
    const counts = countBy(group ?? [], ({ user }) => user)
    const ranked = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    return `${hour}: ${ranked
      .slice(0, 5)
      .map(([user, count]) => `${user}=${count}`)
      .join(' ')}`
  })
}

/** A checksum of the reports. */
export function run(n: number): number {
  const entries = makeEntries(n)
  const pairs = countBy(entries, ({ service, user }) => `${service}/${user}`)
  let often = 0
  for (const key in pairs) if (pairs[key] > n / 3000) often++
  const text = JSON.stringify({ services: summarizeServices(entries), users: rankUsers(entries), often })
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
