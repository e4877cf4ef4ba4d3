import { UNDEFINED, type Expr } from '../../ir/index.ts'
import { isMissing } from '../emit/convert.ts'
import { emitAs } from '../emit/expressions.ts'
import { coerce, effect, op, seq } from '../emit/make.ts'
import type { HArg, HVar } from '../hir.ts'
import { UNDEF } from '../kinds.ts'
import type { Row } from './row.ts'
import { argOf } from './walking.ts'

function variableIn(args: readonly HArg[]): HVar {
  const variable = argOf(args, 0)
  if (variable.kind !== 'var') throw new Error('what is made once has a variable')
  return variable.v
}

/** A value that is made when the program first comes by, and kept in a module variable: with the variable, and what makes the value. */
const once: Row = {
  flow: ({ a, inst, args, slots: [, made], out }) => {
    if (!made) return
    const kept = a.varSlot(inst, variableIn(args))
    a.solver.addKinds(kept, UNDEF)
    a.solver.edge(made, kept)
    a.solver.edge(made, out)
  },
  emit: ({ c, at, args }) => {
    const { span } = at
    const v = variableIn(args)
    const index = c.program.emptyIndex(v)
    const type = c.varType(v)
    const read = (): Expr => op('global.get', [], type, span, [index])
    const set = effect(op('global.set', [emitAs(c, argOf(args, 1), type)], UNDEFINED, span, [index]))
    const make = { kind: 'if', test: isMissing(read(), false), then: [set], else: [], span } as const
    return seq([make], coerce(read(), c.typeOf(at)))
  },
}

export const ONCE_STEPS: Readonly<Record<string, Row>> = { '@@once': once }
