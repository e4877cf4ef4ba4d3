import { arrayOf, isUnion, membersOf, STRING, UNDEFINED, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { is, toNumber } from '../emit/convert.ts'
import { emit, emitAs } from '../emit/expressions.ts'
import { widenStrings } from '../emit/literals.ts'
import { bool, coerce, op, or, then, undef } from '../emit/make.ts'
import { NUM, STR, UNDEF } from '../kinds.ts'
import { mayGain } from '../flow/objects.ts'
import { ArrNode, Slot, type ObjNode } from '../flow/slots.ts'
import { isIterable, isIterableType } from './iterators.ts'
import { flowResult } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { spreads, type FlowUse, type Row } from './row.ts'

const isArray: Row = {
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    const arrays = (type: Type): boolean => type.kind === 'array' || type.kind === 'tuple'
    if (x.type.kind === 'any')
      c.report('ANRF1103', at.span, 'Array.isArray of a value of unknown type', 'Declare the type of the value.', 'any')
    if (!isUnion(x.type)) return then(x, bool(arrays(x.type), at.span))
    const found = membersOf(x.type).filter(arrays)
    if (found.length === 0) return then(x, bool(false, at.span))
    return c.using(x, (value) => found.map((type) => is(value, type)).reduce(or))
  },
}

/** `new Array(n)` and `new Array(a, b)`: one number is the length. */
const newArray: Row = {
  flow: (use) => {
    const node = use.inst.newArray(use.at)
    if (use.args.length === 1) use.a.solver.addKinds(node.root().holes, UNDEF)
    use.a.solver.addArr(use.out, node)
    if (use.args.length === 1 && use.args[0]?.kind === 'item') {
      const only = use.slots[0] as Slot
      use.a.solver.watch(only, () => use.a.solver.edge(only, node.root().elem, ~NUM))
    } else use.slots.forEach((slot) => use.a.solver.edge(slot, node.root().elem))
  },
  emit: ({ c, at, args }) => {
    const type = c.program.types.array(c.inst.newArray(at))
    const elem = type.kind === 'array' ? type.elem : UNDEFINED
    if (spreads(args))
      c.report(
        'ANRF1101',
        at.span,
        'spread arguments of Array',
        'Write an array literal: `[...items]`.',
        'spread argument',
      )
    const values = args.map((arg) => emit(c, arg.value))
    const [only] = values
    if (values.length !== 1 || !only)
      return op(
        'array.new',
        values.map((x) => coerce(x, elem)),
        type,
        at.span,
        [elem],
      )
    return c.dispatch(only, type, (one) =>
      one.type.kind === 'f64'
        ? op('array.holes', [one], type, at.span, [elem])
        : op('array.new', [coerce(one, elem)], type, at.span, [elem]),
    )
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
    if (spreads(args))
      c.report(
        'ANRF1101',
        at.span,
        'spread arguments of Array.of',
        'Write an array literal: `[...items]`.',
        'spread argument',
      )
    return op(
      'array.new',
      args.map((arg) => emitAs(c, arg.value, elem)),
      type,
      at.span,
      [elem],
    )
  },
}

/** Whether a value is an iterable object, or may be one and is iterable in any case. */
function isWalked(c: FunctionContext, type: Type): boolean {
  const members = membersOf(type)
  const others = members.filter((m) => !isIterableType(c, m))
  return others.length < members.length && others.every((m) => ['array', 'string', 'map', 'set'].includes(m.kind))
}

/** Why the length of an object does not tell its elements. */
function reasonAgainst(node: ObjNode): readonly [what: string, hint: string] | undefined {
  if (!mayGain(node, 'length')) return ['of the library that has no `length`', 'Make an array of what is meant.']
  const members = [...node.fields.keys(), ...(node.cls?.getters.keys() ?? [])]
  if (members.some((name) => /^(0|[1-9]\d*)$/.test(name)))
    return ['that has elements', 'Write them as an array literal, or push them to an array.']
  if (node.fields.get('length')?.optional === true || node.cls?.getters.has('length'))
    return ['whose `length` may be absent', 'Give it a `length` that is always there.']
  return undefined
}

/** Array.from of an array, of a string, or of `{ length }`, with or without a function. */
const arrayFrom: Row = {
  flow: (use) => {
    const [source, ...rest] = use.slots
    if (!source) return
    use.a.solver.watch(source, () => {
      const { objs, map, set } = source.root()
      // What the function adds to a table comes too.
      if (rest.length > 0 && (map || set)) flowPrelude(use, 'iterable_map', [source, ...rest])
      const list = rest.length > 0 && (map || set) ? null : listed(use, source)
      if (list)
        use.a.solver.watch(list, () => {
          const { arr } = list.root()
          if (!arr) return
          use.a.solver.collapse(arr)
          flowPrelude(use, rest.length > 0 ? 'array_from_map' : 'array_values', [list, ...rest])
        })
      for (const obj of objs)
        if (isIterable(obj.root()))
          flowPrelude(use, rest.length > 0 ? 'iterable_map' : 'iterable_list', [source, ...rest])
        else if (mayGain(obj, 'length'))
          flowPrelude(use, rest.length > 0 ? 'array_from_length' : 'array_from_length_only', [
            use.a.solver.field(obj, 'length').read,
            ...rest,
          ])
    })
  },
  emit: ({ c, at, args }) => {
    const source = args[0] ? emit(c, args[0].value) : undef(at.span)
    const rest = args.slice(1).map((arg) => emit(c, arg.value))
    const isTable = source.type.kind === 'map' || source.type.kind === 'set'
    if (isWalked(c, source.type) || (isTable && rest.length > 0))
      return callPrelude(c, at, rest.length > 0 ? 'iterable_map' : 'iterable_list', [source, ...rest])
    if (source.type.kind === 'object') {
      const node = c.program.types.nodeOf(source.type.id)
      const info = node?.fields.get('length')
      const reason = node && reasonAgainst(node)
      if (reason) {
        c.report('ANRF1101', at.span, `Array.from of an object ${reason[0]}`, reason[1], 'Array.from')
        return undef(at.span)
      }
      const length =
        node && info
          ? op('object.get', [source], c.type(info.slot), at.span, [
              source.type.id,
              c.program.types.fieldIndex(node, 'length'),
            ])
          : undef(at.span)
      return callPrelude(c, at, rest.length > 0 ? 'array_from_length' : 'array_from_length_only', [
        toNumber(c, length),
        ...rest,
      ])
    }
    const chars = c.inst.once(at, 'chars', () => new Slot()).root().arr
    const charType = chars ? c.program.types.array(chars) : undefined
    const list =
      source.type.kind === 'string'
        ? widenStrings(
            c,
            op('string.chars', [source], arrayOf(STRING), at.span),
            charType?.kind === 'array' ? charType.elem : STRING,
          )
        : source.type.kind === 'map' || source.type.kind === 'set'
          ? callPrelude(c, at, source.type.kind === 'map' ? 'map_entries' : 'set_values', [source])
          : source
    if (list.type.kind !== 'array') {
      c.report(
        'ANRF1101',
        at.span,
        `Array.from of a value of type ${source.type.kind}`,
        'Use it with an array, a string, a Map or Set, or `{ length: n }`.',
        'Array.from',
      )
      return undef(at.span)
    }
    return callPrelude(c, at, rest.length > 0 ? 'array_from_map' : 'array_values', [list, ...rest])
  },
}

/** What a source is as an array: itself, its characters, or what a table gives one by one. */
function listed(use: FlowUse, source: Slot): Slot | null {
  const { arr, kinds, map, set } = source.root()
  if (arr) return source
  if (kinds & STR) return charsSlot(use)
  const name = map ? 'map_entries' : set ? 'set_values' : null
  if (!name) return null
  return use.inst.once(use.at, name, () => {
    const out = new Slot()
    flowPrelude({ ...use, out }, name, [source])
    return out
  })
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

/** Functions of Array, and its constructor. */
export const ARRAY_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Array.isArray': isArray,
  'Array.of': arrayOfItems,
  'Array.from': arrayFrom,
  Array: newArray,
  'new Array': newArray,
}
