import { open } from '../slots.ts'
import { inLocals, onStack, type Lower } from './combine.ts'

/** Regular expressions are the host's work in every mode; arrays that carry an object are known to the host. */

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

const note: Lower = inLocals((f, [list, object]) => {
  f.c.get(list!).gc('extern.convert_any').get(object!).gc('extern.convert_any')
  f.service('note')
})

const noted: Lower = onStack((c, f, e) => {
  c.gc('extern.convert_any')
  f.service('noted')
  c.gc('any.convert_extern').call(open(f.m, e.type))
})

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
