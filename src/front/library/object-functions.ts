import {
  arrayOf,
  BOOL,
  F64,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'

import { is } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { refuseSymbols } from '../emit/opaque.ts'
import { refuseNamedErrors } from '../emit/named-errors.ts'
import { strictEquals } from '../emit/operators.ts'
import { and, bool, coerce, cond, effect, num as number, op, seq, str as text, undef } from '../emit/make.ts'
import { STR } from '../kinds.ts'
import { ArrNode, Slot, type ObjNode } from '../flow/slots.ts'
import { flowResult } from './leaf.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

type Part = 'keys' | 'values' | 'entries'

/** Object.keys, values and entries of a record whose fields are known; of an array the indices are its keys. */
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
        for (const obj of source.root().objs) {
          if (seen.has(obj.root())) continue
          seen.add(obj.root())
          use.a.solver.watchObj(obj, () =>
            [...obj.root().fields].forEach(
              ([name, info]) => name.startsWith('#') || use.a.solver.edge(info.slot, value),
            ),
          )
        }
      })
    },
    emit: (use) => emitParts(use, part),
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
  const source = args[0] ? emit(c, args[0].value) : undef(at.span)
  const type = c.program.types.array(c.inst.newArray(at))
  const elem = type.kind === 'array' ? type.elem : UNDEFINED
  refuseNamedErrors(c, source.type.kind === 'object' ? source.type : UNDEFINED, at.span)
  if (source.type.kind !== 'object' || source.type.id === 0) {
    c.report(
      'ANRF1101',
      at.span,
      `Object.${part} of a value of type ${source.type.kind}`,
      'Use it with a record whose fields are known.',
      `Object.${part}`,
    )
    return undef(at.span)
  }
  const id = source.type.id
  const keysType = arrayOf(STRING)
  if (part === 'keys' && elem.kind === 'string') return op('object.keys', [source], keysType, at.span, [id])
  const [object, result] = [c.keep(source), c.local('', type)]
  const keys = c.keep(op('object.keys', [object.value], keysType, at.span, [id]))
  const out = c.get(result, at.span)
  const made: Stmt = { kind: 'set', local: result, value: op('array.new', [], type, at.span, [elem]), span: at.span }
  const add = (key: Expr, field: Expr): Stmt =>
    effect(
      op(
        'array.push',
        [out, part === 'keys' ? coerce(key, elem) : part === 'values' ? coerce(field, elem) : pairOf(key, field, elem)],
        F64,
        at.span,
      ),
    )
  return seq([...object.body, ...keys.body, made, ...eachKey(c, at, id, object.value, keys.value, add)], out)
}

function pairOf(key: Expr, field: Expr, elem: Type): Expr {
  const types = elem.kind === 'tuple' ? elem.elems : []
  if (elem.kind === 'array')
    return op('array.new', [coerce(key, elem.elem), coerce(field, elem.elem)], elem, key.span, [elem.elem])
  const pair = tupleOf(types)
  return op('tuple.new', [coerce(key, types[0] ?? STRING), coerce(field, types[1] ?? UNDEFINED)], pair, key.span, [
    pair,
  ])
}

/** A loop over the keys of an object that finds each field by its name. */
function eachKey(
  c: EmitUse['c'],
  at: EmitUse['at'],
  id: number,
  object: Expr,
  keys: Expr,
  add: (key: Expr, field: Expr) => Stmt,
): Stmt[] {
  const node = c.program.types.nodeOf(id)
  const index = c.local('', F64)
  const i = c.get(index, at.span)
  const key = c.local('', STRING)
  const keyValue = c.get(key, at.span)
  const label = c.freshLabel()
  const names = [...(node?.fields.keys() ?? [])].filter((name) => !name.startsWith('#'))
  const cases = names.map((name) => {
    const info = node?.fields.get(name)
    const imm = [id, node ? c.program.types.fieldIndex(node, name) : 0]
    const type = info ? c.type(info.slot) : UNDEFINED
    const optionalType = unionOf([type, UNDEFINED])
    const field = info?.optional
      ? coerce(op('object.get_opt', [object], optionalType, at.span, imm), type)
      : op('object.get', [object], type, at.span, imm)
    return {
      test: text(name, at.span),
      body: [add(keyValue, field), { kind: 'break', label: label + 1, span: at.span } as Stmt],
    }
  })
  return [
    { kind: 'set', local: index, value: number(0, at.span), span: at.span },
    {
      kind: 'loop',
      label,
      test: op('f64.lt', [i, op('array.length', [keys], F64, at.span)], BOOL, at.span),
      post: false,
      body: [
        { kind: 'set', local: key, value: op('array.get', [keys, i], STRING, at.span), span: at.span },
        { kind: 'switch', label: label + 1, subject: keyValue, cases, span: at.span },
      ],
      update: [
        { kind: 'set', local: index, value: op('f64.add', [i, number(1, at.span)], F64, at.span), span: at.span },
      ],
      span: at.span,
    },
  ]
}

/** Object.assign(target, ...sources): fields are copied in order; the target is the result. */
const assign: Row = {
  flow: (use) => {
    const [target, ...sources] = use.slots
    if (!target) return
    use.a.solver.edge(target, use.out)
    for (const source of sources) use.a.solver.watch(source, () => copyAll(use, target, source))
  },
  emit: ({ c, at, args }) => {
    const [target, ...sources] = args.map((arg) => c.keep(emit(c, arg.value)))
    if (!target) return undef(at.span)
    const stores = sources.map(({ value }): Stmt => {
      if (value.type.kind === 'object' && target.value.type.kind === 'object') {
        refuseSymbols(c, c.program.types.nodeOf(value.type.id), at.span)
        refuseNamedErrors(c, value.type, at.span)
        return effect(
          op('object.assign', [target.value, value], UNDEFINED, at.span, [target.value.type.id, value.type.id, []]),
        )
      }
      c.report(
        'ANRF1101',
        at.span,
        'Object.assign of values that are not records',
        'Use records whose fields are known.',
        'Object.assign',
      )
      return effect(undef(at.span))
    })
    return seq([...target.body, ...sources.flatMap((s) => s.body), ...stores], target.value)
  },
}

function copyAll(use: FlowUse, target: Slot, source: Slot): void {
  for (const from of source.root().objs) {
    for (const to of target.root().objs) {
      if (from.root() === to.root()) continue
      for (const [name, info] of from.root().fields) use.a.solver.unify(use.a.solver.field(to, name).slot, info.slot)
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
      (x.type.kind === 'union' && x.type.members.some((m) => m.kind === 'f64'))
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

/** Functions of Object. */
export const OBJECT_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Object.keys': objectParts('keys'),
  'Object.values': objectParts('values'),
  'Object.entries': objectParts('entries'),
  'Object.assign': assign,
  'Object.is': objectIs,
}
