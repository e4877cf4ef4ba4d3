import { text, pure, type OpRow } from './row.ts'

type S = string
type N = number

/**
 * What the program wrote for a parameter `locales` or `options`, as JSON; '' where it left it out. Numbers that
 * JSON does not have are null there.
 */
function read(json: S): unknown {
  try {
    return json === '' ? undefined : JSON.parse(json, (_, value: unknown) => (value === null ? NaN : value))
  } catch {
    return undefined
  }
}

/** Where the program names no locale it is en-US, whatever the machine says. */
const locales = (json: S): string | string[] => (read(json) ?? 'en-US') as string
const options = <T>(json: S): T => read(json) as T

function dateText(time: N, part: S, locale: string | string[], given: Intl.DateTimeFormatOptions): S {
  const date = new Date(time)
  const chosen = { timeZone: 'UTC', ...given }
  switch (part) {
    case 'date':
      return date.toLocaleDateString(locale, chosen)
    case 'time':
      return date.toLocaleTimeString(locale, chosen)
    case 'all':
      return date.toLocaleString(locale, chosen)
    default:
      return new Intl.DateTimeFormat(locale, chosen).format(date)
  }
}

const LOCALE = { throws: ['RangeError', 'TypeError'], fuel: { base: 50, per: 1 / 16, of: 'result' } } as const

/** Operations that depend on a locale, by the tables of ICU that Node has (ECMA-402). Codes 448-463. */
export const LOCALE_OPS = {
  'locale.number': text(
    448,
    '(f64, string, string) -> string',
    'Number.prototype.toLocaleString(locales, options), both as JSON',
    (x: N, l: S, o: S) => x.toLocaleString(locales(l), options<Intl.NumberFormatOptions>(o)),
    LOCALE,
  ),
  'locale.number_format': text(
    453,
    '(f64, string, string) -> string',
    'A number in the format of Intl.NumberFormat(locales, options), both as JSON',
    (x: N, l: S, o: S) => new Intl.NumberFormat(locales(l), options<Intl.NumberFormatOptions>(o)).format(x),
    LOCALE,
  ),
  'locale.date': text(
    452,
    '(f64, string, string, string) -> string',
    'A time in milliseconds since 1970 as text, with UTC as local time; the second operand says how: date, time or all as Date.prototype.toLocaleDateString, toLocaleTimeString and toLocaleString, format as Intl.DateTimeFormat. Locales and options as JSON',
    (time: N, part: S, l: S, o: S) => dateText(time, part, locales(l), options<Intl.DateTimeFormatOptions>(o)),
    LOCALE,
  ),
  'locale.compare': pure(
    449,
    '(string, string, string, string) -> f64',
    'String.prototype.localeCompare(that, locales, options), both as JSON',
    (a: S, b: S, l: S, o: S) => a.localeCompare(b, locales(l), options<Intl.CollatorOptions>(o)),
    { throws: ['RangeError', 'TypeError'], fuel: { base: 50, per: 1 / 16, of: 'arg0' } },
  ),
  'locale.lower': text(
    450,
    '(string, string) -> string',
    'String.prototype.toLocaleLowerCase(locales), as JSON',
    (a: S, l: S) => a.toLocaleLowerCase(locales(l)),
    LOCALE,
  ),
  'locale.upper': text(
    451,
    '(string, string) -> string',
    'String.prototype.toLocaleUpperCase(locales), as JSON',
    (a: S, l: S) => a.toLocaleUpperCase(locales(l)),
    LOCALE,
  ),
} as const satisfies Record<string, OpRow>
