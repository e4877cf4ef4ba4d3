import { ANY, BOOL, membersOf, UNDEFINED, type ConsoleMethod, type Expr, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { toBool } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { bool, boxed, coerce, op, seq, then, undef } from '../emit/make.ts'
import { refuseAccessorsIn, refuseOpaque } from '../emit/opaque.ts'
import type { HArg, HExpr } from '../hir.ts'
import { UNDEF } from '../kinds.ts'
import { formatted, formattedList } from './console-format.ts'
import { converted } from './leaf.ts'
import { collect, collected } from './prelude.ts'
import { spreads, str, type EmitUse, type Row } from './row.ts'

type Emit = (use: EmitUse) => Expr

const any = (x: Expr): Expr => coerce(boxed(x), ANY)

const call = (method: ConsoleMethod, values: readonly Expr[], at: HExpr): Expr =>
  op('log', values.map(any), UNDEFINED, at.span, [method])

const row = (emitted: Emit): Row => ({ flow: (use) => use.a.solver.addKinds(use.out, UNDEF), emit: emitted })

/** Refuses spread arguments where each has a meaning of its own. */
function refuseSpread({ c, at, args }: EmitUse, name: string): void {
  if (!spreads(args)) return
  c.report('ANRF1101', at.span, `spread arguments of console.${name}`, 'Pass them one by one.', 'spread argument')
}

function refuseHidden(c: FunctionContext, args: readonly HArg[]): void {
  for (const arg of args) refuseOpaque(c, c.inst.slot(arg.value), arg.value.span)
}

/** A method that prints its arguments. */
const print = (method: ConsoleMethod): Row => ({
  flow: (use) => {
    use.a.solver.addKinds(use.out, UNDEF)
    if (spreads(use.args)) collected(use, 0)
  },
  emit: ({ c, at, args }) => {
    refuseHidden(c, args)
    if (spreads(args)) {
      return op('log.list', [formattedList(c, args, collect(c, at, args))], UNDEFINED, at.span, [method])
    }
    const { body, values } = formatted(c, args)
    return seq(body, call(method, values, at))
  },
})

/** A method of a label, whose argument may be left out; `timed`: it also takes the time, and what is printed after it. */
const labelled = (method: ConsoleMethod, timed: boolean): Row =>
  row((use) => {
    const { c, at, args } = use
    refuseSpread(use, method)
    refuseHidden(c, args)
    const label = converted(c, args[0], str('default'), at)
    const more = args.slice(1).map((arg) => emit(c, arg.value))
    if (!timed) return call(method, [label, ...more], at)
    const kept = [label, ...more].map((x) => c.keep(x))
    const [name, ...data] = kept.map((k) => k.value) as [Expr, ...Expr[]]
    const body = kept.flatMap((k) => k.body)
    return seq(body, call(method, [name, op('clock.elapsed', [], { kind: 'f64' }, at.span), ...data], at))
  })

const assert = row((use) => {
  const { c, at, args } = use
  refuseSpread(use, 'assert')
  refuseHidden(c, args.slice(1))
  const [test] = args
  const holds = c.keep(test ? coerce(toBool(emit(c, test.value)), BOOL) : bool(false, at.span))
  const { body, values } = formatted(c, args.slice(1))
  return seq([...holds.body, ...body], call('assert', [holds.value, ...values], at))
})

const OPTIONS: ReadonlySet<string> = new Set([
  'breakLength',
  'colors',
  'compact',
  'depth',
  'maxArrayLength',
  'maxStringLength',
  'numericSeparator',
  'sorted',
])

const isPlain = (type: Type): boolean =>
  membersOf(type).every((m) => ['undefined', 'null', 'bool', 'f64', 'string'].includes(m.kind))

/** Whether values of a type are options of `console.dir` that mean here what they mean in Node. */
function areOptions(c: FunctionContext, type: Type): boolean {
  if (type.kind === 'undefined') return true
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (!node || node.cls || node.dict) return false
  return [...node.fields].every(([name, field]) => OPTIONS.has(name) && isPlain(c.type(field.slot)))
}

const dir = row((use) => {
  const { c, at, args } = use
  refuseSpread(use, 'dir')
  refuseHidden(c, args.slice(0, 1))
  const values = args.slice(0, 2).map((arg) => emit(c, arg.value))
  if (values[1] && !areOptions(c, values[1].type)) {
    const hint = `Pass a record of ${[...OPTIONS].map((name) => `\`${name}\``).join(', ')}.`
    c.report('ANRF1101', at.span, 'other options of console.dir', hint, 'options of console.dir')
  }
  return call('dir', values, at)
})

/** Whether values of a type say which columns `console.table` shows. */
function areColumns(type: Type): boolean {
  if (type.kind === 'array') return membersOf(type.elem).every((m) => m.kind === 'string' || m.kind === 'f64')
  if (type.kind === 'tuple') return type.elems.every((elem) => elem.kind === 'string' || elem.kind === 'f64')
  return type.kind === 'undefined'
}

const table = row((use) => {
  const { c, at, args } = use
  refuseSpread(use, 'table')
  refuseHidden(c, args)
  const values = args.slice(0, 2).map((arg) => emit(c, arg.value))
  if (values[0]) refuseAccessorsIn(c, values[0].type, at.span)
  if (values[1] && !membersOf(values[1].type).every(areColumns)) {
    const hint = 'Pass a list of the names of the columns.'
    c.report('ANRF1101', at.span, 'other columns of console.table', hint, 'columns of console.table')
  }
  return call('table', values, at)
})

/** Nothing is cleared where the output is no terminal. */
const clear = row(({ c, at, args }) => args.reduceRight((rest, arg) => then(emit(c, arg.value), rest), undef(at.span)))

/** Methods of console, by their name in lib.anrf.d.ts. */
export const CONSOLE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'console.assert': assert,
  'console.clear': clear,
  'console.count': labelled('count', false),
  'console.countReset': labelled('countReset', false),
  'console.debug': print('debug'),
  'console.dir': dir,
  'console.dirxml': print('log'),
  'console.error': print('error'),
  'console.group': print('group'),
  'console.groupCollapsed': print('group'),
  'console.groupEnd': row(({ c, at, args }) => {
    const effects = args.reduceRight((rest, arg) => then(emit(c, arg.value), rest), undef(at.span))
    return then(effects, call('groupEnd', [], at))
  }),
  'console.info': print('info'),
  'console.log': print('log'),
  'console.table': table,
  'console.time': labelled('time', true),
  'console.timeEnd': labelled('timeEnd', true),
  'console.timeLog': labelled('timeLog', true),
  'console.warn': print('warn'),
}
