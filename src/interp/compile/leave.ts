import { Label } from '../assembler.ts'
import { bankOf, KIND, kindOf, type Kind } from '../kinds.ts'
import type { Opcode } from '../opcodes.ts'
import { move } from './operands.ts'
import type { FinallyExit, Leave, Scope } from './scope.ts'

/** Compiles a jump out of statements, through every `finally` on the way. */
export function leave(s: Scope, way: Leave): void {
  for (let i = s.exits.length - 1; i >= 0; i--) {
    const exit = s.exits[i]
    if (exit.kind === 'finally') return leaveThrough(s, exit, way)
    if (way.kind === 'return' || exit.label !== way.label) continue
    const target = way.kind === 'break' ? exit.out : exit.next
    if (!target) continue
    s.asm.jump('JMP', target)
    return
  }
  if (way.kind !== 'return') throw new Error(`label ${way.label} is not around its ${way.kind}`)
  if (way.reg < 0) s.asm.emit(s.cyclic.has(s.funcIndex) ? 'RET_CYCLIC_U' : 'RET_U')
  else s.asm.emit(returnOpcode(s), way.reg)
}

/** Notes what is to happen after the `finally`, and goes there. */
function leaveThrough(s: Scope, exit: FinallyExit, way: Leave): void {
  let known: Leave = way
  if (way.kind === 'return') {
    if (way.reg < 0) s.asm.emit('LDK_R', exit.resultReg, s.asm.ref(undefined))
    else move(s, kindOf(s.func.result), exit.resultReg, way.reg)
    known = { kind: 'return', reg: exit.resultReg }
  }
  const same = (other: Leave): boolean =>
    other.kind === known.kind && (other.kind === 'return' || known.kind === 'return' || other.label === known.label)
  let index = exit.after.findIndex(same)
  if (index < 0) index = exit.after.push(known) - 1
  s.asm.emit('LDK_I', exit.stateReg, index + 2)
  s.asm.jump('JMP', exit.start)
}

const RETURNS: { readonly [K in Kind]: Opcode } = {
  [KIND.f64]: 'RET_F',
  [KIND.i32]: 'RET_I',
  [KIND.ref]: 'RET_R',
  [KIND.bool]: 'RET_I',
}

const RETURNS_CYCLIC: { readonly [K in Kind]: Opcode } = {
  [KIND.f64]: 'RET_CYCLIC_F',
  [KIND.i32]: 'RET_CYCLIC_I',
  [KIND.ref]: 'RET_CYCLIC_R',
  [KIND.bool]: 'RET_CYCLIC_I',
}

function returnOpcode(s: Scope): Opcode {
  return (s.cyclic.has(s.funcIndex) ? RETURNS_CYCLIC : RETURNS)[kindOf(s.func.result)]
}

/** Opens a region that ends in a `finally`: what leaves it goes there first. */
export function openFinally(s: Scope): FinallyExit {
  const exit: FinallyExit = {
    kind: 'finally',
    start: new Label(),
    stateReg: s.regs.take(1),
    resultReg: s.regs.take(bankOf(kindOf(s.func.result))),
    after: [],
  }
  s.exits.push(exit)
  return exit
}

/** Compiles what follows the statements of a `finally`: each way that led into it goes on. */
export function afterFinally(s: Scope, exit: FinallyExit, errorReg: number, traceReg: number): void {
  const end = new Label()
  s.asm.jump('JEQI', end, exit.stateReg, 0)
  exit.after.forEach((way, i) => {
    const next = new Label()
    const here = new Label()
    s.asm.jump('JEQI', here, exit.stateReg, i + 2)
    s.asm.jump('JMP', next)
    s.asm.place(here)
    leave(s, way)
    s.asm.place(next)
  })
  s.asm.emit('RETHROW', errorReg, traceReg)
  s.asm.place(end)
}
