import { eachExpr, opRow, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import { someObject } from '../emit/contents.ts'
import { emit } from '../emit/expressions.ts'
import { effect, seq } from '../emit/make.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import { TO_PRIMITIVE } from '../member-names.ts'
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
  if ([...effects.values()].every(isInert) && !isConvertedEarly(use)) return made
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

/**
 * Whether a row might convert an argument, or what is in the receiver, before a later argument is evaluated, and the program could tell: all
 * arguments are evaluated first.
 */
function isConvertedEarly({ c, args, self }: EmitUse): boolean {
  const later = args.findLastIndex(({ value }) => mayDo(value))
  const known = CONVERTED.get(c.program) ?? new Map<Type, boolean>()
  CONVERTED.set(c.program, known)
  const converts = (type: Type): boolean => {
    const found = known.get(type) ?? someObject(c, type, convertsItself)
    known.set(type, found)
    return found
  }
  return later >= 0 && (converts(self.type) || args.slice(0, later).some(({ value }) => converts(c.typeOf(value))))
}

/** By program, whether values of a type have something in them that says itself what it is as a text or number. */
const CONVERTED = new WeakMap<object, Map<Type, boolean>>()

const CONVERSIONS = ['toString', 'valueOf', TO_PRIMITIVE]

const convertsItself = ({ cls, fields }: ObjNode): boolean =>
  cls?.isDate !== true && CONVERSIONS.some((name) => cls?.methods.has(name) === true || fields.has(name))

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
