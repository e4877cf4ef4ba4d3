import type { Code } from '../encoder/index.ts'
import { fieldsOf, pushUnsetContent } from './fields.ts'
import type { ModuleLowering } from './module.ts'

type Push = () => void

/** Makes an error without keys: of the definition, with what the pushes give as name, message, number of the kind and trace. */
export function makeError(
  m: ModuleLowering,
  c: Code,
  id: number,
  [name, message, kind, trace]: readonly [name: Push, message: Push, kind: Push, trace: Push],
): void {
  const { struct, hasIdentity, order } = m.types.object(id)
  if (hasIdentity) c.i32(0)
  if (order !== undefined) c.i32(m.orders.after(id, []))
  name()
  message()
  for (const field of fieldsOf(m, id, m.module.objects[id]!).slice(2)) pushUnsetContent(m, c, field)
  kind()
  trace()
  c.gc('struct.new', struct)
}
