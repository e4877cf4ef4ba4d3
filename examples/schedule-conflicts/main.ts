export interface Meeting {
  title: string
  /** Start and end as `HH:MM` of the same day; the end is exclusive. */
  start: string
  end: string
  people: string[]
}

export interface Conflict {
  first: string
  second: string
  people: string[]
  minutes: number
}

export interface Slot {
  start: string
  end: string
}

const DAY_MINUTES = 24 * 60

/**
 * Finds meetings that overlap and share people.
 *
 * @param meetings the meetings of a day
 * @returns every pair in conflict with the people concerned and the length of the overlap, by start time
 */
export function conflicts(meetings: Meeting[]): Conflict[] {
  const sorted = [...meetings].sort((a, b) => minutesOf(a.start) - minutesOf(b.start))
  const found: Conflict[] = []
  sorted.forEach((a, i) => {
    const aEnd = minutesOf(a.end)
    if (aEnd <= minutesOf(a.start)) throw new RangeError(`"${a.title}" ends before it starts`)
    for (const b of sorted.slice(i + 1)) {
      const bStart = minutesOf(b.start)
      if (bStart >= aEnd) break
      const people = a.people.filter((p) => b.people.includes(p)).sort()
      if (people.length === 0) continue
      const minutes = Math.min(aEnd, minutesOf(b.end)) - bStart
      console.log(`${a.title} and ${b.title} overlap by ${minutes} min for ${people.join(', ')}`)
      found.push({ first: a.title, second: b.title, people, minutes })
    }
  })
  return found
}

/**
 * The times at which everyone is free.
 *
 * @param meetings the meetings of a day
 * @param people who must be free
 * @param minutes how long a slot must be at least
 * @param day the working hours
 * @returns the free slots within the working hours, in order
 * @requires minutes > 0
 */
export function freeSlots(
  meetings: Meeting[],
  people: string[],
  minutes: number,
  day: Slot = { start: '09:00', end: '17:00' },
): Slot[] {
  const busy = meetings
    .filter((m) => m.people.some((p) => people.includes(p)))
    .map((m): [number, number] => [minutesOf(m.start), minutesOf(m.end)])
    .sort(([a], [b]) => a - b)
  const close = minutesOf(day.end)
  const slots: Slot[] = []
  let free = minutesOf(day.start)
  for (const [start, end] of [...busy, [close, close] as [number, number]]) {
    const until = Math.min(start, close)
    if (until - free >= minutes) slots.push({ start: clock(free), end: clock(until) })
    free = Math.max(free, end)
  }
  return slots
}

function minutesOf(time: string): number {
  const [hours = NaN, minutes = NaN, ...rest] = time.split(':').map(Number)
  const total = hours * 60 + minutes
  if (rest.length > 0 || Number.isNaN(total) || minutes > 59 || total < 0 || total > DAY_MINUTES) {
    throw new RangeError(`not a time of day: ${time}`)
  }
  return total
}

function clock(minutes: number): string {
  const pad = (n: number): string => String(n).padStart(2, '0')
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
