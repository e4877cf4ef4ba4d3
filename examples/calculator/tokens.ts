export interface Token {
  kind: 'number' | 'name' | 'sign' | 'end'
  text: string
  /** Column in the expression, counted from 1. */
  column: number
}

const isDigit = (c: string): boolean => c >= '0' && c <= '9'
const isLetter = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_'

/** Splits an expression into tokens, the last of kind `end`. Throws a SyntaxError on a foreign character. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  const take = (accept: (c: string) => boolean): string => {
    const start = i
    while (i < text.length && accept(text.charAt(i))) i++
    return text.slice(start, i)
  }
  while (i < text.length) {
    const c = text.charAt(i)
    const column = i + 1
    if (c === ' ' || c === '\t' || c === '\n') {
      i++
    } else if (isDigit(c) || c === '.') {
      const digits = take((d) => isDigit(d) || d === '.')
      if (Number.isNaN(Number(digits))) throw new SyntaxError(`column ${column}: "${digits}" is not a number`)
      tokens.push({ kind: 'number', text: digits, column })
    } else if (isLetter(c)) {
      tokens.push({ kind: 'name', text: take((d) => isLetter(d) || isDigit(d)), column })
    } else if ('+-*/%^(),'.includes(c)) {
      tokens.push({ kind: 'sign', text: c, column })
      i++
    } else {
      throw new SyntaxError(`column ${column}: unexpected "${c}"`)
    }
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 })
  return tokens
}
