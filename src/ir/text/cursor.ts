import { lex, type Token } from './lex.ts'

/** What is wrong with a text, and where. Thrown and caught inside the parser only. */
export class TextFault extends Error {
  readonly start: number
  readonly end: number

  constructor(message: string, token: Token) {
    super(message)
    this.start = token.start
    this.end = token.end
  }
}

/** A place in the tokens of a text. */
export class Cursor {
  readonly #tokens: readonly Token[]
  at = 0

  constructor(text: string) {
    this.#tokens = lex(text)
  }

  get token(): Token {
    return this.#tokens[Math.min(this.at, this.#tokens.length - 1)]!
  }

  fail(message: string, token: Token = this.token): never {
    throw new TextFault(message, token)
  }

  next(): Token {
    const { token } = this
    this.at++
    return token
  }

  /** Whether the next token is the mark or word. */
  is(text: string): boolean {
    const { token } = this
    return token.text === text && (token.kind === 'mark' || token.kind === 'word')
  }

  /** Takes the mark or word if it is next. */
  take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }

  need(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}, found ${describe(this.token)}`)
  }

  kind(kind: Token['kind'], what: string): Token {
    return this.token.kind === kind ? this.next() : this.fail(`expected ${what}, found ${describe(this.token)}`)
  }

  /** An unsigned integer of at most 2^53-1. */
  uint(): number {
    const token = this.kind('number', 'a number')
    if (!/^\d+$/.test(token.text) || !Number.isSafeInteger(token.value))
      this.fail('expected an unsigned integer', token)
    return token.value
  }

  /** A name: a bare word or a string. */
  name(): string {
    const { token } = this
    if (token.kind !== 'string' && (token.kind !== 'word' || token.text.includes('.')))
      return this.fail(`expected a name, found ${describe(token)}`)
    this.at++
    return token.name!
  }

  /** The number of a ref; the name that stands with it must be `nameOf` that number. */
  ref(what: string, nameOf: (index: number) => string | undefined): number {
    const token = this.kind('ref', `${what} as name#number`)
    if (!Number.isSafeInteger(token.value)) this.fail('the number is too large', token)
    const name = nameOf(token.value)
    if (token.name !== undefined && token.name !== name)
      this.fail(`${what} ${token.value} is not called ${token.name}`, token)
    return token.value
  }

  label(): number {
    const token = this.kind('label', 'a label as $number')
    return Number.isSafeInteger(token.value) ? token.value : this.fail('the number is too large', token)
  }

  /** Items between two marks, separated by `by`. */
  list<T>(open: string, close: string, item: () => T, by = ','): T[] {
    const items: T[] = []
    this.need(open)
    while (!this.take(close)) {
      if (items.length > 0) this.need(by)
      items.push(item())
    }
    return items
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end'
  return token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text
}
