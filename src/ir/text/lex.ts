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
const MARK = /->|[{}()[\]<>,:?!=|+-]/y

/** The tokens of a text, the last of them `end`. Reads every text; what does not fit are `bad` tokens. */
export function lex(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp, from = at): string | undefined => {
    pattern.lastIndex = from
    return pattern.exec(text)?.[0]
  }
  const add = (kind: Token['kind'], found: string, more: Partial<Token> = {}): number => {
    const isFirst = at === 0 || text[at - 1] === '\n'
    tokens.push({ kind, text: found, value: 0, isFirst, ...more, start: at, end: at + found.length })
    return found.length
  }
  /** A name, alone or as the first half of a ref. */
  const addNamed = (kind: Token['kind'], found: string, name: string): number => {
    const index = found.includes('.') && kind === 'word' ? undefined : match(INDEX, at + found.length)
    if (index === undefined) return add(kind, found, { name })
    return add('ref', found + index, { name, value: Number(index.slice(1)) })
  }
  const step = (): number => {
    const space = match(SPACE)
    if (space !== undefined) return space.length
    if (text[at] === '"') {
      const quoted = text.slice(at, endOfString(text, at))
      const value = unquote(quoted)
      return value === undefined ? add('bad', quoted) : addNamed('string', quoted, value)
    }
    const number = match(NUMBER)
    if (number !== undefined) return add('number', number, { value: Number(number.replace(/i$/, '')) })
    const label = match(LABEL)
    if (label !== undefined) return add('label', label, { value: Number(label.slice(1)) })
    const word = match(WORD)
    if (word !== undefined) return addNamed('word', word, word)
    const index = match(INDEX)
    if (index !== undefined) return add('ref', index, { value: Number(index.slice(1)) })
    return add(match(MARK) === undefined ? 'bad' : 'mark', match(MARK) ?? text[at]!)
  }
  while (at < text.length) at += step()
  add('end', '')
  return tokens
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
