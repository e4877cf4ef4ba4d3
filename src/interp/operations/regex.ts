import { noteOf, setNote, type Instance } from '../../values/index.ts'
import type { Operation, Site } from '../operation.ts'

function noted(list: object, _b: never, _c: never, _d: never, site: Site): Instance | undefined {
  const note = noteOf(list)
  return note?.layout.id === site.imm[0] ? note : undefined
}

/** Arrays that carry an object; the searches are the same in every mode. */
export const NOTE_OPERATIONS = {
  'ref.note': ((list: object, object: Instance) => setNote(list, object)) as Operation,
  'ref.noted': noted as Operation,
} satisfies Record<string, Operation>
