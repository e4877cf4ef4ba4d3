import type { Expr } from '../../ir/index.ts'
import { bankOf, KIND, kindOf, type Kind } from '../kinds.ts'
import type { Scope } from './scope.ts'

const MOVES = { [KIND.f64]: 'MOV_F', [KIND.i32]: 'MOV_I', [KIND.ref]: 'MOV_R', [KIND.bool]: 'MOV_I' } as const

export function move(s: Scope, kind: Kind, to: number, from: number): void {
  if (to !== from) s.asm.emit(MOVES[kind], to, from)
}

/**
 * Evaluates operands from left to right; their registers. A local is used where it stands,
 * unless a later operand sets it: then its value of now is kept aside.
 */
export function operands(s: Scope, args: readonly Expr[]): number[] {
  return args.map((arg, i) => {
    const reg = s.value(arg)
    const local = localOf(arg)
    if (local < 0 || !args.slice(i + 1).some((later) => sets(s, later, local))) return reg
    const kind = kindOf(arg.type)
    const copy = s.regs.take(bankOf(kind))
    move(s, kind, copy, reg)
    return copy
  })
}

/** Whether an expression sets a local, maybe by another name. */
export function sets(s: Scope, e: Expr, local: number): boolean {
  for (const other of s.assignedIn(e)) if (s.slots[other] === s.slots[local]) return true
  return false
}

/** The local whose register holds the value of an expression, -1 when it is a register of its own. */
export function localOf(e: Expr): number {
  if (e.kind === 'local') return e.local
  return e.kind === 'seq' ? localOf(e.value) : -1
}
