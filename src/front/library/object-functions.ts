import { hasAccessor, hasAccessors, isAccessorName, isPrivateName, OWN_NAME, propertyOf } from '../member-names.ts'
import { BOOL, dictOf, F64, isUnion, membersOf, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import { emitReceiver } from '../emit/access.ts'
import { is, required } from '../emit/convert.ts'
import { copyProperties, storeIn } from '../emit/copy-properties.ts'
import { onlyIterable } from '../emit/iterated.ts'
import { emit } from '../emit/expressions.ts'
import { instanceOf, storeByName } from '../emit/fields.ts'
import { hasSymbols, refuseAccessors, refuseSymbols } from '../emit/opaque.ts'
import { refuseUnclearErrors } from '../emit/error-texts.ts'
import { refuseMethods } from '../emit/methods-set.ts'
import { and, bool, coerce, cond, effect, op, seq, setLocal, then, undef } from '../emit/make.ts'
import { noteAt, noteFor } from '../emit/notes.ts'
import type { HArg, HExpr } from '../hir.ts'
import { strictEquals } from '../emit/operators.ts'
import {
  copyIntoDict,
  copyIntoRecord,
  eachField,
  hasKeys,
  hasNoKeys,
  NO_OBJECT,
  noKeys,
  ownKeys,
  refuseNoted,
} from '../emit/own-keys.ts'
import { trapHere } from '../emit/keys.ts'
import { makePair } from '../emit/pairs.ts'
import { copyThrough } from '../flow/accessors.ts'
import { isErrorText } from '../flow/built-in-errors.ts'
import { isHiddenField, noteCause } from '../flow/key-order.ts'
import { setErrorText } from '../flow/properties.ts'
import { dictWhere, isConstantName, storeAnyField } from '../flow/elements.ts'
import { noteOfFunction } from '../flow/notes.ts'
import { mayGain } from '../flow/objects.ts'
import { noteWrites } from '../flow/writes.ts'
import { areErrors, ArrNode, Slot, type ObjNode } from '../flow/slots.ts'
import { ARR, NULLISH, STR } from '../kinds.ts'
import { flowResult } from './leaf.ts'
import { askedWhere, hasOwnKey } from './object.ts'
import { callPrelude, collect, collected, flowPrelude, preludeRow } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

type Part = 'keys' | 'values' | 'entries'

/** Object.keys, values and entries of a record or dictionary; of an array the indices are its keys. */
function objectParts(part: Part): Row {
  return {
    flow: (use) => {
      const [source] = use.slots
      const node = use.inst.newArray(use.at)
      use.a.solver.addArr(use.out, node)
      if (!source) return
      const value = use.inst.once(use.at, 'value', () => new Slot())
      if (part === 'keys') use.a.solver.addKinds(node.root().elem, STR)
      else if (part === 'values') use.a.solver.edge(value, node.root().elem)
      else
        use.a.solver.addArr(
          node.root().elem,
          use.inst.once(use.at, 'pair', () => entryPair(use, value)),
        )
      const seen = new Set<ObjNode>()
      use.a.solver.watch(source, () => {
        const { arr, kinds, objs } = source.root()
        if (kinds & STR) use.a.solver.addKinds(value, STR)
        if (arr) {
          use.a.solver.collapse(arr)
          use.a.solver.edge(arr.root().elem, value)
        }
        for (const obj of objs) {
          if (seen.has(obj.root())) continue
          seen.add(obj.root())
          use.a.solver.watchObj(obj, () => fieldsInto(use, obj, value))
        }
      })
    },
    emit: (use) => emitParts(use, part),
  }
}

function fieldsInto(use: FlowUse, obj: ObjNode, value: Slot): void {
  const { dict, fields } = obj.root()
  if (dict) return use.a.solver.edge(dict.slot, value)
  for (const [name, info] of fields) {
    if (isAccessorName(name)) copyThrough(use.a, use.inst, use.at, obj.root(), propertyOf(name), value)
    else if (!isPrivateName(name)) use.a.solver.edge(info.slot, value)
  }
}

function entryPair(use: FlowUse, value: Slot): ArrNode {
  const pair = new ArrNode()
  const key = new Slot()
  pair.tuple = [key, value]
  use.a.solver.addKinds(key, STR)
  return pair
}

function emitParts({ c, at, args }: EmitUse, part: Part): Expr {
  const given = required(c, args[0] ? emit(c, args[0].value) : undef(at.span), NO_OBJECT)
  const type = c.program.types.array(c.inst.newArray(at))
  const elem = type.kind === 'array' ? type.elem : UNDEFINED
  return c.dispatch(given, type, (source) => {
    if (source.type.kind === 'func') refuseNoted(c, source)
    if (hasNoKeys(source.type)) return noKeys(source, elem)
    if (!hasKeys(source.type) && isUnion(given.type)) return trapHere(at.span, noKeys(source, elem))
    if (!hasKeys(source.type)) return refuseParts(c, at, source, part, elem)
    refuseUnclearErrors(c, source.type, at.span)
    if (part === 'keys' && elem.kind === 'string') return ownKeys(c, source)
    return listParts(c, at, source, part, type, elem)
  })
}

function listParts(c: EmitUse['c'], at: EmitUse['at'], source: Expr, part: Part, type: Type, elem: Type): Expr {
  const [object, result] = [c.keep(source), c.local('', type)]
  const out = c.get(result, at.span)
  const made = setLocal(result, op('array.new', [], type, at.span, [elem]))
  const item = (key: Expr, field: Expr): Expr =>
    part === 'keys' ? coerce(key, elem) : part === 'values' ? coerce(field, elem) : makePair(key, field, elem)
  const fields = eachField(c, object.value, (key, field) => [
    effect(op('array.push', [out, item(key, field)], F64, at.span)),
  ])
  return seq([...object.body, made, ...fields], out)
}

function refuseParts(c: EmitUse['c'], at: EmitUse['at'], source: Expr, part: Part, elem: Type): Expr {
  c.report(
    'ANRF1101',
    at.span,
    `Object.${part} of a value of type ${source.type.kind}`,
    'Use it with a record, a dictionary or an array.',
    `Object.${part}`,
  )
  return noKeys(source, elem)
}

/** Object.assign(target, ...sources): fields are copied in order; the target is the result. */
const assign: Row = {
  flow: (use) => {
    const [target, ...sources] = use.slots
    if (!target) return
    use.a.solver.edge(target, use.out, ~NULLISH)
    noteWrites(use.a, target)
    for (const source of sources) {
      use.a.solver.watch(source, () => copyAll(use, target, source))
      use.a.solver.watch(target, () => copyAll(use, target, source))
    }
  },
  emit: ({ c, at, args }) => {
    const [target, ...sources] = args.map((arg, i) => c.keep(i === 0 ? emitReceiver(c, arg.value) : emit(c, arg.value)))
    if (!target) return undef(at.span)
    const into = c.keep(required(c, target.value, NO_OBJECT))
    const stores = sources.map(({ value }) =>
      effect(
        c.dispatch(into.value, UNDEFINED, (one) => seq(assignFrom(c, at, args[0]!.value, one, value), undef(at.span))),
      ),
    )
    const before = [...target.body, ...sources.flatMap((s) => s.body), ...into.body]
    return seq([...before, ...stores], coerce(into.value, c.typeOf(at)))
  },
}

function assignFrom(c: EmitUse['c'], at: EmitUse['at'], into: HExpr, target: Expr, given: Expr): Stmt[] {
  const stores = c.dispatch(given, UNDEFINED, (source) => {
    if (source.type.kind === 'func') refuseNoted(c, source)
    if (hasNoKeys(source.type)) return then(source, undef(at.span))
    if (target.type.kind === 'dict' && hasKeys(source.type))
      return seq(copyIntoDict(c, target, source, []), undef(at.span))
    if (source.type.kind === 'dict' && instanceOf(c, target))
      return seq(copyByName(c, at, target, source), undef(at.span))
    const note = noteAt(c, into, target.type)
    if (note && source.type.kind === 'object' && target.type.kind === 'func') {
      const object = c.keep(noteFor(c, into, target, note))
      return seq(object.body, seq(assignFrom(c, at, into, object.value, source), undef(at.span)))
    }
    const [from, to] = [source, target].map(({ type }) => nodeOf(c, type))
    const names = [...(from?.fields.keys() ?? [])].map(propertyOf)
    const { kind } = target.type
    const isOpen = kind === 'object' && to !== undefined && mayTake(to, names)
    if (source.type.kind === 'object' && isOpen) {
      refuseUnclearErrors(c, source.type, at.span)
      if (to && names.some((name) => hasAccessor(to, name))) refuseAccessors(c, to, at.span)
      refuseMethods(c, to, names, at.span)
      if (from && to && (hasAccessors(from) || hasSymbols(from) || names.some((name) => isTextOf(to, name)))) {
        const object = c.keep(source)
        const copied = copyProperties(c, object.value, from, storeIn(c, target, to, []))
        return seq([...object.body, ...copied], undef(at.span))
      }
      refuseSymbols(c, from, at.span)
      if (to?.cls && names.some((name) => to.fields.get(name)?.optional))
        return seq(copyIntoRecord(c, target, to, source, []), undef(at.span))
      return op('object.assign', [target, source], UNDEFINED, at.span, [target.type.id, source.type.id, []])
    }
    c.report(
      'ANRF1101',
      at.span,
      'Object.assign of values that are not records',
      kind === 'object'
        ? 'Use records whose fields are known, or dictionaries; of an error set its fields one by one.'
        : 'Use records whose fields are known, or dictionaries.',
      'Object.assign',
    )
    return undef(at.span)
  })
  return [effect(stores)]
}

/** Copies what a dictionary has into the fields of an instance of a class. */
function copyByName(c: EmitUse['c'], at: EmitUse['at'], target: Expr, source: Expr): Stmt[] {
  const object = c.keep(source)
  const copied = eachField(c, object.value, (key, value) => [effect(storeByName(c, target, key, value, at))])
  return [...object.body, ...copied]
}

/** Whether what is stored in an object under the names is there as fields. */
const mayTake = (node: ObjNode, names: readonly string[]): boolean =>
  names.every((name) => mayGain(node, name) || isTextOf(node, name))

/** Whether it is the name or the message of an error, which is a text whatever it is given. */
const isTextOf = (node: ObjNode, name: string): boolean => areErrors(node) && isErrorText(name)

const nodeOf = (c: EmitUse['c'], type: Type): ObjNode | undefined =>
  type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined

/** What fields are copied into: objects, and those that functions carry. */
function targetsOf({ a }: FlowUse, target: Slot): ObjNode[] {
  const { fn, objs } = target.root()
  return fn ? [...objs, noteOfFunction(a, fn)] : objs
}

/** What is copied from a dictionary makes the target one, and goes to the fields of instances that keys name. */
function copyAll(use: FlowUse, target: Slot, source: Slot): void {
  const { solver } = use.a
  const instances = use.inst.once(use.at, 'instances copied into', () => new Map<Slot, Set<ObjNode>>())
  if (source.root().kinds & ARR) dictWhere(use.a, target)
  for (const from of source.root().objs) {
    for (const to of targetsOf(use, target)) {
      if (from.root() === to.root()) continue
      if (from.root().dict) solver.makeDict(to)
      solver.watchObj(from, () => {
        const { dict } = from.root()
        if (dict && to.root().cls) {
          const seen = instances.get(dict.slot.root()) ?? new Set()
          instances.set(dict.slot.root(), seen)
          return storeAnyField(use.a, to, dict.slot, seen)
        }
        if (dict) {
          solver.makeDict(to)
          return solver.edge(solver.field(from, '').slot, solver.field(to, '').slot)
        }
        for (const [name, info] of from.root().fields) {
          if (isHiddenField(from.root(), name)) continue
          if (isTextOf(to, propertyOf(name))) {
            to.root().loose.add(OWN_NAME)
            setErrorText(use.a, to, propertyOf(name))
          }
          noteCause(to.root(), name)
          if (!mayGain(to, propertyOf(name))) continue
          const { slot } = solver.field(to, propertyOf(name))
          if (isAccessorName(name)) copyThrough(use.a, use.inst, use.at, from.root(), name, slot)
          else solver.unify(slot, info.slot)
        }
      })
    }
  }
}

const objectIs: Row = {
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const [a, b] = [args[0], args[1]].map((arg) => (arg ? emit(c, arg.value) : undef(at.span))) as [Expr, Expr]
    if (a.type.kind === 'f64' && b.type.kind === 'f64') return op('f64.same', [a, b], BOOL, at.span)
    const numbers = (x: Expr): boolean =>
      x.type.kind === 'any' ||
      x.type.kind === 'f64' ||
      (isUnion(x.type) && membersOf(x.type).some((m) => m.kind === 'f64'))
    if (!numbers(a) || !numbers(b)) return strictEquals(c, a, b)
    const test = (x: Expr): Expr => (x.type.kind === 'f64' ? bool(true, at.span) : is(x, F64))
    return c.using(a, (x) =>
      c.using(b, (y) => {
        const same = op('f64.same', [coerce(x, F64), coerce(y, F64)], BOOL, at.span)
        return cond(and(test(x), test(y)), same, strictEquals(c, x, y), at.span)
      }),
    )
  },
}

/** Object.create(null): a dictionary that inherits nothing. */
const create: Row = {
  flow: (use) => {
    const node = use.inst.newObject(use.at)
    use.a.solver.makeDict(node)
    use.a.solver.addObj(use.out, node)
  },
  emit: ({ c, at, args }) => {
    const [first] = args
    if (args.length !== 1 || first?.value.kind !== 'const' || first.value.value !== null)
      c.report(
        'ANRF1101',
        at.span,
        'Object.create of a prototype',
        'Use a class, or a literal; `Object.create(null)` makes a dictionary that inherits nothing.',
        'Object.create',
      )
    const type = c.program.types.object(c.inst.newObject(at))
    return type.kind === 'dict' ? op('dict.bare', [], type, at.span, [type]) : coerce(undef(at.span), dictOf(UNDEFINED))
  },
}

/** Whether a key that for-in listed is still there: those of dictionaries and arrays may be deleted meanwhile. */
const isPresent: Row = {
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const [object, key] = args.map((arg) => emit(c, arg.value))
    if (!object || !key) return bool(true, at.span)
    const kept = c.keep(object)
    const asked = c.dispatch(kept.value, BOOL, (one) => {
      if (one.type.kind === 'dict') return op('table.has', [one, key], BOOL, at.span)
      if (one.type.kind !== 'array') return then(one, bool(true, at.span))
      return op('array.has', [one, op('string.to_index', [key], F64, at.span)], BOOL, at.span)
    })
    return seq(kept.body, asked)
  },
}

/** Object.hasOwn(object, key). */
const hasOwn: Row = {
  flow: (use) => {
    flowResult(use, 'bool')
    const key = use.args[1]?.value
    if (use.slots[0] && key && !isConstantName(key)) askedWhere(use.a, use.slots[0])
  },
  emit: ({ c, at, args }) =>
    hasOwnKey(c, required(c, args[0] ? emit(c, args[0].value) : undef(at.span), NO_OBJECT), args[1]?.value, at),
}

const FROM_ENTRIES = 'object_fromEntries'

/** Object.fromEntries (20.1.2.7). */
const fromEntries: Row = {
  flow: preludeRow(FROM_ENTRIES).flow,
  emit: (use) => {
    const [given] = use.args
    if (!given || given.kind === 'spread') return preludeRow(FROM_ENTRIES).emit(use)
    const present = required(use.c, emit(use.c, given.value), 'undefined is not iterable')
    return callPrelude(use.c, use.at, FROM_ENTRIES, [onlyIterable(use.c, present, given.value, 'value')])
  },
}

const ASSIGN_ALL = 'object_assign_all'

/** Whether sources are spread, so that they are a list. */
const isSpread = ([target, ...sources]: readonly HArg[]): boolean =>
  target?.kind === 'item' && sources.some(({ kind }) => kind === 'spread')

/** Object.assign of sources that are written one by one, or spread. */
const assignAny: Row = {
  flow(use) {
    if (!isSpread(use.args)) return assign.flow(use)
    const sources = { ...use, args: use.args.slice(1), slots: use.slots.slice(1) }
    noteWrites(use.a, use.slots[0]!)
    flowPrelude(use, ASSIGN_ALL, [use.slots[0]!, collected(sources, 0)])
  },
  emit(use) {
    const { c, at, args } = use
    if (!isSpread(args)) return assign.emit(use)
    return callPrelude(c, at, ASSIGN_ALL, [emit(c, args[0]!.value), collect(c, at, args.slice(1))])
  },
}

/** Functions of Object. */
export const OBJECT_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Object.keys': objectParts('keys'),
  'Object.values': objectParts('values'),
  'Object.entries': objectParts('entries'),
  'Object.assign': assignAny,
  '@@isPresent': isPresent,
  'Object.create': create,
  'Object.is': objectIs,
  'Object.fromEntries': fromEntries,
  'Object.groupBy': preludeRow('object_groupBy'),
  'Object.hasOwn': hasOwn,
}
