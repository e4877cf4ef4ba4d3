/** Thrown when a run has moved as many bytes as it may. */
export class IoLimitReached extends Error {}

/** Bytes that all calls of a run took out and brought in. */
export type IoTotal = { bytesIn: number; bytesOut: number }

/**
 * The bytes of one call. What goes out are the arguments, and what is sent again; what comes in is what a handler reads,
 * or the answer where that is more.
 */
export class IoMeter {
  readonly #total: IoTotal
  readonly #bytesMax: number
  #bytesIn = 0

  constructor(total: IoTotal, bytesMax: number) {
    this.#total = total
    this.#bytesMax = bytesMax
  }

  /** Bytes that the run may still move. */
  get left(): number {
    return Math.max(0, this.#bytesMax - this.#total.bytesIn - this.#total.bytesOut)
  }

  /** Counts bytes before they go out. Throws {@link IoLimitReached}. */
  takeOut(bytes: number): void {
    this.#total.bytesOut += bytes
    this.#check()
  }

  /** Counts bytes that came in. Throws {@link IoLimitReached}. */
  takeIn(bytes: number): void {
    this.#bytesIn += bytes
    this.#total.bytesIn += bytes
    this.#check()
  }

  /** Counts of an answer what was not counted as it came in. Throws {@link IoLimitReached}. */
  takeAnswer(bytes: number): void {
    this.takeIn(Math.max(0, bytes - this.#bytesIn))
  }

  #check(): void {
    if (this.#total.bytesIn + this.#total.bytesOut > this.#bytesMax) throw new IoLimitReached()
  }
}
