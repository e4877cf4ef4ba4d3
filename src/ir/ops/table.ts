import type { OpRow } from './row.ts'

/**
 * Operations on tables: maps and sets (ECMA-262 24.1, 24.2) and dicts, objects whose keys are computed. Keys are equal by
 * SameValueZero (7.2.12). Entries have positions: numbers that grow in the order in which entries were added and are never
 * used again, so that whoever goes from one to the next sees what is added meanwhile and nothing that was deleted. Codes 384-447.
 */
export const TABLE_OPS = {
  'table.new': {
    code: 384,
    sig: '() -> *',
    imm: ['type'],
    doc: 'an empty table of the immediate, a map, set or dict',
    effect: 'alloc',
    bytes: { base: 64 },
  },
  'table.size': { code: 385, sig: '(*) -> f64', doc: 'the number of entries', effect: 'read' },
  'table.has': { code: 386, sig: '(*, *) -> bool', doc: 'whether there is an entry with the key', effect: 'read' },
  'table.get': {
    code: 387,
    sig: '(*, *) -> *',
    doc: 'the value of a map or dict at a key, undefined when there is none; of a dict, traps where the key is no entry but the name of a property that every object inherits',
    effect: 'read',
    traps: ['inherited-property'],
  },
  'table.set': {
    code: 388,
    sig: '(*, *, *) -> undefined',
    doc: 'sets the value of a map or dict at a key, which keeps its place; a new key comes last. A dict traps at the key `__proto__`',
    effect: 'write',
    traps: ['inherited-property'],
    bytes: { per: 48, of: 'entry' },
  },
  'table.add': {
    code: 389,
    sig: '(*, *) -> undefined',
    doc: 'adds a key to a set, last when it is new',
    effect: 'write',
    bytes: { per: 32, of: 'entry' },
  },
  'table.delete': {
    code: 390,
    sig: '(*, *) -> bool',
    doc: 'takes the entry with the key out; whether there was one',
    effect: 'write',
  },
  'table.clear': { code: 391, sig: '(*) -> undefined', doc: 'takes all entries out', effect: 'write' },
  'table.next': {
    code: 392,
    sig: '(*, f64) -> f64',
    doc: 'the least position of an entry that is greater than the operand, -1 when there is none; -1 is before the first',
    effect: 'read',
  },
  'table.key_at': {
    code: 393,
    sig: '(*, f64) -> *',
    doc: 'the key of the entry at a position; traps when there is none',
    effect: 'read',
    traps: ['index-out-of-bounds'],
  },
  'table.value_at': {
    code: 394,
    sig: '(*, f64) -> *',
    doc: 'the value of the entry of a map or dict at a position; traps when there is none',
    effect: 'read',
    traps: ['index-out-of-bounds'],
  },
  'dict.bare': {
    code: 401,
    sig: '() -> *',
    imm: ['type'],
    doc: 'an empty dict of the immediate that inherits nothing: every absent key is undefined',
    effect: 'alloc',
    bytes: { base: 64 },
  },
  'dict.in': {
    code: 402,
    sig: '(*, string) -> bool',
    doc: 'whether a dict has a key, or inherits a property of that name (13.10.1)',
    effect: 'read',
  },
  'dict.keys': {
    code: 400,
    sig: '(*) -> array<string>',
    doc: 'the keys of a dict as objects list them (10.1.11.1): array indices ascending, then the others in the order of insertion',
    effect: 'alloc',
    fuel: { base: 1, per: 1, of: 'result' },
    bytes: { base: 32, per: 24, of: 'result' },
  },
} as const satisfies Record<string, OpRow>
