import type { ConsoleMethod } from '../ir/index.ts'

/** How much of a value a call of console may show. */
export type Extent = {
  /** Levels of objects within objects. */
  readonly levels: number
  /** Elements of one array, map or set. */
  readonly elements: number
  /** Node shows properties that are not enumerable as well. */
  readonly hidden: boolean
}

/** Node shows objects to a depth of two; one more lets it see whether there is anything. A hundred elements, and it looks at one more. */
const SHOWN: Extent = { levels: 4, elements: 102, hidden: false }
/** `%o` shows two levels more. */
const SHOWN_HIDDEN: Extent = { ...SHOWN, levels: 6, hidden: true }
const ROWS: Extent = { ...SHOWN, elements: Infinity }
const ALL: Extent = { levels: Infinity, elements: Infinity, hidden: false }

/** How much Node may show of the values of a call, of which `values` are the first ones, whose parts do not matter. */
export function extentOf(method: ConsoleMethod, values: readonly unknown[]): Extent {
  if (method === 'table') return ROWS
  if (method === 'timeLog') return SHOWN
  if (method === 'dir') return values[1] === undefined ? SHOWN : ALL
  const format = values[method === 'assert' ? 1 : 0]
  if (typeof format !== 'string' || !format.includes('%')) return SHOWN
  if (format.includes('%o')) return format.includes('%j') ? { ...ALL, hidden: true } : SHOWN_HIDDEN
  return format.includes('%j') ? ALL : SHOWN
}
