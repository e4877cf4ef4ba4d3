import { elementTypeOf, storageOf, type ElementType, type Type, type TypedStorage } from '../../ir/index.ts'
import { F64, I32, I64, refNull, type Code, type ValType } from '../encoder/index.ts'
import { BUFFER_BYTES, laneOf, TYPED_DATA, TYPED_LENGTH, TYPED_OFFSET, type Lane } from '../layout/typed.ts'
import type { ModuleLowering } from '../lower/module.ts'

/** Instructions on typed arrays of one type. An element on the stack is an i32 where elements are integers, else an f64. */
export class TypedCode {
  readonly m: ModuleLowering
  readonly name: string
  readonly element: ElementType
  readonly storage: TypedStorage
  readonly lane: Lane
  readonly struct: number
  readonly data: number
  /** Where the first of its own fields is; before it may be the number that tables know it by. */
  readonly first: number

  constructor(m: ModuleLowering, type: Type) {
    const def = m.module.objects[type.kind === 'object' ? type.id : 0]!
    this.m = m
    this.name = def.name
    this.element = elementTypeOf(def)
    this.storage = storageOf(def)
    this.lane = laneOf(def)
    const { struct, first } = m.types.object(type.kind === 'object' ? type.id : 0)
    this.struct = struct
    this.first = first
    this.data = m.types.lanes(this.lane)
  }

  get type(): ValType {
    return refNull(this.struct)
  }

  /** What an element is on the stack. */
  get stack(): ValType {
    return this.element.whole ? I32 : F64
  }

  /** Lanes of one element. */
  get stride(): number {
    return this.storage === 'view' ? this.element.size : 1
  }

  /** Pushes a field of a typed array in a local. */
  field(c: Code, typed: number, field: number): Code {
    return c.get(typed).gc('struct.get', this.struct, this.first + field)
  }

  /** Pushes what comes before the fields of a new one. */
  begin(c: Code): void {
    for (let i = 0; i < this.first; i++) c.i32(0)
  }

  length(c: Code, typed: number): void {
    if (this.storage !== 'own') this.field(c, typed, TYPED_LENGTH)
    else this.field(c, typed, TYPED_DATA).gc('array.len')
  }

  lanes(c: Code, typed: number): void {
    this.field(c, typed, TYPED_DATA)
  }

  /** Pushes the number of the lane in which the element begins whose index `push` pushes. */
  position(c: Code, typed: number, push: () => void): void {
    push()
    if (this.stride > 1) c.i32(Math.log2(this.stride)).op('i32.shl')
    if (this.storage !== 'own') this.field(c, typed, TYPED_OFFSET).op('i32.add')
  }

  /** Pushes the lanes, and where the element is in them whose index is in a local. */
  place(c: Code, typed: number, index: number): void {
    this.lanes(c, typed)
    this.position(c, typed, () => void c.get(index))
  }

  /** Takes lanes and position from the stack, pushes the element. */
  load(c: Code): void {
    const { size, whole, lo } = this.element
    if (this.stride > 1) {
      c.call(loadBytes(this))
      return
    }
    const isPacked = this.lane === 'i8' || this.lane === 'i16'
    c.gc(!isPacked ? 'array.get' : lo < 0 ? 'array.get_s' : 'array.get_u', this.data)
    if (!whole && size === 4) c.op('f64.promote_f32')
  }

  /** Takes lanes, position and element from the stack. */
  store(c: Code): void {
    if (this.stride > 1) {
      c.call(storeBytes(this))
      return
    }
    if (this.lane === 'f32') c.op('f32.demote_f64')
    c.gc('array.set', this.data)
  }

  /** Turns an element on the stack into a number. */
  toNumber(c: Code): void {
    if (!this.element.whole) return
    c.op(this.element.hi > 2 ** 31 ? 'f64.convert_i32_u' : 'f64.convert_i32_s')
  }

  /** Turns a number on the stack into an element, but for the conversion of integers, which `toInt32` is for (ECMA-262 table 71). */
  fromNumber(c: Code, toInt32: () => void): void {
    if (!this.element.whole) return
    if (this.name !== 'Uint8ClampedArray') return toInt32()
    // NaN stays NaN until the conversion, which makes 0 of it; halves go to the even neighbour.
    c.f64(0).op('f64.max').f64(255).op('f64.min').op('f64.nearest').sat('i32.trunc_sat_f64_u')
  }
}

const WORD = (c: Code, data: number, first: number, count: number, signed = false): void => {
  for (let i = 0; i < count; i++) {
    c.get(0).get(1)
    if (first + i > 0) c.i32(first + i).op('i32.add')
    c.gc(signed && i === count - 1 ? 'array.get_s' : 'array.get_u', data)
    if (i > 0)
      c.i32(8 * i)
        .op('i32.shl')
        .op('i32.or')
  }
}

/** Pushes NaN with its one bit pattern in place of any other NaN on the stack. */
function sameNaN(c: Code): void {
  const x = c.borrow(F64)
  c.set(x).f64(NaN).get(x).get(x).get(x).op('f64.ne').select(F64)
  c.release(F64, x)
}

/** An element out of bytes, the least first: `(lanes, position) -> element`. */
function loadBytes({ m, data, element, name, stack }: TypedCode): number {
  const { size, whole, lo } = element
  return m.helper(`load ${name}`, [refNull(data), I32], [stack], (c) => {
    WORD(c, data, 0, Math.min(size, 4), lo < 0)
    if (whole) return
    if (size === 4) c.op('f32.reinterpret_i32').op('f64.promote_f32')
    else {
      c.op('i64.extend_i32_u')
      WORD(c, data, 4, 4)
      c.op('i64.extend_i32_u').i64(32n).op('i64.shl').op('i64.or').op('f64.reinterpret_i64')
    }
    sameNaN(c)
  })
}

/** Stores an element as bytes: `(lanes, position, element)`. */
function storeBytes({ m, data, element, name, stack }: TypedCode): number {
  const { size, whole } = element
  return m.helper(`store ${name}`, [refNull(data), I32, stack], [], (c) => {
    const word = c.local(I32)
    const bytes = (first: number): void => {
      for (let i = 0; i < Math.min(size, 4); i++) {
        c.get(0).get(1)
        if (first + i > 0) c.i32(first + i).op('i32.add')
        c.get(word)
        if (i > 0) c.i32(8 * i).op('i32.shr_u')
        c.gc('array.set', data)
      }
    }
    c.get(2)
    if (!whole) sameNaN(c)
    if (!whole && size === 4) c.op('f32.demote_f64').op('i32.reinterpret_f32')
    if (size < 8) {
      c.set(word)
      return bytes(0)
    }
    const bits = c.local(I64)
    c.op('i64.reinterpret_f64').tee(bits).op('i32.wrap_i64').set(word)
    bytes(0)
    c.get(bits).i64(32n).op('i64.shr_u').op('i32.wrap_i64').set(word)
    bytes(4)
  })
}

/** Pushes what comes before the bytes of a new buffer; makes it of both. */
export function makeBuffer(m: ModuleLowering, c: Code, type: Type, bytes: () => void): void {
  const { struct, first } = m.types.object(type.kind === 'object' ? type.id : 0)
  for (let i = 0; i < first; i++) c.i32(0)
  bytes()
  c.gc('struct.new', struct)
}

/** Turns a buffer on the stack into its bytes. */
export function bytesOfBuffer(m: ModuleLowering, c: Code, type: Type): Code {
  const { struct, first } = m.types.object(type.kind === 'object' ? type.id : 0)
  return c.gc('struct.get', struct, first + BUFFER_BYTES)
}

/** Turns a typed array on the stack into its length. */
export function lengthOnStack(m: ModuleLowering, c: Code, type: Type): void {
  const t = new TypedCode(m, type)
  c.gc('struct.get', t.struct, t.first + (t.storage === 'own' ? TYPED_DATA : TYPED_LENGTH))
  if (t.storage === 'own') c.gc('array.len')
}
