import { closeOver, equalTo, type Folding } from '../case-folding.ts'
import { complement, EVERYTHING, LINE_ENDS, setOf, type CharSet } from '../char-set.ts'
import { EMPTY_NODE, type Flags, type Node, type Pattern } from '../node.ts'
import { classMembers, type ClassMembers } from './class-sets.ts'
import { classSet, setEscape, wordSet, type ClassMode } from './classes.ts'
import { codeOf, Cursor, fail, isDigit } from './cursor.ts'
import { Unsupported } from '../properties.ts'
import { characterEscape } from './escapes.ts'
import { groupName, surveyGroups } from './names.ts'

/** Groups that a pattern may have, as in V8. */
const GROUPS_MAX = 65_535
/** Groups in groups. */
const NESTING_MAX = 500

/** A pattern is nested too deeply. */
export class TooDeep extends Error {}

/** The flags that a part of a pattern may change: `(?i:...)`. */
type Modes = { readonly ignoreCase: boolean; readonly multiline: boolean; readonly dotAll: boolean }

/** Parses a pattern (22.2.1, with B.1.2 where neither u nor v is given); throws PatternError. */
export function parsePattern(text: string, flags: Flags): Pattern {
  return new Parser(text, flags).parse()
}

class Parser {
  readonly #c: Cursor
  readonly #flags: Flags
  readonly #total: number
  readonly #named: boolean
  readonly #names = new Map<number, string>()
  /** The alternatives that a place is in, for names that are used twice: the choice and which option. */
  readonly #path: { choice: number; option: number }[] = []
  readonly #paths = new Map<number, readonly { readonly choice: number; readonly option: number }[]>()
  /** References by name, to be looked up when all names are known. */
  readonly #references: { readonly name: string; readonly groups: number[] }[] = []
  #groups = 0
  #choices = 0
  #depth = 0
  #modes: Modes

  constructor(text: string, flags: Flags) {
    this.#c = new Cursor(text, flags.unicode)
    this.#flags = flags
    this.#modes = flags
    const { count, named } = surveyGroups(text)
    this.#total = count
    this.#named = named
  }

  parse(): Pattern {
    const body = this.#disjunction()
    if (this.#c.current !== -1) fail("Unmatched ')'")
    for (const { name, groups } of this.#references) {
      for (const [index, known] of this.#names) if (known === name) groups.push(index)
      if (groups.length === 0) fail('Invalid named capture referenced')
    }
    return { body, groupCount: this.#groups, names: this.#names }
  }

  get #folding(): Folding {
    if (!this.#modes.ignoreCase) return 'none'
    return this.#flags.unicode ? 'simple' : 'upper'
  }

  get #mode(): ClassMode {
    return { unicode: this.#flags.unicode, sets: this.#flags.sets, named: this.#named, folding: this.#folding }
  }

  #disjunction(): Node {
    if (++this.#depth > NESTING_MAX) throw new TooDeep()
    const place = { choice: this.#choices++, option: 0 }
    this.#path.push(place)
    const options = [this.#alternative()]
    while (this.#c.eat('|')) {
      this.#path[this.#path.length - 1] = { choice: place.choice, option: options.length }
      options.push(this.#alternative())
    }
    this.#path.pop()
    this.#depth--
    return options.length === 1 ? options[0]! : { kind: 'choice', options }
  }

  #alternative(): Node {
    const parts: Node[] = []
    for (;;) {
      const { current } = this.#c
      if (current === -1 || current === codeOf('|') || current === codeOf(')')) break
      const part = this.#term()
      if (part.kind !== 'empty') parts.push(part)
    }
    if (parts.length === 0) return EMPTY_NODE
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts }
  }

  #term(): Node {
    const from = this.#groups + 1
    const assertion = this.#assertion()
    if (assertion) return assertion
    const isLook = /^\(\?<?[=!]/.test(this.#c.text.slice(this.#c.at, this.#c.at + 4))
    return this.#quantified(this.#atom(), from, isLook)
  }

  #assertion(): Node | null {
    const c = this.#c
    const { multiline } = this.#modes
    if (c.eat('^')) return { kind: 'start', multiline }
    if (c.eat('$')) return { kind: 'end', multiline }
    const negative = c.sees('\\B')
    if (!c.eat('\\b') && !c.eat('\\B')) return null
    return { kind: 'boundary', negative, word: wordSet(this.#folding) }
  }

  #atom(): Node {
    const c = this.#c
    const { current } = c
    switch (String.fromCodePoint(current)) {
      case '*':
      case '+':
      case '?':
        return fail('Nothing to repeat')
      case '(':
        return this.#parenthesis()
      case '[':
        c.take()
        return this.#flags.sets ? this.#membersNode(classMembers(c, this.#mode)) : set(classSet(c, this.#mode))
      case '\\':
        return this.#escape()
      case '.':
        c.take()
        return set(this.#modes.dotAll ? EVERYTHING : complement(LINE_ENDS))
      case '{':
        if (this.#interval()) fail('Nothing to repeat')
        break
      case '}':
      case ']':
        break
      default:
        return this.#char(c.take())
    }
    if (this.#flags.unicode) fail('Lone quantifier brackets')
    return this.#char(c.take())
  }

  #char(code: number): Node {
    return set(setOf(equalTo(code, this.#folding).map((member) => [member, member] as const)))
  }

  /** A class with strings tries the longest first. */
  #membersNode({ set: single, strings }: ClassMembers): Node {
    if (strings.size === 0) return set(single)
    const sorted = [...strings.values()].sort((a, b) => b.length - a.length)
    const options = sorted.map((codes): Node => {
      const parts = codes.map((code) => this.#char(code))
      return parts.length === 0 ? EMPTY_NODE : { kind: 'sequence', parts }
    })
    const longer = sorted.filter((codes) => codes.length > 0).length
    options.splice(longer, 0, set(single))
    return { kind: 'choice', options }
  }

  #escape(): Node {
    const c = this.#c
    c.take()
    const next = c.ahead(0)
    if (next === -1) fail('\\ at end of pattern')
    if (next >= codeOf('1') && next <= codeOf('9')) return this.#decimalEscape()
    if (next === codeOf('0')) {
      if (this.#flags.unicode && isDigit(c.ahead(1))) fail('Invalid decimal escape')
      return this.#char(characterEscape(c, this.#mode, false))
    }
    if (next === codeOf('k') && (this.#flags.unicode || this.#named)) return this.#namedReference()
    const escaped = setEscape(c, this.#mode, 'Invalid property name')
    if (!escaped) return this.#char(characterEscape(c, this.#mode, false))
    return set(this.#flags.sets ? escaped : closeOver(escaped, this.#folding))
  }

  #decimalEscape(): Node {
    const c = this.#c
    const start = c.at
    const index = c.number() ?? 0
    if (index <= this.#total) return this.#reference([index])
    if (this.#flags.unicode) fail('Invalid escape')
    c.at = start
    if (c.current >= codeOf('8')) return this.#char(c.take())
    return this.#char(characterEscape(c, this.#mode, false))
  }

  #reference(groups: number[]): Node {
    return { kind: 'reference', groups, folding: this.#folding }
  }

  #namedReference(): Node {
    const c = this.#c
    c.take()
    if (!c.eat('<')) fail('Invalid named reference')
    const name = groupName(c)
    const groups: number[] = []
    this.#references.push({ name, groups })
    return this.#reference(groups)
  }

  #parenthesis(): Node {
    const c = this.#c
    c.take()
    if (c.eat('?:')) return this.#rest()
    if (c.eat('?=')) return this.#look(true, false)
    if (c.eat('?!')) return this.#look(true, true)
    if (c.eat('?<=')) return this.#look(false, false)
    if (c.eat('?<!')) return this.#look(false, true)
    if (c.sees('?') && !c.eat('?<')) return this.#modified()
    return this.#group(c.text[c.at - 1] === '<')
  }

  #group(named: boolean): Node {
    if (this.#groups >= GROUPS_MAX) fail('Too many captures')
    const index = ++this.#groups
    if (named) {
      this.#names.set(index, groupName(this.#c))
      this.#paths.set(index, [...this.#path])
    }
    const body = this.#rest()
    this.#checkName(index)
    return { kind: 'group', index, body }
  }

  /** A name may be used again only where no match can have both groups: in other options of a choice. */
  #checkName(index: number): void {
    const name = this.#names.get(index)
    if (name === undefined) return
    for (const [other, known] of this.#names)
      if (other !== index && known === name && !this.#areApart(other, index)) fail('Duplicate capture group name')
  }

  #areApart(a: number, b: number): boolean {
    const path = this.#paths.get(b)!
    return this.#paths
      .get(a)!
      .some(({ choice, option }) => path.some((at) => at.choice === choice && at.option !== option))
  }

  #look(ahead: boolean, negative: boolean): Node {
    return { kind: 'look', ahead, negative, body: this.#rest() }
  }

  /** What is in parentheses, and the closing one. */
  #rest(): Node {
    const modes = this.#modes
    const body = this.#disjunction()
    this.#modes = modes
    if (!this.#c.eat(')')) fail('Unterminated group')
    return body
  }

  /** `(?ims-ims:...)`. */
  #modified(): Node {
    const c = this.#c
    c.take()
    if (!/^[ims-]$/.test(c.text[c.at] ?? '')) fail('Invalid group')
    const seen = new Set<string>()
    const outer = this.#modes
    const modes = { ignoreCase: outer.ignoreCase, multiline: outer.multiline, dotAll: outer.dotAll }
    let on = true
    for (; !c.eat(':'); c.at++) {
      const letter = c.text[c.at] ?? ''
      if (letter === '-') {
        if (!on) fail('Multiple dashes in flag group')
        on = false
        continue
      }
      const mode = MODIFIERS[letter] ?? fail('Invalid group')
      if (seen.has(letter)) fail('Repeated flag in flag group')
      seen.add(letter)
      modes[mode] = on
    }
    if (seen.size === 0) fail('Invalid flag group')
    // V8 (14) takes no notice of the change in character classes, and after the group in unicode mode.
    if (seen.has('i')) throw new Unsupported('a change of the flag i inside a pattern')
    this.#modes = modes
    const body = this.#rest()
    this.#modes = outer
    return body
  }

  #quantified(body: Node, from: number, isLook: boolean): Node {
    const bounds = this.#quantifier()
    if (!bounds) return body
    const [min, max] = bounds
    const greedy = !this.#c.eat('?')
    if (isLook && body.kind === 'look' && (this.#flags.unicode || !body.ahead)) fail('Invalid quantifier')
    return { kind: 'repeat', min, max, greedy, body, from, to: this.#groups + 1 }
  }

  #quantifier(): readonly [min: number, max: number] | null {
    const c = this.#c
    if (c.eat('*')) return [0, Infinity]
    if (c.eat('+')) return [1, Infinity]
    if (c.eat('?')) return [0, 1]
    if (!c.sees('{')) return null
    const bounds = this.#interval()
    if (!bounds) return this.#flags.unicode ? fail('Incomplete quantifier') : null
    if (bounds[1] < bounds[0]) fail('numbers out of order in {} quantifier')
    return bounds
  }

  /** `{n}`, `{n,}` or `{n,m}`; null, and no move, when it is none. */
  #interval(): readonly [min: number, max: number] | null {
    const c = this.#c
    const start = c.at
    c.eat('{')
    const min = c.number()
    const max = min !== null && c.eat(',') ? (c.number() ?? Infinity) : min
    if (min !== null && max !== null && c.eat('}')) return [min, max]
    c.at = start
    return null
  }
}

const MODIFIERS: { readonly [letter: string]: keyof Modes } = { i: 'ignoreCase', m: 'multiline', s: 'dotAll' }

function set(members: CharSet): Node {
  return { kind: 'set', set: members }
}
