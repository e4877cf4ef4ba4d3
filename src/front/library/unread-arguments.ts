import { eachExpr, opRow, type Expr, type Stmt } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { effect, seq } from '../emit/make.ts'
import type { HArg, HExpr } from '../hir.ts'
import { holdArgument } from './held-argument.ts'
import type { EmitUse, Row } from './row.ts'

/**
 * Emits a use of a library function. Arguments that the function does not look at are evaluated all the same, in their turn
 * (ArgumentListEvaluation, ECMA-262 13.3.8.1).
 */
export function emitRow(row: Row, use: EmitUse): Expr {
  const { c, args } = use
  if (!args.some(({ value }) => mayDo(value))) return emitSpread(row, use)
  const { made, emitted } = c.watch(() => emitSpread(row, use))
  const used = new Set<unknown>(eachExpr([made]))
  const isRead = ({ value }: HArg): boolean =>
    !mayDo(value) || emitted.some(({ from, to }) => isWithin(from, value) && !isInert(to) && used.has(to))
  // What is made is used once: made anew, calls in calls would take twice as long at each level.
  const codes = new Map(emitted.map(({ from, to }) => [from, to]))
  const codeOf = (e: HExpr): Expr => codes.get(e) ?? emit(c, e)
  const effects = new Map(args.filter((arg) => !isRead(arg)).map((arg) => [arg, codeOf(bare(arg.value))]))
  if ([...effects.values()].every(isInert)) return made
  const self = c.keep(use.self)
  const body: Stmt[] = [...self.body]
  const held = args.map((arg): HArg => {
    const unread = effects.get(arg)
    if (unread) body.push(effect(unread))
    if (unread || arg.kind === 'spread' || arg.value.kind === 'const' || arg.value.kind === 'function') return arg
    const { item, body: kept } = holdArgument(c, codeOf(arg.value), c.inst.slot(arg.value))
    body.push(...kept)
    return item
  })
  return seq(body, emitSpread(row, { ...use, self: self.value, args: held }))
}

/** Emits a use, which is refused where the function takes no account of an argument that is spread. */
function emitSpread(row: Row, use: EmitUse): Expr {
  const { c, args } = use
  const spread = args.filter(({ kind }) => kind === 'spread')
  if (spread.length === 0) return row.emit(use)
  const { made, taken, isRefused } = c.watchSpreads(() => row.emit(use))
  const left = isRefused ? undefined : spread.find(({ value }) => !taken.has(value))
  if (left)
    c.report(
      'ANRF1101',
      left.value.span,
      'spread argument of a library function',
      'Pass the arguments one by one: `f(list[0], list[1])`.',
      'spread argument',
    )
  return made
}

/** What is evaluated, without what is said of it. */
const bare = (e: HExpr): HExpr => (e.kind === 'narrow' ? bare(e.x) : e)

/** Whether evaluating an expression may do or throw something. */
function mayDo(value: HExpr): boolean {
  const e = bare(value)
  return e.kind !== 'const' && e.kind !== 'function' && !(e.kind === 'var' && !e.v.checked)
}

const isWithin = ({ span: inner }: HExpr, { span: outer }: HExpr): boolean =>
  inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end

/** Whether nobody notices that a value is made: nothing is changed, and nothing can fail. */
function isInert(x: Expr): boolean {
  if (x.kind !== 'op') return x.kind === 'const' || x.kind === 'local'
  const { effect, throws, traps } = opRow(x.op)
  return effect !== 'write' && effect !== 'world' && !throws && !traps && x.args.every(isInert)
}
