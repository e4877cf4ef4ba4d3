export interface LevelCount {
  level: string
  count: number
}

export interface SlowRequest {
  path: string
  ms: number
}

export interface LogReport {
  lines: number
  malformed: number
  levels: LevelCount[]
  /** Errors per minute of the day, only minutes that have one, as `HH:MM n`. */
  errorMinutes: string[]
  slowest: SlowRequest[]
  meanMs: number | null
}

type Entry = { time: string; level: string; path: string; ms: number | null }

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR']

/**
 * Summarises a request log. A line reads `2026-03-01T09:15:02Z LEVEL /path 123ms`; the duration may be missing.
 *
 * @param log the log, one entry per line; blank lines are skipped
 * @param top how many of the slowest requests to list
 * @returns counts per level, minutes with errors, the slowest requests and the mean duration
 * @requires top >= 0
 * @ensures result.malformed <= result.lines
 */
export function analyse(log: string, top: number = 3): LogReport {
  const levels: LevelCount[] = LEVELS.map((level) => ({ level, count: 0 }))
  const timed: SlowRequest[] = []
  const minutes: string[] = []
  const errorsPerMinute: number[] = []
  let lines = 0
  let malformed = 0

  for (const line of log.split('\n')) {
    if (line.trim() === '') continue
    lines++
    const entry = parseEntry(line.trim())
    if (entry === null) {
      malformed++
      console.warn(`malformed: ${line.trim().slice(0, 40)}`)
      continue
    }
    levels[LEVELS.indexOf(entry.level)].count++
    if (entry.ms !== null) timed.push({ path: entry.path, ms: entry.ms })
    if (entry.level === 'ERROR') {
      const minute = entry.time.slice(11, 16)
      const at = minutes.indexOf(minute)
      if (at >= 0) errorsPerMinute[at]++
      else {
        minutes.push(minute)
        errorsPerMinute.push(1)
      }
    }
  }

  return {
    lines,
    malformed,
    levels: levels.filter((l) => l.count > 0),
    errorMinutes: minutes.map((minute, i) => `${minute} ${errorsPerMinute[i]}`).sort(),
    slowest: [...timed].sort((a, b) => b.ms - a.ms).slice(0, top),
    meanMs: timed.length === 0 ? null : timed.reduce((sum, r) => sum + r.ms, 0) / timed.length,
  }
}

function parseEntry(line: string): Entry | null {
  const parts = line.split(' ').filter((part) => part !== '')
  if (parts.length < 3 || parts.length > 4) return null
  const [time, level, path] = parts
  if (!isTime(time) || !LEVELS.includes(level) || !path.startsWith('/')) return null
  if (parts.length === 3) return { time, level, path, ms: null }
  const duration = parts[3]
  if (!duration.endsWith('ms')) return null
  const ms = Number(duration.slice(0, -2))
  return Number.isFinite(ms) && ms >= 0 ? { time, level, path, ms } : null
}

/** Whether a text looks like `2026-03-01T09:15:02Z`. */
function isTime(text: string): boolean {
  const pattern = '####-##-##T##:##:##Z'
  if (text.length !== pattern.length) return false
  for (let i = 0; i < pattern.length; i++) {
    const isDigit = text[i] >= '0' && text[i] <= '9'
    if (pattern[i] === '#' ? !isDigit : text[i] !== pattern[i]) return false
  }
  return true
}
