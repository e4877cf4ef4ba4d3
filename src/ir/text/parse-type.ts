import { BOUNDS } from '../bounds.ts'
import type { Type } from '../types.ts'
import type { Cursor } from './cursor.ts'

const SIMPLE = ['undefined', 'null', 'bool', 'i32', 'f64', 'string', 'bigint', 'json', 'any', 'self'] as const

/** Reads a type as `formatType` writes it. */
export function parseType(cursor: Cursor, depth = 1): Type {
  if (depth > BOUNDS.typeDepth) cursor.fail(`types nest deeper than ${BOUNDS.typeDepth}`)
  const inner = (): Type => parseType(cursor, depth + 1)
  const one = (): Type => {
    cursor.need('<')
    const type = inner()
    cursor.need('>')
    return type
  }
  const token = cursor.kind('word', 'a type')
  switch (token.text) {
    case 'array':
      return { kind: 'array', elem: one() }
    case 'cell':
      return { kind: 'cell', of: one() }
    case 'set':
      return { kind: 'set', elem: one() }
    case 'dict':
      return { kind: 'dict', value: one() }
    case 'map': {
      cursor.need('<')
      const key = inner()
      cursor.need(',')
      const value = inner()
      cursor.need('>')
      return { kind: 'map', key, value }
    }
    case 'tuple':
      return { kind: 'tuple', elems: cursor.list('<', '>', inner) }
    case 'union':
    case 'nested':
      return { kind: token.text, members: cursor.list('<', '>', inner, '|') }
    case 'object':
      return { kind: 'object', id: cursor.uint() }
    case 'func': {
      cursor.need('<')
      const params = cursor.list('(', ')', inner)
      cursor.need('->')
      const result = inner()
      cursor.need('>')
      return { kind: 'func', params, result }
    }
    default: {
      const kind = SIMPLE.find((name) => name === token.text)
      return kind ? { kind } : cursor.fail(`${token.text} is no type`, token)
    }
  }
}
