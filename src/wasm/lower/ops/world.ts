import { onStack, type Lower } from './combine.ts'

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

const start: Lower = onStack((c, f, e) => {
  c.i32(f.m.nameId(e.imm[0] as string))
  f.service('startCall')
})

/** The host keeps the world of the run. */
export const WORLD_OPS = {
  'date.parse': hosted,
  'random.next': hosted,
  'clock.now': hosted,
  'clock.elapsed': hosted,
  'effect.start': start,
  'effect.next': hosted,
  'effect.answer': hosted,
  'effect.cancel': onStack((_c, f) => f.service('cancelCall')),
}
