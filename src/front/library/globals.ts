import { ANY, arrayOf, BOOL, F64, isBoxed, objectOf, STRING, tupleOf, UNDEFINED, unionOf, type Expr, type OpName, type Stmt, type Type } from '../../ir/index.ts'
import { is, isMissing, toBool, toNumber, toText } from '../emit/convert.ts'
import { emit, emitAs } from '../emit/expressions.ts'
import { strictEquals } from '../emit/operators.ts'
import { and, bool, boxed, coerce, cond, effect, num as number, op, or, seq, str as text, then, undef } from '../emit/make.ts'
import { ANY as UNKNOWN, FN, NUM, STR, UNDEF } from '../kinds.ts'
import { ArrNode, Slot, type ObjNode } from '../flow/slots.ts'
import { func, flowResult } from './leaf.ts'
import { callPrelude, collect, collected, flowPrelude } from './prelude.ts'
import { num, type EmitUse, type FlowUse, type Row } from './row.ts'

const MATH_UNARY: Readonly<Record<string, OpName>> = {
  abs: 'math.abs', acos: 'math.acos', acosh: 'math.acosh', asin: 'math.asin', asinh: 'math.asinh', atan: 'math.atan', atanh: 'math.atanh',
  cbrt: 'math.cbrt', ceil: 'math.ceil', clz32: 'math.clz32', cos: 'math.cos', cosh: 'math.cosh', exp: 'math.exp', expm1: 'math.expm1',
  floor: 'math.floor', fround: 'math.fround', log: 'math.log', log10: 'math.log10', log1p: 'math.log1p', log2: 'math.log2', round: 'math.round',
  sign: 'math.sign', sin: 'math.sin', sinh: 'math.sinh', sqrt: 'math.sqrt', tan: 'math.tan', tanh: 'math.tanh', trunc: 'math.trunc',
}

const MATH_BINARY: Readonly<Record<string, OpName>> = { atan2: 'math.atan2', imul: 'math.imul', pow: 'f64.pow' }

const spreads = (args: readonly { kind: string }[]): boolean => args.some((arg) => arg.kind === 'spread')

/** Math.min and Math.max: pairwise for arguments one by one, by the prelude for spread ones. */
function extreme(name: 'f64.min' | 'f64.max', prelude: string, empty: number): Row {
  return {
    flow: (use) => {
      flowResult(use, 'num')
      if (spreads(use.args)) flowPrelude(use, prelude, [collected(use)])
    },
    emit: ({ c, at, args }) => {
      if (spreads(args)) return callPrelude(c, at, prelude, [collect(c, at, args)])
      const [first, ...rest] = args.map((arg) => toNumber(c, emit(c, arg.value)))
      if (!first) return number(empty, at.span)
      return rest.reduce((all, x) => op(name, [all, x], F64, at.span), first)
    },
  }
}

const hypot: Row = {
  flow: (use) => {
    flowResult(use, 'num')
    collected(use)
  },
  emit: ({ c, at, args }) => op('math.hypot', [collect(c, at, args)], F64, at.span),
}

/** Tests that are false for everything but numbers. */
const numberTest = (name: OpName): Row => ({
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    if (x.type.kind === 'f64') return op(name, [x], BOOL, at.span)
    if (!isBoxed(x.type)) return then(x, bool(false, at.span))
    if (x.type.kind === 'union' && !x.type.members.some((m) => m.kind === 'f64')) return then(x, bool(false, at.span))
    return c.using(x, (value) => and(is(value, F64), op(name, [coerce(value, F64)], BOOL, at.span)))
  },
})

const convertedTest = (name: OpName): Row => ({
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => op(name, [args[0] ? toNumber(c, emit(c, args[0].value)) : number(NaN, at.span)], BOOL, at.span),
})

const NUMBER_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(Object.entries(MATH_UNARY).map(([name, leaf]) => [`Math.${name}`, func(leaf, [num()], 'num')])),
  ...Object.fromEntries(Object.entries(MATH_BINARY).map(([name, leaf]) => [`Math.${name}`, func(leaf, [num(), num()], 'num')])),
  'Math.min': extreme('f64.min', 'math_min', Infinity),
  'Math.max': extreme('f64.max', 'math_max', -Infinity),
  'Math.hypot': hypot,
  'Number.isFinite': numberTest('f64.is_finite'),
  'Number.isInteger': numberTest('f64.is_integer'),
  'Number.isNaN': numberTest('f64.is_nan'),
  'Number.isSafeInteger': numberTest('f64.is_safe_integer'),
  isFinite: convertedTest('f64.is_finite'),
  isNaN: convertedTest('f64.is_nan'),
  Boolean: {
    flow: (use) => flowResult(use, 'bool'),
    emit: ({ c, at, args }) => (args[0] ? toBool(emit(c, args[0].value)) : bool(false, at.span)),
  },
}

const isArray: Row = {
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    const arrays = (type: Type): boolean => type.kind === 'array' || type.kind === 'tuple'
    if (x.type.kind === 'any') c.report('ANRF1103', at.span, 'Array.isArray of a value of unknown type', 'Declare the type of the value.', 'any')
    if (x.type.kind !== 'union') return then(x, bool(arrays(x.type), at.span))
    const found = x.type.members.filter(arrays)
    if (found.length === 0) return then(x, bool(false, at.span))
    return c.using(x, (value) => found.map((type) => is(value, type)).reduce(or))
  },
}

/** `new Array(n)` and `new Array(a, b)`: one number is the length. */
const newArray: Row = {
  flow: (use) => {
    const node = use.inst.newArray(use.at)
    use.a.solver.addArr(use.out, node)
    if (use.args.length === 1 && use.args[0]?.kind === 'item') {
      const only = use.slots[0] as Slot
      use.a.solver.watch(only, () => use.a.solver.edge(only, node.root().elem, ~NUM))
    } else use.slots.forEach((slot) => use.a.solver.edge(slot, node.root().elem))
  },
  emit: ({ c, at, args }) => {
    const type = c.program.types.array(c.inst.newArray(at))
    const elem = type.kind === 'array' ? type.elem : UNDEFINED
    if (spreads(args)) c.report('ANRF1101', at.span, 'spread arguments of Array', 'Write an array literal: `[...items]`.', 'spread argument')
    const values = args.map((arg) => emit(c, arg.value))
    const [only] = values
    if (values.length !== 1 || !only) return op('array.new', values.map((x) => coerce(x, elem)), type, at.span, [elem])
    if (only.type.kind === 'f64') return op('array.holes', [only], type, at.span, [elem])
    if (isBoxed(only.type)) c.report('ANRF1101', at.span, 'Array() of a value that may or may not be a number', 'Write `[value]`, or make sure that the length is a number.', 'new Array')
    return op('array.new', [coerce(only, elem)], type, at.span, [elem])
  },
}

const arrayOfItems: Row = {
  flow: (use) => {
    const node = use.inst.newArray(use.at)
    use.a.solver.addArr(use.out, node)
    use.slots.forEach((slot) => use.a.solver.edge(slot, node.root().elem))
  },
  emit: ({ c, at, args }) => {
    const type = c.program.types.array(c.inst.newArray(at))
    const elem = type.kind === 'array' ? type.elem : UNDEFINED
    if (spreads(args)) c.report('ANRF1101', at.span, 'spread arguments of Array.of', 'Write an array literal: `[...items]`.', 'spread argument')
    return op('array.new', args.map((arg) => emitAs(c, arg.value, elem)), type, at.span, [elem])
  },
}

/** Array.from of an array, of a string, or of `{ length }`, with or without a function. */
const arrayFrom: Row = {
  flow: (use) => {
    const [source, ...rest] = use.slots
    if (!source) return
    use.a.solver.watch(source, () => {
      const { arr, kinds, objs } = source.root()
      const list = arr ? source : kinds & STR ? charsSlot(use) : null
      if (list?.root().arr) use.a.solver.collapse(list.root().arr as ArrNode)
      if (list) flowPrelude(use, rest.length > 0 ? 'array_from_map' : 'array_values', [list, ...rest])
      for (const obj of objs) flowPrelude(use, rest.length > 0 ? 'array_from_length' : 'array_from_length_only', [use.a.solver.field(obj, 'length').read, ...rest])
    })
  },
  emit: ({ c, at, args }) => {
    const source = args[0] ? emit(c, args[0].value) : undef(at.span)
    const rest = args.slice(1).map((arg) => emit(c, arg.value))
    if (source.type.kind === 'object') {
      const node = c.program.types.nodeOf(source.type.id)
      const info = node?.fields.get('length')
      const length = node && info ? op('object.get', [source], c.type(info.slot), at.span, [source.type.id, c.program.types.fieldIndex(node, 'length')]) : undef(at.span)
      return callPrelude(c, at, rest.length > 0 ? 'array_from_length' : 'array_from_length_only', [toNumber(c, length), ...rest])
    }
    const list = source.type.kind === 'string' ? op('string.chars', [source], arrayOf(STRING), at.span) : source
    if (list.type.kind !== 'array') {
      c.report('ANRF1101', at.span, `Array.from of a value of type ${source.type.kind}`, 'Use it with an array, a string or `{ length: n }`.', 'Array.from')
      return undef(at.span)
    }
    return callPrelude(c, at, rest.length > 0 ? 'array_from_map' : 'array_values', [list, ...rest])
  },
}

function charsSlot(use: FlowUse): Slot {
  return use.inst.once(use.at, 'chars', () => {
    const slot = new Slot()
    const node = new ArrNode()
    use.a.solver.addKinds(node.elem, STR)
    use.a.solver.addArr(slot, node)
    return slot
  })
}

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
      else use.a.solver.addArr(node.root().elem, use.inst.once(use.at, 'pair', () => entryPair(use, value)))
      const seen = new Set<ObjNode>()
      use.a.solver.watch(source, () => {
        for (const obj of source.root().objs) {
          if (seen.has(obj.root())) continue
          seen.add(obj.root())
          use.a.solver.watchObj(obj, () => [...obj.root().fields].forEach(([name, info]) => name.startsWith('#') || use.a.solver.edge(info.slot, value)))
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
  if (source.type.kind !== 'object' || source.type.id === 0) {
    c.report('ANRF1101', at.span, `Object.${part} of a value of type ${source.type.kind}`, 'Use it with a record whose fields are known.', `Object.${part}`)
    return undef(at.span)
  }
  const id = source.type.id
  const keysType = arrayOf(STRING)
  if (part === 'keys' && elem.kind === 'string') return op('object.keys', [source], keysType, at.span, [id])
  const [object, result] = [c.keep(source), c.local('', type)]
  const keys = c.keep(op('object.keys', [object.value], keysType, at.span, [id]))
  const out = c.get(result, at.span)
  const made: Stmt = { kind: 'set', local: result, value: op('array.new', [], type, at.span, [elem]), span: at.span }
  const add = (key: Expr, field: Expr): Stmt => effect(op('array.push', [out, part === 'keys' ? coerce(key, elem) : part === 'values' ? coerce(field, elem) : pairOf(key, field, elem)], F64, at.span))
  return seq([...object.body, ...keys.body, made, ...eachKey(c, at, id, object.value, keys.value, add)], out)
}

function pairOf(key: Expr, field: Expr, elem: Type): Expr {
  const types = elem.kind === 'tuple' ? elem.elems : []
  if (elem.kind === 'array') return op('array.new', [coerce(key, elem.elem), coerce(field, elem.elem)], elem, key.span, [elem.elem])
  const pair = tupleOf(types)
  return op('tuple.new', [coerce(key, types[0] ?? STRING), coerce(field, types[1] ?? UNDEFINED)], pair, key.span, [pair])
}

/** A loop over the keys of an object that finds each field by its name. */
function eachKey(c: EmitUse['c'], at: EmitUse['at'], id: number, object: Expr, keys: Expr, add: (key: Expr, field: Expr) => Stmt): Stmt[] {
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
    const field = info?.optional ? coerce(op('object.get_opt', [object], optionalType, at.span, imm), type) : op('object.get', [object], type, at.span, imm)
    return { test: text(name, at.span), body: [add(keyValue, field), { kind: 'break', label: label + 1, span: at.span } as Stmt] }
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
      update: [{ kind: 'set', local: index, value: op('f64.add', [i, number(1, at.span)], F64, at.span), span: at.span }],
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
        return effect(op('object.assign', [target.value, value], UNDEFINED, at.span, [target.value.type.id, value.type.id, []]))
      }
      c.report('ANRF1101', at.span, 'Object.assign of values that are not records', 'Use records whose fields are known.', 'Object.assign')
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
    const numbers = (x: Expr): boolean => x.type.kind === 'any' || (x.type.kind === 'union' && x.type.members.some((m) => m.kind === 'f64'))
    if (!numbers(a) && !numbers(b)) return strictEquals(c, a, b)
    c.report('ANRF1101', at.span, 'Object.is of values that may be numbers or something else', 'Use `===`, or Object.is with two numbers.', 'Object.is')
    return bool(false, at.span)
  },
}

const ERRORS = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']

const error = (name: string): Row => ({
  flow: (use) => use.a.solver.addObj(use.out, use.a.errorNode),
  emit: ({ c, at, args }) => {
    const message = args[0] ? emit(c, args[0].value) : text('', at.span)
    const missing = (x: Expr): Expr => cond(isMissing(x, false), text('', at.span), toText(c, isBoxed(x.type) ? coerce(x, withoutUndefined(x.type)) : x), at.span)
    const shown = message.type.kind === 'union' ? c.using(message, missing) : message.type.kind === 'undefined' ? text('', at.span) : toText(c, message)
    return op('error.new', [shown], objectOf(0), at.span, [name])
  },
})

const withoutUndefined = (type: Type): Type => (type.kind === 'union' ? unionOf(type.members.filter((m) => m.kind !== 'undefined')) : type)

const log = (level: string): Row => ({
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ c, at, args }) => {
    if (spreads(args)) c.report('ANRF1101', at.span, 'spread arguments of console', 'Join the values into one string first.', 'spread argument')
    return op('log', args.map((arg) => coerce(boxed(emit(c, arg.value)), ANY)), UNDEFINED, at.span, [level])
  },
})

const stringify: Row = {
  flow: (use) => {
    const [value] = use.slots
    use.a.solver.addKinds(use.out, value ? STR : UNDEF)
    if (value) use.a.solver.watch(value, () => value.root().kinds & (UNDEF | FN | UNKNOWN) && use.a.solver.addKinds(use.out, UNDEF))
  },
  emit: ({ c, at, args }) => {
    const [value, replacer, space] = args.map((arg) => emit(c, arg.value))
    if (!value) return undef(at.span)
    if (replacer && replacer.type.kind !== 'null' && replacer.type.kind !== 'undefined') {
      c.report('ANRF1101', replacer.span, 'a replacer of JSON.stringify', 'Build the object to write first, then stringify it with null as replacer.', 'JSON.stringify replacer')
    }
    if (c.program.analysis.hasMethod('toJSON')) c.report('ANRF1101', at.span, 'JSON.stringify in a program with a toJSON method', 'Give the method another name and call it.', 'toJSON')
    const json = op('json.stringify', [boxed(value), space ? gapOf(c, space) : text('', at.span)], unionOf([STRING, UNDEFINED]), at.span)
    return coerce(json, c.typeOf(at))
  },
}

/** The text that each level is indented by: so many spaces, or the text itself, at most ten units (25.5.2 steps 5 to 8). */
function gapOf(c: EmitUse['c'], space: Expr): Expr {
  const limit = number(10, space.span)
  if (space.type.kind === 'string') return op('string.slice', [space, number(0, space.span), limit], STRING, space.span)
  if (space.type.kind === 'undefined' || space.type.kind === 'null') return text('', space.span)
  if (space.type.kind !== 'f64') c.report('ANRF1101', space.span, 'an indentation that is neither a number nor a string', 'Pass a number of spaces or a string.', 'JSON.stringify space')
  const count = op('f64.max', [number(0, space.span), op('f64.min', [limit, toNumber(c, space)], F64, space.span)], F64, space.span)
  return op('string.repeat', [text(' ', space.span), count], STRING, space.span)
}

export const GLOBAL_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...NUMBER_FUNCTIONS,
  'Array.isArray': isArray,
  'Array.of': arrayOfItems,
  'Array.from': arrayFrom,
  Array: newArray,
  'new Array': newArray,
  'Object.keys': objectParts('keys'),
  'Object.values': objectParts('values'),
  'Object.entries': objectParts('entries'),
  'Object.assign': assign,
  'Object.is': objectIs,
  'JSON.stringify': stringify,
  ...Object.fromEntries(ERRORS.flatMap((name) => [[name, error(name)], [`new ${name}`, error(name)]])),
  ...Object.fromEntries(['log', 'info', 'debug', 'warn', 'error'].map((level) => [`console.${level}`, log(level)])),
}

