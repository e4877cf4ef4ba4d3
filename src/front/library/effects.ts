import { F64, UNDEFINED } from '../../ir/index.ts'
import { toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { op } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { NUM, UNDEF } from '../kinds.ts'
import { func } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { num, type Row } from './row.ts'
import { argOf } from './walking.ts'

/** Begins a call of an effect, whose name is a constant of the module that asks for it: a promise of the answer. */
const effect: Row = {
  flow: (use) => {
    const call = use.inst.once(use.at, 'call', () => new Slot())
    use.a.solver.addKinds(call, NUM)
    flowPrelude(use, 'effect_call', [call])
  },
  emit: ({ c, at, args }) => {
    const given = toText(c, emit(c, argOf(args, 1)))
    const call = op('effect.start', [given], F64, at.span, [effectName(argOf(args, 0))])
    return callPrelude(c, at, 'effect_call', [call])
  },
}

/** The name of an effect, which is a constant wherever one is begun. */
export function effectName(name: HExpr): string {
  if (name.kind !== 'const' || typeof name.value !== 'string') throw new Error('the name of an effect is no constant')
  return name.value
}

const cancel: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ c, at, args }) => op('effect.cancel', [toNumber(c, emit(c, argOf(args, 0)))], UNDEFINED, at.span),
}

/** Steps of modules and of the prelude that reach the world. */
export const EFFECT_STEPS: Readonly<Record<string, Row>> = {
  '@@effect': effect,
  '@@effect_answer': func('effect.answer', [num()], 'str'),
  '@@effect_cancel': cancel,
  '@@effect_next': func('effect.next', [], 'num'),
}
