import {
  arrayOf,
  BOOL,
  F64,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import { getterName, hasAccessors, setterName } from '../member-names.ts'
import type { Carrier } from '../flow/notes.ts'
import { ArrNode, FnNode, type ObjNode } from '../flow/slots.ts'
import type { Instance } from '../flow/instance.ts'
import type { FunctionContext } from './context.ts'
import { inKeyOrder } from './key-order.ts'
import { bytesName } from './typed.ts'
import { bool, coerce, effect, num, op, or, seq, setLocal, str, then } from './make.ts'
import { refuseAccessors, refuseBytesKeys, refuseSymbols } from './opaque.ts'
import { byName, readProperty } from './properties.ts'

/** What is done with a key and its value. */
type OnField = (key: Expr, value: Expr) => readonly Stmt[]

/** Whether the own keys of values of the type can be listed. */
export const hasKeys = (type: Type): boolean => ['dict', 'array', 'string', 'object'].includes(type.kind)

/** Whether values of the type have no own keys at all. */
export const hasNoKeys = (type: Type): boolean =>
  ['undefined', 'null', 'f64', 'bool', 'func', 'map', 'set'].includes(type.kind)

/** The own enumerable keys of an object (ECMA-262 10.1.11, 10.4.2): a new array of strings. */
export function ownKeys(c: FunctionContext, source: Expr): Expr {
  const list = arrayOf(STRING)
  if (source.type.kind === 'dict') return op('dict.keys', [source], list, source.span)
  if (bytesName(c, source.type)) refuseBytesKeys(c, source.span)
  if (source.type.kind === 'object') {
    const node = c.program.types.nodeOf(source.type.id)
    const keys = op('object.keys', [source], list, source.span, [source.type.id])
    return node && hasAccessors(node) ? withoutAccessors(c, keys) : keys
  }
  refuseNoted(c, source)
  const out = c.local('', list)
  const result = c.get(out, source.span)
  const push = (key: Expr): Stmt => ({
    kind: 'expr',
    expr: op('array.push', [result, key], F64, key.span),
    span: key.span,
  })
  const body = [
    setLocal(out, op('array.new', [], list, source.span, [STRING])),
    ...eachIndex(c, source, (key) => [push(key)]),
  ]
  return { kind: 'seq', body, value: result, type: list, span: source.span }
}

/** Keys of fields, among which accessors have their own names: a getter and a setter are one property. */
function withoutAccessors(c: FunctionContext, fields: Expr): Expr {
  const { span, type } = fields
  const [given, out] = [c.keep(fields), c.local('', type)]
  const result = c.get(out, span)
  const push = (key: Expr): Stmt => effect(op('array.push', [result, key], F64, span))
  const loop = eachItem(c, given.value, span, (field) => {
    const isAccessor = [getterName(''), setterName('')]
      .map((start) => op('string.starts_with', [field, str(start, span), num(0, span)], BOOL, span))
      .reduce(or)
    const end = op('string.length', [field], F64, span)
    const key = c.keep(op('string.slice', [field, num(getterName('').length, span), end], STRING, span))
    const known = op('array.includes', [result, key.value, num(0, span)], BOOL, span)
    const once: Stmt[] = [...key.body, { kind: 'if', test: known, then: [], else: [push(key.value)], span }]
    return [{ kind: 'if', test: isAccessor, then: once, else: [push(field)], span }]
  })
  return seq([...given.body, setLocal(out, op('array.new', [], type, span, [STRING])), ...loop], result)
}

/** What a match gives has keys beside those of its elements. */
export function refuseNoted(c: FunctionContext, source: Expr): void {
  const { analysis, types } = c.program
  if (source.type.kind === 'func') return refuseProperties(c, source)
  const isCarrier = (node: Carrier): boolean => node instanceof ArrNode && sameType(types.array(node), source.type)
  if (!analysis.solver.noted.some(isCarrier)) return
  const hint = 'Go through its elements with `for (const element of array)` or by index.'
  c.report('ANRF1101', source.span, 'the keys of an array that may be a match', hint, 'keys of a match')
}

/** Properties of functions, and static members of classes, are there to be read by name. */
function refuseProperties(c: FunctionContext, source: Expr): void {
  const { analysis, types } = c.program
  const isCarrier = (node: Carrier): boolean => node instanceof FnNode && sameType(types.func(node), source.type)
  const hasStatics = ({ fn, func: { makes } }: Instance): boolean =>
    typeof makes === 'object' && makes.statics.size > 0 && sameType(types.func(fn), source.type)
  if (!analysis.solver.noted.some(isCarrier) && !analysis.instances.some(hasStatics)) return
  const hint = 'Name the properties, or keep them in an object of their own.'
  c.report('ANRF1101', source.span, 'the keys of a function with properties', hint, 'keys of a function')
}

/** A loop over the own keys of an object in a local, with their values. */
export function eachField(c: FunctionContext, source: Expr, body: OnField): Stmt[] {
  const { type, span } = source
  if (type.kind === 'string')
    return eachIndex(c, source, (key, index) => body(key, op('string.get', [source, index], STRING, span)))
  if (type.kind === 'array') {
    refuseNoted(c, source)
    const elem = type.elem
    return eachIndex(c, source, (key, index) => body(key, op('array.get', [source, index], elem, span)))
  }
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  const keys = c.keep(ownKeys(c, source))
  const loop = eachItem(c, keys.value, span, (key) => {
    if (type.kind === 'dict') return body(key, dictValue(source, type.value, key))
    const read = (name: string): readonly Stmt[] => body(str(name, span), readProperty(c, source, node!, name))
    return node ? [byName(c, source, node, key, read)] : []
  })
  return [...keys.body, ...loop]
}

/** The value at a key that is there. */
function dictValue(dict: Expr, type: Type, key: Expr): Expr {
  return coerce(op('table.get', [dict, key], optional(type), dict.span), type)
}

/** A loop over the strings of an array. */
export function eachItem(c: FunctionContext, list: Expr, span: Span, body: (item: Expr) => readonly Stmt[]): Stmt[] {
  const [index, item] = [c.local('', F64), c.local('', STRING)]
  const i = c.get(index, span)
  return [
    setLocal(index, num(0, span)),
    {
      kind: 'loop',
      label: c.freshLabel(),
      test: op('f64.lt', [i, op('array.length', [list], F64, span)], BOOL, span),
      post: false,
      body: [setLocal(item, op('array.get', [list, i], STRING, span)), ...body(c.get(item, span))],
      update: [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))],
      span,
    },
  ]
}

/** A loop over the indices of an array at which there is something, or of a string, as keys and as numbers. */
function eachIndex(c: FunctionContext, list: Expr, body: (key: Expr, index: Expr) => readonly Stmt[]): Stmt[] {
  const { span } = list
  const [array, index, key] = [c.local('', list.type), c.local('', F64), c.local('', STRING)]
  const [values, i] = [c.get(array, span), c.get(index, span)]
  const isText = list.type.kind === 'string'
  const isThere: Expr = isText ? bool(true, span) : op('array.has', [values, i], BOOL, span)
  return [
    setLocal(array, list),
    setLocal(index, num(0, span)),
    {
      kind: 'loop',
      label: c.freshLabel(),
      test: op('f64.lt', [i, op(isText ? 'string.length' : 'array.length', [values], F64, span)], BOOL, span),
      post: false,
      body: [
        {
          kind: 'if',
          test: isThere,
          then: [setLocal(key, op('f64.to_string', [i], STRING, span)), ...body(c.get(key, span), i)],
          else: [],
          span,
        },
      ],
      update: [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))],
      span,
    },
  ]
}

/** Copies the own fields of `source` into a dict, leaving out those named; of null and undefined nothing. */
export function copyIntoDict(c: FunctionContext, dict: Expr, source: Expr, except: readonly string[]): Stmt[] {
  const { span } = source
  const type = dict.type.kind === 'dict' ? dict.type.value : UNDEFINED
  if (source.type.kind === 'object') refuseSymbols(c, c.program.types.nodeOf(source.type.id), span)
  const object = c.keep(source)
  const store: OnField = (key, value) => {
    const set = effect(op('table.set', [dict, key, coerce(value, type)], UNDEFINED, span))
    if (except.length === 0) return [set]
    const same = except.map((name) => op('string.eq', [key, str(name, span)], BOOL, span))
    const isLeft = same.reduce((a, b): Expr => ({ kind: 'cond', test: a, then: a, else: b, type: BOOL, span }))
    return [{ kind: 'if', test: isLeft, then: [], else: [set], span }]
  }
  return [...object.body, ...eachField(c, object.value, store)]
}

/** Copies the own fields of an object into a record of `node`, whose fields may hold more. */
export function copyIntoRecord(
  c: FunctionContext,
  record: Expr,
  node: ObjNode,
  source: Expr,
  except: readonly string[],
): Stmt[] {
  const { span } = source
  const { types } = c.program
  if (source.type.kind === 'object') refuseAccessors(c, c.program.types.nodeOf(source.type.id), span)
  const object = c.keep(source)
  const store: OnField = (key, value) => {
    const name = key.kind === 'const' ? String(key.value) : ''
    const field = node.fields.get(name)
    if (!field || except.includes(name)) return []
    const imm = [types.idOf(node), types.fieldIndex(node, name)]
    const set = effect(op('object.set', [record, coerce(value, c.type(field.slot))], UNDEFINED, span, imm))
    return inKeyOrder(c, record, node, name, set)
  }
  return [...object.body, ...eachField(c, object.value, store)]
}

/** A TypeError is due where the keys of null or undefined are asked for. */
export const NO_OBJECT = 'Cannot convert undefined or null to object'

/** The list for a value that has no own keys that a program could see. */
export function noKeys(source: Expr, elem: Type): Expr {
  return then(source, op('array.new', [], arrayOf(elem), source.span, [elem]))
}
