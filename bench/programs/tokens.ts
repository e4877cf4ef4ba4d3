/** Reads the tokens of a small program n times by one sticky regular expression. */
interface Token {
  kind: 'number' | 'name' | 'symbol'
  text: string
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(=>|[-+*/=<>!]=?|[(){}[\],;.]))/y

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  let match: RegExpExecArray | null
  while ((match = TOKEN.exec(source)) !== null) {
    if (match[1] !== undefined) tokens.push({ kind: 'number', text: match[1] })
    else if (match[2] !== undefined) tokens.push({ kind: 'name', text: match[2] })
    else tokens.push({ kind: 'symbol', text: match[3]! })
  }
  return tokens
}

const LINE = 'let total = 0; for (i = 0; i < 10; i += 1) { total = total + price[i] * 1.25 - fee(i, 3); } '

export function run(n: number): number {
  const source = LINE.repeat(10)
  let sum = 0
  for (let i = 0; i < n; i++)
    for (const { kind, text } of tokenize(source)) sum = (sum * 31 + kind.length * text.length) % 1_000_003
  return sum
}
