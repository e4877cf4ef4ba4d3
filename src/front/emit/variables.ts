import { cellOf, UNDEFINED, type Expr, type Stmt } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import { isCopied, type HExpr, type HFunc, type HVar } from '../hir.ts'
import type { Instance } from '../flow/instance.ts'
import type { FunctionContext } from './context.ts'
import { emitAs } from './expressions.ts'
import { told } from './told.ts'
import { coerce, effect, op, seq, setLocal, undef } from './make.ts'

/** Reads a variable where it lives: a local, a cell, a module variable. */
export function readVariable(c: FunctionContext, e: HExpr & { kind: 'var' }): Expr {
  const { v } = e
  if (v.func && (v.scope === null || isCopied(v.func))) return readFunction(c, e, v.func)
  return v.func ? read(c, v, e.span) : told(c, read(c, v, e.span), c.program.analysis.varSlot(c.inst, v))
}

export function read(c: FunctionContext, v: HVar, span: Span): Expr {
  if (v.scope === null) return op('global.get', [], c.varType(v), span, [c.program.globalIndex(v)])
  const place = c.place(v)
  const value = home(c, v, span)
  return place.cell ? op('cell.get', [value], place.type, span, [v.name]) : value
}

/** What stands for a local variable: its value, or its cell. */
function home(c: FunctionContext, v: HVar, span: Span): Expr {
  const { local, cell, type, framed } = c.place(v)
  const value = c.get(local, span)
  return framed ? op('cell.get', [value], cell ? cellOf(type) : type, span, [v.name]) : value
}

/** Puts a value, or with `cell` a cell, where it stands for the variable from here on. */
function setHome(c: FunctionContext, v: HVar, value: Expr): Stmt {
  const { local, framed } = c.place(v)
  return framed
    ? effect(op('cell.set', [c.get(local, value.span), value], UNDEFINED, value.span))
    : setLocal(local, value)
}

/** The cell of a variable from the start of its block, without a value yet. */
export function openCell(c: FunctionContext, v: HVar, span: Span): Stmt {
  const { type } = c.place(v)
  return setHome(c, v, op('cell.unset', [], cellOf(type), span, [type]))
}

/** A new cell with what the old one holds; nothing for a variable that is in no cell. */
export function renew(c: FunctionContext, v: HVar, span: Span): Stmt[] {
  if (!c.inCell(v)) return []
  return [setHome(c, v, op('cell.new', [read(c, v, span)], cellOf(c.place(v).type), span))]
}

/** The cells of the variables of a generator, all of which are unset. */
export function openFrame(c: FunctionContext, variables: readonly HVar[], span: Span): Stmt[] {
  return variables
    .filter((v) => isTaken(c, v))
    .map((v) => {
      const { local, type, cell } = c.place(v)
      c.declare(v)
      const content = cell ? cellOf(type) : type
      return setLocal(local, op('cell.unset', [], cellOf(content), span, [content]))
    })
}

/** A function of the module, or one that is copied for each use, as a value: the one closure that is made for it at the start. */
function readFunction(c: FunctionContext, e: HExpr & { kind: 'var' }, func: HFunc): Expr {
  const inst = c.program.analysis.instanceFor(c.inst, func, e)
  const value = op('global.get', [], c.program.types.func(inst.fn), e.span, [c.program.closureIndex(inst)])
  return e.v.checked ? seq([effect(read(c, e.v, e.span))], value) : value
}

/** Stores `value` in a variable; `fresh` when this is its declaration. */
export function write(c: FunctionContext, v: HVar, value: Expr, fresh: boolean): Stmt {
  const { span } = value
  if (v.scope === null) return effect(op('global.set', [value], UNDEFINED, span, [c.program.globalIndex(v)]))
  const place = c.place(v)
  const hoisted = c.isDeclared(v) || c.program.early.has(v)
  c.declare(v)
  if (!place.cell) return setHome(c, v, value)
  if (fresh && !v.checked && (!hoisted || place.framed))
    return setHome(c, v, op('cell.new', [value], cellOf(place.type), span))
  return effect(op('cell.set', [home(c, v, span), value], UNDEFINED, span))
}

export function emitAssign(c: FunctionContext, e: HExpr & { kind: 'assign' }, wanted: boolean): Expr {
  const type = c.varType(e.v)
  if (!wanted) return seq([write(c, e.v, emitAs(c, e.value, type), false)], undef(e.span))
  const { body, value } = c.keep(emitAs(c, e.value, c.typeOf(e)))
  return seq([...body, write(c, e.v, coerce(value, type), false)], value)
}

/**
 * Whether a variable bound to a function needs a value: code that runs uses it as one, or calls it and it needs its closure, or has
 * to see whether it is there already.
 */
export function needsValue(c: FunctionContext, v: HVar, func: HFunc): boolean {
  const { analysis } = c.program
  const isUsed = analysis.valueUsed.has(v)
  if (isCopied(func)) return v.checked && (isUsed || analysis.called.has(v))
  return isUsed || (analysis.called.has(v) && (isAsked(v) || !c.program.isStatic(func)))
}

/** Whether a call of a function by its name asks the variable first whether it is there. */
export const isAsked = (v: HVar): boolean => v.checked && !v.ofClass

/** Whether anything takes a variable along that is a function or not. */
export const isTaken = (c: FunctionContext, v: HVar): boolean => !v.func || needsValue(c, v, v.func)

/** The variables that a closure takes along; functions that need no closure are called by name instead. */
export function capturesOf(c: FunctionContext, func: HFunc): HVar[] {
  return [...func.captures].filter((v) => isTaken(c, v))
}

/** A closure is made before the variable has its value: it shares a cell that is there from the start of the block. */
function takeEarly(c: FunctionContext, v: HVar, span: Span): void {
  if (!c.isFramed(v)) c.program.early.add(v)
  else if (!v.checked)
    c.report(
      'ANRF1101',
      span,
      `a function that takes \`${v.name}\` along before it has a value`,
      'Move the function after the declaration of the variable.',
      'function before its variables in a generator',
    )
}

export function emitClosure(c: FunctionContext, inst: Instance, span: Span): Expr {
  const taken = capturesOf(c, inst.func)
  for (const v of taken) if (!c.isDeclared(v)) takeEarly(c, v, span)
  const resumes = inst.func.parent?.resumed === inst.func
  const captures = taken.map((v) => (resumes ? c.get(c.place(v).local, span) : home(c, v, span)))
  return op('closure.new', captures, c.program.types.func(inst.fn), span, [c.program.funcIndex(inst)])
}
