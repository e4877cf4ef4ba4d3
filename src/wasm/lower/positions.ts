import type { TrapName } from '../../base/index.ts'
import type { Span } from '../../base/index.ts'

/** An instruction that may fail or call: where it stands in its function, for what in the source, and what failing means. */
export type Mark = { readonly offset: number; readonly span: Span; readonly trap: TrapName | undefined }

/** The marks of one function of the module. `name` is absent for code that no function of the program stands behind. */
export type MarkedFunc = { readonly func: number; readonly name: string | undefined; readonly marks: readonly Mark[] }

/** What stands at an offset of the module. */
export type Position = { readonly func: MarkedFunc; readonly mark: Mark | undefined }

/**
 * From offsets in a module, as the stack traces of the host give them, to places in the source: what a debugger
 * calls a line table.
 */
export class Positions {
  /** By start of the function's instructions, ascending. */
  readonly #starts: readonly number[]
  readonly #funcs: readonly MarkedFunc[]

  constructor(starts: readonly number[], funcs: readonly MarkedFunc[]) {
    this.#starts = starts
    this.#funcs = funcs
  }

  find(offset: number): Position | undefined {
    const index = lastAtMost(this.#starts, offset)
    const func = this.#funcs[index]
    if (!func) return undefined
    const within = offset - this.#starts[index]!
    return { func, mark: func.marks.findLast((mark) => mark.offset === within) }
  }
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const mid = (low + high) >> 1
    if (sorted[mid]! <= value) low = mid + 1
    else high = mid - 1
  }
  return high
}
