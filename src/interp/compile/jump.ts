import { membersOf, type Expr, type OpName, type Type } from '../../ir/index.ts'
import { Label } from '../assembler.ts'
import type { Opcode } from '../opcodes.ts'
import { operands } from './operands.ts'
import type { Scope } from './scope.ts'

/** Compiles a jump to `label` when `test` is `sense`; otherwise control goes on behind. */
export function jumpIf(s: Scope, test: Expr, sense: boolean, label: Label): void {
  const around = s.asm.enter(test.span)
  jump(s, test, sense, label)
  s.asm.leave(around)
}

function jump(s: Scope, test: Expr, sense: boolean, label: Label): void {
  if (test.kind === 'const') {
    if (test.value === sense) s.asm.jump('JMP', label)
    return
  }
  if (test.kind === 'seq') {
    s.body(test.body)
    return jumpIf(s, test.value, sense, label)
  }
  if (test.kind === 'cond') return jumpIfEither(s, test, sense, label)
  if (test.kind === 'op' && !s.options.plain) {
    if (test.op === 'bool.not') return jumpIf(s, test.args[0], !sense, label)
    if (test.op === 'array.has' && !sense) return jumpIfMissing(s, test, label)
    if (test.op === 'dyn.is' && jumpIfNone(s, test, sense, label)) return
    if (jumpIfCompared(s, test, sense, label)) return
  }
  const mark = s.regs.mark()
  const reg = s.value(test)
  s.regs.release(mark)
  s.asm.jump(sense ? 'JT' : 'JF', label, reg)
}

function jumpIfEither(s: Scope, e: Extract<Expr, { kind: 'cond' }>, sense: boolean, label: Label): void {
  const decides = (branch: Expr): boolean => branch.kind === 'const' && branch.value === sense
  // `a && b`, `a || b`: a constant branch needs no code when it decides the jump by itself.
  if (decides(e.else) || decides(e.then)) {
    jumpIf(s, e.test, decides(e.then), label)
    return jumpIf(s, decides(e.then) ? e.else : e.then, sense, label)
  }
  const other = new Label()
  const end = new Label()
  jumpIf(s, e.test, false, other)
  jumpIf(s, e.then, sense, label)
  if (e.else.kind !== 'const') s.asm.jump('JMP', end)
  s.asm.place(other)
  jumpIf(s, e.else, sense, label)
  s.asm.place(end)
}

/** Loops over arrays pass holes by. */
function jumpIfMissing(s: Scope, test: Extract<Expr, { kind: 'op' }>, label: Label): void {
  const mark = s.regs.mark()
  const [list, index] = operands(s, test.args)
  s.regs.release(mark)
  const [{ type }] = test.args
  s.asm.jump(type.kind === 'array' && type.elem.kind === 'f64' ? 'JNHAS_F' : 'JNHAS_R', label, list, index)
}

/** Tests for null, undefined or either. */
function jumpIfNone(s: Scope, test: Extract<Expr, { kind: 'op' }>, sense: boolean, label: Label): boolean {
  const kinds = membersOf(test.imm[0] as Type).map((member) => member.kind)
  if (!kinds.every((kind) => kind === 'null' || kind === 'undefined')) return false
  const mark = s.regs.mark()
  const reg = s.value(test.args[0])
  s.regs.release(mark)
  if (kinds.length === 2) s.asm.jump(sense ? 'JNONE' : 'JSOME', label, reg)
  else s.asm.jump(sense ? 'JREFK' : 'JNREFK', label, reg, s.asm.ref(kinds[0] === 'null' ? null : undefined))
  return true
}

/** Opcode by sense; a third says that the operands are swapped. NaN forbids to turn a test round. */
const REGISTERS: { readonly [K in OpName]?: readonly [yes: Opcode, no: Opcode, swap: boolean] } = {
  'f64.lt': ['JLT', 'JNLT', false],
  'f64.le': ['JLE', 'JNLE', false],
  'f64.gt': ['JLT', 'JNLT', true],
  'f64.ge': ['JLE', 'JNLE', true],
  'f64.eq': ['JEQ', 'JNE', false],
  'f64.ne': ['JNE', 'JEQ', false],
  'dyn.eq': ['JSAME', 'JNSAME', false],
  'ref.eq': ['JSAME', 'JNSAME', false],
}

/** With a constant on the right. */
const CONSTANT: { readonly [K in OpName]?: readonly [yes: Opcode, no: Opcode] } = {
  'f64.lt': ['JLTK', 'JNLTK'],
  'f64.le': ['JLEK', 'JNLEK'],
  'f64.gt': ['JGTK', 'JNGTK'],
  'f64.ge': ['JGEK', 'JNGEK'],
  'f64.eq': ['JEQK', 'JNEK'],
  'f64.ne': ['JNEK', 'JEQK'],
}

function jumpIfCompared(s: Scope, test: Extract<Expr, { kind: 'op' }>, sense: boolean, label: Label): boolean {
  const [left, right] = test.args
  const withConstant = CONSTANT[test.op]
  const which = sense ? 0 : 1
  const mark = s.regs.mark()
  if (withConstant && right.kind === 'const') {
    const reg = s.value(left)
    s.regs.release(mark)
    s.asm.at(test.span)
    s.asm.jump(withConstant[which], label, reg, s.asm.number(right.value as number))
    return true
  }
  if (test.op === 'f64.truthy') {
    const reg = s.value(left)
    s.regs.release(mark)
    s.asm.jump(sense ? 'JTRUTHY' : 'JFALSY', label, reg)
    return true
  }
  const row = REGISTERS[test.op]
  if (!row) return false
  const [a, b] = operands(s, test.args)
  s.regs.release(mark)
  s.asm.at(test.span)
  if (row[2]) s.asm.jump(row[which], label, b, a)
  else s.asm.jump(row[which], label, a, b)
  return true
}
