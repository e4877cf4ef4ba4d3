import type { OpRow } from './row.ts'

/** Operations on boxed values, and effects. Codes 320-383. */
export const DYNAMIC_OPS = {
  'dyn.box': { code: 320, sig: '(*) -> *', imm: ['type'], doc: 'the operand as a value of the immediate, a union or any that admits it', effect: 'pure', bytes: { base: 8 } },
  'dyn.unbox': { code: 321, sig: '(dyn) -> *', imm: ['type'], doc: 'the operand as a value of the immediate, a subtype; traps when it is none', effect: 'pure', traps: ['type-mismatch'] },
  'dyn.require': {
    code: 322,
    sig: '(dyn) -> *',
    imm: ['name'],
    doc: 'the operand without null and undefined; TypeError with the message of the immediate, where % stands for the value',
    effect: 'pure',
    throws: ['TypeError'],
  },
  'dyn.is': { code: 323, sig: '(dyn) -> bool', imm: ['type'], doc: 'whether the value is one of the immediate, a type that the operand admits', effect: 'pure' },
  'dyn.is_error': { code: 324, sig: '(dyn) -> bool', imm: ['name'], doc: 'whether the value is an Error of the named kind; "Error" takes every kind', effect: 'pure' },
  'dyn.truthy': { code: 325, sig: '(dyn) -> bool', doc: 'ToBoolean (7.1.2)', effect: 'pure' },
  'dyn.typeof': { code: 326, sig: '(dyn) -> string', doc: 'typeof (13.5.3)', effect: 'pure' },
  'dyn.eq': { code: 327, sig: '(dyn, dyn) -> bool', doc: 'strict equality (7.2.14)', effect: 'pure' },
  'dyn.to_string': {
    code: 328,
    sig: '(dyn) -> string',
    doc: 'ToString (7.1.17); arrays join with commas, objects give "[object Object]", errors "name: message"',
    effect: 'read',
    fuel: { per: 1 / 16, of: 'result' },
    bytes: { base: 16, per: 2, of: 'result' },
    throws: ['TypeError'],
  },
  'dyn.to_number': { code: 329, sig: '(dyn) -> f64', doc: 'ToNumber (7.1.4) of undefined, null, booleans, numbers and strings; of objects by way of dyn.to_string', effect: 'read', throws: ['TypeError'] },
  log: { code: 336, sig: '(...dyn) -> undefined', imm: ['name'], doc: 'console output at the level of the immediate (log, info, debug, warn, error): one line as Node prints it', effect: 'log', fuel: { base: 10 } },
} as const satisfies Record<string, OpRow>
