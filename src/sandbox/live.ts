/** The executions that wait or run: whose they are, and what ends them. */
export class Live {
  readonly #executions = new Map<string, { readonly principal: string; readonly controller: AbortController }>()
  readonly #counts = new Map<string, number>()

  /** How many the principal has under way. */
  countOf(principal: string): number {
    return this.#counts.get(principal) ?? 0
  }

  add(executionId: string, principal: string, controller: AbortController): void {
    this.#executions.set(executionId, { principal, controller })
    this.#counts.set(principal, this.countOf(principal) + 1)
  }

  delete(executionId: string): void {
    const execution = this.#executions.get(executionId)
    if (!execution) return
    this.#executions.delete(executionId)
    const count = this.countOf(execution.principal) - 1
    if (count > 0) this.#counts.set(execution.principal, count)
    else this.#counts.delete(execution.principal)
  }

  /** Ends an execution; whether there was one. */
  abort(executionId: string): boolean {
    const execution = this.#executions.get(executionId)
    execution?.controller.abort()
    return execution !== undefined
  }

  abortAll(): void {
    for (const { controller } of this.#executions.values()) controller.abort()
  }
}
