import { arrayOf, BOOL, F64, membersOf, objectOf, UNDEFINED, unionOf, type Expr, type Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { FunctionContext, ProgramList } from '../emit/context.ts'
import { is } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { bool, coerce, cond, num, op, seq, undef } from '../emit/make.ts'
import type { Analysis } from '../flow/analysis.ts'
import type { Instance } from '../flow/instance.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, NULLISH, NUM, OBJ, UNDEF } from '../kinds.ts'
import { hasMember, nodeOf } from './iterators.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'
import { argOf } from './walking.ts'
import { privateName } from '../member-names.ts'

const PROMISE = 'Promise'

const isPromise = (node: ObjNode): boolean => node.brand === PROMISE

/** What a value is to a promise that is resolved with it. */
type Role = 'promise' | 'thenable' | 'plain'

const roleOf = (node: ObjNode): Role => (isPromise(node) ? 'promise' : hasMember(node, 'then') ? 'thenable' : 'plain')

/** The parts of a slot by their roles, each told of when there is something of it. */
function byRole(use: FlowUse, source: Slot, found: (role: Role, part: Slot) => void): void {
  const parts = use.inst.once(use.at, 'roles', () => new Map<Role, Slot>())
  const part = (role: Role): Slot => {
    const known = parts.get(role)
    if (known) return known
    const made = new Slot()
    parts.set(role, made)
    found(role, made)
    return made
  }
  // What nothing reaches is undefined to the emitter.
  part('plain')
  use.a.solver.watch(source, () => {
    const { kinds, objs } = source.root()
    if (kinds & ~OBJ) use.a.solver.edge(source, part('plain'), ~OBJ)
    for (const obj of [...objs]) use.a.solver.addObj(part(roleOf(obj.root())), obj)
  })
}

/** A value by its roles: those that it may have, each with what is done. */
function emitByRole(c: FunctionContext, x: Expr, type: Type, done: (role: Role, part: Expr) => Expr): Expr {
  const groups = new Map<Role, Type[]>()
  for (const member of membersOf(x.type)) {
    const node = nodeOf(c, member)
    const role = node ? roleOf(node) : 'plain'
    groups.set(role, [...(groups.get(role) ?? []), member])
  }
  return c.using(x, (value) => {
    const cases = [...groups].map(([role, members]) => {
      const part = unionOf(members)
      if (role === 'thenable') members.forEach((member) => refuseField(c, member, x))
      return { part, result: (): Expr => coerce(done(role, coerce(value, part)), type) }
    })
    const [last, ...others] = cases.reverse()
    if (!last) return coerce(undef(x.span), type)
    return others.reduce((rest, { part, result }) => cond(is(value, part), result(), rest, x.span), last.result())
  })
}

/** The place in the program from which code of the prelude runs. */
function placeOf(c: FunctionContext, span: Span): Span {
  for (let at: Instance | null = c.inst; at; at = at.origin ?? at.parent)
    if (at.at && at.at.span.file !== span.file) return at.at.span
  return span
}

/** A field `then` that may hold something else than a function says nothing before the program runs. */
function refuseField(c: FunctionContext, type: Type, x: Expr): void {
  const info = nodeOf(c, type)?.fields.get('then')
  if (info && c.type(info.read).kind !== 'func')
    c.report(
      'ANRF1101',
      placeOf(c, x.span),
      'an object whose `then` may be no function',
      'Give the field another name.',
      'thenable',
    )
}

/** A new promise, pending. */
const promise: Row = {
  flow: (use) => {
    const { solver, jobs } = use.a
    const node = use.inst.newObject(use.at, 'promise', PROMISE)
    solver.addKinds(solver.field(node, privateName('#status')).slot, NUM)
    solver.addArr(solver.field(node, privateName('#jobs')).slot, jobs)
    solver.addKinds(solver.field(node, privateName('#handled')).slot, BOOL_KIND)
    solver.addObj(use.out, node)
  },
  emit: ({ c, at }) => {
    const node = c.inst.newObject(at, 'promise', PROMISE).root()
    const id = c.program.types.idOf(node)
    const jobs = c.program.types.array(c.program.analysis.jobs)
    const elem = jobs.kind === 'array' ? jobs.elem : F64
    const values = [num(0, at.span), op('array.new', [], arrayOf(elem), at.span, [elem]), bool(false, at.span)]
    const fields = ['#status', '#jobs', '#handled'].map((name) => c.program.types.fieldIndex(node, privateName(name)))
    return op('object.new', values, objectOf(id), at.span, [id, fields])
  },
}

const ADOPT = { promise: 'promise_adopt', thenable: 'thenable_adopt', plain: 'promise_fulfill' } as const

/** Resolves a promise. */
const settle: Row = {
  flow: (use) => {
    const [self, value] = use.slots as [Slot, Slot]
    use.a.solver.addKinds(use.out, UNDEF)
    byRole(use, value, (role, part) => flowPrelude(use, ADOPT[role], [self, part]))
  },
  emit: ({ c, at, args }) => {
    const self = c.keep(emit(c, argOf(args, 0)))
    const value = c.keep(emit(c, argOf(args, 1)))
    const done = emitByRole(c, value.value, c.typeOf(at), (role, part) =>
      callPrelude(c, at, ADOPT[role], [self.value, part]),
    )
    return seq([...self.body, ...value.body], done)
  },
}

/** A promise itself, or a new one that is resolved with the value. */
const promiseOf: Row = {
  flow: (use) => {
    byRole(use, use.slots[0] as Slot, (role, part) => {
      if (role === 'promise') use.a.solver.edge(part, use.out)
      else flowPrelude(use, 'promise_made', [useRest(use, part)])
    })
  },
  emit: ({ c, at, args }) =>
    emitByRole(c, emit(c, argOf(args, 0)), c.typeOf(at), (role, part) =>
      role === 'promise' ? part : callPrelude(c, at, 'promise_made', [part]),
    ),
}

/** A method or function of promises, whose functions must be functions: Node ignores anything else. */
function callingRow(name: string): Row {
  const row = preludeRow(name)
  return {
    flow: row.flow,
    emit: (use) => {
      const { c, args } = use
      const wrong = args.find((arg) => c.typeOf(arg.value).kind !== 'func')
      if (wrong ?? args.length === 0) {
        const hint = 'Pass a function, or leave the argument out of `then`.'
        c.report(
          'ANRF1101',
          (wrong?.value ?? use.at).span,
          'a promise that calls what may be no function',
          hint,
          'promise callback',
        )
      }
      return row.emit(use)
    },
  }
}

const isFunction = ({ kind }: Type): boolean => kind === 'func'
const isFunctionOrNone = (type: Type): boolean =>
  membersOf(type).every(({ kind }) => kind === 'func' || kind === 'undefined' || kind === 'null')

/** A method whose functions may be undefined or null, as if they were not given: then a form of its own stands for it. */
function passingRow(name: string, passing: string): Row {
  const [row, other] = [callingRow(name), preludeRow(passing)]
  const note = (use: FlowUse): true => use.inst.once(use.at, passing, () => true)
  return {
    flow: (use) => {
      row.flow(use)
      for (const slot of use.slots)
        use.a.solver.watch(slot, () => {
          if (slot.root().kinds & NULLISH && note(use)) other.flow(use)
        })
    },
    emit: (use) => {
      const { c, at, args } = use
      const types = args.map(({ value }) => c.typeOf(value))
      const passes = !types.every(isFunction) && types.every(isFunctionOrNone)
      return passes && c.inst.once(at, passing, () => false) ? other.emit(use) : row.emit(use)
    },
  }
}

/** All that is no promise, together. */
function useRest(use: FlowUse, part: Slot): Slot {
  const rest = use.inst.once(use.at, 'rest', () => new Slot())
  use.a.solver.edge(part, rest)
  return rest
}

/** What an entry comes to: of a promise what it settles to. */
const outcome: Row = {
  flow: (use) =>
    byRole(use, use.slots[0] as Slot, (role, part) => {
      if (role === 'promise') flowPrelude(use, 'promise_outcome', [part])
      else flowPrelude(use, 'value_outcome', [useRest(use, part)])
    }),
  emit: ({ c, at, args }) =>
    emitByRole(c, emit(c, argOf(args, 0)), c.typeOf(at), (role, part) =>
      callPrelude(c, at, role === 'promise' ? 'promise_outcome' : 'value_outcome', [part]),
    ),
}

/** One of the arrays of jobs that a program has. */
const jobsOf = (which: ProgramList): Row => ({
  flow: (use) => use.a.solver.addArr(use.out, use.a.jobs),
  emit: ({ c, at }) =>
    op('global.get', [], c.program.types.array(c.program.analysis.jobs), at.span, [c.program.listIndex(which)]),
})

/** Ends the run where the promise of an entry has not settled. */
const settled: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ c, at, args }) => op('settled', [coerce(emit(c, argOf(args, 0)), BOOL)], UNDEFINED, at.span),
}

const drainBy = ({ program }: Analysis): string => (program.usesEffects ? 'run_jobs_and_effects' : 'run_jobs')

/** Runs jobs until there are none and nothing is awaited from the world. */
const drain: Row = {
  flow: (use) => flowPrelude(use, drainBy(use.a), []),
  emit: ({ c, at }) => callPrelude(c, at, drainBy(c.program.analysis), []),
}

/** `then`, whose functions may be left out. */
const then: Row = {
  flow: (use) => thenRow(use).flow(use),
  emit: (use) => thenRow(use).emit(use),
}
const THEN = [
  preludeRow('promise_copy'),
  passingRow('promise_then', 'promise_then_passing'),
  passingRow('promise_then_both', 'promise_then_passing'),
  passingRow('promise_catch', 'promise_catch_passing'),
] as const

function thenRow({ args }: { readonly args: EmitUse['args'] }): Row {
  const missing = (i: number): boolean => {
    const value = args[i]?.value
    return !value || (value.kind === 'const' && (value.value === undefined || value.value === null))
  }
  if (missing(1)) return missing(0) ? THEN[0] : onlyValue
  return missing(0) ? onlyError : THEN[2]
}

/** `then(onValue)` and `then(onValue, undefined)`. */
const onlyValue: Row = {
  flow: (use) => THEN[1].flow({ ...use, args: use.args.slice(0, 1), slots: use.slots.slice(0, 1) }),
  emit: (use) => THEN[1].emit({ ...use, args: use.args.slice(0, 1) }),
}

/** `then(undefined, onError)`. */
const onlyError: Row = {
  flow: (use) => THEN[3].flow({ ...use, args: use.args.slice(1), slots: use.slots.slice(1) }),
  emit: (use) => THEN[3].emit({ ...use, args: use.args.slice(1) }),
}

/** Methods of promises (27.2.5). */
export const PROMISE_METHODS: Readonly<Record<string, Row>> = {
  catch: THEN[3],
  finally: callingRow('promise_finally'),
  then,
}

/** Functions of Promise, and the steps that the prelude and async functions are made of. */
export const PROMISE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'new Promise': callingRow('promise_new'),
  'Promise.all': preludeRow('promise_all'),
  'Promise.any': preludeRow('promise_any'),
  'Promise.allSettled': preludeRow('promise_allSettled'),
  'Promise.race': preludeRow('promise_race'),
  'Promise.reject': preludeRow('promise_rejected'),
  'Promise.resolve': preludeRow('promise_resolve'),
  'Promise.try': callingRow('promise_try'),
  'Promise.withResolvers': preludeRow('promise_withResolvers'),
  '@@await': preludeRow('promise_await'),
  '@@drain': drain,
  '@@effect_jobs': jobsOf('effects'),
  '@@job_queue': jobsOf('jobs'),
  '@@outcome': outcome,
  '@@promise': promise,
  '@@promise_of': promiseOf,
  '@@reject': preludeRow('promise_reject'),
  '@@rejection_checks': jobsOf('checks'),
  '@@settle': settle,
  '@@settled': settled,
  '@@top_level': preludeRow('promise_top_level'),
}
