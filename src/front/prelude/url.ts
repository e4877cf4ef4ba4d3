// URLs (WHATWG URL 6.1).

import { search_params_text, type URLSearchParams } from './search-params.ts'

/** The members, each a line, in the order of {@link url_member}; '' for what is no URL. */
declare function url_parse(text: string, base: string): string
/** The same of a URL of which one is changed. */
declare function url_change(href: string, member: string, value: string): string

class URLError extends TypeError {
  code = 'ERR_INVALID_URL'
  input: string

  constructor(input: string) {
    super('Invalid URL')
    this.input = input
  }
}

class BaseError extends URLError {
  base: string

  constructor(input: string, base: string) {
    super(input)
    this.base = base
  }
}

/** This one tells its code in its text. */
class HrefError extends URLError {
  /** What values/host-value.ts shows in place of the name. */
  readonly #label = 'TypeError [ERR_INVALID_URL]'

  toString(): string {
    return `${this.#label}: ${this.message}`
  }
}

export class URL {
  #members: string[]
  #params: URLSearchParams | undefined = undefined

  constructor(members: string) {
    this.#members = members.split('\n')
  }

  toString(): string {
    return this.#members[0]
  }

  toJSON(): string {
    return this.#members[0]
  }

  get href(): string {
    return this.#members[0]
  }

  set href(value: unknown) {
    const text = String(value)
    if (!this.#change('href', text)) throw new HrefError(text)
    this.#params?.refill(this.search)
  }

  get origin(): string {
    return this.#members[1]
  }

  get protocol(): string {
    return this.#members[2]
  }

  set protocol(value: unknown) {
    this.#change('protocol', String(value))
  }

  get username(): string {
    return this.#members[3]
  }

  set username(value: unknown) {
    this.#change('username', String(value))
  }

  get password(): string {
    return this.#members[4]
  }

  set password(value: unknown) {
    this.#change('password', String(value))
  }

  get host(): string {
    return this.#members[5]
  }

  set host(value: unknown) {
    this.#change('host', String(value))
  }

  get hostname(): string {
    return this.#members[6]
  }

  set hostname(value: unknown) {
    this.#change('hostname', String(value))
  }

  get port(): string {
    return this.#members[7]
  }

  set port(value: unknown) {
    this.#change('port', String(value))
  }

  get pathname(): string {
    return this.#members[8]
  }

  set pathname(value: unknown) {
    this.#change('pathname', String(value))
  }

  get search(): string {
    return this.#members[9]
  }

  set search(value: unknown) {
    this.#change('search', String(value))
    this.#params?.refill(this.search)
  }

  get hash(): string {
    return this.#members[10]
  }

  set hash(value: unknown) {
    this.#change('hash', String(value))
  }

  /** One object, which changes with the URL and changes it (6.2, update). */
  get searchParams(): URLSearchParams {
    if (this.#params) return this.#params
    const made = search_params_text(this.search)
    made.tell_changes((text) => {
      this.#change('search', text)
    })
    this.#params = made
    return made
  }

  /** Whether it is one still. */
  #change(member: string, value: string): boolean {
    const changed = url_change(this.#members[0], member, value)
    if (changed === '') return false
    this.#members = changed.split('\n')
    return true
  }
}

/** A base that is no URL makes none of any text. */
function url_members(text: string, base: string | undefined): string {
  if (base === undefined) return url_parse(text, '')
  return url_parse(base, '') === '' ? '' : url_parse(text, base)
}

function url_base(base: unknown): string | undefined {
  return base === undefined ? undefined : String(base).toWellFormed()
}

export function url_new(url: unknown, given: unknown): URL {
  const text = String(url).toWellFormed()
  const base = url_base(given)
  const members = url_members(text, base)
  if (members === '') throw base === undefined ? new URLError(text) : new BaseError(text, base)
  return new URL(members)
}

export function url_can_parse(url: unknown, base: unknown): boolean {
  return url_members(String(url), url_base(base)) !== ''
}

export function url_or_null(url: unknown, base: unknown): URL | null {
  const members = url_members(String(url), url_base(base))
  return members === '' ? null : new URL(members)
}
