import { elementTypeOf, opRow, type Cost, type OpName, type Type } from '../../ir/index.ts'
import { EXTERNREF, F64, I32, I64 } from '../encoder/index.ts'
import { ARRAY_LENGTH } from '../layout/struct-fields.ts'
import { optionalOf } from '../layout/values.ts'
import { TypedCode } from '../runtime/typed.ts'
import type { FuncLowering, OpExpr } from './func.ts'
import { callFromHelper, type ModuleLowering } from './module.ts'

/**
 * Charges of operations, from the op table. A charge whose size is known now is written out in place; one
 * that depends on a length calls a helper. spec: fuel#charges
 */

/** Whether the charges of an operation need its operands: their lengths, or a number. */
export function isSized(op: OpName): boolean {
  const { fuel, bytes } = opRow(op)
  return [fuel, bytes].some((cost) => cost?.per !== undefined && cost.of !== 'count' && cost.of !== 'result')
}

export function chargesResult(op: OpName): boolean {
  const { fuel, bytes } = opRow(op)
  return fuel?.of === 'result' || bytes?.of === 'result'
}

/** Charges before the work. `locals` hold the operands when the charges are sized. */
export function chargeBefore(f: FuncLowering, e: OpExpr, locals: readonly number[]): void {
  if (!f.m.options.charges) return
  const { fuel, bytes } = opRow(e.op)
  if (fuel && fuel.of !== 'result') charge(f, e, fuel, locals, 'fuel')
  if (bytes && bytes.of !== 'result') charge(f, e, bytes, locals, 'bytes')
}

/** Charges after the work for the result in a local; -1 when it has no length. */
export function chargeAfter(f: FuncLowering, e: OpExpr, result: number, resultType: Type): void {
  if (!f.m.options.charges) return
  const { fuel, bytes } = opRow(e.op)
  f.withLocal(I32, (length) => {
    pushLength(f, result, resultType)
    f.c.set(length)
    const size = (): void => void f.c.get(length)
    if (fuel?.of === 'result') sized(f, fuel, size, 'fuel')
    if (bytes?.of === 'result') sized(f, bytes, size, 'bytes')
  })
}

function charge(f: FuncLowering, e: OpExpr, cost: Cost, locals: readonly number[], what: 'fuel' | 'bytes'): void {
  if (cost.per === undefined || cost.of === 'count') {
    const amount = Math.ceil((cost.base ?? 0) + (cost.per ?? 0) * e.args.length)
    return what === 'fuel' ? f.burn(amount) : f.allocate(amount)
  }
  sized(f, cost, () => pushSize(f, e, cost.of, locals), what, cost.of === 'storage' ? elementSize(f, e) : 1)
}

/** Bytes of what `storage` counts. */
const elementSize = (f: FuncLowering, { op, imm }: OpExpr): number =>
  op === 'typed.new' ? elementTypeOf(f.m.module.objects[imm[0] as number]!).size : 1

/** A charge of `base + per * size`, rounded up. Rates are whole numbers or one over a power of two. */
function sized(f: FuncLowering, cost: Cost, size: () => void, what: 'fuel' | 'bytes', scale = 1): void {
  const { c } = f
  const { base = 0, per = 0 } = cost
  size()
  c.op('i64.extend_i32_u')
  if (scale > 1) c.i64(BigInt(scale)).op('i64.mul')
  if (per > 1) c.i64(BigInt(per)).op('i64.mul')
  if (per < 1)
    c.i64(BigInt(1 / per - 1))
      .op('i64.add')
      .i64(BigInt(Math.log2(1 / per)))
      .op('i64.shr_u')
  if (base !== 0) c.i64(BigInt(base)).op('i64.add')
  f.call(what === 'fuel' ? burnSized(f.m) : allocateSized(f.m))
}

function pushSize(f: FuncLowering, e: OpExpr, of: Cost['of'], locals: readonly number[]): void {
  const { c } = f
  const length = (i: number): void => pushLength(f, locals[i]!, e.args[i]!.type)
  switch (of) {
    case 'arg0':
      return length(0)
    case 'arg1':
      return length(1)
    case 'arg2':
      return length(2)
    case 'product':
      length(0)
      length(1)
      c.op('i32.mul')
      return
    case 'less':
      return less(
        f,
        () => length(0),
        () => length(1),
      )
    case 'both': {
      c.i32(0)
      for (const i of [0, 1, 2, 3]) {
        if (e.args[i] === undefined || !hasLength(e.args[i].type)) continue
        length(i)
        c.op('i32.add')
      }
      return
    }
    case 'number0':
    case 'storage':
      c.get(locals[0]!).call(lengthOfNumber(f.m))
      return
    case 'growth':
      c.get(locals[1]!).i32(e.op === 'array.set' ? 1 : 0)
      length(0)
      c.call(growthTo(f.m))
      return
    default:
      throw new Error(`no size ${of}`)
  }
}

function less(f: FuncLowering, left: () => void, right: () => void): void {
  const { c } = f
  const a = c.borrow(I32)
  const b = c.borrow(I32)
  left()
  c.set(a)
  right()
  c.set(b)
  c.get(a).get(b).get(a).get(b).op('i32.lt_u').select(I32)
  c.release(I32, a, b)
}

function hasLength(type: Type): boolean {
  return type.kind === 'string' || type.kind === 'array'
}

/** Pushes the length of a string, array or bigint in a local; 0 for anything else. */
function pushLength(f: FuncLowering, local: number, type: Type): void {
  const { c, m } = f
  if (type.kind === 'string') c.get(local).call(m.imports.builtin('length'))
  else if (type.kind === 'bigint') c.get(local).call(m.imports.service('bigintLength'))
  else if (isTyped(m, type)) new TypedCode(m, type).length(c, local)
  else if (type.kind === 'array') c.get(local).gc('struct.get', m.types.structOf(type), ARRAY_LENGTH)
  else if (optionalOf(type)?.base.kind === 'string') c.get(local).call(lengthOrNothing(m))
  else c.i32(0)
}

const isTyped = (m: ModuleLowering, type: Type): boolean =>
  type.kind === 'object' && m.module.objects[type.id]!.role === 'typed'

/** The length of a string, 0 when there is none. */
function lengthOrNothing(m: ModuleLowering): number {
  return m.helper('length or nothing', [EXTERNREF], [I32], (c) => {
    c.get(0).op('ref.is_null').if(I32).i32(0).else().get(0).call(m.imports.builtin('length')).end()
  })
}

/** A number that is an integer from 0 to 2^32-1, else 0. */
function lengthOfNumber(m: ModuleLowering): number {
  return m.helper('length of number', [F64], [I32], (c) => {
    const whole = c.local(I32)
    c.get(0).sat('i32.trunc_sat_f64_u').tee(whole).i32(0)
    c.get(whole).op('f64.convert_i32_u').get(0).op('f64.eq').select(I32)
  })
}

/** By how much an array of `length` grows to reach `number + more`; 0 when the number is no length or less. */
function growthTo(m: ModuleLowering): number {
  return m.helper('growth', [F64, I32, I32], [I32], (c) => {
    const whole = c.local(I32)
    const growth = c.local(F64)
    c.get(0).sat('i32.trunc_sat_f64_u').tee(whole).op('f64.convert_i32_u').get(0).op('f64.eq').op('i32.eqz').if()
    c.i32(0).op('return').end()
    c.get(0).get(1).op('f64.convert_i32_u').op('f64.add').get(2).op('f64.convert_i32_u').op('f64.sub').tee(growth)
    c.f64(0).op('f64.max').sat('i32.trunc_sat_f64_u')
  })
}

/** Charges fuel by a number that is known when it runs. */
function burnSized(m: ModuleLowering): number {
  return m.helper('burn', [I64], [], (c, marks) => {
    const { fuel } = m.global
    c.globalGet(fuel).get(0).op('i64.sub').tee(0).globalSet(fuel)
    c.get(0).i64(0n).op('i64.lt_s').rarely().if()
    callFromHelper(m, c, marks, m.imports.service('failFuel'))
    c.op('unreachable').end()
  })
}

/** Charges bytes by a number that is known when it runs. */
export function allocateSized(m: ModuleLowering): number {
  return m.helper('allocate', [I64], [], (c, marks) => {
    const { allocation } = m.global
    const left = c.local(I64)
    c.globalGet(allocation).op('i64.extend_i32_s').get(0).op('i64.sub').tee(left).i64(0n).op('i64.lt_s').rarely().if()
    c.get(0).op('f64.convert_i64_s')
    callFromHelper(m, c, marks, m.imports.service('allocateMore'))
    c.else().get(left).op('i32.wrap_i64').globalSet(allocation).end()
  })
}

/**
 * What the host reads and charges counters by: numbers cross without being made into integers of any size, as the value of a
 * global of 64 bits would be. `spend` says whether fuel is used up (1) or the slice of allocation (2, and nothing was charged of it).
 */
export function exportCounters(m: ModuleLowering): void {
  const { fuel, allocation } = m.global
  m.exportHelper('fuel left', [], [F64], (c) => {
    c.globalGet(fuel).op('f64.convert_i64_s')
  })
  m.exportHelper('spend', [F64, F64], [I32], (c) => {
    const [fuelLeft, bytesLeft] = [c.local(I64), c.local(F64)]
    c.globalGet(fuel).get(0).sat('i64.trunc_sat_f64_s').op('i64.sub').tee(fuelLeft).globalSet(fuel)
    c.get(fuelLeft).i64(0n).op('i64.lt_s').if().i32(1).op('return').end()
    c.globalGet(allocation).op('f64.convert_i32_s').get(1).op('f64.sub').tee(bytesLeft)
    c.f64(0).op('f64.lt').if().i32(2).op('return').end()
    c.get(bytesLeft).sat('i32.trunc_sat_f64_s').globalSet(allocation).i32(0)
  })
}
