import { elementTypeOf, F64, isUnion, TYPED_ARRAYS, UNDEFINED, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isMissing, toNumber } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { coerce, cond, num, op, seq, str, undef } from '../emit/make.ts'
import { trapHere } from '../emit/keys.ts'
import { bytesName, typedLength, typedName } from '../emit/typed.ts'
import { bytesNode, isTypedArray } from '../flow/bytes.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { NUM, SET, STR } from '../kinds.ts'
import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { withoutUndefined } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { spreads, type FlowUse, type Row } from './row.ts'
import { isIterable } from './iterators.ts'
import { isView, part, slotOf } from './typed.ts'
import { privateName } from '../member-names.ts'

/** The node and the type of what a place makes. */
const nodeAt = (c: FunctionContext, at: HExpr, name: string): ObjNode => bytesNode(c.program.analysis, c.inst, at, name)

/** A new typed array of zeros of a node. */
function madeOf(c: FunctionContext, node: ObjNode, length: Expr): Expr {
  const type = c.program.types.object(node)
  return op('typed.new', [length], type, length.span, [c.program.types.idOf(node)])
}

/** ToIndex of an argument, which may be left out or undefined. */
function indexArg(c: FunctionContext, at: HExpr, x: Expr | undefined): Expr {
  return x ? callPrelude(c, at, 'typed_index', [toNumber(c, x)]) : num(0, at.span)
}

const noteIndex = (use: FlowUse): void => {
  const ignored = use.inst.once(use.at, 'ignored', () => new Slot())
  flowPrelude({ ...use, out: ignored }, 'typed_index', [slotOf(use, 'num', NUM)])
}

const isBuffer = (node: ObjNode): boolean => node.cls?.bytes === 'ArrayBuffer'
const isListed = (node: ObjNode): boolean => !node.cls?.bytes && isIterable(node)

/** What a source is as an array: itself, or what an iterable that is no typed array gives. */
function listed(use: FlowUse, source: Slot): Slot {
  const list = part(use, source, 'list', 'array')
  const into = { ...use, out: list }
  const iterable = part(use, source, 'iterable', isListed)
  const set = use.inst.once(use.at, 'set', () => new Slot())
  use.a.solver.edge(source, set, SET)
  use.a.solver.watch(source, () => {
    if (source.root().set) flowPrelude(into, 'set_values', [set])
    if (iterable.root().objs.length > 0) flowPrelude(into, 'iterable_list', [iterable])
  })
  use.a.solver.watch(iterable, () => {
    if (iterable.root().objs.length > 0) flowPrelude(into, 'iterable_list', [iterable])
  })
  return list
}

/** The same as an expression; undefined for what is none of these. */
function listOf(c: FunctionContext, at: HExpr, x: Expr): Expr | undefined {
  const { type } = x
  if (type.kind === 'array') return x
  if (type.kind === 'set') return callPrelude(c, at, 'set_values', [x])
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  return node && isListed(node) ? callPrelude(c, at, 'iterable_list', [x]) : undefined
}

/** `new X()`, of a length, of the elements of an array, typed array or iterable, and of the bytes of a buffer (23.2.5.1). */
function make(name: string): Row {
  return {
    flow: (use) => {
      const node = bytesNode(use.a, use.inst, use.at, name)
      const made = use.inst.once(use.at, 'made', () => new Slot())
      use.a.solver.addObj(made, node)
      use.a.solver.edge(made, use.out)
      noteIndex(use)
      const [source] = use.slots
      if (!source) return
      fillFrom(use, made, source)
      flowView(use, node, part(use, source, 'buffer', isBuffer))
    },
    emit: ({ c, at, args }) => {
      if (spreads(args)) return refuse(c, at, name)
      const given = args.slice(0, 3).map((arg) => c.keep(emit(c, arg.value)))
      const node = nodeAt(c, at, name)
      const type = c.program.types.object(node)
      const [source, offset, length] = given.map((kept) => kept.value)
      const body = given.flatMap((kept) => kept.body)
      if (!source) return madeOf(c, node, num(0, at.span))
      return seq(
        body,
        c.dispatch(source, type, (one) =>
          fromOne({ c, at, node, name, several: isUnion(source.type) }, one, offset, length),
        ),
      )
    },
  }
}

function refuse(c: FunctionContext, at: HExpr, name: string): Expr {
  const hint = 'Pass a length, an array, a typed array, an iterable or an ArrayBuffer.'
  c.report('ANRF1101', at.span, `${name} of what is given here`, hint, 'typed array')
  return coerce(undef(at.span), UNDEFINED)
}

/** The functions that set the elements of what was made. */
function fillFrom(use: FlowUse, made: Slot, source: Slot): void {
  const ignored = { ...use, out: use.inst.once(use.at, 'ignored', () => new Slot()) }
  const [list, typed] = [listed(use, source), part(use, source, 'typed', isTypedArray)]
  use.a.solver.watch(list, () => {
    if (list.root().arr) flowPrelude(ignored, 'typed_from_list', [made, list])
  })
  use.a.solver.watch(typed, () => {
    if (typed.root().objs.length > 0) flowPrelude(ignored, 'typed_from_typed', [made, typed])
  })
}

function flowView(use: FlowUse, node: ObjNode, buffer: Slot): void {
  const ignored = { ...use, out: use.inst.once(use.at, 'ignored', () => new Slot()) }
  const [number, text] = [slotOf(use, 'num', NUM), slotOf(use, 'str', STR)]
  use.a.solver.watch(buffer, () => {
    if (buffer.root().objs.length === 0) return
    use.a.solver.edge(buffer, use.a.solver.field(node.root(), privateName('#buffer')).slot)
    flowPrelude(ignored, 'typed_rest', [number, number, number, text])
    flowPrelude(ignored, 'typed_part', [number, number, number, text, number])
  })
}

type Making = {
  readonly c: FunctionContext
  readonly at: HExpr
  readonly node: ObjNode
  readonly name: string
  readonly several: boolean
}

function fromOne(making: Making, one: Expr, offset: Expr | undefined, length: Expr | undefined): Expr {
  const { c, at, node, name, several } = making
  const { type } = one
  const list = listOf(c, at, one)
  if (list) return fromList(making, list)
  if (typedName(c, type))
    return c.using(one, (source) =>
      callPrelude(c, at, 'typed_from_typed', [madeOf(c, node, typedLength(source)), source]),
    )
  if (bytesName(c, type) === 'ArrayBuffer') return viewOf(making, one, offset, length)
  if (['object', 'dict', 'map', 'tuple', 'func', 'any'].includes(type.kind))
    return several ? trapHere(at.span, coerce(one, c.program.types.object(node))) : refuse(c, at, name)
  return madeOf(c, node, indexArg(c, at, one))
}

function fromList({ c, at, node }: Pick<Making, 'c' | 'at' | 'node'>, list: Expr): Expr {
  return c.using(list, (values) =>
    callPrelude(c, at, 'typed_from_list', [madeOf(c, node, op('array.length', [values], F64, at.span)), values]),
  )
}

/** A view of a buffer from an offset on: of the rest, or of so many elements. */
function viewOf({ c, at, node, name }: Making, buffer: Expr, offset: Expr | undefined, length: Expr | undefined): Expr {
  const { size } = elementTypeOf(name)
  const from = c.keep(indexArg(c, at, offset))
  const bytes = op('buffer.length', [buffer], F64, at.span)
  const facts = [bytes, from.value, num(size, at.span), str(name, at.span)]
  const rest = (): Expr => callPrelude(c, at, 'typed_rest', facts)
  const count = !length
    ? rest()
    : whenMissing(length, rest, (x) => callPrelude(c, at, 'typed_part', [...facts, indexArg(c, at, x)]))
  const kept = c.keep(count)
  const type = c.program.types.object(node)
  const view = op('typed.view', [buffer, from.value, kept.value], type, at.span, [c.program.types.idOf(node)])
  return seq([...from.body, ...kept.body], view)
}

/** One of two numbers, by whether an argument is undefined. */
function whenMissing(x: Expr, missing: () => Expr, present: (x: Expr) => Expr): Expr {
  const test = isMissing(x, false)
  if (test.kind === 'const') return test.value === true ? missing() : present(x)
  return x.type.kind === 'undefined'
    ? seq([{ kind: 'expr', expr: x, span: x.span }], missing())
    : cond(test, missing(), present(withoutUndefined(x)), x.span)
}

/** `X.from(source, callback)` and `X.of(...items)` (23.2.2): what comes is collected first. */
function from(name: string): Row {
  return {
    flow: (use) => {
      const made = use.inst.once(use.at, 'made', () => new Slot())
      use.a.solver.addObj(made, bytesNode(use.a, use.inst, use.at, name))
      use.a.solver.edge(made, use.out)
      const [source, callback] = use.slots
      if (!source) return
      const list = use.inst.once(use.at, 'from', () => new Slot())
      sourceList.flow({ ...use, args: use.args.slice(0, 1), slots: [source], out: list })
      const ignored = { ...use, out: use.inst.once(use.at, 'ignored', () => new Slot()) }
      if (callback) flowPrelude(ignored, 'typed_from_map', [made, list, callback])
      else flowPrelude(ignored, 'typed_from_list', [made, list])
    },
    emit: ({ c, at, args }) => {
      if (spreads(args) || args.length === 0 || args.length > 2) return refuse(c, at, `${name}.from`)
      const node = nodeAt(c, at, name)
      const list = c.keep(sourceList.emit({ c, at, args: args.slice(0, 1), self: undef(at.span) }))
      if (list.value.type.kind !== 'array') return refuse(c, at, `${name}.from`)
      const callback = args[1] && c.keep(emit(c, args[1].value))
      const made = madeOf(c, node, op('array.length', [list.value], F64, at.span))
      const values = [made, list.value, ...(callback ? [callback.value] : [])]
      const filled = callPrelude(c, at, callback ? 'typed_from_map' : 'typed_from_list', values)
      return seq([...list.body, ...(callback?.body ?? [])], filled)
    },
  }
}

const sourceList = ARRAY_FUNCTIONS['Array.from'] as Row
const itemList = ARRAY_FUNCTIONS['Array.of'] as Row

function ofItems(name: string): Row {
  return {
    flow: (use) => {
      const made = use.inst.once(use.at, 'made', () => new Slot())
      use.a.solver.addObj(made, bytesNode(use.a, use.inst, use.at, name))
      use.a.solver.edge(made, use.out)
      const list = use.inst.once(use.at, 'of', () => new Slot())
      itemList.flow({ ...use, out: list })
      const ignored = { ...use, out: use.inst.once(use.at, 'ignored', () => new Slot()) }
      flowPrelude(ignored, 'typed_from_list', [made, list])
    },
    emit: (use) => fromList({ c: use.c, at: use.at, node: nodeAt(use.c, use.at, name) }, itemList.emit(use)),
  }
}

/** `new ArrayBuffer(length)` (25.1.4); buffers that change their size are not in the language. */
const makeBuffer: Row = {
  flow: (use) => {
    noteIndex(use)
    use.a.solver.addObj(use.out, bytesNode(use.a, use.inst, use.at, 'ArrayBuffer'))
  },
  emit: ({ c, at, args }) => {
    if (args.length > 1 || spreads(args)) {
      const hint = 'Pass the length alone: buffers keep their size.'
      c.report('ANRF1101', at.span, 'options of an ArrayBuffer', hint, 'resizable ArrayBuffer')
    }
    const node = nodeAt(c, at, 'ArrayBuffer')
    const length = indexArg(c, at, args[0] && emit(c, args[0].value))
    return op('buffer.new', [length], c.program.types.object(node), at.span, [c.program.types.idOf(node)])
  },
}

/** `new DataView(buffer, offset, length)` (25.3.2.1). */
const makeView: Row = {
  flow: (use) => {
    const node = bytesNode(use.a, use.inst, use.at, 'DataView')
    use.a.solver.addObj(use.out, node)
    noteIndex(use)
    const [source] = use.slots
    if (!source) return
    const [number, ignored] = [slotOf(use, 'num', NUM), use.inst.once(use.at, 'ignored', () => new Slot())]
    use.a.solver.edge(part(use, source, 'buffer', isBuffer), use.a.solver.field(node, privateName('#buffer')).slot)
    flowPrelude({ ...use, out: ignored }, 'view_offset', [number, number])
    flowPrelude({ ...use, out: ignored }, 'view_length', [number, number, number])
  },
  emit: ({ c, at, args }) => {
    const given = args.slice(0, 3).map((arg) => c.keep(emit(c, arg.value)))
    const [buffer, offset, length] = given.map((kept) => kept.value)
    if (!buffer || spreads(args) || bytesName(c, buffer.type) !== 'ArrayBuffer') {
      const hint = 'Pass an ArrayBuffer: `new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)`.'
      c.report('ANRF1101', at.span, 'a DataView of what is given here', hint, 'DataView')
      return undef(at.span)
    }
    const size = c.keep(op('buffer.length', [buffer], F64, at.span))
    const from = c.keep(callPrelude(c, at, 'view_offset', [size.value, indexArg(c, at, offset)]))
    const rest = (): Expr => op('f64.sub', [size.value, from.value], F64, at.span)
    const part = (x: Expr): Expr => callPrelude(c, at, 'view_length', [size.value, from.value, indexArg(c, at, x)])
    const count = c.keep(length ? whenMissing(length, rest, part) : rest())
    const node = nodeAt(c, at, 'DataView')
    const view = op('typed.view', [buffer, from.value, count.value], c.program.types.object(node), at.span, [
      c.program.types.idOf(node),
    ])
    return seq(
      [...given, size, from, count].flatMap((kept) => kept.body),
      view,
    )
  },
}

const NAMES = Object.keys(TYPED_ARRAYS).filter((name) => name !== 'DataView')

/** Constructors and functions of typed arrays, ArrayBuffer and DataView. */
export const BYTES_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    NAMES.flatMap((name) => [
      [`new ${name}`, make(name)],
      [`${name}.from`, from(name)],
      [`${name}.of`, ofItems(name)],
    ]),
  ),
  'new ArrayBuffer': makeBuffer,
  'ArrayBuffer.isView': isView,
  'new DataView': makeView,
}
