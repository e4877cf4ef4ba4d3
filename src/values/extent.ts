import type { ConsoleMethod } from '../ir/index.ts'

/** How much of a value a call of console may show. */
export type Extent = {
  /** Levels of objects within objects. */
  readonly levels: number
  /** Elements of one array, map or set. */
  readonly elements: number
  /** The values, by their place in the call, of which Node shows properties that are not enumerable as well. */
  readonly hidden: readonly number[]
}

/** Node shows objects to a depth of two; one more lets it see whether there is anything. A hundred elements, and it looks at one more. */
const SHOWN: Extent = { levels: 4, elements: 102, hidden: [] }
/** `%o` shows two levels more. */
const LEVELS_HIDDEN = 6
const ROWS: Extent = { ...SHOWN, elements: Infinity }
const ALL: Extent = { levels: Infinity, elements: Infinity, hidden: [] }

/** How much Node may show of the values of a call, of which `values` are the first ones, whose parts do not matter. */
export function extentOf(method: ConsoleMethod, values: readonly unknown[]): Extent {
  if (method === 'table') return ROWS
  if (method === 'timeLog') return SHOWN
  if (method === 'dir') return values[1] === undefined ? SHOWN : ALL
  const at = method === 'assert' ? 1 : 0
  const format = values[at]
  if (typeof format !== 'string' || !format.includes('%')) return SHOWN
  const asked = directivesOf(format, values.length - at - 1)
  const hidden = asked.flatMap((directive, i) => (directive === 'o' ? [at + 1 + i] : []))
  if (asked.includes('j')) return { ...ALL, hidden }
  return hidden.length > 0 ? { ...SHOWN, levels: LEVELS_HIDDEN, hidden } : SHOWN
}

/** The letters of the directives of a format that take one of `count` values each, in order. */
function directivesOf(format: string, count: number): readonly string[] {
  const letters = [...format.matchAll(/%([sjdOoifc%])/g)]
    .map(([, letter]) => letter!)
    .filter((letter) => letter !== '%')
  return letters.slice(0, count)
}
