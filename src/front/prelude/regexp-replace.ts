// replace and replaceAll with a regular expression (ECMA-262 22.2.6.11).

import { regexp_after, regexp_captures, regexp_search, type Captures, type RegExp } from './regexp.ts'

declare function regexFind(text: string, source: string, flags: string, lastIndex: number): number
declare function regexPosition(at: number): number
/** The replacement with what was found in place of its `$` patterns. */
declare function regexExpand(template: string): string

/** replace with a text (22.2.6.11). */
export function string_replace_pattern(self: string, re: RegExp, template: string): string {
  if (!re.global) {
    if (!regexp_search(re, self)) return self
    return self.slice(0, regexPosition(0)) + regexExpand(template) + self.slice(regexPosition(1))
  }
  const source = re.source
  const flags = re.flags
  let out = ''
  let done = 0
  for (let at = 0; regexFind(self, source, flags, at) >= 0; at = regexp_after(self, flags)) {
    out += self.slice(done, regexPosition(0)) + regexExpand(template)
    done = regexPosition(1)
  }
  re.lastIndex = 0
  return out + self.slice(done)
}

export function string_replaceAll_pattern(self: string, re: RegExp, template: string): string {
  regexp_requireGlobal(re)
  return string_replace_pattern(self, re, template)
}

export function regexp_requireGlobal(re: RegExp): void {
  if (!re.global) throw new TypeError('String.prototype.replaceAll called with a non-global RegExp argument')
}

/** What a replacement function is called with, when all matches are found. */
type Match<A> = { captures: Captures<A>; index: number }

function regexp_find_all<A>(text: string, re: RegExp, absent: A): Match<A>[] {
  const found: Match<A>[] = []
  if (!re.global) {
    if (regexp_search(re, text)) found.push({ captures: regexp_captures(text, absent), index: regexPosition(0) })
    return found
  }
  const source = re.source
  const flags = re.flags
  for (let at = 0; regexFind(text, source, flags, at) >= 0; at = regexp_after(text, flags))
    found.push({ captures: regexp_captures(text, absent), index: regexPosition(0) })
  re.lastIndex = 0
  return found
}

/** replace with a function, by what it gives for a match. */
function regexp_replace<A>(self: string, re: RegExp, absent: A, each: (found: Match<A>) => string): string {
  let out = ''
  let done = 0
  for (const match of regexp_find_all(self, re, absent)) {
    out += self.slice(done, match.index) + each(match)
    done = match.index + `${match.captures[0]}`.length
  }
  return out + self.slice(done)
}

/** `apply` calls the function with the match, its groups one by one, the index and the text, for as many groups as the pattern has. */
export function string_replace_by<A, F>(
  self: string,
  re: RegExp,
  replacer: F,
  absent: A,
  apply: (replacer: F, captures: Captures<A>, index: number, text: string) => string,
): string {
  return regexp_replace(self, re, absent, ({ captures, index }) => apply(replacer, captures, index, self))
}

/** A part that a function for patterns of any number of groups is given: a group, the index or the text. */
type Part<A> = string | number | A

/** Beyond eight groups the function is given the first of them, and looks at no more. */
export function string_replace_by_any<A>(
  self: string,
  re: RegExp,
  replacer: (
    found: string,
    a?: Part<A>,
    b?: Part<A>,
    c?: Part<A>,
    d?: Part<A>,
    e?: Part<A>,
    f?: Part<A>,
    g?: Part<A>,
    h?: Part<A>,
  ) => unknown,
  absent: A,
): string {
  return regexp_replace(self, re, absent, ({ captures, index }) => {
    const found = `${captures[0]}`
    switch (captures.length - 1) {
      case 0:
        return `${replacer(found, index, self)}`
      case 1:
        return `${replacer(found, captures[1], index, self)}`
      case 2:
        return `${replacer(found, captures[1], captures[2], index, self)}`
      case 3:
        return `${replacer(found, captures[1], captures[2], captures[3], index, self)}`
      case 4:
        return `${replacer(found, captures[1], captures[2], captures[3], captures[4], index, self)}`
      case 5:
        return `${replacer(found, captures[1], captures[2], captures[3], captures[4], captures[5], index, self)}`
      case 6:
        return `${replacer(found, captures[1], captures[2], captures[3], captures[4], captures[5], captures[6], index, self)}`
      case 7:
        return `${replacer(found, captures[1], captures[2], captures[3], captures[4], captures[5], captures[6], captures[7], index)}`
      default:
        return `${replacer(found, captures[1], captures[2], captures[3], captures[4], captures[5], captures[6], captures[7], captures[8])}`
    }
  })
}
