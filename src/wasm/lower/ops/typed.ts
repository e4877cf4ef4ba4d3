import { elementTypeOf, TYPED_BYTES_MAX, type Expr } from '../../../ir/index.ts'
import { F64, I32, refNull, type Code } from '../../encoder/index.ts'
import { TYPED_BUFFER, TYPED_OFFSET } from '../../layout/typed.ts'
import { HOLE_BITS } from '../../layout/values.ts'
import { bytesOfBuffer, lengthOnStack, makeBuffer, TypedCode } from '../../runtime/typed.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { index } from '../numbers.ts'
import { optionalFromSlot } from '../slots.ts'
import { inLocals, onStack, typeOf, type Lower } from './combine.ts'
import { toInt32, truncated } from './number.ts'

/** Evaluates a typed array and an index of it into locals. */
function withPlace(f: FuncLowering, e: OpExpr, body: (t: TypedCode, typed: number, i: number) => void): void {
  const { c } = f
  const t = new TypedCode(f.m, typeOf(e, 0))
  f.withLocal(t.type, (typed) =>
    f.withLocal(I32, (i) => {
      f.value(e.args[0]!)
      c.set(typed)
      index(f, e.args[1]!)
      c.set(i)
      body(t, typed, i)
    }),
  )
}

/** Pushes whether the index in a local is present. */
function isPresent(f: FuncLowering, t: TypedCode, typed: number, i: number): void {
  f.c.get(i)
  t.length(f.c, typed)
  f.c.op('i32.lt_u')
}

/** Pushes the element, which must be present. Data of its own is as long as the array, so that the host's own check is the one. */
function loadOrTrap(f: FuncLowering, e: OpExpr): TypedCode {
  const { c } = f
  let code: TypedCode | undefined
  withPlace(f, e, (t, typed, i) => {
    code = t
    f.at(e.span)
    if (t.storage !== 'own' || f.fuelLocal !== undefined) {
      isPresent(f, t, typed, i)
      c.op('i32.eqz').rarely().if()
      f.trap('index-out-of-bounds')
      c.end()
    }
    t.place(c, typed, i)
    if (t.storage === 'own' && f.fuelLocal === undefined) f.mark('index-out-of-bounds')
    t.load(c)
  })
  return code!
}

const get: Lower = (f, e) => loadOrTrap(f, e).toNumber(f.c)
const getI32: Lower = (f, e) => void loadOrTrap(f, e)

/** The element where it is present, otherwise what `missing` pushes. */
const getOr =
  (missing: (f: FuncLowering) => void, after?: (f: FuncLowering, e: OpExpr) => void): Lower =>
  (f, e) => {
    const { c } = f
    withPlace(f, e, (t, typed, i) => {
      isPresent(f, t, typed, i)
      c.if(F64)
      t.place(c, typed, i)
      t.load(c)
      t.toNumber(c)
      c.else()
      missing(f)
      c.end()
    })
    after?.(f, e)
  }

const bits: Lower = (f, e) => {
  const { c } = f
  withPlace(f, e, (t, typed, i) => {
    isPresent(f, t, typed, i)
    c.if(I32)
    t.place(c, typed, i)
    t.load(c)
    c.else().i32(0).end()
  })
}

/** Pushes the element that a number becomes (ECMA-262 table 71). */
function pushElement(f: FuncLowering, t: TypedCode, value: Expr): void {
  const { c } = f
  if (!t.element.whole || t.name === 'Uint8ClampedArray') {
    f.value(value)
    t.fromNumber(c, () => undefined)
  } else truncated(f, value)
}

const set: Lower = (f, e) => {
  const { c } = f
  withPlace(f, e, (t, typed, i) =>
    f.withLocal(t.stack, (element) => {
      pushElement(f, t, e.args[2]!)
      c.set(element)
      isPresent(f, t, typed, i)
      c.if()
      t.place(c, typed, i)
      c.get(element)
      t.store(c)
      c.end()
    }),
  )
}

/** Pushes what a number in a local is as a count; what is none, or more than there may be, fails. `size`: bytes of one. */
function pushCount(
  f: FuncLowering,
  number: number,
  size: number,
  service: 'raiseTypedLength' | 'raiseBufferLength',
): void {
  const { c } = f
  f.withLocal(I32, (whole) => {
    c.get(number).sat('i32.trunc_sat_f64_u').tee(whole).op('f64.convert_i32_u').get(number).op('f64.ne')
    c.get(whole)
      .i32(Math.floor(TYPED_BYTES_MAX / size))
      .op('i32.gt_u')
      .op('i32.or')
      .if()
    c.get(number)
    f.fail(service)
    c.end().get(whole)
  })
}

const typedNew: Lower = inLocals((f, [count], e) => {
  const t = new TypedCode(f.m, e.type)
  f.withLocal(I32, (length) => {
    pushCount(f, count!, t.element.size, 'raiseTypedLength')
    f.c.set(length)
    t.begin(f.c)
    const lanes = (): void => {
      f.c.get(length)
      f.mark()
      f.c.gc('array.new_default', t.data)
    }
    if (t.storage === 'own') lanes()
    else if (t.storage === 'window') {
      lanes()
      f.c.i32(0).get(length)
    } else viewOfNew(f, t, e, length)
    f.c.gc('struct.new', t.struct)
  })
})

/** Pushes the fields of a typed array over a new buffer of just its size. */
function viewOfNew(f: FuncLowering, t: TypedCode, e: OpExpr, length: number): void {
  const { c, m } = f
  f.withLocal(refNull(t.data), (bytes) => {
    c.get(length).i32(t.element.size).op('i32.mul')
    f.mark()
    c.gc('array.new_default', t.data).tee(bytes).op('ref.as_non_null').i32(0).get(length)
    const def = m.module.objects[e.type.kind === 'object' ? e.type.id : 0]!
    makeBuffer(m, c, def.fields[2]!.type, () => void c.get(bytes).op('ref.as_non_null'))
  })
}

const bufferNew: Lower = inLocals((f, [count], e) => {
  makeBuffer(f.m, f.c, e.type, () => {
    pushCount(f, count!, 1, 'raiseBufferLength')
    f.mark()
    f.c.gc('array.new_default', f.m.types.lanes('i8'))
  })
})

/** Traps unless `count` numbers from `start` on are below a length: all i32 but the length, which `pushLength` pushes. */
function checkRange(f: FuncLowering, start: number, count: number, pushLength: () => void): void {
  const { c } = f
  c.get(start).i32(0).op('i32.lt_s').get(count).i32(0).op('i32.lt_s').op('i32.or')
  c.get(start).get(count).op('i32.add')
  pushLength()
  c.op('i32.gt_u').op('i32.or').rarely().if()
  f.trap('index-out-of-bounds')
  c.end()
}

/** Sets a local to a number in another as an integer; traps when it is none that a typed array may have. */
function wholeOf(f: FuncLowering, number: number, whole: number): void {
  const { c } = f
  c.get(number).sat('i32.trunc_sat_f64_s').tee(whole).op('f64.convert_i32_s').get(number).op('f64.ne')
  c.get(whole).i32(TYPED_BYTES_MAX).op('i32.gt_s').op('i32.or').rarely().if()
  f.trap('index-out-of-bounds')
  c.end()
}

const view: Lower = inLocals((f, [buffer, offset, count], e) => {
  const { c, m } = f
  const t = new TypedCode(m, e.type)
  const { size } = elementTypeOf(t.name)
  const bytes = (): Code => bytesOfBuffer(m, c.get(buffer!), typeOf(e, 0))
  f.withLocal(I32, (from) =>
    f.withLocal(I32, (length) =>
      f.withLocal(I32, (taken) => {
        wholeOf(f, offset!, from)
        wholeOf(f, count!, length)
        // Neither is more than 2^30, so that eight times as many do not come round to what would fit.
        c.get(length)
          .i32(Math.floor(TYPED_BYTES_MAX / size))
          .op('i32.gt_u')
        c.get(from)
          .i32(size - 1)
          .op('i32.and')
          .op('i32.or')
          .rarely()
          .if()
        f.trap('index-out-of-bounds')
        c.end()
        c.get(length).i32(size).op('i32.mul').set(taken)
        checkRange(f, from, taken, () => void bytes().gc('array.len'))
        t.begin(c)
        bytes().get(from).get(length)
        c.get(buffer!).op('ref.as_non_null').gc('struct.new', t.struct)
      }),
    ),
  )
})

const window: Lower = inLocals((f, [typed, start, count], e) => {
  const { c } = f
  const t = new TypedCode(f.m, e.type)
  f.withLocal(I32, (from) =>
    f.withLocal(I32, (length) => {
      wholeOf(f, start!, from)
      wholeOf(f, count!, length)
      checkRange(f, from, length, () => t.length(c, typed!))
      t.begin(c)
      t.lanes(c, typed!)
      t.position(c, typed!, () => void c.get(from))
      c.get(length)
      if (t.storage === 'view') t.field(c, typed!, TYPED_BUFFER)
      c.gc('struct.new', t.struct)
    }),
  )
})

const length: Lower = onStack((c, f, e) => {
  lengthOnStack(f.m, c, typeOf(e, 0))
  c.op('f64.convert_i32_u')
})

const offset: Lower = inLocals((f, [typed], e) => {
  const t = new TypedCode(f.m, typeOf(e, 0))
  if (t.storage === 'own') f.c.f64(0)
  else {
    t.field(f.c, typed!, TYPED_OFFSET)
      .i32(t.element.size / t.stride)
      .op('i32.mul')
      .op('f64.convert_i32_u')
  }
})

/** Stores an element at each index from one local up to another, exclusive. */
function storeEach(f: FuncLowering, t: TypedCode, typed: number, at: number, end: number, element: () => void): void {
  const { c } = f
  const out = c.block()
  const top = c.loop()
  c.get(at).get(end).op('i32.ge_u').brIf(out)
  t.place(c, typed, at)
  element()
  t.store(c)
  c.get(at).i32(1).op('i32.add').set(at).br(top)
  c.end().end()
}

const fill: Lower = inLocals((f, [typed, value, start, end], e) => {
  const { c, m } = f
  const t = new TypedCode(m, typeOf(e, 0))
  const locals = [c.borrow(I32), c.borrow(I32), c.borrow(I32), c.borrow(t.stack)] as const
  const [from, to, count, element] = locals
  wholeOf(f, start!, from)
  wholeOf(f, end!, to)
  c.get(to).get(from).op('i32.sub').set(count)
  checkRange(f, from, count, () => t.length(c, typed!))
  c.get(value!)
  t.fromNumber(c, () => void c.call(toInt32(m)))
  c.set(element)
  if (t.stride > 1) storeEach(f, t, typed!, from, to, () => void c.get(element))
  else {
    t.place(c, typed!, from)
    c.get(element)
    if (t.lane === 'f32') c.op('f32.demote_f64')
    c.get(count).gc('array.fill', t.data)
  }
  c.release(I32, from, to, count).release(t.stack, element)
})

const copy: Lower = inLocals((f, [target, source, at, start], e) => {
  const { c } = f
  const [to, from] = [new TypedCode(f.m, typeOf(e, 0)), new TypedCode(f.m, typeOf(e, 1))]
  const [into, first, count, other] = [c.borrow(I32), c.borrow(I32), c.borrow(I32), c.borrow(I32)]
  wholeOf(f, at!, into)
  wholeOf(f, start!, first)
  const left = (t: TypedCode, typed: number, used: number, out: number): void => {
    t.length(c, typed)
    c.get(used).op('i32.sub').set(out)
    checkRange(f, used, out, () => t.length(c, typed))
  }
  left(to, target!, into, count)
  left(from, source!, first, other)
  c.get(count).get(other).get(count).get(other).op('i32.lt_u').select(I32).set(count)
  if (to.stride === from.stride) {
    to.place(c, target!, into)
    from.place(c, source!, first)
    c.get(count)
    if (to.stride > 1) c.i32(to.stride).op('i32.mul')
    c.gc('array.copy', to.data, from.data)
  } else {
    // Of one that shows its bytes and one that does not nothing is shared.
    c.get(into).get(count).op('i32.add').set(other)
    storeEach(f, to, target!, into, other, () => {
      from.place(c, source!, first)
      from.load(c)
      c.get(first).i32(1).op('i32.add').set(first)
    })
  }
  c.release(I32, into, first, count, other)
})

/** The bits of NaN are always the same, whatever the machine made. */
const canonical = (f: FuncLowering): void =>
  f.withLocal(F64, (x) => void f.c.set(x).f64(NaN).get(x).get(x).get(x).op('f64.ne').select(F64))

/** Pushes the low 32 bits of a number as an i32. */
const word = (f: FuncLowering, e: Expr): void => truncated(f, e)

export const TYPED_OPS = {
  'typed.new': typedNew,
  'typed.view': view,
  'typed.window': window,
  'typed.length': length,
  'typed.offset': offset,
  'typed.buffer': inLocals((f, [typed], e) => void new TypedCode(f.m, typeOf(e, 0)).field(f.c, typed!, TYPED_BUFFER)),
  'typed.get': get,
  'typed.get_opt': getOr(
    (f) => void f.c.f64Bits(HOLE_BITS),
    (f, e) => optionalFromSlot(f, { kind: 'f64' }, e.type),
  ),
  'typed.get_nan': getOr((f) => void f.c.f64(NaN)),
  'typed.get_i32': getI32,
  'typed.bits': bits,
  'typed.set': set,
  'typed.fill': fill,
  'typed.copy': copy,
  'buffer.new': bufferNew,
  'buffer.length': onStack((c, f, e) => {
    bytesOfBuffer(f.m, c, typeOf(e, 0)).gc('array.len').op('f64.convert_i32_u')
  }),
  'f64.low_bits': ((f, e) => {
    f.value(e.args[0]!)
    canonical(f)
    f.c.op('i64.reinterpret_f64').op('i32.wrap_i64').op('f64.convert_i32_u')
  }) as Lower,
  'f64.high_bits': ((f, e) => {
    f.value(e.args[0]!)
    canonical(f)
    f.c.op('i64.reinterpret_f64').i64(32n).op('i64.shr_u').op('i32.wrap_i64').op('f64.convert_i32_u')
  }) as Lower,
  'f64.from_bits': ((f, e) => {
    word(f, e.args[0]!)
    f.c.op('i64.extend_i32_u')
    word(f, e.args[1]!)
    f.c.op('i64.extend_i32_u').i64(32n).op('i64.shl').op('i64.or').op('f64.reinterpret_i64')
    canonical(f)
  }) as Lower,
  'f32.bits': ((f, e) => {
    f.value(e.args[0]!)
    canonical(f)
    f.c.op('f32.demote_f64').op('i32.reinterpret_f32').op('f64.convert_i32_u')
  }) as Lower,
  'f32.from_bits': ((f, e) => {
    word(f, e.args[0]!)
    f.c.op('f32.reinterpret_i32').op('f64.promote_f32')
    canonical(f)
  }) as Lower,
}
