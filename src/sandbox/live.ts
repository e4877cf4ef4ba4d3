/** How an execution is ended from outside. An AbortSignal would do, and costs 5 us for each execution. */
export class Cancellation {
  readonly executionId: string
  #isAsked = false
  #end: (() => void) | undefined

  constructor(executionId: string) {
    this.executionId = executionId
  }

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
  /** The later one last. Not by their ids: as a key of a map V8 keeps a text once and for all, which takes a microsecond for each execution. */
  readonly #executions = new Set<Cancellation>()
  readonly #counts = new Map<string, number>()

  /** How many a principal, or who shares something, has under way. */
  countOf(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Counts it for each of `names`. */
  add(executionId: string, names: readonly string[]): Cancellation {
    const cancellation = new Cancellation(executionId)
    this.#executions.add(cancellation)
    for (const name of names) this.#counts.set(name, this.countOf(name) + 1)
    return cancellation
  }

  /** What {@link add} gave, once. */
  delete(cancellation: Cancellation, names: readonly string[]): void {
    this.#executions.delete(cancellation)
    for (const name of names) {
      const count = this.countOf(name) - 1
      if (count > 0) this.#counts.set(name, count)
      else this.#counts.delete(name)
    }
  }

  /** Ends an execution, the later one of two that were given the same id; whether there was one. */
  cancel(executionId: string): boolean {
    const cancellation = [...this.#executions].findLast((one) => one.executionId === executionId)
    cancellation?.ask()
    return cancellation !== undefined
  }

  cancelAll(): void {
    for (const cancellation of this.#executions) cancellation.ask()
  }
}
