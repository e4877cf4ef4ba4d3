import type { Span } from '../../base/index.ts'
import { arrayOf, BOOL, F64, STRING, type Expr, type Type } from '../../ir/index.ts'

/**
 * The value that a JSON text stands for, of a type that is given or, for scalars, the one that
 * JSON shows; undefined when it is none. Recurses only as deep as the type.
 */
export function readConstant(text: string, type: Type | undefined, span: Span): Expr | undefined {
  try {
    return build(JSON.parse(text), type, span)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function build(value: unknown, type: Type | undefined, span: Span): Expr | undefined {
  if (Array.isArray(value)) {
    if (type?.kind !== 'array') return undefined
    const args = value.map((element) => build(element, type.elem, span)).filter((arg) => arg !== undefined)
    if (args.length < value.length) return undefined
    return { kind: 'op', op: 'array.new', imm: [type.elem], args, type: arrayOf(type.elem), span }
  }
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') return undefined
  const shown = typeof value === 'number' ? F64 : typeof value === 'string' ? STRING : BOOL
  return type === undefined || type.kind === shown.kind ? { kind: 'const', value, type: shown, span } : undefined
}
