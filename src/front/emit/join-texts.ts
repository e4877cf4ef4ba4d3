import { arrayOf, BOOL, F64, nonNullish, optional, STRING, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { FunctionContext } from './context.ts'
import { isMissing, toText } from './convert.ts'
import { coerce, cond, effect, num, op, seq, setLocal, str } from './make.ts'

/** One element of a list as `join` writes it. */
function partText(c: FunctionContext, part: Expr): Expr {
  const { span } = part
  const present = nonNullish(part.type)
  if (present === part.type) return toText(c, part)
  return c.using(part, (x) => {
    const text = present ? toText(c, coerce(x, present)) : str('', span)
    return cond(isMissing(x, true), str('', span), text, span)
  })
}

/** The elements of a tuple, joined. */
export function tupleText(c: FunctionContext, tuple: Expr, elems: readonly Type[]): Expr {
  const { span } = tuple
  const join = (a: Expr, b: Expr): Expr => op('string.concat', [a, b], STRING, span)
  return c.using(tuple, (list) => {
    const parts = elems.map((elem, i) => partText(c, op('tuple.get', [list], elem, span, [i])))
    return parts.reduce((all, part) => join(join(all, str(',', span)), part))
  })
}

/** The texts that `join` puts together (ECMA-262 23.1.3.18), where elements have methods for it: nothing for null and undefined. */
export function elementTexts(c: FunctionContext, list: Expr, elem: Type): Expr {
  const { span } = list
  const texts = arrayOf(STRING)
  const from = c.keep(list)
  const [index, to] = [c.local('', F64), c.local('', texts)]
  const [i, out] = [c.get(index, span), c.get(to, span)]
  const shown = partText(c, op('array.get_opt', [from.value, i], optional(elem), span))
  const loop: Stmt = {
    kind: 'loop',
    label: c.freshLabel(),
    test: op('f64.lt', [i, op('array.length', [from.value], F64, span)], BOOL, span),
    post: false,
    body: [effect(op('array.push', [out, shown], F64, span))],
    update: [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))],
    span,
  }
  const made = setLocal(to, op('array.new', [], texts, span, [STRING]))
  return seq([...from.body, made, setLocal(index, num(0, span)), loop], out)
}
