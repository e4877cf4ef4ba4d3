import { ANY, isUnion, membersOf, unionOf, type Expr, type Type } from '../../ir/index.ts'
import type { FunctionContext } from './context.ts'
import { is } from './convert.ts'
import { boxed, coerce, cond, op } from './make.ts'

/**
 * What is thrown is of the type `any`, as it may be caught anywhere. Lists, functions, maps, sets and dictionaries, which nobody can tell from all
 * else that may be caught, are thrown in an object that has them; the host shows what is in it.
 */

/** What cannot be told of a value of the type `any`. */
const UNTOLD: ReadonlySet<Type['kind']> = new Set(['array', 'tuple', 'func', 'map', 'set', 'dict', 'json', 'nested'])

const hasUntold = (type: Type): boolean => UNTOLD.has(type.kind) || membersOf(type).some(({ kind }) => UNTOLD.has(kind))

/** The type of all that the program throws. */
const thrownType = (c: FunctionContext): Type => c.type(c.program.analysis.thrown)

/** A value as it is thrown. */
export function asThrown(c: FunctionContext, value: Expr): Expr {
  const all = thrownType(c)
  if (all.kind === 'any' || !hasUntold(value.type)) return coerce(boxed(value), ANY)
  const { types, analysis } = c.program
  const holder = types.holder(analysis.thrown)
  return coerce(
    boxed(op('object.new', [coerce(value, all)], types.object(holder), value.span, [types.idOf(holder), [0]])),
    ANY,
  )
}

/** What was thrown, as a value of the type that its variable has. */
export function fromThrown(c: FunctionContext, caught: Expr, type: Type): Expr {
  const all = thrownType(c)
  if (all.kind === 'any' || !hasUntold(all)) return coerce(caught, type)
  const { types, analysis } = c.program
  const holder = types.object(types.holder(analysis.thrown))
  const held = op('object.get', [coerce(caught, holder)], all, caught.span, [
    types.idOf(types.holder(analysis.thrown)),
    0,
  ])
  const told = isUnion(type) ? membersOf(type).filter((member) => !hasUntold(member)) : []
  const plain = coerce(coerce(caught, unionOf(told)), type)
  return cond(is(caught, holder), coerce(held, type), plain, caught.span)
}
