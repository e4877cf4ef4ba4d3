import { UNDEFINED, type Expr, type Stmt } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { HExpr, HFunc, HVar } from '../hir.ts'
import type { Instance } from '../flow/instance.ts'
import type { FunctionContext } from './context.ts'
import { emitAs } from './expressions.ts'
import { coerce, effect, op, seq, setLocal, undef } from './make.ts'

/** Reads a variable where it lives: a local, a cell, a module variable. */
export function readVariable(c: FunctionContext, e: HExpr & { kind: 'var' }): Expr {
  const { v } = e
  if (v.func && v.scope === null) return readFunction(c, e, v.func)
  if (v.func && v.func.generic && !c.placeOf(v)) return readFunction(c, e, v.func)
  return read(c, v, e.span)
}

export function read(c: FunctionContext, v: HVar, span: Span): Expr {
  if (v.scope === null) return op('global.get', [], c.varType(v), span, [c.program.globalIndex(v)])
  const place = c.place(v)
  const value = c.get(place.local, span)
  return place.cell ? op('cell.get', [value], place.type, span, [v.name]) : value
}

/** A module-level function as a value: the one closure that is made for it at the start. */
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
  if (!place.cell) return setLocal(place.local, value)
  const cell = c.get(place.local, span)
  if (fresh && !v.checked && !hoisted) return setLocal(place.local, op('cell.new', [value], cell.type, span))
  return effect(op('cell.set', [cell, value], UNDEFINED, span))
}

export function emitAssign(c: FunctionContext, e: HExpr & { kind: 'assign' }, wanted: boolean): Expr {
  const type = c.varType(e.v)
  if (!wanted) return seq([write(c, e.v, emitAs(c, e.value, type), false)], undef(e.span))
  const { body, value } = c.keep(emitAs(c, e.value, c.typeOf(e)))
  return seq([...body, write(c, e.v, coerce(value, type), false)], value)
}

/** Whether a variable bound to a function needs a value: code that runs uses it as one, or calls it and it needs its closure. */
export function needsClosure(c: FunctionContext, v: HVar, func: HFunc): boolean {
  const { analysis } = c.program
  return analysis.valueUsed.has(v) || (analysis.called.has(v) && !c.program.isStatic(func))
}

/** The variables that a closure takes along; functions that need no closure are called by name instead. */
export function capturesOf(c: FunctionContext, func: HFunc): HVar[] {
  return [...func.captures].filter((v) => !v.func || needsClosure(c, v, v.func))
}

export function emitClosure(c: FunctionContext, inst: Instance, span: Span): Expr {
  const taken = capturesOf(c, inst.func)
  for (const v of taken) if (!c.isDeclared(v)) c.program.early.add(v)
  const captures = taken.map((v) => c.get(c.place(v).local, span))
  return op('closure.new', captures, c.program.types.func(inst.fn), span, [c.program.funcIndex(inst)])
}
