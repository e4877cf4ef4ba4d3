import { isBoxed, isTable, membersOf, unionOf, type Expr, type Type } from '../../ir/index.ts'
import { emitReceiver } from '../emit/access.ts'
import type { FunctionContext } from '../emit/context.ts'
import { is } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { onlyIterable } from '../emit/iterated.ts'
import { coerce, cond } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import { MAP, OBJ, SET, type Kinds } from '../kinds.ts'
import { closes, isIterableType, isIterator, nodeOf } from './iterators.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'
import { argOf, forEach } from './walking.ts'

/** An iterable as an array: the array itself, the string itself, or what the iterator gives. */
export const list: Row = {
  flow: (use) => {
    const { solver } = use.a
    forEach(use, {
      array: (arr) => solver.addArr(use.out, arr),
      iterator: () => flowPrelude(use, 'iterable_list', [partOf(use, OBJ)]),
      other: () => flowPrelude(use, 'iterable_list', [partOf(use, OBJ)]),
    })
    solver.edge(use.slots[0] as Slot, use.out, ~OBJ)
  },
  emit: (use) =>
    asList(
      use,
      emitReceiver(use.c, argOf(use.args, 0)),
      (type) => isIterableType(use.c, type),
      (x) => callPrelude(use.c, use.at, 'iterable_list', [x]),
    ),
}

/** What of the source is gone through by a function of the prelude, all kinds of it together. */
function partOf(use: FlowUse, kinds: Kinds): Slot {
  const part = use.inst.once(use.at, 'part', () => new Slot())
  use.a.solver.edge(use.slots[0] as Slot, part, kinds)
  return part
}

/** What `make` makes of an iterable that is `taken`, anything else as it is. */
function asList({ c, at }: EmitUse, source: Expr, taken: (type: Type) => boolean, make: (x: Expr) => Expr): Expr {
  const iterables = membersOf(source.type).filter(taken)
  if (iterables.length === 0) return source
  if (!isBoxed(source.type)) return make(source)
  const type = c.typeOf(at)
  return c.using(source, (x) => {
    const others = membersOf(x.type).filter((m) => !iterables.includes(m))
    const made = coerce(make(coerce(x, unionOf(iterables))), type)
    if (others.length === 0) return made
    return cond(is(x, unionOf(iterables)), made, coerce(coerce(x, unionOf(others)), type), at.span)
  })
}

/** Whether going on to the next element may run code of the program. */
function runsCode(c: FunctionContext, type: Type): boolean {
  const node = nodeOf(c, type)
  return node !== undefined && (!isIterator(node) || closes(node))
}

/** As many elements of an iterable as an array pattern takes, of which the iterator is closed then if it is not done (8.6.2); arrays and strings as they are. */
export const take: Row = {
  flow: (use) => {
    const { solver } = use.a
    const [source, count] = use.slots as [Slot, Slot]
    const flow = (): void => flowPrelude(use, 'iterable_take', [partOf(use, OBJ | MAP | SET), count])
    forEach(use, { table: flow, iterator: flow, other: flow })
    solver.edge(source, use.out, ~(OBJ | MAP | SET))
  },
  emit: (use) => {
    const count = emit(use.c, argOf(use.args, 1))
    const from = argOf(use.args, 0)
    return asList(
      use,
      onlyIterable(use.c, emitReceiver(use.c, from), from),
      (type) => isTable(type) || isIterableType(use.c, type),
      (x) => {
        const quiet = argOf(use.args, 2)
        if (quiet.kind === 'const' && quiet.value !== true && membersOf(x.type).some((type) => runsCode(use.c, type))) {
          const hint = 'Take the elements into variables first: `const [a, b] = iterable`.'
          use.c.report(
            'ANRF1101',
            use.at.span,
            'a pattern that does more than name the elements of an iterator',
            hint,
            'iterator pattern',
          )
        }
        return callPrelude(use.c, use.at, 'iterable_take', [x, count])
      },
    )
  },
}
