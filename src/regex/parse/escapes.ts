import { codeOf, fail, isDigit, type Cursor } from './cursor.ts'

/** What decides how escapes are read: the flags u and v, and whether the pattern has named groups. */
export type EscapeMode = { readonly unicode: boolean; readonly named: boolean }

const CONTROL: ReadonlyMap<number, number> = new Map(
  Object.entries({ f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b }).map(([letter, code]) => [codeOf(letter), code]),
)
const SYNTAX: ReadonlySet<number> = new Set([...'^$\\.*+?()[]{}|/'].map(codeOf))

/** CharacterEscape (22.2.1, B.1.2) after its backslash; `inClass` accepts more. */
export function characterEscape(c: Cursor, mode: EscapeMode, inClass: boolean): number {
  const letter = c.ahead(0)
  const control = CONTROL.get(letter)
  if (control !== undefined) {
    c.take()
    return control
  }
  if (letter === codeOf('c')) return controlLetter(c, mode, inClass)
  if (isDigit(letter) && letter < codeOf('8')) return octalEscape(c, mode)
  if (c.eat('x')) return c.hex(2) ?? (mode.unicode ? fail('Invalid escape') : codeOf('x'))
  if (c.eat('u')) return unicodeEscape(c, mode.unicode) ?? (mode.unicode ? fail('Invalid Unicode escape') : codeOf('u'))
  return identityEscape(c, mode, inClass)
}

function controlLetter(c: Cursor, mode: EscapeMode, inClass: boolean): number {
  const letter = c.ahead(1)
  const upper = letter & ~0x20
  const isLetter = upper >= 0x41 && upper <= 0x5a
  if (isLetter || (!mode.unicode && inClass && (isDigit(letter) || letter === codeOf('_')))) {
    c.at += 2
    return letter & 0x1f
  }
  if (mode.unicode) fail('Invalid Unicode escape')
  // The backslash stands for itself, and the c comes next.
  return codeOf('\\')
}

function octalEscape(c: Cursor, mode: EscapeMode): number {
  if (c.ahead(0) === codeOf('0') && !isDigit(c.ahead(1))) {
    c.take()
    return 0
  }
  if (mode.unicode) fail('Invalid decimal escape')
  let value = 0
  for (let i = 0; i < 3; i++) {
    const digit = c.ahead(0) - 0x30
    if (digit < 0 || digit > 7 || value * 8 + digit > 0o377) break
    value = value * 8 + digit
    c.take()
  }
  return value
}

/** What follows `\u`; null, and no move, when that is no escape. */
export function unicodeEscape(c: Cursor, unicode: boolean): number | null {
  const start = c.at
  if (unicode && c.eat('{')) {
    const digits = /^[0-9a-fA-F]*/.exec(c.text.slice(c.at, c.at + HEX_DIGITS_MAX))![0]
    c.at += digits.length
    const value = parseInt(digits, 16)
    if (digits.length > 0 && value <= 0x10ffff && c.eat('}')) return value
    c.at = start
    return null
  }
  const lead = c.hex(4)
  if (lead === null || !unicode || lead < 0xd800 || lead > 0xdbff || !c.sees('\\u')) return lead
  const after = c.at
  c.at += 2
  const trail = c.hex(4)
  if (trail !== null && trail >= 0xdc00 && trail <= 0xdfff) return (lead - 0xd800) * 0x400 + (trail - 0xdc00) + 0x10000
  c.at = after
  return lead
}

/** More leading zeros than this are not looked at. */
const HEX_DIGITS_MAX = 65_536

function identityEscape(c: Cursor, mode: EscapeMode, inClass: boolean): number {
  const code = c.current
  if (code < 0) fail('\\ at end of pattern')
  const allowed = mode.unicode
    ? SYNTAX.has(code) || (inClass && code === codeOf('-'))
    : !(mode.named && code === codeOf('k'))
  if (!allowed) fail('Invalid escape')
  return c.take()
}
