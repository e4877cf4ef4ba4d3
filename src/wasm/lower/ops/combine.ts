import type { Type } from '../../../ir/index.ts'
import type { Code, ValType } from '../../encoder/index.ts'
import { chargeAfter, chargeBefore, chargesResult, isSized } from '../charges.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import type { ModuleLowering } from '../module.ts'

/** How an operation becomes code: pushes its result, or nothing when that is a unit. */
export type Lower = (f: FuncLowering, e: OpExpr) => void

/** The operands in locals, -1 for units: for operations that need one twice, or in another order. */
export type Operands = readonly number[]

/** An operation that takes its operands from the stack. */
export function onStack(emit: (c: Code, f: FuncLowering, e: OpExpr) => void): Lower {
  return (f, e) => {
    if (isSized(e.op)) {
      withOperands(f, e, (operands) => {
        chargeBefore(f, e, operands)
        pushAll(f, operands)
        finish(f, e, () => emit(f.c, f, e))
      })
      return
    }
    for (const arg of e.args) f.value(arg)
    f.at(e.span)
    chargeBefore(f, e, [])
    finish(f, e, () => emit(f.c, f, e))
  }
}

/** An operation that is a helper, which cannot fail. */
export const helper = (of: (m: ModuleLowering) => number): Lower => onStack((c, f) => void c.call(of(f.m)))

/** An operation that takes its operands from locals. */
export function inLocals(emit: (f: FuncLowering, operands: Operands, e: OpExpr) => void): Lower {
  return (f, e) => {
    withOperands(f, e, (operands) => {
      chargeBefore(f, e, operands)
      finish(f, e, () => emit(f, operands, e))
    })
  }
}

/** An operation that evaluates its operands itself, and is charged for its result only. */
export function charged(emit: (f: FuncLowering, e: OpExpr) => void): Lower {
  return (f, e) => finish(f, e, () => emit(f, e))
}

/** The charges of an operation whose operands have been evaluated, around its work; they do not depend on the operands. */
export function chargedBefore(f: FuncLowering, e: OpExpr, emit: () => void): void {
  chargeBefore(f, e, [])
  finish(f, e, emit)
}

function finish(f: FuncLowering, e: OpExpr, emit: () => void): void {
  emit()
  if (!chargesResult(e.op) || !f.m.options.charges) return
  const type = f.m.types.valType(e.type)
  if (!type) return chargeAfter(f, e, -1, e.type)
  f.withLocal(type, (result) => {
    f.c.set(result)
    chargeAfter(f, e, result, e.type)
    f.c.get(result)
  })
}

/** Evaluates the operands, in order, into locals that are free again afterwards. */
function withOperands(f: FuncLowering, e: OpExpr, body: (operands: Operands) => void): void {
  const { c } = f
  const types: ValType[] = []
  const operands = e.args.map((arg) => {
    f.value(arg)
    const type = f.m.types.valType(arg.type)
    if (!type) return -1
    const local = c.borrow(type)
    types.push(type)
    c.set(local)
    return local
  })
  f.at(e.span)
  body(operands)
  operands.filter((local) => local >= 0).forEach((local, i) => c.release(types[i]!, local))
}

function pushAll(f: FuncLowering, operands: Operands): void {
  for (const local of operands) if (local >= 0) f.c.get(local)
}

/** Types of the operands of an operation. */
export const typeOf = (e: OpExpr, i: number): Type => e.args[i]!.type

/** The element type of the array that is the first operand. */
export function elementOf(e: OpExpr): Type {
  const type = typeOf(e, 0)
  if (type.kind !== 'array') throw new Error(`${e.op} of ${type.kind}`)
  return type.elem
}
