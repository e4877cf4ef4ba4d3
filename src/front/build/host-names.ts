import { isRefusedGlobal, REFUSALS, refusalOf } from '../../base/index.ts'

/** What to write instead of well-known names that programs cannot use yet; each a full sentence. Those refused for good have pages. */
const INSTEAD: readonly (readonly [names: string, hint: string])[] = [
  ['Temporal', 'Take the time as a number: `Date.now()`.'],
  ['Intl', 'Use Intl.NumberFormat or Intl.DateTimeFormat, or format the text in the program.'],
  ['BigInt64Array BigUint64Array', 'Use an array of bigints, or two words of a Uint32Array for each.'],
  ['Float16Array', 'Use a Float32Array.'],
]

const HINTS: ReadonlyMap<string, string> = new Map(
  INSTEAD.flatMap(([names, hint]) => names.split(' ').map((name) => [name, hint] as const)),
)

/** Whether Node declares a name. Any other that the program does not declare is a ReferenceError where it is used. */
export function isHostName(name: string): boolean {
  return name in globalThis || name === 'arguments' || isRefusedGlobal(name) || HINTS.has(name)
}

/** What to write instead of a name that only other runtimes have, or of a member of the library that has a page. */
export function hintFor(name: string): string | undefined {
  const page = refusalOf(name)
  return page ? REFUSALS[page].hint : HINTS.get(name)
}
