import type { Type } from '../../ir/index.ts'
import { I32, refNull, type Code } from '../encoder/index.ts'
import { TYPED_BUFFER, TYPED_LENGTH, TYPED_OFFSET } from '../layout/typed.ts'
import { bytesOfBuffer, makeBuffer, TypedCode } from '../runtime/typed.ts'
import type { ModuleLowering } from './module.ts'

/** How typed arrays and buffers cross between compiled code and the host, see boundary.ts. */

/** A loop over the integers in a local from 0 up to what `end` pushes, exclusive. */
function forEachIndex(c: Code, i: number, end: () => void, body: () => void): void {
  const out = c.block()
  const top = c.loop()
  c.get(i)
  end()
  c.op('i32.ge_u').brIf(out)
  body()
  c.get(i).i32(1).op('i32.add').set(i).br(top)
  c.end().end()
}

/** The number of elements, then each. */
export function buildTyped(m: ModuleLowering, c: Code, type: Type): void {
  const t = new TypedCode(m, type)
  const [typed, count, i, data] = [c.local(t.type), c.local(I32), c.local(I32), c.local(refNull(t.data))]
  c.call(m.imports.service('takeCount')).tee(count)
  if (t.stride > 1) c.i32(t.stride).op('i32.mul')
  c.gc('array.new_default', t.data).set(data)
  t.begin(c)
  c.get(data).op('ref.as_non_null')
  if (t.storage !== 'own') c.i32(0).get(count)
  if (t.storage === 'view') makeBuffer(m, c, bufferOf(m, type), () => void c.get(data).op('ref.as_non_null'))
  c.gc('struct.new', t.struct).set(typed)
  forEachIndex(
    c,
    i,
    () => void c.get(count),
    () => {
      t.place(c, typed, i)
      // Elements come as what the host's typed arrays gave, so that nothing is left to convert.
      c.call(m.imports.service('takeNumber'))
      if (t.element.whole) c.sat('i64.trunc_sat_f64_s').op('i32.wrap_i64')
      t.store(c)
    },
  )
  c.get(typed)
}

function bufferOf(m: ModuleLowering, type: Type): Type {
  return m.module.objects[type.kind === 'object' ? type.id : 0]!.fields[2]!.type
}

/** The elements; of a view the buffer, where it begins in bytes, and how many elements it has. */
export function giveTyped(m: ModuleLowering, c: Code, value: number, type: Type): void {
  const t = new TypedCode(m, type)
  const [typed, i] = [c.local(t.type), c.local(I32)]
  const number = m.imports.service('giveNumber')
  c.get(value).refOp('ref.cast', t.struct).set(typed)
  if (t.storage === 'view') {
    t.field(c, typed, TYPED_BUFFER).gc('extern.convert_any')
    c.call(m.imports.service('giveValue'))
    for (const field of [TYPED_OFFSET, TYPED_LENGTH]) t.field(c, typed, field).op('f64.convert_i32_u').call(number)
    return
  }
  forEachIndex(
    c,
    i,
    () => t.length(c, typed),
    () => {
      t.place(c, typed, i)
      t.load(c)
      t.toNumber(c)
      c.call(number)
    },
  )
}

/** The bytes of a buffer. */
export function giveBytes(m: ModuleLowering, c: Code, value: number, type: Type): void {
  const lanes = m.types.lanes('i8')
  const [bytes, i] = [c.local(refNull(lanes)), c.local(I32)]
  bytesOfBuffer(m, c.get(value).refOp('ref.cast', m.types.structOf(type)), type).set(bytes)
  forEachIndex(
    c,
    i,
    () => void c.get(bytes).gc('array.len'),
    () =>
      void c.get(bytes).get(i).gc('array.get_u', lanes).op('f64.convert_i32_u').call(m.imports.service('giveNumber')),
  )
}
