import type { Token } from './tokens.ts'

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'negate'; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'call'; name: string; args: Expression[] }

/** A parser by precedence climbing; throws a SyntaxError that names the column. */
export class Parser {
  #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  parse(): Expression {
    const e = this.#binary(1)
    if (this.#next.kind !== 'end') throw this.#unexpected()
    return e
  }

  get #next(): Token {
    return this.#tokens[this.#at]
  }

  #unexpected(): SyntaxError {
    const { kind, text, column } = this.#next
    return new SyntaxError(`column ${column}: unexpected ${kind === 'end' ? 'end' : `"${text}"`}`)
  }

  #skip(sign: string): boolean {
    if (this.#next.kind !== 'sign' || this.#next.text !== sign) return false
    this.#at++
    return true
  }

  #expect(sign: string): void {
    if (!this.#skip(sign)) throw this.#unexpected()
  }

  #binary(level: number): Expression {
    let left = this.#unary()
    while (true) {
      const operator = this.#next.text
      const own = this.#next.kind === 'sign' ? levelOf(operator) : 0
      if (own < level) return left
      this.#at++
      // Powers group to the right, the other operators to the left.
      const right = this.#binary(operator === '^' ? own : own + 1)
      left = { kind: 'binary', operator, left, right }
    }
  }

  #unary(): Expression {
    if (this.#skip('-')) return { kind: 'negate', operand: this.#binary(3) }
    if (this.#skip('+')) return this.#unary()
    return this.#primary()
  }

  #primary(): Expression {
    const token = this.#next
    if (token.kind === 'number') {
      this.#at++
      return { kind: 'number', value: Number(token.text) }
    }
    if (token.kind === 'name') {
      this.#at++
      return this.#skip('(')
        ? { kind: 'call', name: token.text, args: this.#args() }
        : { kind: 'name', name: token.text }
    }
    this.#expect('(')
    const e = this.#binary(1)
    this.#expect(')')
    return e
  }

  #args(): Expression[] {
    const args: Expression[] = []
    if (this.#skip(')')) return args
    do args.push(this.#binary(1))
    while (this.#skip(','))
    this.#expect(')')
    return args
  }
}

function levelOf(operator: string): number {
  switch (operator) {
    case '+':
    case '-':
      return 1
    case '*':
    case '/':
    case '%':
      return 2
    case '^':
      return 3
    default:
      return 0
  }
}
