import type { Expr, Stmt } from '../../ir/index.ts'
import { Label } from '../assembler.ts'
import { bankOf, KIND, kindOf } from '../kinds.ts'
import type { Opcode } from '../opcodes.ts'
import { discarded, expression } from './expr.ts'
import { jumpIf } from './jump.ts'
import { afterFinally, leave, openFinally } from './leave.ts'
import type { Scope } from './scope.ts'

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>

/** Compiles statements. Registers that a statement takes are free again after it. */
export function statements(s: Scope, list: readonly Stmt[]): void {
  for (const stmt of list) {
    const mark = s.regs.mark()
    const around = s.asm.enter(stmt.span)
    s.asm.at(stmt.span)
    if (s.options.debug) s.asm.emit('STMT')
    statement(s, stmt)
    s.asm.leave(around)
    s.regs.release(mark)
  }
}

function statement(s: Scope, stmt: Stmt): void {
  switch (stmt.kind) {
    case 'expr':
      return discarded(s, stmt.expr)
    case 'set':
      expression(s, stmt.value, s.slots[stmt.local].reg)
      return
    case 'if':
      return branch(s, stmt)
    case 'block':
      return labelled(s, stmt.label, () => statements(s, stmt.body))
    case 'loop':
      return loop(s, stmt)
    case 'switch':
      return choose(s, stmt)
    case 'break':
    case 'continue':
      return leave(s, { kind: stmt.kind, label: stmt.label })
    case 'return':
      return giveBack(s, stmt.value)
    case 'throw': {
      const reg = expression(s, stmt.value)
      s.asm.at(stmt.span)
      s.asm.emit('THROW', reg)
      return
    }
    case 'try':
      return attempt(s, stmt)
  }
}

function giveBack(s: Scope, value: Expr): void {
  if (value.kind === 'const' && value.value === undefined) return leave(s, { kind: 'return', reg: -1 })
  const isDirect = value.kind === 'cond' && !s.options.plain && s.exits.every((exit) => exit.kind !== 'finally')
  if (!isDirect) return leave(s, { kind: 'return', reg: expression(s, value) })
  // Each branch returns by itself.
  const around = s.asm.enter(value.span)
  const otherwise = new Label()
  jumpIf(s, value.test, false, otherwise)
  const mark = s.regs.mark()
  giveBack(s, value.then)
  s.regs.release(mark)
  s.asm.place(otherwise)
  giveBack(s, value.else)
  s.regs.release(mark)
  s.asm.leave(around)
}

function branch(s: Scope, stmt: Of<'if'>): void {
  const otherwise = new Label()
  jumpIf(s, stmt.test, false, otherwise)
  statements(s, stmt.then)
  if (stmt.else.length === 0) return s.asm.place(otherwise)
  const end = new Label()
  s.asm.jump('JMP', end)
  s.asm.place(otherwise)
  statements(s, stmt.else)
  s.asm.place(end)
}

/** Compiles `body` as what a `break` to `label` leaves. */
function labelled(s: Scope, label: number, body: () => void, next?: Label): void {
  const out = new Label()
  s.exits.push({ kind: 'label', label, out, ...(next && { next }) })
  body()
  s.exits.pop()
  s.asm.place(out)
}

/** The test stands at the end, so that a round is one jump. */
function loop(s: Scope, stmt: Of<'loop'>): void {
  const top = new Label()
  const test = new Label()
  const next = new Label()
  const counted = countedLoop(s, stmt)
  const body = (): void => {
    if (counted && !stmt.post) jumpIf(s, counted.test, false, test)
    else if (stmt.test && !stmt.post) s.asm.jump('JMP', test)
    s.asm.place(top)
    statements(s, stmt.body)
    s.asm.place(next)
    s.asm.at(stmt.span)
    if (counted) {
      s.asm.jump(counted.opcode, top, ...counted.words)
      return s.asm.place(test)
    }
    if (!stmt.test && stmt.update.length === 0) return s.asm.jump('FUEL_JMP', top)
    goRound(s, stmt)
    s.asm.place(test)
    if (stmt.test) jumpIf(s, stmt.test, true, top)
    else s.asm.jump('JMP', top)
  }
  labelled(s, stmt.label, body, next)
}

type Counted = { readonly opcode: Opcode; readonly words: readonly number[]; readonly test: Expr }

/**
 * A loop whose update adds a constant to a local and whose test is that the local is less than a local, a
 * constant or the length of an array: charging, update and test are one instruction.
 */
function countedLoop(s: Scope, { update, test }: Of<'loop'>): Counted | undefined {
  const step = update.length === 1 ? update[0] : undefined
  if (step?.kind !== 'set' || s.options.plain || s.options.debug) return undefined
  const by = stepOf(step.local, step.value)
  if (by === undefined || test?.kind !== 'op' || test.op !== 'f64.lt') return undefined
  const [left, right] = test.args
  if (left.kind !== 'local' || left.local !== step.local) return undefined
  const words = [s.slots[step.local].reg, s.asm.number(by)]
  if (right.kind === 'local') return { opcode: 'FOR_LT', words: [...words, s.slots[right.local].reg], test }
  if (right.kind === 'const') return { opcode: 'FOR_LTK', words: [...words, s.asm.number(right.value as number)], test }
  if (right.kind !== 'op' || right.op !== 'array.length' || right.args[0].kind !== 'local') return undefined
  return { opcode: 'FOR_LENGTH', words: [...words, s.slots[right.args[0].local].reg], test }
}

/** Charges for a round and updates; both at once where the update adds a constant to a number. */
function goRound(s: Scope, { update }: Of<'loop'>): void {
  const step = update.length === 1 ? update[0] : undefined
  if (step?.kind === 'set' && !s.options.plain && !s.options.debug) {
    const by = stepOf(step.local, step.value)
    if (by !== undefined) return s.asm.emit('FUEL_ADDK', s.slots[step.local].reg, s.asm.number(by))
  }
  s.asm.emit('FUEL')
  statements(s, update)
}

/** The constant that `value` adds to the local, if it does just that; `x - k` is `x + -k` to the bit. */
function stepOf(local: number, value: Expr): number | undefined {
  if (value.kind !== 'op' || (value.op !== 'f64.add' && value.op !== 'f64.sub')) return undefined
  const [left, right] = value.args
  if (left.kind !== 'local' || left.local !== local || right.kind !== 'const') return undefined
  return value.op === 'f64.add' ? (right.value as number) : -(right.value as number)
}

/** A `break` may stand in a test too, so all of it is inside the label. */
function choose(s: Scope, stmt: Of<'switch'>): void {
  const out = new Label()
  labelled(s, stmt.label, () => {
    const subject = s.regs.take(bankOf(kindOf(stmt.subject.type)))
    expression(s, stmt.subject, subject)
    const labels = stmt.cases.map(() => new Label())
    stmt.cases.forEach(({ test }, i) => test && jumpIfSame(s, subject, test, labels[i]))
    const fallback = stmt.cases.findIndex(({ test }) => !test)
    s.asm.jump('JMP', fallback < 0 ? out : labels[fallback])
    stmt.cases.forEach(({ body }, i) => {
      s.asm.place(labels[i])
      statements(s, body)
    })
  })
  s.asm.place(out)
}

function jumpIfSame(s: Scope, subject: number, test: Expr, label: Label): void {
  const mark = s.regs.mark()
  const kind = kindOf(test.type)
  if (kind === KIND.bool || kind === KIND.i32) {
    const reg = expression(s, test)
    // Of two booleans: equal when their exclusive or is 0.
    const difference = s.regs.take(1)
    s.asm.emit('XOR_I', difference, subject, reg)
    s.asm.jump('JF', label, difference)
  } else s.asm.jump(kind === KIND.f64 ? 'JEQ' : 'JSAME', label, subject, expression(s, test))
  s.regs.release(mark)
}

/**
 * `body` is guarded by the catch, and both by the `finally`. Handlers are listed when their
 * region is complete, so inner ones come first.
 */
function attempt(s: Scope, stmt: Of<'try'>): void {
  if (!stmt.finally) return guarded(s, stmt)
  const errorReg = s.regs.take(2)
  const traceReg = s.regs.take(2)
  const exit = openFinally(s)
  const start = s.asm.fence()
  guarded(s, stmt)
  const end = s.asm.pc
  s.exits.pop()
  s.asm.emit('LDK_I', exit.stateReg, 0)
  s.asm.jump('JMP', exit.start)
  s.handlers.push({ start, end, target: s.asm.pc, reg: errorReg, trace: traceReg })
  s.asm.emit('LDK_I', exit.stateReg, 1)
  s.asm.place(exit.start)
  statements(s, stmt.finally)
  afterFinally(s, exit, errorReg, traceReg)
}

function guarded(s: Scope, stmt: Of<'try'>): void {
  const start = s.asm.fence()
  statements(s, stmt.body)
  if (!stmt.catch) return
  const end = new Label()
  s.asm.jump('JMP', end)
  s.handlers.push({ start, end: s.asm.pc, target: s.asm.pc, reg: s.slots[stmt.catch.local].reg, trace: -1 })
  statements(s, stmt.catch.body)
  s.asm.place(end)
}
