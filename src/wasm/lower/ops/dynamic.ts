import { admits, isBoxed, membersOf, NULL, UNDEFINED, type Expr, type Type } from '../../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, I32 } from '../../encoder/index.ts'
import { fromSlot } from '../../layout/slot.ts'
import { elementKind, ERROR_KIND } from '../../layout/types.ts'
import { repOf, SENTINEL } from '../../layout/values.ts'
import {
  box,
  equalBoxes,
  isNullish,
  isNumber,
  isSentinel,
  isString,
  pushSentinel,
  testType,
  truthyBox,
  unboxNumber,
  unboxWith,
} from '../boxes.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { SLOT } from '../../runtime/arrays.ts'
import { loadChecked } from './array.ts'
import { inLocals, onStack, typeOf, type Lower } from './combine.ts'

const boxValue: Lower = onStack((c, f, e) => box(f.m, c, typeOf(e, 0)))

/** Pushes the value of a boxed one in a local as a type that is one of its own; anything else is a trap here. */
function unboxLocal(f: FuncLowering, local: number, from: Type, to: Type): void {
  const { c, m } = f
  if (isBoxed(to) || repOf(to) === 'unit') {
    if (to.kind === 'any') return void c.get(local)
    testNarrowed(f, local, from, to)
    c.op('i32.eqz').if()
    f.mark('type-mismatch')
    c.op('unreachable').end()
    if (isBoxed(to)) c.get(local)
    return
  }
  const how = unboxWith(m, to)
  c.get(local)
  f.mark('type-mismatch')
  if (typeof how === 'number') c.call(how)
  else c.refOp('ref.cast', how.cast)
}

/** Pushes whether a boxed value is of a narrower type; by what it must not be where that is less to ask. */
function testNarrowed(f: FuncLowering, local: number, from: Type, to: Type): void {
  const { c, m } = f
  const rest = from.kind === 'union' ? from.members.filter((member) => !admits(to, member)) : undefined
  if (!rest || rest.length >= membersOf(to).length) return testType(m, c, local, to)
  if (rest.length === 0) {
    c.i32(1)
    return
  }
  testType(m, c, local, rest.length === 1 ? rest[0]! : { kind: 'union', members: rest })
  c.op('i32.eqz')
}

const unbox: Lower = inLocals((f, [value], e) => unboxLocal(f, value!, typeOf(e, 0), e.imm[0] as Type))

const is: Lower = inLocals((f, [value], e) => testNarrowed(f, value!, typeOf(e, 0), e.imm[0] as Type))

/** Pushes the value without null and undefined, in the representation of what is left. */
function required(f: FuncLowering, value: number, e: OpExpr, fail: () => void): void {
  const { c, m } = f
  c.get(value).call(isNullish(m)).if()
  fail()
  c.end()
  if (isBoxed(e.type)) c.get(value)
  else unboxLocal(f, value, typeOf(e, 0), e.type)
}

/** An element that was just read, of a type without null and undefined: it is there, or it is undefined. */
function elementOperand(e: OpExpr): { readonly read: OpExpr; readonly elem: Type } | undefined {
  const [read] = e.args
  if (read?.kind !== 'op' || read.op !== 'array.get_opt') return undefined
  const list = read.args[0]!.type
  if (list.kind !== 'array' || admits(list.elem, NULL) || admits(list.elem, UNDEFINED)) return undefined
  return { read, elem: list.elem }
}

/** Reads an element that must be there, without a box between. `fail` gets undefined on the stack as the host has it. */
function requiredElement(f: FuncLowering, read: OpExpr, elem: Type, e: OpExpr, fail: () => void): void {
  const { c, m } = f
  f.withLocal(SLOT[elementKind(elem)], (element) => {
    const a = loadChecked(f, read.args[0]!, read.args[1]!, element)
    f.at(e.span)
    c.get(element)
    a.isUnset(c)
    c.if()
    pushSentinel(c, 'undefined')
    c.gc('extern.convert_any')
    fail()
    c.end().get(element)
    if (a.kind === 'ref') c.op('ref.as_non_null')
    fromSlot(c, m.types, elem, true)
  })
}

const require: Lower = (f, e) => {
  const { c, m } = f
  const fail = (): void => {
    c.i32(m.nameId(e.imm[0] as string))
    f.fail('raiseRequired')
  }
  const element = elementOperand(e)
  if (element) return requiredElement(f, element.read, element.elem, e, fail)
  inLocals((_, [value]) => {
    required(f, value!, e, () => {
      c.get(value!).gc('extern.convert_any')
      fail()
    })
  })(f, e)
}

const requireAt: Lower = (f, e) => {
  const { c, m } = f
  inLocals((_, [value, key]) => {
    required(f, value!, e, () => {
      c.get(value!)
        .gc('extern.convert_any')
        .get(key!)
        .i32(m.nameId(e.imm[0] as string))
      f.fail('raiseRequiredAt')
    })
  })(f, e)
}

const isError: Lower = inLocals((f, [value], e) => {
  const { c, m } = f
  const { struct } = m.types.object(0)
  const kind = e.imm[0] as string
  c.get(value!).refOp('ref.test', struct)
  if (kind === 'Error') return
  c.if(I32)
  c.get(value!).refOp('ref.cast', struct).gc('struct.get', struct, ERROR_KIND).i32(m.errorKind(kind)).op('i32.eq')
  c.else().i32(0).end()
})

const equal: Lower = (f, e) => {
  const { c, m } = f
  const [left, right] = e.args as readonly [Expr, Expr]
  const unit = [left, right].findIndex((arg) => unitOf(arg) !== undefined)
  f.value(left)
  f.value(right)
  f.at(e.span)
  if (unit < 0) return void c.call(equalBoxes(m))
  // Compared with null or undefined: what is left on the stack is the other operand.
  f.withLocal(ANYREF, (other) => {
    if (unit === 0) c.set(other).op('drop').get(other)
    else c.op('drop')
  })
  c.i32(SENTINEL[unitOf([left, right][unit]!)!]).call(isSentinel(m))
}

/** `null` or `undefined` if the expression is one of them in a box. */
function unitOf(e: Expr): 'null' | 'undefined' | undefined {
  if (e.kind !== 'op' || e.op !== 'dyn.box') return undefined
  const { kind } = e.args[0]!.type
  return kind === 'null' || kind === 'undefined' ? kind : undefined
}

const hosted: Lower = onStack((c, f, e) => {
  c.gc('extern.convert_any')
  f.call(f.m.imports.operation(e.op))
})

/** ToString of a string is the string itself, which is what most boxed values that become text are. */
const toText: Lower = inLocals((f, [value], e) => {
  const { c, m } = f
  c.get(value!).call(isString(m)).if(EXTERNREF)
  c.get(value!).gc('extern.convert_any').else()
  c.get(value!).gc('extern.convert_any')
  f.call(m.imports.operation(e.op))
  c.end()
})

/** ToNumber of a number is the number itself. */
const toNumber: Lower = inLocals((f, [value], e) => {
  const { c, m } = f
  c.get(value!).call(isNumber(m)).if(F64)
  c.get(value!).call(unboxNumber(m)).else()
  c.get(value!).gc('extern.convert_any')
  f.call(m.imports.operation(e.op))
  c.end()
})

/** The host says null for what is undefined. */
const stringify: Lower = onStack((c, f, e) => {
  f.withLocal(EXTERNREF, (text) => {
    c.set(text).gc('extern.convert_any').get(text)
    f.call(f.m.imports.operation(e.op))
    c.tee(text).op('ref.is_null').if(ANYREF).i32(SENTINEL.undefined).gc('ref.i31')
    c.else().get(text).gc('any.convert_extern').end()
  })
})

const log: Lower = inLocals((f, operands, e) => {
  const { c, m } = f
  for (const operand of operands) c.get(operand).gc('extern.convert_any').call(m.imports.service('giveValue'))
  c.i32(m.nameId(e.imm[0] as string)).i32(operands.length)
  f.service('log')
})

export const DYNAMIC_OPS = {
  'dyn.box': boxValue,
  'dyn.unbox': unbox,
  'dyn.require': require,
  'dyn.require_at': requireAt,
  'dyn.is': is,
  'dyn.is_error': isError,
  'dyn.truthy': onStack((c, f) => void c.call(truthyBox(f.m))),
  'dyn.typeof': hosted,
  'dyn.eq': equal,
  'dyn.to_string': toText,
  'dyn.to_number': toNumber,
  'json.stringify': stringify,
  log,
}
