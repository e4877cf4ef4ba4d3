/** Why a pattern is no pattern; `reason` is what V8 says after the colon. */
export class PatternError extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

export function fail(reason: string): never {
  throw new PatternError(reason)
}

/** A place in a pattern. Characters are code points in unicode mode and code units otherwise; -1 is the end. */
export class Cursor {
  readonly text: string
  readonly #wide: boolean
  at = 0

  constructor(text: string, unicode: boolean) {
    this.text = text
    this.#wide = unicode
  }

  /** The character here. */
  get current(): number {
    return this.#charAt(this.at)
  }

  /** The code unit so many units further on. */
  ahead(distance: number): number {
    const unit = this.text.charCodeAt(this.at + distance)
    return Number.isNaN(unit) ? -1 : unit
  }

  /** Goes past the character here, and gives it. */
  take(): number {
    const code = this.current
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  /** Whether the text goes on with `expected`. */
  sees(expected: string): boolean {
    return this.text.startsWith(expected, this.at)
  }

  /** Goes past `expected`, if that is what comes. */
  eat(expected: string): boolean {
    if (!this.sees(expected)) return false
    this.at += expected.length
    return true
  }

  /** A number of decimal digits, Infinity when it is too large to matter; null when there is none. */
  number(): number | null {
    const start = this.at
    let value = 0
    while (isDigit(this.ahead(0))) value = Math.min(value * 10 + this.take() - 0x30, 1e15)
    if (this.at === start) return null
    return value >= NUMBER_MAX ? Infinity : value
  }

  /** Just `count` hexadecimal digits; null, and no move, when there are fewer. */
  hex(count: number): number | null {
    const digits = this.text.slice(this.at, this.at + count)
    if (digits.length < count || !/^[0-9a-fA-F]+$/.test(digits)) return null
    this.at += count
    return parseInt(digits, 16)
  }

  #charAt(index: number): number {
    if (index >= this.text.length) return -1
    return this.#wide ? this.text.codePointAt(index)! : this.text.charCodeAt(index)
  }
}

/** Greater numbers in quantifiers mean no bound. */
const NUMBER_MAX = 0x7fffffff

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** The code of a character that is written as it is. */
export function codeOf(char: string): number {
  return char.codePointAt(0)!
}
