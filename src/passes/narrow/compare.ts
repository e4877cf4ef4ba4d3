import type { OpName } from '../../ir/index.ts'
import { between, type Range } from './range.ts'

export type Relation = '<' | '<=' | '>' | '>=' | '=' | '!='

/** The relation that a comparison tests. */
export const RELATIONS: { readonly [K in OpName]?: Relation } = {
  'f64.lt': '<',
  'f64.le': '<=',
  'f64.gt': '>',
  'f64.ge': '>=',
  'f64.eq': '=',
  'f64.ne': '!=',
  'i32.lt': '<',
  'i32.le': '<=',
  'i32.gt': '>',
  'i32.ge': '>=',
  'i32.eq': '=',
  'i32.ne': '!=',
}

/** The same with its sides changed. */
export const MIRRORED: Readonly<Record<Relation, Relation>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
  '!=': '!=',
}

const OPPOSITE: Readonly<Record<Relation, Relation>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '=': '!=',
  '!=': '=',
}

/** What is left of `a` where `a relation b` was found to be `sense`. NaN is in no relation but `!=`, so that its opposite holds. */
export function assume(a: Range, relation: Relation, b: Range, sense: boolean): Range {
  if (sense) return relation === '!=' ? without(a, b) : hold({ ...a, nan: false }, relation, b)
  if (relation === '!=') return hold({ ...a, nan: false }, '=', b)
  if (b.nan) return a
  return relation === '=' ? without(a, b) : hold(a, OPPOSITE[relation], b)
}

/** The numbers of `a` that may be in the relation with a number of `b`; NaN stays. */
function hold(a: Range, relation: Relation, b: Range): Range {
  switch (relation) {
    case '<':
      return between(a.lo, Math.min(a.hi, a.whole ? Math.ceil(b.hi) - 1 : b.hi), a)
    case '<=':
      return between(a.lo, Math.min(a.hi, b.hi), a)
    case '>':
      return between(Math.max(a.lo, a.whole ? Math.floor(b.lo) + 1 : b.lo), a.hi, a)
    case '>=':
      return between(Math.max(a.lo, b.lo), a.hi, a)
    default:
      return between(Math.max(a.lo, b.lo), Math.min(a.hi, b.hi), { ...a, whole: a.whole || b.whole })
  }
}

/** What of `a` is not the one number that `b` is. */
function without(a: Range, b: Range): Range {
  const at = b.lo
  if (b.nan || b.hi !== at || !a.whole) return a
  const more = { ...a, minusZero: a.minusZero && at !== 0 }
  return between(a.lo === at ? at + 1 : a.lo, a.hi === at ? at - 1 : a.hi, more)
}

/** The relation that holds where the comparison is `sense`, if that is known. */
export function effective(relation: Relation, sense: boolean, a: Range, b: Range): Relation | undefined {
  if (sense) return relation
  return a.nan || b.nan ? undefined : OPPOSITE[relation]
}
