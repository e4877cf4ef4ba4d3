import { onStack, type Lower } from './combine.ts'

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

/** The host keeps the world of the run. */
export const WORLD_OPS = { 'date.parse': hosted, 'random.next': hosted, 'clock.now': hosted, 'clock.elapsed': hosted }
