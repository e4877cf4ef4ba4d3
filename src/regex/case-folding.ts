import { has, setOf, union, type CharSet } from './char-set.ts'

/**
 * Canonicalize (22.2.2.7.3). What matters to a match is which characters are equal, so there are no tables of
 * mappings but classes of equal characters, found once by asking the host, whose version of Unicode they so have.
 */
export type Folding = 'none' | 'simple' | 'upper'

/** Classes of two and more characters, and where each character's class is. */
type Classes = { readonly list: readonly (readonly number[])[]; readonly of: ReadonlyMap<number, readonly number[]> }

const made = new Map<Folding, Classes>()

function classesOf(folding: Folding): Classes {
  const known = made.get(folding)
  if (known) return known
  const list = folding === 'upper' ? upperClasses() : simpleClasses()
  const classes = { list, of: new Map(list.flatMap((members) => members.map((code) => [code, members] as const))) }
  made.set(folding, classes)
  return classes
}

const ASCII_END = 0x80
const UNITS_END = 0x10000
/** Past all letters that have a case. */
const CASED_END = 0x20000

function group(end: number, keyOf: (code: number) => string | number | undefined): number[][] {
  const groups = new Map<string | number, number[]>()
  for (let code = 0; code < end; code++) {
    const key = keyOf(code)
    if (key === undefined) continue
    const known = groups.get(key)
    if (known) known.push(code)
    else groups.set(key, [code])
  }
  return [...groups.values()].filter((members) => members.length > 1)
}

/** Without the flag u: by toUppercase of single units, where no other character becomes ASCII. */
function upperClasses(): number[][] {
  return group(UNITS_END, (code) => {
    const upper = String.fromCharCode(code).toUpperCase()
    const unit = upper.length === 1 ? upper.charCodeAt(0) : code
    return code >= ASCII_END && unit < ASCII_END ? code : unit
  })
}

/** With u or v: simple case folding, which the host has nowhere but in its own regular expressions. */
function simpleClasses(): number[][] {
  const candidates = group(CASED_END, (code) =>
    code >= 0xd800 && code <= 0xdfff ? undefined : String.fromCodePoint(code).toLowerCase().toUpperCase(),
  )
  return candidates.flatMap(splitByHost)
}

function splitByHost(candidates: readonly number[]): number[][] {
  const classes: number[][] = []
  let left = candidates
  while (left.length > 1) {
    const [first = 0] = left
    const equal = new RegExp(`^\\u{${first.toString(16)}}$`, 'iu')
    const members = left.filter((code) => equal.test(String.fromCodePoint(code)))
    if (members.length > 1) classes.push(members)
    left = left.filter((code) => code !== first && !members.includes(code))
  }
  return classes
}

const isAsciiLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
/** ASCII letters that have a third of their kind under simple folding: the Kelvin sign and the long s. */
const BEYOND_ASCII = new Map([
  [0x6b, 0x212a],
  [0x73, 0x17f],
])

/** The characters that are equal to one, itself among them. */
export function equalTo(code: number, folding: Folding): readonly number[] {
  if (folding === 'none') return [code]
  if (code >= ASCII_END) return classesOf(folding).of.get(code) ?? [code]
  if (!isAsciiLetter(code)) return [code]
  const more = folding === 'simple' ? BEYOND_ASCII.get(code | 0x20) : undefined
  return [code & ~0x20, code | 0x20, ...(more === undefined ? [] : [more])]
}

/** The characters that are equal to some of a set. */
export function closeOver(set: CharSet, folding: Folding): CharSet {
  if (folding === 'none') return set
  const last = set.at(-1) ?? 0
  const more: (readonly [number, number])[] = []
  const add = (members: readonly number[]): void => {
    for (const member of members) more.push([member, member])
  }
  for (let code = 0x41; code <= 0x5a; code++) if (has(set, code) || has(set, code | 0x20)) add(equalTo(code, folding))
  if (last >= ASCII_END)
    for (const members of classesOf(folding).list) if (members.some((code) => has(set, code))) add(members)
  return more.length === 0 ? set : union(set, setOf(more))
}

/** One character that stands for all that are equal to a given one. */
export function canonicalOf(code: number, folding: Folding): number {
  if (folding === 'none') return code
  if (code < ASCII_END) return isAsciiLetter(code) ? code & ~0x20 : code
  return classesOf(folding).of.get(code)?.[0] ?? code
}
