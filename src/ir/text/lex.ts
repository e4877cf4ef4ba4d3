/**
 * A word of the text form. `ref`: a number after `#`, with the name before it when there is one. `word` may have
 * dots (names of operations). `number` keeps its text in `text`. `bad` is what is none of these.
 */
export type Token = {
  readonly kind: 'ref' | 'label' | 'number' | 'string' | 'word' | 'mark' | 'bad' | 'end'
  readonly text: string
  /** Value of a string, or the name in a ref (absent: none). */
  readonly name?: string
  /** Number of a ref or label, value of a number. */
  readonly value: number
  /** Whether a line begins with it, where an item can begin. */
  readonly isFirst: boolean
  readonly start: number
  readonly end: number
}

const SPACE = /(?:\s+|\/\/[^\n]*)/y
const NUMBER = /-Infinity|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?i?/y
const LABEL = /\$\d+/y
const WORD = /[A-Za-z_$][\w$]*(?:\.\w+)*/y
const INDEX = /#\d+/y
const MARKS = '{}()[]<>,:?!=|+'

/** The tokens of a text, the last of them `end`. Reads every text; what does not fit are `bad` tokens. */
export function lex(text: string): Token[] {
  const lexer = new Lexer(text)
  while (lexer.at < text.length) lexer.step()
  lexer.add('end', '')
  return lexer.tokens
}

class Lexer {
  readonly tokens: Token[] = []
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  add(kind: Token['kind'], text: string, value = 0, name?: string): void {
    const start = this.at
    this.at += text.length
    const isFirst = start === 0 || this.#text[start - 1] === '\n'
    const token = { kind, text, value, isFirst, start, end: this.at }
    this.tokens.push(name === undefined ? token : { ...token, name })
  }

  /** Reads one token, or the space before it. What it can be is seen by its first unit. */
  step(): void {
    const first = this.#text[this.at]!
    if (first === '"') return this.#string()
    if (first === '#') return this.#try(INDEX, (found) => this.add('ref', found, Number(found.slice(1))))
    if (/[\d-]/.test(first)) return this.#try(NUMBER, (found) => this.add('number', found, parseFloat(found)))
    if (first === '$' && /\d/.test(this.#text[this.at + 1] ?? ''))
      return this.#try(LABEL, (found) => this.add('label', found, Number(found.slice(1))))
    if (/[A-Za-z_$]/.test(first)) return this.#try(WORD, (found) => this.#named('word', found, found))
    if (MARKS.includes(first)) return this.add('mark', first)
    this.#try(SPACE, (found) => (this.at += found.length))
  }

  /** Takes what the pattern finds here; a mark or a bad token when it finds nothing. */
  #try(pattern: RegExp, take: (found: string) => void): void {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) return take(found)
    if (this.#text.startsWith('->', this.at)) return this.add('mark', '->')
    const first = this.#text[this.at]!
    this.add(first === '-' ? 'mark' : 'bad', first)
  }

  #string(): void {
    const quoted = this.#text.slice(this.at, endOfString(this.#text, this.at))
    const value = unquote(quoted)
    if (value === undefined) this.add('bad', quoted)
    else this.#named('string', quoted, value)
  }

  /** A name, alone or as the first half of a ref. */
  #named(kind: 'word' | 'string', found: string, name: string): void {
    INDEX.lastIndex = this.at + found.length
    const isPlain = kind === 'string' || !found.includes('.')
    const index = isPlain && this.#text[INDEX.lastIndex] === '#' ? INDEX.exec(this.#text)?.[0] : undefined
    if (index === undefined) this.add(kind, found, 0, name)
    else this.add('ref', found + index, Number(index.slice(1)), name)
  }
}

/** The offset after the closing quote, or of the end of the line when there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
    else if (text[i] === '\n') return i
  }
  return text.length
}

function unquote(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}
