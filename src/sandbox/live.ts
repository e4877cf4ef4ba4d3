/** How an execution is ended from outside. An AbortSignal would do, and costs 5 us for each execution. */
export class Cancellation {
  #isAsked = false
  #end: (() => void) | undefined

  get isAsked(): boolean {
    return this.#isAsked
  }

  /** What ends it from now on; done at once if that was asked already. */
  endBy(end: () => void): void {
    if (this.#isAsked) end()
    else this.#end = end
  }

  ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    this.#end?.()
  }
}

/** The executions that wait or run: whose they are, and what ends them. */
export class Live {
  readonly #executions = new Map<string, Cancellation>()
  readonly #counts = new Map<string, number>()

  /** How many a principal, or who shares something, has under way. */
  countOf(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Counts it for each of `names`. */
  add(executionId: string, names: readonly string[]): Cancellation {
    const cancellation = new Cancellation()
    this.#executions.set(executionId, cancellation)
    for (const name of names) this.#counts.set(name, this.countOf(name) + 1)
    return cancellation
  }

  /** What {@link add} gave, once. */
  delete(executionId: string, names: readonly string[], cancellation: Cancellation): void {
    // Two may have been given the same id: the later one has it.
    if (this.#executions.get(executionId) === cancellation) this.#executions.delete(executionId)
    for (const name of names) {
      const count = this.countOf(name) - 1
      if (count > 0) this.#counts.set(name, count)
      else this.#counts.delete(name)
    }
  }

  /** Ends an execution; whether there was one. */
  cancel(executionId: string): boolean {
    const cancellation = this.#executions.get(executionId)
    cancellation?.ask()
    return cancellation !== undefined
  }

  cancelAll(): void {
    for (const cancellation of this.#executions.values()) cancellation.ask()
  }
}
