import type { OpRow } from './row.ts'

/** Operations on objects, closures, cells and globals. Codes 256-319. */
export const OBJECT_OPS = {
  'object.new': {
    code: 256,
    sig: '(...*) -> *',
    imm: ['object', 'fields'],
    doc: 'a new object; the operands are the values of the listed fields, which become its keys in that order; other fields are absent',
    effect: 'alloc',
    bytes: { base: 32, per: 8, of: 'count' },
  },
  'object.get': { code: 257, sig: '(*) -> *', imm: ['object', 'field'], doc: 'a field that is not optional; traps when it was not set yet', effect: 'read', traps: ['uninitialized-field'] },
  'object.get_opt': { code: 258, sig: '(*) -> *', imm: ['object', 'field'], doc: 'a field, undefined when it is absent', effect: 'read' },
  'object.set': { code: 259, sig: '(*, *) -> undefined', imm: ['object', 'field'], doc: 'sets a field; an absent one becomes the last key', effect: 'write' },
  'object.has': { code: 260, sig: '(*) -> bool', imm: ['object', 'field'], doc: 'whether the field is present', effect: 'read' },
  'object.keys': { code: 261, sig: '(*) -> array<string>', imm: ['object'], doc: 'the names of the present fields that are not hidden: integer keys ascending, then the others in the order they were set', effect: 'alloc', fuel: { base: 1 }, bytes: { base: 32, per: 24, of: 'result' } },
  'object.assign': { code: 262, sig: '(*, *) -> undefined', imm: ['object', 'object', 'fields'], doc: 'sets in the first object the present, not hidden fields of the second by name, in its key order, leaving out the listed fields of the second', effect: 'write', fuel: { base: 1 } },
  'closure.new': { code: 272, sig: '(...*) -> *', imm: ['func'], doc: 'a closure of the function over the operands, which are its captures', effect: 'alloc', bytes: { base: 32, per: 8, of: 'count' } },
  'cell.new': { code: 273, sig: '(T) -> *', doc: 'a cell with a value', effect: 'alloc', bytes: { base: 24 } },
  'cell.unset': { code: 274, sig: '() -> *', imm: ['type'], doc: 'a cell without a value yet; the immediate is the type of its content', effect: 'alloc', bytes: { base: 24 } },
  'cell.get': { code: 275, sig: '(*) -> *', imm: ['name'], doc: 'the value of a cell; ReferenceError when it has none yet (temporal dead zone)', effect: 'read', throws: ['ReferenceError'] },
  'cell.set': { code: 276, sig: '(*, *) -> undefined', doc: 'sets the value of a cell', effect: 'write' },
  'global.get': { code: 277, sig: '() -> *', imm: ['global'], doc: 'the value of a module variable; ReferenceError when it has none yet', effect: 'read', throws: ['ReferenceError'] },
  'global.set': { code: 278, sig: '(*) -> undefined', imm: ['global'], doc: 'sets a module variable', effect: 'write' },
  'ref.eq': { code: 279, sig: '(T, T) -> bool', doc: 'whether two references of one type are the same object', effect: 'pure' },
  'error.new': { code: 280, sig: '(string) -> *', imm: ['name'], doc: 'a new Error of the named built-in kind with a message', effect: 'alloc', bytes: { base: 64 } },
} as const satisfies Record<string, OpRow>
