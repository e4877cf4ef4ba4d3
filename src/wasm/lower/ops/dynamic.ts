import { equalsText } from './texts.ts'
import { admits, isBoxed, isSubtype, membersOf, sameType, type Expr, type Type } from '../../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, I32 } from '../../encoder/index.ts'
import { errorKindAt } from '../../layout/struct-fields.ts'
import { isFamily, optionalOf, repOf, SENTINEL, type Optional } from '../../layout/values.ts'
import {
  box,
  equalBoxes,
  isNullish,
  isNumber,
  isSentinel,
  isString,
  pushSentinel,
  isClosureOf,
  testType,
  truthyBox,
  typeOfBox,
  unboxNumber,
  unboxWith,
} from '../boxes.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { open, pushNone, testNone } from '../slots.ts'
import { charged, chargedBefore, inLocals, onStack, typeOf, type Lower } from './combine.ts'

/** Pushes a boxed operand as `anyref`, also one that is kept as what it may be or none. */
export function boxed(f: FuncLowering, e: Expr): void {
  f.value(e)
  if (optionalOf(e.type)) box(f.m, f.c, e.type)
}

/** An operation on boxed operands in locals of `anyref`. */
const inBoxes =
  (emit: (f: FuncLowering, operands: readonly number[], e: OpExpr) => void): Lower =>
  (f, e) => {
    const { c } = f
    const operands = e.args.map((arg) => {
      boxed(f, arg)
      const local = c.borrow(ANYREF)
      c.set(local)
      return local
    })
    f.at(e.span)
    chargedBefore(f, e, () => emit(f, operands, e))
    c.release(ANYREF, ...operands)
  }

/** Puts a value into a box that may also be another: nothing to do where the box is the value or none. */
const boxValue: Lower = onStack((c, f, e) => {
  const optional = optionalOf(e.type)
  const from = typeOf(e, 0)
  if (!optional) return box(f.m, c, from)
  if (repOf(from) === 'unit') pushNone(f.m, c, optional)
})

/** Pushes the value of a boxed one in a local as a type that is one of its own; anything else is a trap here. */
function unboxLocal(f: FuncLowering, local: number, from: Type, to: Type): void {
  const { c, m } = f
  if (to.kind === 'any') return void c.get(local)
  if (isBoxed(to) || repOf(to) === 'unit') {
    testNarrowed(f, local, from, to)
    c.op('i32.eqz').rarely().if()
    f.trap('type-mismatch')
    c.end()
    if (!isBoxed(to)) return
    c.get(local)
    if (optionalOf(to)) c.call(open(m, to))
    else if (isFamily(to) && !isFamily(from)) c.refOp('ref.cast', m.types.structOf(to))
    return
  }
  if (from.kind === 'any' && to.kind === 'func') {
    c.get(local).call(isClosureOf(m, to)).op('i32.eqz').rarely().if()
    f.trap('type-mismatch')
    c.end()
  }
  const how = unboxWith(m, to)
  c.get(local)
  if (typeof how === 'number') return f.call(how)
  f.mark('type-mismatch')
  c.refOp('ref.cast', how.cast)
}

/** Pushes whether a boxed value is of a narrower type; by what it must not be where that is less to ask. */
function testNarrowed(f: FuncLowering, local: number, from: Type, to: Type): void {
  const { c, m } = f
  const rest = from.kind === 'any' ? undefined : membersOf(from).filter((member) => !admits(to, member))
  if (!rest) return testType(m, c, local, to, true)
  if (rest.length >= membersOf(to).length) return testType(m, c, local, to)
  if (rest.length === 0) {
    c.i32(1)
    return
  }
  testType(m, c, local, rest.length === 1 ? rest[0]! : { kind: 'union', members: rest })
  c.op('i32.eqz')
}

/** Pushes whether a value that may be none, in a local, is of a type that is one of its own, or that has some of what it is besides none. */
function testOptional(f: FuncLowering, local: number, optional: Optional, to: Type): void {
  const { c, m } = f
  const takesNone = admits(to, { kind: optional.none })
  const taken = membersOf(optional.base).filter((member) => admits(to, member))
  const takesAll = taken.length === membersOf(optional.base).length
  if (takesNone === takesAll && (takesAll || taken.length === 0)) {
    c.i32(Number(takesAll))
    return
  }
  if (takesNone || takesAll) {
    c.get(local)
    testNone(c, optional)
    if (!takesNone) c.op('i32.eqz')
    if (takesAll || taken.length === 0) return
  }
  testType(m, c, local, { kind: 'union', members: taken })
  if (takesNone) c.op('i32.or')
}

/** Turns a value that may be none, on the stack, into one of a type that is one of its own or has some of what it is besides none. */
function castOptional(f: FuncLowering, optional: Optional, to: Type): void {
  const base = optionalOf(to)?.base ?? to
  if (isFamily(optional.base) && !isFamily(base)) f.c.refOp('ref.cast_null', f.m.types.structOf(base))
}

const unbox: Lower = inLocals((f, [value], e) => {
  const { c } = f
  const from = typeOf(e, 0)
  const to = e.imm[0] as Type
  const optional = optionalOf(from)
  if (!optional) return unboxLocal(f, value!, from, to)
  if (isFamily(optional.base) && to.kind === 'object') {
    c.get(value!)
    f.mark('type-mismatch')
    c.refOp('ref.cast', f.m.types.structOf(to))
    return
  }
  if (!isSubtype(from, to)) {
    testOptional(f, value!, optional, to)
    c.op('i32.eqz').rarely().if()
    f.trap('type-mismatch')
    c.end()
  }
  if (repOf(to) === 'unit') return
  c.get(value!)
  castOptional(f, optional, to)
})

const is: Lower = inLocals((f, [value], e) => {
  const from = typeOf(e, 0)
  const optional = optionalOf(from)
  if (optional) testOptional(f, value!, optional, e.imm[0] as Type)
  else testNarrowed(f, value!, from, e.imm[0] as Type)
})

/** Pushes the value in a local without null and undefined. `fail` finds what it was on the stack, as the host has it. */
function required(f: FuncLowering, value: number, e: OpExpr, fail: () => void): void {
  const { c, m } = f
  const optional = optionalOf(typeOf(e, 0))
  c.get(value)
  if (optional) testNone(c, optional)
  else c.call(isNullish(m))
  c.rarely().if()
  if (optional) pushSentinel(c, optional.none)
  else c.get(value)
  c.gc('extern.convert_any')
  fail()
  c.end()
  if (optional) c.get(value)
  else if (repOf(e.type) === 'dyn') c.get(value)
  else if (isFamily(e.type)) c.get(value).refOp('ref.cast', m.types.structOf(e.type))
  else unboxLocal(f, value, typeOf(e, 0), e.type)
}

const require: Lower = inLocals((f, [value], e) => {
  required(f, value!, e, () => {
    f.c.i32(f.m.nameId(e.imm[0] as string))
    f.fail('raiseRequired')
  })
})

const requireAt: Lower = inLocals((f, [value, key], e) => {
  required(f, value!, e, () => {
    f.c.get(key!).i32(f.m.nameId(e.imm[0] as string))
    f.fail('raiseRequiredAt')
  })
})

const isError: Lower = inBoxes((f, [value], e) => {
  const { c, m } = f
  const kind = e.imm[0] as string
  const errors = m.module.objects.flatMap((def, id) => (def.role === 'error' ? [{ def, id }] : []))
  for (const { def, id } of errors) {
    const { struct, first } = m.types.object(id)
    c.get(value!).refOp('ref.test', struct).if(I32)
    if (kind === 'Error') c.i32(1)
    else
      c.get(value!)
        .refOp('ref.cast', struct)
        .gc('struct.get', struct, first + errorKindAt(def))
        .i32(m.errorKind(kind))
        .op('i32.eq')
    c.else()
  }
  c.i32(0)
  for (const _ of errors) c.end()
})

const equal: Lower = (f, e) => {
  const { c, m } = f
  const [left, right] = e.args as readonly [Expr, Expr]
  const [a, b] = [unitOf(left), unitOf(right)]
  const optional = optionalOf(left.type)
  if (b !== undefined) return equalUnit(f, [left, right], 0, b)
  if (a !== undefined) return equalUnit(f, [left, right], 1, a)
  if (optional && sameType(left.type, right.type)) return equalOptionals(f, left, right, optional)
  if (repOf(left.type) === 'ref' && repOf(right.type) === 'ref') {
    f.value(left)
    f.value(right)
    c.op('ref.eq')
    return
  }
  boxed(f, left)
  boxed(f, right)
  c.call(equalBoxes(m))
}

/** Pushes whether one of two operands is null, or undefined, which is what the other is. */
function equalUnit(f: FuncLowering, operands: readonly [Expr, Expr], of: 0 | 1, unit: 'null' | 'undefined'): void {
  const { c, m } = f
  operands.forEach((operand, i) => {
    f.value(operand)
    if (i !== of) c.op('drop')
  })
  const optional = optionalOf(operands[of].type)
  if (!optional) c.i32(SENTINEL[unit]).call(isSentinel(m))
  else if (optional.none === unit) testNone(c, optional)
  else c.op('drop').i32(0)
}

/** Two values of one optional type are equal when both are none, or both the same. */
function equalOptionals(f: FuncLowering, left: Expr, right: Expr, optional: Optional): void {
  const { c, m } = f
  const type = m.types.valType(left.type)!
  const a = c.borrow(type)
  const b = c.borrow(type)
  f.value(left)
  c.set(a)
  f.value(right)
  c.tee(b).get(a)
  switch (repOf(optional.base)) {
    case 'f64':
      c.op('f64.eq').get(a)
      testNone(c, optional)
      c.get(b)
      testNone(c, optional)
      c.op('i32.and').op('i32.or')
      break
    case 'bool':
      c.op('i32.eq')
      break
    case 'string':
      if (optional.base.kind === 'bigint') c.call(m.imports.service('sameBigint'))
      else c.call(m.imports.builtin('equals'))
      break
    default:
      c.op('ref.eq')
  }
  c.release(type, a, b)
}

/** `null` or `undefined` if the expression is one of them in a box. */
function unitOf(e: Expr): 'null' | 'undefined' | undefined {
  if (e.kind !== 'op' || e.op !== 'dyn.box') return undefined
  const { kind } = e.args[0]!.type
  return kind === 'null' || kind === 'undefined' ? kind : undefined
}

/** What is the same is equal; of two objects that are not, and of all else, the host says whether they are. */
const looseEqual: Lower = inBoxes((f, [a, b], e) => {
  const { c, m } = f
  c.get(a!).get(b!).call(equalBoxes(m)).if(I32).i32(1).else()
  c.get(a!).gc('extern.convert_any').get(b!).gc('extern.convert_any')
  f.call(m.imports.operation(e.op))
  c.end()
})

const typeOfValue: Lower = inBoxes((f, [value]) => {
  f.c.get(value!).call(typeOfBox(f.m))
})

/** Whether typeof of a boxed value is a word, where an expression compares the two; false where it does nothing of the kind. */
export function testTypeof(f: FuncLowering, e: OpExpr): boolean {
  const [asked, word] = e.args as readonly [Expr, Expr]
  if (asked.kind !== 'op' || asked.op !== 'dyn.typeof' || word.kind !== 'const') return false
  const type = TYPE_OF_WORD.get(word.value as string)
  if (!type) return false
  f.withLocal(ANYREF, (value) => {
    boxed(f, asked.args[0]!)
    f.c.set(value)
    f.at(e.span)
    // What comparing costs for words, which have six units or more.
    f.burn(1)
    testType(f.m, f.c, value, type)
  })
  return true
}

/** What a value is of which typeof gives a word, where that is one type. */
const TYPE_OF_WORD: ReadonlyMap<string, Type> = new Map([
  ['undefined', { kind: 'undefined' }],
  ['boolean', { kind: 'bool' }],
  ['number', { kind: 'f64' }],
  ['string', { kind: 'string' }],
  ['bigint', { kind: 'bigint' }],
])

/** ToBoolean (7.1.2). */
const truthy: Lower = (f, e) => {
  const { c, m } = f
  const optional = optionalOf(e.args[0]!.type)
  if (optional && repOf(optional.base) === 'ref') {
    f.value(e.args[0]!)
    c.op('ref.is_null').op('i32.eqz')
    return
  }
  boxed(f, e.args[0]!)
  c.call(truthyBox(m))
}

/** ToString of a string is the string itself, which is what most boxed values that become text are. */
const toText: Lower = charged((f, e) => {
  const { c, m } = f
  const [operand] = e.args as readonly [Expr]
  const optional = optionalOf(operand.type)
  if (optional?.base.kind === 'string') {
    f.withLocal(EXTERNREF, (text) => {
      f.value(operand)
      f.at(e.span)
      c.tee(text).op('ref.is_null').if(EXTERNREF).globalGet(m.string(optional.none)).else().get(text).end()
    })
    return
  }
  f.withLocal(ANYREF, (value) => {
    boxed(f, operand)
    f.at(e.span)
    c.tee(value).call(isString(m)).if(EXTERNREF)
    c.get(value).gc('extern.convert_any').else()
    c.get(value).gc('extern.convert_any')
    f.call(m.imports.operation(e.op))
    c.end()
  })
})

/** ToNumber of a number is the number itself. */
const toNumber: Lower = inBoxes((f, [value], e) => {
  const { c, m } = f
  c.get(value!).call(isNumber(m)).if(F64)
  c.get(value!).call(unboxNumber(m)).else()
  c.get(value!).gc('extern.convert_any')
  f.call(m.imports.operation(e.op))
  c.end()
})

const settled: Lower = onStack((c, f) => {
  c.op('i32.eqz').rarely().if()
  f.trap('unsettled-promise')
  c.end()
})

const log: Lower = inBoxes((f, operands, e) => {
  const { c, m } = f
  for (const operand of operands) c.get(operand).gc('extern.convert_any').call(m.imports.service('giveValue'))
  c.i32(m.nameId(e.imm[0] as string)).i32(operands.length)
  f.service('log')
})

const logList: Lower = onStack((c, f, e) => {
  c.gc('extern.convert_any')
  f.withLocal(EXTERNREF, (list) => {
    c.set(list)
      .i32(f.m.nameId(e.imm[0] as string))
      .get(list)
    f.service('logList')
  })
})

export const DYNAMIC_OPS = {
  'dyn.box': boxValue,
  'dyn.unbox': unbox,
  'dyn.require': require,
  'dyn.require_at': requireAt,
  'dyn.is': is,
  'dyn.is_error': isError,
  'dyn.truthy': truthy,
  'dyn.typeof': typeOfValue,
  'dyn.eq': ((f, e) => equalsText(f, e) || equal(f, e)) as Lower,
  'dyn.loose_eq': looseEqual,
  settled,
  'dyn.to_string': toText,
  'dyn.to_number': toNumber,
  log,
  'log.list': logList,
}
