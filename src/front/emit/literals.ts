import {
  admits,
  arrayOf,
  BOOL,
  F64,
  isTable,
  isUnion,
  sameType,
  STRING,
  UNDEFINED,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { hasAccessors, isAccessorName, propertyOf } from '../member-names.ts'
import type { HElem, HExpr, HProp } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { emitReceiver } from './access.ts'
import { toText } from './convert.ts'
import { emit, emitAs } from './expressions.ts'
import { coerce, effect, num, op, seq, setLocal, str, then, undef } from './make.ts'
import type { ObjNode } from '../flow/slots.ts'
import { copyIntoDict, copyIntoRecord, hasKeys, hasNoKeys, refuseNoted } from './own-keys.ts'
import { onlyIterable } from './iterated.ts'
import { copyProperties, storeIn } from './copy-properties.ts'
import { hasSymbols, refuseSymbolKey, refuseSymbols } from './opaque.ts'
import { refuseUnclearErrors } from './error-texts.ts'
import { tableLoop, usualPart } from './tables.ts'

export function emitArray(c: FunctionContext, e: HExpr & { kind: 'array' }): Expr {
  const type = c.program.types.array(c.inst.newArray(e))
  if (type.kind === 'tuple') {
    const values = e.elems.map((elem, i) =>
      elem.kind === 'hole' ? emitHole(e) : emitAs(c, elem.value, type.elems[i] as Type),
    )
    return op('tuple.new', values, type, e.span, [type])
  }
  const elem = type.kind === 'array' ? type.elem : UNDEFINED
  if (e.elems.every((item) => item.kind === 'item')) {
    return op(
      'array.new',
      e.elems.flatMap((item) => (item.kind === 'item' ? [emitAs(c, item.value, elem)] : [])),
      type,
      e.span,
      [elem],
    )
  }
  const array = c.local('', type)
  const made = setLocal(array, op('array.new', [], type, e.span, [elem]))
  return seq([made, ...appendElements(c, c.get(array, e.span), elem, e.elems)], c.get(array, e.span))
}

const emitHole = (e: HExpr): Expr => ({ kind: 'const', value: undefined, type: UNDEFINED, span: e.span })

/** Appends items, spread arrays and holes to an array, in order; `called`: they are arguments of a call. */
export function appendElements(
  c: FunctionContext,
  array: Expr,
  elem: Type,
  elems: readonly HElem[],
  called = false,
): Stmt[] {
  const first = elems.findIndex((item) => item.kind === 'spread')
  const way = !called ? 'spread' : first === elems.length - 1 ? 'last argument' : 'value'
  return elems.flatMap((item): Stmt | Stmt[] => {
    if (item.kind === 'item')
      return effect(op('array.push', [array, emitAs(c, item.value, elem)], F64, item.value.span))
    if (item.kind === 'hole') {
      const longer = op('f64.add', [op('array.length', [array], F64, array.span), num(1, array.span)], F64, array.span)
      return effect(op('array.set_length', [array, longer], UNDEFINED, array.span))
    }
    c.noteSpread(item.value)
    const source = onlyIterable(c, emitReceiver(c, item.value), item.value, way)
    if (!isUnion(source.type)) return appendAll(c, array, source, elem)
    const { span } = source
    return effect(c.dispatch(source, UNDEFINED, (one) => seq(appendAll(c, array, one, elem), undef(span))))
  })
}

/** Appends what an iterable of one type gives. */
function appendAll(c: FunctionContext, array: Expr, source: Expr, elem: Type): Stmt[] {
  const { type, span } = source
  if (isTable(type) && type.kind !== 'dict')
    return tableLoop(c, { ...source, type }, usualPart(type), elem, c.freshLabel(), (value) => [
      effect(op('array.push', [array, coerce(value, elem)], F64, span)),
    ])
  return [effect(op('array.append', [array, spreadSource(c, source, elem)], F64, span))]
}

/** What a spread gives: the array, or the code points of a string. */
function spreadSource(c: FunctionContext, source: Expr, elem: Type): Expr {
  if (source.type.kind === 'array') return source
  if (source.type.kind === 'undefined' || source.type.kind === 'null')
    return then(source, op('array.new', [], arrayOf(elem), source.span, [elem]))
  if (source.type.kind === 'string' && admits(elem, STRING))
    return widenStrings(c, op('string.chars', [source], arrayOf(STRING), source.span), elem)
  c.report(
    'ANRF1101',
    source.span,
    `spread of a value of type ${source.type.kind}`,
    'Spread an array, a Map or Set, or a string into an array of strings.',
    'spread',
  )
  return op('array.new', [], arrayOf(elem), source.span, [elem])
}

/** A new array of strings as one whose elements may be more, since it meets such arrays. */
export function widenStrings(c: FunctionContext, strings: Expr, elem: Type): Expr {
  if (elem.kind === 'string') return strings
  const { span } = strings
  const [from, to] = [c.keep(strings), c.local('', arrayOf(elem))]
  const index = c.local('', F64)
  const [i, out] = [c.get(index, span), c.get(to, span)]
  const item = op('array.get', [from.value, i], STRING, span)
  const loop: Stmt = {
    kind: 'loop',
    label: c.freshLabel(),
    test: op('f64.lt', [i, op('array.length', [from.value], F64, span)], BOOL, span),
    post: false,
    body: [effect(op('array.push', [out, coerce(item, elem)], F64, span))],
    update: [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))],
    span,
  }
  const made = setLocal(to, op('array.new', [], arrayOf(elem), span, [elem]))
  return seq([...from.body, made, setLocal(index, num(0, span)), loop], out)
}

export function emitObject(c: FunctionContext, e: HExpr & { kind: 'object' }): Expr {
  const node = c.inst.newObject(e, 'object', e.brand).root()
  if (node.dict) return emitDict(c, e, c.program.types.object(node))
  const id = c.program.types.idOf(node)
  const type = c.program.types.object(node)
  const fields = e.props.flatMap((p) => (p.kind === 'field' ? [p] : []))
  const index = (name: string): number => c.program.types.fieldIndex(node, name)
  const typeOf = (name: string): Type => c.type(c.program.analysis.solver.field(node, name).slot)
  if (fields.length === e.props.length && new Set(fields.map((f) => f.name)).size === fields.length) {
    const values = fields.map((f) => emitAs(c, f.value, typeOf(f.name)))
    return op('object.new', values, type, e.span, [id, fields.map((f) => index(f.name))])
  }
  const object = c.local('', type)
  const self = c.get(object, e.span)
  const made = setLocal(object, op('object.new', [], type, e.span, [id, []]))
  const stores = e.props.map((prop) =>
    prop.kind === 'field'
      ? effect(
          op('object.set', [self, emitAs(c, prop.value, typeOf(prop.name))], UNDEFINED, e.span, [id, index(prop.name)]),
        )
      : prop.kind === 'spread'
        ? emitSpread(c, self, node, prop)
        : effect(emit(c, prop.value)),
  )
  return seq([made, ...stores], self)
}

/** A literal whose keys are computed somewhere. */
function emitDict(c: FunctionContext, e: HExpr & { kind: 'object' }, type: Type): Expr {
  const value = type.kind === 'dict' ? type.value : UNDEFINED
  const made = op('table.new', [], type, e.span, [type])
  if (e.props.some((prop) => prop.kind === 'field' && isAccessorName(prop.name)))
    c.report(
      'ANRF1101',
      e.span,
      'an accessor in an object whose keys are computed or deleted',
      'Name the properties that are meant, or write a class.',
      'accessor in a dictionary',
    )
  if (e.props.length === 0) return made
  const dict = c.local('', type)
  const self = c.get(dict, e.span)
  const stores = e.props.flatMap((prop): Stmt[] => {
    if (prop.kind === 'spread') return spreadIntoDict(c, self, prop)
    if (prop.kind === 'field') refuseSymbolKey(c, prop.name, e.span)
    const key = prop.kind === 'field' ? str(prop.name, e.span) : toText(c, emit(c, prop.key))
    return [effect(op('table.set', [self, key, emitAs(c, prop.value, value)], UNDEFINED, e.span))]
  })
  return seq([setLocal(dict, made), ...stores], self)
}

function spreadIntoDict(c: FunctionContext, self: Expr, prop: HProp & { kind: 'spread' }): Stmt[] {
  const copied = c.dispatch(emit(c, prop.value), UNDEFINED, (source) => {
    if (source.type.kind === 'func') refuseNoted(c, source)
    if (hasNoKeys(source.type)) return then(source, undef(source.span))
    if (hasKeys(source.type)) return seq(copyIntoDict(c, self, source, prop.except), undef(source.span))
    refuseSpread(c, source)
    return undef(source.span)
  })
  return [effect(copied)]
}

function refuseSpread(c: FunctionContext, source: Expr): void {
  c.report(
    'ANRF1101',
    source.span,
    `spread of a value of type ${source.type.kind} into an object`,
    'Spread records and dictionaries only.',
    'object spread',
  )
}

function emitSpread(c: FunctionContext, target: Expr, node: ObjNode, prop: HProp & { kind: 'spread' }): Stmt {
  const source = emit(c, prop.value)
  const { span } = prop.value
  const id = c.program.types.idOf(node)
  const assign = (value: Expr): Expr => {
    if (value.type.kind === 'func') refuseNoted(c, value)
    if (hasNoKeys(value.type)) return then(value, undef(span))
    if (value.type.kind !== 'object') {
      refuseSpread(c, value)
      return value
    }
    refuseUnclearErrors(c, value.type, span)
    const from = c.program.types.nodeOf(value.type.id)
    const except = [...(from?.fields.keys() ?? [])].flatMap((field, i) =>
      prop.except.includes(propertyOf(field)) ? [i] : [],
    )
    if (from && (hasAccessors(from) || hasSymbols(from))) {
      const object = c.keep(value)
      return seq(
        [...object.body, ...copyProperties(c, object.value, from, storeIn(c, target, node, prop.except))],
        undef(span),
      )
    }
    refuseSymbols(c, from, span)
    if (from && widens(c, from, node, prop.except))
      return seq(copyIntoRecord(c, target, node, value, prop.except), undef(span))
    return op('object.assign', [target, value], UNDEFINED, span, [id, value.type.id, except])
  }
  if (!isUnion(source.type)) return effect(assign(source))
  return effect(c.dispatch(source, UNDEFINED, assign))
}

/** Whether a field that is copied from objects of one node into those of another may hold more there. */
function widens(c: FunctionContext, from: ObjNode, to: ObjNode, except: readonly string[]): boolean {
  return [...from.fields].some(([name, { slot }]) => {
    const target = to.fields.get(name)
    return target && !except.includes(name) && !sameType(c.type(slot), c.type(target.slot))
  })
}
