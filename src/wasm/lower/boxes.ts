import { admits, formatType, isUnion, membersOf, UNDEFINED, type Type } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, HEAP, I32, type Code } from '../encoder/index.ts'
import { optionalOf, repOf, SENTINEL, SMALL_MAX, SMALL_MIN } from '../layout/values.ts'
import { CLOSURE_FUNC } from '../layout/struct-fields.ts'
import { markHelper, type ModuleLowering } from './module.ts'
import { testWhole } from './numbers.ts'
import { pushNone, testNone } from './slots.ts'

/**
 * Boxed values: making them, taking them apart, telling what they are. Everything about their representation
 * outside of `layout/` is in this file.
 */

/** Pushes what a local holds before it is set; false when the zero of WebAssembly will do. spec: module#locals */
export function pushZero(m: ModuleLowering, c: Code, type: Type): boolean {
  const rep = repOf(type)
  const optional = optionalOf(type)
  if (type.kind === 'string') c.globalGet(m.string(''))
  else if (optional && optional.none === 'undefined' && repOf(optional.base) !== 'ref') pushNone(m, c, optional)
  else if (rep === 'dyn' && admits(type, UNDEFINED)) pushSentinel(c, 'undefined')
  else return false
  return true
}

export function pushSentinel(c: Code, name: keyof typeof SENTINEL): void {
  c.i32(SENTINEL[name]).gc('ref.i31')
}

/** Turns a value of the type on the stack into a boxed one. */
export function box(m: ModuleLowering, c: Code, type: Type): void {
  switch (repOf(type)) {
    case 'unit':
      return pushSentinel(c, type.kind as 'undefined' | 'null')
    case 'f64':
      c.call(boxNumber(m))
      return
    case 'i32':
      c.op('f64.convert_i32_s').call(boxNumber(m))
      return
    case 'bool':
      c.i32(SENTINEL.false).op('i32.add').gc('ref.i31')
      return
    case 'string':
      c.gc('any.convert_extern')
      return
    case 'opt':
      c.call(boxOptional(m, type))
      return
    default:
  }
}

/** A value that may be none, as a boxed one: `(value) -> anyref`. */
function boxOptional(m: ModuleLowering, type: Type): number {
  const optional = optionalOf(type)!
  return m.helper(`box ${formatType(type)}`, [m.types.valType(type)!], [ANYREF], (c) => {
    c.get(0)
    testNone(c, optional)
    c.if(ANYREF)
    pushSentinel(c, optional.none)
    c.else().get(0)
    box(m, c, optional.base)
    c.end()
  })
}

function boxNumber(m: ModuleLowering): number {
  return m.helper('box number', [F64], [ANYREF], (c) => {
    const whole = c.local(I32)
    testWhole(c, 0, whole)
    c.get(whole).i32(SMALL_MIN).op('i32.ge_s').op('i32.and')
    c.get(whole).i32(SMALL_MAX).op('i32.le_s').op('i32.and')
    // -0 is no small integer.
    c.get(whole).op('i32.eqz').get(0).op('i64.reinterpret_f64').i64(0n).op('i64.ne').op('i32.and').op('i32.eqz')
    c.op('i32.and').if(ANYREF)
    c.get(whole).gc('ref.i31')
    c.else().get(0).gc('struct.new', m.types.box)
    c.end()
  })
}

/** Whether a boxed value on the stack is the sentinel of that number. */
export function isSentinel(m: ModuleLowering): number {
  return m.helper('is sentinel', [ANYREF, I32], [I32], (c) => {
    c.get(0).refOp('ref.test', HEAP.i31, true).if(I32)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').get(1).op('i32.eq')
    c.else().i32(0).end()
  })
}

/** Whether a boxed value is null or undefined. */
export function isNullish(m: ModuleLowering): number {
  return m.helper('is nullish', [ANYREF], [I32], (c) => {
    c.get(0).refOp('ref.test', HEAP.i31, true).if(I32)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').i32(SENTINEL.null).op('i32.le_s')
    c.else().i32(0).end()
  })
}

function isBool(m: ModuleLowering): number {
  return m.helper('is bool', [ANYREF], [I32], (c) => {
    c.get(0).refOp('ref.test', HEAP.i31, true).if(I32)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').i32(SENTINEL.false).op('i32.sub').i32(2).op('i32.lt_u')
    c.else().i32(0).end()
  })
}

export function isNumber(m: ModuleLowering): number {
  return m.helper('is number', [ANYREF], [I32], (c) => {
    c.get(0).refOp('ref.test', HEAP.i31, true).if(I32)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').i32(SMALL_MIN).op('i32.ge_s')
    c.else().get(0).refOp('ref.test', m.types.box).end()
  })
}

export function isString(m: ModuleLowering): number {
  return m.helper('is string', [ANYREF], [I32], (c) => {
    c.get(0).gc('extern.convert_any').call(m.imports.builtin('test'))
  })
}

/** The number in a box; the trap `type-mismatch` when it is none. */
export function unboxNumber(m: ModuleLowering): number {
  return m.helper('unbox number', [ANYREF], [F64], (c, marks) => {
    const small = c.local(I32)
    c.get(0).refOp('ref.test', HEAP.i31, true).if(F64)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').tee(small).i32(SMALL_MIN).op('i32.lt_s').rarely().if()
    markHelper(c, marks, 'type-mismatch')
    c.op('unreachable').end()
    c.get(small).op('f64.convert_i32_s').else()
    c.get(0)
    markHelper(c, marks, 'type-mismatch')
    c.refOp('ref.cast', m.types.box).gc('struct.get', m.types.box, 0).end()
  })
}

function unboxBool(m: ModuleLowering): number {
  return m.helper('unbox bool', [ANYREF], [I32], (c, marks) => {
    c.get(0).call(isBool(m)).op('i32.eqz').rarely().if()
    markHelper(c, marks, 'type-mismatch')
    c.op('unreachable').end()
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').i32(SENTINEL.false).op('i32.sub')
  })
}

/** What is of the host and no string. */
function isBigint(m: ModuleLowering): number {
  return m.helper('is bigint', [ANYREF], [I32], (c) => {
    c.get(0).refOp('ref.test', HEAP.eq, true).if(I32).i32(0).else()
    c.get(0).call(isString(m)).op('i32.eqz').end()
  })
}

function unboxBigint(m: ModuleLowering): number {
  return m.helper('unbox bigint', [ANYREF], [EXTERNREF], (c, marks) => {
    c.get(0).call(isBigint(m)).op('i32.eqz').rarely().if()
    markHelper(c, marks, 'type-mismatch')
    c.op('unreachable').end()
    c.get(0).gc('extern.convert_any')
  })
}

function unboxString(m: ModuleLowering): number {
  return m.helper('unbox string', [ANYREF], [EXTERNREF], (c, marks) => {
    c.get(0).gc('extern.convert_any')
    markHelper(c, marks, 'type-mismatch')
    c.call(m.imports.builtin('cast'))
  })
}

/** Pushes whether the boxed value in a local is of the type, as far as values tell. spec: types#unions */
export function testType(m: ModuleLowering, c: Code, local: number, type: Type, ofAny = false): void {
  if (type.kind === 'any') {
    c.i32(1)
    return
  }
  if (isUnion(type)) {
    const members = membersOf(type)
    const kinds = new Set(members.map((member) => member.kind))
    if (kinds.size === 2 && kinds.has('null') && kinds.has('undefined')) {
      c.get(local).call(isNullish(m))
      return
    }
    members.forEach((member, i) => {
      testType(m, c, local, member, ofAny)
      if (i > 0) c.op('i32.or')
    })
    return
  }
  c.get(local)
  if (ofAny && type.kind === 'func') c.call(isClosureOf(m, type))
  else testMember(m, c, type)
}

/** Whether a value of any is a function of the type: which function it is tells. */
export function isClosureOf(m: ModuleLowering, type: Type): number {
  const key = formatType(type)
  return m.helper(`is ${key}`, [ANYREF], [I32], (c) => {
    c.get(0).refOp('ref.test', m.types.closure).if(I32)
    const index = c.local(I32)
    c.get(0).refOp('ref.cast', m.types.closure).gc('struct.get', m.types.closure, CLOSURE_FUNC).set(index)
    c.i32(0)
    for (const func of m.closuresOf.get(key) ?? []) c.get(index).i32(func).op('i32.eq').op('i32.or')
    c.else().i32(0).end()
  })
}

function testMember(m: ModuleLowering, c: Code, type: Type): void {
  switch (type.kind) {
    case 'undefined':
    case 'null':
      c.i32(SENTINEL[type.kind]).call(isSentinel(m))
      return
    case 'bool':
      c.call(isBool(m))
      return
    case 'f64':
      c.call(isNumber(m))
      return
    case 'string':
      c.call(isString(m))
      return
    case 'bigint':
      c.call(isBigint(m))
      return
    case 'func':
      c.refOp('ref.test', m.types.closure)
      return
    default:
      c.refOp('ref.test', m.types.structOf(type))
  }
}

/** How a boxed value on the stack becomes a value of a type that is no union: the trap is that of the place marked last. */
export function unboxWith(m: ModuleLowering, type: Type): number | { readonly cast: number } {
  switch (type.kind) {
    case 'f64':
      return unboxNumber(m)
    case 'bool':
      return unboxBool(m)
    case 'string':
      return unboxString(m)
    case 'bigint':
      return unboxBigint(m)
    default:
      return { cast: m.types.structOf(type) }
  }
}

/** typeof (13.5.3) of a boxed value. */
export function typeOfBox(m: ModuleLowering): number {
  return m.helper('typeof', [ANYREF], [EXTERNREF], (c) => {
    const small = c.local(I32)
    const give = (word: string): void => void c.globalGet(m.string(word)).op('return')
    const giveIf = (word: string): void => {
      c.if()
      give(word)
      c.end()
    }
    c.get(0).refOp('ref.test', HEAP.i31, true).if()
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').tee(small).i32(SMALL_MIN).op('i32.ge_s')
    giveIf('number')
    c.get(small).i32(SENTINEL.undefined).op('i32.eq')
    giveIf('undefined')
    c.get(small).i32(SENTINEL.null).op('i32.eq')
    giveIf('object')
    give('boolean')
    c.end().get(0).refOp('ref.test', m.types.box)
    giveIf('number')
    c.get(0).refOp('ref.test', m.types.closure)
    giveIf('function')
    c.get(0).call(isString(m))
    giveIf('string')
    c.get(0).call(isBigint(m))
    giveIf('bigint')
    for (const [id, { role }] of m.module.objects.entries()) {
      if (role !== 'symbol') continue
      testType(m, c, 0, { kind: 'object', id })
      giveIf('symbol')
    }
    c.globalGet(m.string('object'))
  })
}

/** What typeof gives. */
export const TYPE_NAMES = ['undefined', 'object', 'boolean', 'number', 'string', 'bigint', 'function', 'symbol']

/** Strict equality of boxed values (7.2.14). */
export function equalBoxes(m: ModuleLowering): number {
  return m.helper('equal', [ANYREF, ANYREF], [I32], (c) => {
    // Of references and small integers: the same or not. What is left are numbers and strings.
    const bothEq = (): void => {
      c.get(0).refOp('ref.test', HEAP.eq, true).get(1).refOp('ref.test', HEAP.eq, true).op('i32.and')
    }
    bothEq()
    c.if(I32)
    c.get(0).refOp('ref.cast', HEAP.eq, true).get(1).refOp('ref.cast', HEAP.eq, true).op('ref.eq').if(I32)
    // A NaN in a box is the same box and not equal.
    c.get(0).refOp('ref.test', m.types.box).if(I32)
    c.get(0).call(unboxNumber(m)).get(0).call(unboxNumber(m)).op('f64.eq')
    c.else().i32(1).end()
    c.else()
    c.get(0).call(isNumber(m)).get(1).call(isNumber(m)).op('i32.and').if(I32)
    c.get(0).call(unboxNumber(m)).get(1).call(unboxNumber(m)).op('f64.eq')
    c.else().i32(0).end()
    c.end()
    c.else()
    c.get(0).call(isString(m)).get(1).call(isString(m)).op('i32.and').if(I32)
    c.get(0).gc('extern.convert_any').get(1).gc('extern.convert_any').call(m.imports.builtin('equals'))
    c.else()
    c.get(0).call(isBigint(m)).get(1).call(isBigint(m)).op('i32.and').if(I32)
    c.get(0).gc('extern.convert_any').get(1).gc('extern.convert_any').call(m.imports.service('sameBigint'))
    c.else().i32(0).end().end()
    c.end()
  })
}

/** ToBoolean (7.1.2) of a boxed value. */
export function truthyBox(m: ModuleLowering): number {
  return m.helper('truthy', [ANYREF], [I32], (c) => {
    const small = c.local(I32)
    const number = c.local(F64)
    c.get(0).refOp('ref.test', HEAP.i31, true).if(I32)
    c.get(0).refOp('ref.cast', HEAP.i31, true).gc('i31.get_s').tee(small).op('i32.eqz')
    c.get(small).i32(SENTINEL.false).op('i32.le_s').op('i32.or').op('i32.eqz')
    c.else()
    c.get(0).refOp('ref.test', m.types.box).if(I32)
    c.get(0).refOp('ref.cast', m.types.box).gc('struct.get', m.types.box, 0).tee(number).f64(0).op('f64.ne')
    c.get(number).get(number).op('f64.eq').op('i32.and')
    c.else().get(0).call(isString(m)).if(I32)
    c.get(0).gc('extern.convert_any').call(m.imports.builtin('length')).i32(0).op('i32.ne')
    c.else().get(0).call(isBigint(m)).if(I32)
    c.get(0).gc('extern.convert_any').call(m.imports.service('truthyBigint'))
    c.else().i32(1).end().end().end().end()
  })
}
