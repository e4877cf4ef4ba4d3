import { optional, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { HFunc, HVar } from '../hir.ts'
import { num, op } from './make.ts'

/** The parameters of a function that come in an array, which holds the arguments from `at` on, and how each is read. */
export function spilled(func: HFunc, at: number): { readonly v: HVar; readonly from: (list: Expr) => Expr }[] {
  const index = (i: number, span: Span): Expr => num(i - at, span)
  const elem = (list: Expr): Type => (list.type.kind === 'array' ? list.type.elem : UNDEFINED)
  const items = func.params.slice(at).map(({ variable: v }, i) => ({
    v,
    from: (list: Expr) => op('array.get_opt', [list, index(at + i, v.span)], optional(elem(list)), v.span),
  }))
  const { rest: v, params, takesAll } = func
  if (!v) return items
  if (takesAll) return [...items, { v, from: (list) => list }]
  const from = (list: Expr): Expr =>
    op('array.slice', [list, index(params.length, v.span), num(Infinity, v.span)], list.type, v.span)
  return [...items, { v, from }]
}
