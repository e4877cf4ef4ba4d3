/** What a search may use, and who says when that is too much. */
export type Budget = {
  /** Steps that may still be taken. */
  steps: number
  /** Called once for a search that takes more; does not come back. */
  exhausted(): never
  /** Asks for more room to go back, in bytes; ends the run when that is too much. */
  grow(bytes: number): void
}

const FIRST_LIMIT = 1024
const WORD_BYTES = 4

/**
 * The places to go back to. The array is kept between searches; what is charged depends on how far this search fills it,
 * not on what is already there.
 */
export class Stack {
  words = new Int32Array(FIRST_LIMIT)
  /** Words that the search has paid for. */
  limit = FIRST_LIMIT

  reset(): void {
    this.limit = FIRST_LIMIT
  }

  grow(budget: Budget): void {
    budget.grow(this.limit * WORD_BYTES)
    this.limit *= 2
    if (this.words.length >= this.limit) return
    const words = new Int32Array(this.limit)
    words.set(this.words)
    this.words = words
  }

  /** Lets go of an array that one search has made large. */
  release(): void {
    if (this.words.length > KEPT) this.words = new Int32Array(FIRST_LIMIT)
  }
}

const KEPT = 2 ** 18
