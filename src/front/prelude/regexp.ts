// Regular expressions (ECMA-262 22.2), and what the members of String that take them do (22.1.3). The searches themselves are
// operations of the IR.

/** How many groups a pattern has; SyntaxError when it is none. */
declare function regexGroups(source: string, flags: string): number
/** Looks for a match: its index, -1 when there is none. The functions below tell of the search made last. */
declare function regexFind(text: string, source: string, flags: string, lastIndex: number): number
/** The start (even) or end (odd) of the match, of group 1, and so on; -1 for what took no part. */
declare function regexPosition(at: number): number
declare function regexCount(): number
/** The name of a group; empty when it has none. */
declare function regexName(group: number): string
/** Makes the fields of an object properties of an array. */
declare function annotate(list: unknown[], note: object): void

/** What a match captured. `A` is what stands for a group that took no part: nothing does where every group always takes part. */
export type Captures<A> = (string | A)[]

export class RegExp {
  #source: string
  #flags: string
  #lastIndex: number

  constructor(source: string, flags: string) {
    this.#source = source
    this.#flags = flags
    this.#lastIndex = 0
  }

  get source(): string {
    return this.#source
  }

  get flags(): string {
    return this.#flags
  }

  get lastIndex(): number {
    return this.#lastIndex
  }

  set lastIndex(value: number) {
    this.#lastIndex = value
  }

  get hasIndices(): boolean {
    return this.#flags.includes('d')
  }

  get global(): boolean {
    return this.#flags.includes('g')
  }

  get ignoreCase(): boolean {
    return this.#flags.includes('i')
  }

  get multiline(): boolean {
    return this.#flags.includes('m')
  }

  get dotAll(): boolean {
    return this.#flags.includes('s')
  }

  get unicode(): boolean {
    return this.#flags.includes('u')
  }

  get unicodeSets(): boolean {
    return this.#flags.includes('v')
  }

  get sticky(): boolean {
    return this.#flags.includes('y')
  }

  toString(): string {
    return `/${this.#source}/${this.#flags}`
  }
}

/** A literal, whose pattern was looked at when the program was compiled. */
export function regexp_literal(source: string, flags: string): RegExp {
  return new RegExp(source, flags)
}

export function regexp_new(pattern: string, flags: string): RegExp {
  regexGroups(pattern, flags)
  let sorted = ''
  for (const flag of 'dgimsuvy') if (flags.includes(flag)) sorted += flag
  return new RegExp(regexp_source(pattern), sorted)
}

export function regexp_copy(re: RegExp): RegExp {
  return new RegExp(re.source, re.flags)
}

export function regexp_with_flags(re: RegExp, flags: string): RegExp {
  return regexp_new(re.source, flags)
}

/** EscapeRegExpPattern (22.2.6.13.1), as V8 does it. */
function regexp_source(pattern: string): string {
  if (pattern === '') return '(?:)'
  let out = ''
  let escaped = false
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]
    const end = regexp_lineEnd(char)
    if (end !== '') out += escaped ? end : '\\' + end
    else out += char === '/' && !escaped && !inClass ? '\\/' : char
    if (!escaped && char === '[') inClass = true
    if (!escaped && char === ']') inClass = false
    escaped = !escaped && char === '\\'
  }
  return out
}

function regexp_lineEnd(char: string): string {
  if (char === '\n') return 'n'
  if (char === '\r') return 'r'
  if (char === '\u2028') return 'u2028'
  return char === '\u2029' ? 'u2029' : ''
}

/** RegExpBuiltinExec (22.2.7.2) as far as the search: whether it found something, and the index where the next one begins. */
export function regexp_search(re: RegExp, text: string): boolean {
  const flags = re.flags
  const kept = flags.includes('g') || flags.includes('y')
  // It is asked for its number in any case (step 2).
  const last = +re.lastIndex
  const found = regexFind(text, re.source, flags, kept ? last : 0)
  if (kept) re.lastIndex = found < 0 ? 0 : regexPosition(1)
  return found >= 0
}

export function regexp_test(self: RegExp, text: string): boolean {
  return regexp_search(self, text)
}

export function regexp_exec<A>(self: RegExp, text: string, absent: A): Captures<A> | null {
  return regexp_search(self, text) ? regexp_match(text, absent) : null
}

export function regexp_exec_named<A>(self: RegExp, text: string, absent: A): Captures<A> | null {
  return regexp_search(self, text) ? regexp_match_named(text, absent) : null
}

function regexp_match<A>(text: string, absent: A): Captures<A> {
  const found = regexp_captures(text, absent)
  annotate(found, { index: regexPosition(0), input: text, groups: undefined })
  return found
}

/** The array of a match of a pattern that may have named groups. */
function regexp_match_named<A>(text: string, absent: A): Captures<A> {
  const found = regexp_captures(text, absent)
  annotate(found, { index: regexPosition(0), input: text, groups: regexp_names(text, absent) })
  return found
}

/** The groups by their names (22.2.7.2, steps 27 to 36): of several with one name the one that took part. */
function regexp_names<A>(text: string, absent: A): Record<string, string | A> | undefined {
  const groups: Record<string, string | A> = Object.create(null)
  const count = regexCount()
  let named = false
  for (let i = 1; i <= count; i++) {
    const name = regexName(i)
    if (name === '') continue
    if (regexPosition(2 * i) >= 0 || !Object.hasOwn(groups, name)) groups[name] = regexp_capture(text, i, absent)
    named = true
  }
  return named ? groups : undefined
}

export function regexp_captures<A>(text: string, absent: A): Captures<A> {
  const captures: Captures<A> = [text.slice(regexPosition(0), regexPosition(1))]
  const count = regexCount()
  for (let i = 1; i <= count; i++) captures.push(regexp_capture(text, i, absent))
  return captures
}

function regexp_capture<A>(text: string, group: number, absent: A): string | A {
  const start = regexPosition(2 * group)
  return start < 0 ? absent : text.slice(start, regexPosition(2 * group + 1))
}

/** AdvanceStringIndex (22.2.7.3). */
function regexp_advance(text: string, index: number, flags: string): number {
  if (!flags.includes('u') && !flags.includes('v')) return index + 1
  const unit = text.charCodeAt(index)
  const next = text.charCodeAt(index + 1)
  return unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff ? index + 2 : index + 1
}

/** Where to look after the match that was found last. */
export function regexp_after(text: string, flags: string): number {
  const end = regexPosition(1)
  return end === regexPosition(0) ? regexp_advance(text, end, flags) : end
}

/** match of a pattern without g is exec (22.2.6.8). */
export function string_match_first<A>(self: string, re: RegExp, absent: A): Captures<A> | null {
  return regexp_exec(re, self, absent)
}

export function string_match_first_named<A>(self: string, re: RegExp, absent: A): Captures<A> | null {
  return regexp_exec_named(re, self, absent)
}

export function string_match_all(self: string, re: RegExp): string[] | null {
  const source = re.source
  const flags = re.flags
  const found: string[] = []
  for (let at = 0; regexFind(self, source, flags, at) >= 0; at = regexp_after(self, flags))
    found.push(self.slice(regexPosition(0), regexPosition(1)))
  re.lastIndex = 0
  return found.length === 0 ? null : found
}

export function string_match_either<A>(self: string, re: RegExp, absent: A): Captures<A> | null {
  if (!re.global) return regexp_exec_named(re, self, absent)
  const found = string_match_all(self, re)
  return found === null ? null : found.map((text): string | A => text)
}

export function string_match_text(self: string, pattern: string): Captures<undefined> | null {
  return regexp_exec_named(regexp_new(pattern, ''), self, undefined)
}

export function string_matchAll<A>(self: string, re: RegExp, absent: A): Generator<Captures<A>> {
  regexp_requireMatchAll(re)
  return regexp_matches(self, re.source, re.flags, +re.lastIndex, absent)
}

export function string_matchAll_named<A>(self: string, re: RegExp, absent: A): Generator<Captures<A>> {
  regexp_requireMatchAll(re)
  return regexp_matches_named(self, re.source, re.flags, +re.lastIndex, absent)
}

function regexp_requireMatchAll(re: RegExp): void {
  if (!re.global) throw new TypeError('String.prototype.matchAll called with a non-global RegExp argument')
}

export function string_matchAll_text(self: string, pattern: string): Generator<Captures<undefined>> {
  return string_matchAll_named(self, regexp_new(pattern, 'g'), undefined)
}

function* regexp_matches<A>(
  text: string,
  source: string,
  flags: string,
  lastIndex: number,
  absent: A,
): Generator<Captures<A>> {
  for (let at = lastIndex; regexFind(text, source, flags, at) >= 0;) {
    at = regexp_after(text, flags)
    yield regexp_match(text, absent)
  }
}

function* regexp_matches_named<A>(
  text: string,
  source: string,
  flags: string,
  lastIndex: number,
  absent: A,
): Generator<Captures<A>> {
  for (let at = lastIndex; regexFind(text, source, flags, at) >= 0;) {
    at = regexp_after(text, flags)
    yield regexp_match_named(text, absent)
  }
}

export function string_search(self: string, re: RegExp): number {
  return regexFind(self, re.source, re.flags, 0)
}

export function string_search_text(self: string, pattern: string): number {
  return string_search(self, regexp_new(pattern, ''))
}

/**
 * Looks for the next separator. The search goes from unit to unit, as in V8; where the pattern is sticky, from character to
 * character, as the standard has it.
 */
function regexp_separates(re: RegExp, flags: string, text: string, from: number): boolean {
  if (!re.sticky) return regexFind(text, re.source, flags, from) >= 0
  for (let at = from; at < text.length; at = regexp_advance(text, at, flags))
    if (regexFind(text, re.source, re.flags, at) >= 0) return true
  return false
}

/** split at a pattern (22.2.6.14); `limit` is a uint32. */
export function string_split_pattern<A>(self: string, re: RegExp, limit: number, absent: A): Captures<A> {
  const out: Captures<A> = []
  const most = limit >>> 0
  if (most === 0) return out
  const flags = re.flags.replace('y', '')
  if (self === '') {
    if (regexFind(self, re.source, flags, 0) < 0) out.push(self)
    return out
  }
  let done = 0
  let at = 0
  while (at < self.length && regexp_separates(re, flags, self, at)) {
    const start = regexPosition(0)
    const end = regexPosition(1)
    if (start >= self.length) break
    at = end === start || end === done ? regexp_advance(self, start, flags) : end
    if (end === done) continue
    out.push(self.slice(done, start))
    if (out.length === most) return out
    done = end
    const count = regexCount()
    for (let i = 1; i <= count; i++) {
      out.push(regexp_capture(self, i, absent))
      if (out.length === most) return out
    }
  }
  out.push(self.slice(done))
  return out
}
