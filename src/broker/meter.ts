/** Thrown when a run has moved as many bytes as it may. */
export class IoLimitReached extends Error {}

/**
 * Bytes that a run may move. What a program moves that it called counts in the account of that and in its own, as it happens, so
 * that no two of them have the same bytes.
 */
export class IoAccount {
  bytesIn = 0
  bytesOut = 0
  /** Of programs that were called. */
  nestedBytes = 0
  readonly #bytesMax: number
  readonly #caller: IoAccount | undefined

  constructor(bytesMax: number, caller?: IoAccount) {
    this.#bytesMax = bytesMax
    this.#caller = caller
  }

  /** Bytes that the run may still move. */
  get left(): number {
    const own = Math.max(0, this.#bytesMax - this.bytesIn - this.bytesOut - this.nestedBytes)
    return Math.min(own, this.#caller?.left ?? Infinity)
  }

  /** Whether more was moved than might be: what came in was there before it was known how much it is. */
  get isOver(): boolean {
    return this.bytesIn + this.bytesOut + this.nestedBytes > this.#bytesMax
  }

  /** Throws {@link IoLimitReached}. */
  take(way: 'bytesIn' | 'bytesOut' | 'nestedBytes', bytes: number): void {
    this[way] += bytes
    this.#caller?.take('nestedBytes', bytes)
    if (this.isOver) throw new IoLimitReached()
  }
}

/**
 * The bytes of one call. What goes out are the arguments, and what is sent again; what comes in is what a handler reads,
 * or the answer where that is more.
 */
export class IoMeter {
  readonly account: IoAccount
  #bytesIn = 0

  constructor(account: IoAccount) {
    this.account = account
  }

  /** Bytes that the run may still move. */
  get left(): number {
    return this.account.left
  }

  /** Counts bytes before they go out. Throws {@link IoLimitReached}. */
  takeOut(bytes: number): void {
    this.account.take('bytesOut', bytes)
  }

  /** Counts bytes that came in. Throws {@link IoLimitReached}. */
  takeIn(bytes: number): void {
    this.#bytesIn += bytes
    this.account.take('bytesIn', bytes)
  }

  /** Counts of an answer what was not counted as it came in. Throws {@link IoLimitReached}. */
  takeAnswer(bytes: number): void {
    this.takeIn(Math.max(0, bytes - this.#bytesIn))
  }
}
