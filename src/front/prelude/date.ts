// Dates (ECMA-262 21.4): milliseconds since 1970. The local time zone is UTC.

/** A time as text, as the locale and the options say. */
declare function locale_date(
  time: number,
  part: string,
  locales: string | readonly string[] | undefined,
  options: object | undefined,
): string

export class Date {
  #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  getTime(): number {
    return this.#ms
  }

  valueOf(): number {
    return this.#ms
  }

  setTime(time: number): number {
    this.#ms = date_clip(+time)
    return this.#ms
  }

  getTimezoneOffset(): number {
    return this.#ms !== this.#ms ? NaN : 0
  }

  getFullYear(): number {
    return date_year(this.#ms)
  }

  getUTCFullYear(): number {
    return date_year(this.#ms)
  }

  getMonth(): number {
    return date_month(this.#ms)
  }

  getUTCMonth(): number {
    return date_month(this.#ms)
  }

  getDate(): number {
    return date_day(this.#ms)
  }

  getUTCDate(): number {
    return date_day(this.#ms)
  }

  getDay(): number {
    return date_weekday(this.#ms)
  }

  getUTCDay(): number {
    return date_weekday(this.#ms)
  }

  getHours(): number {
    return date_part(this.#ms, 86_400_000, 3_600_000)
  }

  getUTCHours(): number {
    return date_part(this.#ms, 86_400_000, 3_600_000)
  }

  getMinutes(): number {
    return date_part(this.#ms, 3_600_000, 60_000)
  }

  getUTCMinutes(): number {
    return date_part(this.#ms, 3_600_000, 60_000)
  }

  getSeconds(): number {
    return date_part(this.#ms, 60_000, 1000)
  }

  getUTCSeconds(): number {
    return date_part(this.#ms, 60_000, 1000)
  }

  getMilliseconds(): number {
    return date_part(this.#ms, 1000, 1)
  }

  getUTCMilliseconds(): number {
    return date_part(this.#ms, 1000, 1)
  }

  setFullYear(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 0)
    return this.#ms
  }

  setUTCFullYear(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 0)
    return this.#ms
  }

  setMonth(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 1)
    return this.#ms
  }

  setUTCMonth(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 1)
    return this.#ms
  }

  setDate(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 2)
    return this.#ms
  }

  setUTCDate(...parts: number[]): number {
    this.#ms = date_set_day(this.#ms, parts, 2)
    return this.#ms
  }

  setHours(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 0)
    return this.#ms
  }

  setUTCHours(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 0)
    return this.#ms
  }

  setMinutes(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 1)
    return this.#ms
  }

  setUTCMinutes(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 1)
    return this.#ms
  }

  setSeconds(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 2)
    return this.#ms
  }

  setUTCSeconds(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 2)
    return this.#ms
  }

  setMilliseconds(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 3)
    return this.#ms
  }

  setUTCMilliseconds(...parts: number[]): number {
    this.#ms = date_set_time(this.#ms, parts, 3)
    return this.#ms
  }

  toISOString(): string {
    const t = this.#ms
    if (t !== t) throw new RangeError('Invalid time value')
    return `${date_iso_year(date_year(t))}-${date_two(date_month(t) + 1)}-${date_two(date_day(t))}T${date_clock(t)}.${String(date_part(t, 1000, 1)).padStart(3, '0')}Z`
  }

  toJSON(): string | null {
    return this.#ms === this.#ms ? this.toISOString() : null
  }

  toLocaleDateString(locales?: string | readonly string[], options?: object): string {
    return locale_date(this.#ms, 'date', locales, options)
  }

  toLocaleTimeString(locales?: string | readonly string[], options?: object): string {
    return locale_date(this.#ms, 'time', locales, options)
  }

  toLocaleString(locales?: string | readonly string[], options?: object): string {
    return locale_date(this.#ms, 'all', locales, options)
  }

  toDateString(): string {
    const t = this.#ms
    return t !== t
      ? 'Invalid Date'
      : `${date_weekday_name(t)} ${date_month_name(t)} ${date_two(date_day(t))} ${date_text_year(t)}`
  }

  toTimeString(): string {
    const t = this.#ms
    return t !== t ? 'Invalid Date' : `${date_clock(t)} GMT+0000 (Coordinated Universal Time)`
  }

  toString(): string {
    return this.#ms !== this.#ms ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`
  }

  toUTCString(): string {
    const t = this.#ms
    return t !== t
      ? 'Invalid Date'
      : `${date_weekday_name(t)}, ${date_two(date_day(t))} ${date_month_name(t)} ${date_text_year(t)} ${date_clock(t)} GMT`
  }
}

export function date_new(ms: number): Date {
  return new Date(date_clip(ms))
}

/** `new Date(year, month, ...)`; of a list that is spread and has one number, this is the time. */
export function date_from_parts(parts: number[]): Date {
  return new Date(parts.length < 2 ? +parts[0] : date_utc(parts))
}

/** Date.UTC (21.4.3.4): years from 0 to 99 are of the twentieth century. */
export function date_utc(parts: number[]): number {
  const at = (i: number, otherwise: number): number => (i < parts.length ? +parts[i] : otherwise)
  const given = at(0, NaN)
  const month = at(1, 0)
  const day = at(2, 1)
  const time = date_make_time(at(3, 0), at(4, 0), at(5, 0), at(6, 0))
  const whole = Math.trunc(given)
  const year = whole >= 0 && whole <= 99 ? 1900 + whole : given
  return date_clip(date_make_day(year, month, day) * 86_400_000 + time)
}

/** TimeClip (21.4.1.31). */
function date_clip(ms: number): number {
  return Math.abs(ms) <= 8.64e15 ? Math.trunc(ms) + 0 : NaN
}

/** MakeTime (21.4.1.27). */
function date_make_time(hours: number, minutes: number, seconds: number, ms: number): number {
  return Math.trunc(hours) * 3_600_000 + Math.trunc(minutes) * 60_000 + Math.trunc(seconds) * 1000 + Math.trunc(ms)
}

/** MakeDay (21.4.1.28): days since 1970 of a day of the Gregorian calendar, with months and days beyond their bounds. */
function date_make_day(year: number, month: number, day: number): number {
  const [y, m, d] = [Math.trunc(year), Math.trunc(month), Math.trunc(day)]
  if (!(Math.abs(y) < 1e8 && Math.abs(m) < 1e8 && Math.abs(d) < 1e16)) return NaN
  const inYear = ((m % 12) + 12) % 12
  return date_days(y + Math.floor(m / 12), inYear) + d - 1
}

/** Days from 1970 to the first of a month. Years begin in March here, so that the leap day is their last. */
function date_days(year: number, month: number): number {
  const y = month < 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const inEra = y - era * 400
  const inYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5)
  return era * 146_097 + inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + inYear - 719_468
}

/** The day of its era of 400 years, which begins on the first of March. */
function date_day_of_era(t: number): number {
  const days = Math.floor(t / 86_400_000) + 719_468
  return days - Math.floor(days / 146_097) * 146_097
}

function date_year_of_era(day: number): number {
  return Math.floor((day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365)
}

function date_day_of_year(day: number): number {
  const year = date_year_of_era(day)
  return day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
}

function date_year(t: number): number {
  const era = Math.floor((Math.floor(t / 86_400_000) + 719_468) / 146_097)
  return era * 400 + date_year_of_era(date_day_of_era(t)) + (date_month(t) < 2 ? 1 : 0)
}

function date_month(t: number): number {
  const fromMarch = Math.floor((5 * date_day_of_year(date_day_of_era(t)) + 2) / 153)
  return (fromMarch + 2) % 12
}

function date_day(t: number): number {
  const inYear = date_day_of_year(date_day_of_era(t))
  const fromMarch = Math.floor((5 * inYear + 2) / 153)
  return inYear - Math.floor((153 * fromMarch + 2) / 5) + 1
}

function date_weekday(t: number): number {
  return (((Math.floor(t / 86_400_000) + 4) % 7) + 7) % 7
}

/** How many whole `unit`s there are in what is left of `whole`s. */
function date_part(t: number, whole: number, unit: number): number {
  return Math.floor((t - Math.floor(t / whole) * whole) / unit)
}

/** Sets year (`from` 0), month (1) and day (2) to what is given. Of an invalid date only the year can be set. */
function date_set_day(t: number, parts: number[], from: number): number {
  const given = parts.map((part) => +part)
  const base = t !== t && from === 0 ? 0 : t
  const at = (i: number, otherwise: number): number =>
    i === from ? (given.length > 0 ? given[0] : NaN) : i > from && i - from < given.length ? given[i - from] : otherwise
  const day = date_make_day(at(0, date_year(base)), at(1, date_month(base)), at(2, date_day(base)))
  return date_clip(day * 86_400_000 + (base - Math.floor(base / 86_400_000) * 86_400_000))
}

/** Sets hours (`from` 0), minutes (1), seconds (2) and milliseconds (3) to what is given. */
function date_set_time(t: number, parts: number[], from: number): number {
  const given = parts.map((part) => +part)
  const at = (i: number, otherwise: number): number =>
    i === from ? (given.length > 0 ? given[0] : NaN) : i > from && i - from < given.length ? given[i - from] : otherwise
  const time = date_make_time(
    at(0, date_part(t, 86_400_000, 3_600_000)),
    at(1, date_part(t, 3_600_000, 60_000)),
    at(2, date_part(t, 60_000, 1000)),
    at(3, date_part(t, 1000, 1)),
  )
  return date_clip(Math.floor(t / 86_400_000) * 86_400_000 + time)
}

function date_two(n: number): string {
  return String(n).padStart(2, '0')
}

function date_iso_year(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0')
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
}

function date_text_year(t: number): string {
  const year = date_year(t)
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`
}

function date_clock(t: number): string {
  return `${date_two(date_part(t, 86_400_000, 3_600_000))}:${date_two(date_part(t, 3_600_000, 60_000))}:${date_two(date_part(t, 60_000, 1000))}`
}

function date_weekday_name(t: number): string {
  return 'SunMonTueWedThuFriSat'.slice(date_weekday(t) * 3, date_weekday(t) * 3 + 3)
}

function date_month_name(t: number): string {
  return 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(date_month(t) * 3, date_month(t) * 3 + 3)
}
