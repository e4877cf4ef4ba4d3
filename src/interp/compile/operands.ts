import type { Expr } from '../../ir/index.ts'
import { bankOf, KIND, kindOf, type Kind } from '../kinds.ts'
import type { Scope } from './scope.ts'

const MOVES = { [KIND.f64]: 'MOV_F', [KIND.i32]: 'MOV_I', [KIND.ref]: 'MOV_R', [KIND.bool]: 'MOV_I' } as const

export function move(s: Scope, kind: Kind, to: number, from: number): void {
  if (to !== from) s.asm.emit(MOVES[kind], to, from)
}

/** Evaluates operands from left to right; their registers. */
export function operands(s: Scope, args: readonly Expr[]): number[] {
  return args.map((arg, i) => keep(s, arg, args.slice(i + 1)))
}

/**
 * Evaluates an expression whose value is needed after `later` were evaluated. A local is used where it stands, unless
 * one of them sets it: then its value of now is kept aside.
 */
export function keep(s: Scope, e: Expr, later: readonly Expr[]): number {
  const reg = s.value(e)
  const kind = kindOf(e.type)
  if (reg >= s.localRegs[bankOf(kind)]) return reg
  if (!later.some((other) => overwrites(s, other, kind, reg))) return reg
  const copy = s.regs.take(bankOf(kind))
  move(s, kind, copy, reg)
  return copy
}

/** Whether an expression sets a local that stands in a register. */
function overwrites(s: Scope, e: Expr, kind: Kind, reg: number): boolean {
  for (const local of s.assignedIn(e)) {
    const slot = s.slots[local]
    if (slot.reg === reg && bankOf(slot.kind) === bankOf(kind)) return true
  }
  return false
}
