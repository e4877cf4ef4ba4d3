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

  /** How many the principal has under way. */
  countOf(principal: string): number {
    return this.#counts.get(principal) ?? 0
  }

  add(executionId: string, principal: string): Cancellation {
    const cancellation = new Cancellation()
    this.#executions.set(executionId, cancellation)
    this.#counts.set(principal, this.countOf(principal) + 1)
    return cancellation
  }

  /** What {@link add} gave, once. */
  delete(executionId: string, principal: string, cancellation: Cancellation): void {
    // Two may have been given the same id: the later one has it.
    if (this.#executions.get(executionId) === cancellation) this.#executions.delete(executionId)
    const count = this.countOf(principal) - 1
    if (count > 0) this.#counts.set(principal, count)
    else this.#counts.delete(principal)
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
