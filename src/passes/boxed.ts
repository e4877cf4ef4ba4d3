import type { Span } from '../base/index.ts'
import { isBoxed, isExpr, nodesOf, type Expr, type Func, type Module, type Type } from '../ir/index.ts'

/** Expressions of boxed type at one place of the source; `type` is the one that says least. */
export type BoxedPlace = { readonly span: Span; readonly type: Type; readonly count: number }

/** How much of a function works on values that carry their kind with them. */
export type BoxedCount = {
  readonly func: Func
  /** All expressions of the function. */
  readonly expressions: number
  /** Those whose type is `any`, `json`, a nested union or a plain one. */
  readonly any: number
  readonly json: number
  readonly nested: number
  readonly union: number
  /** Where those are, those that say least first, then those with most, then in the order of the source. */
  readonly places: readonly BoxedPlace[]
}

/**
 * How dynamic a program is: the expressions of boxed type of each function. They are as many as stand in the code, however often they run.
 *
 * requires: a checked module
 * ensures: one count for each function, in the order of the module; linear in its size but for the sorting of places
 */
export function countBoxed(module: Module): readonly BoxedCount[] {
  return module.funcs.map((func) => {
    const all = nodesOf(func).filter(isExpr)
    const boxed = all.filter((e) => isBoxed(e.type))
    const ofKind = (kind: Type['kind']): number => boxed.filter((e) => e.type.kind === kind).length
    return {
      func,
      expressions: all.length,
      any: ofKind('any'),
      json: ofKind('json'),
      nested: ofKind('nested'),
      union: ofKind('union'),
      places: placesOf(boxed),
    }
  })
}

function placesOf(boxed: readonly Expr[]): BoxedPlace[] {
  const groups = Map.groupBy(boxed, ({ span }) => `${span.file}:${span.start}:${span.end}`)
  const places = [...groups.values()].map((group) => {
    const { span, type } = group.reduce((a, b) => (breadth(b.type) > breadth(a.type) ? b : a))
    return { span, type, count: group.length }
  })
  return places.sort(
    (a, b) =>
      breadth(b.type) - breadth(a.type) ||
      b.count - a.count ||
      a.span.file - b.span.file ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end,
  )
}

/** How little a boxed type says. */
const breadth = (type: Type): number => ['union', 'nested', 'json', 'any'].indexOf(type.kind)
