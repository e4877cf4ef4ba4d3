import { complement, DIGITS, setOf, SPACE, union, WORD, type CharSet } from '../char-set.ts'
import { closeOver, type Folding } from '../case-folding.ts'
import { isPropertyOfStrings, propertySet, Unsupported } from '../properties.ts'
import { codeOf, fail, type Cursor } from './cursor.ts'
import { characterEscape, type EscapeMode } from './escapes.ts'

export type ClassMode = EscapeMode & { readonly sets: boolean; readonly folding: Folding }

/** CharacterClassEscape (22.2.1) after its backslash; null when it is none. `error` is what a bad property is. */
export function setEscape(c: Cursor, mode: ClassMode, error: string): CharSet | null {
  const letter = String.fromCharCode(c.ahead(0))
  if (letter === 'p' || letter === 'P') return mode.unicode ? property(c, mode, error) : null
  const set = simpleEscape(letter.toLowerCase(), mode)
  if (!set) return null
  c.take()
  return letter === letter.toLowerCase() ? set : complement(set)
}

function simpleEscape(letter: string, mode: ClassMode): CharSet | null {
  if (letter === 'd') return DIGITS
  if (letter === 's') return SPACE
  return letter === 'w' ? wordSet(mode.folding) : null
}

/** Word characters, and under u and i those that are equal to one (22.2.2.9.3). */
export function wordSet(folding: Folding): CharSet {
  return folding === 'simple' ? closeOver(WORD, folding) : WORD
}

function property(c: Cursor, mode: ClassMode, error: string): CharSet {
  const negative = c.take() === codeOf('P')
  const end = c.text.indexOf('}', c.at)
  if (!c.eat('{') || end < 0) fail(error)
  const name = c.text.slice(c.at, end)
  c.at = end + 1
  if (mode.sets && isPropertyOfStrings(name)) {
    if (negative) fail(error)
    throw new Unsupported(`\\p{${name}}`)
  }
  const set = propertySet(name) ?? fail(error)
  // With v, what is complemented is folded before; V8 makes an exception.
  const folded = mode.sets && name !== 'ASCII' ? closeOver(set, mode.folding) : set
  return negative ? complement(folded) : folded
}

/** A class without v, after its `[` (22.2.1 NonemptyClassRanges, B.1.2), with what is equal to its members. */
export function classSet(c: Cursor, mode: ClassMode): CharSet {
  const negative = c.eat('^')
  const sets: CharSet[] = []
  const ranges: (readonly [number, number])[] = []
  const add = (atom: number | CharSet): void => {
    if (typeof atom === 'number') ranges.push([atom, atom])
    else sets.push(atom)
  }
  while (c.current !== -1 && !c.sees(']')) {
    const first = classAtom(c, mode)
    if (!c.eat('-')) {
      add(first)
      continue
    }
    if (c.current === -1) break
    if (c.sees(']')) {
      add(first)
      add(codeOf('-'))
      break
    }
    const last = classAtom(c, mode)
    if (typeof first === 'number' && typeof last === 'number') {
      if (first > last) fail('Range out of order in character class')
      ranges.push([first, last])
    } else {
      if (mode.unicode) fail('Invalid character class')
      add(first)
      add(codeOf('-'))
      add(last)
    }
  }
  if (!c.eat(']')) fail('Unterminated character class')
  const set = closeOver(union(setOf(ranges), ...sets), mode.folding)
  return negative ? complement(set) : set
}

function classAtom(c: Cursor, mode: ClassMode): number | CharSet {
  if (!c.eat('\\')) return c.take()
  return classEscape(c, mode)
}

/** What a backslash in a class begins. */
export function classEscape(c: Cursor, mode: ClassMode): number | CharSet {
  if (c.current === -1) fail('\\ at end of pattern')
  if (c.eat('b')) return 0x08
  return setEscape(c, mode, 'Invalid property name in character class') ?? characterEscape(c, mode, true)
}
