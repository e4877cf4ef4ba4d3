import {
  arrayOf,
  BOOL,
  F64,
  isTable,
  membersOf,
  optional,
  STRING,
  type Expr,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import { emitReceiver } from '../emit/access.ts'
import { callOnObject } from '../emit/calls.ts'
import type { FunctionContext } from '../emit/context.ts'
import { toBool } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { widenStrings } from '../emit/literals.ts'
import { bool, coerce, num, op, then, undef } from '../emit/make.ts'
import { onlyIterable } from '../emit/iterated.ts'
import { partAt, usualPart } from '../emit/tables.ts'
import { typedElement, typedName } from '../emit/typed.ts'
import { callMember } from '../flow/calls.ts'
import { pairOf, visit } from '../flow/expressions.ts'
import type { ArrNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, NUM, STR, UNDEF } from '../kinds.ts'
import { close, resume, unclosed } from './iteration-ends.ts'
import { list, take } from './iteration-lists.ts'
import { byType, ITERATOR, mayClose } from './iterators.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import type { FlowUse, Row } from './row.ts'
import {
  argOf,
  constant,
  forEach,
  isObject,
  methodOf,
  NOT_OBJECT,
  ofLibrary,
  onlyObjects,
  ownField,
  stepField,
  walked,
} from './walking.ts'
import { privateName } from '../member-names.ts'

/**
 * The steps of walking over an iterable, which for-of, spread, patterns and `yield*` are made of (ECMA-262 7.4). What is
 * walked is an array (strings become the array of their code points), an iterator of the library, or any object with `next`.
 */

/** What is walked over an iterable (GetIterator, 7.4.4). */
const open: Row = {
  flow: (use) => {
    const { solver } = use.a
    const call = methodOf(use.at, use.args, ITERATOR)
    forEach(use, {
      array: (arr) => {
        solver.collapse(arr)
        solver.addArr(use.out, arr)
      },
      string: () => solver.addArr(use.out, charsOf(use)),
      table: (node, kind) => solver.addTable(use.out, kind, node),
      iterator: (node) => solver.addObj(use.out, node),
      typed: (node) => solver.addObj(use.out, node),
      other: (node) => callMember(use.a, use.inst, call, node, use.out),
    })
  },
  emit: ({ c, at, args }) => {
    const from = argOf(args, 0)
    const source = onlyIterable(c, emitReceiver(c, from), from)
    const type = c.typeOf(at)
    const call = methodOf(at, args, ITERATOR)
    return byType(c, source, type, (one) => {
      if (one.type.kind === 'undefined' || one.type.kind === 'null') return then(one, coerce(undef(at.span), type))
      if (one.type.kind === 'string') return coerce(codePoints(c, one, type), type)
      if (!isObject(one) || ofLibrary(c, one) || typedName(c, one.type)) return coerce(one, type)
      return coerce(
        onlyObjects(c, callOnObject(c, one, call), at, 'Result of the Symbol.iterator method is not an object'),
        type,
      )
    })
  },
}

function charsOf(use: FlowUse): ArrNode {
  const node = use.inst.newArray(use.at, 'chars')
  use.a.solver.addKinds(node.elem, STR)
  return node
}

/** A string as the array of its code points, in the type that arrays have here. */
function codePoints(c: FunctionContext, x: Expr, type: Type): Expr {
  const array = membersOf(type).find((m) => m.kind === 'array')
  const chars = op('string.chars', [x], arrayOf(STRING), x.span)
  return widenStrings(c, chars, array?.kind === 'array' ? array.elem : STRING)
}

/** As `open`, where the checker knows an array or a string, so that nobody closes what is walked. */
const openList: Row = {
  flow: open.flow,
  emit: (use) => {
    const source = open.emit(use)
    if (mayClose(use.c, source.type)) {
      const hint = 'Declare what the loop goes over as what it is: an `Iterable`.'
      use.c.report('ANRF1101', use.at.span, 'an iterator that is declared as an array', hint, 'iterator protocol')
    }
    return source
  },
}

/** Goes on to the next element (IteratorStep, 7.4.8). What it gives is for the other steps: of iterators of the library whether they are done, of others the result. */
const next: Row = {
  flow: (use) => {
    const call = methodOf(use.at, use.args, 'next')
    forEach(use, {
      array: () => use.a.solver.addKinds(use.out, UNDEF),
      table: () => use.a.solver.addKinds(use.out, UNDEF),
      typed: () => use.a.solver.addKinds(use.out, UNDEF),
      iterator: (_, self) =>
        flowPrelude(use, 'generator_run', [self, constant(use, 'zero', NUM), constant(use, 'none', UNDEF)]),
      other: (node) => callMember(use.a, use.inst, call, node, use.out),
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      if (!isObject(one) || typedName(c, one.type)) return then(one, undef(at.span))
      if (ofLibrary(c, one)) return callPrelude(c, at, 'generator_run', [one, num(0, at.span), undef(at.span)])
      return onlyObjects(c, callOnObject(c, one, methodOf(at, args, 'next')), at, NOT_OBJECT)
    })
  },
}

/** The place of the next element in what has places: an index, or the position of an entry; at the start that is -1. */
const after: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, NUM),
  emit: (use) => {
    const { c, at, args } = use
    const index = emit(c, argOf(args, 1))
    return walked(use, (one) => {
      if (one.type.kind === 'array' || typedName(c, one.type))
        return then(one, op('f64.add', [index, num(1, at.span)], F64, at.span))
      return isTable(one.type) ? op('table.next', [one, index], F64, at.span) : then(one, index)
    })
  },
}

/** Whether there was no next element. */
const done: Row = {
  flow: (use) => {
    use.a.solver.addKinds(use.out, BOOL_KIND)
    forEach(use, {
      typed: () => undefined,
      other: () => void visit(use.a, use.inst, stepField(use.at, use.args, 'done')),
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      if (one.type.kind === 'array' || typedName(c, one.type)) {
        const length = op(one.type.kind === 'array' ? 'array.length' : 'typed.length', [one], F64, at.span)
        const inside = op('f64.lt', [emit(c, argOf(args, 2)), length], BOOL, at.span)
        return op('bool.not', [inside], BOOL, at.span)
      }
      if (isTable(one.type)) return then(one, op('f64.lt', [emit(c, argOf(args, 2)), num(0, at.span)], BOOL, at.span))
      if (!isObject(one)) return then(one, bool(true, at.span))
      if (ofLibrary(c, one)) return coerce(emit(c, argOf(args, 1)), BOOL)
      return toBool(emit(c, stepField(at, args, 'done')))
    })
  },
}

/** The element that was gone on to. */
const value: Row = {
  flow: (use) => {
    const { solver } = use.a
    forEach(use, {
      array: (arr) => solver.edge(arr.root().elem, use.out),
      table: (node, kind) => {
        if (kind === 'set') return solver.edge(node.key, use.out)
        const pair = use.inst.once(use.at, 'pair', () => pairOf(use.a, node.key, node.value))
        solver.addArr(use.out, pair)
      },
      iterator: (node) => solver.edge(solver.field(node, privateName('#yielded')).read, use.out),
      typed: () => solver.addKinds(use.out, NUM),
      other: () => solver.edge(visit(use.a, use.inst, stepField(use.at, use.args, 'value')), use.out),
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      if (one.type.kind === 'array') return elementAt(one, one.type.elem, emit(c, argOf(args, 2)))
      if (isTable(one.type)) return entryAt(c, one, one.type, emit(c, argOf(args, 2)), c.typeOf(at))
      const typed = typedName(c, one.type)
      if (typed) return typedElement(one, emit(c, argOf(args, 2)), typed)
      if (!isObject(one)) return then(one, undef(at.span))
      return ofLibrary(c, one) ? ownField(c, one, privateName('#yielded')) : emit(c, stepField(at, args, 'value'))
    })
  },
}

/** An element that is there; a hole is undefined where the element type has a place for it and traps elsewhere. */
function elementAt(array: Expr, elem: Type, index: Expr): Expr {
  const holey = membersOf(elem).some((m) => m.kind === 'undefined')
  return op(holey ? 'array.get_opt' : 'array.get', [array, index], holey ? optional(elem) : elem, array.span)
}

function entryAt(c: FunctionContext, table: Expr, type: TableType, position: Expr, wanted: Type): Expr {
  return c.using(table, (one) => partAt(one, type, position, usualPart(type), wanted, table.span))
}

/** What an iterator that is done gave at its end. */
const returned: Row = {
  flow: (use) => {
    const { solver } = use.a
    solver.addKinds(use.out, UNDEF)
    forEach(use, {
      iterator: (node) => solver.edge(solver.field(node, privateName('#returned')).read, use.out),
      typed: () => undefined,
      other: () => solver.edge(visit(use.a, use.inst, stepField(use.at, use.args, 'value')), use.out),
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    return walked(use, (one) => {
      if (!isObject(one) || typedName(c, one.type)) return then(one, undef(at.span))
      return ofLibrary(c, one) ? ownField(c, one, privateName('#returned')) : emit(c, stepField(at, args, 'value'))
    })
  },
}

/** The steps by the names that HIR has for them; programs cannot name them. */
export const ITERATION_STEPS: Readonly<Record<string, Row>> = {
  '@@open': open,
  '@@openList': openList,
  '@@next': next,
  '@@after': after,
  '@@done': done,
  '@@value': value,
  '@@returned': returned,
  '@@close': close(false),
  '@@closeQuietly': close(true),
  '@@unclosed': unclosed,
  '@@resume': resume,
  '@@list': list,
  '@@take': take,
}
