import { admits, BOOL, F64, isSubtype, isUnion, membersOf, unionOf, type Expr, type Type } from '../../ir/index.ts'
import { is, isMissing } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { and, coerce, cond, num as number, op, or, seq, undef } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import { meetCopies } from '../flow/same-function.ts'
import { NUM } from '../kinds.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { converted, flowResult } from './leaf.ts'
import { num, type Row } from './row.ts'

import { arrayIn, elemOf } from './receiver.ts'
/** A search by value. A value of another type than the elements is not among them. */
export const search = (name: 'array.index_of' | 'array.last_index_of' | 'array.includes'): Row => ({
  flow: (use) => {
    const list = arrayIn(use)
    if (list && use.slots[0]) meetCopies(use.a, use.slots[0], list.root().elem)
    flowResult(use, name === 'array.includes' ? 'bool' : 'num')
    if (name !== 'array.includes') return
    const from = new Slot()
    use.a.solver.addKinds(from, NUM)
    flowPrelude(use, 'array_hasHole', [use.self, from])
  },
  emit: ({ c, at: place, args, self }) => {
    const elem = elemOf(self)
    const type = name === 'array.includes' ? BOOL : F64
    const kept = c.keep(self)
    const wanted = c.keep(args[0] ? emit(c, args[0].value) : undef(place.span))
    const from = c.keep(
      name === 'array.last_index_of' && !args[1] ? number(Infinity, place.span) : converted(c, args[1], num(0), place),
    )
    const find = (value: Expr): Expr => op(name, [kept.value, coerce(value, elem), from.value], type, place.span)
    const absent = name === 'array.includes' ? holeSearch() : number(-1, place.span)
    function holeSearch(): Expr {
      const missing = isMissing(wanted.value, false)
      if (missing.kind === 'const' && missing.value === false) return missing
      const hole = callPrelude(c, place, 'array_hasHole', [kept.value, from.value])
      return missing.kind === 'const' ? hole : and(missing, hole)
    }
    const found = isSubtype(wanted.value.type, elem)
      ? find(wanted.value)
      : searchOther(wanted.value, elem, find, absent)
    return seq([...kept.body, ...wanted.body, ...from.body], found)
  },
})

function searchOther(value: Expr, elem: Type, find: (value: Expr) => Expr, absent: Expr): Expr {
  const shared = isUnion(value.type) ? membersOf(value.type).filter((m) => admits(elem, m)) : []
  if (shared.length === 0) return absent
  const test = shared.map((m) => is(value, m)).reduce(or)
  const part = unionOf(shared)
  return cond(test, find(coerce(value, part)), absent, value.span)
}
