import { comparing } from './comparing.ts'
import { BOOL, UNDEFINED } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { bool, seq, then, undef } from '../emit/make.ts'
import { bytesName, typedName } from '../emit/typed.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND, NUM, STR, UNDEF } from '../kinds.ts'
import { byArgument, iterating } from './array.ts'
import { isTypedArray } from '../flow/bytes.ts'
import { converted } from './leaf.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import { num, str, type EmitUse, type FlowUse, type Param, type Row } from './row.ts'

/** An argument as it comes. */
const RAW = 'raw'

/** A slot for a number, a string or a truth value that a function of the prelude is given. */
export const slotOf = (use: FlowUse, key: string, kinds: number): Slot =>
  use.inst.once(use.at, key, () => {
    const slot = new Slot()
    use.a.solver.addKinds(slot, kinds)
    return slot
  })

/** A method that is a prelude function of the receiver and arguments converted as the standard converts them. */
function withParams(name: string, params: readonly (Param | typeof RAW)[]): Row {
  return {
    flow: (use) => {
      const slots = params.map((param, i) => {
        if (param !== RAW) return slotOf(use, param.to, param.to === 'num' ? NUM : STR)
        return use.slots[i] ?? slotOf(use, 'none', 0)
      })
      flowPrelude(use, name, [use.self, ...slots])
    },
    emit: ({ c, at, args, self }) => {
      const values = params.map((param, i) =>
        param !== RAW ? converted(c, args[i], param, at) : args[i] ? emit(c, args[i].value) : undef(at.span),
      )
      refuseExtra(c, args.slice(params.length))
      return callPrelude(c, at, name, [self, ...values])
    },
  }
}

/** Arguments that a method does not look at are evaluated all the same. */
function refuseExtra(c: EmitUse['c'], extra: EmitUse['args']): void {
  for (const { value } of extra)
    if (value.kind !== 'const' && value.kind !== 'var')
      c.report('ANRF1101', value.span, 'an argument that the method does not take', 'Leave it out.', 'typed array')
}

/** The part of a slot that is an array, or objects that `wanted` takes. */
export function part(use: FlowUse, from: Slot, key: string, wanted: ((node: ObjNode) => boolean) | 'array'): Slot {
  const only = use.inst.once(use.at, key, () => new Slot())
  use.a.solver.watch(from, () => {
    const { arr, objs } = from.root()
    if (wanted !== 'array') for (const obj of objs) if (wanted(obj.root())) use.a.solver.addObj(only, obj)
    if (wanted === 'array' && arr) use.a.solver.addArr(only, arr)
  })
  return only
}

/** `set(source, offset)`: of an array or of a typed array. */
const set: Row = {
  flow: (use) => {
    const [source] = use.slots
    use.a.solver.addKinds(use.out, UNDEF)
    if (!source) return
    const offset = slotOf(use, 'num', NUM)
    flowPrelude(use, 'typed_set_list', [use.self, part(use, source, 'list', 'array'), offset])
    flowPrelude(use, 'typed_set_typed', [use.self, part(use, source, 'typed', isTypedArray), offset])
  },
  emit: ({ c, at, args, self }) => {
    const kept = c.keep(self)
    const source = c.keep(args[0] ? emit(c, args[0].value) : undef(at.span))
    const offset = c.keep(converted(c, args[1], num(0), at))
    const done = c.dispatch(source.value, UNDEFINED, (one) => {
      if (one.type.kind === 'array') return callPrelude(c, at, 'typed_set_list', [kept.value, one, offset.value])
      if (typedName(c, one.type)) return callPrelude(c, at, 'typed_set_typed', [kept.value, one, offset.value])
      const hint = 'Pass an array or a typed array; of a Set or another iterable `[...values]`.'
      c.report('ANRF1101', at.span, 'what `set` of a typed array is given here', hint, 'typed array')
      return undef(at.span)
    })
    return seq([...kept.body, ...source.body, ...offset.body], done)
  },
}

const from = num(0)
const to = num(Infinity)

/** Methods of typed arrays (ECMA-262 23.2.3). */
export const TYPED_METHODS: Readonly<Record<string, Row>> = {
  at: withParams('typed_at', [num(0)]),
  copyWithin: withParams('typed_copyWithin', [num(0), num(0), to]),
  '@@iterator': preludeRow('typed_values_iterator'),
  entries: iterating('typed_entries'),
  every: preludeRow('typed_every'),
  fill: withParams('typed_fill', [num(), from, to]),
  filter: preludeRow('typed_filter'),
  find: preludeRow('typed_find'),
  findIndex: preludeRow('typed_findIndex'),
  findLast: preludeRow('typed_findLast'),
  findLastIndex: preludeRow('typed_findLastIndex'),
  forEach: preludeRow('typed_forEach'),
  includes: withParams('typed_includes', [RAW, from]),
  indexOf: withParams('typed_indexOf', [RAW, from]),
  join: withParams('typed_join', [str(',')]),
  keys: iterating('typed_keys'),
  lastIndexOf: {
    flow: (use) => withParams('typed_lastIndexOf', [RAW, to]).flow(use),
    // An undefined that is written out is 0, one that is left out is not.
    emit: (use) => withParams('typed_lastIndexOf', [RAW, use.args.length > 1 ? num() : to]).emit(use),
  },
  map: preludeRow('typed_map'),
  reduce: byArgument(1, 'typed_reduce_initial', 'typed_reduce_first'),
  reduceRight: byArgument(1, 'typed_reduceRight_initial', 'typed_reduceRight_first'),
  reverse: preludeRow('typed_reverse'),
  set,
  slice: withParams('typed_slice', [from, to]),
  some: preludeRow('typed_some'),
  sort: comparing('typed_sort', 'typed_sort_default'),
  subarray: withParams('typed_subarray', [from, to]),
  toReversed: preludeRow('typed_toReversed'),
  toSorted: comparing('typed_toSorted', 'typed_toSorted_default'),
  toString: withParams('typed_join', [str(',')]),
  values: iterating('typed_values'),
  with: withParams('typed_with', [num(0), num()]),
}

/** Methods of ArrayBuffer (25.1.6). */
export const BUFFER_METHODS: Readonly<Record<string, Row>> = { slice: withParams('buffer_slice', [from, to]) }

/** `getX(index, littleEndian)` and `setX(index, value, littleEndian)`; one byte has no order. */
function viewMethods(): [string, Row][] {
  const types = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64', 'BigInt64', 'BigUint64']
  return types.flatMap((type): [string, Row][] => {
    const order = type.endsWith('8') ? [] : [RAW as typeof RAW]
    return [
      [`get${type}`, withParams(`view_get${type}`, [num(0), ...order])],
      [`set${type}`, withParams(`view_set${type}`, [num(0), type.startsWith('Big') ? RAW : num(), ...order])],
    ]
  })
}

/** Methods of DataView (25.3.4). */
export const VIEW_METHODS: Readonly<Record<string, Row>> = Object.fromEntries(viewMethods())

/** ArrayBuffer.isView (25.1.5.1). */
export const isView: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, BOOL_KIND),
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    return c.dispatch(x, BOOL, (one) => {
      const name = bytesName(c, one.type)
      const yes = name !== null && name !== 'ArrayBuffer'
      return then(one, bool(yes, at.span))
    })
  },
}
