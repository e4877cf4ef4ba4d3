import { comparing } from './comparing.ts'
import { BOOL, F64, optional, STRING, type Expr, type OpName, type Stmt } from '../../ir/index.ts'
import { hasOwnTexts, toNumber, toText } from '../emit/convert.ts'
import { elementTexts } from '../emit/join-texts.ts'
import { emit, emitAs } from '../emit/expressions.ts'
import { appendElements } from '../emit/literals.ts'
import { coerce, cond, num as number, op, seq, setLocal, str as text, undef } from '../emit/make.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import { converted, flowResult } from './leaf.ts'
import { ARR, UNDEF } from '../kinds.ts'
import { spreadInto } from '../flow/expressions.ts'
import { Slot, type ArrNode } from '../flow/slots.ts'
import { flat } from './flat.ts'
import { arrayIn, elemOf } from './receiver.ts'
import { search } from './search.ts'
import { num, str, type EmitUse, type FlowUse, type Row } from './row.ts'

/** The result is an array of the receiver's type. */
function sameArray(use: FlowUse): void {
  const arr = arrayIn(use)
  if (arr) use.a.solver.addArr(use.out, arr)
}

function elementOut(use: FlowUse): void {
  const arr = arrayIn(use)
  if (arr) use.a.solver.edge(arr.elem, use.out)
  use.a.solver.addKinds(use.out, UNDEF)
}

/** Arguments from `from` on become elements. */
function itemsIn(use: FlowUse, from: number): void {
  const arr = arrayIn(use)
  if (!arr) return
  use.args.slice(from).forEach((arg, i) => {
    const slot = use.slots[from + i] as Slot
    if (arg.kind === 'spread') spreadInto(use.a, slot, arr.elem)
    else use.a.solver.edge(slot, arr.elem)
  })
}

/** Items as an array of the receiver's type, for operations that take them together. */
function itemArray({ c, at, args, self }: EmitUse, from: number): Expr {
  const elem = elemOf(self)
  const items = args.slice(from)
  if (items.every((item) => item.kind === 'item'))
    return op(
      'array.new',
      items.map((item) => emitAs(c, item.value, elem)),
      self.type,
      at.span,
      [elem],
    )
  const array = c.local('', self.type)
  const made = setLocal(array, op('array.new', [], self.type, at.span, [elem]))
  return seq([made, ...appendElements(c, c.get(array, at.span), elem, items, true)], c.get(array, at.span))
}

const push: Row = {
  flow: (use) => {
    itemsIn(use, 0)
    flowResult(use, 'num')
  },
  emit: ({ c, at, args, self }) => {
    const [only] = args
    if (only?.kind === 'item' && args.length === 1)
      return op('array.push', [self, emitAs(c, only.value, elemOf(self))], F64, at.span)
    // All arguments are evaluated before any is added.
    const [kept, items] = [c.keep(self), c.keep(itemArray({ c, at, args, self }, 0))]
    const added: Stmt = {
      kind: 'expr',
      expr: op('array.append', [kept.value, items.value], F64, at.span),
      span: at.span,
    }
    return seq([...kept.body, ...items.body, added], op('array.length', [kept.value], F64, at.span))
  },
}

const unshift: Row = {
  flow: (use) => {
    itemsIn(use, 0)
    flowResult(use, 'num')
  },
  emit: (use) => op('array.prepend', [use.self, itemArray(use, 0)], F64, use.at.span),
}

const take = (name: 'array.pop' | 'array.shift'): Row => ({
  flow: elementOut,
  emit: ({ at, self }) => op(name, [self], optional(elemOf(self)), at.span),
})

const at: Row = {
  flow: elementOut,
  emit: ({ c, at: place, args, self }) => {
    const array = c.keep(self)
    const index = c.keep(
      op('math.trunc', [args[0] ? toNumber(c, emit(c, args[0].value)) : number(0, place.span)], F64, place.span),
    )
    const fromEnd = op('f64.add', [op('array.length', [array.value], F64, place.span), index.value], F64, place.span)
    const negative = op('f64.lt', [index.value, number(0, place.span)], BOOL, place.span)
    // NaN means 0 (ToIntegerOrInfinity); the sum with 0 makes 0 of -0.
    const forward = cond(
      op('f64.is_nan', [index.value], BOOL, place.span),
      number(0, place.span),
      index.value,
      place.span,
    )
    const value = op(
      'array.get_opt',
      [array.value, cond(negative, fromEnd, forward, place.span)],
      optional(elemOf(self)),
      place.span,
    )
    return seq([...array.body, ...index.body], value)
  },
}

const slice: Row = {
  flow: sameArray,
  emit: ({ c, at: place, args, self }) =>
    op(
      'array.slice',
      [self, converted(c, args[0], num(0), place), converted(c, args[1], num(Infinity), place)],
      self.type,
      place.span,
    ),
}

const concat: Row = {
  flow: (use) => {
    sameArray(use)
    const arr = arrayIn(use)
    if (!arr) return
    use.args.forEach((arg, i) => {
      const slot = use.slots[i] as Slot
      if (arg.kind === 'item') return concatItem(use, slot, arr)
      const out = use.inst.once(arg.value, 'concat', () => new Slot())
      flowPrelude({ ...use, at: arg.value, out }, 'array_concat_items', [slot])
      concatItem(use, out, arr)
    })
  },
  emit: ({ c, at: place, args, self }) => {
    if (args.length === 0)
      return op('array.slice', [self, number(0, place.span), number(Infinity, place.span)], self.type, place.span)
    // All arguments are evaluated before any is copied.
    const [first, ...items] = [self, ...args.map((arg) => concatItems(c, arg, self, place))].map((x) =>
      args.length === 1 ? { body: [], value: x } : c.keep(x),
    )
    if (!first) return self
    return seq(
      [first, ...items].flatMap((x) => x.body),
      items.reduce((all, x) => op('array.concat', [all, x.value], self.type, place.span), first.value),
    )
  },
}

/** What an argument of concat adds, as an array. */
function concatItems(c: EmitUse['c'], arg: EmitUse['args'][number], self: Expr, place: EmitUse['at']): Expr {
  const given = emit(c, arg.value)
  if (arg.kind === 'spread') c.noteSpread(arg.value)
  const value =
    arg.kind === 'spread' && given.type.kind === 'array'
      ? callPrelude(c, arg.value, 'array_concat_items', [given])
      : given
  if (arg.kind === 'spread' && given.type.kind !== 'array')
    c.report(
      'ANRF1101',
      arg.value.span,
      `a spread argument of concat of type ${given.type.kind}`,
      'Spread an array, or make one first: `[...x]`.',
      'concat',
    )
  return c.dispatch(value, self.type, (one) =>
    one.type.kind === 'array'
      ? coerce(one, self.type)
      : op('array.new', [coerce(one, elemOf(self))], self.type, place.span, [elemOf(self)]),
  )
}

/** Arguments of concat that are arrays are spread, others are elements. */
function concatItem(use: FlowUse, slot: Slot, arr: ArrNode): void {
  use.a.solver.watch(slot, () => {
    const item = slot.root().arr
    if (item) {
      use.a.solver.collapse(item)
      use.a.solver.unify(item.root().elem, arr.root().elem)
    }
    use.a.solver.edge(slot, arr.root().elem, ~ARR)
  })
}

const spliceStart = ({ c, at: place, args }: EmitUse): Expr => converted(c, args[0], num(0), place)

/** How many elements to remove: all where the call leaves it out, none where it leaves out both. */
const spliceCount = ({ c, at: place, args }: EmitUse): Expr =>
  args.length === 1
    ? number(Infinity, place.span)
    : converted(c, args[1], num(args.length === 0 ? 0 : undefined), place)

const splice: Row = {
  flow: (use) => {
    itemsIn(use, 2)
    sameArray(use)
  },
  emit: (use) => {
    const { at: place, self } = use
    return op('array.splice', [self, spliceStart(use), spliceCount(use), itemArray(use, 2)], self.type, place.span)
  },
}

const inPlace = (name: OpName): Row => ({
  flow: sameArray,
  emit: ({ at: place, self }) => op(name, [self], self.type, place.span),
})

const fill: Row = {
  flow: (use) => {
    const arr = arrayIn(use)
    if (arr && use.slots[0]) use.a.solver.edge(use.slots[0], arr.elem)
    sameArray(use)
  },
  emit: ({ c, at: place, args, self }) => {
    const value = args[0] ? emitAs(c, args[0].value, elemOf(self)) : coerce(undef(place.span), elemOf(self))
    return op(
      'array.fill',
      [self, value, converted(c, args[1], num(0), place), converted(c, args[2], num(Infinity), place)],
      self.type,
      place.span,
    )
  },
}

const copyWithin: Row = {
  flow: sameArray,
  emit: ({ c, at: place, args, self }) =>
    op(
      'array.copy_within',
      [
        self,
        converted(c, args[0], num(0), place),
        converted(c, args[1], num(0), place),
        converted(c, args[2], num(Infinity), place),
      ],
      self.type,
      place.span,
    ),
}

const join = (separatorOf: (use: EmitUse) => Expr): Row => ({
  flow: (use) => {
    arrayIn(use)
    flowResult(use, 'str')
  },
  emit: (use) => {
    // The conversion of elements by the operation must see all that the program sees; refuses classes with a toString of their own.
    const elem = elemOf(use.self)
    if (hasOwnTexts(use.c, elem))
      return op('array.join', [elementTexts(use.c, use.self, elem), separatorOf(use)], STRING, use.at.span)
    toText(use.c, use.self)
    return op('array.join', [use.self, separatorOf(use)], STRING, use.at.span)
  },
})

/** A prelude function that differs by whether the argument at `index` is given. */
export const byArgument = (index: number, given: string, absent: string): Row => {
  const [yes, no] = [preludeRow(given), preludeRow(absent)]
  return {
    flow: (use) => (use.args.length > index ? yes : no).flow(use),
    emit: (use) => (use.args.length > index ? yes : no).emit(use),
  }
}

/** A method that gives an iterator; an array where that is iterated at once. */
export const iterating = (name: string): Row => {
  const [listed, iterator] = [preludeRow(name), preludeRow(`${name}_iterator`)]
  const isConsumed = (at: FlowUse['at']): boolean => at.kind === 'method' && at.consumed === true
  return {
    flow: (use) => (isConsumed(use.at) ? listed : iterator).flow(use),
    emit: (use) => (isConsumed(use.at) ? listed : iterator).emit(use),
  }
}

const toSpliced: Row = {
  flow: (use) => {
    itemsIn(use, 2)
    arrayIn(use)
    flowPrelude(use, 'array_read', [use.self])
  },
  emit: (use) => {
    const { c, at: place, self } = use
    // All arguments are evaluated before the array is copied.
    const [kept, start, count] = [c.keep(self), c.keep(spliceStart(use)), c.keep(spliceCount(use))]
    const items = c.keep(itemArray(use, 2))
    const copy = c.keep(
      op('array.slice', [kept.value, number(0, place.span), number(Infinity, place.span)], self.type, place.span),
    )
    const parts = [copy.value, start.value, count.value, items.value]
    const spliced: Stmt = { kind: 'expr', expr: op('array.splice', parts, self.type, place.span), span: place.span }
    // What is left and taken in is read (23.1.3.35), what is taken out is not.
    const read = callPrelude(c, place, 'array_read', [copy.value])
    return seq([...[kept, start, count, items, copy].flatMap((x) => x.body), spliced], read)
  },
}

/** Methods of arrays (ECMA-262 23.1.3): operations where the whole is one, prelude functions where there are callbacks. */
export const ARRAY_METHODS: Readonly<Record<string, Row>> = {
  at,
  concat,
  copyWithin,
  '@@iterator': preludeRow('array_values_iterator'),
  entries: iterating('array_entries'),
  every: preludeRow('array_every'),
  fill,
  filter: preludeRow('array_filter'),
  find: preludeRow('array_find'),
  findIndex: preludeRow('array_findIndex'),
  findLast: preludeRow('array_findLast'),
  findLastIndex: preludeRow('array_findLastIndex'),
  flat,
  flatMap: preludeRow('array_flatMap'),
  forEach: preludeRow('array_forEach'),
  includes: search('array.includes'),
  indexOf: search('array.index_of'),
  join: join(({ c, at: place, args }) => converted(c, args[0], str(','), place)),
  keys: iterating('array_keys'),
  lastIndexOf: search('array.last_index_of'),
  map: preludeRow('array_map'),
  pop: take('array.pop'),
  push,
  reduce: byArgument(1, 'array_reduce_initial', 'array_reduce_first'),
  reduceRight: byArgument(1, 'array_reduceRight_initial', 'array_reduceRight_first'),
  reverse: inPlace('array.reverse'),
  shift: take('array.shift'),
  slice,
  some: preludeRow('array_some'),
  sort: comparing('array_sort', 'array_sort_default'),
  splice,
  toReversed: preludeRow('array_toReversed'),
  toSorted: comparing('array_toSorted', 'array_toSorted_default'),
  toSpliced,
  toString: join(({ at: place }) => text(',', place.span)),
  unshift,
  values: iterating('array_values'),
  with: preludeRow('array_with'),
}
