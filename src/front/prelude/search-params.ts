// URLSearchParams (WHATWG URL 6.2): names and values as they follow each other in the query of a URL.

import { generator_run } from './iterators.ts'
import { utf8_length, utf8_read, utf8_write } from './text-coding.ts'
import { uri_byte, uri_digit, uri_encode_component, uri_is_alphanumeric } from './uri.ts'

export class URLSearchParams {
  readonly #names: string[] = []
  readonly #values: string[] = []
  /** Told what the parameters are after each change: the URL that they are of. */
  #owner: ((text: string) => void) | undefined = undefined

  tell_changes(owner: (text: string) => void): void {
    this.#owner = owner
  }

  /** The parser of application/x-www-form-urlencoded (5.1), of what takes the place of all that there is. */
  refill(given: string): void {
    this.#names.length = 0
    this.#values.length = 0
    const text = given.startsWith('?') ? given.slice(1) : given
    for (const part of text.toWellFormed().split('&')) {
      if (part === '') continue
      const at = part.indexOf('=')
      this.#names.push(form_decode(at < 0 ? part : part.slice(0, at)))
      this.#values.push(at < 0 ? '' : form_decode(part.slice(at + 1)))
    }
  }

  #tell(): void {
    const owner = this.#owner
    if (owner) owner(this.toString())
  }

  get size(): number {
    return this.#names.length
  }

  append(...given: unknown[]): void {
    params_require(given, 2)
    const name = params_text(given[0])
    this.#values.push(params_text(given[1]))
    this.#names.push(name)
    this.#tell()
  }

  delete(...given: unknown[]): void {
    params_require(given, 1)
    const name = params_text(given[0])
    const value = given[1] === undefined ? undefined : params_text(given[1])
    for (let i = this.#find(name, value, 0); i >= 0; i = this.#find(name, value, i)) this.#remove(i)
    this.#tell()
  }

  get(...given: unknown[]): string | null {
    params_require(given, 1)
    const at = this.#find(params_text(given[0]), undefined, 0)
    return at < 0 ? null : this.#values[at]
  }

  getAll(...given: unknown[]): string[] {
    params_require(given, 1)
    const name = params_text(given[0])
    return this.#values.filter((_, i) => this.#names[i] === name)
  }

  has(...given: unknown[]): boolean {
    params_require(given, 1)
    const name = params_text(given[0])
    return this.#find(name, given[1] === undefined ? undefined : params_text(given[1]), 0) >= 0
  }

  set(...given: unknown[]): void {
    params_require(given, 2)
    const name = params_text(given[0])
    const value = params_text(given[1])
    const at = this.#find(name, undefined, 0)
    if (at < 0) {
      this.#names.push(name)
      this.#values.push(value)
    } else {
      this.#values[at] = value
      for (let i = this.#find(name, undefined, at + 1); i >= 0; i = this.#find(name, undefined, i)) this.#remove(i)
    }
    this.#tell()
  }

  sort(): void {
    for (let i = 1; i < this.#names.length; i++) {
      const name = this.#names[i]
      const value = this.#values[i]
      let to = i
      for (; to > 0 && this.#names[to - 1] > name; to--) {
        this.#names[to] = this.#names[to - 1]
        this.#values[to] = this.#values[to - 1]
      }
      this.#names[to] = name
      this.#values[to] = value
    }
    this.#tell()
  }

  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void {
    for (let i = 0; i < this.#names.length; i++) callback(this.#values[i], this.#names[i], this)
  }

  keys(): Generator<string> {
    return params_list(this.#names)
  }

  values(): Generator<string> {
    return params_list(this.#values)
  }

  entries(): Generator<[string, string]> {
    return params_pairs(this.#names, this.#values)
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return params_pairs(this.#names, this.#values)
  }

  toString(): string {
    let out = ''
    for (let i = 0; i < this.#names.length; i++) {
      if (i > 0) out += '&'
      out += form_encode(this.#names[i]) + '=' + form_encode(this.#values[i])
    }
    return out
  }

  /** The place of a name, and of a value if one is given, from a place on; -1 if there is none. */
  #find(name: string, value: string | undefined, from: number): number {
    for (let i = from; i < this.#names.length; i++)
      if (this.#names[i] === name && (value === undefined || this.#values[i] === value)) return i
    return -1
  }

  #remove(at: number): void {
    this.#names.splice(at, 1)
    this.#values.splice(at, 1)
  }
}

// Iterators are live.

type Walking<T> = {
  '#state': number
  '#resume': <S>(self: S, mode: number, sent: unknown) => boolean
  '#yielded': T
  '#returned': unknown
  '#thrown': unknown
}

/** A step of such an iterator, which Node makes with its fields in this order. */
export function params_next<T>(self: Walking<T>, sent: unknown): { done: boolean; value: T | undefined } {
  if (generator_run(self, 0, sent)) return { done: true, value: undefined }
  return { done: false, value: self['#yielded'] }
}

function* params_list(list: string[]): Generator<string> {
  for (let i = 0; i < list.length; i++) yield list[i]
}

function* params_pairs(names: string[], values: string[]): Generator<[string, string]> {
  for (let i = 0; i < names.length; i++) yield [names[i], values[i]]
}

/** A value as a text without lone surrogates. */
function params_text(value: unknown): string {
  return String(value).toWellFormed()
}

/** What Node throws, which tells its code in its text. */
class ParamsError extends TypeError {
  /** What values/host-value.ts shows in place of the name. */
  readonly #label: string
  code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
    this.#label = `TypeError [${code}]`
  }

  toString(): string {
    return `${this.#label}: ${this.message}`
  }
}

function params_require(given: unknown[], count: number): void {
  if (given.length >= count) return
  const what = count === 1 ? 'argument' : 'and "value" arguments'
  throw new ParamsError(`The "name" ${what} must be specified`, 'ERR_MISSING_ARGS')
}

export function search_params(): URLSearchParams {
  return new URLSearchParams()
}

export function search_params_pairs(pairs: Iterable<unknown[]>): URLSearchParams {
  const made = new URLSearchParams()
  for (const pair of pairs) {
    if (pair.length !== 2)
      throw new ParamsError('Each query pair must be an iterable [name, value] tuple', 'ERR_INVALID_TUPLE')
    made.append(pair[0], pair[1])
  }
  return made
}

export function search_params_text(given: string): URLSearchParams {
  const made = new URLSearchParams()
  made.refill(given)
  return made
}

/** The percent-encoding of 5.2: spaces are pluses. */
function form_encode(text: string): string {
  let out = ''
  for (const char of text) {
    const unit = char.charCodeAt(0)
    if (unit === 32) out += '+'
    else if (uri_is_alphanumeric(unit) || '*-._'.includes(char)) out += char
    else if (unit < 0x80) out += uri_byte(unit)
    else out += uri_encode_component(char)
  }
  return out
}

/** What is no code of a byte stays as it is, and bytes that are no UTF-8 are U+FFFD. */
function form_decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  const bytes = new Array<number>(utf8_length(spaced)).fill(0)
  utf8_write(bytes, spaced)
  const out: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const high = bytes[i] === 37 && i + 2 < bytes.length ? uri_digit(bytes[i + 1]) : -1
    const low = high < 0 ? -1 : uri_digit(bytes[i + 2])
    if (low < 0) out.push(bytes[i])
    else {
      out.push((high << 4) | low)
      i += 2
    }
  }
  return utf8_read(out, false, true)
}
