import { membersOf, tupleOf, type Expr, type Type } from '../../ir/index.ts'
import { coerce, op } from './make.ts'

/** A pair of a key and a value, as an array or tuple of the type that such pairs have where it goes. */
export function makePair(key: Expr, value: Expr, type: Type): Expr {
  const list = membersOf(type).find((m) => m.kind === 'tuple' || m.kind === 'array')
  const { span } = key
  if (list?.kind === 'array')
    return coerce(op('array.new', [coerce(key, list.elem), coerce(value, list.elem)], list, span, [list.elem]), type)
  const elems = list?.kind === 'tuple' ? list.elems : [key.type, value.type]
  const pair = tupleOf(elems)
  const parts = [key, value].map((part, i) => coerce(part, elems[i] ?? part.type))
  return coerce(op('tuple.new', parts, pair, span, [pair]), list ? type : pair)
}
