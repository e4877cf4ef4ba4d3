import {
  ANY,
  arrayOf,
  BOOL,
  dictOf,
  F64,
  formatType,
  isSubtype,
  membersOf,
  optional,
  STRING,
  UNDEFINED,
  type Expr,
  type Local,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { hasAccessors } from '../member-names.ts'
import { isClosed } from '../flow/key-order.ts'
import { areErrors, passedParams, type FnNode, type ObjNode } from '../flow/slots.ts'
import { callAccessor, passedValues } from './accessors.ts'
import { trapHere } from './keys.ts'
import { isListed, someObject } from './contents.ts'
import type { FunctionContext } from './context.ts'
import { fail } from './convert.ts'
import { boxed, coerce, effect, num, op, setLocal, str, undef, then } from './make.ts'
import { eachItem, ownKeys } from './own-keys.ts'
import { byName, readProperty } from './properties.ts'

/**
 * JSON.stringify (ECMA-262 25.5.2) where values have a say in their text: by `toJSON`, accessors or a replacer function. The
 * value is first made into one of plain objects and arrays, in the order in which the text is written and by functions
 * of their own for each type, so that the program is called as often and in the order as in Node.
 */
export type JsonWriting = {
  readonly c: FunctionContext
  /** The replacer function, in a local, and what is known of it. */
  readonly replacer: { readonly callee: Expr; readonly fn: FnNode } | null
  /** The keys that are written, in this order, where not all are. */
  readonly keys: readonly string[] | null
  /** Within a value some of which has a say: what fails has to fail in its turn. */
  readonly inside: boolean
}

const PLAIN_DICT = dictOf(ANY)
const PLAIN_LIST = arrayOf(ANY)

/** Whether objects are asked for what stands for them. Dates are, but the host does that as well. */
const hasOwnSay = (node: ObjNode): boolean =>
  (node.cls !== null && !node.cls.isDate && node.cls.methods.has('toJSON')) ||
  node.fields.has('toJSON') ||
  hasAccessors(node)

/** Whether values of a type have a say in how they are written. */
export const speaks = (c: FunctionContext, type: Type): boolean => someObject(c, type, hasOwnSay, isListed)

const any = (x: Expr): Expr => coerce(boxed(x), ANY)

/** Whether values of a type are left to the host, which writes them when all that the program says is known. */
function isAsIs({ c, replacer, keys, inside }: JsonWriting, type: Type): boolean {
  if (replacer || keys || speaks(c, type)) return false
  return !inside || !membersOf(type).some((member) => mayChange(c, member))
}

/** Whether what the program says later may change how a value is written, or whether it is: it fails in its turn. */
function mayChange(c: FunctionContext, type: Type): boolean {
  if (type.kind === 'bigint') return true
  if (type.kind !== 'object') return ['array', 'tuple', 'dict'].includes(type.kind)
  const node = c.program.types.nodeOf(type.id)
  return node !== undefined && (node.cls?.isDate === true || !isLeftToHost(node))
}

/** Objects of the library, of which the host knows how they are written. */
const isLeftToHost = ({ brand, cls }: ObjNode): boolean => brand !== null || (cls !== null && isClosed(cls))

/** A property as it is written (SerializeJSONProperty, 25.5.2.2), as a plain value. */
export function plainProperty(w: JsonWriting, x: Expr, key: () => Expr): Expr {
  if (isAsIs(w, x.type)) return any(x)
  return w.c.dispatch(x, ANY, (one) => {
    const said = toJson(w, one, key)
    return said ? w.c.dispatch(said, ANY, (result) => replaced(w, result, key, true)) : replaced(w, one, key, false)
  })
}

/** What `toJSON` gives; null where values of the type have none. */
function toJson({ c, replacer, inside }: JsonWriting, x: Expr, key: () => Expr): Expr | null {
  const node = x.type.kind === 'object' ? c.program.types.nodeOf(x.type.id) : undefined
  const method = node?.cls?.methods.get('toJSON')
  // The host asks dates as well, but when all else has been asked, which may have set them.
  if (node && method && (replacer || inside || !node.cls?.isDate)) {
    const { fn } = c.program.analysis.conversionInstance(node, method)
    const target = c.program.funcIndex(c.program.analysis.conversionInstance(node, method))
    const args = [x, ...passedValues(c, fn, [key()], x.span)]
    return { kind: 'call', func: target, args, type: c.type(fn.root().result), span: x.span }
  }
  const info = node?.fields.get('toJSON')
  const fn = info?.slot.root().fn
  if (!node || !info || !fn) return null
  if (info.optional || c.type(info.slot).kind !== 'func') refuse(c, x, 'a field `toJSON` that may be no function')
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, 'toJSON')]
  return callAccessor(c, fn, op('object.get', [x], c.program.types.func(fn), x.span, imm), x, [key()])
}

/** What the replacer gives for a value, if there is one. `isSaid`: it is what a `toJSON` gave. */
function replaced(w: JsonWriting, x: Expr, key: () => Expr, isSaid: boolean): Expr {
  if (!w.replacer) return isSaid && isDate(w.c, x.type) ? noProperties(x) : plainContent(w, x)
  const { callee, fn } = w.replacer
  // What may be within itself is any value of JSON to the emitter; the flow knows which of its kinds come here.
  const param = passedParams(fn)[1]
  if (param && isContainer(x.type) && !isSubtype(x.type, w.c.type(param))) return any(trapHere(x.span, x))
  return w.c.dispatch(callAccessor(w.c, fn, callee, null, [key(), x]), ANY, (result) => plainContent(w, result))
}

/** A value whose parts are written as properties. */
function plainContent(w: JsonWriting, x: Expr): Expr {
  const { c } = w
  const { type } = x
  if (type.kind === 'bigint') return any(fail(c, 'Do not know how to serialize a BigInt', x))
  if (isAsIs(w, type)) return any(x)
  if (type.kind === 'any') refuse(c, x, 'a replacer of JSON.stringify for a value of unknown type')
  if (type.kind === 'array' || type.kind === 'tuple') return any(callHelper(w, x, PLAIN_LIST, listOf))
  if (type.kind === 'dict') {
    if (membersOf(type.value).some(({ kind }) => kind === 'func'))
      refuse(c, x, 'a dictionary that may hold a function `toJSON`, within a value with a say or with a replacer')
    return any(callHelper(w, x, PLAIN_DICT, objectOf))
  }
  if (type.kind !== 'object') return any(x)
  const node = c.program.types.nodeOf(type.id)
  if (!node) return any(x)
  if (w.replacer && node.cls?.isDate) return noProperties(x)
  // The host writes objects of the library without asking anyone.
  return isLeftToHost(node) ? any(x) : any(callHelper(w, x, PLAIN_DICT, objectOf))
}

const isContainer = ({ kind }: Type): boolean => kind === 'array' || kind === 'tuple' || kind === 'dict'

const isDate = (c: FunctionContext, type: Type): boolean =>
  type.kind === 'object' && c.program.types.nodeOf(type.id)?.cls?.isDate === true

/** A date that a replacer or `toJSON` gives is not asked for its text any more, and has no properties. */
const noProperties = (x: Expr): Expr => any(then(x, op('table.new', [], PLAIN_DICT, x.span, [PLAIN_DICT])))

function refuse(c: FunctionContext, x: Expr, what: string): void {
  c.report('ANRF1101', x.span, what, 'Make a record of what is to be written.', 'JSON.stringify')
}

/** A call of the function that makes values of a type plain, which is written where it is first needed. */
function callHelper(
  w: JsonWriting,
  x: Expr,
  result: Type,
  body: (w: JsonWriting, x: Expr) => { readonly body: readonly Stmt[]; readonly value: Expr },
): Expr {
  const { c, replacer, keys } = w
  const params: Local[] = [{ name: 'value', type: x.type }]
  if (replacer) params.push({ name: 'replacer', type: replacer.callee.type })
  const only = keys ? ` with ${JSON.stringify(keys)}` : ''
  const name = `JSON of ${params.map(({ type }) => formatType(type)).join(' by ')}${only}`
  const func = c.program.helper(name, params, result, x.span, (inner) => {
    const [value, callee] = params.map((_, i) => inner.get(i, x.span))
    const made = body(
      { c: inner, keys, inside: true, replacer: replacer && callee ? { ...replacer, callee } : null },
      value ?? x,
    )
    return [...made.body, { kind: 'return', value: made.value, span: x.span }]
  })
  const args = replacer ? [x, replacer.callee] : [x]
  return { kind: 'call', func, args, type: result, span: x.span }
}

/** The elements of an array; of a hole undefined. */
function listOf(w: JsonWriting, list: Expr): { readonly body: readonly Stmt[]; readonly value: Expr } {
  const { c } = w
  const { type, span } = list
  const out = c.local('', PLAIN_LIST)
  const made = setLocal(out, op('array.new', [], PLAIN_LIST, span, [ANY]))
  const push = (x: Expr): Stmt => effect(op('array.push', [c.get(out, span), x], F64, span))
  if (type.kind === 'tuple') {
    const pushes = type.elems.map((elem, i) =>
      push(plainProperty(w, op('tuple.get', [list], elem, span, [i]), () => str(String(i), span))),
    )
    return { body: [made, ...pushes], value: c.get(out, span) }
  }
  const elem = type.kind === 'array' ? optional(type.elem) : UNDEFINED
  const [index, length] = [c.local('', F64), c.local('', F64)]
  const i = c.get(index, span)
  const loop: Stmt = {
    kind: 'loop',
    label: c.freshLabel(),
    test: op('f64.lt', [i, c.get(length, span)], BOOL, span),
    post: false,
    body: [
      push(plainProperty(w, op('array.get_opt', [list, i], elem, span), () => op('f64.to_string', [i], STRING, span))),
    ],
    update: [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))],
    span,
  }
  const start = [setLocal(index, num(0, span)), setLocal(length, op('array.length', [list], F64, span))]
  return { body: [made, ...start, loop], value: c.get(out, span) }
}

/** Whether a list of keys asks for what is no field: it names any property (25.5.2.5 step 5). */
const isInherited = (node: ObjNode, name: string): boolean =>
  node.cls?.getters.has(name) === true || (areErrors(node) && name === 'stack')

/** The own enumerable properties of an object. Their keys are listed before the first is read. */
function objectOf(w: JsonWriting, object: Expr): { readonly body: readonly Stmt[]; readonly value: Expr } {
  const { c } = w
  const { type, span } = object
  const out = c.local('', PLAIN_DICT)
  const made = setLocal(out, op('table.new', [], PLAIN_DICT, span, [PLAIN_DICT]))
  const store = (key: Expr, value: Expr): Stmt =>
    effect(op('table.set', [c.get(out, span), key, plainProperty(w, value, () => key)], UNDEFINED, span))
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (w.keys) {
    const stores = w.keys.map((name) => {
      const key = str(name, span)
      if (type.kind === 'dict') return store(key, op('table.get', [object, key], optional(type.value), span))
      if (node && isInherited(node, name)) refuse(c, object, `\`${name}\`, which a getter gives, in a list of keys`)
      return store(key, node ? readProperty(c, object, node, name) : undef(span))
    })
    return { body: [made, ...stores], value: c.get(out, span) }
  }
  const keys = c.keep(ownKeys(c, object))
  const loop = eachItem(c, keys.value, span, (key) => {
    if (type.kind === 'dict') return [store(key, op('table.get', [object, key], optional(type.value), span))]
    return node ? [byName(c, object, node, key, (name) => [store(key, readProperty(c, object, node, name))])] : []
  })
  return { body: [made, ...keys.body, ...loop], value: c.get(out, span) }
}
