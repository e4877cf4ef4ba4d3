import { complement, difference, EMPTY, intersection, setOf, union, type CharSet } from '../char-set.ts'
import { canonicalOf, closeOver } from '../case-folding.ts'
import { classEscape, type ClassMode } from './classes.ts'
import { fail, type Cursor } from './cursor.ts'
import { characterEscape } from './escapes.ts'

/** The members of a class with v: single characters, and strings of none or several by their text. */
export type ClassMembers = {
  readonly set: CharSet
  readonly strings: ReadonlyMap<string, readonly number[]>
  /** Its text allows for strings (MayContainStrings). */
  readonly mayHaveStrings: boolean
}

const NO_STRINGS: ReadonlyMap<string, readonly number[]> = new Map()
const DOUBLE = [...'&!#$%*+,.:;<=>?@^`~'].map((char) => char + char)
const SYNTAX = '()[]{}/-\\|'
/** Punctuation that a backslash may stand before. */
const PUNCTUATOR = '&-!#%,:;<=>@`~'
/** Nested classes. */
const DEPTH_MAX = 200

type Operation = 'union' | 'intersection' | 'difference'

/** A class with v, after its `[` (22.2.1 ClassContents[+UnicodeSetsMode]). */
export function classMembers(c: Cursor, mode: ClassMode, depth = 0): ClassMembers {
  if (depth > DEPTH_MAX) fail('Regular expression too large')
  const negative = c.eat('^')
  let members: ClassMembers = { set: EMPTY, strings: NO_STRINGS, mayHaveStrings: false }
  let operation: Operation | null = null
  for (let first = true; !c.eat(']'); first = false) {
    if (c.current === -1) fail('Unterminated character class')
    const next = first ? null : operator(c)
    if (next !== null && operation !== null && next !== operation) fail('Invalid set operation in character class')
    if (next === 'intersection' && c.sees('&')) fail('Invalid character in character class')
    if (next === 'difference' && negative) refuseStrings(members)
    const operand = classOperand(c, mode, depth, next === null || next === 'union')
    if (next !== null) operation = next
    if (operand.isRange) operation = lockUnion(operation)
    members = first ? operand.members : combine(next ?? 'union', members, operand.members)
  }
  if (!negative) return members
  refuseStrings(members)
  return { set: complement(members.set), strings: NO_STRINGS, mayHaveStrings: false }
}

function refuseStrings({ mayHaveStrings }: ClassMembers): void {
  if (mayHaveStrings) fail('Negated character class may contain strings')
}

function lockUnion(operation: Operation | null): Operation {
  if (operation !== null && operation !== 'union') fail('Invalid set operation in character class')
  return 'union'
}

function operator(c: Cursor): Operation {
  if (c.eat('--')) return 'difference'
  return c.eat('&&') ? 'intersection' : 'union'
}

function combine(operation: Operation, a: ClassMembers, b: ClassMembers): ClassMembers {
  const entries = [...a.strings]
  switch (operation) {
    case 'union':
      return {
        set: union(a.set, b.set),
        strings: new Map([...a.strings, ...b.strings]),
        mayHaveStrings: a.mayHaveStrings || b.mayHaveStrings,
      }
    case 'intersection':
      return {
        set: intersection(a.set, b.set),
        strings: new Map(entries.filter(([text]) => b.strings.has(text))),
        mayHaveStrings: a.mayHaveStrings && b.mayHaveStrings,
      }
    case 'difference':
      return {
        set: difference(a.set, b.set),
        strings: new Map(entries.filter(([text]) => !b.strings.has(text))),
        mayHaveStrings: a.mayHaveStrings,
      }
  }
}

type Operand = { readonly members: ClassMembers; readonly isRange: boolean }

function classOperand(c: Cursor, mode: ClassMode, depth: number, ranges: boolean): Operand {
  if (c.eat('[')) return apart(c, classMembers(c, mode, depth + 1), ranges)
  if (c.eat('\\q{')) return apart(c, classStrings(c, mode), ranges)
  const first = setCharacter(c, mode)
  if (typeof first !== 'number') return apart(c, { set: first, strings: NO_STRINGS, mayHaveStrings: false }, ranges)
  if (!ranges || !c.sees('-') || c.sees('--')) return { members: single(setOf([[first, first]]), mode), isRange: false }
  c.take()
  if (c.current === -1) fail('Unterminated character class')
  if (c.sees('[') || c.sees('\\q{')) fail('Invalid character class')
  const last = setCharacter(c, mode)
  if (typeof last !== 'number') fail('Invalid character class')
  if (first > last) fail('Range out of order in character class')
  return { ...apart(c, single(setOf([[first, last]]), mode), ranges), isRange: true }
}

/** What is no single character cannot begin a range. */
function apart(c: Cursor, members: ClassMembers, ranges: boolean): Operand {
  if (ranges && c.sees('-') && !c.sees('--')) fail('Invalid character class')
  return { members, isRange: false }
}

function single(set: CharSet, mode: ClassMode): ClassMembers {
  return { set: closeOver(set, mode.folding), strings: NO_STRINGS, mayHaveStrings: false }
}

/** ClassSetCharacter, or an escape for a set. */
function setCharacter(c: Cursor, mode: ClassMode): number | CharSet {
  if (DOUBLE.some((pair) => c.sees(pair))) fail('Invalid set operation in character class')
  if (!c.eat('\\')) {
    const code = c.current
    if (code < 0x80 && SYNTAX.includes(String.fromCharCode(code))) fail('Invalid character in character class')
    return c.take()
  }
  const next = c.ahead(0)
  if (next >= 0 && next < 0x80 && PUNCTUATOR.includes(String.fromCharCode(next))) return c.take()
  return classEscape(c, mode)
}

/** `\q{a|bc}` after its brace. */
function classStrings(c: Cursor, mode: ClassMode): ClassMembers {
  const ranges: (readonly [number, number])[] = []
  const strings = new Map<string, readonly number[]>()
  let codes: number[] = []
  const end = (): void => {
    const [only = 0] = codes
    if (codes.length === 1) ranges.push([only, only])
    else strings.set(codes.map((code) => canonicalOf(code, mode.folding)).join(','), codes)
    codes = []
  }
  for (;;) {
    if (c.current === -1) fail('Unterminated character class')
    if (c.eat('}')) break
    if (c.eat('|')) end()
    else codes.push(stringCharacter(c, mode))
  }
  end()
  return { set: closeOver(setOf(ranges), mode.folding), strings, mayHaveStrings: strings.size > 0 }
}

function stringCharacter(c: Cursor, mode: ClassMode): number {
  if (DOUBLE.some((pair) => c.sees(pair))) fail('Invalid set operation in character class')
  if (!c.eat('\\')) {
    const code = c.current
    if (code < 0x80 && SYNTAX.includes(String.fromCharCode(code))) fail('Invalid character in character class')
    return c.take()
  }
  const next = c.ahead(0)
  if (next >= 0 && next < 0x80 && PUNCTUATOR.includes(String.fromCharCode(next))) return c.take()
  return c.eat('b') ? 0x08 : characterEscape(c, mode, true)
}
