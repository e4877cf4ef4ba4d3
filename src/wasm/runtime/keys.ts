import { formatType, type Type } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, F64, HEAP, I32, I64, type Code, type ValType } from '../encoder/index.ts'
import { IDENTITY, keptAs, keyKind, type KeyKind } from '../layout/tables.ts'
import type { Element } from '../layout/elements.ts'
import { isFamily, optionalOf, repOf } from '../layout/values.ts'
import { box, equalBoxes, isString, unboxNumber, unboxWith } from '../lower/boxes.ts'
import type { ModuleLowering } from '../lower/module.ts'
import { open } from '../lower/slots.ts'

/**
 * Keys of tables: how they are kept, hashed and compared (SameValueZero, 7.2.12). Numbers and text are hashed with a factor that every
 * run draws anew, so that nobody can choose keys that meet. No meaning depends on it, as tables are in the order of insertion.
 */
export class KeyCode {
  readonly type: Type
  readonly kind: KeyKind
  /** What a key is kept as. */
  readonly elem: Element
  readonly #m: ModuleLowering

  constructor(m: ModuleLowering, type: Type) {
    this.#m = m
    this.type = type
    this.kind = keyKind(type)
    this.elem = m.types.element(keptAs(type))
  }

  get valType(): ValType {
    return this.elem.slot
  }

  /** Turns a value on the stack into the key that is kept for it: 0 for -0. */
  keep(c: Code): void {
    if (this.kind === 'number') c.f64(0).op('f64.add')
    if (this.kind !== 'boxed') return
    box(this.#m, c, this.type)
    c.call(withoutNegativeZero(this.#m))
  }

  /** Turns a key on the stack into the value. */
  give(c: Code): void {
    const { type } = this
    const m = this.#m
    if (this.kind === 'reference') c.op('ref.as_non_null')
    if (this.kind !== 'boxed') return
    if (optionalOf(type)) c.call(open(m, type))
    else if (repOf(type) === 'unit') c.op('drop')
    else if (type.kind === 'i32') c.call(unboxNumber(m)).sat('i32.trunc_sat_f64_s')
    else if (repOf(type) !== 'dyn') c.call(unboxWith(m, type) as number)
  }

  /** `(key) -> hash`, which is never 0. */
  hash(): number {
    const m = this.#m
    switch (this.kind) {
      case 'number':
        return hashNumber(m)
      case 'text':
        return hashText(m)
      case 'reference':
        return hashReference(m, this.type)
      case 'boxed':
        return hashBox(m)
    }
  }

  /** Turns two keys on the stack into whether they are the same. */
  same(c: Code): void {
    const m = this.#m
    switch (this.kind) {
      case 'number':
        c.call(sameNumbers(m))
        return
      case 'text':
        c.call(m.imports.builtin('equals'))
        return
      case 'reference':
        c.op('ref.eq')
        return
      case 'boxed':
        c.call(sameBoxes(m))
    }
  }
}

/** The hash of text from its sum and its length in locals, see {@link addUnit}. */
export function finishText(m: ModuleLowering, c: Code, sum: number, length: number): void {
  c.get(sum).get(length).op('i64.extend_i32_u').op('i64.xor').set(sum)
  fold(c, sum, 32n)
  scramble(m, c)
  finish(c)
}

/** Adds the unit that `push` pushes to the sum of text in a local, which is 0 before the first. */
export function addUnit(m: ModuleLowering, c: Code, sum: number, push: () => void): void {
  c.get(sum)
  push()
  c.op('i64.extend_i32_u').op('i64.xor')
  scramble(m, c)
  c.set(sum)
}

/** Pushes a sum in a local with its high bits brought down to the low ones, from which they reach all others. */
function fold(c: Code, sum: number, by: bigint): void {
  c.get(sum).get(sum).i64(by).op('i64.shr_u').op('i64.xor')
}

/** The hash of 64 bits: `(bits) -> hash`. Twice, since numbers that follow each other would come to lie in heaps for some factors. */
function hashBits(m: ModuleLowering): number {
  return m.helper('hash bits', [I64], [I32], (c) => {
    fold(c, 0, 32n)
    scramble(m, c)
    c.set(0)
    fold(c, 0, 29n)
    scramble(m, c)
    finish(c)
  })
}

/** Ends a hash: the high half of 64 bits on the stack, made odd. */
function finish(c: Code): void {
  c.i64(32n).op('i64.shr_u').op('i32.wrap_i64').i32(1).op('i32.or')
}

/** Multiplies what is on the stack by the factor of this run, of which the high bits depend on all below. */
function scramble(m: ModuleLowering, c: Code): void {
  c.globalGet(m.global.hashFactor).op('i64.mul')
}

function hashNumber(m: ModuleLowering): number {
  return m.helper('hash number', [F64], [I32], (c) => {
    c.get(0).op('i64.reinterpret_f64').i64(NAN_BITS).get(0).get(0).op('f64.eq').select(I64).call(hashBits(m))
  })
}

const NAN_BITS = 0x7ff8_0000_0000_0000n

/** Text that was hashed last is not hashed again: whoever looks a key up often sets it next. */
function hashText(m: ModuleLowering): number {
  return m.helper('hash text', [EXTERNREF], [I32], (c) => {
    const { hashedText, hashedTo } = m.global
    const length = c.local(I32)
    const at = c.local(I32)
    const sum = c.local(I64)
    const result = c.local(I32)
    c.get(0).call(m.imports.builtin('length')).set(length)
    const isLong = (): void => void c.get(length).i32(REMEMBERED_MIN).op('i32.ge_u')
    isLong()
    c.if().get(0).globalGet(hashedText).call(m.imports.builtin('equals')).if().globalGet(hashedTo).op('return').end()
    c.end()
    const out = c.block()
    const top = c.loop()
    c.get(at).get(length).op('i32.ge_u').brIf(out)
    addUnit(m, c, sum, () => c.get(0).get(at).call(m.imports.builtin('charCodeAt')))
    c.get(at).i32(1).op('i32.add').set(at).br(top)
    c.end().end()
    finishText(m, c, sum, length)
    c.set(result)
    isLong()
    c.if().get(0).globalSet(hashedText).get(result).globalSet(hashedTo).end()
    c.get(result)
  })
}

/** Units of text from which on comparing with what was hashed last costs less than hashing. */
const REMEMBERED_MIN = 6

/** Objects have a place for their identity; of what else may be a key the host keeps it. */
function hashReference(m: ModuleLowering, type: Type): number {
  if (type.kind === 'object' || isFamily(type)) return hashObject(m)
  return m.helper(`hash ${formatType(type)}`, [m.types.valType(type)!], [I32], (c) => {
    c.get(0).gc('extern.convert_any').call(m.imports.service('identity'))
    spread(c)
  })
}

/** Numbers that count up, as hashes. */
function spread(c: Code): void {
  c.i32(0x9e3779b1 | 0)
    .op('i32.mul')
    .i32(1)
    .op('i32.or')
}

function hashObject(m: ModuleLowering): number {
  return m.helper('hash object', [ANYREF], [I32], (c) => {
    const { identified } = m.types
    const { identities } = m.global
    const known = c.local(I32)
    const object = (): void => void c.get(0).refOp('ref.cast', identified)
    object()
    c.gc('struct.get', identified, IDENTITY).tee(known).if().get(known).op('return').end()
    object()
    c.globalGet(identities).i32(1).op('i32.add').tee(known).globalSet(identities)
    c.get(known)
    spread(c)
    c.tee(known).gc('struct.set', identified, IDENTITY).get(known)
  })
}

function hashBox(m: ModuleLowering): number {
  return m.helper('hash box', [ANYREF], [I32], (c) => {
    const { box: boxed, identified } = m.types
    c.get(0).refOp('ref.test', HEAP.i31, true).if()
    c.get(0)
      .refOp('ref.cast', HEAP.i31, true)
      .gc('i31.get_s')
      .op('i64.extend_i32_u')
      .call(hashBits(m))
      .op('return')
      .end()
    c.get(0).refOp('ref.test', boxed).if()
    c.get(0).refOp('ref.cast', boxed).gc('struct.get', boxed, 0).call(hashNumber(m)).op('return').end()
    c.get(0).refOp('ref.test', identified).if().get(0).call(hashObject(m)).op('return').end()
    c.get(0).call(isString(m)).if().get(0).gc('extern.convert_any').call(hashText(m)).op('return').end()
    c.get(0).gc('extern.convert_any').call(m.imports.service('identity')).op('i64.extend_i32_u').call(hashBits(m))
  })
}

/** -0 is the same key as 0, which is a small integer. */
function withoutNegativeZero(m: ModuleLowering): number {
  return m.helper('box without -0', [ANYREF], [ANYREF], (c) => {
    const { box: boxed } = m.types
    c.get(0).refOp('ref.test', boxed).if()
    c.get(0).refOp('ref.cast', boxed).gc('struct.get', boxed, 0).f64(0).op('f64.eq')
    c.if().i32(0).gc('ref.i31').op('return').end().end()
    c.get(0)
  })
}

function sameNumbers(m: ModuleLowering): number {
  return m.helper('same numbers', [F64, F64], [I32], (c) => {
    c.get(0).get(1).op('f64.eq').get(0).get(0).op('f64.ne').get(1).get(1).op('f64.ne').op('i32.and').op('i32.or')
  })
}

/** As strict equality, but NaN is the same as NaN. */
function sameBoxes(m: ModuleLowering): number {
  return m.helper('same boxes', [ANYREF, ANYREF], [I32], (c) => {
    const { box: boxed } = m.types
    c.get(0).refOp('ref.test', boxed).get(1).refOp('ref.test', boxed).op('i32.and').if(I32)
    for (const i of [0, 1]) c.get(i).refOp('ref.cast', boxed).gc('struct.get', boxed, 0)
    c.call(sameNumbers(m)).else().get(0).get(1).call(equalBoxes(m)).end()
  })
}
