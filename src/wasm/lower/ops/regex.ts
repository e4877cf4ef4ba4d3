import { ARRAY_NOTE } from '../../layout/struct-fields.ts'
import type { ArrayTypes } from '../../layout/types.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { open } from '../slots.ts'
import { inLocals, onStack, type Lower } from './combine.ts'

/** Regular expressions are the host's work in every mode; what a match tells beside its elements lies in the array. What other values carry is known to the host. */

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

const note: Lower = inLocals((f, [carrier, object], e) => {
  const list = carrierArray(f, e)
  f.c.get(carrier!)
  if (list) return void f.c.get(object!).gc('struct.set', list.struct, ARRAY_NOTE)
  f.c.gc('extern.convert_any').get(object!).gc('extern.convert_any')
  f.service('note')
})

const noted: Lower = onStack((c, f, e) => {
  const list = carrierArray(f, e)
  if (list) c.gc('struct.get', list.struct, ARRAY_NOTE)
  else {
    c.gc('extern.convert_any')
    f.service('noted')
    c.gc('any.convert_extern')
  }
  c.call(open(f.m, e.type))
})

/** The array that an operand is, where such arrays have a field for what they carry. */
function carrierArray(f: FuncLowering, { args }: OpExpr): ArrayTypes | undefined {
  const { type } = args[0]!
  const elem = type.kind === 'array' ? f.m.types.element(type.elem) : undefined
  return elem && f.m.types.isCarrier(elem) ? f.m.types.array(elem) : undefined
}

export const REGEX_OPS = {
  'regex.groups': hosted,
  'regex.find': hosted,
  'regex.position': hosted,
  'regex.name': hosted,
  'regex.count': hosted,
  'regex.expand': hosted,
  'ref.note': note,
  'ref.noted': noted,
}
