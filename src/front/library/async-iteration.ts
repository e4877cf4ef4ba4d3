import { BOOL, membersOf, type Expr, type Type } from '../../ir/index.ts'
import { emitReceiver } from '../emit/access.ts'
import { callOnObject } from '../emit/calls.ts'
import { fail, required } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { bool, coerce, cond, num, op, seq, then, undef } from '../emit/make.ts'
import { callMember } from '../flow/calls.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, OBJ, UNDEF } from '../kinds.ts'
import { cannotRead, symbolName } from '../member-names.ts'
import { notAsyncIterable } from '../source-text.ts'
import { byType, hasMember, isIterable, nodeOf } from './iterators.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'
import { argOf, constant, methodOf, onlyObjects, walked } from './walking.ts'

/** The steps of `for await` (ECMA-262 14.7.5, 27.1.6). */

const ASYNC_ITERATOR = '@@asyncIterator'
const FROM_SYNC = 'async from sync'

/** Async generators, of the program or around what is not async. */
const isAsync = (node: ObjNode): boolean => node.brand === 'Object [AsyncGenerator]' || node.brand === FROM_SYNC

/** The objects that reach the source: async generators, and others. */
function forEachObject(use: FlowUse, generator: (self: Slot) => void, other: (node: ObjNode) => void): void {
  const source = use.slots[0] as Slot
  const seen = new Set<ObjNode>()
  const self = use.inst.once(use.at, 'async generator', () => new Slot())
  use.a.solver.watch(source, () => {
    for (const obj of [...source.root().objs]) {
      const node = obj.root()
      if (seen.has(node)) continue
      seen.add(node)
      if (isAsync(node)) {
        use.a.solver.addObj(self, node)
        generator(self)
      } else other(node)
    }
  })
}

/** What is walked: an async iterator, or one around the values of an array or the like. */
const open: Row = {
  flow: (use) => {
    const source = use.slots[0] as Slot
    const { solver } = use.a
    const call = methodOf(use.at, use.args, ASYNC_ITERATOR)
    forEachObject(
      use,
      (self) => solver.edge(self, use.out),
      (node) => hasMember(node, ASYNC_ITERATOR) && callMember(use.a, use.inst, call, node, use.out),
    )
    const rest = use.inst.once(use.at, 'rest', () => new Slot())
    solver.edge(source, rest, ~OBJ)
    flowPrelude(use, 'sync_async_iterator', [rest])
  },
  emit: (use) => {
    const { c, at, args } = use
    const from = argOf(args, 0)
    const type = c.typeOf(at)
    const source = required(c, emitReceiver(c, from), cannotRead(symbolName('asyncIterator')))
    return byType(c, source, type, (one) => coerce(openOne(use, one), type))
  },
}

/** What is no iterable, whichever value it is. */
const NO_ITERABLES: readonly Type['kind'][] = ['f64', 'bool', 'bigint', 'func', 'dict']

function openOne({ c, at, args }: EmitUse, one: Expr): Expr {
  const node = nodeOf(c, one.type)
  if (node && isAsync(node)) return one
  const isNone = node ? !isIterable(node) && !hasMember(node, ASYNC_ITERATOR) : NO_ITERABLES.includes(one.type.kind)
  if (isNone) return then(one, fail(c, notAsyncIterable(argOf(args, 0)), undef(at.span)))
  if (!node) return callPrelude(c, at, 'sync_async_iterator', [one])
  if (hasMember(node, ASYNC_ITERATOR))
    return onlyObjects(
      c,
      callOnObject(c, one, methodOf(at, args, ASYNC_ITERATOR)),
      at,
      'Result of the Symbol.asyncIterator method is not an object',
    )
  const hint = 'Spread it into an array, or make it an async generator.'
  c.report('ANRF1101', at.span, '`for await` over an iterator that is not async', hint, 'for await')
  return undef(at.span)
}

/** The promise of the next result. */
const next: Row = {
  flow: (use) => {
    const call = methodOf(use.at, use.args, 'next')
    forEachObject(
      use,
      (self) => flowPrelude(use, 'async_generator_next', [self, constant(use, 'none', UNDEF)]),
      (node) => callMember(use.a, use.inst, call, node, use.out),
    )
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      const node = nodeOf(c, one.type)
      if (node && isAsync(node)) return callPrelude(c, at, 'async_generator_next', [one, undef(at.span)])
      return node ? callOnObject(c, one, methodOf(at, args, 'next')) : then(one, undef(at.span))
    })
  },
}

/** Whether leaving the loop asks the iterator to return. */
const closes: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, BOOL_KIND),
  emit: (use) =>
    walked(use, (one) => {
      const node = nodeOf(use.c, one.type)
      return then(one, bool(node !== undefined && (isAsync(node) || hasMember(node, 'return')), use.at.span))
    }),
}

/** What the iterator gives when it is asked to return; an array has nothing to close. */
const close: Row = {
  flow: (use) => {
    const call = methodOf(use.at, use.args, 'return')
    use.a.solver.addKinds(use.out, UNDEF)
    forEachObject(
      use,
      (self) => flowPrelude(use, 'async_generator_return', [self, constant(use, 'none', UNDEF)]),
      (node) => hasMember(node, 'return') && callMember(use.a, use.inst, call, node, use.out),
    )
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      const node = nodeOf(c, one.type)
      if (!node || node.brand === FROM_SYNC || !(isAsync(node) || hasMember(node, 'return')))
        return then(one, undef(at.span))
      if (isAsync(node)) return callPrelude(c, at, 'async_generator_return', [one, undef(at.span)])
      if (node.fields.get('return')?.optional)
        c.report('ANRF1101', at.span, 'an iterator whose `return` may be missing', 'Give all of them one.', 'for await')
      return callOnObject(c, one, methodOf(at, args, 'return'))
    })
  },
}

/** Whether an iterator has a method of its own by which it is resumed; one around an array and the like has none. */
const has = (name: 'return' | 'throw'): Row => ({
  flow: (use) => use.a.solver.addKinds(use.out, BOOL_KIND),
  emit: (use) =>
    walked(use, (one) => {
      const node = nodeOf(use.c, one.type)
      const own = node !== undefined && (isAsync(node) ? node.brand !== FROM_SYNC : hasMember(node, name))
      return then(one, bool(own, use.at.span))
    }),
})

/** Hands on to an inner iterator how the outer one was resumed (15.5.5): with the source, the mode, and what was sent, thrown or is to be returned. */
const resume: Row = {
  flow: (use) => {
    const [, , sent, thrown, given] = use.slots as [Slot, Slot, Slot, Slot, Slot]
    forEachObject(
      use,
      (self) => {
        flowPrelude(use, 'async_generator_next', [self, sent])
        flowPrelude(use, 'async_generator_throw', [self, thrown])
        flowPrelude(use, 'async_generator_return', [self, given])
      },
      (node) => {
        for (const [name, arg] of RESUMPTIONS)
          if (name === 'next' || hasMember(node, name))
            callMember(use.a, use.inst, methodOf(use.at, use.args, name, [arg]), node, use.out)
      },
    )
  },
  emit: (use) => {
    const { c, at, args } = use
    const type = c.typeOf(at)
    const mode = emit(c, argOf(args, 1))
    return walked(use, (one) => {
      const { body, value: self } = c.keep(one)
      const ways = RESUMPTIONS.map(([name, arg]) => coerce(resumeBy(use, self, name, arg), type))
      const [byNext, byThrow, byReturn] = ways as [Expr, Expr, Expr]
      const modeIs = (n: number): Expr => op('f64.eq', [mode, num(n, at.span)], BOOL, at.span)
      const rest = cond(modeIs(1), byThrow, byReturn, at.span)
      return seq(body, cond(modeIs(0), byNext, rest, at.span))
    })
  },
}

/** The ways in which a generator is resumed, in the order of their modes, with the place of what each hands on. */
const RESUMPTIONS = [
  ['next', 2],
  ['throw', 3],
  ['return', 4],
] as const

function resumeBy({ c, at, args }: EmitUse, self: Expr, name: 'next' | 'throw' | 'return', arg: number): Expr {
  const node = nodeOf(c, self.type)
  if (node && isAsync(node)) return callPrelude(c, at, `async_generator_${name}`, [self, emit(c, argOf(args, arg))])
  if (!node || !(name === 'next' || hasMember(node, name))) return undef(at.span)
  if (node.fields.get(name)?.optional)
    c.report('ANRF1101', at.span, `an iterator whose \`${name}\` may be missing`, 'Give all of them one.', 'for await')
  return callOnObject(c, self, methodOf(at, args, name, [arg]))
}

/** A result, which must be an object. */
const result: Row = {
  flow: (use) => use.a.solver.edge(use.slots[0] as Slot, use.out, OBJ),
  emit: ({ c, at, args }) => {
    const x = onlyObjects(c, emitReceiver(c, argOf(args, 0)), at, 'Iterator result % is not an object')
    return membersOf(x.type).some((m) => m.kind === 'object') ? coerce(x, c.typeOf(at)) : x
  },
}

/** A new request of an async generator, whose fields are set next. */
const request: Row = {
  flow: (use) => use.a.solver.addObj(use.out, use.inst.newObject(use.at, 'request', 'request')),
  emit: ({ c, at }) => {
    const node = c.inst.newObject(at, 'request', 'request').root()
    const id = c.program.types.idOf(node)
    return { kind: 'op', op: 'object.new', imm: [id, []], args: [], type: { kind: 'object', id }, span: at.span }
  },
}

/** Methods of async generators (27.6.1). */
export const ASYNC_GENERATOR_METHODS: Readonly<Record<string, Row>> = {
  next: preludeRow('async_generator_next'),
  return: preludeRow('async_generator_return'),
  throw: preludeRow('async_generator_throw'),
  [ASYNC_ITERATOR]: preludeRow('async_generator_self'),
}

/** `Array.fromAsync`, with a callback or without. */
const fromAsync: Row = {
  flow: (use) => rowFor(use.args.length).flow(use),
  emit: (use) => {
    const { c, at, args } = use
    // A function is like a list of as many undefined as it has parameters.
    if (args[0] && membersOf(c.typeOf(args[0].value)).some((m) => m.kind === 'func'))
      c.report(
        'ANRF1101',
        at.span,
        'Array.fromAsync of a function',
        'Pass what can be iterated over.',
        'Array.fromAsync',
      )
    return rowFor(args.length).emit(use)
  },
}
const rowFor = (count: number): Row => preludeRow(count > 1 ? 'array_from_async_mapped' : 'array_from_async')

export const ASYNC_FUNCTIONS: Readonly<Record<string, Row>> = { 'Array.fromAsync': fromAsync }

export const ASYNC_STEPS: Readonly<Record<string, Row>> = {
  '@@async_failed': preludeRow('async_failed'),
  '@@async_returned': preludeRow('async_returned'),
  '@@async_yielded': preludeRow('async_yielded'),
  '@@closeAsync': close,
  '@@closesAsync': closes,
  '@@nextAsync': next,
  '@@openAsync': open,
  '@@request': request,
  '@@result': result,
  '@@resumeAsync': resume,
  '@@returnsAsync': has('return'),
  '@@throwsAsync': has('throw'),
  '@@wait': preludeRow('promise_wait'),
}
