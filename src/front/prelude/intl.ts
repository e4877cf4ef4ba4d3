// Formats of ECMA-402. Locales and options are kept as JSON.

declare function locale_number(value: number, locales: string, options: string): string
declare function locale_format(time: number, locales: string, options: string): string

export class NumberFormat {
  readonly #locales: string
  readonly #options: string

  constructor(locales: string, options: string) {
    this.#locales = locales
    this.#options = options
    // Wrong options are a RangeError here.
    locale_number(0, locales, options)
  }

  format(value: number): string {
    return locale_number(value, this.#locales, this.#options)
  }
}

export class DateTimeFormat {
  readonly #locales: string
  readonly #options: string

  constructor(locales: string, options: string) {
    this.#locales = locales
    this.#options = options
    locale_format(0, locales, options)
  }

  format(date?: Date | number): string {
    const time = date === undefined ? Date.now() : +date
    if (!(Math.abs(time) <= 8.64e15)) throw new RangeError('Invalid time value')
    return locale_format(time, this.#locales, this.#options)
  }
}

export function intl_number_format(locales: string, options: string): NumberFormat {
  return new NumberFormat(locales, options)
}

export function intl_date_format(locales: string, options: string): DateTimeFormat {
  return new DateTimeFormat(locales, options)
}
