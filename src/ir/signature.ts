import { OP_NAMES, opRow, type OpName } from './ops.ts'
import type { Type } from './types.ts'

/** One operand or the result of a signature; see `OpRow` for what the words mean. */
export type Pattern =
  | { readonly kind: 'variable' | 'boxed' | 'reference' | 'rule' }
  | { readonly kind: 'optional' | 'array'; readonly of: Pattern }
  | { readonly kind: 'plain'; readonly type: Type }

/** A parsed signature: operands in order, then any number of `rest`. */
export type Signature = { readonly params: readonly Pattern[]; readonly rest?: Pattern; readonly result: Pattern }

const WORDS: Readonly<Record<string, Pattern>> = {
  T: { kind: 'variable' },
  dyn: { kind: 'boxed' },
  ref: { kind: 'reference' },
  '*': { kind: 'rule' },
  bool: { kind: 'plain', type: { kind: 'bool' } },
  i32: { kind: 'plain', type: { kind: 'i32' } },
  f64: { kind: 'plain', type: { kind: 'f64' } },
  json: { kind: 'plain', type: { kind: 'json' } },
  string: { kind: 'plain', type: { kind: 'string' } },
  bigint: { kind: 'plain', type: { kind: 'bigint' } },
  undefined: { kind: 'plain', type: { kind: 'undefined' } },
}

/** Reads a signature of the operation table. A mistake there is a defect and throws. */
function parseSignature(text: string): Signature {
  const parts = /^\((.*)\) -> (.+)$/.exec(text)
  if (!parts) throw new Error(`bad signature ${text}`)
  const [, operands = '', result = ''] = parts
  const words = operands === '' ? [] : operands.split(', ')
  const rest = words.at(-1)?.startsWith('...') ? words.pop()!.slice(3) : undefined
  return {
    params: words.map(parsePattern),
    ...(rest !== undefined && { rest: parsePattern(rest) }),
    result: parsePattern(result),
  }
}

function parsePattern(text: string): Pattern {
  if (text.endsWith('?')) return { kind: 'optional', of: parsePattern(text.slice(0, -1)) }
  const element = /^array<(.+)>$/.exec(text)?.[1]
  if (element !== undefined) return { kind: 'array', of: parsePattern(element) }
  const pattern = WORDS[text]
  if (!pattern) throw new Error(`bad word ${text} in a signature`)
  return pattern
}

const SIGNATURES = new Map(OP_NAMES.map((name) => [name, parseSignature(opRow(name).sig)]))

/** The signature of an operation, parsed once. */
export function signatureOf(op: OpName): Signature {
  return SIGNATURES.get(op)!
}
