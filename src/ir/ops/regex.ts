import type { OpRow } from './row.ts'

/** A search and its parts take fuel beyond the row for each step of the matcher, see spec/fuel.md. */
const SYNTAX = { throws: ['SyntaxError'], traps: ['unsupported-pattern'] } as const

/**
 * Operations on regular expressions (ECMA-262 22.2), which they name by source text and flags. What a search finds is kept until the next one
 * and asked for by `regex.position` and the like. Codes 512-543.
 */
export const REGEX_OPS = {
  'regex.groups': {
    code: 512,
    sig: '(string, string) -> f64',
    doc: 'how many groups the pattern of this source text and these flags has; SyntaxError when it is none',
    effect: 'pure',
    fuel: { base: 16, per: 4, of: 'arg0' },
    bytes: { base: 256, per: 16, of: 'arg0' },
    ...SYNTAX,
  },
  'regex.find': {
    code: 513,
    sig: '(string, string, string, f64) -> f64',
    doc: 'RegExpBuiltinExec (22.2.7.2) of the pattern with source and flags as in operands 1 and 2 on the text, operand 3 the last index: the index of the match, -1 when there is none',
    effect: 'write',
    fuel: { base: 8 },
    ...SYNTAX,
  },
  'regex.position': {
    code: 514,
    sig: '(f64) -> f64',
    doc: 'where the last search that was made found things: 0 and 1 are the start and the end of the match, 2 and 3 those of group 1, and so on; -1 for what took no part',
    effect: 'read',
  },
  'regex.name': {
    code: 515,
    sig: '(f64) -> string',
    doc: 'the name of the group with a number in the pattern of the last search; empty when it has none',
    effect: 'read',
  },
  'regex.count': {
    code: 519,
    sig: '() -> f64',
    doc: 'how many groups the pattern of the last search has',
    effect: 'read',
  },
  'regex.expand': {
    code: 516,
    sig: '(string) -> string',
    doc: 'GetSubstitution (22.1.3.19.1): the replacement with what the last search found in place of its `$` patterns',
    effect: 'read',
    fuel: { base: 4, per: 1 / 16, of: 'result' },
    bytes: { base: 16, per: 2, of: 'result' },
    throws: ['RangeError'],
  },
  'ref.note': {
    code: 517,
    sig: '(*, *) -> undefined',
    doc: 'gives an array or a function an object to carry, whose fields are properties of it: what a match tells beside its elements, what a program stores in a function',
    effect: 'write',
    bytes: { base: 64 },
  },
  'ref.noted': {
    code: 518,
    sig: '(*) -> *',
    imm: ['object'],
    doc: 'the object that an array or a function carries, when it carries one of the definition',
    effect: 'read',
  },
} as const satisfies Record<string, OpRow>
