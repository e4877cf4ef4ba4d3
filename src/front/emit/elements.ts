import { admits, BOOL, F64, isUnion, optional, STRING, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { indexOf, noProperty } from './keys.ts'
import { and, bool, coerce, cond, op, seq, str, undef } from './make.ts'

/** What a computed key gives of a list or a text: its length where that is the key, otherwise an element. */
export function lengthOr(c: FunctionContext, obj: Expr, key: Expr, e: HExpr & { kind: 'index' }): Expr {
  const type = c.typeOf(e)
  const [list, name] = [c.keep(obj), c.keep(key)]
  const isText = isUnion(key.type) ? op('dyn.is', [name.value], BOOL, key.span, [STRING]) : bool(true, key.span)
  const asked = (): Expr => op('string.eq', [coerce(name.value, STRING), str('length', key.span)], BOOL, key.span)
  const length = op(obj.type.kind === 'string' ? 'string.length' : 'array.length', [list.value], F64, key.span)
  const other = coerce(elementAt(c, list.value, name.value, e), type)
  const value = cond(and(isText, asked()), coerce(length, type), other, key.span)
  return seq([...list.body, ...name.body], key.type.kind === 'string' || isUnion(key.type) ? value : other)
}

/** An element of a list, or a unit of a text. */
export function elementAt(c: FunctionContext, obj: Expr, rawKey: Expr, e: HExpr & { kind: 'index' }): Expr {
  const { type } = obj
  const kept = rawKey.type.kind === 'f64' ? { body: [], value: obj } : c.keep(obj)
  // Where other values may be undefined anyway, so may this one.
  const miss = e.miss === 'trap' && admits(c.typeOf(e), UNDEFINED) ? 'undefined' : e.miss
  const at = { ...e, miss } as const
  if (type.kind === 'array') return seq(kept.body, indexArray(kept.value, type.elem, indexOf(c, rawKey), at))
  if (type.kind === 'string') return seq(kept.body, indexString(kept.value, indexOf(c, rawKey), at))
  return noProperty(c, obj, rawKey, undef(e.span))
}

function indexString(obj: Expr, key: Expr, e: HExpr & { kind: 'index' }): Expr {
  if (e.iterated) {
    const chars = op('string.chars', [obj], { kind: 'array', elem: STRING }, e.span)
    return indexArray(chars, STRING, key, e)
  }
  if (e.miss === 'trap') return op('string.get', [obj, key], STRING, e.span)
  return op('string.at', [obj, key], optional(STRING), e.span)
}

function indexArray(obj: Expr, elem: Type, key: Expr, e: HExpr & { kind: 'index' }): Expr {
  if (e.miss === 'number' && elem.kind === 'f64') return op('array.get_nan', [obj, key], F64, e.span)
  const optionalRead = e.miss !== 'trap' || admits(elem, UNDEFINED)
  return optionalRead
    ? op('array.get_opt', [obj, key], optional(elem), e.span)
    : op('array.get', [obj, key], elem, e.span)
}
