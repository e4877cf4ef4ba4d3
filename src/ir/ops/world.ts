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
  'effect.start': {
    code: 468,
    sig: '(string) -> f64',
    imm: ['name'],
    doc: 'begins a call of the effect that the immediate names (capability.operation) with arguments as JSON text; the number of the call, from 0 on',
    effect: 'world',
    capability: '*',
    fuel: { base: 100, per: 1 / 16, of: 'arg0' },
  },
  'effect.next': {
    code: 469,
    sig: '() -> f64',
    doc: 'waits until one of the calls under way is answered: its number; -1 when none is under way',
    effect: 'world',
    fuel: { base: 10 },
  },
  'effect.answer': {
    code: 470,
    sig: '(f64) -> string',
    doc: 'the answer to a call as JSON text, if `effect.next` gave its number last; else the empty string',
    effect: 'world',
    fuel: { per: 1 / 16, of: 'result' },
    bytes: { base: 16, per: 2, of: 'result' },
  },
  'effect.cancel': {
    code: 471,
    sig: '(f64) -> undefined',
    doc: 'gives up a call, whose answer then never comes; nothing for any other number',
    effect: 'world',
    fuel: { base: 10 },
  },
  'date.parse': {
    code: 467,
    sig: '(string) -> f64',
    doc: 'Date.parse (21.4.3.2) with UTC as local time: milliseconds since 1970, NaN for what V8 does not take for a date',
    effect: 'pure',
    fuel: { base: 4, per: 1 / 4, of: 'arg0' },
    eval: (text: string) => Date.parse(text),
  },
} as const satisfies Record<string, OpRow>
