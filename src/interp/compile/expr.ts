import {
  admits,
  elementTypeOf,
  inPlaceOf,
  isUnion,
  membersOf,
  opRow,
  type Expr,
  type OpName,
  type Type,
} from '../../ir/index.ts'
import { funcTest, Layout, typeTest } from '../../values/index.ts'
import { Label } from '../assembler.ts'
import type { Slot } from '../bytecode.ts'
import { bankOf, KIND, kindOf } from '../kinds.ts'
import type { Opcode } from '../opcodes.ts'
import { chargesOf } from '../meter.ts'
import { IMPLEMENTATIONS } from '../operations/index.ts'
import type { NewObject } from '../operations/object.ts'
import type { Operation, Site } from '../operation.ts'
import { directInstruction, type Direct } from './direct.ts'
import { jumpIf } from './jump.ts'
import { keep, move, operands } from './operands.ts'
import type { Scope } from './scope.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>
type ConstExpr = Extract<Expr, { kind: 'const' }>

/** Compiles an expression; the register of its value, which is `into` when given. */
export function expression(s: Scope, e: Expr, into = -1): number {
  const around = s.asm.enter(e.span)
  const reg = valueOf(s, e, into)
  s.asm.leave(around)
  return reg
}

function valueOf(s: Scope, e: Expr, into: number): number {
  switch (e.kind) {
    case 'local': {
      const slot = s.slots[e.local]
      if (into < 0) return slot.reg
      move(s, slot.kind, into, slot.reg)
      return into
    }
    case 'const':
      return constant(s, e, into)
    case 'op':
      return operation(s, e, into, false)
    case 'call':
    case 'invoke':
      return call(s, e, into)
    case 'cond':
      return conditional(s, e, into)
    case 'seq':
      s.body(e.body)
      return isGuarded(s, e) ? expression(s, e.value.args[0], into) : expression(s, e.value, into)
  }
}

/** Compiles an expression for its effects only. */
export function discarded(s: Scope, e: Expr): void {
  const around = s.asm.enter(e.span)
  if (e.kind === 'op') operation(s, e, -1, true)
  else if (e.kind !== 'local' && e.kind !== 'const') expression(s, e)
  s.asm.leave(around)
}

type Guarded = { readonly value: OpExpr }

/**
 * Whether an unboxing need not look: `seq { if dyn.is[undefined](x) { throw } } dyn.unbox(x)`, where the type of x
 * has nothing but what was tested for besides what comes out.
 */
function isGuarded(s: Scope, e: Extract<Expr, { kind: 'seq' }>): e is typeof e & Guarded {
  const [guard] = e.body
  const { value } = e
  if (s.options.plain || e.body.length !== 1 || guard.kind !== 'if' || value.kind !== 'op' || value.op !== 'dyn.unbox')
    return false
  const { test, then, else: otherwise } = guard
  if (otherwise.length > 0) return false
  const [x] = value.args
  if (test.kind !== 'op' || test.op !== 'dyn.is' || kindOf(value.type) !== KIND.ref) return false
  const [tested] = test.args
  if (tested.kind !== 'local' || x.kind !== 'local' || tested.local !== x.local || !isUnion(x.type)) return false
  const left = membersOf(x.type).filter((member) => !admits(value.type, member))
  return then.at(-1)?.kind === 'throw' && left.every((member) => admits(test.imm[0] as Type, member))
}

function destination(s: Scope, e: Expr, into: number): number {
  return into >= 0 ? into : s.regs.take(bankOf(kindOf(e.type)))
}

function constant(s: Scope, e: ConstExpr, into: number): number {
  const kind = kindOf(e.type)
  const hoisted = kind === KIND.f64 || typeof e.value === 'string' ? s.hoisted.get(hoistKey(e.value)) : undefined
  if (hoisted !== undefined && into < 0) return hoisted
  const dst = destination(s, e, into)
  if (kind === KIND.f64) s.asm.emit('LDK_F', dst, s.asm.number(e.value as number))
  else if (kind === KIND.ref) s.asm.emit('LDK_R', dst, s.asm.ref(e.value))
  else s.asm.emit('LDK_I', dst, Number(e.value))
  return dst
}

/** Distinguishes constants as the banks do. */
export function hoistKey(value: unknown): string {
  return Object.is(value, -0) ? 'number -0' : `${typeof value} ${String(value)}`
}

function conditional(s: Scope, e: Extract<Expr, { kind: 'cond' }>, into: number): number {
  const otherwise = new Label()
  const end = new Label()
  jumpIf(s, e.test, false, otherwise)
  const dst = destination(s, e, into)
  const mark = s.regs.mark()
  expression(s, e.then, dst)
  s.regs.release(mark)
  s.asm.jump('JMP', end)
  s.asm.place(otherwise)
  expression(s, e.else, dst)
  s.regs.release(mark)
  s.asm.place(end)
  return dst
}

/**
 * Arguments go straight to where the parameters of the callee will be: its frame begins, in each
 * bank, above the registers that are in use here.
 */
function call(s: Scope, e: Extract<Expr, { kind: 'call' | 'invoke' }>, into: number): number {
  const body = e.kind === 'call' ? s.inlinable(e.func) : undefined
  if (body && e.kind === 'call') return inlined(s, e, body, into)
  const mark = s.regs.mark()
  const callee = e.kind === 'invoke' ? keep(s, e.callee, e.args) : -1
  const [f, i, r] = s.regs.next
  for (const arg of e.args) {
    const slot = s.regs.take(bankOf(kindOf(arg.type)))
    const inner = s.regs.mark()
    expression(s, arg, slot)
    s.regs.release(inner)
  }
  s.regs.release(mark)
  const dst = destination(s, e, into)
  s.asm.at(e.span)
  if (e.kind === 'invoke') s.asm.emit('INVOKE', callee, f, i, r, dst)
  else s.asm.call(s.cyclic.has(e.func) ? 'CALL_CYCLIC' : 'CALL', e.func, f, i, r, dst)
  return dst
}

const NOTHING: ReadonlySet<number> = new Set()

/** The body of the callee in place: its parameters are the registers of the arguments. */
function inlined(s: Scope, e: Extract<Expr, { kind: 'call' }>, body: Expr, into: number): number {
  const dst = destination(s, e, into)
  const mark = s.regs.mark()
  const regs = operands(s, e.args)
  const slots = e.args.map(({ type }, i): Slot => ({ name: '', kind: kindOf(type), reg: regs[i] }))
  const inner: Scope = { ...s, slots, assignedIn: () => NOTHING, value: (part, to) => expression(inner, part, to) }
  expression(inner, body, dst)
  s.regs.release(mark)
  return dst
}

function operation(s: Scope, e: OpExpr, into: number, unused: boolean): number {
  if (!s.options.plain) {
    const fused = fusedOperation(s, e, into)
    if (fused >= 0) return fused
    const argTypes = e.args.map((arg) => arg.type)
    const use = { op: e.op, imm: e.imm, argTypes, type: e.type, module: s.module, discarded: unused }
    const direct = directInstruction(use)
    if (direct) return directly(s, e, direct, into, unused)
  }
  return generally(s, e, into, unused)
}

function directly(s: Scope, e: OpExpr, direct: Direct, into: number, unused: boolean): number {
  const mark = s.regs.mark()
  const args = operands(s, e.args)
  if (direct.swap) args.reverse()
  s.regs.release(mark)
  const words = [...args.slice(0, 1), ...(direct.extra ?? []), ...args.slice(1)]
  if ('constant' in direct) words.push(s.asm.ref(direct.constant))
  if (!direct.dst) {
    s.asm.at(e.span)
    s.asm.emit(direct.opcode, ...words)
    return unused ? -1 : nothing(s, e, into)
  }
  const dst = destination(s, e, into)
  s.asm.at(e.span)
  s.asm.emit(direct.opcode, dst, ...words)
  return dst
}

/** The value undefined, as the result of an operation that has none. */
function nothing(s: Scope, e: Expr, into: number): number {
  const dst = destination(s, e, into)
  s.asm.emit('LDK_R', dst, s.asm.ref(undefined))
  return dst
}

function generally(s: Scope, e: OpExpr, into: number, unused: boolean): number {
  const mark = s.regs.mark()
  const regs = operands(s, e.args)
  s.regs.release(mark)
  const required = e.op === 'dyn.require' || e.op === 'dyn.require_at'
  if (required && kindOf(e.type) === KIND.ref && !s.options.plain) return requireValue(s, e, regs, into)
  const empty = e.type.kind === 'undefined'
  const dst = empty || (unused && into < 0) ? -1 : destination(s, e, into)
  s.asm.at(e.span)
  const opcode = e.op === 'object.new' && dst >= 0 && !s.options.plain ? 'NEW_OBJECT' : 'SITE'
  s.asm.emit(opcode, s.asm.site(siteOf(s, e, regs, dst)))
  return empty && !unused ? nothing(s, e, into) : dst
}

/** What needs a value that is there mostly has one, and is the value where it stands; the general way is left to the failure. */
function requireValue(s: Scope, e: OpExpr, regs: readonly number[], into: number): number {
  s.asm.at(e.span)
  s.asm.emit('REQUIRE', regs[0], s.asm.site(siteOf(s, e, regs, -1)))
  if (into < 0 && regs[0] < s.localRegs[2]) return regs[0]
  const dst = destination(s, e, into)
  move(s, KIND.ref, dst, regs[0])
  return dst
}

function siteOf(s: Scope, e: OpExpr, regs: readonly number[], dst: number): Site {
  const row = opRow(e.op)
  return {
    op: e.op,
    run: IMPLEMENTATIONS[e.op] as Operation,
    variadic: row.sig.startsWith('(...'),
    kinds: e.args.map((arg) => kindOf(arg.type)),
    regs,
    argTypes: e.args.map((arg) => arg.type),
    dst,
    dstKind: kindOf(e.type),
    imm: e.imm,
    aux: prepare(s, e),
    before: chargesOf(row, false, storageScale(s, e)),
    after: chargesOf(row, true, storageScale(s, e)),
  }
}

/** Bytes of what `storage` counts in the costs of an operation. */
function storageScale(s: Scope, { op, imm }: OpExpr): number {
  return op === 'typed.new' ? elementTypeOf(s.module.objects[imm[0] as number]).size : 1
}

/** What is known of a site before it runs. */
function prepare(s: Scope, e: OpExpr): unknown {
  if (e.op === 'dyn.is' || e.op === 'dyn.unbox')
    return typeTest(e.imm[0] as Type, e.args[0]?.type.kind === 'any' ? funcTest(s.module) : undefined)
  if (e.op !== 'object.new') return undefined
  const [id, fields] = e.imm as readonly [number, readonly number[]]
  const { isNumber, slotOf } = new Layout(id, s.module.objects[id])
  const plan: NewObject = {
    order: s.asm.orderCount++,
    isNumber: fields.map((field) => isNumber[field] === 1),
    slots: fields.map((field) => slotOf[field]),
  }
  return plan
}

const FUSED_BITS: { readonly [K in OpName]?: Opcode } = {
  'i32.and': 'AND_F',
  'i32.or': 'OR_F',
  'i32.xor': 'XOR_F',
  'i32.shl': 'SHL_F',
  'i32.shr': 'SHR_F',
  'i32.ushr': 'USHR_F',
}

const ARITHMETIC_K: { readonly [K in OpName]?: Opcode } = {
  'f64.add': 'ADDK',
  'f64.sub': 'SUBK',
  'f64.mul': 'MULK',
  'f64.div': 'DIVK',
  'f64.rem': 'REMK',
}

/** Patterns of several operations that are one instruction; -1 when there is none here. */
function fusedOperation(s: Scope, e: OpExpr, into: number): number {
  const [left, right] = e.args
  const withConstant = ARITHMETIC_K[e.op]
  if (withConstant && right.kind === 'const') {
    const mark = s.regs.mark()
    const reg = s.value(left)
    s.regs.release(mark)
    const dst = destination(s, e, into)
    s.asm.emit(withConstant, dst, reg, s.asm.number(right.value as number))
    return dst
  }
  if (left?.kind === 'const' && (e.op === 'f64.sub' || e.op === 'f64.div')) {
    const mark = s.regs.mark()
    const reg = s.value(right)
    s.regs.release(mark)
    const dst = destination(s, e, into)
    s.asm.emit(e.op === 'f64.sub' ? 'KSUB' : 'KDIV', dst, s.asm.number(left.value as number), reg)
    return dst
  }
  if (e.op === 'bool.not' && left.kind === 'op' && (left.op === 'f64.eq' || left.op === 'f64.ne'))
    return operation(s, { ...left, op: left.op === 'f64.eq' ? 'f64.ne' : 'f64.eq', args: within(left) }, into, false)
  const product = e.op === 'f64.add' || e.op === 'f64.sub' ? multiplied(s, e, into) : -1
  if (product >= 0 || left?.kind !== 'op') return product
  const unsigned = e.op === 'f64.from_u32' && left.op === 'i32.ushr'
  const opcode = e.op === 'f64.from_i32' || unsigned ? FUSED_BITS[left.op] : undefined
  if (!opcode || (left.op === 'i32.ushr') !== unsigned) return -1
  const sources = within(left).map(truncated)
  if (!sources[0] || !sources[1]) return -1
  const mark = s.regs.mark()
  const [a, b] = operands(s, [sources[0], sources[1]])
  s.regs.release(mark)
  const dst = destination(s, e, into)
  s.asm.emit(opcode, dst, a, b)
  return dst
}

/** A product that is added or subtracted; operands in the order of the source. */
function multiplied(s: Scope, e: OpExpr, into: number): number {
  const [left, right] = e.args
  const isProduct = (x: Expr): x is OpExpr =>
    x.kind === 'op' && x.op === 'f64.mul' && x.args.every((arg) => arg.kind !== 'const')
  const mark = s.regs.mark()
  let words: number[]
  if (isProduct(right)) words = operands(s, [left, ...within(right)])
  else if (e.op === 'f64.add' && isProduct(left)) {
    const [b, c, a] = operands(s, [...within(left), right])
    words = [a, b, c]
  } else return -1
  s.regs.release(mark)
  const dst = destination(s, e, into)
  s.asm.emit(e.op === 'f64.add' ? 'MUL_ADD' : 'MUL_SUB', dst, ...words)
  return dst
}

/** The operands of an operation that gets no instruction of its own, in its place where they have none. */
const within = (e: OpExpr): Expr[] => e.args.map((arg) => inPlaceOf(e, arg))

/** The number whose low 32 bits an i32 expression is, if it is nothing more than that. */
function truncated(e: Expr): Expr | undefined {
  if (e.kind === 'op' && e.op === 'f64.to_i32') return within(e)[0]
  return e.kind === 'const' ? { ...e, type: { kind: 'f64' } } : undefined
}
