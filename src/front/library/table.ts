import {
  BOOL,
  isTable,
  keyOf,
  nonNullish,
  optional,
  UNDEFINED,
  type Expr,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import { fail, isMissing, joinTexts, toText } from '../emit/convert.ts'
import { emit, emitAs } from '../emit/expressions.ts'
import { onlyIterable } from '../emit/iterated.ts'
import { coerce, effect, op, seq, then, undef } from '../emit/make.ts'
import { isReference } from '../emit/primitive.ts'
import { TableNode } from '../flow/slots.ts'
import { UNDEF } from '../kinds.ts'
import { iterating } from './array.ts'
import { flowResult } from './leaf.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

type Kind = 'map' | 'set'

function tableIn(use: FlowUse, kind: Kind): TableNode | null {
  return use.self.root()[kind]?.root() ?? null
}

/** A key that is looked for is a key of the table as far as types go, so that it needs no test of its own. */
function keyIn(use: FlowUse, kind: Kind): void {
  const table = tableIn(use, kind)
  const [key] = use.slots
  if (table && key) use.a.solver.edge(key, table.key)
  else if (table) use.a.solver.addKinds(table.key, UNDEF)
}

function keyArg({ c, at, args, self }: EmitUse): Expr {
  const type = isTable(self.type) ? keyOf(self.type) : UNDEFINED
  return args[0] ? emitAs(c, args[0].value, type) : coerce(undef(at.span), type)
}

/** An operation on a table and a key. */
const onKey = (kind: Kind, name: OpName): Row => ({
  flow: (use) => {
    keyIn(use, kind)
    flowResult(use, 'bool')
  },
  emit: (use) => op(name, [use.self, keyArg(use)], BOOL, use.at.span),
})

const clear: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ at, self }) => op('table.clear', [self], UNDEFINED, at.span),
}

const get: Row = {
  flow: (use) => {
    keyIn(use, 'map')
    const table = tableIn(use, 'map')
    if (table) use.a.solver.edge(table.value, use.out)
    use.a.solver.addKinds(use.out, UNDEF)
  },
  emit: (use) => op('table.get', [use.self, keyArg(use)], optional(valueOf(use.self.type)), use.at.span),
}

const valueOf = (type: Type): Type => (type.kind === 'map' ? type.value : UNDEFINED)

/** `set` and `add` give the table itself. */
const store = (kind: Kind): Row => ({
  flow: (use) => {
    keyIn(use, kind)
    const table = tableIn(use, kind)
    if (!table) return
    const value = use.slots[1]
    if (kind === 'map' && value) use.a.solver.edge(value, table.value)
    else if (kind === 'map') use.a.solver.addKinds(table.value, UNDEF)
    use.a.solver.addTable(use.out, kind, table)
  },
  emit: (use) => {
    const { c, at, args, self } = use
    const table = c.keep(self)
    const key = keyArg(use)
    const value = (): Expr =>
      args[1] ? emitAs(c, args[1].value, valueOf(self.type)) : coerce(undef(at.span), valueOf(self.type))
    const stored =
      kind === 'map'
        ? op('table.set', [table.value, key, value()], UNDEFINED, at.span)
        : op('table.add', [table.value, key], UNDEFINED, at.span)
    return seq([...table.body, effect(stored)], table.value)
  },
})

/** `new Map(entries)`, `new Set(values)`: what is null or undefined adds nothing. */
const make = (kind: Kind): Row => ({
  flow: (use) => {
    const table = use.inst.once(use.at, kind, () => new TableNode())
    use.a.solver.addTable(use.out, kind, table)
    if (use.slots[0]) flowPrelude(use, `${kind}_fill`, [use.out, use.slots[0]])
  },
  emit: ({ c, at, args }) => {
    const type = c.program.types.table(
      c.inst.once(at, kind, () => new TableNode()),
      kind,
    )
    const made = op('table.new', [], type, at.span, [type])
    const given = args[0] && emit(c, args[0].value)
    const items = given && nonNullish(given.type)
    if (!given || !items) return given ? seq([effect(given)], made) : made
    const [source, table] = [c.keep(given), c.keep(made)]
    const fill = effect(
      callPrelude(c, at, `${kind}_fill`, [
        table.value,
        onlyIterable(c, coerce(source.value, items), args[0].value, 'value'),
      ]),
    )
    const body =
      items === given.type
        ? [fill]
        : [{ kind: 'if' as const, test: isMissing(source.value, true), then: [], else: [fill], span: at.span }]
    return seq([...source.body, ...table.body, ...body], table.value)
  },
})

/** Methods of maps (ECMA-262 24.1.3). */
export const MAP_METHODS: Readonly<Record<string, Row>> = {
  clear,
  delete: onKey('map', 'table.delete'),
  '@@iterator': iterating('map_entries'),
  entries: iterating('map_entries'),
  forEach: preludeRow('map_forEach'),
  get,
  has: onKey('map', 'table.has'),
  keys: iterating('map_keys'),
  set: store('map'),
  values: iterating('map_values'),
}

/** Methods of sets (24.2.4). */
export const SET_METHODS: Readonly<Record<string, Row>> = {
  add: store('set'),
  clear,
  delete: onKey('set', 'table.delete'),
  difference: preludeRow('set_difference'),
  '@@iterator': iterating('set_values'),
  entries: iterating('set_entries'),
  forEach: preludeRow('set_forEach'),
  has: onKey('set', 'table.has'),
  intersection: preludeRow('set_intersection'),
  isDisjointFrom: preludeRow('set_isDisjointFrom'),
  isSubsetOf: preludeRow('set_isSubsetOf'),
  isSupersetOf: preludeRow('set_isSupersetOf'),
  keys: iterating('set_values'),
  symmetricDifference: preludeRow('set_symmetricDifference'),
  union: preludeRow('set_union'),
  values: iterating('set_values'),
}

export const TABLE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'new Map': make('map'),
  'new Set': make('set'),
  'Map.groupBy': preludeRow('map_groupBy'),
}

/** Throws where what should be an entry is no object. Objects are not asked for their text. */
const requireEntry: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: ({ c, at, args }) =>
    c.dispatch(args[0] ? emit(c, args[0].value) : undef(at.span), UNDEFINED, (entry) => {
      if (isReference(entry.type)) return then(entry, undef(at.span))
      return c.using(entry, (x) => {
        const message = joinTexts(['Iterator value ', toText(c, x), ' is not an entry object'], at.span)
        return then(fail(c, message, x), undef(at.span))
      })
    }),
}

/** What programs cannot name. */
export const TABLE_STEPS: Readonly<Record<string, Row>> = { '@@requireEntry': requireEntry }
