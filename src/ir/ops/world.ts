import type { OpRow } from './row.ts'

/** Operations that read the world of the run. Codes 464-479. */
export const WORLD_OPS = {
  'random.next': {
    code: 464,
    sig: '() -> f64',
    doc: 'Math.random: the next number of the sequence that the seed of the run begins',
    effect: 'world',
    capability: 'random',
    fuel: { base: 1 },
  },
  'clock.now': {
    code: 465,
    sig: '() -> f64',
    doc: 'Date.now: the time at the beginning of the run, and a millisecond for each reading of the clock before',
    effect: 'world',
    capability: 'clock',
    fuel: { base: 1 },
  },
  'clock.elapsed': {
    code: 466,
    sig: '() -> f64',
    doc: 'performance.now: milliseconds since the beginning of the run, one for each reading of the clock before',
    effect: 'world',
    capability: 'clock',
    fuel: { base: 1 },
  },
} as const satisfies Record<string, OpRow>
