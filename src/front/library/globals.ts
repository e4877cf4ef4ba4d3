import {
  isBoxed,
  isUnion,
  membersOf,
  objectOf,
  UNDEFINED,
  unionOf,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { isMissing, toText } from '../emit/convert.ts'
import { emit, emitAs } from '../emit/expressions.ts'
import { coerce, cond, effect, op, seq, str as text, undef } from '../emit/make.ts'
import { AGGREGATE_ERROR, CAUSED_AGGREGATE, CAUSED_ERROR } from '../flow/built-in-errors.ts'
import type { Slot } from '../flow/slots.ts'
import type { HArg, HClass, HExpr } from '../hir.ts'
import { callPrelude, flowPrelude, preludeRow } from './prelude.ts'
import { SYMBOL_FUNCTIONS } from './symbol.ts'
import { func } from './leaf.ts'
import { str, type EmitUse, type Row } from './row.ts'

import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { CONSOLE_FUNCTIONS } from './console.ts'
import { iteratorFrom } from './iterator-from.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { LOCALE_FUNCTIONS } from './locale.ts'
import { DATE_FUNCTIONS } from './date.ts'
import { WORLD_FUNCTIONS } from './world.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { OBJECT_FUNCTIONS } from './object-functions.ts'
const ERRORS = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']

/** The value of `cause`, where the argument at `index` says that an error is made with one. */
function causeIn(args: readonly HArg[], index: number): HExpr | undefined {
  const options = args[index]?.value
  const plain = options?.kind === 'narrow' ? options.x : options
  if (plain?.kind !== 'object' || plain.props.length !== 1) return undefined
  const [prop] = plain.props
  return prop?.kind === 'field' && prop.name === 'cause' ? prop.value : undefined
}

/** Built-in errors with a cause have a definition of their own. Other options are refused. */
const error = (name: string): Row => ({
  flow: ({ a, inst, args, out }) => {
    const cause = causeIn(args, 1)
    if (!cause) return a.solver.addObj(out, a.errorNode)
    const node = a.classes.shared(CAUSED_ERROR)
    a.solver.addObj(out, node)
    a.solver.edge(inst.slot(cause), a.solver.field(node, 'cause').slot)
  },
  emit: ({ c, at, args }) => {
    const cause = causeIn(args, 1)
    if (args.length > 1 && !cause) refuseOptions(c, at)
    const made = newError(
      c,
      at,
      args,
      name,
      cause ? c.program.types.idOf(c.program.analysis.classes.shared(CAUSED_ERROR)) : 0,
    )
    return cause ? withCause(c, made, cause) : made
  },
})

/** The class of an AggregateError of so many parts, the third of which is its cause. */
const aggregateClass = (parts: readonly unknown[]): HClass => (parts.length > 2 ? CAUSED_AGGREGATE : AGGREGATE_ERROR)

/** An AggregateError of an array, a text and a cause, if it has one. */
const aggregate: Row = {
  flow: ({ a, out, slots }) => {
    const node = a.classes.shared(aggregateClass(slots))
    a.solver.addObj(out, node)
    const [errors, , cause] = slots
    if (errors) a.solver.edge(errors, a.solver.field(node, 'errors').slot)
    if (cause) a.solver.edge(cause, a.solver.field(node, 'cause').slot)
  },
  emit: ({ c, at, args }) => {
    const node = c.program.analysis.classes.shared(aggregateClass(args))
    const [errors, message, cause] = args.map((arg) => c.keep(emit(c, arg.value)))
    if (!errors || !message) return undef(at.span)
    const id = c.program.types.idOf(node)
    const error = c.keep(op('error.new', [message.value], objectOf(id), at.span, [id, AGGREGATE_ERROR.name]))
    const store = (name: string, value: Expr): Stmt => {
      const field = c.type(c.program.analysis.solver.field(node, name).slot)
      const imm = [id, c.program.types.fieldIndex(node, name)]
      return effect(op('object.set', [error.value, coerce(value, field)], UNDEFINED, at.span, imm))
    }
    const stores = [store('errors', errors.value), ...(cause ? [store('cause', cause.value)] : [])]
    return seq([...errors.body, ...message.body, ...(cause?.body ?? []), ...error.body, ...stores], error.value)
  },
}

const [PLAIN_AGGREGATE, WITH_CAUSE] = [preludeRow('aggregate_error'), 'aggregate_error_caused']

/** `new AggregateError(errors, message, { cause })`: one with a cause has a definition of its own, as other errors. */
const aggregateError: Row = {
  flow: (use) => {
    const cause = causeIn(use.args, 2)
    if (!cause) return PLAIN_AGGREGATE.flow(use)
    flowPrelude(use, WITH_CAUSE, [...use.slots.slice(0, 2), use.inst.slot(cause)] as Slot[])
  },
  emit: (use) => {
    const { c, at, args } = use
    const cause = causeIn(args, 2)
    if (cause)
      return callPrelude(
        c,
        at,
        WITH_CAUSE,
        [...args.slice(0, 2).map((arg) => arg.value), cause].map((x) => emit(c, x)),
      )
    if (args.length > 2) refuseOptions(c, at)
    return PLAIN_AGGREGATE.emit(use)
  },
}

function refuseOptions(c: EmitUse['c'], at: HExpr): void {
  c.report('ANRF1101', at.span, 'options of an error', 'Write them out: `{ cause: value }`.', 'options of an error')
}

/** The message is evaluated before the cause, and both before the error is made. */
function withCause(c: EmitUse['c'], made: Expr, cause: HExpr): Expr {
  if (made.kind !== 'op' || made.type.kind !== 'object') return made
  const { id } = made.type
  const node = c.program.analysis.classes.shared(CAUSED_ERROR)
  const message = c.keep(made.args[0] as Expr)
  const value = c.keep(emitAs(c, cause, c.type(c.program.analysis.solver.field(node, 'cause').slot)))
  const error = c.keep({ ...made, args: [message.value] })
  const index = c.program.types.fieldIndex(node, 'cause')
  const store = effect(op('object.set', [error.value, value.value], UNDEFINED, made.span, [id, index]))
  return seq([...message.body, ...value.body, ...error.body, store], error.value)
}

function newError(c: EmitUse['c'], at: HExpr, args: readonly HArg[], name: string, id: number): Expr {
  const message = args[0] ? emit(c, args[0].value) : text('', at.span)
  const missing = (x: Expr): Expr =>
    cond(
      isMissing(x, false),
      text('', at.span),
      toText(c, isBoxed(x.type) ? coerce(x, withoutUndefined(x.type)) : x),
      at.span,
    )
  const shown = isUnion(message.type)
    ? c.using(message, missing)
    : message.type.kind === 'undefined'
      ? text('', at.span)
      : toText(c, message)
  return op('error.new', [shown], objectOf(id), at.span, [id, name])
}

const withoutUndefined = (type: Type): Type =>
  isUnion(type) ? unionOf(membersOf(type).filter((m) => m.kind !== 'undefined')) : type

/** A weak collection, of what an iterable gives if there is one. */
function weak(prelude: string): Row {
  const [empty, filled] = [preludeRow(prelude), preludeRow(`${prelude}_of`)]
  const isEmpty = ([entries]: readonly HArg[]): boolean =>
    entries === undefined || (entries.value.kind === 'const' && (entries.value.value ?? null) === null)
  return {
    flow: (use) => (isEmpty(use.args) ? empty.flow({ ...use, slots: [] }) : filled.flow(use)),
    emit: (use) => (isEmpty(use.args) ? empty.emit({ ...use, args: [] }) : filled.emit(use)),
  }
}

/** What is made of a text, which Node demands by an error of its own. */
function ofText(prelude: string): Row {
  const row = preludeRow(prelude)
  return {
    flow: row.flow,
    emit: (use) => {
      if (use.args.length === 0)
        use.c.report('ANRF1101', use.at.span, 'a URL of nothing', 'Pass a text.', 'URL without a text')
      return row.emit(use)
    },
  }
}

/** Library functions by their name in lib.anrf.d.ts. */
export const GLOBAL_FUNCTIONS: Readonly<Record<string, Row>> = {
  ...NUMBER_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...WORLD_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...Object.fromEntries(
    ERRORS.flatMap((name) => [
      [name, error(name)],
      [`new ${name}`, error(name)],
    ]),
  ),
  ...CONSOLE_FUNCTIONS,
  ...LOCALE_FUNCTIONS,
  ...SYMBOL_FUNCTIONS,
  'new WeakMap': weak('weak_map'),
  'new WeakSet': weak('weak_set'),
  'new AbortController': preludeRow('abort_controller'),
  'AbortSignal.abort': preludeRow('abort_signal'),
  'AbortSignal.any': preludeRow('abort_signal_any'),
  'new DOMException': preludeRow('dom_exception'),
  'Iterator.from': iteratorFrom,
  'new URL': ofText('url_new'),
  'URL.canParse': ofText('url_can_parse'),
  'URL.parse': ofText('url_or_null'),
  '@@url_parse': func('url.parse', [str(), str()], 'str'),
  '@@url_change': func('url.change', [str(), str(), str()], 'str'),
  'new URLSearchParams': preludeRow('search_params'),
  '@@searchParamsText': preludeRow('search_params_text'),
  '@@searchParamsPairs': preludeRow('search_params_pairs'),
  '@@aggregate': aggregate,
  AggregateError: aggregateError,
  'new AggregateError': aggregateError,
}
