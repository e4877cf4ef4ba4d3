import { EMPTY, setOf, type CharSet } from './char-set.ts'

/** What a pattern uses that this engine leaves out: properties of strings, such as RGI_Emoji. */
export class Unsupported extends Error {}

const PROPERTIES_OF_STRINGS: ReadonlySet<string> = new Set([
  'Basic_Emoji',
  'Emoji_Keycap_Sequence',
  'RGI_Modifier_Sequence',
  'RGI_Flag_Sequence',
  'RGI_Emoji_Modifier_Sequence',
  'RGI_Emoji_Flag_Sequence',
  'RGI_Emoji_Tag_Sequence',
  'RGI_Emoji_ZWJ_Sequence',
  'RGI_Emoji',
])

const made = new Map<string, CharSet | null>()

/**
 * The code points that have a property (22.2.2.9.8 ff.), null when there is no such property. The host has the data of Unicode
 * in its regular expressions, and is asked once for each property.
 */
export function propertySet(name: string): CharSet | null {
  const known = made.get(name)
  if (known !== undefined) return known
  const set = askHost(name)
  made.set(name, set)
  return set
}

export function isPropertyOfStrings(name: string): boolean {
  return PROPERTIES_OF_STRINGS.has(name)
}

/** Code points that the host is shown at once. */
const BLOCK = 0x2000
const CODE_POINTS = 0x110000

function askHost(name: string): CharSet | null {
  const runs = matcherOf(name)
  if (!runs) return null
  const ranges: (readonly [number, number])[] = []
  for (let start = 0; start < CODE_POINTS; start += BLOCK) {
    // The surrogates are shown one at a time, since two of them could be read as one character.
    if (start >= 0xc000 && start < 0xe000) for (let i = start; i < start + BLOCK; i++) show(runs, i, 1, ranges)
    else show(runs, start, BLOCK, ranges)
  }
  return ranges.length === 0 ? EMPTY : setOf(ranges)
}

function show(runs: RegExp, start: number, count: number, ranges: (readonly [number, number])[]): void {
  const codes = Array.from({ length: count }, (_, i) => start + i)
  const width = start >= 0x10000 ? 2 : 1
  for (const found of String.fromCodePoint(...codes).matchAll(runs)) {
    const first = start + found.index / width
    ranges.push([first, first + found[0].length / width - 1])
  }
}

function matcherOf(name: string): RegExp | null {
  if (!/^[A-Za-z0-9_]+(=[A-Za-z0-9_]+)?$/.test(name)) return null
  try {
    return new RegExp(`\\p{${name}}+`, 'gu')
  } catch {
    return null
  }
}
