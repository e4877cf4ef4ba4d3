import { REFUSALS } from '../../base/index.ts'
import { BOOL, F64, STRING, type Expr } from '../../ir/index.ts'
import type { Instance } from '../flow/instance.ts'
import type { HExpr } from '../hir.ts'
import { nameOf } from './bound-names.ts'
import type { FunctionContext } from './context.ts'
import { cond, num, op, str, then } from './make.ts'

/** What is known of a function that is a value follows from which of the functions that reach the place it is. */

/** The functions that a value may be. */
export const functionsOf = (c: FunctionContext, x: HExpr): readonly Instance[] => [
  ...(c.inst.slot(x).fn?.root().instances ?? []),
]

/** What `make` makes of the function that a value is, one of `all`. */
export function chooseFunction<F extends { readonly inst: Instance }>(
  c: FunctionContext,
  value: Expr,
  all: readonly F[],
  make: (one: F) => Expr,
): Expr {
  const [last, ...others] = all.toReversed()
  if (!last) throw new Error('no function reaches this place')
  if (others.length === 0) return then(value, make(last))
  return c.using(value, (func) => {
    const isOne = ({ inst }: F): Expr => op('closure.is', [func], BOOL, func.span, [c.program.funcIndex(inst)])
    return others.reduce((rest, one) => cond(isOne(one), make(one), rest, func.span), make(last))
  })
}

/** What the constructor of a function is called. */
export const formOf = (c: FunctionContext, func: Expr, x: HExpr): Expr => ({
  ...chooseFunction(c, func, known(c, x), ({ form }) => str(form, func.span)),
  type: STRING,
})

function known(c: FunctionContext, x: HExpr): { inst: Instance; form: string }[] {
  const all = functionsOf(c, x).map((inst) => ({ inst, form: inst.func.form ?? 'Function' }))
  return all.every(({ form }) => form === all[0]?.form) ? all.slice(0, 1) : all
}

/** Refuses static members of a class that is a value, where its type does not tell which class it is: they are no part of the function that stands for it. */
export function refuseStatics(c: FunctionContext, x: HExpr, name: string, at: HExpr): void {
  const isStatic = ({ func: { makes } }: Instance): boolean => typeof makes === 'object' && makes.statics.has(name)
  if (!functionsOf(c, x).some(isStatic)) return
  const hint = 'Declare the value as `typeof C`, or pass the member along.'
  c.report('ANRF1101', at.span, 'members of a class that is a value', hint, 'members of a class that is a value')
}

/** `f.name` or `f.length` (ECMA-262 20.2.4); nothing for another property. */
export function functionMember(c: FunctionContext, func: Expr, e: HExpr & { kind: 'get' }): Expr | undefined {
  const { name, obj, span } = e
  if (name === 'prototype') {
    const { title, hint } = REFUSALS.prototypes
    c.report('ANRF1101', span, '`prototype` of a function', hint, title)
  }
  refuseStatics(c, obj, name, e)
  if (name !== 'name' && name !== 'length') return undefined
  const all = functionsOf(c, obj).map((inst) => ({ inst, told: memberOf(inst, name) }))
  if (all.some(({ told }) => told === undefined)) {
    const hint = 'Pass it along beside the function.'
    c.report('ANRF1101', span, `\`${name}\` of a function that is not known by then`, hint, `function ${name}`)
  }
  const constant = (told: string | number | undefined): Expr =>
    name === 'name' ? str(String(told), span) : num(Number(told), span)
  const isSame = all.every(({ told }) => told === all[0]?.told)
  if (isSame) return then(func, constant(all[0]?.told ?? (name === 'name' ? '' : 0)))
  const type = name === 'name' ? STRING : F64
  return { ...chooseFunction(c, func, all, ({ told }) => constant(told)), type }
}

function memberOf(inst: Instance, name: 'name' | 'length'): string | number | undefined {
  const { func } = inst
  if (func.binds && name === 'name') return nameOf(inst)
  if (func.namedLate || func.arity === undefined) return undefined
  return name === 'name' ? func.name : func.arity
}
